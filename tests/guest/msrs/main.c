/* SPDX-License-Identifier: GPL-2.0-only */
/* MSRs keep what is written, refuse what no processor takes, and hide what guests do not have. */
#include "../lib/guest.h"

const char test_title[] = "msrs";

#define GP 13

static int try_write(uint32_t msr, uint64_t v)
{
    return TRY("wrmsr", ::"c"(msr), "a"((uint32_t)v), "d"((uint32_t)(v >> 32)) : "r11", "memory");
}

static int try_read(uint32_t msr)
{
    return TRY("rdmsr", ::"c"(msr) : "rax", "rdx", "r11", "memory");
}

static void keeps(uint32_t msr, uint64_t v)
{
    uint64_t old = rdmsr(msr);

    EXPECT(try_write(msr, v) < 0, "%x does not take %lx", msr, v);
    EXPECT(rdmsr(msr) == v, "%x is %lx, not %lx", msr, rdmsr(msr), v);
    wrmsr(msr, old);
}

static void refuses(uint32_t msr, uint64_t v)
{
    uint64_t old = rdmsr(msr);

    EXPECT(try_write(msr, v) == GP, "%x takes %lx", msr, v);
    EXPECT(rdmsr(msr) == old, "%x changed to %lx", msr, rdmsr(msr));
}

void test_main(void)
{
    uint64_t t;

    keeps(0x277, 0x0007050600070106);   /* PAT, as Linux sets it */
    refuses(0x277, 0x0007050600070206); /* no memory type 2 */
    keeps(0x2ff, 0xc06);                /* MTRR default type */
    refuses(0x2ff, 0x802);
    keeps(0x200, 0xc0000000); /* variable MTRRs */
    keeps(0x201, 0x3fc0000800);
    refuses(0x201, 0x3fc0000801);
    keeps(0x250, 0x0606060606060606);
    keeps(0xc0000081, 0x0023001000000000);             /* STAR */
    keeps(0xc0000082, 0xffffffff81000000);             /* LSTAR */
    keeps(0xc0000102, 0xffff888000000000);             /* kernel GS base */
    keeps(0x175, 0xfffffe0000001000);                  /* SYSENTER_ESP */
    refuses(0xc0000080, rdmsr(0xc0000080) | 0x1000);   /* EFER.SVME */
    refuses(0xc0000080, rdmsr(0xc0000080) & ~0x100ul); /* EFER.LME while paging */
    EXPECT(rdmsr(0xc0000080) & 0x400, "EFER %lx without LMA", rdmsr(0xc0000080));

    EXPECT(rdmsr(0xfe) == 0x508, "MTRRcap %lx", rdmsr(0xfe));
    EXPECT(try_write(0xfe, 0) == GP, "MTRRcap can be written");
    EXPECT(rdmsr(0x179) == 0, "MCG_CAP %lx", rdmsr(0x179));
    EXPECT(rdmsr(0xc0010114) & 0x10, "VM_CR %lx allows SVM", rdmsr(0xc0010114));
    EXPECT(try_read(0xc0010117) == GP, "VM_HSAVE_PA can be read");
    EXPECT(try_write(0xc0010117, 0x1000) == GP, "VM_HSAVE_PA can be written");
    EXPECT(try_read(0x40000000) == GP, "the hypercall page MSR can be read");
    EXPECT(try_write(0x40000000, 0x1001) == GP, "a second hypercall page");
    EXPECT(try_write(0x40000000, 0xfffffffff000) == GP, "a hypercall page without memory");

    t = rdmsr(0x10);
    wrmsr(0x10, 0x100000000000);
    EXPECT(rdtsc() - 0x100000000000 < 10000000000ul, "TSC %lx after it was set", rdtsc());
    wrmsr(0x10, t);
}
