/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a domain hears of its event channels: a local APIC vector per vCPU, a vector injected
 * directly while the pending flag is set, or a line of an interrupt controller.
 */
#include <asm/hvm/vioapic.h>
#include <xen/errno.h>
#include <xen/event.h>
#include <xen/lib.h>
#include <public/hvm/params.h>
#include "hvm_priv.h"

#define VIA_TYPE(via) ((u8)((via) >> 56))
#define VIA_NONE      0xff

int hvm_callback_vector(const struct vcpu *v)
{
    const struct hvm_domain *h = &v->domain->arch.hvm;

    if (likely(v->arch.hvm.evtchn_upcall_vector) ||
        h->callback_via_type != HVM_PARAM_CALLBACK_TYPE_VECTOR || !h->callback_vector)
        return -1;
    return ACCESS_ONCE(v->vcpu_info->evtchn_upcall_pending) ? h->callback_vector : -1;
}

/* The line follows vCPU 0's pending flag. */
void hvm_update_callback_line(struct vcpu *v)
{
    struct domain *d = v->domain;
    struct hvm_domain *h = &d->arch.hvm;
    bool level;

    if (v->vcpu_id != 0 || !h->callback_gsi)
        return;
    level = ACCESS_ONCE(v->vcpu_info->evtchn_upcall_pending);
    if (level == h->callback_line)
        return;
    h->callback_line = level;
    vioapic_set_gsi(d, h->callback_gsi, level);
}

void hvm_assert_evtchn_upcall(struct vcpu *v)
{
    if (v->arch.hvm.evtchn_upcall_vector)
        vlapic_set_irq(v, v->arch.hvm.evtchn_upcall_vector, false);
    else
        hvm_update_callback_line(v);
}

void arch_evtchn_kick(struct vcpu *v)
{
    hvm_assert_evtchn_upcall(v);
    /* SCHEDOP_block and poll end whatever the upcall's kind. */
    if (test_bit(VPF_blocked, &v->pause_flags))
        vcpu_unblock(v);
    else if (v != current)
        vcpu_kick(v);
}

/* Interrupt line INTx of a slot, as the south bridge of a PC wires it to the IOAPIC. */
static u32 pci_intx_gsi(u64 via)
{
    unsigned int dev = (via >> 11) & 0x1f, intx = via & 3;

    return 16 + ((dev * 4 + (dev >> 3) + intx) & 31);
}

void hvm_set_callback_via(struct domain *d, u64 via)
{
    struct hvm_domain *h = &d->arch.hvm;
    struct vcpu *v;

    if (h->callback_line) {
        h->callback_line = false;
        vioapic_set_gsi(d, h->callback_gsi, false);
    }
    h->callback_gsi = 0;
    h->callback_vector = 0;
    h->callback_via_type = VIA_TYPE(via);
    switch (h->callback_via_type) {
    case HVM_PARAM_CALLBACK_TYPE_GSI:
        h->callback_gsi = (u8)via;
        break;
    case HVM_PARAM_CALLBACK_TYPE_PCI_INTX:
        h->callback_gsi = pci_intx_gsi(via);
        break;
    case HVM_PARAM_CALLBACK_TYPE_VECTOR:
        h->callback_vector = (u8)via;
        break;
    default:
        h->callback_via_type = VIA_NONE;
        break;
    }
    gprintk(XENLOG_DEBUG, "d%d: event callback: %s %u\n", d->domain_id,
            h->callback_vector ? "vector" : "GSI",
            h->callback_vector ? h->callback_vector : h->callback_gsi);
    for_each_vcpu (d, v)
        if (v->vcpu_info->evtchn_upcall_pending)
            hvm_assert_evtchn_upcall(v);
}

int hvm_set_upcall_vector(struct domain *d, u32 vcpu, u8 vector)
{
    struct vcpu *v = domain_vcpu(d, vcpu);

    if (vector < 16)
        return -EINVAL;
    if (!v)
        return -ENOENT;
    v->arch.hvm.evtchn_upcall_vector = vector;
    if (v->vcpu_info->evtchn_upcall_pending)
        hvm_assert_evtchn_upcall(v);
    return 0;
}
