/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The local APIC's timer (Intel SDM vol. 3, 11.5.4). The count is arithmetic on the time since it
 * was started, so that a host timer is needed only while an interrupt is due from it.
 */
#include <xen/lib.h>
#include <xen/sched.h>
#include "vlapic_priv.h"

/* Guests' APIC bus runs at 100 MHz, as on Xen, so that a saved count means the same. */
#define BUS_CYCLE_NS 10
/* A shorter period would keep the host busy with nothing else; its interrupts become fewer. */
#define SHORTEST_PERIOD MICROSECS(50)

static bool deadline_mode(const struct vlapic *l)
{
    return (vlapic_reg(l, APIC_LVTT) & LVTT_MODE) == LVTT_DEADLINE;
}

static bool periodic_mode(const struct vlapic *l)
{
    return (vlapic_reg(l, APIC_LVTT) & LVTT_MODE) == LVTT_PERIODIC;
}

static s_time_t tick_ns(const struct vlapic *l)
{
    return (s_time_t)BUS_CYCLE_NS * l->timer_divisor;
}

static s_time_t period_ns(const struct vlapic *l)
{
    return tick_ns(l) * vlapic_reg(l, APIC_TMICT);
}

static void timer_raise(struct vlapic *l)
{
    u32 lvt = vlapic_reg(l, APIC_LVTT);
    if (!(lvt & LVT_MASKED))
        vlapic_set_irq(l->vcpu, lvt & 0xff, false);
}

/* TIMER_SOFTIRQ. Missed periods are one interrupt: a guest that fell behind is not flooded. */
static void timer_fn(void *data)
{
    struct vlapic *l = data;
    if (deadline_mode(l)) {
        if (!xchg(&l->tsc_deadline, 0))
            return;
        timer_raise(l);
        return;
    }
    timer_raise(l);
    if (periodic_mode(l))
        vlapic_timer_update(l);
}

void vlapic_timer_init(struct vcpu *v)
{
    struct vlapic *l = &v->arch.hvm.vlapic;
    init_timer(&l->timer, timer_fn, l, v->processor);
    l->timer_divisor = 2;
}

void vlapic_timer_stop(struct vlapic *l)
{
    stop_timer(&l->timer);
    l->timer_start = 0;
}

/* On this CPU when its vCPU sets it: no other one has to be told. */
static void arm(struct vlapic *l, s_time_t when)
{
    if (l->vcpu == current && l->timer.cpu != smp_processor_id())
        migrate_timer(&l->timer, smp_processor_id());
    set_timer(&l->timer, when);
}

static void arm_deadline(struct vlapic *l)
{
    if (!l->tsc_deadline) {
        stop_timer(&l->timer);
        return;
    }
    u64 now = hvm_get_guest_tsc(l->vcpu);
    u64 delta = l->tsc_deadline > now ? l->tsc_deadline - now : 0;
    u32 khz = l->vcpu->domain->arch.tsc_khz ? l->vcpu->domain->arch.tsc_khz : cpu_khz;
    /* Beyond a century nobody waits; it also keeps the product in 64 bits. */
    u64 ns = delta / khz > (1UL << 42) ? STIME_MAX / 2
                                       : delta / khz * 1000000 + delta % khz * 1000000 / khz;
    arm(l, NOW() + ns);
}

void vlapic_timer_update(struct vlapic *l)
{
    if (vlapic_reg(l, APIC_LVTT) & LVT_MASKED && !deadline_mode(l)) {
        stop_timer(&l->timer);
        return;
    }
    if (deadline_mode(l)) {
        arm_deadline(l);
        return;
    }
    s_time_t period = period_ns(l), now = NOW();
    if (!l->timer_start || !period) {
        stop_timer(&l->timer);
        return;
    }
    s_time_t elapsed = now - l->timer_start;
    if (periodic_mode(l))
        arm(l, max(l->timer_start + (elapsed / period + 1) * period, now + SHORTEST_PERIOD));
    else if (elapsed < period)
        arm(l, l->timer_start + period);
    else
        stop_timer(&l->timer);
}

void vlapic_timer_set_initial(struct vlapic *l, u32 count)
{
    /* In deadline mode the register is ignored (11.5.4.1). */
    if (deadline_mode(l))
        return;
    vlapic_set_reg(l, APIC_TMICT, count);
    l->timer_start = count ? NOW() : 0;
    vlapic_timer_update(l);
}

void vlapic_timer_resume(struct vlapic *l, u32 current_count)
{
    u32 initial = vlapic_reg(l, APIC_TMICT);
    if (!initial || !current_count) {
        l->timer_start = 0;
        return;
    }
    if (current_count > initial)
        current_count = initial;
    l->timer_start = NOW() - tick_ns(l) * (initial - current_count);
    if (l->timer_start <= 0)
        l->timer_start = 1;
}

u32 vlapic_timer_current(const struct vlapic *l)
{
    s_time_t period = period_ns(l);
    if (deadline_mode(l) || !l->timer_start || !period)
        return 0;
    s_time_t elapsed = NOW() - l->timer_start;
    if (elapsed >= period) {
        if (!periodic_mode(l))
            return 0;
        elapsed %= period;
    }
    return vlapic_reg(l, APIC_TMICT) - elapsed / tick_ns(l);
}

void vlapic_timer_set_divide(struct vlapic *l, u32 tdcr)
{
    u32 count = vlapic_timer_current(l);
    unsigned int code = (tdcr & 3) | ((tdcr >> 1) & 4);
    vlapic_set_reg(l, APIC_TDCR, tdcr & 0xb);
    l->timer_divisor = 1U << ((code + 1) & 7);
    if (count) {
        vlapic_timer_resume(l, count);
        vlapic_timer_update(l);
    }
}

void vlapic_timer_set_lvt(struct vlapic *l, u32 lvt)
{
    u32 old = vlapic_reg(l, APIC_LVTT);
    vlapic_set_reg(l, APIC_LVTT, lvt);
    if ((old ^ lvt) & LVTT_MODE) {
        /* To or from deadline mode disarms; between the others the count goes on. */
        if ((old & LVTT_MODE) == LVTT_DEADLINE || deadline_mode(l)) {
            vlapic_timer_stop(l);
            vlapic_set_reg(l, APIC_TMICT, 0);
            l->tsc_deadline = 0;
        }
    }
    vlapic_timer_update(l);
}

void vlapic_timer_set_deadline(struct vlapic *l, u64 tsc)
{
    if (!deadline_mode(l))
        return;
    l->tsc_deadline = tsc;
    arm_deadline(l);
}

u64 vlapic_timer_deadline(const struct vlapic *l)
{
    return deadline_mode(l) ? l->tsc_deadline : 0;
}

void vlapic_migrate_timer(struct vcpu *v)
{
    struct vlapic *l = &v->arch.hvm.vlapic;
    if (timer_is_active(&l->timer))
        migrate_timer(&l->timer, v->processor);
}
