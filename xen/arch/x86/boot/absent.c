/* SPDX-License-Identifier: GPL-2.0-only */
/* Weak ends of what other subsystems supply; each goes away when its owner lands. */
#include <xen/event.h>
#include <xen/mm.h>
#include <xen/sched.h>
#include <asm/cpu.h>
#include <asm/idle.h>
#include <asm/hvm/vioapic.h>

__attribute__((weak)) void send_global_virq(u32 virq)
{
}
__attribute__((weak)) int assign_pages(struct page_info *pg, unsigned int nr, struct domain *d,
                                       unsigned int memflags)
{
    return -1;
}
__attribute__((weak)) void vioapic_set_gsi(struct domain *d, unsigned int gsi, bool level)
{
}
__attribute__((weak)) void vioapic_pulse_gsi(struct domain *d, unsigned int gsi)
{
}
__attribute__((weak)) void vcpu_loop(void)
{
    for (;;) {
        do_softirq();
        arch_idle();
    }
}
