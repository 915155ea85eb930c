/* SPDX-License-Identifier: GPL-2.0-only */
/* Interrupts of the host's devices that the hypervisor itself handles. */
#ifndef XEN_IRQ_H
#define XEN_IRQ_H

#include <xen/types.h>

/* ISA interrupt -> global system interrupt, by the MADT's overrides. */
unsigned int isa_irq_to_gsi(unsigned int irq);
/* Calls fn(data) with interrupts off. The MADT's polarity and trigger win over the two flags for
 * overridden ISA interrupts. 0, -EBUSY (taken), -EINVAL (no such GSI), -ENOSPC (vectors are out).
 */
int request_host_gsi(unsigned int gsi, bool level, bool active_low, void (*fn)(void *), void *data);
/* A device vector arrived: false when no GSI has it. */
bool gsi_interrupt(u8 vector);
void gsi_init(void);
void gsi_dump(unsigned char key); /* debug key 'i' */
/* True while this CPU is in an interrupt handler. */
bool in_irq(void);

#endif
