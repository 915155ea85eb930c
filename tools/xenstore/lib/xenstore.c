/* SPDX-License-Identifier: GPL-2.0-only */
/* The operations of libxenstore: each builds one request and unpacks its reply. */
#include "connection.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STRING(text)             \
    {                            \
        (text), strlen(text) + 1 \
    }

/* -- where the daemon is -- */

static const char *run_path(const char *name, char *buf, size_t size)
{
    snprintf(buf, size, "%s/%s", xs_daemon_rundir(), name);
    return buf;
}

const char *xs_daemon_rundir(void)
{
    const char *dir = getenv("XENSTORED_RUNDIR");

    return dir ? dir : "/run/xenstored";
}

const char *xs_daemon_socket(void)
{
    static __thread char path[4096];

    return run_path("socket", path, sizeof(path));
}

const char *xs_daemon_socket_ro(void)
{
    return xs_daemon_socket(); /* there is one socket only, for root */
}

struct xs_handle *xs_daemon_open(void)
{
    return xs_open(0);
}

struct xs_handle *xs_domain_open(void)
{
    return xs_open(0);
}

struct xs_handle *xs_daemon_open_readonly(void)
{
    return xs_open(0);
}

void xs_daemon_close(struct xs_handle *h)
{
    xs_close(h);
}

/* -- nodes -- */

/* Strings in a row to an array of pointers, in one block of memory. */
static char **unpack_strings(const char *strings, size_t len, unsigned int *num)
{
    unsigned int count = 0;
    char **out, *copy;

    for (size_t i = 0; i < len; i++)
        count += strings[i] == '\0';
    out = malloc((count + 1) * sizeof(char *) + len + 1);
    if (!out)
        return NULL;
    copy = memcpy(out + count + 1, strings, len);
    copy[len] = '\0';
    for (unsigned int i = 0; i < count; i++) {
        out[i] = copy;
        copy += strlen(copy) + 1;
    }
    out[count] = NULL;
    *num = count;
    return out;
}

/* A growing list of names with their NULs. */
struct names {
    char *data;
    size_t len;
    char generation[32];
};

/* Asks for the next part of a long list: 1 more to come, 0 complete, -1 error, -2 list changed. */
static int directory_part(struct xs_handle *h, xs_transaction_t t, const char *path,
                          struct names *names)
{
    char offset[24];
    struct part parts[] = {STRING(path), {offset, 0}};
    unsigned int len;
    char *reply, *list, *bigger;
    size_t gen_len;

    parts[1].len = (size_t)snprintf(offset, sizeof(offset), "%zu", names->len) + 1;
    reply = xsi_request(h, XS_DIRECTORY_PART, t, parts, 2, &len);
    if (!reply)
        return -1;
    gen_len = strlen(reply) + 1;
    if (gen_len > sizeof(names->generation) || gen_len > len) {
        free(reply);
        errno = EIO;
        return -1;
    }
    if (names->len && strcmp(names->generation, reply)) {
        free(reply);
        return -2;
    }
    memcpy(names->generation, reply, gen_len);
    list = reply + gen_len;
    len -= (unsigned int)gen_len;
    bigger = realloc(names->data, names->len + len + 1);
    if (!bigger) {
        free(reply);
        return -1;
    }
    names->data = bigger;
    memcpy(names->data + names->len, list, len);
    names->len += len;
    free(reply);
    /* The end is marked by an empty name. */
    if (len && names->data[names->len - 1] == '\0' &&
        (names->len == 1 || names->data[names->len - 2] == '\0')) {
        names->len--;
        return 0;
    }
    return 1;
}

static char **directory_in_parts(struct xs_handle *h, xs_transaction_t t, const char *path,
                                 unsigned int *num)
{
    struct names names = {0};
    char **out = NULL;
    int status;

    while ((status = directory_part(h, t, path, &names)) != 0) {
        if (status == -1)
            break;
        if (status == -2)
            names.len = 0; /* changed meanwhile: from the beginning */
    }
    if (!status)
        out = unpack_strings(names.data, names.len, num);
    free(names.data);
    return out;
}

char **xs_directory(struct xs_handle *h, xs_transaction_t t, const char *path, unsigned int *num)
{
    unsigned int len;
    char *reply = xsi_request_string(h, XS_DIRECTORY, t, path, &len);
    char **out;

    if (!reply)
        return errno == E2BIG ? directory_in_parts(h, t, path, num) : NULL;
    out = unpack_strings(reply, len, num);
    free(reply);
    return out;
}

void *xs_read(struct xs_handle *h, xs_transaction_t t, const char *path, unsigned int *len)
{
    return xsi_request_string(h, XS_READ, t, path, len);
}

bool xs_write(struct xs_handle *h, xs_transaction_t t, const char *path, const void *data,
              unsigned int len)
{
    struct part parts[] = {STRING(path), {data, len}};

    return xsi_request_ok(h, XS_WRITE, t, parts, 2);
}

bool xs_mkdir(struct xs_handle *h, xs_transaction_t t, const char *path)
{
    struct part part = STRING(path);

    return xsi_request_ok(h, XS_MKDIR, t, &part, 1);
}

bool xs_rm(struct xs_handle *h, xs_transaction_t t, const char *path)
{
    struct part part = STRING(path);

    return xsi_request_ok(h, XS_RM, t, &part, 1);
}

/* -- permissions -- */

static const char perm_letters[] = "nrwb"; /* index: XS_PERM_READ | XS_PERM_WRITE */

bool xs_strings_to_perms(struct xs_permissions *perms, unsigned int num, const char *strings)
{
    for (unsigned int i = 0; i < num; i++, strings += strlen(strings) + 1) {
        const char *letter = strings[0] ? strchr(perm_letters, strings[0]) : NULL;
        char *end;
        unsigned long id = letter ? strtoul(strings + 1, &end, 10) : 0;

        if (!letter || strings[1] < '0' || strings[1] > '9' || *end || id > UINT32_MAX) {
            errno = EINVAL;
            return false;
        }
        perms[i].perms = (unsigned int)(letter - perm_letters);
        perms[i].id = (unsigned int)id;
    }
    return true;
}

bool xs_perm_to_string(const struct xs_permissions *perm, char *buffer, unsigned long size)
{
    int len;

    if (perm->perms > (XS_PERM_READ | XS_PERM_WRITE)) {
        errno = EINVAL;
        return false;
    }
    len = snprintf(buffer, size, "%c%u", perm_letters[perm->perms], perm->id);
    return len > 0 && (unsigned long)len < size;
}

struct xs_permissions *xs_get_permissions(struct xs_handle *h, xs_transaction_t t, const char *path,
                                          unsigned int *num)
{
    struct xs_permissions *perms;
    unsigned int len, count = 0;
    char *reply = xsi_request_string(h, XS_GET_PERMS, t, path, &len);

    if (!reply)
        return NULL;
    for (unsigned int i = 0; i < len; i++)
        count += reply[i] == '\0';
    perms = malloc((count ? count : 1) * sizeof(*perms));
    if (perms && !xs_strings_to_perms(perms, count, reply)) {
        free(perms);
        perms = NULL;
        errno = EIO;
    }
    free(reply);
    *num = count;
    return perms;
}

bool xs_set_permissions(struct xs_handle *h, xs_transaction_t t, const char *path,
                        struct xs_permissions *perms, unsigned int num_perms)
{
    char *text = malloc(num_perms * 16 + 1);
    struct part parts[] = {STRING(path), {text, 0}};
    bool ok = text;

    for (unsigned int i = 0; ok && i < num_perms; i++) {
        ok = xs_perm_to_string(&perms[i], text + parts[1].len, 16);
        if (ok)
            parts[1].len += strlen(text + parts[1].len) + 1;
    }
    ok = ok && xsi_request_ok(h, XS_SET_PERMS, t, parts, 2);
    free(text);
    return ok;
}

/* -- watches -- */

bool xs_watch(struct xs_handle *h, const char *path, const char *token)
{
    struct part parts[] = {STRING(path), STRING(token)};

    if (!xsi_request_ok(h, XS_WATCH, XBT_NULL, parts, 2))
        return false;
    xsi_keep_watch(h, path, token, -1);
    return true;
}

bool xs_watch_depth(struct xs_handle *h, const char *path, const char *token, unsigned int depth)
{
    char text[16];
    struct part parts[] = {STRING(path), STRING(token), {text, 0}};

    parts[2].len = (size_t)snprintf(text, sizeof(text), "%u", depth) + 1;
    if (!xsi_request_ok(h, XS_WATCH, XBT_NULL, parts, 3))
        return false;
    xsi_keep_watch(h, path, token, depth);
    return true;
}

bool xs_unwatch(struct xs_handle *h, const char *path, const char *token)
{
    struct part parts[] = {STRING(path), STRING(token)};
    bool ok;

    xsi_forget_watch(h, path, token);
    ok = xsi_request_ok(h, XS_UNWATCH, XBT_NULL, parts, 2);
    if (xsi_flags(h) & XS_UNWATCH_FILTER)
        xsi_filter_events(h, path, token);
    return ok;
}

int xs_fileno(struct xs_handle *h)
{
    return xsi_event_fd(h);
}

char **xs_check_watch(struct xs_handle *h)
{
    return xsi_next_event(h, false);
}

char **xs_read_watch(struct xs_handle *h, unsigned int *num)
{
    char **event = xsi_next_event(h, true);

    if (event && num)
        *num = 2;
    return event;
}

/* -- transactions -- */

xs_transaction_t xs_transaction_start(struct xs_handle *h)
{
    return xsi_transaction_start(h);
}

bool xs_transaction_end(struct xs_handle *h, xs_transaction_t t, bool abort)
{
    struct part part = STRING(abort ? "F" : "T");
    bool ok = xsi_request_ok(h, XS_TRANSACTION_END, t, &part, 1);
    int err = errno;

    xsi_transaction_forget(h, t);
    errno = err;
    return ok;
}

/* -- domains -- */

/* A request whose arguments are @count numbers. */
static char *request_numbers(struct xs_handle *h, uint32_t type, unsigned int count, ...)
{
    char text[3][24];
    struct part parts[3];
    va_list args;

    va_start(args, count);
    for (unsigned int i = 0; i < count; i++) {
        int len = snprintf(text[i], sizeof(text[i]), "%lu", va_arg(args, unsigned long));

        parts[i] = (struct part){text[i], (size_t)len + 1};
    }
    va_end(args);
    return xsi_request(h, type, XBT_NULL, parts, count, NULL);
}

static bool succeeded(char *reply)
{
    bool ok = reply;

    free(reply);
    return ok;
}

bool xs_introduce_domain(struct xs_handle *h, unsigned int domid, unsigned long gfn,
                         unsigned int eventchn)
{
    return succeeded(
        request_numbers(h, XS_INTRODUCE, 3, (unsigned long)domid, gfn, (unsigned long)eventchn));
}

bool xs_set_target(struct xs_handle *h, unsigned int domid, unsigned int target)
{
    return succeeded(
        request_numbers(h, XS_SET_TARGET, 2, (unsigned long)domid, (unsigned long)target));
}

bool xs_resume_domain(struct xs_handle *h, unsigned int domid)
{
    return succeeded(request_numbers(h, XS_RESUME, 1, (unsigned long)domid));
}

bool xs_release_domain(struct xs_handle *h, unsigned int domid)
{
    return succeeded(request_numbers(h, XS_RELEASE, 1, (unsigned long)domid));
}

char *xs_get_domain_path(struct xs_handle *h, unsigned int domid)
{
    return request_numbers(h, XS_GET_DOMAIN_PATH, 1, (unsigned long)domid);
}

bool xs_is_domain_introduced(struct xs_handle *h, unsigned int domid)
{
    char *reply = request_numbers(h, XS_IS_DOMAIN_INTRODUCED, 1, (unsigned long)domid);
    bool known = reply && reply[0] == 'T';

    free(reply);
    return known;
}

bool xs_restrict(struct xs_handle *h, unsigned int domid)
{
    errno = ENOSYS;
    return false;
}

int xs_suspend_evtchn_port(int domid)
{
    struct xs_handle *h = xs_open(0);
    char path[80], *text;
    int port = -1;

    if (!h)
        return -1;
    snprintf(path, sizeof(path), "/local/domain/%d/device/suspend/event-channel", domid);
    text = xs_read(h, XBT_NULL, path, NULL);
    if (text)
        port = atoi(text);
    free(text);
    xs_close(h);
    return port;
}

/* -- control -- */

char *xs_control_command(struct xs_handle *h, const char *cmd, void *data, unsigned int len)
{
    struct part parts[] = {STRING(cmd), {data, len}};

    return xsi_request(h, XS_CONTROL, XBT_NULL, parts, 2, NULL);
}

char *xs_debug_command(struct xs_handle *h, const char *cmd, void *data, unsigned int len)
{
    return xs_control_command(h, cmd, data, len);
}

/* -- helpers -- */

bool xs_path_is_subpath(const char *parent, const char *child)
{
    size_t len = strlen(parent);

    while (len && parent[len - 1] == '/')
        len--;
    return !strncmp(parent, child, len) && (child[len] == '\0' || child[len] == '/');
}

bool xs_write_all(int fd, const void *data, unsigned int len)
{
    const char *at = data;

    while (len) {
        ssize_t done = write(fd, at, len);

        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        at += done;
        len -= (unsigned int)done;
    }
    return true;
}
