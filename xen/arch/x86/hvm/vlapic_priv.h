/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the virtual local APIC share beside asm/apic_regs.h. */
#ifndef HVM_VLAPIC_PRIV_H
#define HVM_VLAPIC_PRIV_H

#include <asm/apic_regs.h>
#include <asm/hvm/vlapic.h>

#define APIC_APR         0x90
#define APIC_PPR         0xa0
#define APIC_RRR         0xc0
#define APIC_TMR         0x180
#define APIC_IRR         0x200
#define APIC_SELF_IPI    0x3f0
#define VLAPIC_REGS_SIZE 0x400

/* Integrated APIC (0x14), highest LVT entry number 5. */
#define VLAPIC_VERSION    0x00050014U

#define LVTT_MODE         0x60000U
#define LVTT_ONESHOT      0x00000U
#define LVTT_PERIODIC     0x20000U

#define ESR_SEND_ILLEGAL  0x20U
#define ESR_RECV_ILLEGAL  0x40U
#define ESR_BAD_REGISTER  0x80U

#define APIC_DM_FIXED     0
#define APIC_DM_LOWEST    1
#define APIC_DM_SMI       2
#define APIC_DM_NMI       4
#define APIC_DM_INIT      5
#define APIC_DM_STARTUP   6
#define APIC_DM_EXTINT    7

#define APIC_DEFAULT_BASE 0xfee00000UL

/* A destination as a message carries it. */
struct apic_dest {
    u32 id;
    bool logical, broadcast;
};

static inline volatile u32 *vlapic_regp(const struct vlapic *l, unsigned int off)
{
    return (volatile u32 *)(l->regs + off);
}
static inline u32 vlapic_reg(const struct vlapic *l, unsigned int off)
{
    return *vlapic_regp(l, off);
}
static inline void vlapic_set_reg(struct vlapic *l, unsigned int off, u32 val)
{
    *vlapic_regp(l, off) = val;
}
static inline bool vlapic_hw_enabled(const struct vlapic *l)
{
    return l->apic_base & (1UL << 11);
}
static inline bool vlapic_is_x2apic(const struct vlapic *l)
{
    return (l->apic_base & 0xc00) == 0xc00;
}
static inline bool vlapic_sw_enabled(const struct vlapic *l)
{
    return vlapic_reg(l, APIC_SPIV) & SPIV_ENABLE;
}

/* vlapic.c */
/* Makes @v look at its LAPIC again: out of the guest, or awake. */
void vlapic_notify(struct vcpu *v);
void vlapic_error(struct vcpu *v, u32 bit);
void vlapic_eoi(struct vcpu *v);
u32 vlapic_ppr(const struct vlapic *l);
void vlapic_init_regs(struct vcpu *v);
u32 vlapic_x2apic_ldr(u32 id);

/* vlapic_timer.c */
void vlapic_timer_init(struct vcpu *v);
void vlapic_timer_stop(struct vlapic *l);
/* The registers that govern it changed (or were loaded): arms or disarms the host's timer. */
void vlapic_timer_update(struct vlapic *l);
void vlapic_timer_set_initial(struct vlapic *l, u32 count);
void vlapic_timer_set_divide(struct vlapic *l, u32 tdcr);
void vlapic_timer_set_lvt(struct vlapic *l, u32 lvt);
u32 vlapic_timer_current(const struct vlapic *l);
void vlapic_timer_set_deadline(struct vlapic *l, u64 tsc);
u64 vlapic_timer_deadline(const struct vlapic *l);
/* Continues a count of which @current is left. */
void vlapic_timer_resume(struct vlapic *l, u32 current_count);

/* vlapic_ipi.c */
void vlapic_write_icr(struct vcpu *v, u32 low, u32 high);

#endif
