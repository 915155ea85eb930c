/* SPDX-License-Identifier: GPL-2.0-only */
/* Domains with memory and vCPUs come and go 50 times, and every page comes back. */
#include <public/domctl.h>
#include <public/memory.h>
#include <public/sysctl.h>
#include "../lib/guest.h"

const char test_title[] = "domain-cycles";

#define PAGES 4096u /* 16 MiB */

static struct xen_domctl op;

static long domctl(unsigned int cmd)
{
    op.cmd = cmd;
    op.interface_version = XEN_DOMCTL_INTERFACE_VERSION;
    return hypercall(__HYPERVISOR_domctl, PTR(&op), 0, 0);
}

static uint64_t free_pages(void)
{
    struct xen_sysctl s = {.cmd = XEN_SYSCTL_physinfo,
                           .interface_version = XEN_SYSCTL_INTERFACE_VERSION};

    EXPECT(!hypercall(__HYPERVISOR_sysctl, PTR(&s), 0, 0), "physinfo");
    return s.u.physinfo.free_pages;
}

static void populate(unsigned int domid, unsigned int pages, unsigned int order)
{
    static xen_pfn_t gfn[PAGES];
    struct xen_memory_reservation r = {
        .nr_extents = pages >> order, .extent_order = order, .domid = domid};
    long rc;

    for (unsigned int i = 0; i < pages >> order; i++)
        gfn[i] = 0x1000 + ((xen_pfn_t)i << order);
    set_xen_guest_handle(r.extent_start, gfn);
    rc = hypercall(__HYPERVISOR_memory_op, XENMEM_populate_physmap, PTR(&r), 0);
    EXPECT(rc == pages >> order, "populated %ld extents", rc);
}

static void cycle(unsigned int i)
{
    unsigned int domid;

    memset(&op, 0, sizeof(op));
    op.u.createdomain.flags = XEN_DOMCTL_CDF_hvm | XEN_DOMCTL_CDF_hap;
    op.u.createdomain.max_vcpus = 1 + i % 4;
    op.u.createdomain.max_evtchn_port = 1023;
    op.u.createdomain.max_grant_frames = 32;
    op.u.createdomain.max_maptrack_frames = 128;
    op.u.createdomain.grant_opts = XEN_DOMCTL_GRANT_version(2);
    op.u.createdomain.arch.emulation_flags = XEN_X86_EMU_LAPIC;
    EXPECT(!domctl(XEN_DOMCTL_createdomain), "createdomain");
    domid = op.domain;
    op.u.max_vcpus.max = 1 + i % 4;
    EXPECT(!domctl(XEN_DOMCTL_max_vcpus), "max_vcpus");
    op.u.max_mem.max_memkb = PAGES * 4;
    EXPECT(!domctl(XEN_DOMCTL_max_mem), "max_mem");
    populate(domid, PAGES, i & 1 ? 9 : 0);
    while (domctl(XEN_DOMCTL_destroydomain) == -XEN_ERESTART)
        ;
}

void test_main(void)
{
    uint64_t before, after;

    cycle(0); /* whatever is set up once */
    before = free_pages();
    for (unsigned int i = 0; i < 50; i++)
        cycle(i);
    after = free_pages();
    EXPECT(before == after, "%ld pages lost", (long)(before - after));
}
