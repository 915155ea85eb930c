/* SPDX-License-Identifier: GPL-2.0-only */
/* The smallest test, to copy: the version is what the interface promises. */
#include <public/version.h>
#include "../lib/guest.h"

const char test_title[] = "example";

void test_main(void)
{
    long v = hypercall(__HYPERVISOR_xen_version, XENVER_version, 0, 0);

    EXPECT(v == 0x40011, "version %lx", v);
}
