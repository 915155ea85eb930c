/* SPDX-License-Identifier: GPL-2.0-only */
/* One trip into the guest: what the VMCB needs before, and what is learned from it after. */
#include <asm/irqflags.h>
#include <xen/lib.h>
#include "svm.h"

DECLARE_PER_CPU(paddr_t, svm_host_vmcb);

/* The task priority as CR8 has it: bits 7:4 of the local APIC's TPR register. */
static inline u32 *tpr_reg(struct vcpu *v)
{
    return (u32 *)(v->arch.hvm.vlapic.regs + 0x80);
}

/*
 * The delivery of an event was cut short. External interrupts are still pending in the local APIC
 * (irq_taken is false then) and are offered again; INTn, INT3 and INTO are executed again. Other
 * events must be injected once more.
 */
static void interrupted_delivery(struct vcpu *v, struct vmcb *vmcb, struct vm_exit *exit)
{
    struct hvm_vcpu *h = &v->arch.hvm;
    u8 vector, type;
    s32 error_code;

    if (EVENT_TYPE(vmcb->exitintinfo) == HVM_EVENT_INTERRUPT)
        exit->irq_taken = false;
    if (!svm_decode_interrupted(vmcb->exitintinfo, &vector, &type, &error_code))
        return;
    h->pending_event.valid = true;
    h->pending_event.vector = vector;
    h->pending_event.type = type;
    h->pending_event.error_code = error_code;
    h->pending_event.cr2 = vmcb->cr2;
    if (type == HVM_EVENT_NMI)
        h->nmi_masked = false;
}

/* IRET of an NMI handler: NMIs stay masked until it has been executed. */
static void track_iret(struct vcpu *v, struct vmcb *vmcb)
{
    struct svm_vcpu *s = v->arch.svm;

    if (vmcb->exitcode == VMEXIT_IRET) {
        vmcb->intercept1 &= ~I1_IRET;
        vmcb->clean &= ~CLEAN_INTERCEPTS;
        s->iret_pending = true;
        s->iret_rip = vmcb->rip;
    } else if (vmcb->rip != s->iret_rip) {
        s->iret_pending = false;
        v->arch.hvm.nmi_masked = false;
    }
}

void svm_run(struct vcpu *v, struct vm_exit *exit)
{
    struct svm_vcpu *s = v->arch.svm;
    struct vmcb *vmcb = s->vmcb;
    struct cpu_regs *regs = &v->arch.regs;
    u32 *tpr = tpr_reg(v);
    u64 vintr = VINTR_INTR_MASKING | ((*tpr >> 4) & VINTR_TPR_MASK) | s->irq_offer;

    svm_asid_check(v);
    if (vmcb->vintr != vintr) {
        vmcb->vintr = vintr;
        vmcb->clean &= ~CLEAN_TPR;
    }
    vmcb->rax = regs->rax;
    vmcb->rip = regs->rip;
    vmcb->rsp = regs->rsp;
    vmcb->rflags = regs->rflags;

    svm_enter(regs, s->vmcb_pa, this_cpu(svm_host_vmcb));

    regs->rax = vmcb->rax;
    regs->rip = vmcb->rip;
    regs->rsp = vmcb->rsp;
    regs->rflags = vmcb->rflags;
    vmcb->tlb_control = TLB_FLUSH_NONE;
    vmcb->eventinj = 0;
    vmcb->clean = svm_has(SVM_FEAT_CLEAN) ? CLEAN_ALL : 0;

    /* V_IRQ gone: the processor took the vector. */
    exit->irq_taken = s->irq_offer && !(vmcb->vintr & VINTR_IRQ);
    s->irq_offer = 0;
    if (unlikely((vmcb->vintr ^ vintr) & VINTR_TPR_MASK))
        *tpr = (vmcb->vintr & VINTR_TPR_MASK) << 4;
    if (unlikely(vmcb->exitintinfo & EVENT_VALID))
        interrupted_delivery(v, vmcb, exit);
    if (unlikely(s->iret_pending || vmcb->exitcode == VMEXIT_IRET))
        track_iret(v, vmcb);
    svm_decode_exit(vmcb, regs, exit);
    if (unlikely(exit->kind == EXIT_EXCEPTION && exit->vector == X86_TRAP_MC))
        __asm__ volatile("int $18" ::: "memory"); /* the machine's, not the guest's */
}
