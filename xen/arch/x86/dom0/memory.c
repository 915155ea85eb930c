/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The control domain's RAM. Its frames are machine frames: big chunks from the heap, the place
 * where the kernel must be loaded, and what is free below 1 MiB (other CPUs start there).
 */
#include <xen/bitmap.h>
#include <xen/errno.h>
#include <xen/lib.h>
#include <xen/param.h>
#include <asm/cpu.h>
#include "build.h"
#include "kernel.h"

#define MIB           (1UL << 20)
#define FOUR_GB       (1UL << 32)
#define DEFAULT_START (16 * MIB)
#define DEFAULT_SPAN  (112 * MIB)
/* Behind the kernel: start info, command line, memory map, ACPI tables. */
#define INFO_SPAN (1 * MIB)
#define GRAIN     (2 * MIB)

static struct dom0_mem_option opt_dom0_mem = {.max = ~0UL};
static int parse_dom0_mem(const char *value)
{
    return dom0_mem_parse(value, &opt_dom0_mem);
}
custom_param("dom0_mem", parse_dom0_mem);

/* Frames from DEFAULT_START on that dom0_reserve_early() got. */
#define EARLY_FRAMES (DEFAULT_SPAN >> PAGE_SHIFT)
#define GRAIN_FRAMES (GRAIN >> PAGE_SHIFT)
static unsigned long early[BITS_TO_LONGS(EARLY_FRAMES)];

static bool keep_early(unsigned int at, unsigned int nr)
{
    if (!alloc_exact_pages(PFN_DOWN(DEFAULT_START) + at, nr, MEMF_no_scrub))
        return false;
    while (nr--)
        __set_bit(at++, early);
    return true;
}

/* By 2 MiB; where a boot module lies, page by page around it. */
void __init dom0_reserve_early(void)
{
    for (unsigned int at = 0; at < EARLY_FRAMES; at += GRAIN_FRAMES) {
        u64 start = DEFAULT_START + ((u64)at << PAGE_SHIFT);
        if (!host_ram_overlaps(start, start + GRAIN) || keep_early(at, GRAIN_FRAMES))
            continue;
        for (unsigned int i = 0; i < GRAIN_FRAMES; i++)
            if (mfn_valid(_mfn(PFN_DOWN(start) + i)))
                keep_early(at + i, 1);
    }
}

static void release_early(void)
{
    unsigned long base = PFN_DOWN(DEFAULT_START), at = find_first_bit(early, EARLY_FRAMES);
    while (at < EARLY_FRAMES) {
        unsigned long end = find_next_zero_bit(early, EARLY_FRAMES, at);
        heap_add_range(base + at, base + end, true);
        at = find_next_bit(early, EARLY_FRAMES, end);
    }
    memset(early, 0, sizeof(early));
}

static int give(struct dom0_build *b, struct page_info *pg, unsigned long nr)
{
    u64 start = mfn_to_maddr(page_to_mfn(pg));
    int rc = dom0_ram_add(&b->ram, start, start + (nr << PAGE_SHIFT));
    return rc ? rc : assign_pages(pg, nr, b->d, 0);
}

static int give_exact(struct dom0_build *b, u64 start, u64 end)
{
    unsigned long nr = (end - start) >> PAGE_SHIFT;
    struct page_info *pg = alloc_exact_pages(PFN_DOWN(start), nr, MEMF_no_scrub);
    return pg ? give(b, pg, nr) : -ENOMEM;
}

/*
 * Conventional memory: never in the heap, and the BIOS needs it no more. The page that the
 * hypervisor starts its own CPUs with stays out.
 */
static int give_low(struct dom0_build *b)
{
    int rc = 0;
    for (u64 at = 0; !rc && at < 0xa0000; at += PAGE_SIZE) {
        struct page_info *pg = mfn_to_page(maddr_to_mfn(at));
        if (e820_type_at(&e820, at) != E820_RAM || !host_ram_overlaps(at, at + PAGE_SIZE) ||
            !mfn_valid(maddr_to_mfn(at)) || at == trampoline_page)
            continue;
        pg->count_info = 0;
        pg->owner = NULL;
        rc = give(b, pg, 1);
    }
    return rc;
}

/*
 * How many pieces may come from the heap: each costs two entries of a memory map whose size Linux
 * fixes, beside what firmware has in it; the kernel's place and low memory need some too.
 */
static unsigned int max_pieces(void)
{
    unsigned int left = (ARRAY_SIZE(e820.range) - e820.nr) / 2;
    return min(left > 12 ? left - 8 : 4, DOM0_MAX_CHUNKS - 8U);
}

/* Up to @nr pages in chunks as big as there are; returns how many it got. */
static unsigned long give_chunks(struct dom0_build *b, unsigned long nr, unsigned int memflags)
{
    unsigned long got = 0;
    for (unsigned int order = MAX_ORDER + 1; order--;) {
        while (nr - got >= 1UL << order) {
            if (b->ram.nr >= max_pieces())
                return got; /* too scattered: it does with what it has */
            struct page_info *pg = alloc_domheap_pages(NULL, order, memflags | MEMF_no_scrub);
            if (!pg)
                break;
            if (give(b, pg, 1UL << order)) {
                free_domheap_pages(pg, order);
                return got;
            }
            got += 1UL << order;
        }
    }
    return got;
}

/* The loader puts modules on pages of their own. */
static void free_module(paddr_t start, size_t size)
{
    heap_add_range(PFN_DOWN(start), PFN_UP(start + size), true);
}

/* Moves a module into RAM of the domain, at or below @limit, and frees where it was. 0: no room. */
static u64 move_module(struct dom0_build *b, paddr_t from, size_t size, u64 limit)
{
    u64 to = dom0_ram_find_top(&b->ram, ROUNDUP(size, PAGE_SIZE), MIB, limit);
    if (!to) {
        printk(XENLOG_ERR "The control domain has no %zu MiB in one piece below %#lx\n", size / MIB,
               limit);
        return 0;
    }
    memcpy(maddr_to_virt(to), maddr_to_virt(from), size);
    free_module(from, size);
    return to;
}

/* The largest piece of RAM below @limit that is not the kernel's place. */
static void choose_scratch(struct dom0_build *b, u64 limit)
{
    for (unsigned int i = 0; i < b->ram.nr; i++) {
        u64 start = b->ram.chunk[i].start, end = min(b->ram.chunk[i].end, limit);
        if (start < b->kernel_end && b->kernel_start < end)
            start = max(start, b->kernel_end);
        if (end > start && end - start > b->scratch_size) {
            b->scratch = start;
            b->scratch_size = end - start;
        }
    }
}

static int find_kernel_place(struct dom0_build *b)
{
    u64 start, bytes;
    if (!kernel_span(maddr_to_virt(b->image), b->image_size, &start, &bytes)) {
        start = DEFAULT_START;
        bytes = DEFAULT_SPAN - INFO_SPAN;
    }
    b->kernel_start = start & PAGE_MASK;
    b->kernel_end = ROUNDUP(start + bytes + INFO_SPAN, GRAIN);
    if (b->kernel_start >= MIB && bytes < FOUR_GB && b->kernel_end < FOUR_GB)
        return 0;
    printk(XENLOG_ERR "The kernel wants to be at %#lx\n", start);
    return -EINVAL;
}

int dom0_alloc_memory(struct dom0_build *b, const struct boot_module *kernel,
                      const struct boot_module *initrd)
{
    unsigned long modules = (kernel->size + (initrd ? initrd->size : 0)) >> PAGE_SHIFT;
    u64 limit = FOUR_GB;
    b->image = kernel->start;
    b->image_size = kernel->size;
    int rc = find_kernel_place(b);
    if (rc)
        return rc;
    unsigned long fixed = (b->kernel_end - b->kernel_start) >> PAGE_SHIFT;
    unsigned long available = avail_domheap_pages() + modules + bitmap_weight(early, EARLY_FRAMES);
    unsigned long want = dom0_mem_pages(&opt_dom0_mem, available);
    if (want < fixed * 2) {
        printk(XENLOG_ERR "%lu MiB of memory are too few for the control domain\n", want >> 8);
        return -ENOMEM;
    }
    /* All but the kernel's place; some of it for devices with 32-bit addresses. */
    unsigned long rest = want - fixed, low = ROUNDUP(rest / 2, 256 * MIB >> PAGE_SHIFT);
    low = min(rest, low);
    unsigned long got = give_chunks(b, low, MEMF_below_4g);
    got += give_chunks(b, rest - got, 0);
    if (got < rest)
        printk(XENLOG_WARNING "The control domain gets %lu MiB less than wanted\n",
               (rest - got) >> 8);
    if (initrd) {
        b->initrd_size = initrd->size;
        limit = b->initrd = move_module(b, initrd->start, initrd->size, limit);
        if (!b->initrd)
            return -ENOMEM;
    }
    limit = b->image = move_module(b, kernel->start, kernel->size, limit);
    if (!b->image)
        return -ENOMEM;
    release_early();
    rc = give_exact(b, b->kernel_start, b->kernel_end);
    if (rc) {
        printk(XENLOG_ERR "The kernel's place %#lx-%#lx is not free\n", b->kernel_start,
               b->kernel_end);
        return rc;
    }
    choose_scratch(b, limit);
    rc = give_low(b);
    u64 most = min(opt_dom0_mem.max >> PAGE_SHIFT, (u64)~0U);
    b->d->max_pages = max((u64)b->d->tot_pages, most);
    return rc;
}

/* Every chunk at its own address, in aligned pieces. */
int dom0_map_memory(struct dom0_build *b)
{
    for (unsigned int i = 0; i < b->ram.nr; i++) {
        unsigned long pfn = PFN_DOWN(b->ram.chunk[i].start), end = PFN_DOWN(b->ram.chunk[i].end);
        while (pfn < end) {
            unsigned int order = pfn ? min(__builtin_ctzl(pfn), PAGE_ORDER_1G) : 0;
            while (1UL << order > end - pfn)
                order--;
            int rc = guest_physmap_add_page(b->d, _gfn(pfn), _mfn(pfn), order);
            if (rc)
                return rc;
            pfn += 1UL << order;
        }
    }
    return 0;
}
