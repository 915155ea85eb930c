/* SPDX-License-Identifier: GPL-2.0-only */
/* HYPERVISOR_memory_op: reservations, limits, maps. */
#include <xen/memory.h>
#include <xen/compat_guest.h>
#include <xen/errno.h>
#include <xen/guest_access.h>
#include <xen/lib.h>

/* Progress of a preempted operation travels in the command's upper bits, as the interface has it.
 */
#define MEMOP_EXTENT_SHIFT 6
#define MEMOP_CMD_MASK     ((1UL << MEMOP_EXTENT_SHIFT) - 1)

/* What a populate or decrease works on, checked. */
struct reservation {
    struct xen_memory_reservation op;
    struct domain *d;
    unsigned int order, memflags;
    unsigned long done;
};

static unsigned int memflags_of(unsigned int flags)
{
    unsigned int bits = XENMEMF_get_address_bits(flags), node = XENMEMF_get_node(flags), out = 0;

    if (bits && bits <= 32)
        out |= MEMF_below_4g;
    if (!(flags & XENMEMF_vnode) && node != NUMA_NO_NODE)
        out |= MEMF_node(node) | (flags & XENMEMF_exact_node_request ? MEMF_exact_node : 0);
    return out;
}

static long reservation_begin(struct reservation *r, unsigned long arg, unsigned long done)
{
    unsigned int max_order;

    if (!guest_struct_in(&r->op, arg, xen_memory_reservation))
        return -EFAULT;
    /* Progress must fit into the command word of a 32-bit caller as well. */
    if (r->op.nr_extents > (hypercall_compat() ? ~0U : ~0UL) >> MEMOP_EXTENT_SHIFT ||
        done > r->op.nr_extents)
        return -EINVAL;
    max_order = is_control_domain(current->domain) ? MAX_ORDER : PAGE_ORDER_2M;
    if (r->op.extent_order > max_order)
        return -EPERM;
    r->d = memory_target_domain(r->op.domid);
    if (IS_ERR(r->d))
        return PTR_ERR(r->d);
    r->order = r->op.extent_order;
    r->memflags = memflags_of(r->op.mem_flags);
    r->done = done;
    return 0;
}

static bool populate_one(struct reservation *r, unsigned long gfn)
{
    struct page_info *pg;
    p2m_type_t t;
    int rc;

    if (r->d->arch.direct_mapped) { /* its frames wait for it: only the map needs mending */
        for (unsigned long i = 0; i < BIT(r->order); i++) {
            if (!mfn_valid(_mfn(gfn + i)) || page_get_owner(mfn_to_page(_mfn(gfn + i))) != r->d ||
                guest_physmap_add_page(r->d, _gfn(gfn + i), _mfn(gfn + i), 0))
                return false;
        }
        return true;
    }
    if (!mfn_eq(p2m_lookup(r->d, _gfn(gfn), &t, NULL), INVALID_MFN) && r->order == 0 &&
        guest_remove_page(r->d, gfn))
        return false;
    if (!claims_allow(r->d, BIT(r->order)))
        return false;
    pg = alloc_domheap_pages(r->d, r->order, r->memflags);
    if (!pg)
        return false;
    rc = guest_physmap_add_page(r->d, _gfn(gfn), page_to_mfn(pg), r->order);
    if (!rc)
        return true;
    /* Without memory for tables a part may be mapped: nothing of it may stay when the frames go. */
    if (rc != -EINVAL && p2m_set_entry(r->d, _gfn(gfn), INVALID_MFN, r->order, p2m_invalid)) {
        domain_crash(r->d, "frames at %#lx cannot be unmapped", gfn);
        return false;
    }
    for (unsigned long i = 0; i < BIT(r->order); i++)
        put_page_alloc_ref(pg + i);
    return false;
}

static bool decrease_one(struct reservation *r, unsigned long gfn)
{
    for (unsigned long i = 0; i < BIT(r->order); i++)
        if (guest_remove_page(r->d, gfn + i))
            return false;
    return true;
}

/* Runs @one over the extents; returns how many are done, or -ERESTART with r->done advanced. */
static long for_each_extent(struct reservation *r, bool (*one)(struct reservation *, unsigned long))
{
    while (r->done < r->op.nr_extents) {
        xen_pfn_t gfn;

        if (!guest_ulongs_in(&gfn, guest_handle_va(r->op.extent_start), r->done, 1) || !one(r, gfn))
            break;
        if (++r->done < r->op.nr_extents && hypercall_preempt_check())
            return -ERESTART;
    }
    return r->done;
}

static long populate_physmap(unsigned long arg, unsigned long *progress)
{
    struct reservation r;
    long rc = reservation_begin(&r, arg, *progress);

    if (rc)
        return rc;
    if (r.op.mem_flags & XENMEMF_populate_on_demand)
        rc = -EOPNOTSUPP;
    else
        rc = for_each_extent(&r, populate_one);
    *progress = r.done;
    put_domain(r.d);
    return rc;
}

static long decrease_reservation(unsigned long arg, unsigned long *progress)
{
    struct reservation r;
    long rc = reservation_begin(&r, arg, *progress);

    if (rc)
        return rc;
    rc = for_each_extent(&r, decrease_one);
    *progress = r.done;
    put_domain(r.d);
    return rc;
}

/* Frames without a place in the map: a hardware-virtualised domain could never reach them. */
static long increase_reservation(unsigned long arg, unsigned long *progress)
{
    struct reservation r;
    long rc = reservation_begin(&r, arg, *progress);

    if (rc)
        return rc;
    while (r.done < r.op.nr_extents) {
        if (!alloc_domheap_pages(r.d, r.order, r.memflags))
            break;
        r.done++;
    }
    put_domain(r.d);
    return r.done;
}

/* current_reservation, maximum_reservation, maximum_gpfn: a domid in, a number out. */
static long domain_number(unsigned int cmd, unsigned long arg)
{
    struct xen_memory_domain op;
    struct domain *d;
    long rc;

    if (raw_copy_from_guest(&op, arg, sizeof(op)))
        return -EFAULT;
    d = memory_target_domain(op.domid);
    if (IS_ERR(d))
        return PTR_ERR(d);
    rc = cmd == XENMEM_current_reservation   ? d->tot_pages
         : cmd == XENMEM_maximum_reservation ? d->max_pages
                                             : (long)d->arch.p2m.max_mapped_gfn;
    put_domain(d);
    return rc;
}

static long current_reservation(unsigned long arg, unsigned long *progress)
{
    return domain_number(XENMEM_current_reservation, arg);
}

static long maximum_reservation(unsigned long arg, unsigned long *progress)
{
    return domain_number(XENMEM_maximum_reservation, arg);
}

static long maximum_gpfn(unsigned long arg, unsigned long *progress)
{
    return domain_number(XENMEM_maximum_gpfn, arg);
}

static long maximum_ram_page(unsigned long arg, unsigned long *progress)
{
    return max_page;
}

static long claim_pages(unsigned long arg, unsigned long *progress)
{
    struct xen_memory_reservation op;
    struct domain *d;
    long rc;

    if (!is_control_domain(current->domain))
        return -EPERM;
    if (!guest_struct_in(&op, arg, xen_memory_reservation))
        return -EFAULT;
    if (op.extent_order || op.mem_flags || !guest_handle_is_null(op.extent_start))
        return -EINVAL;
    d = get_domain_by_id(op.domid);
    if (!d)
        return -ESRCH;
    rc = domain_set_outstanding_pages(d, op.nr_extents);
    put_domain(d);
    return rc;
}

/* Entry @i of the current domain's map; false: there are not so many. */
static bool memory_map_entry(struct domain *d, unsigned int i, struct xen_e820_entry *e)
{
    bool there;

    spin_lock(&d->arch.e820_lock);
    there = i < d->arch.nr_e820;
    if (there)
        *e = d->arch.e820[i];
    spin_unlock(&d->arch.e820_lock);
    return there;
}

static long get_memory_map(unsigned long arg, unsigned long *progress)
{
    struct domain *d = current->domain;
    struct xen_memory_map map;
    struct xen_e820_entry e;
    unsigned int n;

    if (!guest_struct_in(&map, arg, xen_memory_map))
        return -EFAULT;
    if (!memory_map_entry(d, 0, &e))
        return -ENOSYS;
    if (guest_handle_is_null(map.buffer)) { /* how many are there? */
        map.nr_entries = d->arch.nr_e820;
    } else {
        for (n = 0; n < map.nr_entries && memory_map_entry(d, n, &e); n++)
            if (raw_copy_to_guest(guest_handle_va(map.buffer) + n * sizeof(e), &e, sizeof(e)))
                return -EFAULT;
        map.nr_entries = n;
    }
    return guest_struct_out(arg, &map, xen_memory_map) ? 0 : -EFAULT;
}

int domain_set_memory_map(struct domain *d, struct xen_e820_entry *e, unsigned int n)
{
    struct xen_e820_entry *old;

    spin_lock(&d->arch.e820_lock);
    old = d->arch.e820;
    d->arch.e820 = e;
    d->arch.nr_e820 = n;
    spin_unlock(&d->arch.e820_lock);
    xfree(old);
    return 0;
}

static long set_memory_map(unsigned long arg, unsigned long *progress)
{
    struct xen_foreign_memory_map op;
    struct xen_e820_entry *e;
    struct domain *d;

    if (!is_control_domain(current->domain))
        return -EPERM;
    if (!guest_struct_in(&op, arg, xen_foreign_memory_map))
        return -EFAULT;
    if (op.map.nr_entries > 128 || !op.map.nr_entries)
        return -EINVAL;
    d = get_domain_or_self(op.domid);
    if (!d)
        return -ESRCH;
    e = xzalloc_array(struct xen_e820_entry, op.map.nr_entries);
    if (!e ||
        raw_copy_from_guest(e, guest_handle_va(op.map.buffer), op.map.nr_entries * sizeof(*e))) {
        long rc = e ? -EFAULT : -ENOMEM;

        xfree(e);
        put_domain(d);
        return rc;
    }
    domain_set_memory_map(d, e, op.map.nr_entries);
    put_domain(d);
    return 0;
}

static long machine_memory_map(unsigned long arg, unsigned long *progress)
{
    struct xen_memory_map map;
    unsigned int i;

    if (!is_control_domain(current->domain))
        return -EPERM;
    if (!guest_struct_in(&map, arg, xen_memory_map))
        return -EFAULT;
    if (map.nr_entries < e820.nr + 1)
        return -EINVAL;
    for (i = 0; i < e820.nr; i++) {
        struct xen_e820_entry e = {e820.range[i].addr, e820.range[i].size, e820.range[i].type};

        if (raw_copy_to_guest(guest_handle_va(map.buffer) + i * sizeof(e), &e, sizeof(e)))
            return -EFAULT;
    }
    map.nr_entries = i;
    return guest_struct_out(arg, &map, xen_memory_map) ? 0 : -EFAULT;
}

/* No populate-on-demand: every domain has all of its target. */
static long get_pod_target(unsigned long arg, unsigned long *progress)
{
    struct xen_pod_target op;
    struct domain *d;

    if (!is_control_domain(current->domain))
        return -EPERM;
    if (!guest_struct_in(&op, arg, xen_pod_target))
        return -EFAULT;
    d = get_domain_by_id(op.domid);
    if (!d)
        return -ESRCH;
    op.tot_pages = d->tot_pages;
    op.pod_cache_pages = op.pod_entries = 0;
    put_domain(d);
    return guest_struct_out(arg, &op, xen_pod_target) ? 0 : -EFAULT;
}

static long set_pod_target(unsigned long arg, unsigned long *progress)
{
    return get_pod_target(arg, progress);
}

static long no_regions(unsigned long arg, unsigned long *progress)
{
    struct xen_reserved_device_memory_map op;

    if (!guest_struct_in(&op, arg, xen_reserved_device_memory_map))
        return -EFAULT;
    op.nr_entries = 0;
    return guest_struct_out(arg, &op, xen_reserved_device_memory_map) ? 0 : -EFAULT;
}

static long add_to_physmap(unsigned long arg, unsigned long *progress)
{
    return memory_add_to_physmap(arg);
}

static long remove_from_physmap(unsigned long arg, unsigned long *progress)
{
    return memory_remove_from_physmap(arg);
}

static long not_for_hvm(unsigned long arg, unsigned long *progress)
{
    return -EOPNOTSUPP;
}

static long (*const memory_ops[])(unsigned long arg, unsigned long *progress) = {
    [XENMEM_increase_reservation] = increase_reservation,
    [XENMEM_decrease_reservation] = decrease_reservation,
    [XENMEM_maximum_ram_page] = maximum_ram_page,
    [XENMEM_current_reservation] = current_reservation,
    [XENMEM_maximum_reservation] = maximum_reservation,
    [XENMEM_populate_physmap] = populate_physmap,
    [XENMEM_add_to_physmap] = add_to_physmap,
    [XENMEM_memory_map] = get_memory_map,
    [XENMEM_machine_memory_map] = machine_memory_map,
    [XENMEM_exchange] = not_for_hvm,
    [XENMEM_set_memory_map] = set_memory_map,
    [XENMEM_maximum_gpfn] = maximum_gpfn,
    [XENMEM_remove_from_physmap] = remove_from_physmap,
    [XENMEM_set_pod_target] = set_pod_target,
    [XENMEM_get_pod_target] = get_pod_target,
    [XENMEM_add_to_physmap_batch] = memory_add_to_physmap_batch,
    [XENMEM_claim_pages] = claim_pages,
    [XENMEM_get_vnumainfo] = not_for_hvm,
    [XENMEM_reserved_device_memory_map] = no_regions,
    [XENMEM_acquire_resource] = memory_acquire_resource,
};

long do_memory_op(unsigned long cmd, unsigned long arg)
{
    unsigned long op = cmd & MEMOP_CMD_MASK, progress = cmd >> MEMOP_EXTENT_SHIFT;
    long rc;

    if (op >= ARRAY_SIZE(memory_ops) || !memory_ops[op])
        return -ENOSYS;
    rc = memory_ops[op](arg, &progress);
    if (rc == -ERESTART)
        current->hypercall.arg[0] = op | (progress << MEMOP_EXTENT_SHIFT);
    return rc;
}
