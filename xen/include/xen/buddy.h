/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The buddy allocator over the frame table: chunks of 2^order frames, aligned to their size, one
 * set of lists per NUMA node. Pure: no lock, no access to the frames themselves. A chunk is dirty
 * when any of its frames may hold old data.
 */
#ifndef XEN_BUDDY_H
#define XEN_BUDDY_H

#include <xen/mm.h>

#define MAX_NUMNODES 64
#define BUDDY_NONE   (~0UL)

struct buddy_heap {
    struct page_info *frames;                /* [frame number] */
    bool (*frame_exists)(unsigned long mfn); /* is there an entry in frames[]? */
    unsigned long nr_free[MAX_NUMNODES];
    unsigned long nr_free_total;
    struct list_head free[MAX_NUMNODES][MAX_ORDER + 1];
};

void buddy_init(struct buddy_heap *h, struct page_info *frames,
                bool (*frame_exists)(unsigned long));
/* The chunk is not free now, all of it exists and lies on @node. */
void buddy_free(struct buddy_heap *h, unsigned long mfn, unsigned int order, unsigned int node,
                bool dirty);
/* First frame of a chunk that ends at or below @limit, or BUDDY_NONE. */
unsigned long buddy_alloc(struct buddy_heap *h, unsigned int order, unsigned int node,
                          unsigned long limit, bool *dirty);
/* Takes exactly these frames out if all are free; false: nothing changed. */
bool buddy_reserve(struct buddy_heap *h, unsigned long mfn, unsigned long nr);

#endif
