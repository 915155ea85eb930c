/* SPDX-License-Identifier: GPL-2.0-only */
/* State of hardware-virtualised domains: parameters, saved context, CPU policy. */
#include "xc_private.h"

int xc_hvm_param_set(xc_interface *xch, uint32_t domid, uint32_t param, uint64_t value)
{
    struct xen_hvm_param arg = {.domid = (domid_t)domid, .index = param, .value = value};

    if (xc_hvm_op(xch, HVMOP_set_param, &arg, sizeof(arg)) < 0)
        return xc_failed(xch, "setting HVM parameter %u of domain %u", param, domid);
    return 0;
}

int xc_hvm_param_get(xc_interface *xch, uint32_t domid, uint32_t param, uint64_t *value)
{
    struct xen_hvm_param arg = {.domid = (domid_t)domid, .index = param};

    if (xc_hvm_op(xch, HVMOP_get_param, &arg, sizeof(arg)) < 0)
        return xc_failed(xch, "reading HVM parameter %u of domain %u", param, domid);
    *value = arg.value;
    return 0;
}

int xc_domain_hvm_getcontext(xc_interface *xch, uint32_t domid, uint8_t *ctxt_buf, uint32_t size)
{
    struct xen_domctl op = xc_domctl_of(XEN_DOMCTL_gethvmcontext, domid);
    struct xc_bounce b = XC_BOUNCE(ctxt_buf, size, XC_BOUNCE_OUT);
    int rc;

    if (xc_bounce_begin(xch, &b))
        return -1;
    op.u.hvmcontext.size = size;
    set_xen_guest_handle(op.u.hvmcontext.buffer, b.safe);
    rc = xc_domctl(xch, &op);
    xc_bounce_end(xch, &b, rc >= 0);
    return rc < 0 ? -1 : (int)op.u.hvmcontext.size;
}

int xc_domain_hvm_getcontext_partial(xc_interface *xch, uint32_t domid, uint16_t typecode,
                                     uint16_t instance, void *ctxt_buf, uint32_t size)
{
    struct xen_domctl op = xc_domctl_of(XEN_DOMCTL_gethvmcontext_partial, domid);
    struct xc_bounce b = XC_BOUNCE(ctxt_buf, size, XC_BOUNCE_OUT);
    int rc;

    if (!ctxt_buf || xc_bounce_begin(xch, &b))
        return -1;
    op.u.hvmcontext_partial.type = typecode;
    op.u.hvmcontext_partial.instance = instance;
    op.u.hvmcontext_partial.bufsz = size;
    set_xen_guest_handle(op.u.hvmcontext_partial.buffer, b.safe);
    rc = xc_domctl(xch, &op);
    xc_bounce_end(xch, &b, rc >= 0);
    return rc < 0 ? -1 : 0;
}

int xc_domain_hvm_setcontext(xc_interface *xch, uint32_t domid, uint8_t *hvm_ctxt, uint32_t size)
{
    struct xen_domctl op = xc_domctl_of(XEN_DOMCTL_sethvmcontext, domid);
    struct xc_bounce b = XC_BOUNCE(hvm_ctxt, size, XC_BOUNCE_IN);
    int rc;

    if (xc_bounce_begin(xch, &b))
        return -1;
    op.u.hvmcontext.size = size;
    set_xen_guest_handle(op.u.hvmcontext.buffer, b.safe);
    rc = xc_domctl(xch, &op);
    xc_bounce_end(xch, &b, rc >= 0);
    return rc < 0 ? -1 : 0;
}

int xc_get_cpu_policy_size(xc_interface *xch, uint32_t *nr_leaves, uint32_t *nr_msrs)
{
    struct xen_sysctl op = {.cmd = XEN_SYSCTL_get_cpu_policy};

    /* With NULL buffers any policy tells the sizes; the host's always exists. */
    op.u.cpu_policy.index = XEN_SYSCTL_cpu_policy_host;
    if (xc_sysctl(xch, &op) < 0)
        return -1;
    *nr_leaves = op.u.cpu_policy.nr_leaves;
    *nr_msrs = op.u.cpu_policy.nr_msrs;
    return 0;
}

int xc_get_system_cpu_policy(xc_interface *xch, uint32_t index, uint32_t *nr_leaves,
                             xen_cpuid_leaf_t *leaves, uint32_t *nr_msrs, xen_msr_entry_t *msrs)
{
    struct xen_sysctl op = {.cmd = XEN_SYSCTL_get_cpu_policy};
    struct xc_bounce bl = XC_BOUNCE(leaves, *nr_leaves * sizeof(*leaves), XC_BOUNCE_OUT);
    struct xc_bounce bm = XC_BOUNCE(msrs, *nr_msrs * sizeof(*msrs), XC_BOUNCE_OUT);
    int rc = -1;

    if (xc_bounce_begin(xch, &bl))
        return -1;
    if (xc_bounce_begin(xch, &bm))
        goto out;
    op.u.cpu_policy.index = index;
    op.u.cpu_policy.nr_leaves = *nr_leaves;
    op.u.cpu_policy.nr_msrs = *nr_msrs;
    set_xen_guest_handle(op.u.cpu_policy.leaves, bl.safe);
    set_xen_guest_handle(op.u.cpu_policy.msrs, bm.safe);
    rc = xc_sysctl(xch, &op);
    if (rc >= 0) {
        *nr_leaves = op.u.cpu_policy.nr_leaves;
        *nr_msrs = op.u.cpu_policy.nr_msrs;
    }
    xc_bounce_end(xch, &bm, rc >= 0);
out:
    xc_bounce_end(xch, &bl, rc >= 0);
    return rc < 0 ? -1 : 0;
}

static int domain_policy(xc_interface *xch, struct xen_domctl *op, xen_cpuid_leaf_t *leaves,
                         xen_msr_entry_t *msrs, enum xc_bounce_dir dir)
{
    struct xen_domctl_cpu_policy *p = &op->u.cpu_policy;
    struct xc_bounce bl = XC_BOUNCE(leaves, p->nr_leaves * sizeof(*leaves), dir);
    struct xc_bounce bm = XC_BOUNCE(msrs, p->nr_msrs * sizeof(*msrs), dir);
    int rc = -1;

    if (xc_bounce_begin(xch, &bl))
        return -1;
    if (xc_bounce_begin(xch, &bm))
        goto out;
    set_xen_guest_handle(p->leaves, bl.safe);
    set_xen_guest_handle(p->msrs, bm.safe);
    rc = xc_domctl(xch, op);
    xc_bounce_end(xch, &bm, rc >= 0);
out:
    xc_bounce_end(xch, &bl, rc >= 0);
    return rc < 0 ? -1 : 0;
}

int xc_get_domain_cpu_policy(xc_interface *xch, uint32_t domid, uint32_t *nr_leaves,
                             xen_cpuid_leaf_t *leaves, uint32_t *nr_msrs, xen_msr_entry_t *msrs)
{
    struct xen_domctl op = xc_domctl_of(XEN_DOMCTL_get_cpu_policy, domid);

    op.u.cpu_policy.nr_leaves = *nr_leaves;
    op.u.cpu_policy.nr_msrs = *nr_msrs;
    if (domain_policy(xch, &op, leaves, msrs, XC_BOUNCE_OUT))
        return -1;
    *nr_leaves = op.u.cpu_policy.nr_leaves;
    *nr_msrs = op.u.cpu_policy.nr_msrs;
    return 0;
}

int xc_set_domain_cpu_policy(xc_interface *xch, uint32_t domid, uint32_t nr_leaves,
                             xen_cpuid_leaf_t *leaves, uint32_t nr_msrs, xen_msr_entry_t *msrs,
                             uint32_t *err_leaf_p, uint32_t *err_subleaf_p, uint32_t *err_msr_p)
{
    struct xen_domctl op = xc_domctl_of(XEN_DOMCTL_set_cpu_policy, domid);
    int rc;

    op.u.cpu_policy.nr_leaves = nr_leaves;
    op.u.cpu_policy.nr_msrs = nr_msrs;
    op.u.cpu_policy.err_leaf = op.u.cpu_policy.err_subleaf = op.u.cpu_policy.err_msr = ~0u;
    rc = domain_policy(xch, &op, leaves, msrs, XC_BOUNCE_IN);
    if (err_leaf_p)
        *err_leaf_p = op.u.cpu_policy.err_leaf;
    if (err_subleaf_p)
        *err_subleaf_p = op.u.cpu_policy.err_subleaf;
    if (err_msr_p)
        *err_msr_p = op.u.cpu_policy.err_msr;
    return rc;
}

int xc_get_cpu_featureset(xc_interface *xch, uint32_t index, uint32_t *nr_features,
                          uint32_t *featureset)
{
    struct xen_sysctl op = {.cmd = XEN_SYSCTL_get_cpu_featureset};
    struct xc_bounce b = XC_BOUNCE(featureset, *nr_features * sizeof(*featureset), XC_BOUNCE_OUT);
    int rc;

    if (xc_bounce_begin(xch, &b))
        return -1;
    op.u.cpu_featureset.index = index;
    op.u.cpu_featureset.nr_features = *nr_features;
    set_xen_guest_handle(op.u.cpu_featureset.features, b.safe);
    rc = xc_sysctl(xch, &op);
    if (rc >= 0)
        *nr_features = op.u.cpu_featureset.nr_features;
    xc_bounce_end(xch, &b, rc >= 0);
    return rc < 0 ? -1 : 0;
}
