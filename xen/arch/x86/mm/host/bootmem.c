/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory before the heap exists: ranges of RAM that nobody uses, taken from their upper ends.
 * Used from start_xen() until bootmem_to_heap(), by the boot CPU alone.
 */
#include <xen/lib.h>
#include <xen/mm.h>
#include <asm/boot.h>
#include <asm/host_mm.h>

bool bootmem_active;
static struct {
    paddr_t start, end;
} ranges[ARRAY_SIZE(e820.range) + MAX_BOOT_MODULES + 2] __initdata;
static unsigned int nr_ranges __initdata;
static paddr_t limit __initdata = 0x100000000UL; /* what head.S mapped */

static void __init add_range(paddr_t start, paddr_t end)
{
    paddr_t conflict_end;

    start = ROUNDUP(start, PAGE_SIZE);
    end = ROUNDDOWN(end, PAGE_SIZE);
    while (start < end) {
        paddr_t stop = end;
        unsigned int at;

        if (boot_range_reserved(start, start + PAGE_SIZE, &conflict_end)) {
            start = conflict_end;
            continue;
        }
        /* Up to the next reserved page: by halves, as reserved ranges are few and big. */
        while (boot_range_reserved(start, stop, &conflict_end)) {
            paddr_t lo = start, hi = stop;

            while (hi - lo > PAGE_SIZE) {
                paddr_t mid = ROUNDDOWN(lo + (hi - lo) / 2, PAGE_SIZE);

                if (boot_range_reserved(start, mid, &conflict_end))
                    hi = mid;
                else
                    lo = mid;
            }
            stop = lo;
        }
        if (nr_ranges == ARRAY_SIZE(ranges)) {
            printk(XENLOG_WARNING "RAM at %lx-%lx is left unused: too many ranges\n", start, stop);
            return;
        }
        for (at = nr_ranges++; at && ranges[at - 1].start > start; at--)
            ranges[at] = ranges[at - 1]; /* sorted: allocations come from the top */
        ranges[at].start = start;
        ranges[at].end = stop;
        start = stop;
    }
}

void __init bootmem_init(void)
{
    for (unsigned int i = 0; i < e820.nr; i++)
        if (e820.range[i].type == E820_RAM)
            add_range(e820.range[i].addr,
                      min(e820.range[i].addr + e820.range[i].size, (u64)DIRECTMAP_SIZE));
    bootmem_active = true;
}

void __init bootmem_allow_high(void)
{
    limit = ~0UL;
}

paddr_t bootmem_alloc(size_t size, size_t align)
{
    for (unsigned int i = nr_ranges; i--;) {
        paddr_t end = min(ranges[i].end, limit), at;

        if (end < size || end <= ranges[i].start)
            continue;
        at = ROUNDDOWN(end - size, align);
        if (at < ranges[i].start)
            continue;
        /* What lies above stays free when it can be remembered. */
        if (at + size < ranges[i].end && nr_ranges < ARRAY_SIZE(ranges)) {
            memmove(&ranges[i + 2], &ranges[i + 1], (nr_ranges - i - 1) * sizeof(ranges[0]));
            nr_ranges++;
            ranges[i + 1].start = at + size;
            ranges[i + 1].end = ranges[i].end;
        }
        ranges[i].end = at;
        memset(maddr_to_virt(at), 0, size);
        return at;
    }
    panic("Boot memory is out: %zu bytes wanted\n", size);
}

/*
 * Loaders put modules low, where the control domain's kernel has to be (its frames are machine
 * frames): they go as high as there is room, and what they leave is free.
 */
void __init bootmem_raise_modules(void)
{
    for (unsigned int i = 0; i < boot_info.nr_modules; i++) {
        struct boot_module *m = &boot_info.module[i];
        paddr_t from = m->start;

        if (from >= GB(1))
            continue;
        m->start = bootmem_alloc(ROUNDUP(m->size, PAGE_SIZE), PAGE_SIZE);
        memcpy(maddr_to_virt(m->start), maddr_to_virt(from), m->size);
        add_range(from & PAGE_MASK, ROUNDUP(from + m->size, PAGE_SIZE));
    }
}

void __init bootmem_to_heap(void)
{
    bootmem_active = false;
    for (unsigned int i = 0; i < nr_ranges; i++)
        heap_add_range(PFN_DOWN(ranges[i].start), PFN_DOWN(ranges[i].end), true);
    nr_ranges = 0;
}
