/* SPDX-License-Identifier: GPL-2.0-only */
/* CPUs talking to each other: event checks and function calls by IPI. */
#include <xen/smp.h>
#include <xen/atomic.h>
#include <xen/lib.h>
#include <xen/spinlock.h>
#include <asm/apic.h>
#include <asm/cpu.h>
#include <asm/traps.h>

cpumask_t cpu_online_map, cpu_possible_map, cpu_present_map;
unsigned int nr_cpu_ids = 1;

static DEFINE_SPINLOCK(call_lock); /* protects: call; taken with interrupts on */
static struct {
    void (*fn)(void *);
    void *data;
    bool wait;
    cpumask_t pending; /* have not started (or, with wait, finished) */
} call;

/* All that an event check is for happens on the way back to the guest or to the idle loop. */
static void event_check_interrupt(void)
{
    apic_eoi();
}

static void call_interrupt(void)
{
    unsigned int cpu = smp_processor_id();
    void (*fn)(void *) = call.fn;
    void *data = call.data;
    bool wait = call.wait;

    apic_eoi();
    if (!cpumask_test(&call.pending, cpu))
        return;
    if (!wait) {
        smp_mb();
        cpumask_clear(&call.pending, cpu);
        fn(data);
    } else {
        fn(data);
        smp_mb();
        cpumask_clear(&call.pending, cpu);
    }
}

void smp_send_event_check(unsigned int cpu)
{
    apic_send_ipi(cpu, VECTOR_EVENT_CHECK);
}

void smp_send_event_check_mask(const cpumask_t *mask)
{
    unsigned int cpu;

    for_each_cpu(cpu, mask) if (cpu != smp_processor_id()) smp_send_event_check(cpu);
}

void on_selected_cpus(const cpumask_t *mask, void (*fn)(void *), void *data, bool wait)
{
    unsigned int cpu, self = smp_processor_id();
    cpumask_t others;

    cpumask_and(&others, mask, &cpu_online_map);
    cpumask_clear(&others, self);
    if (!cpumask_empty(&others)) {
        ASSERT(local_irq_is_enabled());
        spin_lock(&call_lock);
        call.fn = fn;
        call.data = data;
        call.wait = wait;
        smp_mb();
        call.pending = others;
        for_each_cpu(cpu, &others) apic_send_ipi(cpu, VECTOR_CALL_FUNCTION);
    }
    if (cpumask_test(mask, self)) {
        unsigned long flags = local_irq_save();

        fn(data);
        local_irq_restore(flags);
    }
    if (!cpumask_empty(&others)) {
        while (!cpumask_empty(&call.pending)) {
            barrier();
            cpu_relax();
        }
        spin_unlock(&call_lock);
    }
}

void smp_call_function(void (*fn)(void *), void *data, bool wait)
{
    cpumask_t others = cpu_online_map;

    cpumask_clear(&others, smp_processor_id());
    on_selected_cpus(&others, fn, data, wait);
}

void __init smp_call_init(void)
{
    set_irq_vector(VECTOR_EVENT_CHECK, event_check_interrupt);
    set_irq_vector(VECTOR_CALL_FUNCTION, call_interrupt);
    cpumask_set(&cpu_online_map, 0);
}
