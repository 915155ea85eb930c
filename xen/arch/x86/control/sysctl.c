/* SPDX-License-Identifier: GPL-2.0-only */
/* x86's sysctls: the machine, its CPU policies and feature sets. */
#include <asm/cpu_policy.h>
#include <asm/hvm/policy.h>
#include <asm/msr.h>
#include <xen/cpu_policy.h>
#include <xen/errno.h>
#include <xen/guest_access.h>
#include <xen/lib.h>
#include <xen/numa.h>
#include <xen/sched.h>
#include <public/sysctl.h>

static long physinfo(struct xen_sysctl *op, bool *copyback)
{
    struct xen_sysctl_physinfo *p = &op->u.physinfo;
    u32 fs[FEATURESET_WORDS];
    unsigned int cpu, siblings = 0, cores = 0;

    for_each_online_cpu (cpu) {
        siblings += cpu_to_socket(cpu) == cpu_to_socket(0) && cpu_to_core(cpu) == cpu_to_core(0);
        cores += cpu_to_socket(cpu) == cpu_to_socket(0);
    }
    memset(p, 0, sizeof(*p));
    p->threads_per_core = max(siblings, 1U);
    p->cores_per_socket = max(cores / p->threads_per_core, 1U);
    p->nr_cpus = cpumask_weight(&cpu_online_map);
    p->max_cpu_id = nr_cpu_ids - 1;
    p->nr_nodes = nr_nodes;
    p->max_node_id = nr_nodes - 1;
    p->cpu_khz = cpu_khz;
    p->capabilities = XEN_SYSCTL_PHYSCAP_hvm | XEN_SYSCTL_PHYSCAP_hap |
                      XEN_SYSCTL_PHYSCAP_gnttab_v1 | XEN_SYSCTL_PHYSCAP_gnttab_v2;
    p->total_pages = total_pages;
    p->free_pages = avail_domheap_pages();
    p->outstanding_pages = outstanding_claims_total;
    p->max_mfn = max_page - 1;
    cpu_policy_to_featureset(&host_cpu_policy, fs);
    memcpy(p->hw_cap, fs, min(sizeof(p->hw_cap), sizeof(fs)));
    *copyback = true;
    return 0;
}

/* Which policy an index names; the PV ones are empty here. NULL: no such index. */
static const struct cpu_policy *policy_of(u32 index)
{
    static struct cpu_policy no_pv;

    switch (index) {
    case XEN_SYSCTL_cpu_policy_raw:
    case XEN_SYSCTL_cpu_policy_host:
        return &host_cpu_policy;
    case XEN_SYSCTL_cpu_policy_hvm_max:
        return &hvm_max_cpu_policy;
    case XEN_SYSCTL_cpu_policy_hvm_default:
        return &hvm_def_cpu_policy;
    case XEN_SYSCTL_cpu_policy_pv_max:
    case XEN_SYSCTL_cpu_policy_pv_default:
        return &no_pv;
    }
    return NULL;
}

static long get_cpu_policy(struct xen_sysctl *op, bool *copyback)
{
    struct xen_sysctl_cpu_policy *p = &op->u.cpu_policy;
    const struct cpu_policy *policy = policy_of(p->index);

    if (!policy || p->_rsvd)
        return -EINVAL;
    if (p->index == XEN_SYSCTL_cpu_policy_pv_max || p->index == XEN_SYSCTL_cpu_policy_pv_default)
        return -EOPNOTSUPP;
    *copyback = true;
    return copy_policy_to_guest(policy, guest_handle_va(p->leaves), &p->nr_leaves,
                                guest_handle_va(p->msrs), &p->nr_msrs);
}

static long get_cpu_featureset(struct xen_sysctl *op, bool *copyback)
{
    static const u8 policy_index[] = {
        [XEN_SYSCTL_cpu_featureset_raw] = XEN_SYSCTL_cpu_policy_raw,
        [XEN_SYSCTL_cpu_featureset_host] = XEN_SYSCTL_cpu_policy_host,
        [XEN_SYSCTL_cpu_featureset_pv] = XEN_SYSCTL_cpu_policy_pv_default,
        [XEN_SYSCTL_cpu_featureset_hvm] = XEN_SYSCTL_cpu_policy_hvm_default,
        [XEN_SYSCTL_cpu_featureset_pv_max] = XEN_SYSCTL_cpu_policy_pv_max,
        [XEN_SYSCTL_cpu_featureset_hvm_max] = XEN_SYSCTL_cpu_policy_hvm_max,
    };
    struct xen_sysctl_cpu_featureset *f = &op->u.cpu_featureset;
    u32 fs[FEATURESET_WORDS], n = FEATURESET_WORDS;
    long rc = 0;

    if (guest_handle_is_null(f->features)) {
        f->nr_features = n;
        *copyback = true;
        return 0;
    }
    if (f->index >= ARRAY_SIZE(policy_index))
        return -EINVAL;
    cpu_policy_to_featureset(policy_of(policy_index[f->index]), fs);
    if (f->nr_features < n) {
        n = f->nr_features;
        rc = -ENOBUFS;
    }
    if (raw_copy_to_guest(guest_handle_va(f->features), fs, n * sizeof(u32)))
        return -EFAULT;
    f->nr_features = n;
    *copyback = true;
    return rc;
}

static long get_levelling_caps(struct xen_sysctl *op, bool *copyback)
{
    op->u.cpu_levelling_caps.caps = 0; /* guests' CPUID always traps: nothing needs levelling */
    *copyback = true;
    return 0;
}

static long cpu_hotplug(struct xen_sysctl *op, bool *copyback)
{
    u32 cpu = op->u.cpu_hotplug.cpu;

    if (cpu >= nr_cpu_ids)
        return -EINVAL;
    switch (op->u.cpu_hotplug.op) {
    case XEN_SYSCTL_CPU_HOTPLUG_ONLINE:
        return cpu_online(cpu) ? 0 : cpu_up(cpu);
    case XEN_SYSCTL_CPU_HOTPLUG_OFFLINE:
        return cpu_online(cpu) ? cpu_down(cpu) : 0;
    }
    return -EOPNOTSUPP;
}

long arch_do_sysctl(struct xen_sysctl *op, bool *copyback)
{
    switch (op->cmd) {
    case XEN_SYSCTL_physinfo:
        return physinfo(op, copyback);
    case XEN_SYSCTL_get_cpu_policy:
        return get_cpu_policy(op, copyback);
    case XEN_SYSCTL_get_cpu_featureset:
        return get_cpu_featureset(op, copyback);
    case XEN_SYSCTL_get_cpu_levelling_caps:
        return get_levelling_caps(op, copyback);
    case XEN_SYSCTL_cpu_hotplug:
        return cpu_hotplug(op, copyback);
    }
    return -ENOSYS;
}
