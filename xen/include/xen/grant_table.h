/* SPDX-License-Identifier: GPL-2.0-only */
/* Grant tables: one domain lets another use its pages. */
#ifndef XEN_GRANT_TABLE_H
#define XEN_GRANT_TABLE_H

#include <xen/types.h>
#include <public/xen.h>

struct domain;

/*
 * Limits in frames; 0 or negative: the hypervisor's default, which is also the most. @opts:
 * XEN_DOMCTL_GRANT_version(), 0: any. 0, -EINVAL, -ENOMEM.
 */
int grant_table_init(struct domain *d, s32 max_grant_frames, s32 max_maptrack_frames, u32 opts);
void grant_table_destroy(struct domain *d);
/* Undoes every mapping that a dying @d holds of others' grants: 0 or -ERESTART. */
int gnttab_release_mappings(struct domain *d);
/* Notes where the guest placed frame @idx (as in XENMAPSPACE_grant_table). */
void gnttab_set_frame_gfn(struct domain *d, unsigned long idx, unsigned long gfn);
/* The table's size and what is in use, to the log. */
void gnttab_dump(struct domain *d);

#endif
