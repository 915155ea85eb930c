/* SPDX-License-Identifier: GPL-2.0-only */
/* Putting frames into guest-physical maps: XENMEM_{add_to,remove_from}_physmap, acquire_resource.
 */
#include <xen/memory.h>
#include <xen/compat_guest.h>
#include <xen/errno.h>
#include <xen/grant_table.h>
#include <xen/guest_access.h>
#include <xen/lib.h>

struct domain *memory_target_domain(domid_t id)
{
    struct domain *d = get_domain_or_self(id);

    if (!d)
        return ERR_PTR(-ESRCH);
    /* A device model may change its guest's memory, but not the other way round. */
    if (d != current->domain && !is_control_domain(current->domain) &&
        current->domain->target != d) {
        put_domain(d);
        return ERR_PTR(-EPERM);
    }
    return d;
}

int guest_remove_page(struct domain *d, unsigned long gfn)
{
    p2m_type_t t;
    mfn_t mfn = p2m_lookup(d, _gfn(gfn), &t, NULL);
    struct page_info *pg;
    int rc;

    if (t == p2m_map_foreign || p2m_is_grant(t) || t == p2m_mmio_direct)
        return t == p2m_map_foreign ? p2m_set_entry(d, _gfn(gfn), INVALID_MFN, 0, p2m_invalid)
                                    : -EINVAL;
    pg = get_page_from_gfn(d, _gfn(gfn), &t);
    if (!pg)
        return -EINVAL;
    rc = guest_physmap_remove_page(d, _gfn(gfn), mfn, 0);
    /* A domain mapped 1:1 keeps its frames: they are the only ones that fit when it wants them
     * back. */
    if (!rc && !d->arch.direct_mapped && !(pg->count_info & PGC_xen_heap))
        put_page_alloc_ref(pg);
    put_page(pg);
    return rc;
}

/* Takes away what is at @gfn, so that something else can go there. RAM there is given up. */
static int vacate(struct domain *d, unsigned long gfn)
{
    p2m_type_t t;
    mfn_t mfn = p2m_lookup(d, _gfn(gfn), &t, NULL);

    if (mfn_eq(mfn, INVALID_MFN))
        return 0;
    /* The control domain sees the machine's address space; it knows where no device is. */
    if (t == p2m_mmio_direct && is_hardware_domain(d))
        return p2m_set_entry(d, _gfn(gfn), INVALID_MFN, 0, p2m_invalid);
    if (p2m_is_grant(t) || t == p2m_mmio_direct)
        return -EBUSY;
    return guest_remove_page(d, gfn);
}

static int map_foreign(struct domain *d, unsigned long fgfn, unsigned long gfn, domid_t foreign)
{
    struct domain *fd;
    struct page_info *pg;
    p2m_type_t t;
    int rc;

    if (!is_control_domain(d) && !(d->target && d->target->domain_id == foreign))
        return -EPERM;
    fd = get_domain_by_id(foreign);
    if (!fd)
        return -ESRCH;
    pg = fd == d ? NULL : get_page_from_gfn(fd, _gfn(fgfn), &t);
    if (!pg || !p2m_is_ram(t)) {
        rc = -EINVAL;
    } else {
        rc = vacate(d, gfn);
        /* The reference goes to the map. */
        if (!rc && !(rc = p2m_set_entry(d, _gfn(gfn), page_to_mfn(pg), 0, p2m_map_foreign)))
            pg = NULL;
    }
    if (pg)
        put_page(pg);
    put_domain(fd);
    return rc;
}

/* Moves the domain's own frame from @idx to @gfn. */
static int move_gfn(struct domain *d, unsigned long idx, unsigned long gfn)
{
    p2m_type_t t;
    struct page_info *pg = get_page_from_gfn(d, _gfn(idx), &t);
    int rc;

    if (!pg)
        return -EINVAL;
    rc = p2m_is_ram(t) ? guest_physmap_remove_page(d, _gfn(idx), page_to_mfn(pg), 0) : -EINVAL;
    if (!rc) {
        rc = vacate(d, gfn);
        if (!rc)
            rc = guest_physmap_add_page(d, _gfn(gfn), page_to_mfn(pg), 0);
        if (rc && guest_physmap_add_page(d, _gfn(idx), page_to_mfn(pg), 0)) /* back where it was */
            domain_crash(d, "frame %#lx lost on its way to %#lx", idx, gfn);
    }
    put_page(pg);
    return rc;
}

static int map_one(struct domain *d, unsigned int space, unsigned long idx, unsigned long gfn,
                   domid_t foreign)
{
    mfn_t mfn;
    int rc = 0;

    switch (space) {
    case XENMAPSPACE_shared_info:
        if (idx)
            return -EINVAL;
        mfn = virt_to_mfn(d->shared_info);
        break;
    case XENMAPSPACE_grant_table:
        rc = gnttab_map_frame(d, idx, &mfn);
        break;
    case XENMAPSPACE_gmfn:
    case XENMAPSPACE_gmfn_range:
        return move_gfn(d, idx, gfn);
    case XENMAPSPACE_gmfn_foreign:
        return map_foreign(d, idx, gfn, foreign);
    case XENMAPSPACE_dev_mmio:
        return -EOPNOTSUPP;
    default:
        return -ENOSYS;
    }
    if (!rc)
        rc = vacate(d, gfn);
    if (!rc)
        rc = guest_physmap_add_page(d, _gfn(gfn), mfn, 0);
    if (!rc && space == XENMAPSPACE_grant_table)
        gnttab_set_frame_gfn(d, idx, gfn);
    return rc;
}

long memory_add_to_physmap(unsigned long arg)
{
    struct xen_add_to_physmap op;
    struct domain *d;
    unsigned int n = 1;
    int rc = 0;

    if (!guest_struct_in(&op, arg, xen_add_to_physmap))
        return -EFAULT;
    if (op.space ==
        XENMAPSPACE_gmfn_foreign) /* only the batch form has room for the other domain */
        return -ENOSYS;
    d = memory_target_domain(op.domid);
    if (IS_ERR(d))
        return PTR_ERR(d);
    if (op.space == XENMAPSPACE_gmfn_range)
        n = op.size;
    while (n && !rc) {
        rc = map_one(d, op.space, op.idx, op.gpfn, DOMID_INVALID);
        op.idx++;
        op.gpfn++;
        if (--n && !rc && hypercall_preempt_check()) {
            op.size = n;
            rc = guest_struct_out(arg, &op, xen_add_to_physmap) ? -ERESTART : -EFAULT;
        }
    }
    put_domain(d);
    return rc;
}

long memory_add_to_physmap_batch(unsigned long arg, unsigned long *progress)
{
    struct xen_add_to_physmap_batch op;
    struct domain *d;
    long rc = 0;

    if (!guest_struct_in(&op, arg, xen_add_to_physmap_batch))
        return -EFAULT;
    if (*progress > op.size)
        return -EILSEQ;
    d = memory_target_domain(op.domid);
    if (IS_ERR(d))
        return PTR_ERR(d);
    for (unsigned long i = *progress; i < op.size && !rc; i++) {
        xen_ulong_t idx;
        xen_pfn_t gpfn;
        int err;

        if (!guest_ulongs_in(&idx, guest_handle_va(op.idxs), i, 1) ||
            !guest_ulongs_in(&gpfn, guest_handle_va(op.gpfns), i, 1)) {
            rc = -EFAULT;
            break;
        }
        err = map_one(d, op.space, idx, gpfn, op.u.foreign_domid);
        if (copy_to_guest_offset(op.errs, i, &err, 1))
            rc = -EFAULT;
        else if (i + 1 < op.size && hypercall_preempt_check()) {
            *progress = i + 1;
            rc = -ERESTART;
        }
    }
    put_domain(d);
    return rc;
}

long memory_remove_from_physmap(unsigned long arg)
{
    struct xen_remove_from_physmap op;
    struct domain *d;
    p2m_type_t t;
    mfn_t mfn;
    int rc;

    if (!guest_struct_in(&op, arg, xen_remove_from_physmap))
        return -EFAULT;
    d = memory_target_domain(op.domid);
    if (IS_ERR(d))
        return PTR_ERR(d);
    mfn = p2m_lookup(d, _gfn(op.gpfn), &t, NULL);
    if (mfn_eq(mfn, INVALID_MFN) || p2m_is_grant(t) || t == p2m_mmio_direct)
        rc = -ENOENT;
    else
        rc = p2m_set_entry(d, _gfn(op.gpfn), INVALID_MFN, 0, p2m_invalid);
    put_domain(d);
    return rc;
}

#define RESOURCE_BATCH 32U

/* Maps one batch of resource frames at the caller's frames. */
static long map_resource(struct domain *cd, const struct xen_mem_acquire_resource *op,
                         unsigned long done, unsigned int n, const mfn_t mfn[])
{
    xen_pfn_t gfn[RESOURCE_BATCH];
    unsigned int i;
    long rc = 0;

    if (!guest_ulongs_in(gfn, guest_handle_va(op->frame_list), done, n))
        rc = -EFAULT;
    for (i = 0; i < n && !rc; i++) {
        rc = vacate(cd, gfn[i]);
        if (!rc)
            rc = p2m_set_entry(cd, _gfn(gfn[i]), mfn[i], 0, p2m_map_foreign);
        if (rc)
            break;
    }
    for (; i < n; i++)
        put_page(mfn_to_page(mfn[i]));
    return rc;
}

long memory_acquire_resource(unsigned long arg, unsigned long *progress)
{
    struct domain *d, *cd = current->domain;
    struct xen_mem_acquire_resource op;
    mfn_t mfn[RESOURCE_BATCH];
    unsigned int max_frames;
    long rc = 0;

    if (!guest_struct_in(&op, arg, xen_mem_acquire_resource))
        return -EFAULT;
    if (op.pad)
        return -EINVAL;
    if (!is_control_domain(cd) && !(cd->target && cd->target->domain_id == op.domid))
        return -EPERM;
    d = get_domain_by_id(op.domid);
    if (!d)
        return -ESRCH;
    max_frames = op.type == XENMEM_resource_grant_table ? gnttab_resource_max_frames(d, op.id) : 0;
    if (!max_frames) {
        rc = op.type == XENMEM_resource_grant_table ? -EINVAL : -EOPNOTSUPP;
    } else if (guest_handle_is_null(op.frame_list)) { /* how many are there? */
        rc = op.nr_frames ? -EINVAL : 0;
        op.nr_frames = max_frames;
        if (!rc && !guest_struct_out(arg, &op, xen_mem_acquire_resource))
            rc = -EFAULT;
    } else {
        for (unsigned long i = *progress; i < op.nr_frames && !rc;) {
            unsigned int n = min((unsigned long)RESOURCE_BATCH, op.nr_frames - i);

            rc = gnttab_acquire_resource(d, op.id, op.frame + i, n, mfn);
            if (!rc)
                rc = map_resource(cd, &op, i, n, mfn);
            i += n;
            if (!rc && i < op.nr_frames && hypercall_preempt_check()) {
                *progress = i;
                rc = -ERESTART;
            }
        }
    }
    put_domain(d);
    return rc;
}
