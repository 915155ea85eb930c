/* SPDX-License-Identifier: GPL-2.0-only */
/* What the pure parts of libxl need from the rest of it: no context, no host. */
#include <libxl_utils.h>

#include "util/message.h"

xentoollog_logger *libxl__ctx_logger(libxl_ctx *ctx)
{
    return NULL;
}

int libxl_cpu_bitmap_alloc(libxl_ctx *ctx, libxl_bitmap *cpumap, int max_cpus)
{
    return ERROR_FAIL;
}

int libxl_node_to_cpumap(libxl_ctx *ctx, int node, libxl_bitmap *cpumap)
{
    return ERROR_FAIL;
}
