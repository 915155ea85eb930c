/* SPDX-License-Identifier: MIT */
/* hypfs_op: the hypervisor's own small file tree of parameters and build facts. */
#ifndef CRATON_PUBLIC_HYPFS_H
#define CRATON_PUBLIC_HYPFS_H

#include "xen.h"

#define XEN_HYPFS_VERSION     1
#define XEN_HYPFS_MAX_PATHLEN 1024
#define XEN_HYPFS_TYPE_DIR    0
#define XEN_HYPFS_TYPE_BLOB   1
#define XEN_HYPFS_TYPE_STRING 2
#define XEN_HYPFS_TYPE_UINT   3
#define XEN_HYPFS_TYPE_INT    4
#define XEN_HYPFS_TYPE_BOOL   5
#define XEN_HYPFS_ENC_PLAIN   0
#define XEN_HYPFS_ENC_GZIP    1

struct xen_hypfs_direntry {
    uint8_t type;
    uint8_t encoding;
    uint16_t pad;
    uint32_t content_len;
    uint32_t max_write_len;
};
typedef struct xen_hypfs_direntry xen_hypfs_direntry_t;

struct xen_hypfs_dirlistentry {
    xen_hypfs_direntry_t e;
    uint16_t off_next;
    char name[XEN_FLEX_ARRAY_DIM];
};

#define XEN_HYPFS_OP_get_version    0
#define XEN_HYPFS_OP_read           1
#define XEN_HYPFS_OP_write_contents 2

/* Sizes are part of the interface. */
_Static_assert(sizeof(struct xen_hypfs_direntry) == 12, "xen_hypfs_direntry");
_Static_assert(sizeof(struct xen_hypfs_dirlistentry) == 16, "xen_hypfs_dirlistentry");

#endif /* CRATON_PUBLIC_HYPFS_H */
