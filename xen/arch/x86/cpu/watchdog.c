/* SPDX-License-Identifier: GPL-2.0-only */
/* The watchdog: looks for CPUs that no longer run their timers (see docs/command-line.md). */
#include <xen/lib.h>
#include <xen/smp.h>
#include <asm/traps.h>

void watchdog_nmi(const struct cpu_regs *regs)
{
    printk(XENLOG_WARNING "CPU%u: NMI for no known reason\n", smp_processor_id());
}
