/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the CPUID instruction returns to a guest: its policy, plus the few bits that follow a vCPU's
 * state, plus the leaves in which the hypervisor shows itself.
 */
#include <xen/cpu_policy.h>
#include <public/arch-x86/cpuid.h>

#define F(name)           XEN_X86_FEATURE_##name

#define CR4_OSXSAVE       (1u << 18)
#define CR4_PKE           (1u << 22)

#define HYPERVISOR_MAJOR  4
#define HYPERVISOR_MINOR  17
#define HYPERCALL_MSR     0x40000000u
#define HYPERVISOR_LEAVES 4u /* the last one: 5 is for PV guests */

#define TIME_TSC_EMULATED (1u << 0)
#define TIME_TSC_RELIABLE (1u << 1)
#define TIME_RDTSCP       (1u << 2)

static uint32_t bit(unsigned int feature)
{
    return 1u << feature % 32;
}

static void flag(uint32_t *reg, unsigned int feature, bool on)
{
    *reg = on ? *reg | bit(feature) : *reg & ~bit(feature);
}

/* --- the hypervisor's own leaves --- */

static void time_leaf(const struct cpu_policy *p, const struct cpuid_vcpu_state *s,
                      uint32_t subleaf, struct cpuid_leaf *out)
{
    switch (subleaf) {
    case 0:
        out->a = (s->tsc_emulated ? TIME_TSC_EMULATED : 0) |
                 (s->tsc_reliable ? TIME_TSC_RELIABLE : 0) |
                 (cpu_policy_has(p, F(RDTSCP)) ? TIME_RDTSCP : 0);
        out->b = s->tsc_mode;
        out->c = s->tsc_khz;
        out->d = s->tsc_incarnation;
        break;
    case 1:
        out->a = s->tsc_offset;
        out->b = s->tsc_offset >> 32;
        out->c = s->tsc_to_ns_mul;
        out->d = (uint8_t)s->tsc_to_ns_shift;
        break;
    case 2:
        out->a = s->host_tsc_khz;
        break;
    }
}

static void hypervisor_leaf(const struct cpu_policy *p, const struct cpuid_vcpu_state *s,
                            uint32_t leaf, uint32_t subleaf, struct cpuid_leaf *out)
{
    uint32_t last = HYPERVISOR_LEAVES;

    /* Tools may show fewer leaves, but not too few to find the hypercall page. */
    if (p->hv_limit >= XEN_CPUID_LEAF(2) && p->hv_limit < XEN_CPUID_LEAF(last))
        last = p->hv_limit - XEN_CPUID_FIRST_LEAF;
    if (leaf - XEN_CPUID_FIRST_LEAF > last)
        return;

    switch (leaf - XEN_CPUID_FIRST_LEAF) {
    case 0:
        *out = (struct cpuid_leaf){XEN_CPUID_LEAF(last), XEN_CPUID_SIGNATURE_EBX,
                                   XEN_CPUID_SIGNATURE_ECX, XEN_CPUID_SIGNATURE_EDX};
        break;
    case 1:
        out->a = HYPERVISOR_MAJOR << 16 | HYPERVISOR_MINOR;
        break;
    case 2:
        out->a = 1; /* hypercall pages */
        out->b = HYPERCALL_MSR;
        break;
    case 3:
        time_leaf(p, s, subleaf, out);
        break;
    case 4:
        if (subleaf)
            break;
        out->a = XEN_HVM_CPUID_VCPU_ID_PRESENT | XEN_HVM_CPUID_DOMID_PRESENT | s->hvm_flags;
        out->b = s->vcpu_id;
        out->c = s->domain_id;
        break;
    }
}

/* --- leaves of the processor --- */

/* Bytes of a compacted XSAVE area (SDM vol. 1, 13.4.3). */
static uint32_t compact_size(const struct cpu_policy *p, uint64_t components)
{
    uint32_t size = 576;

    for (unsigned int i = 2; i < POLICY_NR_XSTATE; i++) {
        if (!(components & (1ull << i)))
            continue;
        if (p->xstate[i].c & 2) /* must be aligned */
            size = (size + 63) & ~63u;
        size += p->xstate[i].a;
    }
    return size;
}

static void subleaf_group(const struct cpu_policy *p, const struct cpuid_vcpu_state *s,
                          uint32_t leaf, uint32_t subleaf, struct cpuid_leaf *out)
{
    switch (leaf) {
    case 4:
        if (subleaf < POLICY_NR_CACHE)
            *out = p->cache[subleaf];
        break;
    case 7:
        if (subleaf > p->feat[0].a || subleaf >= POLICY_NR_FEAT)
            break;
        *out = p->feat[subleaf];
        if (!subleaf)
            flag(&out->c, F(OSPKE), cpu_policy_has(p, F(PKU)) && (s->cr4 & CR4_PKE));
        break;
    case 0xb:
        if (!cpu_policy_has(p, F(X2APIC)))
            break;
        if (subleaf < POLICY_NR_TOPO)
            *out = p->topo[subleaf];
        /* Both are valid in every subleaf, even beyond the last level. */
        out->c = (out->c & ~0xffu) | (subleaf & 0xff);
        out->d = s->apic_id;
        break;
    case 0xd:
        if (!cpu_policy_has(p, F(XSAVE)) || subleaf >= POLICY_NR_XSTATE)
            break;
        *out = p->xstate[subleaf];
        if (subleaf == 0)
            out->b = cpu_policy_xsave_size(p, s->xcr0);
        else if (subleaf == 1 && (out->a & (bit(F(XSAVEC)) | bit(F(XSAVES)))))
            out->b = compact_size(p, s->xcr0 | s->xss);
        break;
    }
}

static void basic_leaf(const struct cpu_policy *p, const struct cpuid_vcpu_state *s, uint32_t leaf,
                       uint32_t subleaf, struct cpuid_leaf *out)
{
    if (leaf > p->basic[0].a || leaf >= POLICY_NR_BASIC)
        return;
    if (leaf == 4 || leaf == 7 || leaf == 0xb || leaf == 0xd) {
        subleaf_group(p, s, leaf, subleaf, out);
        return;
    }
    *out = p->basic[leaf];
    if (leaf == 1) {
        out->b = (out->b & 0x00ffffff) | s->apic_id << 24;
        flag(&out->c, F(OSXSAVE), cpu_policy_has(p, F(XSAVE)) && (s->cr4 & CR4_OSXSAVE));
        if (!s->apic_enabled)
            flag(&out->d, F(APIC), false);
    }
}

static void extended_leaf(const struct cpu_policy *p, const struct cpuid_vcpu_state *s,
                          uint32_t leaf, struct cpuid_leaf *out)
{
    if (leaf > p->extd[0].a || leaf - 0x80000000 >= POLICY_NR_EXTD)
        return;
    *out = p->extd[leaf - 0x80000000];
    if (leaf != 0x80000001)
        return;
    if (cpu_policy_vendor(p) == CPU_VENDOR_AMD) {
        /* EDX repeats leaf 1 there, so it follows the APIC's state as well. */
        if (!s->apic_enabled)
            flag(&out->d, F(APIC), false);
    } else if (!s->long_mode) {
        /* Intel processors have SYSCALL in 64-bit mode only, and say so. */
        flag(&out->d, F(SYSCALL), false);
    }
}

void guest_cpuid(const struct cpu_policy *p, const struct cpuid_vcpu_state *s, uint32_t leaf,
                 uint32_t subleaf, struct cpuid_leaf *out)
{
    *out = (struct cpuid_leaf){0};

    switch (leaf >> 16) {
    case 0x0000:
        basic_leaf(p, s, leaf, subleaf, out);
        break;
    case 0x4000:
        hypervisor_leaf(p, s, leaf, subleaf, out);
        break;
    case 0x8000:
        extended_leaf(p, s, leaf, out);
        break;
    }
}
