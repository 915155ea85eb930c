/* SPDX-License-Identifier: GPL-2.0-only */
/* Exceptions and interrupts of the host. */
#ifndef ASM_TRAPS_H
#define ASM_TRAPS_H

#include <xen/types.h>
#include <asm/regs.h>

/* Vectors of the hypervisor itself; devices get VECTOR_DEVICE_FIRST..LAST. */
#define VECTOR_DEVICE_FIRST  0x30
#define VECTOR_DEVICE_LAST   0xef
#define VECTOR_LAPIC_TIMER   0xf8
#define VECTOR_EVENT_CHECK   0xf9
#define VECTOR_CALL_FUNCTION 0xfa
#define VECTOR_APIC_ERROR    0xfe
#define VECTOR_APIC_SPURIOUS 0xff

void traps_init(void); /* IDT, and this CPU's GDT and TSS */
void traps_init_cpu(u8 *stacks);
typedef void irq_vector_fn_t(void);
/* The function runs with interrupts off and signals EOI itself. */
void set_irq_vector(u8 vector, irq_vector_fn_t *fn);
/* From assembly: every exception and interrupt of the host. */
void do_trap(struct cpu_regs *regs);
/* An interrupt or NMI that ended a guest's run and that hardware hands over as a number. */
void do_host_interrupt(u8 vector);
void do_host_nmi(void);

void show_registers(const struct cpu_regs *regs);
void show_stack_trace(unsigned long rip, unsigned long rbp);
void watchdog_nmi(const struct cpu_regs *regs); /* false alarm or panic */

#endif
