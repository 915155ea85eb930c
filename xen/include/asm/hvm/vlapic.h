/* SPDX-License-Identifier: GPL-2.0-only */
/* The local APIC of a vCPU: xAPIC page and x2APIC MSRs, timer, IPIs. Intel SDM vol. 3 ch. 11; AMD
 * APM 2 ch. 16. */
#ifndef ASM_HVM_VLAPIC_H
#define ASM_HVM_VLAPIC_H

#include <xen/types.h>
#include <xen/time.h>
#include <xen/spinlock.h>
#include <public/hvm/save.h>

struct vcpu;
struct domain;

struct vlapic {
    struct vcpu *vcpu;
    u64 apic_base; /* MSR 0x1b */
    u8 *regs;      /* 1 KiB register image, layout of the xAPIC page */
    /*
     * Bit n: IRR word n may hold a request. Set by any CPU after the request itself; cleared only
     * by the vCPU. 0 is the answer "nothing pending" for one load.
     */
    volatile u32 irr_summary;
    s16 isr_max;     /* highest vector in service, or -1; the vCPU's own */
    u16 esr_pending; /* errors since the last write of ESR */
    struct timer timer;
    u64 tsc_deadline;     /* 0: not armed */
    s_time_t timer_start; /* when the present count was started; 0: never */
    u32 timer_divisor;
    u8 sipi_vector;
    volatile bool init_pending, sipi_pending, nmi_pending;
};

int vlapic_init(struct vcpu *v);
void vlapic_destroy(struct vcpu *v);
void vlapic_reset(struct vcpu *v);
/* Any context, any CPU: records the vector and kicks or wakes the vCPU. */
void vlapic_set_irq(struct vcpu *v, u8 vector, bool level);
/* Highest vector that may be delivered now by priority (not looking at RFLAGS.IF), or -1. */
int vlapic_find_pending(struct vcpu *v);
/* The CPU took @vector: IRR -> ISR. */
void vlapic_ack(struct vcpu *v, u8 vector);
u8 vlapic_get_tpr(struct vcpu *v);
void vlapic_set_tpr(struct vcpu *v, u8 tpr);
bool vlapic_enabled(struct vcpu *v);
bool vlapic_x2apic(struct vcpu *v);
u32 vlapic_id(struct vcpu *v);
/* 0, or 1: #GP. APIC_BASE, TSC_DEADLINE and 0x800-0xbff. */
int vlapic_msr_read(struct vcpu *v, u32 msr, u64 *val);
int vlapic_msr_write(struct vcpu *v, u32 msr, u64 val);
/* The xAPIC page, when enabled at that address. */
bool vlapic_mmio_accepts(struct vcpu *v, u64 gpa);
int vlapic_mmio_read(struct vcpu *v, u64 gpa, unsigned int size, u64 *val);
int vlapic_mmio_write(struct vcpu *v, u64 gpa, unsigned int size, u64 val);
/* Delivers as an IOAPIC/MSI message would: fixed, lowest priority, NMI, INIT. */
void vlapic_deliver_msg(struct domain *d, u32 dest, bool logical, u8 delivery_mode, u8 vector,
                        bool level);
void vlapic_migrate_timer(struct vcpu *v);
/* Called before entry by the vCPU itself: acts on INIT/SIPI that arrived. */
void vlapic_handle_init_sipi(struct vcpu *v);
int vlapic_save(struct vcpu *v, struct hvm_hw_lapic *hw, struct hvm_hw_lapic_regs *regs);
int vlapic_load(struct vcpu *v, const struct hvm_hw_lapic *hw);
int vlapic_load_regs(struct vcpu *v, const struct hvm_hw_lapic_regs *regs);

#endif
