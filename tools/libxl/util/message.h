/* SPDX-License-Identifier: GPL-2.0-only */
/* Messages to the context's logger. The last error of a thread can be asked for. */
#ifndef LIBXL_UTIL_MESSAGE_H
#define LIBXL_UTIL_MESSAGE_H

#include <errno.h>
#include <libxl.h>

/* errnoval -1: none. Goes to the logger; errors are remembered for libxl_ctx_last_error(). */
void libxl__log(libxl_ctx *ctx, xentoollog_level level, int errnoval, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

#define LOG(ctx, level, ...)  libxl__log(ctx, XTL_##level, -1, __VA_ARGS__)
#define LOGE(ctx, level, ...) libxl__log(ctx, XTL_##level, errno, __VA_ARGS__)

/* The logger of a context; defined by ctx.c, and by unit tests. */
xentoollog_logger *libxl__ctx_logger(libxl_ctx *ctx);

#endif
