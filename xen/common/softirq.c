/* SPDX-License-Identifier: GPL-2.0-only */
/* Deferred work: one mask per CPU, lowest number first. */
#include <xen/softirq.h>
#include <xen/lib.h>
#include <xen/smp.h>

DEFINE_PER_CPU(unsigned long, softirq_pending_mask);
static softirq_fn_t *handlers[NR_SOFTIRQS];

void open_softirq(enum softirq nr, softirq_fn_t *fn)
{
    ASSERT(nr < NR_SOFTIRQS);
    handlers[nr] = fn;
}

void raise_softirq(enum softirq nr)
{
    set_bit(nr, &this_cpu(softirq_pending_mask));
}

void cpu_raise_softirq(unsigned int cpu, enum softirq nr)
{
    if (test_and_set_bit(nr, &per_cpu(softirq_pending_mask, cpu)))
        return; /* whoever set it has told the CPU */
    if (cpu != smp_processor_id())
        smp_send_event_check(cpu);
}

void cpumask_raise_softirq(const cpumask_t *mask, enum softirq nr)
{
    unsigned int cpu;

    for_each_cpu(cpu, mask) cpu_raise_softirq(cpu, nr);
}

static void run(unsigned long ignore)
{
    unsigned long *mask = &this_cpu(softirq_pending_mask), pending;

    while ((pending = ACCESS_ONCE(*mask) & ~ignore)) {
        unsigned int nr = __builtin_ctzl(pending);

        clear_bit(nr, mask);
        if (handlers[nr])
            handlers[nr]();
    }
}

void do_softirq(void)
{
    run(0);
}

void process_pending_softirqs(void)
{
    run(BIT(SCHEDULE_SOFTIRQ));
}
