/* SPDX-License-Identifier: GPL-2.0-only */
/* SSE, AVX and x87 registers, MXCSR and XCR0 of a vCPU survive switches to another one that uses
 * them. */
#include "../lib/guest.h"

const char test_title[] = "fpu-switch";

#define ROUNDS 200

static volatile unsigned int ready[2], done[2], bad[2];
static bool has_avx;

static void enable(void)
{
    uint64_t cr0, cr4;
    uint32_t r[4];

    __asm__ volatile("mov %%cr0, %0" : "=r"(cr0));
    __asm__ volatile("mov %0, %%cr0" ::"r"((cr0 & ~0xcul) | 2));
    __asm__ volatile("fninit");
    cpuid(1, 0, r);
    has_avx = (r[2] & (1u << 26)) && (r[2] & (1u << 28));
    if (!has_avx)
        return;
    __asm__ volatile("mov %%cr4, %0" : "=r"(cr4));
    __asm__ volatile("mov %0, %%cr4" ::"r"(cr4 | (1u << 18)));
    __asm__ volatile("xsetbv" ::"c"(0), "a"(7), "d"(0));
}

/* Fills registers with the CPU's own pattern, gives the processor away, compares. */
static void work(unsigned int cpu)
{
    uint64_t pattern[4], got[4];
    uint32_t csr = cpu ? 0x1f80 : 0x7f80, back, lo, hi;

    enable();
    for (unsigned int i = 0; i < 4; i++)
        pattern[i] = 0x1111111111111111ul * (cpu + 2) + i;
    ready[cpu] = 1;
    while (!ready[!cpu])
        __asm__ volatile("pause");
    for (unsigned int n = 0; n < ROUNDS; n++) {
        __asm__ volatile("ldmxcsr %0" ::"m"(csr));
        __asm__ volatile("movdqu %0, %%xmm3" ::"m"(pattern));
        if (has_avx)
            __asm__ volatile("vmovdqu %0, %%ymm9" ::"m"(pattern));
        __asm__ volatile("fildll %0" ::"m"(pattern[0]));
        hypercall(__HYPERVISOR_sched_op, 0, 0, 0); /* yield */
        for (volatile unsigned int i = 0; i < 1000; i++)
            ;
        __asm__ volatile("fistpll %0" : "=m"(got[0]));
        bad[cpu] += got[0] != pattern[0];
        __asm__ volatile("movdqu %%xmm3, %0" : "=m"(got));
        bad[cpu] += !!memcmp(got, pattern, 16);
        if (has_avx) {
            __asm__ volatile("vmovdqu %%ymm9, %0" : "=m"(got));
            bad[cpu] += !!memcmp(got, pattern, 32);
            __asm__ volatile("xgetbv" : "=a"(lo), "=d"(hi) : "c"(0));
            bad[cpu] += lo != 7 || hi;
        }
        __asm__ volatile("stmxcsr %0" : "=m"(back));
        bad[cpu] += back != csr;
    }
    done[cpu] = 1;
}

static void second_cpu(void)
{
    work(1);
    for (;;)
        __asm__ volatile("hlt");
}

void test_main(void)
{
    uint64_t start = rdtsc();

    apic_enable();
    start_cpu(2, second_cpu);
    while (!ready[1] && rdtsc() - start < 10000000000ull)
        ready[0] = 0;
    if (!ready[1])
        skip("no second CPU");
    work(0);
    while (!done[1] && rdtsc() - start < 40000000000ull)
        __asm__ volatile("pause");
    EXPECT(done[1], "the second CPU did not finish");
    EXPECT(!bad[0] && !bad[1], "%u and %u wrong values", bad[0], bad[1]);
}
