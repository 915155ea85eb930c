/* SPDX-License-Identifier: GPL-2.0-only */
/* The end of domains: xenstored's @releaseDomain says that some domain stopped or went; which one
 * and how is asked from the hypervisor. */
#include <libxl_utils.h>
#include <stdlib.h>
#include <xenctrl.h>
#include <xenstore.h>

#include "event/internal.h"
#include "util/ctx.h"
#include "util/mem.h"

#define WATCH_PATH  "@releaseDomain"
#define WATCH_TOKEN "libxl-death"

/* Compares what each generator waits for with what is. Under the lock. */
void events_check_deaths(struct libxl__event_state *e)
{
    for (libxl_evgen_domain_death *d = e->deaths; d; d = d->next) {
        xc_domaininfo_t info;
        bool gone;
        libxl_event *v;

        if (d->told_death)
            continue;
        gone = xc_domain_getinfo_single(e->ctx->xch, d->domid, &info) ||
               memcmp(info.handle, d->uuid.uuid, sizeof(d->uuid.uuid));
        if (gone || info.flags & XEN_DOMINF_dying) {
            d->told_death = true;
            v = events_new(LIBXL_EVENT_TYPE_DOMAIN_DEATH, d->domid, d->user);
        } else if (info.flags & XEN_DOMINF_shutdown && !d->told_shutdown) {
            d->told_shutdown = true;
            v = events_new(LIBXL_EVENT_TYPE_DOMAIN_SHUTDOWN, d->domid, d->user);
            v->u.domain_shutdown.shutdown_reason =
                info.flags >> XEN_DOMINF_shutdownshift & XEN_DOMINF_shutdownmask;
        } else {
            continue;
        }
        v->domuuid = d->uuid;
        events_add(e, v);
    }
}

int libxl_evenable_domain_death(libxl_ctx *ctx, uint32_t domid, libxl_ev_user user,
                                libxl_evgen_domain_death **evgen_out)
{
    struct libxl__event_state *e = ctx->events;
    struct xs_handle *xsh = libxl__xs(ctx);
    libxl_evgen_domain_death *d;
    xc_domaininfo_t info;

    if (!xsh)
        return ERROR_FAIL;
    if (xc_domain_getinfo_single(ctx->xch, domid, &info)) {
        LOG(ctx, ERROR, "there is no domain %u", domid);
        return ERROR_DOMAIN_NOTFOUND;
    }
    d = libxl__alloc(sizeof(*d));
    d->domid = domid;
    d->user = user;
    memcpy(d->uuid.uuid, info.handle, sizeof(d->uuid.uuid));
    pthread_mutex_lock(&ctx->lock);
    if (!e->watching && !xs_watch(xsh, WATCH_PATH, WATCH_TOKEN)) {
        LOGE(ctx, ERROR, "cannot watch for the end of domains");
        pthread_mutex_unlock(&ctx->lock);
        free(d);
        return ERROR_FAIL;
    }
    e->watching = true;
    d->next = e->deaths;
    e->deaths = d;
    events_check_deaths(e); /* it may have stopped already */
    pthread_mutex_unlock(&ctx->lock);
    *evgen_out = d;
    return 0;
}

void libxl_evdisable_domain_death(libxl_ctx *ctx, libxl_evgen_domain_death *evgen)
{
    struct libxl__event_state *e = ctx->events;

    pthread_mutex_lock(&ctx->lock);
    for (libxl_evgen_domain_death **p = &e->deaths; *p; p = &(*p)->next) {
        if (*p == evgen) {
            *p = evgen->next;
            free(evgen);
            break;
        }
    }
    if (!e->deaths && e->watching) {
        xs_unwatch(ctx->xsh, WATCH_PATH, WATCH_TOKEN);
        e->watching = false;
    }
    pthread_mutex_unlock(&ctx->lock);
}
