/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside of a configuration tree; the interface is libxl_cfg.h. */
#ifndef LIBXL_UTIL_CFG_H
#define LIBXL_UTIL_CFG_H

#include <libxl_cfg.h>

struct cfg_block; /* of the arena */

struct libxl_cfg {
    const char *file;
    libxl_cfg_node *root;
    struct cfg_block *blocks;
    libxl_cfg_fault_info *faults;
    int nr_faults, room;
};

/* Path of a node: "disk[1].vdev", in the arena. */
const char *libxl__cfg_path(libxl_cfg *cfg, const libxl_cfg_node *node);
/* "a string", "a list" ...: for messages. */
const char *libxl__cfg_kind_name(libxl_cfg_kind kind);
/* The word nearest to key among names (NULL-terminated), or NULL if none is near. */
const char *libxl__nearest(const char *key, const char *const *names);

#endif
