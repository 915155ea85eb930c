/* SPDX-License-Identifier: GPL-2.0-only */
/* The local APIC's timer interrupts once in one-shot mode, again and again in periodic mode, and
 * wakes HLT. */
#include "../lib/guest.h"

const char test_title[] = "lapic-timer";

static volatile unsigned int ticks;

static void tick(struct guest_regs *regs)
{
    ticks++;
    apic_write(0xb0, 0); /* EOI */
}

static void wait_for(unsigned int n)
{
    while (ticks < n)
        __asm__ volatile("sti; hlt; cli" ::: "memory");
}

void test_main(void)
{
    uint64_t start;

    apic_enable();
    irq_handler[0x40] = tick;
    apic_write(0x3e0, 0xb);  /* divide by 1 */
    apic_write(0x320, 0x40); /* one-shot */
    apic_write(0x380, 1000000);
    wait_for(1);
    EXPECT(apic_read(0x390) == 0, "still counting");
    start = rdtsc();
    __asm__ volatile("sti");
    while (rdtsc() - start < 20000000)
        ;
    __asm__ volatile("cli");
    EXPECT(ticks == 1, "one-shot came %u times", ticks);

    apic_write(0x320, 0x20040); /* periodic */
    apic_write(0x380, 1000000);
    wait_for(10);
    apic_write(0x320, 0x10040);
}
