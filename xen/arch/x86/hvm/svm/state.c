/* SPDX-License-Identifier: GPL-2.0-only */
/* Accessors of what the VMCB keeps for a vCPU, for struct hvm_vendor. The vCPU is not in the guest.
 */
#include <xen/errno.h>
#include <xen/lib.h>
#include "svm.h"

static struct segment_register *segment_of(struct vmcb *b, enum x86_seg s)
{
    switch (s) {
    case SEG_ES:
        return &b->es;
    case SEG_CS:
        return &b->cs;
    case SEG_SS:
        return &b->ss;
    case SEG_DS:
        return &b->ds;
    case SEG_FS:
        return &b->fs;
    case SEG_GS:
        return &b->gs;
    case SEG_LDTR:
        return &b->ldtr;
    case SEG_TR:
        return &b->tr;
    case SEG_GDTR:
        return &b->gdtr;
    case SEG_IDTR:
        return &b->idtr;
    default:
        BUG();
    }
}

void svm_get_segment(struct vcpu *v, enum x86_seg s, struct segment_register *r)
{
    *r = *segment_of(vmcb_of(v), s);
}

void svm_set_segment(struct vcpu *v, enum x86_seg s, const struct segment_register *r)
{
    struct vmcb *b = vmcb_of(v);

    *segment_of(b, s) = *r;
    if (s == SEG_SS)
        b->cpl = (r->attr >> 5) & 3; /* the processor takes the CPL from SS.DPL, or from here */
    b->clean &= ~(CLEAN_SEG | CLEAN_DT);
}

u64 svm_get_cr(struct vcpu *v, unsigned int n)
{
    const struct vmcb *b = vmcb_of(v);

    switch (n) {
    case 0:
        return b->cr0;
    case 2:
        return b->cr2;
    case 3:
        return b->cr3;
    case 4:
        return b->cr4;
    default:
        BUG();
    }
}

/*
 * EFER.LME with CR4.PAE clear must not be in the VMCB at an exit: some processors' emulators then
 * leave the host without paging. It is of no effect before PAE anyhow, and entered with it.
 */
static void update_lme(struct svm_vcpu *s)
{
    struct vmcb *b = s->vmcb;

    if (s->lme_held && (b->cr4 & CR4_PAE)) {
        b->efer |= EFER_LME;
        s->lme_held = false;
    } else if ((b->efer & EFER_LME) && !(b->cr4 & CR4_PAE)) {
        b->efer &= ~EFER_LME;
        s->lme_held = true;
    }
}

void svm_set_cr(struct vcpu *v, unsigned int n, u64 val)
{
    struct vmcb *b = vmcb_of(v);

    b->clean &= ~(n == 2 ? CLEAN_CR2 : CLEAN_CR);
    switch (n) {
    case 0:
        b->cr0 = val;
        break;
    case 2:
        b->cr2 = val;
        break;
    case 3:
        b->cr3 = val;
        break;
    case 4:
        b->cr4 = val;
        update_lme(v->arch.svm);
        break;
    default:
        BUG();
    }
}

u64 svm_get_efer(struct vcpu *v)
{
    const struct svm_vcpu *s = v->arch.svm;

    return (s->vmcb->efer & ~EFER_SVME) | (s->lme_held ? EFER_LME : 0);
}

void svm_set_efer(struct vcpu *v, u64 efer)
{
    struct svm_vcpu *s = v->arch.svm;

    s->vmcb->efer = efer | EFER_SVME;
    s->lme_held = false;
    update_lme(s);
    s->vmcb->clean &= ~CLEAN_CR;
}

static u64 *msr_field(struct vmcb *b, u32 msr)
{
    switch (msr) {
    case MSR_FS_BASE:
        return &b->fs.base;
    case MSR_GS_BASE:
        return &b->gs.base;
    case MSR_KERNEL_GS_BASE:
        return &b->kernel_gs_base;
    case MSR_STAR:
        return &b->star;
    case MSR_LSTAR:
        return &b->lstar;
    case MSR_CSTAR:
        return &b->cstar;
    case MSR_SFMASK:
        return &b->sfmask;
    case MSR_SYSENTER_CS:
        return &b->sysenter_cs;
    case MSR_SYSENTER_ESP:
        return &b->sysenter_esp;
    case MSR_SYSENTER_EIP:
        return &b->sysenter_eip;
    case MSR_PAT:
        return &b->g_pat;
    default:
        return NULL;
    }
}

int svm_msr_read(struct vcpu *v, u32 msr, u64 *val)
{
    u64 *f = msr_field(vmcb_of(v), msr);

    if (!f)
        return -ENOENT;
    *val = *f;
    return 0;
}

int svm_msr_write(struct vcpu *v, u32 msr, u64 val)
{
    struct vmcb *b = vmcb_of(v);
    u64 *f = msr_field(b, msr);

    if (!f)
        return -ENOENT;
    *f = val;
    b->clean &= ~(CLEAN_NP | CLEAN_SEG);
    return 0;
}
