/* SPDX-License-Identifier: GPL-2.0-only */
/* Bringing up time on the host (arch/x86/time). */
#ifndef ASM_HOST_TIME_H
#define ASM_HOST_TIME_H

#include <xen/types.h>

u32 calibrate_tsc_khz(void); /* against what the machine has; 0: nothing worked */
void time_init(void);
void wallclock_init(void);
/* Compares two CPUs' TSCs; both call it at once, the boot CPU with @source. */
void tsc_sync_check(bool source);

#endif
