/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Policies as arrays of leaves and MSRs, the form in which domctl and sysctl carry them. A table of
 * ranges says which leaves a policy holds and where; writer and reader both walk it.
 */
#include <xen/cpu_policy.h>
#include <public/errno.h>

#define NO_SUBLEAF XEN_CPUID_NO_SUBLEAF

/* One leaf with subleaves, or a run of leaves without. */
struct range {
    uint32_t first, nr;
    uint16_t offset;
    bool subleaves;
};

#define AT(group) offsetof(struct cpu_policy, group)
#define LEAF      sizeof(struct cpuid_leaf)

static const struct range ranges[] = {
    {0, 4, AT(basic), false},
    {4, POLICY_NR_CACHE, AT(cache), true},
    {5, 2, AT(basic) + 5 * LEAF, false},
    {7, POLICY_NR_FEAT, AT(feat), true},
    {8, 3, AT(basic) + 8 * LEAF, false},
    {0xb, POLICY_NR_TOPO, AT(topo), true},
    {0xc, 1, AT(basic) + 0xc * LEAF, false},
    {0xd, POLICY_NR_XSTATE, AT(xstate), true},
    {0x80000000, POLICY_NR_EXTD, AT(extd), false},
};

#define NR_RANGES (sizeof(ranges) / sizeof(ranges[0]))

static struct cpuid_leaf *entry(struct cpu_policy *p, const struct range *r, uint32_t i)
{
    return (struct cpuid_leaf *)((char *)p + r->offset) + i;
}

/* Subleaves beyond the last one in use are not written. */
static uint32_t count(const struct cpu_policy *p, const struct range *r)
{
    uint32_t max = p->basic[0].a, n = 0;

    if (r->first >= 0x80000000)
        return p->extd[0].a >= 0x80000000 ? (p->extd[0].a & 0xffff) + 1 : 0;
    if (r->first > max)
        return 0;
    switch (r->subleaves ? r->first : 0) {
    case 0:
        return max - r->first + 1 < r->nr ? max - r->first + 1 : r->nr;
    case 4:
        while (n < r->nr && (p->cache[n].a & 0x1f))
            n++;
        return n < r->nr ? n + 1 : n; /* with the empty one that ends the list */
    case 7:
        return p->feat[0].a < r->nr ? p->feat[0].a + 1 : r->nr;
    case 0xd:
        for (uint32_t i = 2; i < r->nr; i++)
            if (cpu_policy_xcr0_max(p) & (1ull << i))
                n = i;
        return (n > 1 ? n : 1) + 1;
    default:
        return r->nr;
    }
}

static bool put(xen_cpuid_leaf_t *leaves, uint32_t *used, uint32_t room, uint32_t leaf,
                uint32_t subleaf, const struct cpuid_leaf *l)
{
    if (*used == room)
        return false;
    leaves[(*used)++] = (xen_cpuid_leaf_t){leaf, subleaf, l->a, l->b, l->c, l->d};
    return true;
}

int cpu_policy_to_leaves(const struct cpu_policy *p, xen_cpuid_leaf_t *leaves, uint32_t *nr)
{
    const struct cpuid_leaf hv = {.a = p->hv_limit}, hv2 = {.a = p->hv2_limit};
    uint32_t used = 0;

    for (size_t k = 0; k < NR_RANGES; k++) {
        const struct range *r = &ranges[k];
        uint32_t n = count(p, r);

        if (r->first == 0x80000000 && (!put(leaves, &used, *nr, 0x40000000, NO_SUBLEAF, &hv) ||
                                       !put(leaves, &used, *nr, 0x40000100, NO_SUBLEAF, &hv2)))
            return -XEN_ENOBUFS;
        for (uint32_t i = 0; i < n; i++) {
            const struct cpuid_leaf *l = entry((struct cpu_policy *)p, r, i);

            if (!put(leaves, &used, *nr, r->subleaves ? r->first : r->first + i,
                     r->subleaves ? i : NO_SUBLEAF, l))
                return -XEN_ENOBUFS;
        }
    }
    *nr = used;
    return 0;
}

static struct cpuid_leaf *find(struct cpu_policy *p, uint32_t leaf, uint32_t subleaf)
{
    for (size_t k = 0; k < NR_RANGES; k++) {
        const struct range *r = &ranges[k];

        if (r->subleaves) {
            if (leaf == r->first)
                return subleaf < r->nr ? entry(p, r, subleaf) : NULL;
        } else if (leaf - r->first < r->nr) {
            return subleaf == NO_SUBLEAF ? entry(p, r, leaf - r->first) : NULL;
        }
    }
    return NULL;
}

int cpu_policy_from_leaves(struct cpu_policy *p, const xen_cpuid_leaf_t *leaves, uint32_t nr,
                           struct cpu_policy_error *err)
{
    *err = (struct cpu_policy_error){~0u, ~0u, ~0u};
    for (uint32_t i = 0; i < nr; i++) {
        const xen_cpuid_leaf_t *in = &leaves[i];
        struct cpuid_leaf *l = find(p, in->leaf, in->subleaf);

        if (l) {
            *l = (struct cpuid_leaf){in->a, in->b, in->c, in->d};
        } else if (in->leaf == 0x40000000 && in->subleaf == NO_SUBLEAF) {
            p->hv_limit = in->a;
        } else if (in->leaf == 0x40000100 && in->subleaf == NO_SUBLEAF) {
            p->hv2_limit = in->a;
        } else {
            err->leaf = in->leaf;
            err->subleaf = in->subleaf;
            return -XEN_ERANGE;
        }
    }
    return 0;
}

int cpu_policy_to_msrs(const struct cpu_policy *p, xen_msr_entry_t *msrs, uint32_t *nr)
{
    if (*nr < POLICY_NR_MSRS)
        return -XEN_ENOBUFS;
    msrs[0] = (xen_msr_entry_t){.idx = POLICY_MSR_PLATFORM_INFO, .val = p->platform_info};
    msrs[1] = (xen_msr_entry_t){.idx = POLICY_MSR_ARCH_CAPS, .val = p->arch_caps};
    *nr = POLICY_NR_MSRS;
    return 0;
}

int cpu_policy_from_msrs(struct cpu_policy *p, const xen_msr_entry_t *msrs, uint32_t nr,
                         struct cpu_policy_error *err)
{
    *err = (struct cpu_policy_error){~0u, ~0u, ~0u};
    for (uint32_t i = 0; i < nr; i++) {
        const xen_msr_entry_t *in = &msrs[i];

        err->msr = in->idx;
        if (in->flags)
            return -XEN_EINVAL;
        switch (in->idx) {
        case POLICY_MSR_PLATFORM_INFO:
            if (in->val >> 32)
                return -XEN_EOVERFLOW;
            p->platform_info = in->val;
            break;
        case POLICY_MSR_ARCH_CAPS:
            p->arch_caps = in->val;
            break;
        default:
            return -XEN_ERANGE;
        }
        err->msr = ~0u;
    }
    return 0;
}

int cpu_policy_update(struct cpu_policy *p, const struct cpu_policy *max,
                      const xen_cpuid_leaf_t *leaves, uint32_t nr_leaves,
                      const xen_msr_entry_t *msrs, uint32_t nr_msrs, struct cpu_policy_error *err)
{
    int rc = cpu_policy_from_leaves(p, leaves, nr_leaves, err);

    if (!rc)
        rc = cpu_policy_from_msrs(p, msrs, nr_msrs, err);
    if (!rc)
        rc = cpu_policy_check(max, p, err);
    if (!rc)
        cpu_policy_sanitise(p, max);
    return rc;
}
