/* SPDX-License-Identifier: GPL-2.0-only */
/* A hypercall from 32-bit code takes its arguments from EBX, ECX, ... and returns 32 bits. */
#include <public/features.h>
#include <public/version.h>
#include "../lib/guest.h"

const char test_title[] = "compat-hypercall";

/* In low memory, as all of the test kernel: 32-bit code reaches them. */
static uint32_t __attribute__((used)) args[4]; /* number, EBX, ECX, result */
static uint32_t compat_features[4];

/* To the 32-bit code segment (0x18), VMMCALL, and back. */
static uint32_t call32(uint32_t nr, uint32_t ebx, uint32_t ecx)
{
    args[0] = nr;
    args[1] = ebx;
    args[2] = ecx;
    __asm__ volatile("push $0x18\n\tlea 1f(%%rip), %%rax\n\tpush %%rax\n\tlretq\n"
                     "1:\n\t.code32\n\t"
                     "mov args, %%eax\n\tmov args + 4, %%ebx\n\tmov args + 8, %%ecx\n\t"
                     "vmmcall\n\t"
                     "mov %%eax, args + 12\n\t"
                     "ljmp $8, $2f\n"
                     "2:\n\t.code64" ::
                         : "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "memory");
    return args[3];
}

void test_main(void)
{
    long version = hypercall(__HYPERVISOR_xen_version, XENVER_version, 0, 0);
    struct xen_feature_info fi = {0};

    EXPECT(version == ((4 << 16) | 17), "version %lx", version);
    EXPECT(call32(__HYPERVISOR_xen_version, XENVER_version, 0) == version, "%x", args[3]);
    EXPECT(!hypercall(__HYPERVISOR_xen_version, XENVER_get_features, PTR(&fi), 0), "get_features");
    EXPECT(!call32(__HYPERVISOR_xen_version, XENVER_get_features, PTR(compat_features)), "%x",
           args[3]);
    EXPECT(compat_features[1] == fi.submap, "%x, not %x", compat_features[1], fi.submap);
    EXPECT(call32(63, 0, 0) == (uint32_t)-38, "unknown: %x", args[3]);
    /* The upper halves that 64-bit code left do not count. */
    EXPECT(call32(__HYPERVISOR_sched_op, 99, 0) == (uint32_t)-38, "sched_op 99: %x", args[3]);
}
