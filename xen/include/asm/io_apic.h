/* SPDX-License-Identifier: GPL-2.0-only */
/* The host's IOAPICs, as the MADT lists them and their version registers count their pins. */
#ifndef ASM_IO_APIC_H
#define ASM_IO_APIC_H

#include <xen/types.h>

#define MAX_HOST_IOAPICS 128

struct host_ioapic {
    u64 base;
    u32 gsi_base, nr_pins;
    u8 id;
};
/* Filled at boot (arch/x86/irq), constant then. */
extern struct host_ioapic host_ioapics[];
extern unsigned int nr_host_ioapics;

#endif
