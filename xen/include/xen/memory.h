/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of common/memory share. */
#ifndef XEN_MEMORY_H
#define XEN_MEMORY_H

#include <xen/sched.h>
#include <public/memory.h>

/*
 * The frames behind a resource (XENMEM_acquire_resource): fills mfn[0..nr). 0 or -errno; the
 * supplier takes one reference on each frame, which the mapping takes over.
 */
int gnttab_acquire_resource(struct domain *d, unsigned int id, unsigned long frame, unsigned int nr,
                            mfn_t mfn[]);
unsigned int gnttab_resource_max_frames(struct domain *d, unsigned int id);
/* The frame for XENMAPSPACE_grant_table; grows the table as needed. */
int gnttab_map_frame(struct domain *d, unsigned long idx, mfn_t *mfn);

/* Gives up the RAM behind one guest frame (decrease_reservation; replaced by another mapping). */
int guest_remove_page(struct domain *d, unsigned long gfn);
long memory_add_to_physmap(unsigned long arg);
long memory_add_to_physmap_batch(unsigned long arg, unsigned long *progress);
long memory_remove_from_physmap(unsigned long arg);
long memory_acquire_resource(unsigned long arg, unsigned long *progress);

/* Claims: memory promised to a domain being built. 0, -ENOMEM, -EINVAL. */
int domain_set_outstanding_pages(struct domain *d, unsigned long pages);
/* May @d allocate @nr more frames, given what others were promised? */
bool claims_allow(const struct domain *d, unsigned long nr);

/* Returns every page of a dying domain: 0 or -ERESTART. */
int domain_relinquish_pages(struct domain *d);
/* Replaces what XENMEM_memory_map tells the domain; takes over @e (from xmalloc). */
int domain_set_memory_map(struct domain *d, struct xen_e820_entry *e, unsigned int n);
/* A domain the caller may change the memory of: itself or, for a control domain, any. ERR_PTR else.
 */
struct domain *memory_target_domain(domid_t id);

#endif
