/* SPDX-License-Identifier: GPL-2.0-only */
/* Weak ends of what other subsystems supply; each goes away when its owner lands. */
#include <xen/lib.h>
#include <asm/boot.h>

__attribute__((weak)) void create_dom0(void)
{
    printk("No control domain is built yet\n");
}
