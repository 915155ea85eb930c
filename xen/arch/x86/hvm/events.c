/* SPDX-License-Identifier: GPL-2.0-only */
/* Exceptions and NMIs on their way into a guest, and what wakes a halted vCPU. */
#include <xen/lib.h>
#include <public/sched.h>
#include "hvm_priv.h"

void hvm_inject_exception(struct vcpu *v, u8 vector, s32 error_code)
{
    struct hvm_vcpu *h = &v->arch.hvm;

    if (unlikely(h->pending_event.valid)) {
        switch (hvm_merge_events(h->pending_event.type, h->pending_event.vector, vector)) {
        case MERGE_TRIPLE_FAULT:
            exit_handlers[EXIT_TRIPLE_FAULT](v, NULL);
            return;
        case MERGE_DOUBLE_FAULT:
            vector = X86_TRAP_DF;
            error_code = 0;
            break;
        case MERGE_SECOND:
            /* An NMI would not come again by itself. */
            if (h->pending_event.type == HVM_EVENT_NMI)
                h->vlapic.nmi_pending = true;
            break;
        }
    }
    h->pending_event.valid = true;
    h->pending_event.vector = vector;
    h->pending_event.type = HVM_EVENT_EXCEPTION;
    h->pending_event.error_code = error_code;
    /* Faults (not traps) are reported with RF set, so that the retry passes a breakpoint. */
    if (vector != X86_TRAP_DB && vector != X86_TRAP_BP && vector != X86_TRAP_OF)
        v->arch.regs.rflags |= EFLAGS_RF;
}

void hvm_inject_page_fault(struct vcpu *v, u32 pfec, unsigned long la)
{
    hvm_inject_exception(v, X86_TRAP_PF, pfec);
    if (v->arch.hvm.pending_event.vector == X86_TRAP_PF)
        hvm_vendor->set_cr(v, 2, la);
}

void hvm_inject_nmi(struct vcpu *v)
{
    v->arch.hvm.vlapic.nmi_pending = true;
    smp_mb();
    if (test_bit(VPF_blocked, &v->pause_flags))
        vcpu_unblock(v);
    else if (v != current)
        vcpu_kick(v);
}

bool hvm_vcpu_has_event(struct vcpu *v)
{
    const struct hvm_vcpu *h = &v->arch.hvm;

    if (h->vlapic.nmi_pending || h->vlapic.init_pending || h->pending_event.valid)
        return true;
    if (!(v->arch.regs.rflags & EFLAGS_IF))
        return false;
    return hvm_callback_vector(v) >= 0 || vlapic_find_pending(v) >= 0;
}

void hvm_advance_rip(struct vcpu *v, unsigned int len)
{
    struct cpu_regs *regs = &v->arch.regs;
    u64 rip = regs->rip + len, dr6, dr7;

    /* Only 64-bit code can be above 4 GiB. */
    if (unlikely((rip ^ regs->rip) >> 32) && hvm_guest_mode_bytes(v) != 8)
        rip = (u32)rip;
    regs->rip = rip;
    hvm_vendor->set_interrupt_shadow(v, 0);
    if (unlikely(regs->rflags & (EFLAGS_RF | EFLAGS_TF))) {
        regs->rflags &= ~EFLAGS_RF;
        if (regs->rflags & EFLAGS_TF) {
            hvm_vendor->get_dr67(v, &dr6, &dr7);
            hvm_vendor->set_dr67(v, dr6 | (1UL << 14), dr7); /* DR6.BS */
            hvm_inject_exception(v, X86_TRAP_DB, X86_NO_ERROR_CODE);
        }
    }
}
