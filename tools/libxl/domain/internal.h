/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of domain/ share. */
#ifndef LIBXL_DOMAIN_INTERNAL_H
#define LIBXL_DOMAIN_INTERNAL_H

#include <libxl_utils.h>

#include "util/ctx.h"

/* Fills defaults into a configuration and checks it; each fault is logged and counted in *faults,
 * the first one's text put into *first (malloc). */
int libxl__config_defaults(libxl_ctx *ctx, libxl_domain_config *c, char **first);

/* Removes devices, xenstore nodes and notes of a domain number; the domain may be gone. */
int libxl__remove_traces(libxl_ctx *ctx, uint32_t domid);
/* Is there anything of this number in xenstore? */
bool libxl__has_traces(libxl_ctx *ctx, uint32_t domid);

/* 0 or ERROR_DOMAIN_NOTFOUND, logged. */
int libxl__must_exist(libxl_ctx *ctx, uint32_t domid);
/* The domain's UUID; false: no such domain. */
bool libxl__domid_uuid(libxl_ctx *ctx, uint32_t domid, libxl_uuid *uuid);
/* Notes of a domain number whose UUID is not known any more. */
void libxl__userdata_remove_all(libxl_ctx *ctx, uint32_t domid);

#endif
