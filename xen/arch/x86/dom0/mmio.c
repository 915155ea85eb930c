/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The control domain's view of devices: everything below 4 GiB that is no RAM stands where it is,
 * except the interrupt controllers, which are virtual; what lies higher is mapped when touched.
 */
#include <xen/errno.h>
#include <xen/lib.h>
#include <asm/io_apic.h>
#include "build.h"

#define LAPIC_PAGE 0xfee00000UL
#define FOUR_GB    (1UL << 32)

/* RAM frames of the host: whole pages only; a page that is partly something else is the devices'.
 */
bool host_ram_overlaps(u64 start, u64 end)
{
    for (unsigned int i = 0; i < e820.nr; i++) {
        u64 s = ROUNDUP(e820.range[i].addr, PAGE_SIZE);
        u64 e = (e820.range[i].addr + e820.range[i].size) & PAGE_MASK;
        if (e820.range[i].type == E820_RAM && s < end && start < e)
            return true;
    }
    return false;
}

static bool is_emulated(u64 start, u64 end)
{
    if (start <= LAPIC_PAGE && LAPIC_PAGE < end)
        return true;
    for (unsigned int i = 0; i < nr_host_ioapics; i++) {
        u64 page = host_ioapics[i].base & PAGE_MASK;
        if (start <= page && page < end)
            return true;
    }
    return false;
}

/* One aligned piece, or in halves down to pages where something in it must stay out. */
static int map_piece(struct domain *d, u64 start, unsigned int order)
{
    u64 end = start + (PAGE_SIZE << order);
    if (host_ram_overlaps(start, end) || is_emulated(start, end)) {
        if (!order)
            return 0;
        int rc = map_piece(d, start, order - 1);
        return rc ? rc : map_piece(d, start + (PAGE_SIZE << (order - 1)), order - 1);
    }
    return set_mmio_p2m_entry(d, _gfn(PFN_DOWN(start)), _mfn(PFN_DOWN(start)), order);
}

int dom0_map_mmio(struct domain *d)
{
    int rc = 0;
    for (u64 start = 0; !rc && start < FOUR_GB; start += PAGE_SIZE << PAGE_ORDER_1G)
        rc = map_piece(d, start, PAGE_ORDER_1G);
    return rc;
}

bool dom0_map_mmio_on_fault(struct domain *d, gfn_t gfn)
{
    u64 start = (u64)gfn_x(gfn) << PAGE_SHIFT, chunk = start & ~((PAGE_SIZE << PAGE_ORDER_2M) - 1);
    unsigned int order;
    p2m_type_t t;
    if (!is_hardware_domain(d) || gfn_x(gfn) >= 1UL << 36)
        return false;
    if (host_ram_overlaps(start, start + PAGE_SIZE) || is_emulated(start, start + PAGE_SIZE))
        return false;
    p2m_lookup(d, gfn, &t, &order);
    if (t != p2m_invalid)
        return false;
    /* Nothing in the whole 2 MiB: it is a device's all the way. */
    if (order >= PAGE_ORDER_2M && !host_ram_overlaps(chunk, chunk + (PAGE_SIZE << PAGE_ORDER_2M)) &&
        !is_emulated(chunk, chunk + (PAGE_SIZE << PAGE_ORDER_2M)))
        return !set_mmio_p2m_entry(d, _gfn(PFN_DOWN(chunk)), _mfn(PFN_DOWN(chunk)), PAGE_ORDER_2M);
    return !set_mmio_p2m_entry(d, gfn, _mfn(gfn_x(gfn)), 0);
}
