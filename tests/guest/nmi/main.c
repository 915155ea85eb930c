/* SPDX-License-Identifier: GPL-2.0-only */
/* An NMI is taken with interrupts off; one that comes in the handler waits until its IRET. */
#include "../lib/guest.h"

const char test_title[] = "nmi";

#define NMI 2

static volatile unsigned int taken, nested, in_handler;

static void send_self(void)
{
    /* NMI cannot go by shorthand "self" on real hardware: physical destination, our own id. */
    apic_write(0x300, (apic_read(0x20) << 32) | 0x4400);
}

static void on_nmi(struct guest_regs *regs)
{
    uint32_t r[4];

    if (in_handler)
        nested++;
    in_handler = 1;
    if (++taken == 1) {
        send_self();
        for (int i = 0; i < 10; i++)
            cpuid(0, 0, r); /* exits, after which it could be injected */
    }
    in_handler = 0;
}

void test_main(void)
{
    uint64_t start = rdtsc();
    uint32_t r[4];

    apic_enable();
    irq_handler[NMI] = on_nmi;
    __asm__ volatile("cli");
    send_self();
    while (taken < 2 && rdtsc() - start < 5000000000ull)
        cpuid(0, 0, r);
    EXPECT(taken == 2, "%u taken", taken);
    EXPECT(!nested, "%u nested", nested);
    send_self();
    cpuid(0, 0, r);
    EXPECT(taken == 3, "%u taken", taken);
}
