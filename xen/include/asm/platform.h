/* SPDX-License-Identifier: GPL-2.0-only */
/* The machine as a whole: CPU numbers as firmware has them, power off, reset. */
#ifndef ASM_PLATFORM_H
#define ASM_PLATFORM_H

#include <xen/types.h>

u32 cpu_physical_id(unsigned int cpu); /* APIC id */
u32 cpu_acpi_id(unsigned int cpu);     /* processor UID of the MADT */
/* S5 with the values of the FADT's sleep control registers, as the control domain read them from
 * the DSDT. @extended: the hardware-reduced sleep registers. Returns only if that failed. */
void machine_power_off_acpi(u16 val_a, u16 val_b, bool extended);
void machine_restart(void) __noreturn;
void machine_halt(void) __noreturn;

#endif
