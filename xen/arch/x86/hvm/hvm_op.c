/* SPDX-License-Identifier: GPL-2.0-only */
/* The hvm_op hypercall. */
#include <xen/errno.h>
#include <xen/guest_access.h>
#include <xen/hypercall.h>
#include <xen/lib.h>
#include <public/hvm/hvm_op.h>
#include "hvm_priv.h"
#include "params.h"

int hvm_get_param(struct domain *d, u32 index, u64 *value)
{
    int rc = hvm_param_check(index, false, d == current->domain);

    if (!rc)
        *value = d->arch.hvm.params[index];
    return rc;
}

int hvm_set_param(struct domain *d, u32 index, u64 value)
{
    int rc = hvm_param_check(index, true, d == current->domain);

    return rc ?: hvm_param_apply(d, index, value);
}

/* A domain that the caller may work on: itself, or any if it is privileged. With a reference. */
static struct domain *get_subject(domid_t id, int *rc)
{
    struct domain *d = get_domain_or_self(id);

    *rc = 0;
    if (!d) {
        *rc = -ESRCH;
    } else if (d != current->domain && !is_control_domain(current->domain)) {
        *rc = -EPERM;
    } else if (is_idle_domain(d) || !d->vcpu) {
        *rc = -EINVAL;
    }
    if (*rc && d)
        put_domain(d);
    return *rc ? NULL : d;
}

static long hvmop_param(unsigned long arg, bool set)
{
    struct xen_hvm_param p;
    struct domain *d;
    u64 value;
    int rc;

    if (raw_copy_from_guest(&p, arg, sizeof(p)))
        return -EFAULT;
    if (p.index >= HVM_NR_PARAMS)
        return -EINVAL;
    d = get_subject(p.domid, &rc);
    if (!d)
        return rc;
    if (set) {
        rc = hvm_set_param(d, p.index, p.value);
    } else {
        rc = hvm_get_param(d, p.index, &value);
        p.value = rc ? 0 : value;
        if (!rc && raw_copy_to_guest(arg, &p, sizeof(p)))
            rc = -EFAULT;
    }
    put_domain(d);
    return rc;
}

static long hvmop_set_param(unsigned long arg)
{
    return hvmop_param(arg, true);
}

static long hvmop_get_param(unsigned long arg)
{
    return hvmop_param(arg, false);
}

static long hvmop_set_evtchn_upcall_vector(unsigned long arg)
{
    struct xen_hvm_evtchn_upcall_vector op;

    if (raw_copy_from_guest(&op, arg, sizeof(op)))
        return -EFAULT;
    return hvm_set_upcall_vector(current->domain, op.vcpu, op.vector);
}

/* All of the caller's vCPUs: those that run are stopped for it. */
static long hvmop_flush_tlbs(unsigned long arg)
{
    struct vcpu *v;

    if (arg)
        return -EINVAL;
    for_each_vcpu (current->domain, v) {
        if (v != current)
            vcpu_pause(v);
        hvm_vendor->flush_guest_tlb(v);
        if (v != current)
            vcpu_unpause(v);
    }
    return 0;
}

/* Of use only with shadow page tables, which do not exist here. */
static long hvmop_pagetable_dying(unsigned long arg)
{
    struct xen_hvm_pagetable_dying op;

    return raw_copy_from_guest(&op, arg, sizeof(op)) ? -EFAULT : -EINVAL;
}

static long hvmop_get_time(unsigned long arg)
{
    struct xen_hvm_get_time op = {.now = NOW()};

    return raw_copy_to_guest(arg, &op, sizeof(op)) ? -EFAULT : 0;
}

static long hvmop_get_mem_type(unsigned long arg)
{
    struct xen_hvm_get_mem_type op;
    struct domain *d;
    p2m_type_t t;
    int rc;

    if (raw_copy_from_guest(&op, arg, sizeof(op)))
        return -EFAULT;
    d = get_subject(op.domid, &rc);
    if (!d)
        return rc;
    p2m_lookup(d, _gfn(op.pfn), &t, NULL);
    if (t == p2m_ram_ro || t == p2m_grant_map_ro)
        op.mem_type = HVMMEM_ram_ro;
    else if (p2m_is_ram(t) || p2m_is_grant(t))
        op.mem_type = HVMMEM_ram_rw;
    else if (t == p2m_ioreq_server)
        op.mem_type = HVMMEM_ioreq_server;
    else
        op.mem_type = HVMMEM_mmio_dm;
    put_domain(d);
    return raw_copy_to_guest(arg, &op, sizeof(op)) ? -EFAULT : 0;
}

/* A request to a monitor; without one it is no mistake. */
static long hvmop_guest_request_vm_event(unsigned long arg)
{
    return arg ? -EINVAL : 0;
}

static long hvmop_altp2m(unsigned long arg)
{
    struct xen_hvm_altp2m_op op;

    if (raw_copy_from_guest(&op, arg, sizeof(op)))
        return -EFAULT;
    if (op.version != HVMOP_ALTP2M_INTERFACE_VERSION || op.pad1 || op.pad2)
        return -EINVAL;
    return -EOPNOTSUPP;
}

static long (*const ops[])(unsigned long arg) = {
    [HVMOP_set_param] = hvmop_set_param,
    [HVMOP_get_param] = hvmop_get_param,
    [HVMOP_flush_tlbs] = hvmop_flush_tlbs,
    [HVMOP_pagetable_dying] = hvmop_pagetable_dying,
    [HVMOP_get_time] = hvmop_get_time,
    [HVMOP_get_mem_type] = hvmop_get_mem_type,
    [HVMOP_set_evtchn_upcall_vector] = hvmop_set_evtchn_upcall_vector,
    [HVMOP_guest_request_vm_event] = hvmop_guest_request_vm_event,
    [HVMOP_altp2m] = hvmop_altp2m,
};

long do_hvm_op(unsigned long op, unsigned long arg)
{
    op &= 0xff; /* the bits above carried progress in old interfaces */
    return op < ARRAY_SIZE(ops) && ops[op] ? ops[op](arg) : -ENOSYS;
}
