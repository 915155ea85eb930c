/* SPDX-License-Identifier: GPL-2.0-only */
/* The CPUID instruction, and where the CPU policies come from. */
#include <asm/msr.h>
#include <public/arch-x86/cpuid.h>
#include <xen/errno.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/time.h>
#include "hvm_priv.h"

struct cpu_policy host_cpu_policy, hvm_max_cpu_policy, hvm_def_cpu_policy;

/* State that we do keep for each vCPU. */
#define ABILITIES \
    (CPU_ABILITY_PRED_CMD | CPU_ABILITY_TSC_AUX | CPU_ABILITY_TSC_ADJUST | CPU_ABILITY_MTRR)

static void host_cpuid(void *ctx, uint32_t leaf, uint32_t subleaf, struct cpuid_leaf *out)
{
    cpuid_count(leaf, subleaf, &out->a, &out->b, &out->c, &out->d);
}

static bool host_rdmsr(void *ctx, uint32_t msr, uint64_t *val)
{
    return rdmsr_safe(msr, val) == 0;
}

void hvm_policy_init(void)
{
    const struct cpu_policy_source src = {host_cpuid, host_rdmsr, NULL};

    cpu_policy_from_host(&host_cpu_policy, &src);
    cpu_policy_hvm_max(&hvm_max_cpu_policy, &host_cpu_policy, ABILITIES);
    cpu_policy_hvm_default(&hvm_def_cpu_policy, &host_cpu_policy, ABILITIES);
}

int hvm_domain_policy_init(struct domain *d)
{
    struct cpu_policy *p = xmalloc(struct cpu_policy);

    if (!p)
        return -ENOMEM;
    *p = hvm_def_cpu_policy;
    if (d->is_privileged) /* its builder is us */
        cpu_policy_set_topology(p, d->max_vcpus);
    d->arch.cpu_policy = p;
    return 0;
}

void hvm_policy_changed(struct domain *d)
{
    struct vcpu *v;

    for_each_vcpu (d, v)
        v->arch.hvm.cr4_valid = 0;
}

void exit_cpuid(struct vcpu *v, struct vm_exit *exit)
{
    struct cpu_regs *regs = &v->arch.regs;
    const struct arch_domain *a = &v->domain->arch;
    struct cpuid_leaf out;
    unsigned int len = exit_insn_length(v, exit);

    if (!len)
        return;
    /* Where XSETBV does not exit, XCR0 changes without our notice. */
    if ((u32)regs->rax == 0xd)
        v->arch.hvm.xcr0 = xstate_get_xcr0(v);

    const struct cpuid_vcpu_state s = {
        .vcpu_id = v->vcpu_id,
        .domain_id = v->domain->domain_id,
        .apic_id = vlapic_id(v),
        .cr4 = hvm_vendor->get_cr(v, 4),
        .xcr0 = v->arch.hvm.xcr0,
        .xss = v->arch.hvm.xss,
        .apic_enabled = v->arch.hvm.vlapic.apic_base & APIC_BASE_ENABLE,
        .long_mode = hvm_guest_mode_bytes(v) == 8,
        .hvm_flags = XEN_HVM_CPUID_UPCALL_VECTOR,
        .tsc_emulated = a->vtsc,
        .tsc_mode = a->tsc_mode,
        .tsc_khz = a->tsc_khz,
        .tsc_incarnation = a->tsc_incarnation,
        .host_tsc_khz = cpu_khz,
        .tsc_offset = v->arch.hvm.tsc_offset,
        .tsc_to_ns_mul = tsc_mul_frac,
        .tsc_to_ns_shift = tsc_shift,
    };

    guest_cpuid(a->cpu_policy, &s, regs->rax, regs->rcx, &out);
    regs->rax = out.a;
    regs->rbx = out.b;
    regs->rcx = out.c;
    regs->rdx = out.d;
    hvm_advance_rip(v, len);
}
