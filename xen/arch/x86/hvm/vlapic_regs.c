/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The local APIC's registers as the guest reaches them: the xAPIC page, the x2APIC MSRs and
 * APIC_BASE (Intel SDM vol. 3, 11.4, 11.12). One table says what each register allows.
 */
#include <xen/lib.h>
#include <xen/sched.h>
#include "vlapic_priv.h"
#include <asm/msr_index.h>

#define R   1  /* readable in both modes */
#define W   2  /* writable in both modes */
#define XW  4  /* writable in xAPIC mode only */
#define X2W 8  /* writable in x2APIC mode only */
#define XR  16 /* readable in xAPIC mode only */

struct reg_info {
    u8 flags;
    u32 mask; /* bits that may be written; others are dropped (xAPIC) or #GP (x2APIC) */
    void (*write)(struct vcpu *v, unsigned int off, u32 val);
};

static void write_plain(struct vcpu *v, unsigned int off, u32 val)
{
    vlapic_set_reg(&v->arch.hvm.vlapic, off, val);
}

static void write_tpr(struct vcpu *v, unsigned int off, u32 val)
{
    vlapic_set_tpr(v, val);
}

static void write_eoi(struct vcpu *v, unsigned int off, u32 val)
{
    vlapic_eoi(v);
}

static void write_dfr(struct vcpu *v, unsigned int off, u32 val)
{
    vlapic_set_reg(&v->arch.hvm.vlapic, off, val | 0x0fffffffU);
}

/*
 * While software keeps the APIC off every LVT is masked and cannot be unmasked (11.4.7.2), and
 * nothing is accepted: an event upcall that was due meanwhile is asked for when it is turned on.
 */
static void write_spiv(struct vcpu *v, unsigned int off, u32 val)
{
    struct vlapic *l = &v->arch.hvm.vlapic;
    bool was_on = vlapic_sw_enabled(l);
    vlapic_set_reg(l, off, val);
    if (val & SPIV_ENABLE) {
        if (!was_on && v->vcpu_info->evtchn_upcall_pending)
            hvm_assert_evtchn_upcall(v);
        return;
    }
    for (unsigned int r = APIC_LVTTHMR; r <= APIC_LVTERR; r += 0x10)
        *vlapic_regp(l, r) |= LVT_MASKED;
    vlapic_timer_set_lvt(l, vlapic_reg(l, APIC_LVTT) | LVT_MASKED);
}

static void write_esr(struct vcpu *v, unsigned int off, u32 val)
{
    struct vlapic *l = &v->arch.hvm.vlapic;
    vlapic_set_reg(l, off, __atomic_exchange_n(&l->esr_pending, 0, __ATOMIC_SEQ_CST));
}

static void write_icr(struct vcpu *v, unsigned int off, u32 val)
{
    vlapic_write_icr(v, val, vlapic_reg(&v->arch.hvm.vlapic, APIC_ICR2));
}

static u32 lvt_value(const struct vlapic *l, u32 val)
{
    return vlapic_sw_enabled(l) ? val : val | LVT_MASKED;
}

static void write_lvt(struct vcpu *v, unsigned int off, u32 val)
{
    vlapic_set_reg(&v->arch.hvm.vlapic, off, lvt_value(&v->arch.hvm.vlapic, val));
}

static void write_lvtt(struct vcpu *v, unsigned int off, u32 val)
{
    vlapic_timer_set_lvt(&v->arch.hvm.vlapic, lvt_value(&v->arch.hvm.vlapic, val));
}

static void write_tmict(struct vcpu *v, unsigned int off, u32 val)
{
    vlapic_timer_set_initial(&v->arch.hvm.vlapic, val);
}

static void write_tdcr(struct vcpu *v, unsigned int off, u32 val)
{
    vlapic_timer_set_divide(&v->arch.hvm.vlapic, val);
}

static void write_self_ipi(struct vcpu *v, unsigned int off, u32 val)
{
    vlapic_set_irq(v, val, false);
}

/* By register number (offset / 16). */
static const struct reg_info reg_table[0x40] = {
    [APIC_ID >> 4] = {R},
    [APIC_VERSION >> 4] = {R},
    [APIC_TPR >> 4] = {R | W, 0xff, write_tpr},
    [APIC_APR >> 4] = {XR},
    [APIC_PPR >> 4] = {R},
    [APIC_EOI >> 4] = {W, 0, write_eoi},
    [APIC_LDR >> 4] = {R | XW, 0xff000000U, write_plain},
    [APIC_DFR >> 4] = {XR | XW, 0xf0000000U, write_dfr},
    [APIC_SPIV >> 4] = {R | W, 0x3ff, write_spiv},
    [APIC_ISR >> 4 ...(APIC_ESR >> 4) - 1] = {R},
    [APIC_ESR >> 4] = {R | W, 0, write_esr},
    [APIC_ICR >> 4] = {R | W, 0xccfff, write_icr},
    [APIC_ICR2 >> 4] = {XR | XW, 0xff000000U, write_plain},
    [APIC_LVTT >> 4] = {R | W, 0x700ff, write_lvtt},
    [APIC_LVTTHMR >> 4] = {R | W, 0x107ff, write_lvt},
    [APIC_LVTPC >> 4] = {R | W, 0x107ff, write_lvt},
    [APIC_LVT0 >> 4] = {R | W, 0x1a7ff, write_lvt},
    [APIC_LVT1 >> 4] = {R | W, 0x1a7ff, write_lvt},
    [APIC_LVTERR >> 4] = {R | W, 0x100ff, write_lvt},
    [APIC_TMICT >> 4] = {R | W, 0xffffffffU, write_tmict},
    [APIC_TMCCT >> 4] = {R},
    [APIC_TDCR >> 4] = {R | W, 0xb, write_tdcr},
    [APIC_SELF_IPI >> 4] = {X2W, 0xff, write_self_ipi},
};

static u32 read_reg(struct vcpu *v, unsigned int off)
{
    const struct vlapic *l = &v->arch.hvm.vlapic;
    switch (off) {
    case APIC_PPR:
        return vlapic_ppr(l);
    case APIC_TMCCT:
        return vlapic_timer_current(l);
    default:
        return vlapic_reg(l, off);
    }
}

bool vlapic_mmio_accepts(struct vcpu *v, u64 gpa)
{
    const struct vlapic *l = &v->arch.hvm.vlapic;
    return vlapic_hw_enabled(l) && !vlapic_is_x2apic(l) &&
           (gpa & PAGE_MASK) == (l->apic_base & PAGE_MASK);
}

int vlapic_mmio_read(struct vcpu *v, u64 gpa, unsigned int size, u64 *val)
{
    unsigned int off = gpa & ~PAGE_MASK, reg = off & ~0xfU, byte = off & 0xf;
    *val = 0;
    if (reg >= VLAPIC_REGS_SIZE || !(reg_table[reg >> 4].flags & (R | XR))) {
        if (reg >= VLAPIC_REGS_SIZE || !(reg_table[reg >> 4].flags & (W | XW)))
            vlapic_error(v, ESR_BAD_REGISTER);
        return 0;
    }
    /* 32 bits each, then 12 bytes of nothing; parts of them are undefined but harmless. */
    if (byte < 4)
        *val = read_reg(v, reg) >> (byte * 8);
    if (size < 4)
        *val &= (1U << (size * 8)) - 1;
    return 0;
}

int vlapic_mmio_write(struct vcpu *v, u64 gpa, unsigned int size, u64 val)
{
    unsigned int off = gpa & ~PAGE_MASK;
    if ((off & 0xf) || size < 4)
        return 0; /* undefined by the manuals; processors drop it */
    const struct reg_info *ri = off < VLAPIC_REGS_SIZE ? &reg_table[off >> 4] : NULL;
    if (!ri || !(ri->flags & (W | XW))) {
        if (!ri || !ri->flags)
            vlapic_error(v, ESR_BAD_REGISTER);
        return 0;
    }
    ri->write(v, off, val & ri->mask);
    return 0;
}

static int x2apic_read(struct vcpu *v, unsigned int off, u64 *val)
{
    if (off >= VLAPIC_REGS_SIZE || !(reg_table[off >> 4].flags & R))
        return 1;
    *val = read_reg(v, off);
    if (off == APIC_ICR)
        *val |= (u64)vlapic_reg(&v->arch.hvm.vlapic, APIC_ICR2) << 32;
    return 0;
}

static int x2apic_write(struct vcpu *v, unsigned int off, u64 val)
{
    if (off >= VLAPIC_REGS_SIZE)
        return 1;
    const struct reg_info *ri = &reg_table[off >> 4];
    if (!(ri->flags & (W | X2W)) || ((u32)val & ~ri->mask))
        return 1;
    if (off == APIC_ICR) {
        vlapic_write_icr(v, val, val >> 32);
        return 0;
    }
    if (val >> 32)
        return 1;
    ri->write(v, off, val);
    return 0;
}

/* Off, xAPIC, x2APIC: which may follow which is figure 11-27. The base address stays: 0 or 1 (#GP).
 */
static int write_apic_base(struct vcpu *v, u64 val)
{
    struct vlapic *l = &v->arch.hvm.vlapic;
    u64 mode = val & (APIC_BASE_EXTD | APIC_BASE_ENABLE);
    if (val & ~(u64)(PAGE_MASK | mode | APIC_BASE_BSP))
        return 1;
    if ((val & PAGE_MASK) != APIC_DEFAULT_BASE || mode == APIC_BASE_EXTD)
        return 1;
    u64 old = l->apic_base & (APIC_BASE_EXTD | APIC_BASE_ENABLE);
    if (mode == old)
        return 0;
    if (vlapic_is_x2apic(l) && mode == APIC_BASE_ENABLE)
        return 1;
    if (!old && (mode & APIC_BASE_EXTD))
        return 1;
    l->apic_base = APIC_DEFAULT_BASE | mode | (l->apic_base & APIC_BASE_BSP);
    if (!mode) {
        vlapic_init_regs(v);
    } else if (mode & APIC_BASE_EXTD) {
        vlapic_set_reg(l, APIC_ID, vlapic_id(v));
        vlapic_set_reg(l, APIC_LDR, vlapic_x2apic_ldr(vlapic_id(v)));
        vlapic_set_reg(l, APIC_ICR2, 0);
    } else {
        vlapic_set_reg(l, APIC_ID, vlapic_id(v) << 24);
    }
    return 0;
}

int vlapic_msr_read(struct vcpu *v, u32 msr, u64 *val)
{
    const struct vlapic *l = &v->arch.hvm.vlapic;
    if (msr == MSR_APIC_BASE) {
        *val = l->apic_base;
        return 0;
    }
    if (msr == MSR_TSC_DEADLINE) {
        *val = vlapic_timer_deadline(l);
        return 0;
    }
    if (msr < MSR_X2APIC_BASE || msr > MSR_X2APIC_BASE + 0x3ff || !vlapic_is_x2apic(l))
        return 1;
    return x2apic_read(v, (msr - MSR_X2APIC_BASE) << 4, val);
}

int vlapic_msr_write(struct vcpu *v, u32 msr, u64 val)
{
    struct vlapic *l = &v->arch.hvm.vlapic;
    if (msr == MSR_APIC_BASE)
        return write_apic_base(v, val);
    if (msr == MSR_TSC_DEADLINE) {
        vlapic_timer_set_deadline(l, val);
        return 0;
    }
    if (msr < MSR_X2APIC_BASE || msr > MSR_X2APIC_BASE + 0x3ff || !vlapic_is_x2apic(l))
        return 1;
    return x2apic_write(v, (msr - MSR_X2APIC_BASE) << 4, val);
}
