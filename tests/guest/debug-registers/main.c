/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Debug registers keep their values over exits; a breakpoint fires once; single stepping over an
 * instruction that exits traps right after it, as on bare metal.
 */
#include "../lib/guest.h"

const char test_title[] = "debug-registers";

#define DB 1
#define TF 0x100
#define RF 0x10000

static volatile uint64_t hits, hit_rip, hit_dr6;

static uint64_t read_dr6(void)
{
    uint64_t v;
    __asm__ volatile("mov %%dr6, %0" : "=r"(v));
    return v;
}

static void on_debug(struct guest_regs *regs)
{
    hits++;
    hit_rip = regs->rip;
    hit_dr6 = read_dr6();
    __asm__ volatile("mov %0, %%dr6" ::"r"(0xffff0ff0ul));
    regs->rflags = (regs->rflags & ~TF) | RF;
}

static void __attribute__((noinline)) target(void)
{
    __asm__ volatile("");
}

/* Executes one instruction with TF set and says where the trap came. */
#define STEP(insn, ...)                                                                       \
    ({                                                                                        \
        uint64_t after;                                                                       \
        hits = 0;                                                                             \
        __asm__ volatile("lea 1f(%%rip), %0\n\tpushf\n\torq $0x100, (%%rsp)\n\tpopf\n\t" insn \
                         "\n1:\n\tnop"                                                        \
                         : "=&r"(after)__VA_ARGS__);                                          \
        EXPECT(hits == 1, "%lu traps stepping over " insn, hits);                             \
        EXPECT(hit_rip == after, "trap at %lx, not %lx", hit_rip, after);                     \
        EXPECT(hit_dr6 &(1ul << 14), "DR6 %lx without BS", hit_dr6);                          \
    })

void test_main(void)
{
    uint64_t v, n = 0x123456789a0;
    uint32_t r[4];

    irq_handler[DB] = on_debug;
    __asm__ volatile("mov %0, %%dr0" ::"r"(n));
    __asm__ volatile("mov %0, %%dr3" ::"r"(n + 8));
    cpuid(0, 0, r);
    hypercall(__HYPERVISOR_sched_op, 0, 0, 0); /* yield */
    __asm__ volatile("mov %%dr0, %0" : "=r"(v));
    EXPECT(v == n, "DR0 is %lx", v);
    __asm__ volatile("mov %%dr3, %0" : "=r"(v));
    EXPECT(v == n + 8, "DR3 is %lx", v);

    __asm__ volatile("mov %0, %%dr0" ::"r"(target));
    __asm__ volatile("mov %0, %%dr7" ::"r"(0x402ul)); /* global, execution */
    target();
    __asm__ volatile("mov %0, %%dr7" ::"r"(0x400ul));
    EXPECT(hits == 1 && hit_rip == (uint64_t)target, "%lu hits, at %lx", hits, hit_rip);
    EXPECT(hit_dr6 & 1, "DR6 is %lx", hit_dr6);

    STEP("nop", ::"memory");
    STEP("cpuid", : "a"(0), "c"(0) : "rbx", "rdx", "memory");
    STEP("vmmcall", : "a"(__HYPERVISOR_xen_version), "D"(0), "S"(0) : "memory");
    STEP("rdmsr", : "c"(0x1b) : "rax", "rdx", "memory");
}
