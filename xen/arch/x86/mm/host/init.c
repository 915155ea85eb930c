/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The final address space: the image with W^X, all RAM in the direct map (the image's text and
 * read-only data read-only there too), the frame table where there is RAM; then the heap.
 */
#include <xen/bitmap.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <asm/boot.h>
#include <asm/host_mm.h>
#include <asm/stacks.h>

/* The frame table is mapped by pages of 2 MiB, each with the entries of this many frames. */
#define CHUNK_FRAMES (MB(2) / sizeof(struct page_info))
#define NR_CHUNKS    (DIRECTMAP_SIZE / PAGE_SIZE / CHUNK_FRAMES)
static unsigned long chunk_present[BITS_TO_LONGS(NR_CHUNKS)];

bool mfn_valid(mfn_t mfn)
{
    unsigned long m = mfn_x(mfn);

    return m < max_page && test_bit(m / CHUNK_FRAMES, chunk_present) &&
           !(mfn_to_page(mfn)->count_info & PGC_not_ram);
}

static void __init map_or_panic(unsigned long va, unsigned long mfn, unsigned long nr,
                                unsigned long flags)
{
    if (nr && map_pages_to_xen(va, mfn, nr, flags))
        panic("No memory for page tables\n");
}

static void __init map_section(const char *start, const char *end, unsigned long flags)
{
    paddr_t pa = virt_to_maddr(start);

    map_or_panic((unsigned long)start, PFN_DOWN(pa), (end - start) >> PAGE_SHIFT, flags);
    /* The alias in the direct map must not be a way around the rights. */
    map_or_panic((unsigned long)maddr_to_virt(pa), PFN_DOWN(pa), (end - start) >> PAGE_SHIFT,
                 (flags & PTE_RW) ? PAGE_HYPERVISOR : PAGE_HYPERVISOR_RO);
}

/* Calls fn for each range of whole RAM frames. */
static void __init for_each_ram(void (*fn)(unsigned long start, unsigned long end))
{
    for (unsigned int i = 0; i < e820.nr; i++) {
        u64 start = PFN_UP(e820.range[i].addr);
        u64 end = PFN_DOWN(min(e820.range[i].addr + e820.range[i].size, (u64)DIRECTMAP_SIZE));

        if (e820.range[i].type == E820_RAM && start < end)
            fn(start, end);
    }
}

static void __init map_ram(unsigned long start, unsigned long end)
{
    map_or_panic((unsigned long)mfn_to_virt(_mfn(start)), start, end - start, PAGE_HYPERVISOR);
    max_page = max(max_page, end);
    total_pages += end - start;
}

static void __init map_frame_table(unsigned long start, unsigned long end)
{
    for (unsigned long c = start / CHUNK_FRAMES; c <= (end - 1) / CHUNK_FRAMES; c++) {
        struct page_info *pg = frame_table + c * CHUNK_FRAMES;

        if (test_and_set_bit(c, chunk_present))
            continue;
        map_or_panic((unsigned long)pg, PFN_DOWN(bootmem_alloc(MB(2), MB(2))), 512,
                     PAGE_HYPERVISOR);
        for (unsigned long i = 0; i < CHUNK_FRAMES; i++)
            pg[i].count_info = PGC_not_ram;
    }
}

static void __init mark_ram(unsigned long start, unsigned long end)
{
    for (unsigned long m = start; m < end; m++)
        frame_table[m].count_info = PGC_xen_heap | PGC_no_free; /* until the heap gets it */
}

void __init host_mm_init(void)
{
    host_paging_features();
    bootmem_init();
    for_each_ram(map_ram);
    map_section(_stext, _etext, PAGE_HYPERVISOR_RX);
    map_section(_srodata, _erodata, PAGE_HYPERVISOR_RO);
    map_section(_sdata, _end, PAGE_HYPERVISOR);
    for (unsigned int i = 0; i < 4; i++)
        unmap_xen_pages((unsigned long)boot_stacks + stack_guard_page(i) * PAGE_SIZE, 1);
    host_mm_load();
    bootmem_allow_high();
    for_each_ram(map_frame_table);
    for_each_ram(mark_ram);
    bootmem_raise_modules();
    heap_init(frame_table);
}
