/* SPDX-License-Identifier: GPL-2.0-only */
/* Xenstore by formatted paths; see store.h. */
#include "device/store.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "util/ctx.h"
#include "util/mem.h"

#define PATH(path, fmt)                   \
    char *path;                           \
    do {                                  \
        va_list al_;                      \
        va_start(al_, fmt);               \
        path = libxl__vsprintf(fmt, al_); \
        va_end(al_);                      \
    } while (0)

int store_open(struct store *s, libxl_ctx *ctx)
{
    *s = (struct store){.ctx = ctx, .xsh = libxl__xs(ctx)};
    return s->xsh ? 0 : ERROR_FAIL;
}

void store_close(struct store *s)
{
    free(s->failed_path);
    s->failed_path = NULL;
}

static void failed(struct store *s, const char *path)
{
    if (s->error)
        return;
    s->error = errno ? errno : EIO;
    s->failed_path = libxl__strdup(path);
}

char *store_read(struct store *s, const char *fmt, ...)
{
    unsigned int len;
    char *value = NULL;

    PATH(path, fmt);
    if (!s->error) {
        value = xs_read(s->xsh, s->t, path, &len);
        if (!value && errno != ENOENT)
            failed(s, path);
    }
    free(path);
    return value;
}

int64_t store_read_number(struct store *s, const char *fmt, ...)
{
    int64_t n = -1;
    char *value;

    PATH(path, fmt);
    value = store_read(s, "%s", path);
    if (value) {
        char *end;

        n = strtoll(value, &end, 10);
        if (end == value || *end)
            n = -1;
    }
    free(value);
    free(path);
    return n;
}

bool store_exists(struct store *s, const char *fmt, ...)
{
    char *value;

    PATH(path, fmt);
    value = store_read(s, "%s", path);
    free(path);
    free(value);
    return value != NULL;
}

char **store_list(struct store *s, unsigned int *num, const char *fmt, ...)
{
    char **list = NULL;

    PATH(path, fmt);
    *num = 0;
    if (!s->error) {
        list = xs_directory(s->xsh, s->t, path, num);
        if (!list) {
            *num = 0;
            if (errno != ENOENT)
                failed(s, path);
        }
    }
    free(path);
    return list;
}

void store_write(struct store *s, const char *value, const char *fmt, ...)
{
    PATH(path, fmt);
    if (!s->error && !xs_write(s->xsh, s->t, path, value, strlen(value)))
        failed(s, path);
    free(path);
}

void store_write_number(struct store *s, uint64_t value, const char *fmt, ...)
{
    char text[24];

    PATH(path, fmt);
    snprintf(text, sizeof(text), "%" PRIu64, value);
    store_write(s, text, "%s", path);
    free(path);
}

void store_set_perm(struct store *s, struct store_perm perm, const char *fmt, ...)
{
    struct xs_permissions p[2] = {{.id = perm.owner, .perms = XS_PERM_NONE},
                                  {.id = perm.reader, .perms = XS_PERM_READ}};

    PATH(path, fmt);
    if (!s->error && !xs_set_permissions(s->xsh, s->t, path, p, perm.owner == perm.reader ? 1 : 2))
        failed(s, path);
    free(path);
}

void store_mkdir(struct store *s, struct store_perm perm, const char *fmt, ...)
{
    PATH(path, fmt);
    if (!s->error && !xs_mkdir(s->xsh, s->t, path))
        failed(s, path);
    store_set_perm(s, perm, "%s", path);
    free(path);
}

void store_rm(struct store *s, const char *fmt, ...)
{
    PATH(path, fmt);
    if (!s->error && !xs_rm(s->xsh, s->t, path) && errno != ENOENT)
        failed(s, path);
    free(path);
}

void store_rm_tidy(struct store *s, const char *above, const char *fmt, ...)
{
    PATH(path, fmt);
    for (;;) {
        char *slash, **children;
        unsigned int n;

        store_rm(s, "%s", path);
        slash = strrchr(path, '/');
        if (!slash || s->error)
            break;
        *slash = 0;
        if (strlen(path) <= strlen(above))
            break;
        children = store_list(s, &n, "%s", path);
        free(children);
        if (!children || n)
            break;
    }
    free(path);
}

int store_transaction(libxl_ctx *ctx, int (*body)(struct store *s, void *arg), void *arg,
                      char **why)
{
    struct store s;
    int rc = store_open(&s, ctx);

    if (rc) {
        if (why)
            *why = libxl__strdup("xenstored cannot be reached");
        return rc;
    }
    /* Conflicts are rare; so many in a row mean that something else is wrong. */
    for (int tries = 0; tries < 1000; tries++) {
        s.error = 0;
        s.t = xs_transaction_start(s.xsh);
        if (s.t == XBT_NULL) {
            failed(&s, "start of a transaction");
            break;
        }
        rc = body(&s, arg);
        if (rc || s.error) {
            xs_transaction_end(s.xsh, s.t, true);
            break;
        }
        if (xs_transaction_end(s.xsh, s.t, false)) {
            store_close(&s);
            return 0;
        }
        if (errno != EAGAIN) {
            failed(&s, "end of a transaction");
            break;
        }
    }
    if (s.error && why)
        *why = libxl__sprintf("xenstore, %s: %s", s.failed_path, strerror(s.error));
    else if (!rc && why)
        *why = libxl__strdup("xenstore: too many conflicting transactions");
    store_close(&s);
    return rc ? rc : ERROR_FAIL;
}
