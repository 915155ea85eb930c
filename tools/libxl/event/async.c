/* SPDX-License-Identifier: GPL-2.0-only */
/* Asynchronous operations: the same function on a worker thread, and its end as an event or as a
 * callback on one of the application's threads. */
#include <stdlib.h>

#include "event/internal.h"
#include "util/ctx.h"
#include "util/mem.h"

void libxl__progress(libxl_ctx *ctx, const libxl_asyncprogress_how *how, libxl_event_type type,
                     uint32_t domid)
{
    libxl_event *v;

    if (!how)
        return;
    v = events_new(type, domid, how->for_event);
    pthread_mutex_lock(&ctx->lock);
    if (how->callback)
        events_add_pending(
            ctx->events,
            (struct pending){.progress = how->callback, .event = v, .user = how->for_callback});
    else
        events_add(ctx->events, v);
    pthread_mutex_unlock(&ctx->lock);
}

struct worker {
    libxl_ctx *ctx;
    libxl_asyncop_how how;
    int (*op)(libxl_ctx *ctx, void *arg);
    void (*done)(void *arg);
    void *arg;
};

static void *work(void *arg)
{
    struct worker *w = arg;
    struct libxl__event_state *e = w->ctx->events;
    int rc = w->op(w->ctx, w->arg);

    if (w->done)
        w->done(w->arg);
    pthread_mutex_lock(&w->ctx->lock);
    if (w->how.callback) {
        events_add_pending(
            e,
            (struct pending){.callback = w->how.callback, .user = w->how.u.for_callback, .rc = rc});
    } else {
        libxl_event *v =
            events_new(LIBXL_EVENT_TYPE_OPERATION_COMPLETE, INVALID_DOMID, w->how.u.for_event);

        v->u.operation_complete.rc = rc;
        events_add(e, v);
    }
    if (!--e->workers)
        pthread_cond_broadcast(&e->idle);
    pthread_mutex_unlock(&w->ctx->lock);
    free(w);
    return NULL;
}

int libxl__async(libxl_ctx *ctx, const libxl_asyncop_how *how, int (*op)(libxl_ctx *ctx, void *arg),
                 void (*done)(void *arg), void *arg)
{
    struct worker *w;
    pthread_t thread;
    int rc;

    if (!how) {
        rc = op(ctx, arg);
        if (done)
            done(arg);
        return rc;
    }
    w = libxl__alloc(sizeof(*w));
    *w = (struct worker){ctx, *how, op, done, arg};
    pthread_mutex_lock(&ctx->lock);
    rc = pthread_create(&thread, NULL, work, w);
    if (!rc) {
        ctx->events->workers++;
        pthread_detach(thread);
    }
    pthread_mutex_unlock(&ctx->lock);
    if (rc) {
        LOG(ctx, ERROR, "cannot start a thread: %s", strerror(rc));
        if (done)
            done(arg);
        free(w);
        return ERROR_FAIL;
    }
    return 0;
}
