/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The instruction after STI runs before a pending interrupt is taken, also when it exits; and
 * `sti; hlt` with one pending does not sleep.
 */
#include "../lib/guest.h"

const char test_title[] = "interrupt-shadow";

#define VECTOR 0x50

static volatile uint64_t taken_at, count;

static void on_irq(struct guest_regs *regs)
{
    taken_at = regs->rip;
    count++;
    apic_write(0xb0, 0);
}

static void send_self(void)
{
    apic_write(0x300, (apic_read(0x20) << 32) | 0x4000 | VECTOR);
}

/* Interrupts off, one pending: STI and one instruction, behind which it must come. */
#define SHADOW(insn, ...)                                                           \
    do {                                                                            \
        uint64_t after;                                                             \
        __asm__ volatile("cli");                                                    \
        count = 0;                                                                  \
        send_self();                                                                \
        __asm__ volatile("lea 1f(%%rip), %0\n\tsti\n\t" insn "\n1:\n\tnop\n\tcli"   \
                         : "=&r"(after)__VA_ARGS__);                                \
        EXPECT(count == 1, insn ": %lu interrupts", count);                         \
        EXPECT(taken_at == after, insn ": taken at %lx, not %lx", taken_at, after); \
    } while (0)

void test_main(void)
{
    apic_enable();
    irq_handler[VECTOR] = on_irq;
    SHADOW("nop", ::"memory");
    SHADOW("cpuid", : "a"(0), "c"(0) : "rbx", "rdx", "memory");
    SHADOW("rdmsr", : "c"(0x1b) : "rax", "rdx", "memory");
    SHADOW("vmmcall", : "a"(__HYPERVISOR_xen_version), "D"(0), "S"(0) : "memory");
    SHADOW("hlt", ::"memory");
}
