/* SPDX-License-Identifier: GPL-2.0-only */
/* Records of a saved domain: one row each, in the order in which they are written. */
#ifndef HVM_CONTEXT_H
#define HVM_CONTEXT_H

#include <xen/types.h>

struct vcpu;

struct context_row {
    u16 type;                    /* HVM_SAVE_CODE() */
    u32 min_len, max_len;        /* of what may be loaded */
    u32 (*size)(struct vcpu *v); /* bytes save() will write; 0: nothing to save. NULL: max_len */
    int (*save)(struct vcpu *v, void *buf);
    int (*load)(struct vcpu *v, const void *buf, u32 len); /* 0 or -errno */
};

int context_save_cpu(struct vcpu *v, void *buf);
int context_load_cpu(struct vcpu *v, const void *buf, u32 len);

#endif
