/* SPDX-License-Identifier: GPL-2.0-only */
/* Watching for CPUs that hang (arch/x86/cpu/watchdog.c). */
#ifndef ASM_WATCHDOG_H
#define ASM_WATCHDOG_H

void watchdog_init(void);     /* boot CPU; timers and the local APIC work */
void watchdog_init_cpu(void); /* the others */

#endif
