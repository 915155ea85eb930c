/* SPDX-License-Identifier: GPL-2.0-only */
/* The local APIC's timer, one shot: by TSC deadline where the CPU has it, else by its own count. */
#include <xen/atomic.h>
#include <xen/lib.h>
#include <xen/smp.h>
#include <xen/softirq.h>
#include <xen/time.h>
#include <asm/apic.h>
#include <asm/apic_regs.h>
#include <asm/irqflags.h>
#include <asm/msr.h>
#include <asm/traps.h>

#define DIVIDE_BY_16 3

static bool deadline_mode __read_mostly;
static u32 count_mul __read_mostly; /* timer counts per ns, scaled by 2^32 */

static void timer_interrupt(void)
{
    apic_eoi();
    raise_softirq(TIMER_SOFTIRQ);
}

bool arch_reprogram_timer(s_time_t deadline)
{
    s_time_t delta;
    u64 count;

    if (deadline == STIME_MAX) {
        if (deadline_mode)
            wrmsr(MSR_TSC_DEADLINE, 0);
        else
            apic_write(APIC_TMICT, 0);
        return true;
    }
    delta = deadline - NOW();
    if (delta <= 0)
        return false;
    if (delta > SECONDS(4))
        delta = SECONDS(4); /* the softirq will come back for the rest */
    if (deadline_mode) {
        wrmsr(MSR_TSC_DEADLINE, rdtsc() + (u64)delta * cpu_khz / 1000000 + 1);
        return true;
    }
    count = ((u64)delta * count_mul) >> 32;
    apic_write(APIC_TMICT, min(count + 1, (u64)0xffffffff));
    return true;
}

void apic_timer_init_cpu(void)
{
    apic_write(APIC_TDCR, DIVIDE_BY_16);
    apic_write(APIC_LVTT, VECTOR_LAPIC_TIMER | (deadline_mode ? LVTT_DEADLINE : 0));
    if (deadline_mode)
        smp_mb(); /* the LVT write must be there before the first deadline (SDM 11.5.4.1) */
}

void __init apic_timer_init(void)
{
    u32 a, b, c, d, counts;
    u64 start;
    s_time_t ns;

    set_irq_vector(VECTOR_LAPIC_TIMER, timer_interrupt);
    cpuid(1, &a, &b, &c, &d);
    deadline_mode = c & (1U << 24);
    if (!deadline_mode) {
        apic_write(APIC_TDCR, DIVIDE_BY_16);
        apic_write(APIC_LVTT, LVT_MASKED | VECTOR_LAPIC_TIMER);
        apic_write(APIC_TMICT, 0xffffffff);
        start = rdtsc();
        while (rdtsc() - start < (u64)cpu_khz * 20)
            cpu_relax();
        counts = 0xffffffff - apic_read(APIC_TMCCT);
        ns = tsc_to_s_time(rdtsc()) - tsc_to_s_time(start);
        apic_write(APIC_TMICT, 0);
        if (!counts || ns <= 0)
            panic("The local APIC's timer does not count\n");
        count_mul = ((u64)counts << 32) / ns;
        printk(XENLOG_INFO "APIC: timer runs at %lu kHz\n", (u64)counts * 16 * 1000000 / ns);
    } else {
        printk(XENLOG_INFO "APIC: timer in TSC deadline mode\n");
    }
    apic_timer_init_cpu();
}
