/* SPDX-License-Identifier: GPL-2.0-only */
/* x86's domctls: CPU policy, vCPU contexts, TSC, the pool of paging memory. */
#include <asm/cpu_policy.h>
#include <asm/hvm/policy.h>
#include <asm/hvm/hvm.h>
#include <xen/cpu_policy.h>
#include <xen/errno.h>
#include <xen/guest_access.h>
#include <xen/lib.h>
#include <xen/sched.h>

#define MAX_POLICY_LEAVES POLICY_MAX_LEAVES

/* --- CPU policy --- */

long copy_policy_to_guest(const struct cpu_policy *p, unsigned long leaves_va, u32 *nr_leaves,
                          unsigned long msrs_va, u32 *nr_msrs)
{
    u32 nl = POLICY_MAX_LEAVES, nm = POLICY_NR_MSRS;
    xen_cpuid_leaf_t *leaves = xzalloc_array(xen_cpuid_leaf_t, nl);
    xen_msr_entry_t msrs[POLICY_NR_MSRS];
    long rc = leaves ? 0 : -ENOMEM;

    if (!rc)
        rc = cpu_policy_to_leaves(p, leaves, &nl);
    if (!rc)
        rc = cpu_policy_to_msrs(p, msrs, &nm);
    if (!rc && leaves_va) {
        if (*nr_leaves < nl)
            rc = -ENOBUFS;
        else if (raw_copy_to_guest(leaves_va, leaves, nl * sizeof(*leaves)))
            rc = -EFAULT;
    }
    if (!rc && msrs_va) {
        if (*nr_msrs < nm)
            rc = -ENOBUFS;
        else if (raw_copy_to_guest(msrs_va, msrs, nm * sizeof(*msrs)))
            rc = -EFAULT;
    }
    *nr_leaves = nl;
    *nr_msrs = nm;
    xfree(leaves);
    return rc;
}

static long get_cpu_policy(struct xen_domctl *op, struct domain *d, bool *copyback)
{
    struct xen_domctl_cpu_policy *p = &op->u.cpu_policy;

    *copyback = true;
    return copy_policy_to_guest(d->arch.cpu_policy, guest_handle_va(p->leaves), &p->nr_leaves,
                                guest_handle_va(p->msrs), &p->nr_msrs);
}

static long set_cpu_policy(struct xen_domctl *op, struct domain *d, bool *copyback)
{
    struct xen_domctl_cpu_policy *p = &op->u.cpu_policy;
    struct cpu_policy_error err = {~0U, ~0U, ~0U};
    struct cpu_policy *new = xmalloc(struct cpu_policy);
    xen_cpuid_leaf_t *leaves = NULL;
    xen_msr_entry_t msrs[POLICY_NR_MSRS];
    long rc = 0;

    if (d == current->domain || d->creation_finished)
        rc = d == current->domain ? -EINVAL : -EEXIST;
    else if (p->nr_leaves > MAX_POLICY_LEAVES || p->nr_msrs > POLICY_NR_MSRS)
        rc = -E2BIG;
    else if (!new || (p->nr_leaves && !(leaves = xzalloc_array(xen_cpuid_leaf_t, p->nr_leaves))))
        rc = -ENOMEM;
    else if (raw_copy_from_guest(leaves, guest_handle_va(p->leaves),
                                 p->nr_leaves * sizeof(*leaves)) ||
             raw_copy_from_guest(msrs, guest_handle_va(p->msrs), p->nr_msrs * sizeof(*msrs)))
        rc = -EFAULT;
    if (!rc) {
        *new = *d->arch.cpu_policy;
        rc = cpu_policy_update(new, &hvm_max_cpu_policy, leaves, p->nr_leaves, msrs, p->nr_msrs,
                               &err);
        p->err_leaf = err.leaf;
        p->err_subleaf = err.subleaf;
        p->err_msr = err.msr;
        *copyback = rc != 0;
    }
    if (!rc) {
        *d->arch.cpu_policy = *new;
        hvm_policy_changed(d);
    }
    xfree(leaves);
    xfree(new);
    return rc;
}

/* --- contexts --- */

static long gethvmcontext(struct xen_domctl *op, struct domain *d, bool *copyback)
{
    struct xen_domctl_hvmcontext *c = &op->u.hvmcontext;
    struct hvm_context_buf h = {NULL, hvm_save_size(d), 0};
    long rc;

    *copyback = true;
    if (guest_handle_is_null(c->buffer)) {
        c->size = h.size;
        return 0;
    }
    if (c->size < h.size) /* more room would have been needed */
        return -ENOSPC;
    h.data = xzalloc_bytes(h.size);
    if (!h.data)
        return -ENOMEM;
    domain_pause(d);
    rc = hvm_save(d, &h);
    domain_unpause(d);
    c->size = h.cur;
    if (!rc && raw_copy_to_guest(guest_handle_va(c->buffer), h.data, h.cur))
        rc = -EFAULT;
    xfree(h.data);
    return rc;
}

static long sethvmcontext(struct xen_domctl *op, struct domain *d, bool *copyback)
{
    struct xen_domctl_hvmcontext *c = &op->u.hvmcontext;
    struct hvm_context_buf h = {NULL, c->size, 0};
    long rc;

    if (d == current->domain)
        return -EINVAL;
    if (c->size > MB(1))
        return -E2BIG;
    h.data = xzalloc_bytes(h.size ?: 1);
    if (!h.data)
        return -ENOMEM;
    if (raw_copy_from_guest(h.data, guest_handle_va(c->buffer), h.size)) {
        rc = -EFAULT;
    } else {
        domain_pause(d);
        rc = hvm_load(d, &h);
        domain_unpause(d);
    }
    xfree(h.data);
    return rc;
}

static long gethvmcontext_partial(struct xen_domctl *op, struct domain *d, bool *copyback)
{
    struct xen_domctl_hvmcontext_partial *c = &op->u.hvmcontext_partial;
    u64 size = hvm_save_size(d);
    void *buf;
    long rc;

    if (d == current->domain)
        return -EINVAL;
    buf = xzalloc_bytes(size);
    if (!buf)
        return -ENOMEM;
    domain_pause(d);
    rc = hvm_save_one(d, c->type, c->instance, buf, &size);
    domain_unpause(d);
    if (!rc && !guest_handle_is_null(c->buffer)) {
        if (c->bufsz < size)
            rc = -ENOSPC;
        else if (raw_copy_to_guest(guest_handle_va(c->buffer), buf, size))
            rc = -EFAULT;
    }
    c->bufsz = size;
    *copyback = true;
    xfree(buf);
    return rc;
}

/* --- TSC --- */

static long gettscinfo(struct xen_domctl *op, struct domain *d, bool *copyback)
{
    struct xen_domctl_tsc_info *t = &op->u.tsc_info;

    t->tsc_mode = d->arch.tsc_mode;
    t->gtsc_khz = d->arch.tsc_khz ?: cpu_khz;
    t->incarnation = d->arch.tsc_incarnation;
    t->pad = 0;
    t->elapsed_nsec = NOW() - d->arch.vtsc_offset;
    *copyback = true;
    return 0;
}

static long settscinfo(struct xen_domctl *op, struct domain *d, bool *copyback)
{
    const struct xen_domctl_tsc_info *t = &op->u.tsc_info;

    long rc;

    if (d == current->domain)
        return -EINVAL;
    domain_pause(d);
    rc = hvm_set_tsc_info(d, t->tsc_mode, t->gtsc_khz, t->elapsed_nsec, t->incarnation);
    domain_unpause(d);
    return rc;
}

/* --- the rest --- */

static long sendtrigger(struct xen_domctl *op, struct domain *d, bool *copyback)
{
    struct xen_domctl_sendtrigger *t = &op->u.sendtrigger;
    struct vcpu *v = domain_vcpu(d, t->vcpu);

    if (!v)
        return -ESRCH;
    switch (t->trigger) {
    case XEN_DOMCTL_SENDTRIGGER_NMI:
        v->arch.hvm.vlapic.nmi_pending = true;
        vcpu_unblock(v);
        vcpu_kick(v);
        return 0;
    case XEN_DOMCTL_SENDTRIGGER_POWER:
    case XEN_DOMCTL_SENDTRIGGER_SLEEP:
        return -EOPNOTSUPP; /* no ACPI event block in a PVH guest */
    }
    return -ENOSYS;
}

static long get_address_size(struct xen_domctl *op, struct domain *d, bool *copyback)
{
    op->u.address_size.size = 64;
    *copyback = true;
    return 0;
}

static long get_mempool(struct xen_domctl *op, struct domain *d, bool *copyback)
{
    op->u.paging_mempool.size = (u64)d->arch.hvm_mempool_pages << PAGE_SHIFT;
    *copyback = true;
    return 0;
}

/*
 * Stage-2 tables come from the common heap as they are needed; the size that tools set bounds their
 * number (above a minimum, see p2m.c), and is not taken from the heap in advance.
 */
static long set_mempool(struct xen_domctl *op, struct domain *d, bool *copyback)
{
    u64 size = op->u.paging_mempool.size;

    if (size & ~PAGE_MASK)
        return -EINVAL;
    if (size >> PAGE_SHIFT > ~0U)
        return -ERANGE;
    d->arch.hvm_mempool_pages = size >> PAGE_SHIFT;
    return 0;
}

static long shadow_op(struct xen_domctl *op, struct domain *d, bool *copyback)
{
    struct xen_domctl_shadow_op *s = &op->u.shadow_op;

    *copyback = true;
    switch (s->op) {
    case XEN_DOMCTL_SHADOW_OP_GET_ALLOCATION:
        s->mb = DIV_ROUND_UP(d->arch.hvm_mempool_pages, 256);
        return 0;
    case XEN_DOMCTL_SHADOW_OP_SET_ALLOCATION:
        d->arch.hvm_mempool_pages = s->mb * 256;
        return 0;
    case XEN_DOMCTL_SHADOW_OP_OFF:
        return 0; /* log-dirty mode is off */
    }
    return -EOPNOTSUPP;
}

typedef long arch_domctl_fn(struct xen_domctl *op, struct domain *d, bool *copyback);

static arch_domctl_fn *const arch_domctl_table[] = {
    [XEN_DOMCTL_shadow_op] = shadow_op,
    [XEN_DOMCTL_sendtrigger] = sendtrigger,
    [XEN_DOMCTL_get_address_size] = get_address_size,
    [XEN_DOMCTL_gethvmcontext] = gethvmcontext,
    [XEN_DOMCTL_sethvmcontext] = sethvmcontext,
    [XEN_DOMCTL_gethvmcontext_partial] = gethvmcontext_partial,
    [XEN_DOMCTL_gettscinfo] = gettscinfo,
    [XEN_DOMCTL_settscinfo] = settscinfo,
    [XEN_DOMCTL_get_cpu_policy] = get_cpu_policy,
    [XEN_DOMCTL_set_cpu_policy] = set_cpu_policy,
    [XEN_DOMCTL_get_paging_mempool_size] = get_mempool,
    [XEN_DOMCTL_set_paging_mempool_size] = set_mempool,
};

long arch_do_domctl(struct xen_domctl *op, struct domain *d, bool *copyback)
{
    if (op->cmd >= ARRAY_SIZE(arch_domctl_table) || !arch_domctl_table[op->cmd])
        return -ENOSYS;
    return arch_domctl_table[op->cmd](op, d, copyback);
}
