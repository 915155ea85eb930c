/* SPDX-License-Identifier: GPL-2.0-only */
/* HYPERVISOR_domctl: what the toolstack does to one domain. One row per operation. */
#include "control.h"
#include <xen/domain.h>
#include <xen/errno.h>
#include <xen/event.h>
#include <xen/guest_access.h>
#include <xen/lib.h>
#include <xen/memory.h>
#include <public/sched.h>

/* One operation at a time; who finds it taken tries again. */
static DEFINE_SPINLOCK(domctl_lock);

typedef long domctl_fn(struct xen_domctl *op, struct domain *d, bool *copyback);

/* --- life --- */

static domid_t next_domid = 1;

/* A number not in use, going round so that numbers are not reused at once. */
static int allocate_domid(void)
{
    for (unsigned int tries = 0; tries < DOMID_FIRST_RESERVED; tries++) {
        domid_t id = next_domid;
        struct domain *d;

        if (++next_domid >= DOMID_FIRST_RESERVED)
            next_domid = 1;
        d = get_domain_by_id(id);
        if (!d)
            return id;
        put_domain(d);
    }
    return -ENOMEM;
}

static long createdomain(struct xen_domctl *op, struct domain *unused, bool *copyback)
{
    struct domain *d;
    domid_t id = op->domain;

    if (id == 0 || id >= DOMID_FIRST_RESERVED) {
        int rc = allocate_domid();

        if (rc < 0)
            return rc;
        id = rc;
    } else if ((d = get_domain_by_id(id))) {
        put_domain(d);
        return -EEXIST;
    }
    d = domain_create(id, &op->u.createdomain, false);
    if (IS_ERR(d))
        return PTR_ERR(d);
    op->domain = d->domain_id;
    *copyback = true;
    return 0;
}

static long destroydomain(struct xen_domctl *op, struct domain *d, bool *copyback)
{
    if (d == current->domain || is_hardware_domain(d))
        return -EINVAL;
    return domain_kill(d);
}

static long pausedomain(struct xen_domctl *op, struct domain *d, bool *copyback)
{
    return d == current->domain ? -EINVAL : domain_pause_by_controller(d);
}

static long unpausedomain(struct xen_domctl *op, struct domain *d, bool *copyback)
{
    return domain_unpause_by_controller(d);
}

static long resumedomain(struct xen_domctl *op, struct domain *d, bool *copyback)
{
    if (d == current->domain)
        return -EINVAL;
    domain_resume(d);
    return 0;
}

static long op_max_vcpus(struct xen_domctl *op, struct domain *d, bool *copyback)
{
    unsigned int max_id = op->u.max_vcpus.max;
    long rc = 0;

    if (d == current->domain || !max_id || max_id > d->max_vcpus)
        return -EINVAL;
    domain_lock(d);
    for (unsigned int i = 0; i < max_id && !rc; i++)
        if (!d->vcpu[i] && !vcpu_create(d, i))
            rc = -ENOMEM;
    domain_unlock(d);
    return rc;
}

static long op_max_mem(struct xen_domctl *op, struct domain *d, bool *copyback)
{
    u64 pages = op->u.max_mem.max_memkb >> (PAGE_SHIFT - 10);

    spin_lock(&d->page_alloc_lock);
    d->max_pages = min(pages, (u64)~0U);
    spin_unlock(&d->page_alloc_lock);
    return 0;
}

static long setdomainhandle(struct xen_domctl *op, struct domain *d, bool *copyback)
{
    memcpy(d->handle, op->u.setdomainhandle.handle, sizeof(d->handle));
    return 0;
}

static long set_target(struct xen_domctl *op, struct domain *d, bool *copyback)
{
    struct domain *target = get_domain_by_id(op->u.set_target.target);
    long rc = 0;

    if (!target)
        return -ESRCH;
    domain_lock(d);
    if (d == target || d->target)
        rc = d == target ? -EINVAL : -EEXIST;
    else
        d->target = target; /* with its reference */
    domain_unlock(d);
    if (rc)
        put_domain(target);
    return rc;
}

static long settimeoffset(struct xen_domctl *op, struct domain *d, bool *copyback)
{
    d->time_offset_seconds = op->u.settimeoffset.time_offset_seconds;
    update_domain_wallclock_time(d);
    return 0;
}

static long set_virq_handler(struct xen_domctl *op, struct domain *d, bool *copyback)
{
    return set_global_virq_handler(d, op->u.set_virq_handler.virq);
}

static long subscribe(struct xen_domctl *op, struct domain *d, bool *copyback)
{
    d->suspend_evtchn = op->u.subscribe.port;
    return 0;
}

static long setdebugging(struct xen_domctl *op, struct domain *d, bool *copyback)
{
    if (d == current->domain)
        return -EINVAL;
    d->debugger_attached = op->u.setdebugging.enable;
    return 0;
}

/* --- looking --- */

void getdomaininfo(struct domain *d, struct xen_domctl_getdomaininfo *info)
{
    u64 cpu_time = 0;
    u32 flags = XEN_DOMINF_blocked;
    struct vcpu *v;

    memset(info, 0, sizeof(*info));
    info->domain = d->domain_id;
    info->max_vcpu_id = XEN_INVALID_MAX_VCPU_ID;
    for_each_vcpu (d, v) {
        struct vcpu_runstate_info r;

        vcpu_runstate_get(v, &r);
        cpu_time += r.time[RUNSTATE_running];
        info->max_vcpu_id = v->vcpu_id;
        if (v->pause_flags & BIT(VPF_down))
            continue;
        info->nr_online_vcpus++;
        if (!(v->pause_flags & BIT(VPF_blocked)))
            flags &= ~XEN_DOMINF_blocked;
        if (v->is_running)
            flags |= XEN_DOMINF_running;
    }
    info->cpu_time = cpu_time;
    info->flags = (info->nr_online_vcpus ? flags : 0) | XEN_DOMINF_hvm_guest | XEN_DOMINF_hap |
                  (d->is_dying == DOMDYING_dead ? XEN_DOMINF_dying : 0) |
                  (d->is_shut_down ? XEN_DOMINF_shutdown : 0) |
                  (d->controller_pause_count > 0 ? XEN_DOMINF_paused : 0) |
                  (d->debugger_attached ? XEN_DOMINF_debugged : 0) |
                  (d->createflags & XEN_DOMCTL_CDF_xs_domain ? XEN_DOMINF_xs_domain : 0) |
                  (u32)(d->shutdown_code & XEN_DOMINF_shutdownmask) << XEN_DOMINF_shutdownshift;
    info->ssidref = d->ssidref;
    memcpy(info->handle, d->handle, sizeof(info->handle));
    info->tot_pages = d->tot_pages;
    info->max_pages = d->max_pages;
    info->outstanding_pages = d->outstanding_pages;
    info->shared_info_frame = d->shared_info ? mfn_x(virt_to_mfn(d->shared_info)) : ~0UL;
    info->gpaddr_bits = 48;
    info->arch_config.emulation_flags = d->arch.hvm.emulation_flags;
}

static long op_getdomaininfo(struct xen_domctl *op, struct domain *unused, bool *copyback)
{
    /* The domain with this number or, as the interface has it, the next one. */
    struct domain *d =
        op->domain == DOMID_SELF ? get_domain_or_self(DOMID_SELF) : get_domain_by_id(op->domain);

    if (!d) {
        d = domain_iterate(NULL);
        while (d && d->domain_id < op->domain)
            d = domain_iterate(d);
    }
    if (!d)
        return -ESRCH;
    getdomaininfo(d, &op->u.getdomaininfo);
    op->domain = d->domain_id;
    put_domain(d);
    *copyback = true;
    return 0;
}

static struct vcpu *op_vcpu(struct domain *d, u32 id)
{
    return domain_vcpu(d, id);
}

static long getvcpuinfo(struct xen_domctl *op, struct domain *d, bool *copyback)
{
    struct xen_domctl_getvcpuinfo *i = &op->u.getvcpuinfo;
    struct vcpu_runstate_info r;
    struct vcpu *v = op_vcpu(d, i->vcpu);

    if (i->vcpu >= d->max_vcpus)
        return -EINVAL;
    if (!v)
        return -ESRCH;
    vcpu_runstate_get(v, &r);
    i->online = !(v->pause_flags & BIT(VPF_down));
    i->blocked = !!(v->pause_flags & BIT(VPF_blocked));
    i->running = v->is_running;
    i->cpu_time = r.time[RUNSTATE_running];
    i->cpu = v->processor;
    *copyback = true;
    return 0;
}

/* --- placing --- */

/* Whose affinity, and is any of the two asked for? */
static long affinity_vcpu(struct domain *d, const struct xen_domctl_vcpuaffinity *a,
                          struct vcpu **v)
{
    if (a->vcpu >= d->max_vcpus || !(a->flags & (XEN_VCPUAFFINITY_HARD | XEN_VCPUAFFINITY_SOFT)))
        return -EINVAL;
    *v = op_vcpu(d, a->vcpu);
    return *v ? 0 : -ESRCH;
}

static long getvcpuaffinity(struct xen_domctl *op, struct domain *d, bool *copyback)
{
    struct xen_domctl_vcpuaffinity *a = &op->u.vcpuaffinity;
    struct vcpu *v;
    long rc = affinity_vcpu(d, a, &v);

    if (rc)
        return rc;
    if (a->flags & XEN_VCPUAFFINITY_HARD)
        rc = cpumask_to_xenctl_bitmap(&a->cpumap_hard, &v->hard_affinity);
    if (!rc && (a->flags & XEN_VCPUAFFINITY_SOFT))
        rc = cpumask_to_xenctl_bitmap(&a->cpumap_soft, &v->soft_affinity);
    return rc;
}

/* Sets one of the two, and tells the caller which part of it is effective. */
static long set_one_affinity(struct vcpu *v, struct xenctl_bitmap *b, bool hard)
{
    cpumask_t mask, effective;
    long rc = xenctl_bitmap_to_cpumask(&mask, b);

    if (rc)
        return rc;
    rc = hard ? vcpu_set_hard_affinity(v, &mask) : vcpu_set_soft_affinity(v, &mask);
    if (rc)
        return rc;
    cpumask_and(&effective, &mask, &cpu_online_map);
    if (!hard)
        cpumask_and(&effective, &effective, &v->hard_affinity);
    return cpumask_to_xenctl_bitmap(b, &effective);
}

static long setvcpuaffinity(struct xen_domctl *op, struct domain *d, bool *copyback)
{
    struct xen_domctl_vcpuaffinity *a = &op->u.vcpuaffinity;
    struct vcpu *v;
    long rc = affinity_vcpu(d, a, &v);

    if (rc)
        return rc;
    if (a->flags & XEN_VCPUAFFINITY_HARD)
        rc = set_one_affinity(v, &a->cpumap_hard, true);
    if (!rc && (a->flags & XEN_VCPUAFFINITY_SOFT))
        rc = set_one_affinity(v, &a->cpumap_soft, false);
    return rc;
}

static long getnodeaffinity(struct xen_domctl *op, struct domain *d, bool *copyback)
{
    return bits_to_xenctl_bitmap(&op->u.nodeaffinity.nodemap, d->node_affinity,
                                 ARRAY_SIZE(d->node_affinity) * 64);
}

static long setnodeaffinity(struct xen_domctl *op, struct domain *d, bool *copyback)
{
    return bits_from_xenctl_bitmap(d->node_affinity, ARRAY_SIZE(d->node_affinity) * 64,
                                   &op->u.nodeaffinity.nodemap);
}

static long op_scheduler(struct xen_domctl *op, struct domain *d, bool *copyback)
{
    *copyback = true;
    return sched_adjust(d, &op->u.scheduler_op);
}

/* Rows without a domain get NULL; the others its reference for the time of the call. */
static const struct {
    domctl_fn *fn;
    bool no_domain;
} domctl_table[] = {
    [XEN_DOMCTL_createdomain] = {createdomain, true},
    [XEN_DOMCTL_getdomaininfo] = {op_getdomaininfo, true},
    [XEN_DOMCTL_destroydomain] = {destroydomain},
    [XEN_DOMCTL_pausedomain] = {pausedomain},
    [XEN_DOMCTL_unpausedomain] = {unpausedomain},
    [XEN_DOMCTL_resumedomain] = {resumedomain},
    [XEN_DOMCTL_max_vcpus] = {op_max_vcpus},
    [XEN_DOMCTL_max_mem] = {op_max_mem},
    [XEN_DOMCTL_setdomainhandle] = {setdomainhandle},
    [XEN_DOMCTL_set_target] = {set_target},
    [XEN_DOMCTL_settimeoffset] = {settimeoffset},
    [XEN_DOMCTL_set_virq_handler] = {set_virq_handler},
    [XEN_DOMCTL_subscribe] = {subscribe},
    [XEN_DOMCTL_setdebugging] = {setdebugging},
    [XEN_DOMCTL_getvcpuinfo] = {getvcpuinfo},
    [XEN_DOMCTL_getvcpuaffinity] = {getvcpuaffinity},
    [XEN_DOMCTL_setvcpuaffinity] = {setvcpuaffinity},
    [XEN_DOMCTL_getnodeaffinity] = {getnodeaffinity},
    [XEN_DOMCTL_setnodeaffinity] = {setnodeaffinity},
    [XEN_DOMCTL_scheduler_op] = {op_scheduler},
};

static long dispatch(struct xen_domctl *op, bool *copyback)
{
    domctl_fn *fn = op->cmd < ARRAY_SIZE(domctl_table) ? domctl_table[op->cmd].fn : NULL;
    struct domain *d;
    long rc;

    if (fn && domctl_table[op->cmd].no_domain)
        return fn(op, NULL, copyback);
    d = get_domain_or_self(op->domain);
    if (!d)
        return -ESRCH;
    rc = fn ? fn(op, d, copyback) : arch_do_domctl(op, d, copyback);
    put_domain(d);
    return rc;
}

long do_domctl(unsigned long arg)
{
    struct xen_domctl op;
    bool copyback = false;
    long rc;

    if (raw_copy_from_guest(&op, arg, sizeof(op)))
        return -EFAULT;
    if (op.interface_version != XEN_DOMCTL_INTERFACE_VERSION)
        return -EACCES;
    if (!spin_trylock(&domctl_lock))
        return -ERESTART;
    rc = dispatch(&op, &copyback);
    spin_unlock(&domctl_lock);
    if (copyback && raw_copy_to_guest(arg, &op, sizeof(op)))
        rc = -EFAULT;
    return rc;
}
