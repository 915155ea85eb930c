/* SPDX-License-Identifier: GPL-2.0-only */
/* Address space for devices and stacks: first fit, and always an unmapped page behind. */
#include <xen/bitmap.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/spinlock.h>
#include <asm/host_mm.h>
#include <asm/stacks.h>

#define VMAP_PAGES (1UL << 18) /* 1 GiB of the area is plenty; MMIO that is bigger is not ours */
static unsigned long used[BITS_TO_LONGS(VMAP_PAGES)]; /* protects: vmap_lock */
static DEFINE_SPINLOCK(vmap_lock);
static unsigned long next_hint;

static unsigned long find_gap(unsigned long from, unsigned long pages)
{
    while (from + pages <= VMAP_PAGES) {
        unsigned long start = find_next_zero_bit(used, VMAP_PAGES, from);
        unsigned long end = find_next_bit(used, min(start + pages, VMAP_PAGES), start);

        if (end - start >= pages)
            return start;
        from = end + 1;
    }
    return VMAP_PAGES;
}

void *vmap_reserve(unsigned long pages)
{
    unsigned long at;

    if (pages >= VMAP_PAGES)
        return NULL;
    pages++; /* the guard */
    spin_lock(&vmap_lock);
    at = find_gap(next_hint, pages);
    if (at == VMAP_PAGES)
        at = find_gap(0, pages);
    if (at != VMAP_PAGES) {
        for (unsigned long i = at; i < at + pages; i++)
            __set_bit(i, used);
        next_hint = at + pages;
    }
    spin_unlock(&vmap_lock);
    return at == VMAP_PAGES ? NULL : (void *)(VMAP_VIRT_START + at * PAGE_SIZE);
}

void vmap_release(void *va, unsigned long pages)
{
    unsigned long at = ((unsigned long)va - VMAP_VIRT_START) >> PAGE_SHIFT;

    spin_lock(&vmap_lock);
    for (unsigned long i = at; i < at + pages + 1; i++)
        __clear_bit(i, used);
    next_hint = min(next_hint, at);
    spin_unlock(&vmap_lock);
}

static void *remap(paddr_t pa, size_t size, unsigned long flags)
{
    unsigned long offset = pa & ~PAGE_MASK, pages = PFN_UP(offset + size);
    char *va = size ? vmap_reserve(pages) : NULL;

    if (!va)
        return NULL;
    if (map_pages_to_xen((unsigned long)va, PFN_DOWN(pa), pages, flags)) {
        unmap_xen_pages((unsigned long)va, pages);
        vmap_release(va, pages);
        return NULL;
    }
    return va + offset;
}

void *ioremap(paddr_t pa, size_t size)
{
    return remap(pa, size, PAGE_HYPERVISOR_UC);
}

void *ioremap_wb(paddr_t pa, size_t size)
{
    return remap(pa, size, PAGE_HYPERVISOR);
}

void iounmap(void *va)
{
    unsigned long at = ((unsigned long)va - VMAP_VIRT_START) >> PAGE_SHIFT, pages = 0;
    unsigned long base = (unsigned long)va & PAGE_MASK;

    if (!va)
        return;
    /* A piece ends at its guard, the only page of it that is not mapped. */
    while (at + pages < VMAP_PAGES && host_page_mapped(base + pages * PAGE_SIZE))
        pages++;
    unmap_xen_pages(base, pages);
    vmap_release((void *)base, pages);
}

u8 *alloc_cpu_stacks(void)
{
    u8 *stacks = vmap_reserve(STACKS_PAGES);

    if (!stacks)
        return NULL;
    for (unsigned int i = 0; i < STACKS_PAGES; i++) {
        bool guard = i % (1 + IST_STACK_PAGES) == 0 && i <= stack_guard_page(3);
        void *page;

        if (guard)
            continue;
        page = alloc_xenheap_page();
        if (!page || map_pages_to_xen((unsigned long)stacks + i * PAGE_SIZE,
                                      mfn_x(virt_to_mfn(page)), 1, PAGE_HYPERVISOR))
            return NULL; /* boot on such a machine goes on without that CPU */
    }
    return stacks;
}
