/* SPDX-License-Identifier: GPL-2.0-only */
/* The inside of a libxl_ctx. */
#ifndef LIBXL_UTIL_CTX_H
#define LIBXL_UTIL_CTX_H

#include <libxl.h>
#include <pthread.h>

#include "util/message.h"

struct xc_interface_core;
struct xs_handle;
struct libxl__event_state; /* event/state.h */

struct libxl__ctx {
    xentoollog_logger *logger;
    struct xc_interface_core *xch;
    pthread_mutex_t lock;  /* recursive; protects: xsh while opening, version, events */
    struct xs_handle *xsh; /* NULL until libxl__xs() */
    libxl_version_info version;
    bool have_version;
    bool dead; /* after libxl_postfork_child_noexec */
    struct libxl__event_state *events;
};

/* The connection to xenstore, opened when first needed; NULL after logging why not. */
struct xs_handle *libxl__xs(libxl_ctx *ctx);

#endif
