/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Grant tables from the inside. The shared frames hold what the granting guest says; the guest may
 * change them at any time. What the hypervisor relies on is in the active entries: copied once,
 * while the entry is marked as in use.
 *
 * Locks: grant_table.lock of the granting domain for active entries, frames and version;
 * grant_table.maptrack_lock of the mapping domain for its handles. Never both, and neither while
 * guest memory is accessed or the guest-physical map is changed.
 */
#ifndef GRANT_INTERNAL_H
#define GRANT_INTERNAL_H

#include <xen/grant_table.h>
#include <xen/lib.h>
#include <xen/sched.h>

#define V1_PER_FRAME       (PAGE_SIZE / sizeof(struct grant_entry_v1))
#define V2_PER_FRAME       (PAGE_SIZE / sizeof(union grant_entry_v2))
#define STATUS_PER_FRAME   (PAGE_SIZE / sizeof(grant_status_t))
#define MAPTRACK_PER_FRAME 256U

/* A reference somebody uses now. All zero: nobody. */
struct active_entry {
    u32 readers, writers; /* mappings and copies in progress */
    domid_t domid;        /* who uses it */
    u16 start, length;    /* the part of the page that is granted */
    bool transitive;      /* it stands for a reference of a third domain */
    bool read_only;       /* the granting domain itself may not write to the page */
    union {
        struct page_info *page; /* alive: every user holds a reference */
        struct {
            domid_t domid;
            grant_ref_t ref;
        } trans;
    };
};

/* A mapping that this domain holds; its index is the handle. */
struct maptrack {
    struct domain *rd;      /* who granted; with a reference */
    struct page_info *page; /* with a reference */
    unsigned long gfn;      /* where it is mapped; of a free one: the next free handle */
    grant_ref_t ref;
    u16 flags; /* GNTMAP_*; 0: free */
    bool busy; /* being mapped or unmapped by one vCPU */
};

struct grant_table {
    spinlock_t lock;
    unsigned int version, max_version;
    unsigned int nr_frames, max_frames;
    unsigned int nr_status_frames;
    unsigned int nr_active; /* references in use */
    void **shared;          /* frames shared with the guest */
    grant_status_t **status;
    unsigned long *shared_gfn, *status_gfn; /* where the guest last placed them */
    struct active_entry **active;           /* V1_PER_FRAME for each frame */

    spinlock_t maptrack_lock;
    unsigned int nr_maptrack_frames, max_maptrack_frames;
    struct maptrack **maptrack;
    u32 free_handle;
    u32 release_next; /* progress of gnttab_release_mappings() */
};

#define NO_HANDLE (~0U)

/* What a pin yields. */
struct grant_pin {
    struct page_info *page; /* with a reference; NULL: a transitive grant */
    u16 start, length;
    domid_t trans_domid;
    grant_ref_t trans_ref;
};

#define PIN_write 1U
#define PIN_copy  2U /* parts of pages and transitive grants will do */

/* --- table.c --- */
unsigned int gnttab_nr_entries(const struct grant_table *gt);
static inline unsigned int status_frames_for(unsigned int frames)
{
    return DIV_ROUND_UP(frames * V2_PER_FRAME, STATUS_PER_FRAME);
}
/* lock held; 0, -EINVAL beyond the limit, -ENOMEM */
int gnttab_grow(struct domain *d, unsigned int nr_frames);
/* 0, -EINVAL, -EBUSY, -ENOMEM, -ERANGE, -ENOSYS */
int gnttab_change_version(struct domain *d, unsigned int version);
static inline struct active_entry *active_entry(const struct grant_table *gt, grant_ref_t ref)
{
    return &gt->active[ref / V1_PER_FRAME][ref % V1_PER_FRAME];
}
static inline struct grant_entry_v1 *entry_v1(const struct grant_table *gt, grant_ref_t ref)
{
    return (struct grant_entry_v1 *)gt->shared[ref / V1_PER_FRAME] + ref % V1_PER_FRAME;
}
static inline union grant_entry_v2 *entry_v2(const struct grant_table *gt, grant_ref_t ref)
{
    return (union grant_entry_v2 *)gt->shared[ref / V2_PER_FRAME] + ref % V2_PER_FRAME;
}
static inline grant_status_t *entry_status(const struct grant_table *gt, grant_ref_t ref)
{
    return &gt->status[ref / STATUS_PER_FRAME][ref % STATUS_PER_FRAME];
}

/* --- entry.c --- */
/* Marks @rd's @ref as used by @user and takes a page reference. GNTST_*. @flags: PIN_*. */
s16 grant_pin(struct domain *rd, grant_ref_t ref, domid_t user, unsigned int flags,
              struct grant_pin *pin);
/* Undoes it, but for the page reference. */
void grant_unpin(struct domain *rd, grant_ref_t ref, bool write);
s16 grant_swap(struct domain *d, grant_ref_t a, grant_ref_t b);

/* --- maptrack.c --- */
/* A handle, busy; NO_HANDLE when the limit is reached. */
u32 maptrack_get(struct grant_table *gt);
void maptrack_put(struct grant_table *gt, u32 handle);
struct maptrack *maptrack_entry(const struct grant_table *gt, u32 handle);
/* The mapping behind a guest's handle, now busy; NULL: there is none, or another vCPU is at it. */
struct maptrack *maptrack_claim(struct grant_table *gt, u32 handle);
void maptrack_unclaim(struct grant_table *gt, struct maptrack *mt);
unsigned int maptrack_nr(const struct grant_table *gt);

/* --- map.c, copy.c: batches of up to GRANT_BATCH elements --- */
#define GRANT_BATCH 16U
void gnttab_map_grant_ref(void *ops, unsigned int n);
void gnttab_unmap_grant_ref(void *ops, unsigned int n);
void gnttab_unmap_and_replace(void *ops, unsigned int n);
void gnttab_copy(void *ops, unsigned int n);

#endif
