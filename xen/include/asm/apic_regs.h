/* SPDX-License-Identifier: GPL-2.0-only */
/* Registers of the local APIC by xAPIC offset (x2APIC MSR: 0x800 + offset / 16). Intel SDM vol. 3
 * ch. 11. */
#ifndef ASM_APIC_REGS_H
#define ASM_APIC_REGS_H

#include <xen/types.h>

#define APIC_ID       0x20
#define APIC_VERSION  0x30
#define APIC_TPR      0x80
#define APIC_EOI      0xb0
#define APIC_LDR      0xd0
#define APIC_DFR      0xe0
#define APIC_SPIV     0xf0
#define APIC_ISR      0x100
#define APIC_ESR      0x280
#define APIC_ICR      0x300
#define APIC_ICR2     0x310
#define APIC_LVTT     0x320
#define APIC_LVTTHMR  0x330
#define APIC_LVTPC    0x340
#define APIC_LVT0     0x350
#define APIC_LVT1     0x360
#define APIC_LVTERR   0x370
#define APIC_TMICT    0x380
#define APIC_TMCCT    0x390
#define APIC_TDCR     0x3e0
#define SPIV_ENABLE   (1U << 8)
#define LVT_MASKED    (1U << 16)
#define LVT_NMI       (4U << 8)
#define LVTT_DEADLINE (2U << 17)
#define ICR_NMI       (4U << 8)
#define ICR_INIT      (5U << 8)
#define ICR_STARTUP   (6U << 8)
#define ICR_BUSY      (1U << 12)
#define ICR_ASSERT    (1U << 14)
#define ICR_LEVEL     (1U << 15)
#define ICR_OTHERS    (3U << 18)

u32 apic_read(unsigned int reg);
void apic_write(unsigned int reg, u32 v);

#endif
