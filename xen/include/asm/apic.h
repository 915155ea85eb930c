/* SPDX-License-Identifier: GPL-2.0-only */
/* The host's local APICs (xAPIC or x2APIC) and IOAPICs (arch/x86/irq). */
#ifndef ASM_APIC_H
#define ASM_APIC_H

#include <xen/types.h>

void apic_init(void);     /* boot CPU: mode, mapping */
void apic_init_cpu(void); /* this CPU: enable, LVTs masked */
u32 apic_read_id(void);
void apic_eoi(void);
void apic_send_ipi(unsigned int cpu, u8 vector);
void apic_send_nmi_others(void);
void apic_send_init(u32 apic_id);
void apic_send_sipi(u32 apic_id, u8 page);
void apic_timer_init(void); /* boot CPU: calibrates against the TSC */
void apic_timer_init_cpu(void);
bool apic_perf_nmi(bool on); /* LVT of the performance counters: NMI or masked */
extern bool x2apic_mode;

void pic_disable(void);
void ioapic_init(void); /* all pins masked */
unsigned int nr_host_gsis(void);

#endif
