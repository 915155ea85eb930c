/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory of a domain: limits, populating and giving back, what lies where, contents of pages. */
#include <sys/mman.h>

#include "xc_private.h"

/* Extents per hypercall: bounds the locked copy of the list to 64 KiB. */
#define EXTENTS_PER_CALL 8192UL
/* memory_op packs the number of extents done into the upper bits of its command. */
#define MAX_EXTENTS (1UL << 40)

int xc_domain_setmaxmem(xc_interface *xch, uint32_t domid, uint64_t max_memkb)
{
    struct xen_domctl op = xc_domctl_of(XEN_DOMCTL_max_mem, domid);

    op.u.max_mem.max_memkb = max_memkb;
    return xc_domctl(xch, &op) < 0 ? -1 : 0;
}

int xc_get_paging_mempool_size(xc_interface *xch, uint32_t domid, uint64_t *size)
{
    struct xen_domctl op = xc_domctl_of(XEN_DOMCTL_get_paging_mempool_size, domid);

    if (xc_domctl(xch, &op) < 0)
        return -1;
    *size = op.u.paging_mempool.size;
    return 0;
}

int xc_set_paging_mempool_size(xc_interface *xch, uint32_t domid, uint64_t size)
{
    struct xen_domctl op = xc_domctl_of(XEN_DOMCTL_set_paging_mempool_size, domid);

    op.u.paging_mempool.size = size;
    return xc_domctl(xch, &op) < 0 ? -1 : 0;
}

int xc_domain_claim_pages(xc_interface *xch, uint32_t domid, unsigned long nr_pages)
{
    struct xen_memory_reservation res = {.nr_extents = nr_pages, .domid = (domid_t)domid};

    return xc_memory_op(xch, XENMEM_claim_pages, &res, sizeof(res)) < 0 ? -1 : 0;
}

/*
 * One of the reservation operations on a list of extents, a part at a time. dir says whether the
 * hypervisor writes frame numbers back.
 */
static long reservation(xc_interface *xch, unsigned int cmd, uint32_t domid, unsigned long nr,
                        unsigned int order, unsigned int mem_flags, xen_pfn_t *extents,
                        enum xc_bounce_dir dir)
{
    unsigned long done = 0;

    if (nr > MAX_EXTENTS) {
        errno = EINVAL;
        return -1;
    }
    while (done < nr) {
        unsigned long part = nr - done < EXTENTS_PER_CALL ? nr - done : EXTENTS_PER_CALL;
        struct xen_memory_reservation res = {
            .nr_extents = part,
            .extent_order = order,
            .mem_flags = mem_flags,
            .domid = (domid_t)domid,
        };
        struct xc_bounce b =
            XC_BOUNCE(extents ? extents + done : NULL, part * sizeof(*extents), dir);
        long rc;

        if (xc_bounce_begin(xch, &b))
            return done ? (long)done : -1;
        set_xen_guest_handle(res.extent_start, b.safe);
        rc = xc_memory_op(xch, cmd, &res, sizeof(res));
        xc_bounce_end(xch, &b, rc >= 0);
        if (rc < 0)
            return done ? (long)done : -1;
        done += (unsigned long)rc;
        if ((unsigned long)rc < part)
            break;
    }
    return (long)done;
}

static int all_of(xc_interface *xch, long done, unsigned long wanted, int err, const char *what,
                  uint32_t domid, unsigned int order)
{
    if (done < 0)
        return -1;
    if ((unsigned long)done == wanted)
        return 0;
    errno = err;
    return xc_failed(xch, "%s %lu extents of order %u for domain %u: only %ld done", what, wanted,
                     order, domid, done);
}

int xc_domain_populate_physmap(xc_interface *xch, uint32_t domid, unsigned long nr_extents,
                               unsigned int extent_order, unsigned int mem_flags,
                               xen_pfn_t *extent_start)
{
    return (int)reservation(xch, XENMEM_populate_physmap, domid, nr_extents, extent_order,
                            mem_flags, extent_start, XC_BOUNCE_BOTH);
}

int xc_domain_populate_physmap_exact(xc_interface *xch, uint32_t domid, unsigned long nr_extents,
                                     unsigned int extent_order, unsigned int mem_flags,
                                     xen_pfn_t *extent_start)
{
    long done = reservation(xch, XENMEM_populate_physmap, domid, nr_extents, extent_order,
                            mem_flags, extent_start, XC_BOUNCE_BOTH);

    return all_of(xch, done, nr_extents, ENOMEM, "populating", domid, extent_order);
}

int xc_domain_increase_reservation(xc_interface *xch, uint32_t domid, unsigned long nr_extents,
                                   unsigned int extent_order, unsigned int mem_flags,
                                   xen_pfn_t *extent_start)
{
    return (int)reservation(xch, XENMEM_increase_reservation, domid, nr_extents, extent_order,
                            mem_flags, extent_start, XC_BOUNCE_OUT);
}

int xc_domain_decrease_reservation(xc_interface *xch, uint32_t domid, unsigned long nr_extents,
                                   unsigned int extent_order, xen_pfn_t *extent_start)
{
    if (!extent_start) {
        errno = EINVAL;
        return -1;
    }
    return (int)reservation(xch, XENMEM_decrease_reservation, domid, nr_extents, extent_order, 0,
                            extent_start, XC_BOUNCE_IN);
}

int xc_domain_decrease_reservation_exact(xc_interface *xch, uint32_t domid,
                                         unsigned long nr_extents, unsigned int extent_order,
                                         xen_pfn_t *extent_start)
{
    long done = xc_domain_decrease_reservation(xch, domid, nr_extents, extent_order, extent_start);

    return all_of(xch, done, nr_extents, EBUSY, "taking back", domid, extent_order);
}

int xc_domain_add_to_physmap(xc_interface *xch, uint32_t domid, unsigned int space,
                             unsigned long idx, xen_pfn_t gpfn)
{
    struct xen_add_to_physmap xatp = {
        .domid = (domid_t)domid,
        .space = space,
        .idx = idx,
        .gpfn = gpfn,
    };

    return xc_memory_op(xch, XENMEM_add_to_physmap, &xatp, sizeof(xatp)) < 0 ? -1 : 0;
}

int xc_domain_add_to_physmap_batch(xc_interface *xch, uint32_t domid, uint32_t foreign_domid,
                                   unsigned int space, unsigned int size, xen_ulong_t *idxs,
                                   xen_pfn_t *gpfns, int *errs)
{
    struct xen_add_to_physmap_batch batch = {
        .domid = (domid_t)domid,
        .space = (uint16_t)space,
        .size = (uint16_t)size,
    };
    struct xc_bounce bi = XC_BOUNCE(idxs, size * sizeof(*idxs), XC_BOUNCE_IN);
    struct xc_bounce bg = XC_BOUNCE(gpfns, size * sizeof(*gpfns), XC_BOUNCE_IN);
    struct xc_bounce be = XC_BOUNCE(errs, size * sizeof(*errs), XC_BOUNCE_OUT);
    long rc = -1;

    if (size > UINT16_MAX) {
        errno = EINVAL;
        return -1;
    }
    if (space == XENMAPSPACE_gmfn_foreign)
        batch.u.foreign_domid = (domid_t)foreign_domid;
    if (xc_bounce_begin(xch, &bi) || xc_bounce_begin(xch, &bg) || xc_bounce_begin(xch, &be))
        goto out;
    set_xen_guest_handle(batch.idxs, bi.safe);
    set_xen_guest_handle(batch.gpfns, bg.safe);
    set_xen_guest_handle(batch.errs, be.safe);
    rc = xc_memory_op(xch, XENMEM_add_to_physmap_batch, &batch, sizeof(batch));
out:
    xc_bounce_end(xch, &be, rc >= 0);
    xc_bounce_end(xch, &bg, false);
    xc_bounce_end(xch, &bi, false);
    return rc < 0 ? -1 : 0;
}

int xc_domain_remove_from_physmap(xc_interface *xch, uint32_t domid, xen_pfn_t gpfn)
{
    struct xen_remove_from_physmap xrfp = {.domid = (domid_t)domid, .gpfn = gpfn};

    return xc_memory_op(xch, XENMEM_remove_from_physmap, &xrfp, sizeof(xrfp)) < 0 ? -1 : 0;
}

int xc_domain_set_memory_map(xc_interface *xch, uint32_t domid, struct e820entry entries[],
                             uint32_t nr_entries)
{
    struct xen_foreign_memory_map fmap = {.domid = (domid_t)domid, .map.nr_entries = nr_entries};
    struct xc_bounce b = XC_BOUNCE(entries, nr_entries * sizeof(entries[0]), XC_BOUNCE_IN);
    long rc;

    if (!entries || !nr_entries) {
        errno = EINVAL;
        return -1;
    }
    if (xc_bounce_begin(xch, &b))
        return -1;
    set_xen_guest_handle(fmap.map.buffer, b.safe);
    rc = xc_memory_op(xch, XENMEM_set_memory_map, &fmap, sizeof(fmap));
    xc_bounce_end(xch, &b, false);
    return rc < 0 ? -1 : 0;
}

int xc_get_machine_memory_map(xc_interface *xch, struct e820entry entries[], uint32_t max_entries)
{
    struct xen_memory_map map = {.nr_entries = max_entries};
    struct xc_bounce b = XC_BOUNCE(entries, max_entries * sizeof(entries[0]), XC_BOUNCE_OUT);
    long rc;

    if (!entries || xc_bounce_begin(xch, &b))
        return -1;
    set_xen_guest_handle(map.buffer, b.safe);
    rc = xc_memory_op(xch, XENMEM_machine_memory_map, &map, sizeof(map));
    xc_bounce_end(xch, &b, rc >= 0);
    return rc < 0 ? -1 : (int)map.nr_entries;
}

int xc_reserved_device_memory_map(xc_interface *xch, uint32_t flags, uint16_t seg, uint8_t bus,
                                  uint8_t devfn, struct xen_reserved_device_memory entries[],
                                  uint32_t *max_entries)
{
    struct xen_reserved_device_memory_map map = {
        .flags = flags,
        .nr_entries = *max_entries,
        .dev.pci = {.seg = seg, .bus = bus, .devfn = devfn},
    };
    struct xc_bounce b = XC_BOUNCE(entries, *max_entries * sizeof(entries[0]), XC_BOUNCE_OUT);
    long rc;

    if (xc_bounce_begin(xch, &b))
        return -1;
    set_xen_guest_handle(map.buffer, b.safe);
    rc = xc_memory_op(xch, XENMEM_reserved_device_memory_map, &map, sizeof(map));
    xc_bounce_end(xch, &b, rc >= 0);
    *max_entries = map.nr_entries;
    return rc < 0 ? -1 : 0;
}

int xc_domain_maximum_gpfn(xc_interface *xch, uint32_t domid, xen_pfn_t *gpfns)
{
    struct xen_memory_domain dom = {.domid = (domid_t)domid};
    long rc = xc_memory_op(xch, XENMEM_maximum_gpfn, &dom, sizeof(dom));

    if (rc < 0)
        return -1;
    *gpfns = (xen_pfn_t)rc;
    return 0;
}

int xc_domain_nr_gpfns(xc_interface *xch, uint32_t domid, xen_pfn_t *gpfns)
{
    if (xc_domain_maximum_gpfn(xch, domid, gpfns))
        return -1;
    (*gpfns)++;
    return 0;
}

long xc_get_tot_pages(xc_interface *xch, uint32_t domid)
{
    xc_domaininfo_t info;

    return xc_domain_getinfo_single(xch, domid, &info) ? -1 : (long)info.tot_pages;
}

static int pod_target(xc_interface *xch, unsigned int cmd, uint32_t domid, uint64_t target_pages,
                      uint64_t *tot_pages, uint64_t *pod_cache_pages, uint64_t *pod_entries)
{
    struct xen_pod_target pod = {.domid = (domid_t)domid, .target_pages = target_pages};

    if (xc_memory_op(xch, cmd, &pod, sizeof(pod)) < 0)
        return -1;
    if (tot_pages)
        *tot_pages = pod.tot_pages;
    if (pod_cache_pages)
        *pod_cache_pages = pod.pod_cache_pages;
    if (pod_entries)
        *pod_entries = pod.pod_entries;
    return 0;
}

int xc_domain_set_pod_target(xc_interface *xch, uint32_t domid, uint64_t target_pages,
                             uint64_t *tot_pages, uint64_t *pod_cache_pages, uint64_t *pod_entries)
{
    return pod_target(xch, XENMEM_set_pod_target, domid, target_pages, tot_pages, pod_cache_pages,
                      pod_entries);
}

int xc_domain_get_pod_target(xc_interface *xch, uint32_t domid, uint64_t *tot_pages,
                             uint64_t *pod_cache_pages, uint64_t *pod_entries)
{
    return pod_target(xch, XENMEM_get_pod_target, domid, 0, tot_pages, pod_cache_pages,
                      pod_entries);
}

int xc_domain_setvnuma(xc_interface *xch, uint32_t domid, uint32_t nr_vnodes, uint32_t nr_regions,
                       uint32_t nr_vcpus, xen_vmemrange_t *vmemrange, unsigned int *vdistance,
                       unsigned int *vcpu_to_vnode, unsigned int *vnode_to_pnode)
{
    struct xen_domctl op = xc_domctl_of(XEN_DOMCTL_setvnumainfo, domid);
    struct xc_bounce br = XC_BOUNCE(vmemrange, nr_regions * sizeof(*vmemrange), XC_BOUNCE_IN);
    struct xc_bounce bd =
        XC_BOUNCE(vdistance, (size_t)nr_vnodes * nr_vnodes * sizeof(*vdistance), XC_BOUNCE_IN);
    struct xc_bounce bc = XC_BOUNCE(vcpu_to_vnode, nr_vcpus * sizeof(*vcpu_to_vnode), XC_BOUNCE_IN);
    struct xc_bounce bp =
        XC_BOUNCE(vnode_to_pnode, nr_vnodes * sizeof(*vnode_to_pnode), XC_BOUNCE_IN);
    int rc = -1;

    if (!nr_vnodes || !vmemrange || !vdistance || !vcpu_to_vnode || !vnode_to_pnode) {
        errno = EINVAL;
        return -1;
    }
    if (xc_bounce_begin(xch, &br) || xc_bounce_begin(xch, &bd) || xc_bounce_begin(xch, &bc) ||
        xc_bounce_begin(xch, &bp))
        goto out;
    op.u.vnuma.nr_vnodes = nr_vnodes;
    op.u.vnuma.nr_vmemranges = nr_regions;
    op.u.vnuma.nr_vcpus = nr_vcpus;
    set_xen_guest_handle(op.u.vnuma.vmemrange, br.safe);
    set_xen_guest_handle(op.u.vnuma.vdistance, bd.safe);
    set_xen_guest_handle(op.u.vnuma.vcpu_to_vnode, bc.safe);
    set_xen_guest_handle(op.u.vnuma.vnode_to_pnode, bp.safe);
    rc = xc_domctl(xch, &op);
out:
    xc_bounce_end(xch, &bp, false);
    xc_bounce_end(xch, &bc, false);
    xc_bounce_end(xch, &bd, false);
    xc_bounce_end(xch, &br, false);
    return rc < 0 ? -1 : 0;
}

int xc_copy_to_domain_page(xc_interface *xch, uint32_t domid, unsigned long dst_pfn,
                           const char *src_page)
{
    xen_pfn_t gfn = dst_pfn;
    void *p = xenforeignmemory_map(xch->fmem, domid, PROT_READ | PROT_WRITE, 1, &gfn, NULL);

    if (!p)
        return xc_failed(xch, "mapping frame 0x%lx of domain %u", dst_pfn, domid);
    memcpy(p, src_page, XC_PAGE_SIZE);
    return xenforeignmemory_unmap(xch->fmem, p, 1);
}

int xc_clear_domain_pages(xc_interface *xch, uint32_t domid, unsigned long dst_pfn, int num)
{
    xen_pfn_t *gfns;
    void *p;
    int i;

    if (num <= 0) {
        errno = EINVAL;
        return -1;
    }
    gfns = calloc((size_t)num, sizeof(*gfns));
    if (!gfns)
        return -1;
    for (i = 0; i < num; i++)
        gfns[i] = dst_pfn + (unsigned long)i;
    p = xenforeignmemory_map(xch->fmem, domid, PROT_READ | PROT_WRITE, (size_t)num, gfns, NULL);
    i = errno;
    free(gfns);
    errno = i;
    if (!p)
        return xc_failed(xch, "mapping frames from 0x%lx of domain %u", dst_pfn, domid);
    memset(p, 0, (size_t)num * XC_PAGE_SIZE);
    return xenforeignmemory_unmap(xch->fmem, p, (size_t)num);
}
