/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The loop of a running vCPU: pending events, into the guest, handle the exit, again; until the
 * host has work of its own. Everything that another CPU may hand us is looked at with interrupts
 * off: its notification then makes the guest exit at once instead of being lost.
 */
#include <asm/irqflags.h>
#include <xen/lib.h>
#include <xen/softirq.h>
#include "hvm_priv.h"

/* An exception or NMI for the coming entry. */
static void inject_event(struct vcpu *v)
{
    struct hvm_vcpu *h = &v->arch.hvm;

    if (h->pending_event.valid) {
        hvm_vendor->inject(v, h->pending_event.vector, h->pending_event.type,
                           h->pending_event.error_code);
        h->pending_event.valid = false;
        if (h->pending_event.type != HVM_EVENT_NMI)
            return;
    } else {
        if (h->nmi_masked || hvm_vendor->get_interrupt_shadow(v))
            return;
        h->vlapic.nmi_pending = false;
        hvm_vendor->inject(v, X86_TRAP_NMI, HVM_EVENT_NMI, X86_NO_ERROR_CODE);
    }
    h->nmi_masked = true;
    hvm_vendor->nmi_injected(v);
}

/* The external interrupt to offer: the event callback goes before the local APIC. */
static void offer_interrupt(struct vcpu *v)
{
    struct hvm_vcpu *h = &v->arch.hvm;
    int vector = hvm_callback_vector(v);

    h->irq_is_callback = vector >= 0;
    if (vector < 0)
        vector = vlapic_find_pending(v);
    h->irq_offered = vector;
    if (vector >= 0)
        hvm_vendor->offer_irq(v, vector);
}

void hvm_run_current(struct vcpu *v)
{
    struct hvm_vcpu *h = &v->arch.hvm;
    struct vm_exit exit;

    for (;;) {
        if (unlikely(v->domain->arch.hvm.callback_line))
            hvm_update_callback_line(v);

        local_irq_disable();
        if (unlikely(softirq_pending())) {
            local_irq_enable();
            return;
        }
        if (unlikely(h->vlapic.init_pending || h->vlapic.sipi_pending)) {
            local_irq_enable();
            vlapic_handle_init_sipi(v);
            continue;
        }
        if (unlikely(h->pending_event.valid || h->vlapic.nmi_pending))
            inject_event(v);
        offer_interrupt(v);

        hvm_vendor->run(v, &exit);

        /* The callback has no in-service bit: the guest's clearing of the pending flag ends it. */
        if (exit.irq_taken && !h->irq_is_callback)
            vlapic_ack(v, h->irq_offered);
        this_cpu(exit_counts).kind[exit.kind]++;
        exit_handlers[exit.kind](v, &exit);
    }
}
