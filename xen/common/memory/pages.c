/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who owns a frame and who refers to it. An allocated frame of a domain starts with one reference
 * (PGC_allocated) that the domain itself holds; the last reference to go gives it to the allocator.
 * A domain keeps a reference to itself while it owns any frame.
 */
#include <xen/memory.h>
#include <xen/atomic.h>
#include <xen/errno.h>
#include <xen/lib.h>

unsigned long outstanding_claims_total;
static DEFINE_SPINLOCK(claims_lock);

/* Counts pages in or out. page_alloc_lock held. Returns whether the domain's reference for owning
 * any changes hands. */
static bool account_pages(struct domain *d, long nr, bool extra)
{
    unsigned long before = d->tot_pages + d->extra_pages;

    if (extra)
        d->extra_pages += nr;
    else
        d->tot_pages += nr;
    if (nr > 0 && !extra && d->outstanding_pages) {
        unsigned int used = min((unsigned long)d->outstanding_pages, (unsigned long)nr);

        spin_lock(&claims_lock);
        d->outstanding_pages -= used;
        outstanding_claims_total -= used;
        spin_unlock(&claims_lock);
    }
    return !before || !(d->tot_pages + d->extra_pages);
}

int assign_pages(struct page_info *pg, unsigned int nr, struct domain *d, unsigned int memflags)
{
    bool extra = memflags & MEMF_no_refcount;
    int rc = 0;

    spin_lock(&d->page_alloc_lock);
    if (d->is_dying) {
        rc = -EINVAL;
    } else if (!extra && (d->tot_pages > d->max_pages || nr > d->max_pages - d->tot_pages)) {
        gprintk(XENLOG_INFO, "d%u over its memory limit: %u + %u > %u pages\n", d->domain_id,
                d->tot_pages, nr, d->max_pages);
        rc = -E2BIG;
    } else {
        for (unsigned int i = 0; i < nr; i++) {
            pg[i].owner = d;
            smp_wmb();
            pg[i].count_info = PGC_allocated | (extra ? PGC_extra : 0) | 1;
            list_add_tail(&pg[i].list, &d->page_list);
        }
        if (account_pages(d, nr, extra))
            atomic_inc(&d->refcnt);
    }
    spin_unlock(&d->page_alloc_lock);
    return rc;
}

static void free_guest_page(struct page_info *pg)
{
    struct domain *d = pg->owner;
    bool last, no_free = pg->count_info & PGC_no_free;

    spin_lock(&d->page_alloc_lock);
    list_del(&pg->list);
    last = account_pages(d, -1, pg->count_info & PGC_extra);
    spin_unlock(&d->page_alloc_lock);
    pg->owner = NULL;
    if (!no_free)
        free_domheap_page(pg);
    if (last)
        put_domain(d);
}

bool get_page_any(struct page_info *pg)
{
    unsigned long old, x = ACCESS_ONCE(pg->count_info);

    do {
        old = x;
        /* No references: free, or being freed. All ones would overflow. */
        if (!(old & PGC_count_mask) || (old & PGC_free) || (old & PGC_count_mask) == PGC_count_mask)
            return false;
        x = cmpxchg(&pg->count_info, old, old + 1);
    } while (x != old);
    return true;
}

bool get_page(struct page_info *pg, const struct domain *d)
{
    if (!get_page_any(pg))
        return false;
    if (likely(pg->owner == d))
        return true;
    put_page(pg);
    return false;
}

void put_page(struct page_info *pg)
{
    unsigned long n = __atomic_sub_fetch(&pg->count_info, 1, __ATOMIC_SEQ_CST);

    ASSERT((n & PGC_count_mask) != PGC_count_mask);
    if (n & PGC_count_mask)
        return;
    if (n & PGC_xen_heap) {
        free_xenheap_page(page_to_virt(pg));
    } else if (pg->owner) {
        free_guest_page(pg);
    } else {
        free_domheap_page(pg);
    }
}

void put_page_alloc_ref(struct page_info *pg)
{
    if (__atomic_fetch_and(&pg->count_info, ~PGC_allocated, __ATOMIC_SEQ_CST) & PGC_allocated)
        put_page(pg);
}

void share_xen_page_with_guest(struct page_info *pg, struct domain *d)
{
    spin_lock(&d->page_alloc_lock);
    pg->owner = d;
    smp_wmb();
    pg->count_info = PGC_xen_heap | PGC_allocated | 1;
    list_add_tail(&pg->list, &d->xenpage_list);
    spin_unlock(&d->page_alloc_lock);
}

void unshare_xen_page_with_guest(struct page_info *pg)
{
    struct domain *d = pg->owner;

    spin_lock(&d->page_alloc_lock);
    list_del(&pg->list);
    spin_unlock(&d->page_alloc_lock);
    pg->owner = NULL;
    put_page_alloc_ref(pg);
}

int domain_relinquish_pages(struct domain *d)
{
    unsigned int done = 0;

    for (;;) {
        struct page_info *pg = NULL;
        bool alive = false;

        /* Whoever still refers to a page keeps it on the held list; the last one takes it off. */
        spin_lock(&d->page_alloc_lock);
        if (!list_empty(&d->page_list)) {
            pg = list_first_entry(&d->page_list, struct page_info, list);
            alive = get_page_any(pg);
            list_del(&pg->list);
            list_add_tail(&pg->list, &d->held_list);
        }
        spin_unlock(&d->page_alloc_lock);
        if (!pg)
            return 0;
        if (alive) {
            put_page_alloc_ref(pg);
            put_page(pg);
        }
        if (++done % 256 == 0 && hypercall_preempt_check())
            return -ERESTART;
    }
}

bool claims_allow(const struct domain *d, unsigned long nr)
{
    unsigned long others = ACCESS_ONCE(outstanding_claims_total) - (d ? d->outstanding_pages : 0);

    return !others || avail_domheap_pages() >= others + nr;
}

int domain_set_outstanding_pages(struct domain *d, unsigned long pages)
{
    int rc = 0;

    spin_lock(&d->page_alloc_lock);
    spin_lock(&claims_lock);
    if (!pages) { /* gives the rest of a claim back */
        outstanding_claims_total -= d->outstanding_pages;
        d->outstanding_pages = 0;
    } else if (d->outstanding_pages || pages <= d->tot_pages || pages > d->max_pages) {
        rc = -EINVAL;
    } else {
        unsigned long need = pages - d->tot_pages;

        if (avail_domheap_pages() < outstanding_claims_total + need) {
            rc = -ENOMEM;
        } else {
            d->outstanding_pages = need;
            outstanding_claims_total += need;
        }
    }
    spin_unlock(&claims_lock);
    spin_unlock(&d->page_alloc_lock);
    return rc;
}
