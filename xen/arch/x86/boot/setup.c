/* SPDX-License-Identifier: GPL-2.0-only */
/* start_xen(): the boot recipe. */
#include <xen/lib.h>
#include <asm/boot.h>
#include <asm/msr.h>

void __stack_chk_fail(void);
void __stack_chk_fail(void)
{
    for (;;)
        __asm__ volatile("hlt");
}

void start_xen(u32 magic, u32 mbi)
{
    for (const char *p = "hello from start_xen\r\n"; *p; p++)
        outb(*p, 0x3f8);
    for (;;)
        __asm__ volatile("hlt");
}
