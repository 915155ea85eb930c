/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events and asynchronous operations. Workers put what ended onto lists and wake the application
 * through an eventfd; only the application's threads, inside libxl_event_* and libxl_osevent_*,
 * take from the lists, call callbacks and read xenstore watches.
 */
#include <errno.h>
#include <libxl_event.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <xenstore.h>

#include "event/internal.h"
#include "util/ctx.h"
#include "util/mem.h"

/* ---- life ---- */

struct libxl__event_state *libxl__events_new(libxl_ctx *ctx)
{
    struct libxl__event_state *e = libxl__alloc(sizeof(*e));

    e->ctx = ctx;
    e->os_wake.fd = e->os_xs.fd = -1;
    pthread_cond_init(&e->idle, NULL);
    e->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (e->wake < 0) {
        LOGE(ctx, ERROR, "cannot make an event descriptor");
        free(e);
        return NULL;
    }
    return e;
}

static void os_remove(struct libxl__event_state *e, struct registration *r)
{
    if (r->fd >= 0)
        e->os->fd_deregister(e->os_user, r->fd, r->app);
    r->fd = -1;
}

void libxl__events_free(struct libxl__event_state *e)
{
    if (!e)
        return;
    pthread_mutex_lock(&e->ctx->lock);
    while (e->workers)
        pthread_cond_wait(&e->idle, &e->ctx->lock);
    os_remove(e, &e->os_wake);
    os_remove(e, &e->os_xs);
    while (e->deaths)
        libxl_evdisable_domain_death(e->ctx, e->deaths);
    pthread_mutex_unlock(&e->ctx->lock);
    for (libxl_event *v = e->first, *next; v; v = next) {
        next = v->link.next;
        libxl_event_free(e->ctx, v);
    }
    for (struct pending *p = e->pending_first, *next; p; p = next) {
        next = p->next;
        libxl_event_free(e->ctx, p->event);
        free(p);
    }
    close(e->wake);
    pthread_cond_destroy(&e->idle);
    free(e);
}

static void os_add(struct libxl__event_state *e, struct registration *r, int fd)
{
    if (!e->os || r->fd >= 0)
        return;
    if (e->os->fd_register(e->os_user, fd, &r->app, POLLIN, r))
        LOG(e->ctx, ERROR, "the application refuses to watch a descriptor");
    else
        r->fd = fd;
}

void libxl__events_xs_opened(struct libxl__event_state *e)
{
    if (e)
        os_add(e, &e->os_xs, xs_fileno(e->ctx->xsh));
}

void libxl_osevent_register_hooks(libxl_ctx *ctx, const libxl_osevent_hooks *hooks, void *user)
{
    struct libxl__event_state *e = ctx->events;

    pthread_mutex_lock(&ctx->lock);
    e->os = hooks;
    e->os_user = user;
    os_add(e, &e->os_wake, e->wake);
    if (ctx->xsh)
        libxl__events_xs_opened(e);
    pthread_mutex_unlock(&ctx->lock);
}

void libxl_event_register_callbacks(libxl_ctx *ctx, const libxl_event_hooks *hooks, void *user)
{
    pthread_mutex_lock(&ctx->lock);
    ctx->events->hooks = hooks;
    ctx->events->hooks_user = user;
    pthread_mutex_unlock(&ctx->lock);
}

/* ---- producing: under the lock ---- */

static void wake(struct libxl__event_state *e)
{
    uint64_t one = 1;

    if (write(e->wake, &one, sizeof(one)) < 0 && errno != EAGAIN)
        LOGE(e->ctx, ERROR, "cannot wake the application");
}

void events_add_pending(struct libxl__event_state *e, struct pending what)
{
    struct pending *p = libxl__alloc(sizeof(*p));

    *p = what;
    if (e->pending_last)
        e->pending_last->next = p;
    else
        e->pending_first = p;
    e->pending_last = p;
    wake(e);
}

void events_add(struct libxl__event_state *e, libxl_event *v)
{
    v->link.next = NULL;
    if (e->last)
        e->last->link.next = v;
    else
        e->first = v;
    e->last = v;
    wake(e);
}

libxl_event *events_new(libxl_event_type type, uint32_t domid, libxl_ev_user user)
{
    libxl_event *v = libxl__alloc(sizeof(*v));

    libxl_event_init(v);
    libxl_event_init_type(v, type);
    v->domid = domid;
    v->for_user = user;
    return v;
}

void libxl_event_free(libxl_ctx *ctx, libxl_event *event)
{
    if (!event)
        return;
    libxl_event_dispose(event);
    free(event);
}

/* ---- consuming: callbacks are called without the lock ---- */

static void run_pending(libxl_ctx *ctx)
{
    struct libxl__event_state *e = ctx->events;

    for (;;) {
        struct pending *p;

        pthread_mutex_lock(&ctx->lock);
        p = e->pending_first;
        if (p) {
            e->pending_first = p->next;
            if (!p->next)
                e->pending_last = NULL;
        }
        pthread_mutex_unlock(&ctx->lock);
        if (!p)
            return;
        if (p->progress)
            p->progress(ctx, p->event, p->user);
        else
            p->callback(ctx, p->rc, p->user);
        free(p);
    }
}

static libxl_event *take(struct libxl__event_state *e, uint64_t mask,
                         libxl_event_predicate *predicate, void *user)
{
    libxl_event *before = NULL;

    for (libxl_event *v = e->first; v; before = v, v = v->link.next) {
        if (!(mask & UINT64_C(1) << v->type) || (predicate && !predicate(v, user)))
            continue;
        if (before)
            before->link.next = v->link.next;
        else
            e->first = v->link.next;
        if (e->last == v)
            e->last = before;
        v->link.next = NULL;
        return v;
    }
    return NULL;
}

static void run_hooks(libxl_ctx *ctx)
{
    struct libxl__event_state *e = ctx->events;

    for (;;) {
        libxl_event *v = NULL;

        pthread_mutex_lock(&ctx->lock);
        if (e->hooks && e->hooks->event_occurs)
            v = take(e, e->hooks->event_occurs_mask, NULL, NULL);
        pthread_mutex_unlock(&ctx->lock);
        if (!v)
            return;
        e->hooks->event_occurs(e->hooks_user, v);
    }
}

/* Takes in whatever the descriptors have. */
static void process(libxl_ctx *ctx)
{
    struct libxl__event_state *e = ctx->events;
    bool fired = false;
    uint64_t count;
    char **event;

    while (read(e->wake, &count, sizeof(count)) > 0)
        ;
    pthread_mutex_lock(&ctx->lock);
    while (ctx->xsh && e->watching && (event = xs_check_watch(ctx->xsh))) {
        fired = true;
        free(event);
    }
    if (fired)
        events_check_deaths(e);
    pthread_mutex_unlock(&ctx->lock);
    run_pending(ctx);
    run_hooks(ctx);
}

/* ---- the application's loop ---- */

int libxl_event_check(libxl_ctx *ctx, libxl_event **event_r, uint64_t typemask,
                      libxl_event_predicate *predicate, void *predicate_user)
{
    process(ctx);
    pthread_mutex_lock(&ctx->lock);
    *event_r = take(ctx->events, typemask, predicate, predicate_user);
    pthread_mutex_unlock(&ctx->lock);
    return *event_r ? 0 : ERROR_NOT_READY;
}

int libxl_event_wait(libxl_ctx *ctx, libxl_event **event_r, uint64_t typemask,
                     libxl_event_predicate *predicate, void *predicate_user)
{
    for (;;) {
        struct pollfd fds[2];
        int n = 2, timeout = -1;
        struct timeval now = {0};
        int rc = libxl_event_check(ctx, event_r, typemask, predicate, predicate_user);

        if (rc != ERROR_NOT_READY)
            return rc;
        libxl_osevent_beforepoll(ctx, &n, fds, &timeout, now);
        if (poll(fds, n, timeout) < 0 && errno != EINTR) {
            LOGE(ctx, ERROR, "cannot wait for events");
            return ERROR_FAIL;
        }
    }
}

int libxl_osevent_beforepoll(libxl_ctx *ctx, int *nfds_io, struct pollfd *fds, int *timeout_upd,
                             struct timeval now)
{
    int room = *nfds_io, need;

    pthread_mutex_lock(&ctx->lock);
    need = ctx->xsh && ctx->events->watching ? 2 : 1;
    if (room >= need) {
        fds[0] = (struct pollfd){.fd = ctx->events->wake, .events = POLLIN};
        if (need == 2)
            fds[1] = (struct pollfd){.fd = xs_fileno(ctx->xsh), .events = POLLIN};
    }
    pthread_mutex_unlock(&ctx->lock);
    *nfds_io = need;
    return room >= need ? 0 : ERROR_BUFFERFULL;
}

void libxl_osevent_afterpoll(libxl_ctx *ctx, int nfds, const struct pollfd *fds, struct timeval now)
{
    process(ctx);
}

void libxl_osevent_occurred_fd(libxl_ctx *ctx, void *for_libxl, int fd, short events, short revents)
{
    process(ctx);
}

void libxl_osevent_occurred_timeout(libxl_ctx *ctx, void *for_libxl)
{
    process(ctx);
}

/* ---- child processes: libxl waits for its own children by number at once ---- */

void libxl_childproc_setmode(libxl_ctx *ctx, const libxl_childproc_hooks *hooks, void *user)
{
}

int libxl_childproc_reaped(libxl_ctx *ctx, pid_t pid, int status)
{
    return ERROR_UNKNOWN_CHILD;
}

void libxl_childproc_sigchld_occurred(libxl_ctx *ctx)
{
}
