/* SPDX-License-Identifier: GPL-2.0-only */
/* The memory map of a PVH guest; see layout.h. */
#include "build/layout.h"

#include "public/arch-x86/hvm/start_info.h"

static void add(struct layout *l, uint64_t start, uint64_t end, uint32_t type)
{
    if (end > start)
        l->map[l->nr_regions++] = (struct layout_region){start, end - start, type};
}

bool layout_make(struct layout *l, uint64_t memkb, unsigned int acpi_pages)
{
    uint64_t bytes = memkb << 10 & ~UINT64_C(0xfff);
    uint64_t acpi_end = LAYOUT_ACPI_BASE + ((uint64_t)acpi_pages << 12);

    if (memkb < 4096 || memkb >> 36)
        return false;
    *l = (struct layout){.pages = bytes >> 12};
    l->low_end = bytes < LAYOUT_LOW_MAX ? bytes : LAYOUT_LOW_MAX;
    l->high_end = LAYOUT_HIGH_START + (bytes - l->low_end);
    add(l, 0, 0xa0000, XEN_HVM_MEMMAP_TYPE_RAM);
    add(l, 0xa0000, 0x100000, XEN_HVM_MEMMAP_TYPE_RESERVED);
    add(l, 0x100000, l->low_end, XEN_HVM_MEMMAP_TYPE_RAM);
    add(l, LAYOUT_ACPI_BASE, acpi_end, XEN_HVM_MEMMAP_TYPE_ACPI);
    add(l, (uint64_t)SPECIAL_FIRST << 12, (uint64_t)(SPECIAL_FIRST + SPECIAL_NR) << 12,
        XEN_HVM_MEMMAP_TYPE_RESERVED);
    add(l, LAYOUT_HIGH_START, l->high_end, XEN_HVM_MEMMAP_TYPE_RAM);
    return true;
}

unsigned int layout_extent_order(uint64_t gfn, uint64_t nr, unsigned int max_order)
{
    static const unsigned int orders[] = {18, 9};

    for (unsigned int i = 0; i < 2; i++) {
        uint64_t size = UINT64_C(1) << orders[i];

        if (orders[i] <= max_order && !(gfn & (size - 1)) && nr >= size)
            return orders[i];
    }
    return 0;
}
