/* SPDX-License-Identifier: GPL-2.0-only */
/* The control domain stopped, and the machine with it. */
#include <xen/domain.h>
#include <xen/lib.h>
#include <xen/shutdown.h>
#include <public/sched.h>

static const char *const reasons[] = {
    [SHUTDOWN_poweroff] = "halted: powering off",
    [SHUTDOWN_reboot] = "shutdown: rebooting machine",
    [SHUTDOWN_suspend] = "suspended: rebooting machine",
    [SHUTDOWN_crash] = "crashed: rebooting machine",
    [SHUTDOWN_watchdog] = "watchdog rebooting machine",
};

void hwdom_shutdown(int reason)
{
    printk(XENLOG_ERR "Hardware domain %s\n",
           reason >= 0 && (unsigned int)reason < ARRAY_SIZE(reasons)
               ? reasons[reason]
               : "stopped: rebooting machine");
    if (reason == SHUTDOWN_poweroff)
        machine_poweroff();
    if (opt_noreboot && reason != SHUTDOWN_reboot)
        machine_halt();
    machine_restart(0);
}
