/* SPDX-License-Identifier: GPL-2.0-only */
/* INIT and SIPI start another CPU, and an IPI reaches it while it halts. */
#include "../lib/guest.h"

const char test_title[] = "smp-start";

static volatile unsigned int started, got_ipi;

static void on_ipi(struct guest_regs *regs)
{
    got_ipi = 1;
    apic_write(0xb0, 0);
}

static void second_cpu(void)
{
    load_idt();
    apic_enable();
    started = 1;
    for (;;)
        __asm__ volatile("sti; hlt");
}

static bool wait(volatile unsigned int *flag)
{
    uint64_t start = rdtsc();

    while (!*flag && rdtsc() - start < 10000000000ull)
        __asm__ volatile("pause");
    return *flag;
}

void test_main(void)
{
    apic_enable();
    irq_handler[0x41] = on_ipi;
    start_cpu(2, second_cpu); /* APIC id of vCPU 1 */
    if (!wait(&started))
        failure("the second CPU did not start");
    apic_write(0x300, (2ull << 32) | 0x4041);
    EXPECT(wait(&got_ipi), "no IPI");
}
