/* SPDX-License-Identifier: GPL-2.0-only */
/* Messages to the context's logger. */
#include "util/message.h"

#include <stdarg.h>

static __thread char last_error[1024];

void libxl__log(libxl_ctx *ctx, xentoollog_level level, int errnoval, const char *fmt, ...)
{
    va_list al;

    va_start(al, fmt);
    if (level >= XTL_ERROR) {
        va_list copy;
        int len;

        va_copy(copy, al);
        len = vsnprintf(last_error, sizeof(last_error), fmt, copy);
        va_end(copy);
        if (errnoval >= 0 && len >= 0 && (size_t)len < sizeof(last_error))
            snprintf(last_error + len, sizeof(last_error) - len, ": %s", strerror(errnoval));
    }
    if (ctx && libxl__ctx_logger(ctx))
        xtl_logv(libxl__ctx_logger(ctx), level, errnoval, "libxl", fmt, al);
    va_end(al);
}

const char *libxl_ctx_last_error(libxl_ctx *ctx)
{
    return last_error;
}
