/* SPDX-License-Identifier: GPL-2.0-only */
/* The Xen leaves are where guests look for them, and say what guests rely on. */
#include <public/arch-x86/cpuid.h>
#include "../lib/guest.h"

const char test_title[] = "cpuid-leaves";

void test_main(void)
{
    uint32_t r[4];

    cpuid(1, 0, r);
    EXPECT(r[2] & (1u << 31), "no hypervisor bit");
    cpuid(0x40000000, 0, r);
    EXPECT(r[1] == XEN_CPUID_SIGNATURE_EBX && r[2] == XEN_CPUID_SIGNATURE_ECX &&
               r[3] == XEN_CPUID_SIGNATURE_EDX,
           "signature");
    EXPECT(r[0] >= 0x40000002, "highest leaf %x", r[0]);
    cpuid(0x40000001, 0, r);
    EXPECT(r[0] == 0x00040011, "version %x", r[0]);
    cpuid(0x40000002, 0, r);
    EXPECT(r[0] == 1, "%u hypercall pages", r[0]);
    cpuid(0x40000004, 0, r);
    EXPECT(r[0] & XEN_HVM_CPUID_VCPU_ID_PRESENT, "flags %x", r[0]);
    EXPECT(r[1] == 0, "vCPU id %u", r[1]);
    /* Neither vendor's virtualisation is offered. */
    cpuid(1, 0, r);
    EXPECT(!(r[2] & (1u << 5)), "VMX offered");
    cpuid(0x80000001, 0, r);
    EXPECT(!(r[2] & (1u << 2)), "SVM offered");
}
