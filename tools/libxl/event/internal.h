/* SPDX-License-Identifier: GPL-2.0-only */
/* The inside of a context's events: event.c is the queue and the main loop, async.c the workers,
 * death.c the watch for the end of domains. */
#ifndef LIBXL_EVENT_INTERNAL_H
#define LIBXL_EVENT_INTERNAL_H

#include <libxl_event.h>
#include <pthread.h>

#include "event/state.h"

/* A callback that waits for an application's thread. */
struct pending {
    struct pending *next;
    void (*callback)(libxl_ctx *ctx, int rc, void *user);
    void (*progress)(libxl_ctx *ctx, libxl_event *event, void *user);
    libxl_event *event;
    void *user;
    int rc;
};

struct libxl__evgen_domain_death {
    struct libxl__evgen_domain_death *next;
    uint32_t domid;
    libxl_uuid uuid; /* a successor with the same number is another domain */
    libxl_ev_user user;
    bool told_shutdown, told_death;
};

struct registration {
    int fd; /* -1: not registered */
    void *app;
};

/* All protected by ctx->lock, except the condition's own use. */
struct libxl__event_state {
    libxl_ctx *ctx;
    int wake; /* eventfd */
    libxl_event *first, *last;
    struct pending *pending_first, *pending_last;
    struct libxl__evgen_domain_death *deaths;
    bool watching;
    int workers; /* threads that run */
    pthread_cond_t idle;
    const libxl_event_hooks *hooks;
    void *hooks_user;
    const libxl_osevent_hooks *os;
    void *os_user;
    struct registration os_wake, os_xs;
};

/* All with the context's lock held. */
void events_add(struct libxl__event_state *e, libxl_event *v);
void events_add_pending(struct libxl__event_state *e, struct pending what);
void events_check_deaths(struct libxl__event_state *e);

libxl_event *events_new(libxl_event_type type, uint32_t domid, libxl_ev_user user);

#endif
