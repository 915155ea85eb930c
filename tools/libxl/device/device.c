/* SPDX-License-Identifier: GPL-2.0-only */
/* Devices in xenstore: what all kinds share. */
#include "device/device.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "util/message.h"
#include "util/mem.h"

static char *backend_path(const struct device_id *d)
{
    return libxl__sprintf("/local/domain/%d/backend/%s/%u/%d", BACKEND_DOMID, d->kind, d->domid,
                          d->id);
}

/* The console's front end has a place of its own. */
static char *frontend_path(const struct device_id *d)
{
    if (!strcmp(d->kind, "console") && !d->id)
        return libxl__sprintf("/local/domain/%u/console", d->domid);
    return libxl__sprintf("/local/domain/%u/device/%s/%d", d->domid, d->kind, d->id);
}

static char *libxl_path(const struct device_id *d)
{
    return libxl__sprintf("/libxl/%u/device/%s/%d", d->domid, d->kind, d->id);
}

void device_backend_write(struct store *s, const struct device_id *d, const char *key,
                          const char *value)
{
    char *path = backend_path(d);

    store_write(s, value, "%s/%s", path, key);
    free(path);
}

void device_frontend_write(struct store *s, const struct device_id *d, const char *key,
                           const char *value)
{
    char *path = frontend_path(d);

    store_write(s, value, "%s/%s", path, key);
    free(path);
}

void device_begin(struct store *s, const struct device_id *d)
{
    char *back = backend_path(d), *front = frontend_path(d), *own = libxl_path(d);
    bool console = !strcmp(d->kind, "console");
    const char *const places[] = {back, own};
    char number[16];

    store_mkdir(s, (struct store_perm){BACKEND_DOMID, d->domid}, "%s", back);
    store_mkdir(s, (struct store_perm){0, 0}, "%s", own);
    /* A guest writes to its front ends, except to the console that others set up for it. */
    store_mkdir(s, console ? (struct store_perm){0, d->domid} : (struct store_perm){d->domid, 0},
                "%s", front);
    snprintf(number, sizeof(number), "%u", d->domid);
    for (int i = 0; i < 2; i++) {
        store_write(s, front, "%s/frontend", places[i]);
        store_write(s, number, "%s/frontend-id", places[i]);
        store_write(s, "1", "%s/online", places[i]);
        store_write(s, "1", "%s/state", places[i]);
    }
    store_write(s, back, "%s/backend", own);
    store_write(s, back, "%s/backend", front);
    store_write_number(s, BACKEND_DOMID, "%s/backend-id", front);
    if (!console)
        store_write(s, "1", "%s/state", front);
    free(back);
    free(front);
    free(own);
}

/* ---- waiting ---- */

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t backend_state(libxl_ctx *ctx, const char *back)
{
    struct store s;
    int64_t state = -1;

    if (!store_open(&s, ctx)) {
        state = store_read_number(&s, "%s/state", back);
        store_close(&s);
    }
    return state;
}

/* The message a back end left below its domain's error folder. */
static char *backend_error(libxl_ctx *ctx, const struct device_id *d)
{
    struct store s;
    char *text = NULL;

    if (!store_open(&s, ctx)) {
        text = store_read(&s, "/local/domain/%d/error/backend/%s/%u/%d/error", BACKEND_DOMID,
                          d->kind, d->domid, d->id);
        if (!text)
            text = store_read(&s, "/local/domain/%d/backend/%s/%u/%d/hotplug-error", BACKEND_DOMID,
                              d->kind, d->domid, d->id);
        store_close(&s);
    }
    return text;
}

/* Asks every few milliseconds: watches would arrive at the application's connection. A missing back
 * end (-1) counts as closed. */
int device_wait(libxl_ctx *ctx, const struct device_id *d, int from, int to, char **why)
{
    char *back = backend_path(d);
    int64_t end = now_ms() + BACKEND_TIMEOUT * 1000, state;
    int pause = 2;

    for (;;) {
        state = backend_state(ctx, back);
        if (state < 0)
            state = BUS_CLOSED;
        if ((state >= from && state <= to) || now_ms() >= end)
            break;
        if (state > to && state >= BUS_CLOSING)
            break;
        poll(NULL, 0, pause);
        pause = pause < 100 ? pause * 2 : 100;
    }
    free(back);
    if (state >= from && state <= to)
        return 0;
    if (why) {
        char *said = backend_error(ctx, d);

        *why = said ? said
                    : libxl__sprintf("the back end of %s %d stays in state %d for %d s (is its "
                                     "driver loaded?)",
                                     d->kind, d->id, (int)state, BACKEND_TIMEOUT);
    }
    return ERROR_TIMEDOUT;
}

/* ---- removal ---- */

static void detach_loop(const char *path)
{
    int fd;

    if (!path || strncmp(path, "/dev/loop", 9))
        return;
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    ioctl(fd, LOOP_CLR_FD, 0);
    close(fd);
}

struct removal {
    const struct device_id *d;
    bool keep_frontend; /* the guest closes it */
    bool exists;
};

static int announce_body(struct store *s, void *arg)
{
    struct removal *r = arg;
    char *back = backend_path(r->d), *front = frontend_path(r->d);

    r->exists = store_exists(s, "%s/state", back);
    if (r->exists) {
        store_write(s, "0", "%s/online", back);
        store_write_number(s, BUS_CLOSING, "%s/state", back);
    }
    if (!r->keep_frontend)
        store_rm(s, "%s", front);
    free(back);
    free(front);
    return 0;
}

static int erase_body(struct store *s, void *arg)
{
    const struct device_id *d = arg;
    char *back = backend_path(d), *front = frontend_path(d), *own = libxl_path(d);
    char *above = libxl__sprintf("/local/domain/%d/backend", BACKEND_DOMID);
    char *own_above = libxl__sprintf("/libxl/%u", d->domid);

    store_rm_tidy(s, above, "%s", back);
    store_rm(s, "%s", front);
    store_rm_tidy(s, own_above, "%s", own);
    free(back);
    free(front);
    free(own);
    free(above);
    free(own_above);
    return 0;
}

int device_remove(libxl_ctx *ctx, const struct device_id *d, bool orderly)
{
    struct removal r = {d, orderly, false};
    bool console = !strcmp(d->kind, "console");
    char *why = NULL, *loop = NULL;
    struct store s;
    int rc;

    if (!store_open(&s, ctx)) {
        loop = store_read(&s, "/libxl/%u/device/%s/%d/loop", d->domid, d->kind, d->id);
        store_close(&s);
    }
    rc = store_transaction(ctx, announce_body, &r, &why);
    /* No kernel driver is behind a console. */
    if (!rc && r.exists && !console) {
        rc = device_wait(ctx, d, BUS_CLOSED, BUS_CLOSED, &why);
        if (rc) {
            LOG(ctx, WARN, "%s %d of domain %u: %s; removing it by force", d->kind, d->id, d->domid,
                why ? why : "no answer");
            free(why);
            why = NULL;
        }
    }
    rc = store_transaction(ctx, erase_body, (void *)d, &why);
    if (rc)
        LOG(ctx, ERROR, "cannot remove %s %d of domain %u: %s", d->kind, d->id, d->domid,
            why ? why : "unknown");
    else
        detach_loop(loop);
    free(loop);
    free(why);
    return rc;
}

int device_remove_all(libxl_ctx *ctx, uint32_t domid)
{
    unsigned int nr_kinds, nr_ids;
    char **kinds, **ids;
    struct store s;
    int rc = store_open(&s, ctx);

    if (rc)
        return rc;
    kinds = store_list(&s, &nr_kinds, "/libxl/%u/device", domid);
    for (unsigned int k = 0; k < nr_kinds; k++) {
        ids = store_list(&s, &nr_ids, "/libxl/%u/device/%s", domid, kinds[k]);
        for (unsigned int i = 0; i < nr_ids; i++) {
            struct device_id d = {kinds[k], domid, atoi(ids[i])};
            int one = device_remove(ctx, &d, false);

            rc = rc ? rc : one;
        }
        free(ids);
    }
    free(kinds);
    if (!rc && s.error)
        rc = ERROR_FAIL;
    store_close(&s);
    return rc;
}
