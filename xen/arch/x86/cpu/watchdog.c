/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The watchdog (watchdog, watchdog_timeout=): a performance counter of unhalted cycles raises an
 * NMI about once a second of work on each CPU; one that sees that the CPU's timers have not run for
 * the timeout ends in a panic with the place where the CPU hangs. A CPU without such a counter is
 * not watched, and the log says so.
 */
#include <xen/lib.h>
#include <xen/param.h>
#include <xen/percpu.h>
#include <xen/smp.h>
#include <xen/time.h>
#include <asm/apic.h>
#include <asm/cpu.h>
#include <asm/msr.h>
#include <asm/traps.h>
#include <asm/watchdog.h>

static bool opt_watchdog;
boolean_param("watchdog", opt_watchdog);
static unsigned int opt_timeout = 5;
integer_param("watchdog_timeout", opt_timeout);

/* Event select, counter and what to write: AMD APM vol. 2, 13.2; Intel SDM vol. 3, 19.2.1. */
struct counter {
    u32 select, count, global;
    u64 event;
};
#define EVENT_ON                                                                    \
    (1UL << 22 | 1UL << 20 | 1UL << 17 | 1UL << 16) /* enable, interrupt, all rings \
                                                     */
static const struct counter amd_counter = {0xc0010000, 0xc0010004, 0, EVENT_ON | 0x76};
static const struct counter intel_counter = {0x186, 0xc1, 0x38f, EVENT_ON | 0x3c};
static const struct counter *counter; /* NULL: not watching */

struct watch {
    struct timer timer;
    unsigned int beats; /* counted by the timer */
    unsigned int seen;  /* by the last NMI */
    s_time_t changed;   /* when @seen was last new */
};
static DEFINE_PER_CPU(struct watch, watch);

static void beat(void *data)
{
    struct watch *w = data;

    w->beats++;
    set_timer(&w->timer, NOW() + SECONDS(1));
}

static void arm(void)
{
    /* The counters take 32 bits, sign-extended. */
    wrmsr_safe(counter->count, -(u64)min(cpu_khz, 2000000U) * 1000);
    apic_perf_nmi(true);
}

void watchdog_nmi(const struct cpu_regs *regs)
{
    struct watch *w = &this_cpu(watch);
    s_time_t now;
    u64 count;

    if (!counter || rdmsr_safe(counter->count, &count) || count >> 31 & 1) {
        printk(XENLOG_WARNING "CPU%u: NMI for no known reason\n", smp_processor_id());
        return;
    }
    now = NOW();
    if (w->seen != w->beats || !w->changed) {
        w->seen = w->beats;
        w->changed = now;
    } else if (now - w->changed > SECONDS(opt_timeout)) {
        if (regs)
            show_registers(regs);
        panic("CPU%u has not run its timers for %u seconds\n", smp_processor_id(), opt_timeout);
    }
    arm();
}

/* Does the counter count? Emulators often take the writes and do nothing. */
static bool try_counter(const struct counter *c)
{
    u64 before, after;

    if (wrmsr_safe(c->select, 0) || wrmsr_safe(c->count, 0) ||
        (c->global && wrmsr_safe(c->global, 1)) || wrmsr_safe(c->select, c->event))
        return false;
    if (rdmsr_safe(c->count, &before))
        return false;
    udelay(1000);
    return !rdmsr_safe(c->count, &after) && after > before && apic_perf_nmi(false);
}

void watchdog_init_cpu(void)
{
    struct watch *w = &this_cpu(watch);

    if (!counter)
        return;
    init_timer(&w->timer, beat, w, smp_processor_id());
    beat(w);
    if (try_counter(counter))
        arm();
}

void __init watchdog_init(void)
{
    const struct counter *c = boot_cpu_info.amd     ? &amd_counter
                              : boot_cpu_info.intel ? &intel_counter
                                                    : NULL;

    if (!opt_watchdog)
        return;
    if (!c || !opt_timeout || !try_counter(c)) {
        printk(XENLOG_WARNING "Watchdog: this CPU has no counter that raises NMIs: not watching\n");
        return;
    }
    counter = c;
    watchdog_init_cpu();
    printk(XENLOG_INFO "Watchdog: on, %u seconds\n", opt_timeout);
}
