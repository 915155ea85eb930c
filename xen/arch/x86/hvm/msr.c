/* SPDX-License-Identifier: GPL-2.0-only */
/* Model-specific registers of guests: one row per range; whatever is not listed is #GP. */
#include <asm/msr.h>
#include <xen/lib.h>
#include <xen/time.h>
#include "hvm_priv.h"

#define MSR_HYPERCALL_PAGE       0x40000000
#define MSR_DE_CFG               0xc0011029
#define DE_CFG_LFENCE_SERIALISES (1UL << 1)
#define HWCR_TSC_FREQ_SEL        (1UL << 24)
#define VM_CR_LOCKED_OFF         0x18 /* SVM disabled, and locked so */

/* 0 done, 1 #GP. */
typedef int msr_read_fn(struct vcpu *v, u32 msr, u64 *val);
typedef int msr_write_fn(struct vcpu *v, u32 msr, u64 val);

static bool has(const struct vcpu *v, unsigned int feature)
{
    return cpu_policy_has(v->domain->arch.cpu_policy, feature);
}

static int read_zero(struct vcpu *v, u32 msr, u64 *val)
{
    *val = 0;
    return 0;
}

static int write_ignore(struct vcpu *v, u32 msr, u64 val)
{
    return 0;
}

static int vendor_read(struct vcpu *v, u32 msr, u64 *val)
{
    return hvm_vendor->msr_read(v, msr, val) != 0;
}

static bool canonical(u64 a)
{
    return (u64)((s64)(a << 16) >> 16) == a;
}

static int vendor_write(struct vcpu *v, u32 msr, u64 val)
{
    return hvm_vendor->msr_write(v, msr, val) != 0;
}

static int address_write(struct vcpu *v, u32 msr, u64 val)
{
    return canonical(val) ? vendor_write(v, msr, val) : 1;
}

static int pat_write(struct vcpu *v, u32 msr, u64 val)
{
    return mtrr_pat_valid(val) ? vendor_write(v, msr, val) : 1;
}

static int tsc_read(struct vcpu *v, u32 msr, u64 *val)
{
    *val = hvm_get_guest_tsc(v);
    return 0;
}

static int tsc_write(struct vcpu *v, u32 msr, u64 val)
{
    hvm_set_guest_tsc(v, val);
    return 0;
}

static int tsc_adjust_read(struct vcpu *v, u32 msr, u64 *val)
{
    *val = v->arch.hvm.tsc_adjust;
    return !has(v, XEN_X86_FEATURE_TSC_ADJUST);
}

static int tsc_adjust_write(struct vcpu *v, u32 msr, u64 val)
{
    struct hvm_vcpu *h = &v->arch.hvm;

    if (!has(v, XEN_X86_FEATURE_TSC_ADJUST))
        return 1;
    h->tsc_offset += val - h->tsc_adjust;
    h->tsc_adjust = val;
    hvm_vendor->set_tsc_offset(v, h->tsc_offset);
    return 0;
}

static bool has_tsc_aux(const struct vcpu *v)
{
    return has(v, XEN_X86_FEATURE_RDTSCP) || has(v, XEN_X86_FEATURE_RDPID);
}

static bool host_has_tsc_aux(void)
{
    return cpu_policy_has(&host_cpu_policy, XEN_X86_FEATURE_RDTSCP) ||
           cpu_policy_has(&host_cpu_policy, XEN_X86_FEATURE_RDPID);
}

void hvm_load_tsc_aux(const struct vcpu *v)
{
    if (host_has_tsc_aux())
        wrmsr(MSR_TSC_AUX, v->arch.hvm.tsc_aux);
}

static int tsc_aux_read(struct vcpu *v, u32 msr, u64 *val)
{
    *val = v->arch.hvm.tsc_aux;
    return !has_tsc_aux(v);
}

static int tsc_aux_write(struct vcpu *v, u32 msr, u64 val)
{
    if (!has_tsc_aux(v) || val >> 32)
        return 1;
    v->arch.hvm.tsc_aux = val;
    if (v == current)
        hvm_load_tsc_aux(v);
    return 0;
}

static int efer_read(struct vcpu *v, u32 msr, u64 *val)
{
    *val = hvm_vendor->get_efer(v);
    return 0;
}

static int efer_write(struct vcpu *v, u32 msr, u64 val)
{
    return hvm_set_efer(v, val);
}

static int pred_cmd_write(struct vcpu *v, u32 msr, u64 val)
{
    if ((val & ~1UL) || !(has(v, XEN_X86_FEATURE_IBPB) || has(v, XEN_X86_FEATURE_IBRSB)))
        return 1;
    return val && wrmsr_safe(MSR_PRED_CMD, val);
}

static int platform_info_read(struct vcpu *v, u32 msr, u64 *val)
{
    *val = v->domain->arch.cpu_policy->platform_info;
    return cpu_policy_vendor(v->domain->arch.cpu_policy) != CPU_VENDOR_INTEL;
}

static int arch_caps_read(struct vcpu *v, u32 msr, u64 *val)
{
    *val = v->domain->arch.cpu_policy->arch_caps;
    return !has(v, XEN_X86_FEATURE_ARCH_CAPS);
}

static bool is_amd(const struct vcpu *v)
{
    return cpu_policy_vendor(v->domain->arch.cpu_policy) == CPU_VENDOR_AMD;
}

/* AMD's own: plausible answers to what kernels look at; writes of them change nothing. */
static int amd_read(struct vcpu *v, u32 msr, u64 *val)
{
    *val = msr == MSR_K8_HWCR  ? HWCR_TSC_FREQ_SEL
           : msr == MSR_VM_CR  ? VM_CR_LOCKED_OFF
           : msr == MSR_DE_CFG ? DE_CFG_LFENCE_SERIALISES
                               : 0;
    return !is_amd(v);
}

static int amd_write(struct vcpu *v, u32 msr, u64 val)
{
    return !is_amd(v);
}

struct msr_row {
    u32 first, last;
    msr_read_fn *read; /* NULL: #GP */
    msr_write_fn *write;
};

/* Sorted. */
static const struct msr_row rows[] = {
    {MSR_TSC, MSR_TSC, tsc_read, tsc_write},
    {MSR_APIC_BASE, MSR_APIC_BASE, vlapic_msr_read, vlapic_msr_write},
    {MSR_TSC_ADJUST, MSR_TSC_ADJUST, tsc_adjust_read, tsc_adjust_write},
    {MSR_PRED_CMD, MSR_PRED_CMD, NULL, pred_cmd_write},
    {MSR_UCODE_REV, MSR_UCODE_REV, read_zero, write_ignore},
    {MSR_PLATFORM_INFO, MSR_PLATFORM_INFO, platform_info_read, NULL},
    {MSR_MTRRCAP, MSR_MTRRCAP, mtrr_read, NULL},
    {MSR_ARCH_CAPABILITIES, MSR_ARCH_CAPABILITIES, arch_caps_read, NULL},
    {MSR_SYSENTER_CS, MSR_SYSENTER_CS, vendor_read, vendor_write},
    {MSR_SYSENTER_ESP, MSR_SYSENTER_EIP, vendor_read, address_write},
    {MSR_MCG_CAP, MSR_MCG_CTL, read_zero, write_ignore},
    {MSR_DEBUGCTL, MSR_DEBUGCTL, read_zero, write_ignore},
    {0x1db, 0x1de, read_zero, write_ignore}, /* last branch and exception addresses */
    {MSR_MTRR_PHYSBASE0, MSR_MTRR_PHYSBASE0 + 15, mtrr_read, mtrr_write},
    {MSR_MTRR_FIX64K, MSR_MTRR_FIX64K, mtrr_read, mtrr_write},
    {MSR_MTRR_FIX16K_80000, MSR_MTRR_FIX16K_80000 + 1, mtrr_read, mtrr_write},
    {MSR_MTRR_FIX4K_C0000, MSR_MTRR_FIX4K_C0000 + 7, mtrr_read, mtrr_write},
    {MSR_PAT, MSR_PAT, vendor_read, pat_write},
    {MSR_MTRR_DEF_TYPE, MSR_MTRR_DEF_TYPE, mtrr_read, mtrr_write},
    {MSR_MC0_CTL, MSR_MC0_CTL + 0x7f, read_zero, write_ignore},
    {MSR_TSC_DEADLINE, MSR_TSC_DEADLINE, vlapic_msr_read, vlapic_msr_write},
    {MSR_X2APIC_BASE, MSR_X2APIC_BASE + 0x3ff, vlapic_msr_read, vlapic_msr_write},
    {MSR_HYPERCALL_PAGE, MSR_HYPERCALL_PAGE, NULL, hvm_write_hypercall_page},
    {MSR_EFER, MSR_EFER, efer_read, efer_write},
    {MSR_STAR, MSR_STAR, vendor_read, vendor_write},
    {MSR_LSTAR, MSR_CSTAR, vendor_read, address_write},
    {MSR_SFMASK, MSR_SFMASK, vendor_read, vendor_write},
    {MSR_FS_BASE, MSR_KERNEL_GS_BASE, vendor_read, address_write},
    {MSR_TSC_AUX, MSR_TSC_AUX, tsc_aux_read, tsc_aux_write},
    {0xc0010000, 0xc0010007, amd_read, amd_write}, /* performance counters */
    {MSR_K8_SYSCFG, MSR_K8_SYSCFG, amd_read, NULL},
    {MSR_K8_HWCR, MSR_K8_HWCR, amd_read, NULL},
    {MSR_VM_CR, MSR_VM_CR, amd_read, NULL},
    {0xc0010140, 0xc0010141, amd_read, NULL}, /* OS visible workarounds: none known */
    {0xc0010200, 0xc001020b, amd_read, amd_write},
    {MSR_DE_CFG, MSR_DE_CFG, amd_read, amd_write},
};

static const struct msr_row *find_row(u32 msr)
{
    unsigned int lo = 0, hi = ARRAY_SIZE(rows);

    while (lo < hi) {
        unsigned int mid = (lo + hi) / 2;
        if (msr < rows[mid].first)
            hi = mid;
        else if (msr > rows[mid].last)
            lo = mid + 1;
        else
            return &rows[mid];
    }
    return NULL;
}

int hvm_msr_read(struct vcpu *v, u32 msr, u64 *val)
{
    const struct msr_row *row = find_row(msr);

    return !row || !row->read || row->read(v, msr, val);
}

int hvm_msr_write(struct vcpu *v, u32 msr, u64 val)
{
    const struct msr_row *row = find_row(msr);

    return !row || !row->write || row->write(v, msr, val);
}

#define IS_X2APIC(msr) ((u32)(msr)-MSR_X2APIC_BASE < 0x400)

void exit_msr(struct vcpu *v, struct vm_exit *exit)
{
    struct cpu_regs *regs = &v->arch.regs;
    unsigned int len = exit_insn_length(v, exit);
    u32 msr = regs->rcx;
    u64 val = (u32)regs->rax | (regs->rdx << 32);
    int rc;

    if (!len)
        return;
    if (likely(exit->write)) /* the local APIC's are most of all, and need no search */
        rc = IS_X2APIC(msr) ? vlapic_msr_write(v, msr, val) : hvm_msr_write(v, msr, val);
    else
        rc = IS_X2APIC(msr) ? vlapic_msr_read(v, msr, &val) : hvm_msr_read(v, msr, &val);
    if (unlikely(rc)) {
        gprintk(XENLOG_DEBUG, "d%dv%u: %s of MSR %#x: #GP\n", v->domain->domain_id, v->vcpu_id,
                exit->write ? "write" : "read", msr);
        hvm_inject_gp(v);
        return;
    }
    if (!exit->write) {
        regs->rax = (u32)val;
        regs->rdx = val >> 32;
    }
    hvm_advance_rip(v, len);
}
