/* SPDX-License-Identifier: GPL-2.0-only */
/* The context: connections to the hypervisor and to xenstore, and who hears messages. */
#include "util/ctx.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
#include <xenctrl.h>
#include <xenstore.h>

#include "event/state.h"
#include "util/mem.h"

xentoollog_logger *libxl__ctx_logger(libxl_ctx *ctx)
{
    return ctx->logger;
}

int libxl_ctx_alloc(libxl_ctx **pctx, int version, unsigned int flags, xentoollog_logger *lg)
{
    pthread_mutexattr_t attr;
    libxl_ctx *ctx;

    *pctx = NULL;
    if (version != LIBXL_VERSION)
        return ERROR_VERSION;
    ctx = libxl__alloc(sizeof(*ctx));
    ctx->logger = lg;
    pthread_mutexattr_init(&attr);
    pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&ctx->lock, &attr);
    pthread_mutexattr_destroy(&attr);
    ctx->xch = xc_interface_open(lg, lg, 0);
    if (!ctx->xch) {
        LOGE(ctx, ERROR, "cannot open the hypervisor (is this a Xen control domain?)");
        libxl_ctx_free(ctx);
        return ERROR_FAIL;
    }
    ctx->events = libxl__events_new(ctx);
    if (!ctx->events) {
        libxl_ctx_free(ctx);
        return ERROR_FAIL;
    }
    *pctx = ctx;
    return 0;
}

int libxl_ctx_free(libxl_ctx *ctx)
{
    if (!ctx)
        return 0;
    libxl__events_free(ctx->events);
    if (ctx->xsh)
        xs_close(ctx->xsh);
    if (ctx->xch)
        xc_interface_close(ctx->xch);
    libxl_version_info_dispose(&ctx->version);
    pthread_mutex_destroy(&ctx->lock);
    free(ctx);
    return 0;
}

struct xs_handle *libxl__xs(libxl_ctx *ctx)
{
    struct xs_handle *xsh;

    pthread_mutex_lock(&ctx->lock);
    if (!ctx->xsh) {
        ctx->xsh = xs_open(0);
        if (!ctx->xsh)
            LOGE(ctx, ERROR, "cannot reach xenstored (is it running?)");
        else
            libxl__events_xs_opened(ctx->events);
    }
    xsh = ctx->xsh;
    pthread_mutex_unlock(&ctx->lock);
    return xsh;
}

void libxl_postfork_child_noexec(libxl_ctx *ctx)
{
    ctx->dead = true;
    if (ctx->xsh)
        close(xs_fileno(ctx->xsh));
}
