/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Debug registers. DR6 and DR7 travel in the VMCB; DR0-3 are loaded only for a vCPU that uses
 * them: every access exits until the first one, and again after the vCPU was switched out, unless
 * DR7 has a breakpoint enabled.
 */
#include "svm.h"

#define DR_ALL         0xffffffffU
#define DR7_ACTIVE     0xffUL

#define READ_DR(n, v)  __asm__ volatile("mov %%db" #n ", %0" : "=r"(v))
#define WRITE_DR(n, v) __asm__ volatile("mov %0, %%db" #n ::"r"(v))

static void load_dr(struct vcpu *v)
{
    const u64 *dr = v->arch.hvm.dr;
    struct vmcb *vmcb = vmcb_of(v);

    WRITE_DR(0, dr[0]);
    WRITE_DR(1, dr[1]);
    WRITE_DR(2, dr[2]);
    WRITE_DR(3, dr[3]);
    v->arch.svm->dr_loaded = true;
    vmcb->intercept_dr = 0;
    vmcb->clean &= ~CLEAN_INTERCEPTS;
}

void svm_dr_access(struct vcpu *v)
{
    if (!v->arch.svm->dr_loaded)
        load_dr(v);
}

void svm_dr_save(struct vcpu *v)
{
    u64 *dr = v->arch.hvm.dr;
    struct vmcb *vmcb = vmcb_of(v);

    if (likely(!v->arch.svm->dr_loaded))
        return;
    READ_DR(0, dr[0]);
    READ_DR(1, dr[1]);
    READ_DR(2, dr[2]);
    READ_DR(3, dr[3]);
    v->arch.svm->dr_loaded = false;
    vmcb->intercept_dr = DR_ALL;
    vmcb->clean &= ~CLEAN_INTERCEPTS;
}

void svm_dr_restore(struct vcpu *v)
{
    if (unlikely(vmcb_of(v)->dr7 & DR7_ACTIVE))
        load_dr(v);
}

void svm_get_dr67(struct vcpu *v, u64 *dr6, u64 *dr7)
{
    *dr6 = vmcb_of(v)->dr6;
    *dr7 = vmcb_of(v)->dr7;
}

void svm_set_dr67(struct vcpu *v, u64 dr6, u64 dr7)
{
    vmcb_of(v)->dr6 = dr6;
    vmcb_of(v)->dr7 = dr7;
    vmcb_of(v)->clean &= ~CLEAN_DR;
}
