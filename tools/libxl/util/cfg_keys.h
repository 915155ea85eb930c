/* SPDX-License-Identifier: GPL-2.0-only */
/* xl.cfg's keys: what each means, as a table that both directions use. */
#ifndef LIBXL_UTIL_CFG_KEYS_H
#define LIBXL_UTIL_CFG_KEYS_H

#include "util/cfg.h"

typedef void cfg_get(libxl_cfg *cfg, const libxl_cfg_node *n, libxl_domain_config *c);
typedef void cfg_put(libxl_cfg *cfg, const char *key, const libxl_domain_config *c);

struct cfg_key {
    const char *key, *type, *doc;
    const char *path; /* of the field, if it is one */
    int64_t unit;     /* the field is in this many times smaller units (0: the same) */
    cfg_get *get;     /* otherwise: what reads it ... */
    cfg_put *put;     /* ... and writes it; NULL: another key says the same */
};

extern const struct cfg_key cfg_keys[]; /* ends with key NULL */

/* A copy of the node; a number written as a string, or a truth value, becomes a number. */
libxl_cfg_node cfg_as_number(const libxl_cfg_node *n);
/* Writes a list of strings, if there are any. */
void cfg_put_strings(libxl_cfg *cfg, const char *key, char *const *list);

/* ---- keys of devices and CPU features: cfg_devices.c ---- */

cfg_get cfg_get_disks, cfg_get_nics, cfg_get_pci, cfg_get_cpuid;
cfg_put cfg_put_disks, cfg_put_nics, cfg_put_pci, cfg_put_cpuid;

#endif
