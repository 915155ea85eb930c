/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A domain's grant table: its frames, how they grow, how they reach the guest and the toolstack,
 * and the change of version.
 */
#include "internal.h"
#include <xen/errno.h>
#include <xen/memory.h>
#include <xen/param.h>

static unsigned int opt_max_frames = 64;
integer_param("gnttab_max_frames", opt_max_frames);
static unsigned int opt_max_maptrack_frames = 1024;
integer_param("gnttab_max_maptrack_frames", opt_max_maptrack_frames);

unsigned int gnttab_nr_entries(const struct grant_table *gt)
{
    return gt->nr_frames * (gt->version == 1 ? V1_PER_FRAME : V2_PER_FRAME);
}

/* --- frames --- */

static void *new_shared_frame(struct domain *d)
{
    void *va = alloc_xenheap_page();

    if (va)
        share_xen_page_with_guest(virt_to_page(va), d);
    return va;
}

static int grow_status(struct domain *d, unsigned int nr)
{
    struct grant_table *gt = d->grant_table;

    for (; gt->nr_status_frames < nr; gt->nr_status_frames++) {
        gt->status[gt->nr_status_frames] = new_shared_frame(d);
        if (!gt->status[gt->nr_status_frames])
            return -ENOMEM;
        gt->status_gfn[gt->nr_status_frames] = gfn_x(INVALID_GFN);
    }
    return 0;
}

static int add_frame(struct domain *d)
{
    struct grant_table *gt = d->grant_table;
    unsigned int i = gt->nr_frames;

    /* Left over from a failure of the next step, perhaps. */
    if (!gt->active[i])
        gt->active[i] = xzalloc_array(struct active_entry, V1_PER_FRAME);
    if (!gt->active[i])
        return -ENOMEM;
    gt->shared[i] = new_shared_frame(d);
    if (!gt->shared[i])
        return -ENOMEM;
    gt->shared_gfn[i] = gfn_x(INVALID_GFN);
    gt->nr_frames++;
    return 0;
}

int gnttab_grow(struct domain *d, unsigned int nr_frames)
{
    struct grant_table *gt = d->grant_table;
    int rc = 0;

    if (nr_frames > gt->max_frames) {
        gprintk(XENLOG_INFO, "d%u wants %u grant frames, limit %u\n", d->domain_id, nr_frames,
                gt->max_frames);
        return -EINVAL;
    }
    if (d->is_dying)
        return -EINVAL;
    if (gt->version == 2)
        rc = grow_status(d, status_frames_for(nr_frames));
    while (!rc && gt->nr_frames < nr_frames)
        rc = add_frame(d);
    return rc;
}

/* --- life --- */

int grant_table_init(struct domain *d, s32 max_grant_frames, s32 max_maptrack_frames, u32 opts)
{
    unsigned int frames = max_grant_frames > 0 ? (u32)max_grant_frames : opt_max_frames;
    unsigned int maptrack =
        max_maptrack_frames > 0 ? (u32)max_maptrack_frames : opt_max_maptrack_frames;
    unsigned int version = opts & XEN_DOMCTL_GRANT_version_mask ?: 2;
    struct grant_table *gt;

    if (!frames || frames > opt_max_frames || maptrack > opt_max_maptrack_frames || version > 2)
        return -EINVAL;
    gt = xzalloc(struct grant_table);
    if (!gt)
        return -ENOMEM;
    d->grant_table = gt;
    spin_lock_init(&gt->lock);
    gt->lock.order = LOCK_GRANT;
    spin_lock_init(&gt->maptrack_lock);
    gt->maptrack_lock.order = LOCK_GRANT;
    gt->version = 1;
    gt->max_version = version;
    gt->max_frames = frames;
    gt->max_maptrack_frames = maptrack;
    gt->free_handle = NO_HANDLE;
    gt->shared = xzalloc_array(void *, frames);
    gt->shared_gfn = xzalloc_array(unsigned long, frames);
    gt->active = xzalloc_array(struct active_entry *, frames);
    gt->status = xzalloc_array(grant_status_t *, status_frames_for(frames));
    gt->status_gfn = xzalloc_array(unsigned long, status_frames_for(frames));
    gt->maptrack = xzalloc_array(struct maptrack *, maptrack ?: 1);
    if (!gt->shared || !gt->shared_gfn || !gt->active || !gt->status || !gt->status_gfn ||
        !gt->maptrack || add_frame(d)) {
        grant_table_destroy(d);
        return -ENOMEM;
    }
    return 0;
}

void grant_table_destroy(struct domain *d)
{
    struct grant_table *gt = d->grant_table;

    if (!gt)
        return;
    for (unsigned int i = 0; i < gt->nr_frames; i++)
        unshare_xen_page_with_guest(virt_to_page(gt->shared[i]));
    for (unsigned int i = 0; i < gt->nr_status_frames; i++)
        unshare_xen_page_with_guest(virt_to_page(gt->status[i]));
    for (unsigned int i = 0; gt->active && i < gt->max_frames; i++)
        xfree(gt->active[i]);
    for (unsigned int i = 0; i < gt->nr_maptrack_frames; i++)
        xfree(gt->maptrack[i]);
    xfree(gt->shared);
    xfree(gt->shared_gfn);
    xfree(gt->active);
    xfree(gt->status);
    xfree(gt->status_gfn);
    xfree(gt->maptrack);
    XFREE(d->grant_table);
}

/* --- to the guest and the toolstack --- */

/* Frame @idx of either kind, made if it may exist. lock held. */
static int get_frame(struct domain *d, bool status, unsigned long idx, void **va)
{
    struct grant_table *gt = d->grant_table;
    unsigned long shared = idx;
    int rc;

    if (status) {
        if (gt->version != 2 || idx >= status_frames_for(gt->max_frames))
            return -EINVAL;
        shared = idx * (STATUS_PER_FRAME / V2_PER_FRAME);
    }
    if (shared >= gt->max_frames)
        return -EINVAL;
    if (status ? idx >= gt->nr_status_frames : idx >= gt->nr_frames) {
        rc = gnttab_grow(d, shared + 1);
        if (rc)
            return rc;
    }
    *va = status ? gt->status[idx] : gt->shared[idx];
    return 0;
}

int gnttab_map_frame(struct domain *d, unsigned long idx, mfn_t *mfn)
{
    void *va;
    int rc;

    spin_lock(&d->grant_table->lock);
    rc = get_frame(d, idx & XENMAPIDX_grant_table_status, idx & ~(u64)XENMAPIDX_grant_table_status,
                   &va);
    spin_unlock(&d->grant_table->lock);
    if (!rc)
        *mfn = virt_to_mfn(va);
    return rc;
}

void gnttab_set_frame_gfn(struct domain *d, unsigned long idx, unsigned long gfn)
{
    struct grant_table *gt = d->grant_table;
    bool status = idx & XENMAPIDX_grant_table_status;

    idx &= ~(u64)XENMAPIDX_grant_table_status;
    spin_lock(&gt->lock);
    if (status && idx < gt->nr_status_frames)
        gt->status_gfn[idx] = gfn;
    else if (!status && idx < gt->nr_frames)
        gt->shared_gfn[idx] = gfn;
    spin_unlock(&gt->lock);
}

unsigned int gnttab_resource_max_frames(struct domain *d, unsigned int id)
{
    switch (id) {
    case XENMEM_resource_grant_table_id_shared:
        return d->grant_table->max_frames;
    case XENMEM_resource_grant_table_id_status:
        return status_frames_for(d->grant_table->max_frames);
    default:
        return 0;
    }
}

int gnttab_acquire_resource(struct domain *d, unsigned int id, unsigned long frame, unsigned int nr,
                            mfn_t mfn[])
{
    struct grant_table *gt = d->grant_table;
    bool status = id == XENMEM_resource_grant_table_id_status;
    unsigned int i;
    int rc = 0;

    if (id != XENMEM_resource_grant_table_id_shared && !status)
        return -EINVAL;
    if (!nr)
        return 0;
    if (frame + nr < frame)
        return -EINVAL;
    spin_lock(&gt->lock);
    for (i = 0; i < nr && !rc; i++) {
        void *va;

        rc = get_frame(d, status, frame + i, &va);
        if (!rc && !get_page(virt_to_page(va), d))
            rc = -EINVAL;
        if (rc)
            break;
        mfn[i] = virt_to_mfn(va);
    }
    spin_unlock(&gt->lock);
    if (rc)
        while (i--)
            put_page(mfn_to_page(mfn[i]));
    return rc;
}

/* --- version --- */

/* The reserved entries outlive the change: the toolstack made them. */
static int read_reserved(const struct grant_table *gt, struct grant_entry_v1 e[])
{
    for (unsigned int i = 0; i < GNTTAB_NR_RESERVED_ENTRIES; i++) {
        const union grant_entry_v2 *v2 = entry_v2(gt, i);
        u64 frame;

        if (gt->version == 1) {
            e[i] = *entry_v1(gt, i);
            continue;
        }
        e[i].flags = ACCESS_ONCE(v2->hdr.flags);
        e[i].domid = ACCESS_ONCE(v2->hdr.domid);
        frame = ACCESS_ONCE(v2->full_page.frame);
        if ((e[i].flags & GTF_type_mask) == GTF_permit_access) {
            if ((e[i].flags & GTF_sub_page) || frame != (u32)frame)
                return -ERANGE; /* version 1 cannot say that */
        } else if ((e[i].flags & GTF_type_mask) != GTF_invalid) {
            return -EINVAL;
        }
        e[i].frame = frame;
    }
    return 0;
}

static void write_reserved(const struct grant_table *gt, const struct grant_entry_v1 e[])
{
    for (unsigned int i = 0; i < GNTTAB_NR_RESERVED_ENTRIES; i++) {
        if ((e[i].flags & GTF_type_mask) != GTF_permit_access)
            continue;
        if (gt->version == 1) {
            *entry_v1(gt, i) = e[i];
            continue;
        }
        entry_v2(gt, i)->full_page.frame = e[i].frame;
        entry_v2(gt, i)->hdr.domid = e[i].domid;
        entry_v2(gt, i)->hdr.flags = e[i].flags;
    }
}

/*
 * Status frames stay when a guest goes back to version 1: it may still have them mapped, and they
 * are needed again when it comes back.
 */
static int switch_version(struct domain *d, unsigned int version)
{
    struct grant_entry_v1 reserved[GNTTAB_NR_RESERVED_ENTRIES];
    struct grant_table *gt = d->grant_table;
    int rc;

    if (gt->nr_active)
        return -EBUSY;
    rc = read_reserved(gt, reserved);
    if (!rc && version == 2)
        rc = grow_status(d, status_frames_for(gt->nr_frames));
    if (rc)
        return rc;
    for (unsigned int i = 0; i < gt->nr_frames; i++)
        memset(gt->shared[i], 0, PAGE_SIZE);
    for (unsigned int i = 0; i < gt->nr_status_frames; i++)
        memset(gt->status[i], 0, PAGE_SIZE);
    gt->version = version;
    write_reserved(gt, reserved);
    return 0;
}

int gnttab_change_version(struct domain *d, unsigned int version)
{
    struct grant_table *gt = d->grant_table;
    int rc = 0;

    if (version != 1 && version != 2)
        return -EINVAL;
    if (version > gt->max_version)
        return -ENOSYS;
    spin_lock(&gt->lock);
    if (gt->version != version)
        rc = switch_version(d, version);
    spin_unlock(&gt->lock);
    return rc;
}

void gnttab_dump(struct domain *d)
{
    struct grant_table *gt = d->grant_table;
    unsigned int shown = 0;

    if (!gt)
        return;
    spin_lock(&gt->lock);
    printk("d%u: grant table v%u, %u of %u frames, %u maptrack frames (limit %u), %u in use\n",
           d->domain_id, gt->version, gt->nr_frames, gt->max_frames, gt->nr_maptrack_frames,
           gt->max_maptrack_frames, gt->nr_active);
    for (grant_ref_t ref = 0; ref < gnttab_nr_entries(gt) && shown < 32; ref++) {
        const struct active_entry *act = active_entry(gt, ref);

        if (!act->readers && !act->writers)
            continue;
        shown++;
        if (act->transitive)
            printk("  %u: d%u, %u readers, %u writers, stands for d%u's %u\n", ref, act->domid,
                   act->readers, act->writers, act->trans.domid, act->trans.ref);
        else
            printk("  %u: d%u, %u readers, %u writers, frame %#lx\n", ref, act->domid, act->readers,
                   act->writers, mfn_x(page_to_mfn(act->page)));
    }
    spin_unlock(&gt->lock);
}
