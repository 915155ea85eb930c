/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine's free memory: one buddy heap, locked; NUMA preference; scrub before reuse. Frames go
 * in dirty, and are zeroed when they are handed out, unless the caller overwrites all of them.
 */
#include <xen/buddy.h>
#include <xen/console.h>
#include <xen/lib.h>
#include <xen/memory.h>
#include <xen/numa.h>
#include <xen/sched.h>
#include <xen/smp.h>

static struct buddy_heap heap;
static DEFINE_SPINLOCK_ORDER(heap_lock, LOCK_HEAP); /* protects: heap; IRQ-safe */

unsigned long total_pages, max_page;

static bool frame_exists(unsigned long mfn)
{
    return mfn_valid(_mfn(mfn));
}

void __init heap_init(struct page_info *frames)
{
    buddy_init(&heap, frames, frame_exists);
}

/* Frames @start to @end - 1, which are nobody's, become free memory. */
void heap_add_range(unsigned long start, unsigned long end, bool dirty)
{
    unsigned long flags;

    while (start < end) {
        unsigned long stop = min(end, node_range_end(start));
        unsigned int node = mfn_to_node(start);

        while (start < stop) {
            unsigned int order = start ? __builtin_ctzl(start) : MAX_ORDER;

            if (order > MAX_ORDER)
                order = MAX_ORDER;
            while ((1UL << order) > stop - start)
                order--;
            for (unsigned long i = 0; i < 1UL << order; i++) {
                heap.frames[start + i].count_info = 0;
                heap.frames[start + i].owner = NULL;
            }
            spin_lock_irqsave(&heap_lock, flags);
            buddy_free(&heap, start, order, node, dirty);
            spin_unlock_irqrestore(&heap_lock, flags);
            start += 1UL << order;
        }
    }
}

/* The wanted node, else the nearest one that has a chunk. Lock held. */
static unsigned long alloc_from_nodes(unsigned int order, unsigned int memflags, bool *dirty)
{
    unsigned int want = MEMF_get_node(memflags), tried = 0;
    unsigned long limit = memflags & MEMF_below_4g ? GB(4) >> PAGE_SHIFT : ~0UL;
    unsigned long seen = 0;

    if (want >= nr_nodes)
        want = min(cpu_to_node(smp_processor_id()), nr_nodes - 1);
    for (; tried < nr_nodes; tried++) {
        unsigned int best = want, distance = ~0U;
        unsigned long mfn;

        for (unsigned int n = 0; n < nr_nodes; n++)
            if (!(seen & BIT(n)) && node_distance(want, n) < distance) {
                best = n;
                distance = node_distance(want, n);
            }
        seen |= BIT(best);
        mfn = buddy_alloc(&heap, order, best, limit, dirty);
        if (mfn != BUDDY_NONE)
            return mfn;
        if (memflags & MEMF_exact_node)
            break;
    }
    return BUDDY_NONE;
}

static struct page_info *alloc_heap_pages(struct domain *d, unsigned int order,
                                          unsigned int memflags, unsigned long count_info)
{
    unsigned long flags, mfn, nr = 1UL << order;
    struct page_info *pg;
    bool dirty = true;

    if (order > MAX_ORDER || !claims_allow(d, nr))
        return NULL;
    spin_lock_irqsave(&heap_lock, flags);
    mfn = alloc_from_nodes(order, memflags, &dirty);
    spin_unlock_irqrestore(&heap_lock, flags);
    if (mfn == BUDDY_NONE)
        return NULL;
    pg = &heap.frames[mfn];
    for (unsigned long i = 0; i < nr; i++) {
        pg[i].count_info = count_info;
        pg[i].owner = NULL;
    }
    if (dirty && !(memflags & MEMF_no_scrub))
        clear_pages(page_to_virt(pg), 1UL << order);
    return pg;
}

static void free_heap_pages(struct page_info *pg, unsigned int order)
{
    unsigned long flags, mfn = mfn_x(page_to_mfn(pg));

    for (unsigned long i = 0; i < 1UL << order; i++) {
        ASSERT(!(pg[i].count_info & (PGC_free | PGC_no_free)));
        pg[i].count_info = 0;
        pg[i].owner = NULL;
    }
    spin_lock_irqsave(&heap_lock, flags);
    buddy_free(&heap, mfn, order, mfn_to_node(mfn), true);
    spin_unlock_irqrestore(&heap_lock, flags);
}

struct page_info *alloc_domheap_pages(struct domain *d, unsigned int order, unsigned int memflags)
{
    struct page_info *pg = alloc_heap_pages(d, order, memflags, 0);

    if (pg && d && assign_pages(pg, 1U << order, d, memflags)) {
        free_heap_pages(pg, order);
        return NULL;
    }
    return pg;
}

void free_domheap_pages(struct page_info *pg, unsigned int order)
{
    free_heap_pages(pg, order);
}

void *alloc_xenheap_pages(unsigned int order, unsigned int memflags)
{
    struct page_info *pg = alloc_heap_pages(NULL, order, memflags & ~MEMF_no_scrub, PGC_xen_heap);

    return pg ? page_to_virt(pg) : NULL;
}

void free_xenheap_pages(void *va, unsigned int order)
{
    if (va)
        free_heap_pages(virt_to_page(va), order);
}

struct page_info *alloc_exact_pages(unsigned long mfn, unsigned long nr, unsigned int memflags)
{
    unsigned long flags;
    bool ok;

    spin_lock_irqsave(&heap_lock, flags);
    ok = buddy_reserve(&heap, mfn, nr);
    spin_unlock_irqrestore(&heap_lock, flags);
    if (!ok)
        return NULL;
    for (unsigned long i = 0; i < nr; i++) {
        heap.frames[mfn + i].count_info = 0;
        heap.frames[mfn + i].owner = NULL;
    }
    if (!(memflags & MEMF_no_scrub))
        clear_pages(mfn_to_virt(_mfn(mfn)), nr);
    return &heap.frames[mfn];
}

unsigned long avail_domheap_pages(void)
{
    return ACCESS_ONCE(heap.nr_free_total);
}

unsigned long avail_node_heap_pages(unsigned int node)
{
    return node < MAX_NUMNODES ? ACCESS_ONCE(heap.nr_free[node]) : 0;
}

void heap_dump(unsigned char key)
{
    printk("Memory: %lu pages of RAM, %lu free, %lu claimed\n", total_pages, heap.nr_free_total,
           outstanding_claims_total);
    for (unsigned int n = 0; n < nr_nodes; n++) {
        unsigned long flags, chunks[MAX_ORDER + 1] = {0};

        spin_lock_irqsave(&heap_lock, flags);
        for (unsigned int o = 0; o <= MAX_ORDER; o++) {
            struct page_info *pg;

            list_for_each_entry (pg, &heap.free[n][o], list)
                chunks[o]++;
        }
        spin_unlock_irqrestore(&heap_lock, flags);
        printk("  node %u: %lu pages free; chunks by order:", n, heap.nr_free[n]);
        for (unsigned int o = 0; o <= MAX_ORDER; o++)
            printk(" %lu", chunks[o]);
        printk("\n");
    }
}
