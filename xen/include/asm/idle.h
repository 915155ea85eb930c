/* SPDX-License-Identifier: GPL-2.0-only */
/* What a CPU does without work. */
#ifndef ASM_IDLE_H
#define ASM_IDLE_H

/* Sleeps until an interrupt, unless a softirq is pending already. Interrupts on, before and after.
 */
void arch_idle(void);

#endif
