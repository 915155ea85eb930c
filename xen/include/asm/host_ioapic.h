/* SPDX-License-Identifier: GPL-2.0-only */
/* Programming the machine's IOAPICs (irq/); what there is of them: asm/io_apic.h. */
#ifndef ASM_HOST_IOAPIC_H
#define ASM_HOST_IOAPIC_H

#include <xen/types.h>

#define IOAPIC_ACTIVE_LOW (1U << 13)
#define IOAPIC_LEVEL      (1U << 15)
#define IOAPIC_MASKED     (1U << 16)
bool ioapic_has_gsi(unsigned int gsi);
void ioapic_write_low(unsigned int gsi, u32 low);
void ioapic_route(unsigned int gsi, u32 low, u32 apic_id);

#endif
