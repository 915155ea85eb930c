/* SPDX-License-Identifier: GPL-2.0-only */
/* Weak ends of what other subsystems supply; each goes away when its owner lands. */
#include <xen/lib.h>
#include <xen/dom0.h>

__attribute__((weak)) void create_dom0(void)
{
    printk("No control domain is built yet\n");
}
