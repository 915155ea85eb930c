/* SPDX-License-Identifier: GPL-2.0-only */
/* The end of the machine's session. All of these may be called in any context. */
#ifndef XEN_SHUTDOWN_H
#define XEN_SHUTDOWN_H

#include <xen/types.h>

/* Resets after @delay_ms; stays instead when noreboot was given and @delay_ms is not 0 (a panic).
 */
void machine_restart(unsigned int delay_ms) __noreturn;
void machine_halt(void) __noreturn;
/* ACPI S5 where the firmware describes it, else as machine_halt(). */
void machine_poweroff(void) __noreturn;
/* XENPF_enter_acpi_sleep: the control domain's PM1 control values. -EOPNOTSUPP unless @state is 5.
 */
int acpi_enter_sleep(u8 state, u16 pm1a_cnt, u16 pm1b_cnt);
/* The firmware's ways, called by the above; they return when they do not work. */
void acpi_power_init(void);
void acpi_poweroff(void);
void acpi_reset(void);
extern bool opt_noreboot;

#endif
