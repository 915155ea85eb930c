/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who a message is for, and its delivery: IPIs, IOAPIC and MSI messages, INIT and start-up
 * (Intel SDM vol. 3, 11.6, 11.12.10; multiprocessor start-up 9.4).
 */
#include <xen/bitmap.h>
#include <xen/lib.h>
#include <xen/sched.h>
#include "vlapic_priv.h"

#define ICR_LOGICAL        0x800U
#define ICR_SHORTHAND(low) (((low) >> 18) & 3)

enum { SHORTHAND_NONE, SHORTHAND_SELF, SHORTHAND_ALL, SHORTHAND_OTHERS };

static bool match_logical(const struct vlapic *l, u32 dest)
{
    u32 ldr = vlapic_reg(l, APIC_LDR);
    if (vlapic_is_x2apic(l))
        return (ldr >> 16) == (dest >> 16) && (ldr & dest & 0xffff);
    ldr >>= 24;
    if (dest > 0xff)
        return false;
    if ((vlapic_reg(l, APIC_DFR) >> 28) == 0xf) /* flat */
        return ldr & dest;
    return (ldr >> 4) == (dest >> 4) && (ldr & dest & 0xf); /* cluster */
}

static bool match_dest(struct vcpu *v, const struct apic_dest *dest)
{
    const struct vlapic *l = &v->arch.hvm.vlapic;
    if (!vlapic_hw_enabled(l))
        return false;
    if (dest->broadcast)
        return true;
    return dest->logical ? match_logical(l, dest->id) : vlapic_id(v) == dest->id;
}

static void deliver_init(struct vcpu *v)
{
    struct vlapic *l = &v->arch.hvm.vlapic;
    l->sipi_pending = false;
    l->init_pending = true;
    smp_mb();
    if (!test_bit(VPF_down, &v->pause_flags))
        vlapic_notify(v);
}

/* Only a vCPU that waits for it takes it: one that is down, or has an INIT before it. */
static void deliver_sipi(struct vcpu *v, u8 vector)
{
    struct vlapic *l = &v->arch.hvm.vlapic;
    if (l->sipi_pending || !(l->init_pending || test_bit(VPF_down, &v->pause_flags)))
        return;
    l->sipi_vector = vector;
    smp_wmb();
    l->sipi_pending = true;
    smp_mb();
    if (test_and_clear_bit(VPF_down, &v->pause_flags)) {
        v->is_initialised = true;
        vcpu_wake(v);
    } else {
        vlapic_notify(v);
    }
}

static void deliver_one(struct vcpu *v, u8 mode, u8 vector, bool level)
{
    switch (mode) {
    case APIC_DM_FIXED:
    case APIC_DM_LOWEST:
        vlapic_set_irq(v, vector, level);
        break;
    case APIC_DM_NMI:
        v->arch.hvm.vlapic.nmi_pending = true;
        smp_mb();
        vlapic_notify(v);
        break;
    case APIC_DM_INIT:
        deliver_init(v);
        break;
    case APIC_DM_STARTUP:
        deliver_sipi(v, vector);
        break;
    default: /* SMI, ExtINT: nothing behind them in these machines */
        break;
    }
}

/* The candidate whose processor is least busy by its own word, a stopped one last. */
static bool better_lowest(struct vcpu *v, struct vcpu *best)
{
    return !best || vlapic_ppr(&v->arch.hvm.vlapic) < vlapic_ppr(&best->arch.hvm.vlapic);
}

static void deliver_scan(struct domain *d, const struct apic_dest *dest, u8 mode, u8 vector,
                         bool level, const struct vcpu *except)
{
    struct vcpu *v, *best = NULL;
    for_each_vcpu (d, v) {
        if (v == except || !match_dest(v, dest))
            continue;
        if (mode != APIC_DM_LOWEST)
            deliver_one(v, mode, vector, level);
        else if (vlapic_enabled(v) && better_lowest(v, best))
            best = v;
    }
    if (best)
        deliver_one(best, mode, vector, level);
}

static void deliver(struct domain *d, const struct apic_dest *dest, u8 mode, u8 vector, bool level)
{
    if (dest->broadcast || dest->logical) {
        deliver_scan(d, dest, mode, vector, level, NULL);
        return;
    }
    /* Physical: the ID says which vCPU, however many there are. */
    struct vcpu *v = dest->id & 1 ? NULL : domain_vcpu(d, dest->id / 2);
    if (v && match_dest(v, dest))
        deliver_one(v, mode, vector, level);
}

void vlapic_deliver_msg(struct domain *d, u32 dest, bool logical, u8 delivery_mode, u8 vector,
                        bool level)
{
    struct apic_dest ad = {dest, logical, dest == 0xff || dest == 0xffffffffU};
    /* In logical cluster mode of x2APIC 0xff is a set of eight; elsewhere it is everyone. */
    if (logical && dest == 0xff && d->max_vcpus && d->vcpu[0] && vlapic_x2apic(d->vcpu[0]))
        ad.broadcast = false;
    if (delivery_mode == APIC_DM_STARTUP)
        return; /* only processors send it */
    deliver(d, &ad, delivery_mode, vector, level);
}

void vlapic_write_icr(struct vcpu *v, u32 low, u32 high)
{
    struct vlapic *l = &v->arch.hvm.vlapic;
    u8 mode = (low >> 8) & 7, vector = low;
    bool x2 = vlapic_is_x2apic(l);
    vlapic_set_reg(l, APIC_ICR, low & ~0x1000U); /* delivered at once */
    vlapic_set_reg(l, APIC_ICR2, high);
    if ((mode == APIC_DM_FIXED || mode == APIC_DM_LOWEST) && vector < 16) {
        vlapic_error(v, ESR_SEND_ILLEGAL);
        return;
    }
    /* INIT level de-assert synchronised arbitration IDs once; it does nothing now. */
    if (mode == APIC_DM_INIT && (low & (ICR_LEVEL | ICR_ASSERT)) == ICR_LEVEL)
        return;
    struct apic_dest dest = {.id = x2 ? high : high >> 24, .logical = low & ICR_LOGICAL};
    dest.broadcast = dest.id == (x2 ? 0xffffffffU : 0xffU);
    switch (ICR_SHORTHAND(low)) {
    case SHORTHAND_NONE:
        deliver(v->domain, &dest, mode, vector, false);
        break;
    case SHORTHAND_SELF:
        if (mode == APIC_DM_FIXED)
            vlapic_set_irq(v, vector, false);
        break;
    case SHORTHAND_ALL:
    case SHORTHAND_OTHERS:
        dest.broadcast = true;
        deliver_scan(v->domain, &dest, mode, vector, false,
                     ICR_SHORTHAND(low) == SHORTHAND_OTHERS ? v : NULL);
        break;
    }
}

/*
 * INIT stops the vCPU until a start-up message comes; that may already be here, or come between our
 * looking and our stopping: its sender and we both go through VPF_down.
 */
void vlapic_handle_init_sipi(struct vcpu *v)
{
    struct vlapic *l = &v->arch.hvm.vlapic;
    if (likely(!l->init_pending && !l->sipi_pending))
        return;
    if (l->init_pending) {
        l->init_pending = false;
        l->nmi_pending = false;
        vlapic_init_regs(v);
        if (!l->sipi_pending) {
            /* A start-up message is taken from here on by clearing VPF_down. */
            set_bit(VPF_down, &v->pause_flags);
            if (!l->sipi_pending || !test_and_clear_bit(VPF_down, &v->pause_flags)) {
                if (test_bit(VPF_down, &v->pause_flags)) {
                    vcpu_sleep_nosync(v);
                    return;
                }
            }
        }
    }
    if (l->sipi_pending) {
        hvm_vcpu_reset_state(v, (u16)(l->sipi_vector << 8), 0);
        l->sipi_pending = false;
    }
}
