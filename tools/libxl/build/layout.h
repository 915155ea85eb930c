/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where things are in a PVH guest's physical memory:
 *
 *   0          RAM, up to 3 GiB; kernel at its own address, then initrd, then boot information
 *   0xa0000    hidden from the guest up to 1 MiB (as on a PC), though there is memory
 *   3 GiB      hole: nothing, so that RAM consists of whole 1 GiB pages on both sides of it
 *   0xfee00000 local APIC
 *   0xfef00000 ACPI tables
 *   0xfeff8000 special pages: rings and the page table for CPUs that cannot run unpaged
 *   4 GiB      the rest of RAM
 */
#ifndef LIBXL_BUILD_LAYOUT_H
#define LIBXL_BUILD_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#define LAYOUT_LOW_MAX        UINT64_C(0xc0000000)
#define LAYOUT_HIGH_START     (UINT64_C(1) << 32)
#define LAYOUT_ACPI_BASE      UINT32_C(0xfef00000)
#define LAYOUT_ACPI_MAX_PAGES 64
#define LAYOUT_LAPIC_BASE     UINT32_C(0xfee00000)
#define LAYOUT_IOAPIC_BASE    UINT32_C(0xfec00000)

/* Frame numbers of the special pages. */
enum {
    SPECIAL_FIRST = 0xfeff8,
    SPECIAL_PAGING = SPECIAL_FIRST,
    SPECIAL_MONITOR,
    SPECIAL_SHARING,
    SPECIAL_BUFIOREQ,
    SPECIAL_XENSTORE,
    SPECIAL_IOREQ,
    SPECIAL_IDENT_PT,
    SPECIAL_CONSOLE,
    SPECIAL_NR = 8,
};

struct layout_region {
    uint64_t start, size;
    uint32_t type; /* XEN_HVM_MEMMAP_TYPE_* = E820 */
};

#define LAYOUT_MAX_REGIONS 8

struct layout {
    uint64_t low_end;  /* end of RAM below 4 GiB */
    uint64_t high_end; /* end of RAM above 4 GiB; LAYOUT_HIGH_START: there is none */
    uint64_t pages;    /* of RAM */
    struct layout_region map[LAYOUT_MAX_REGIONS];
    unsigned int nr_regions;
};

/* acpi_pages: how many the tables take. False: less than 4 MiB, or beyond 46 bits. */
bool layout_make(struct layout *l, uint64_t memkb, unsigned int acpi_pages);

/* The order (0, 9 or 18) of the largest extent that may start at frame gfn with nr frames to go,
 * at most max_order. */
unsigned int layout_extent_order(uint64_t gfn, uint64_t nr, unsigned int max_order);

#endif
