/* SPDX-License-Identifier: GPL-2.0-only */
/* Host CPUs talking to each other. */
#ifndef XEN_SMP_H
#define XEN_SMP_H

#include <xen/cpumask.h>
#include <asm/percpu.h>

#define smp_processor_id() this_cpu_id()
void smp_send_event_check(unsigned int cpu);
void smp_send_event_check_mask(const cpumask_t *mask);
/* Runs fn(data) on each CPU of @mask (this one included if in it); @wait: until all are done.
 * Interrupts on, no spinlock held that an interrupt handler takes. */
void on_selected_cpus(const cpumask_t *mask, void (*fn)(void *), void *data, bool wait);
void smp_call_function(void (*fn)(void *), void *data, bool wait);
void smp_send_stop(void);
int cpu_up(unsigned int cpu);
int cpu_down(unsigned int cpu);
/* Host topology, as firmware and CPUID tell. */
unsigned int cpu_to_core(unsigned int cpu);
unsigned int cpu_to_socket(unsigned int cpu);
unsigned int cpu_to_node(unsigned int cpu);

#endif
