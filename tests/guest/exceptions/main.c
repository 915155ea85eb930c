/* SPDX-License-Identifier: GPL-2.0-only */
/* Instructions that guests do not have raise what the manuals say, and the guest goes on. */
#include "../lib/guest.h"

const char test_title[] = "exceptions";

#define UD 6
#define GP 13
#define PF 14

static void expect(const char *what, int got, int want)
{
    EXPECT(got == want, "%s raised %d, not %d", what, got, want);
}

void test_main(void)
{
    expect("ud2", TRY("ud2", ::: "r11", "memory"), UD);
    expect("vmrun", TRY("vmrun", ::"a"(0) : "r11", "memory"), UD);
    expect("vmload", TRY("vmload", ::"a"(0) : "r11", "memory"), UD);
    expect("stgi", TRY("stgi", ::: "r11", "memory"), UD);
    expect("clgi", TRY("clgi", ::: "r11", "memory"), UD);
    expect("monitor", TRY("monitor", ::"a"(0), "c"(0), "d"(0) : "r11", "memory"), UD);
    expect("rdmsr of none", TRY("rdmsr", ::"c"(0xdeadbeef) : "rax", "rdx", "r11", "memory"), GP);
    expect("wrmsr to none", TRY("wrmsr", ::"c"(0xdeadbeef), "a"(0), "d"(0) : "r11", "memory"), GP);
    expect("EFER.SVME", TRY("wrmsr", ::"c"(0xc0000080), "a"(0x1d00), "d"(0) : "r11", "memory"), GP);
    expect("CR4 reserved", TRY("mov %%rax, %%cr4", ::"a"(1ul << 40) : "r11", "memory"), GP);
    expect("unmapped read",
           TRY("mov (%%rax), %%rbx", ::"a"(0x7f0000000000ul)
               : "rbx", "r11", "memory"),
           PF);
    expect("non-canonical",
           TRY("mov (%%rax), %%rbx", ::"a"(0x8000000000000000ul)
               : "rbx", "r11", "memory"),
           GP);
    expect("division by zero", TRY("divl %%ecx", ::"a"(1), "d"(0), "c"(0) : "r11", "memory"), 0);
    expect("int3", TRY("int3", ::: "r11", "memory"), 3);
    expect("nop", TRY("nop", ::: "r11", "memory"), -1);
}
