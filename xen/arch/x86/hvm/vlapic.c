/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The local APIC's interrupt state: requests, priorities, service. A request may come from any
 * CPU at any time and is one locked OR; everything else is the vCPU's own, so there is no lock.
 */
#include <xen/bitmap.h>
#include <xen/errno.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/sched.h>
#include <asm/msr_index.h>
#include "vlapic_priv.h"

#define WORD_OF(vector)      ((vector) >> 5)
#define BIT_OF(vector)       (1U << ((vector)&31))
#define WORD_REG(base, word) ((base) + (word)*0x10U)

static inline void bit_set_atomic(struct vlapic *l, unsigned int base, u8 vector)
{
    __atomic_or_fetch(vlapic_regp(l, WORD_REG(base, WORD_OF(vector))), BIT_OF(vector),
                      __ATOMIC_SEQ_CST);
}

static inline void bit_clear_atomic(struct vlapic *l, unsigned int base, u8 vector)
{
    __atomic_and_fetch(vlapic_regp(l, WORD_REG(base, WORD_OF(vector))), ~BIT_OF(vector),
                       __ATOMIC_SEQ_CST);
}

static inline bool bit_test(const struct vlapic *l, unsigned int base, u8 vector)
{
    return vlapic_reg(l, WORD_REG(base, WORD_OF(vector))) & BIT_OF(vector);
}

static int highest_in(const struct vlapic *l, unsigned int base)
{
    for (int word = 7; word >= 0; word--) {
        u32 w = vlapic_reg(l, WORD_REG(base, word));
        if (w)
            return word * 32 + 31 - __builtin_clz(w);
    }
    return -1;
}

/* The request was recorded with a full barrier, so one of us two sees the other's store. */
void vlapic_notify(struct vcpu *v)
{
    if (test_bit(VPF_blocked, &v->pause_flags))
        vcpu_unblock(v);
    else if (v != current)
        vcpu_kick(v);
}

void vlapic_set_irq(struct vcpu *v, u8 vector, bool level)
{
    struct vlapic *l = &v->arch.hvm.vlapic;
    if (unlikely(vector < 16)) {
        vlapic_error(v, ESR_RECV_ILLEGAL);
        return;
    }
    if (unlikely(!vlapic_enabled(v)))
        return;
    if (unlikely(level != bit_test(l, APIC_TMR, vector))) {
        if (level)
            bit_set_atomic(l, APIC_TMR, vector);
        else
            bit_clear_atomic(l, APIC_TMR, vector);
    }
    bit_set_atomic(l, APIC_IRR, vector);
    __atomic_or_fetch(&l->irr_summary, 1U << WORD_OF(vector), __ATOMIC_SEQ_CST);
    vlapic_notify(v);
}

/* The highest request. Drops a summary bit whose word proves empty, and looks once more after. */
static int highest_irr(struct vlapic *l)
{
    u32 summary;
    while ((summary = l->irr_summary)) {
        unsigned int word = 31 - __builtin_clz(summary);
        u32 w = vlapic_reg(l, WORD_REG(APIC_IRR, word));
        if (likely(w))
            return word * 32 + 31 - __builtin_clz(w);
        __atomic_and_fetch(&l->irr_summary, ~(1U << word), __ATOMIC_SEQ_CST);
        if (vlapic_reg(l, WORD_REG(APIC_IRR, word)))
            __atomic_or_fetch(&l->irr_summary, 1U << word, __ATOMIC_SEQ_CST);
    }
    return -1;
}

u32 vlapic_ppr(const struct vlapic *l)
{
    u32 tpr = vlapic_reg(l, APIC_TPR) & 0xff;
    u32 isrv = l->isr_max < 0 ? 0 : l->isr_max & 0xf0;
    return (tpr & 0xf0) >= isrv ? tpr : isrv;
}

int vlapic_find_pending(struct vcpu *v)
{
    struct vlapic *l = &v->arch.hvm.vlapic;
    if (likely(!l->irr_summary))
        return -1;
    int vector = highest_irr(l);
    if (vector < 0 || (u32)(vector & 0xf0) <= (vlapic_ppr(l) & 0xf0))
        return -1;
    return vector;
}

void vlapic_ack(struct vcpu *v, u8 vector)
{
    struct vlapic *l = &v->arch.hvm.vlapic;
    bit_clear_atomic(l, APIC_IRR, vector);
    *vlapic_regp(l, WORD_REG(APIC_ISR, WORD_OF(vector))) |= BIT_OF(vector);
    if (vector > l->isr_max)
        l->isr_max = vector;
}

void vlapic_eoi(struct vcpu *v)
{
    struct vlapic *l = &v->arch.hvm.vlapic;
    if (l->isr_max < 0)
        return;
    u8 vector = l->isr_max;
    *vlapic_regp(l, WORD_REG(APIC_ISR, WORD_OF(vector))) &= ~BIT_OF(vector);
    l->isr_max = highest_in(l, APIC_ISR);
    if (bit_test(l, APIC_TMR, vector))
        vioapic_eoi(v->domain, vector);
}

void vlapic_error(struct vcpu *v, u32 bit)
{
    struct vlapic *l = &v->arch.hvm.vlapic;
    bool fresh = !(__atomic_fetch_or(&l->esr_pending, bit, __ATOMIC_SEQ_CST) & bit);
    u32 lvt = vlapic_reg(l, APIC_LVTERR);
    /* A vector below 16 here would be an error again, for ever. */
    if (fresh && !(lvt & LVT_MASKED) && (lvt & 0xff) >= 16)
        vlapic_set_irq(v, lvt & 0xff, false);
}

u8 vlapic_get_tpr(struct vcpu *v)
{
    return vlapic_reg(&v->arch.hvm.vlapic, APIC_TPR);
}

void vlapic_set_tpr(struct vcpu *v, u8 tpr)
{
    vlapic_set_reg(&v->arch.hvm.vlapic, APIC_TPR, tpr);
}

bool vlapic_enabled(struct vcpu *v)
{
    return vlapic_hw_enabled(&v->arch.hvm.vlapic) && vlapic_sw_enabled(&v->arch.hvm.vlapic);
}

bool vlapic_x2apic(struct vcpu *v)
{
    return vlapic_is_x2apic(&v->arch.hvm.vlapic);
}

/* The even numbers, as Xen's guests see them: the MADT says the same. */
u32 vlapic_id(struct vcpu *v)
{
    return v->vcpu_id * 2;
}

u32 vlapic_x2apic_ldr(u32 id)
{
    return ((id >> 4) << 16) | (1U << (id & 15));
}

/* State after INIT; ID, and what APIC_BASE says, stay (SDM 11.4.7). */
void vlapic_init_regs(struct vcpu *v)
{
    static const u16 lvts[] = {APIC_LVTT, APIC_LVTTHMR, APIC_LVTPC,
                               APIC_LVT0, APIC_LVT1,    APIC_LVTERR};
    struct vlapic *l = &v->arch.hvm.vlapic;
    vlapic_timer_stop(l);
    memset(l->regs, 0, VLAPIC_REGS_SIZE);
    for (unsigned int i = 0; i < ARRAY_SIZE(lvts); i++)
        vlapic_set_reg(l, lvts[i], LVT_MASKED);
    vlapic_set_reg(l, APIC_VERSION, VLAPIC_VERSION);
    vlapic_set_reg(l, APIC_SPIV, 0xff);
    vlapic_set_reg(l, APIC_DFR, 0xffffffffU);
    if (vlapic_is_x2apic(l)) {
        vlapic_set_reg(l, APIC_ID, vlapic_id(v));
        vlapic_set_reg(l, APIC_LDR, vlapic_x2apic_ldr(vlapic_id(v)));
    } else {
        vlapic_set_reg(l, APIC_ID, vlapic_id(v) << 24);
    }
    vlapic_timer_set_divide(l, 0);
    l->irr_summary = 0;
    l->isr_max = -1;
    l->esr_pending = 0;
    l->tsc_deadline = 0;
}

void vlapic_reset(struct vcpu *v)
{
    struct vlapic *l = &v->arch.hvm.vlapic;
    l->apic_base = APIC_DEFAULT_BASE | APIC_BASE_ENABLE | (v->vcpu_id == 0 ? APIC_BASE_BSP : 0);
    l->init_pending = l->sipi_pending = l->nmi_pending = false;
    vlapic_init_regs(v);
}

int vlapic_init(struct vcpu *v)
{
    struct vlapic *l = &v->arch.hvm.vlapic;
    l->vcpu = v;
    l->regs = xzalloc_bytes(VLAPIC_REGS_SIZE);
    if (!l->regs)
        return -ENOMEM;
    vlapic_timer_init(v);
    vlapic_reset(v);
    return 0;
}

void vlapic_destroy(struct vcpu *v)
{
    struct vlapic *l = &v->arch.hvm.vlapic;
    if (!l->regs)
        return;
    kill_timer(&l->timer);
    XFREE(l->regs);
}

/* Xen's record: bit 0 of "disabled" by SPIV, bit 1 by APIC_BASE. @v is paused. */
int vlapic_save(struct vcpu *v, struct hvm_hw_lapic *hw, struct hvm_hw_lapic_regs *regs)
{
    const struct vlapic *l = &v->arch.hvm.vlapic;
    memset(hw, 0, sizeof(*hw));
    hw->apic_base_msr = l->apic_base;
    hw->disabled = (vlapic_sw_enabled(l) ? 0 : 1) | (vlapic_hw_enabled(l) ? 0 : 2);
    hw->timer_divisor = l->timer_divisor;
    hw->tdt_msr = vlapic_timer_deadline(l);
    _Static_assert(sizeof(regs->data) == VLAPIC_REGS_SIZE, "the record is the register image");
    memcpy(regs->data, l->regs, VLAPIC_REGS_SIZE);
    u32 count = vlapic_timer_current(l);
    memcpy(regs->data + APIC_TMCCT, &count, sizeof(count));
    return 0;
}

int vlapic_load(struct vcpu *v, const struct hvm_hw_lapic *hw)
{
    struct vlapic *l = &v->arch.hvm.vlapic;
    u64 base = hw->apic_base_msr;
    if ((base & PAGE_MASK) != APIC_DEFAULT_BASE)
        return -EINVAL;
    if ((base & (APIC_BASE_EXTD | APIC_BASE_ENABLE)) == APIC_BASE_EXTD)
        return -EINVAL;
    l->apic_base = base & (PAGE_MASK | APIC_BASE_EXTD | APIC_BASE_ENABLE | APIC_BASE_BSP);
    l->tsc_deadline = hw->tdt_msr;
    return 0;
}

int vlapic_load_regs(struct vcpu *v, const struct hvm_hw_lapic_regs *regs)
{
    struct vlapic *l = &v->arch.hvm.vlapic;
    vlapic_timer_stop(l);
    memcpy(l->regs, regs->data, VLAPIC_REGS_SIZE);
    /* What the guest could not have written must not come from a file either. */
    vlapic_set_reg(l, APIC_VERSION, VLAPIC_VERSION);
    vlapic_set_reg(l, APIC_ID, vlapic_is_x2apic(l) ? vlapic_id(v) : vlapic_id(v) << 24);
    if (vlapic_is_x2apic(l))
        vlapic_set_reg(l, APIC_LDR, vlapic_x2apic_ldr(vlapic_id(v)));
    *vlapic_regp(l, APIC_ISR) &= 0xffff0000U;
    *vlapic_regp(l, APIC_IRR) &= 0xffff0000U;
    l->irr_summary = 0xff;
    l->isr_max = highest_in(l, APIC_ISR);
    l->esr_pending = 0;
    u32 count = vlapic_reg(l, APIC_TMCCT);
    u64 deadline = l->tsc_deadline;
    vlapic_timer_set_divide(l, vlapic_reg(l, APIC_TDCR));
    vlapic_timer_resume(l, count);
    l->tsc_deadline = deadline;
    vlapic_timer_update(l);
    return 0;
}
