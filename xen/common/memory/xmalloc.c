/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Small objects: pages divided into objects of one size class each, with a header at the page's
 * start. What does not fit into half a page gets whole pages; such addresses are page-aligned,
 * which no small object's is. The frame's list.next holds the number of pages then.
 */
#include <xen/mm.h>
#include <xen/lib.h>
#include <xen/spinlock.h>

struct slab {
    struct list_head list; /* in its class, while it has free objects */
    void *free;            /* first free object; each holds the address of the next */
    u16 class, used;
    u32 magic;
};
#define SLAB_MAGIC  0x51ab51ab
#define SLAB_HEADER 64
#define MAX_SMALL   2016

static const u16 class_size[] = {16,  32,  48,  64,  96,   128,  192, 256,
                                 320, 448, 576, 800, 1008, 1344, 2016};
static struct list_head partial[ARRAY_SIZE(class_size)]; /* protects: lock */
static DEFINE_SPINLOCK_ORDER(lock, LOCK_HEAP - 1);       /* IRQ-safe */

static int class_for(size_t size, size_t align)
{
    if (size > MAX_SMALL || align > SLAB_HEADER)
        return -1;
    for (unsigned int c = 0; c < ARRAY_SIZE(class_size); c++)
        if (class_size[c] >= size && class_size[c] % align == 0)
            return c;
    return -1;
}

static void *alloc_small(unsigned int c)
{
    unsigned long flags;
    struct slab *s;
    void *p;

    spin_lock_irqsave(&lock, flags);
    if (!partial[c].next)
        INIT_LIST_HEAD(&partial[c]);
    if (list_empty(&partial[c])) {
        s = alloc_xenheap_page();
        if (!s) {
            spin_unlock_irqrestore(&lock, flags);
            return NULL;
        }
        s->class = c;
        s->magic = SLAB_MAGIC;
        for (unsigned int at = SLAB_HEADER; at + class_size[c] <= PAGE_SIZE; at += class_size[c]) {
            void **obj = (void *)((char *)s + at);

            *obj = s->free;
            s->free = obj;
        }
        list_add(&s->list, &partial[c]);
    }
    s = list_first_entry(&partial[c], struct slab, list);
    p = s->free;
    s->free = *(void **)p;
    s->used++;
    if (!s->free)
        list_del(&s->list);
    spin_unlock_irqrestore(&lock, flags);
    return p;
}

static void free_small(void *p)
{
    struct slab *s = (void *)((unsigned long)p & PAGE_MASK);
    unsigned long flags;

    BUG_ON(s->magic != SLAB_MAGIC);
    spin_lock_irqsave(&lock, flags);
    if (!s->free)
        list_add(&s->list, &partial[s->class]);
    *(void **)p = s->free;
    s->free = p;
    if (--s->used == 0) {
        list_del(&s->list);
        s->magic = 0;
        free_xenheap_page(s);
    }
    spin_unlock_irqrestore(&lock, flags);
}

static void free_pages_run(void *va, unsigned long nr)
{
    unsigned long mfn = mfn_x(virt_to_mfn(va));

    while (nr) {
        unsigned int order = 63 - __builtin_clzl(nr);

        while (mfn & ((1UL << order) - 1))
            order--;
        free_xenheap_pages(mfn_to_virt(_mfn(mfn)), order);
        mfn += 1UL << order;
        nr -= 1UL << order;
    }
}

static void *alloc_big(size_t size, size_t align)
{
    unsigned long nr = PFN_UP(size);
    unsigned int order = nr > 1 ? 64 - __builtin_clzl(nr - 1) : 0;
    char *va;

    if (align > PAGE_SIZE << order)
        return NULL;
    va = alloc_xenheap_pages(order, 0);
    if (!va)
        return NULL;
    free_pages_run(va + nr * PAGE_SIZE, (1UL << order) - nr);
    virt_to_page(va)->list.next = (void *)nr;
    return va;
}

void *_xmalloc(size_t size, size_t align)
{
    int c;

    if (align < 16)
        align = 16;
    if (!size)
        size = 1;
    c = class_for(size, align);
    return c >= 0 ? alloc_small(c) : alloc_big(size, align);
}

void *_xzalloc(size_t size, size_t align)
{
    void *p = _xmalloc(size, align);

    if (p && (unsigned long)p & ~PAGE_MASK) /* whole pages come zeroed */
        memset(p, 0, size);
    return p;
}

void *xzalloc_array_(size_t size, size_t n)
{
    size_t bytes;

    return __builtin_mul_overflow(size, n, &bytes) ? NULL : _xzalloc(bytes, 16);
}

void xfree(void *p)
{
    if (!p)
        return;
    if ((unsigned long)p & ~PAGE_MASK)
        free_small(p);
    else
        free_pages_run(p, (unsigned long)virt_to_page(p)->list.next);
}
