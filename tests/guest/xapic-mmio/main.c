/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The local APIC's page and the IOAPIC's answer every kind of instruction that touches memory: the
 * hypervisor decodes and carries it out. A self-IPI sent through the page arrives.
 */
#include "../lib/guest.h"

const char test_title[] = "xapic-mmio";

#define LAPIC  0xfee00000UL
#define IOAPIC 0xfec00000UL
#define TPR    (LAPIC + 0x80)
#define reg(a) (*(volatile uint32_t *)(a))

static volatile unsigned int seen;

static void take(struct guest_regs *regs)
{
    seen++;
    reg(LAPIC + 0xb0) = 0;
}

static void self_ipi(void)
{
    irq_handler[0x51] = take;
    reg(LAPIC + 0xf0) = 0x1ff;
    reg(LAPIC + 0x310) = 0;
    reg(LAPIC + 0x300) = 0x44051;
    __asm__ volatile("sti; nop; nop; cli" ::: "memory");
    EXPECT(seen == 1, "%u interrupts", seen);
    /* Held back by priority, delivered when that drops. */
    reg(TPR) = 0x60;
    reg(LAPIC + 0x300) = 0x44051;
    __asm__ volatile("sti; nop; nop; cli" ::: "memory");
    EXPECT(seen == 1, "came in spite of TPR");
    reg(TPR) = 0;
    __asm__ volatile("sti; nop; nop; cli" ::: "memory");
    EXPECT(seen == 2, "%u interrupts", seen);
}

static void instructions(void)
{
    uint64_t flags, val = 0;
    uint32_t copy = 0, old = 0x40;

    __asm__ volatile("movl $0x30, (%0)" ::"r"(TPR) : "memory");
    EXPECT(reg(TPR) == 0x30, "mov imm");
    __asm__ volatile("orl $0x05, (%0)" ::"r"(TPR) : "memory");
    EXPECT(reg(TPR) == 0x35, "or");
    __asm__ volatile("addl %1, (%0)" ::"r"(TPR), "r"(0x0b) : "memory", "cc");
    EXPECT(reg(TPR) == 0x40, "add: %x", reg(TPR));
    __asm__ volatile("cmpl $0x40, (%1); pushf; pop %0" : "=r"(flags) : "r"(TPR) : "memory", "cc");
    EXPECT(flags & 0x40, "cmp: flags %lx", flags);
    __asm__ volatile("lock cmpxchgl %2, (%1)" : "+a"(old) : "r"(TPR), "r"(0x50) : "memory", "cc");
    EXPECT(reg(TPR) == 0x50 && old == 0x40, "cmpxchg");
    old = 0x20;
    __asm__ volatile("xchgl %0, (%1)" : "+r"(old) : "r"(TPR) : "memory");
    EXPECT(reg(TPR) == 0x20 && old == 0x50, "xchg");
    __asm__ volatile("movzbl (%1), %k0" : "=r"(val) : "r"(TPR));
    EXPECT(val == 0x20, "movzx");
    __asm__ volatile("btsl $4, (%0)" ::"r"(TPR) : "memory", "cc");
    EXPECT(reg(TPR) == 0x30, "bts");
    __asm__ volatile("movsl" ::"S"(TPR), "D"(&copy) : "memory");
    EXPECT(copy == 0x30, "movs from the page");
    copy = 0x70;
    __asm__ volatile("movsl" ::"S"(&copy), "D"(TPR) : "memory");
    EXPECT(reg(TPR) == 0x70, "movs to the page");
    __asm__ volatile("pushq (%1); popq %0" : "=r"(val) : "r"(TPR) : "memory");
    EXPECT((uint32_t)val == 0x70, "push");
    __asm__ volatile("notl (%0)" ::"r"(TPR) : "memory");
    EXPECT(reg(TPR) == 0x8f, "not"); /* 8 bits are writable */
    __asm__ volatile("mov (%1,%2,4), %k0" : "=r"(val) : "r"(LAPIC), "r"(0x20UL));
    EXPECT((uint32_t)val == 0x8f, "SIB");
    reg(TPR) = 0;
}

void test_main(void)
{
    uint32_t id, pins;

    EXPECT((rdmsr(0x1b) & 0xc00) == 0x800, "APIC_BASE is %lx", rdmsr(0x1b));
    EXPECT((reg(LAPIC + 0x30) & 0xff) >= 0x10, "version %x", reg(LAPIC + 0x30));
    self_ipi();
    instructions();
    reg(IOAPIC) = 1;
    pins = (reg(IOAPIC + 0x10) >> 16) + 1;
    EXPECT(pins >= 16 && pins <= 240, "%u IOAPIC pins", pins);
    /* A masked pin: what is written is read back, but for the read-only bits. */
    reg(IOAPIC) = 0x10 + 2 * 3;
    reg(IOAPIC + 0x10) = 0x1f0ff;
    id = reg(IOAPIC + 0x10);
    EXPECT(id == 0x1a0ff, "redirection entry %x", id);
    reg(IOAPIC + 0x10) = 0x10000;
}
