/* SPDX-License-Identifier: GPL-2.0-only */
/* The buddy allocator (Knuth, TAOCP vol. 1, 2.5). A free chunk is described by its first frame's
 * entry. */
#include <xen/buddy.h>
#include <xen/lib.h>

void buddy_init(struct buddy_heap *h, struct page_info *frames, bool (*frame_exists)(unsigned long))
{
    h->frames = frames;
    h->frame_exists = frame_exists;
    h->nr_free_total = 0;
    for (unsigned int n = 0; n < MAX_NUMNODES; n++) {
        h->nr_free[n] = 0;
        for (unsigned int o = 0; o <= MAX_ORDER; o++)
            INIT_LIST_HEAD(&h->free[n][o]);
    }
}

static void insert(struct buddy_heap *h, unsigned long mfn, unsigned int order, unsigned int node,
                   bool dirty)
{
    struct page_info *pg = &h->frames[mfn];

    pg->count_info = PGC_free;
    pg->free.order = order;
    pg->free.head = true;
    pg->free.need_scrub = dirty;
    pg->free.node = node;
    list_add(&pg->list, &h->free[node][order]);
    h->nr_free[node] += 1UL << order;
    h->nr_free_total += 1UL << order;
}

static void take(struct buddy_heap *h, struct page_info *pg)
{
    list_del(&pg->list);
    pg->free.head = false;
    h->nr_free[pg->free.node] -= 1UL << pg->free.order;
    h->nr_free_total -= 1UL << pg->free.order;
}

/* Is @mfn the head of a free chunk of just this order on this node? */
static bool is_free_chunk(const struct buddy_heap *h, unsigned long mfn, unsigned int order,
                          unsigned int node)
{
    const struct page_info *pg = &h->frames[mfn];

    return h->frame_exists(mfn) && (pg->count_info & PGC_free) && pg->free.head &&
           pg->free.order == order && pg->free.node == node;
}

void buddy_free(struct buddy_heap *h, unsigned long mfn, unsigned int order, unsigned int node,
                bool dirty)
{
    ASSERT(!(mfn & ((1UL << order) - 1)) && order <= MAX_ORDER && node < MAX_NUMNODES);
    for (; order < MAX_ORDER; order++) {
        unsigned long buddy = mfn ^ (1UL << order);

        if (!is_free_chunk(h, buddy, order, node))
            break;
        dirty |= h->frames[buddy].free.need_scrub;
        take(h, &h->frames[buddy]);
        mfn &= ~(1UL << order);
    }
    insert(h, mfn, order, node, dirty);
}

unsigned long buddy_alloc(struct buddy_heap *h, unsigned int order, unsigned int node,
                          unsigned long limit, bool *dirty)
{
    for (unsigned int o = order; o <= MAX_ORDER; o++) {
        struct page_info *pg;

        list_for_each_entry (pg, &h->free[node][o], list) {
            unsigned long mfn = pg - h->frames;

            if (mfn + (1UL << order) > limit)
                continue;
            *dirty = pg->free.need_scrub;
            take(h, pg);
            /* The upper half goes out where it may: low memory is what devices ask for. */
            while (o-- > order) {
                unsigned long upper = mfn + (1UL << o);

                if (upper + (1UL << order) <= limit) {
                    insert(h, mfn, o, node, *dirty);
                    mfn = upper;
                } else {
                    insert(h, upper, o, node, *dirty);
                }
            }
            return mfn;
        }
    }
    return BUDDY_NONE;
}

/* The head of the free chunk that @mfn lies in; NULL: it is not free. */
static struct page_info *chunk_of(struct buddy_heap *h, unsigned long mfn)
{
    for (unsigned int o = 0; o <= MAX_ORDER; o++) {
        unsigned long head = mfn & ~((1UL << o) - 1);
        struct page_info *pg = &h->frames[head];

        if (h->frame_exists(head) && (pg->count_info & PGC_free) && pg->free.head &&
            head + (1UL << pg->free.order) > mfn)
            return pg;
    }
    return NULL;
}

bool buddy_reserve(struct buddy_heap *h, unsigned long mfn, unsigned long nr)
{
    unsigned long end = mfn + nr;
    struct page_info *pg;

    for (unsigned long m = mfn; m < end; m = (pg - h->frames) + (1UL << pg->free.order))
        if (!(pg = chunk_of(h, m)))
            return false;
    for (unsigned long m = mfn; m < end;) {
        unsigned long start, stop;
        unsigned int node;
        bool dirty;

        pg = chunk_of(h, m);
        start = pg - h->frames;
        stop = start + (1UL << pg->free.order);
        node = pg->free.node;
        dirty = pg->free.need_scrub;
        take(h, pg);
        m = min(stop, end);
        /* What lies before and behind goes back, in chunks as big as alignment allows. */
        for (unsigned long s = start, e = max(start, mfn); s < stop;) {
            unsigned int o;

            if (s >= e) {
                if (e >= stop)
                    break;
                s = max(s, m);
                e = stop;
                if (s >= e)
                    break;
            }
            o = s ? __builtin_ctzl(s) : MAX_ORDER;
            if (o > MAX_ORDER)
                o = MAX_ORDER;
            while ((1UL << o) > e - s)
                o--;
            insert(h, s, o, node, dirty);
            s += 1UL << o;
        }
    }
    return true;
}
