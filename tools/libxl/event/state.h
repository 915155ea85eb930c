/* SPDX-License-Identifier: GPL-2.0-only */
/* Events of a context: the queue, domain death watches, asynchronous operations. */
#ifndef LIBXL_EVENT_STATE_H
#define LIBXL_EVENT_STATE_H

#include <libxl.h>

struct libxl__event_state;

struct libxl__event_state *libxl__events_new(libxl_ctx *ctx);
/* Waits for running operations. NULL is fine. */
void libxl__events_free(struct libxl__event_state *events);
/* The context's xenstore connection came to life: from now on its descriptor matters. */
void libxl__events_xs_opened(struct libxl__event_state *events);

/*
 * Runs op(ctx, arg): here if how is NULL, giving its result; otherwise on a worker thread, giving
 * 0, and its end is told as how says. done(arg), which may be NULL, frees arg in either case.
 */
int libxl__async(libxl_ctx *ctx, const libxl_asyncop_how *how, int (*op)(libxl_ctx *ctx, void *arg),
                 void (*done)(void *arg), void *arg);
/* Tells of progress; how may be NULL. The event's type and domid are given. From any thread. */
void libxl__progress(libxl_ctx *ctx, const libxl_asyncprogress_how *how, libxl_event_type type,
                     uint32_t domid);

#endif
