/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guest-physical map: one walker for every stage-2 format. A table page, once linked, stays
 * until the domain is torn down, so lookups need no lock: each entry is read and written as one
 * 64-bit value. Changes are made under p2m->lock; whoever takes a mapping away flushes before it
 * gives the page back.
 */
#include <asm/p2m.h>
#include <xen/atomic.h>
#include <xen/errno.h>
#include <xen/lib.h>
#include <xen/sched.h>

#define LEVEL_BITS              9
#define LEVEL_ENTRIES           (1U << LEVEL_BITS)
#define level_order(level)      (LEVEL_BITS * ((level)-1))
#define level_index(gfn, level) (((gfn) >> level_order(level)) & (LEVEL_ENTRIES - 1))
/* Guest-physical addresses have 48 bits. */
#define MAX_GFN ((1UL << 36) - 1)
/* A guest that strews its pages over its address space gets no more tables than this, twice what
 * its memory in 4K pages needs, or what tools grant it (set_paging_mempool_size). */
#define TABLES_FLOOR 1024U

static u64 *entry_table(u64 e)
{
    return maddr_to_virt(e & PTE_ADDR_MASK);
}

static u64 *p2m_new_table(struct p2m_domain *p2m)
{
    const struct domain *d = p2m->domain;
    struct page_info *pg;

    if (!is_hardware_domain(d) &&
        p2m->nr_pages >= max(d->arch.hvm_mempool_pages, TABLES_FLOOR + d->max_pages / 256)) {
        gprintk(XENLOG_WARNING, "d%u has %u stage-2 tables, which is its limit\n", d->domain_id,
                p2m->nr_pages);
        return NULL;
    }
    if (list_empty(&p2m->spare)) {
        pg = alloc_domheap_pages(NULL, 0, 0);
        if (!pg)
            return NULL;
    } else {
        pg = list_first_entry(&p2m->spare, struct page_info, list);
        list_del(&pg->list);
    }
    list_add(&pg->list, &p2m->pages);
    p2m->nr_pages++;
    return page_to_virt(pg);
}

int p2m_init(struct domain *d)
{
    struct p2m_domain *p2m = &d->arch.p2m;

    spin_lock_init(&p2m->lock);
    p2m->lock.order = LOCK_P2M;
    INIT_LIST_HEAD(&p2m->pages);
    INIT_LIST_HEAD(&p2m->spare);
    p2m->domain = d;
    p2m->fmt = hvm_vendor->p2m_format;
    p2m->root = p2m_new_table(p2m);
    return p2m->root ? 0 : -ENOMEM;
}

mfn_t p2m_lookup(struct domain *d, gfn_t gfn, p2m_type_t *t, unsigned int *order)
{
    const struct p2m_domain *p2m = &d->arch.p2m;
    const struct p2m_format *fmt = p2m->fmt;
    unsigned long g = gfn_x(gfn);
    const u64 *table = p2m->root;
    unsigned int level = fmt->levels;

    *t = p2m_invalid;
    if (g > MAX_GFN)
        return INVALID_MFN;
    for (;; level--) {
        u64 e = ACCESS_ONCE(table[level_index(g, level)]);

        if (order)
            *order = level_order(level);
        if (!fmt->present(e)) {
            *t = fmt->type(e); /* mmio_dm and the like keep their type without being present */
            return INVALID_MFN;
        }
        if (level == 1 || fmt->is_leaf(e, level)) {
            *t = fmt->type(e);
            return _mfn(((e & PTE_ADDR_MASK) >> PAGE_SHIFT) + (g & (BIT(level_order(level)) - 1)));
        }
        table = entry_table(e);
    }
}

/* What an entry's frame was referenced for: foreign mappings own a reference each. */
static void put_old_entry(struct p2m_domain *p2m, u64 old, unsigned int level)
{
    if (level == 1 && p2m->fmt->present(old) && p2m->fmt->type(old) == p2m_map_foreign)
        put_page(mfn_to_page(maddr_to_mfn(old & PTE_ADDR_MASK)));
}

static u64 make_leaf(const struct p2m_format *fmt, mfn_t mfn, p2m_type_t t, unsigned int level)
{
    return fmt->leaf(mfn_eq(mfn, INVALID_MFN) ? 0 : mfn_to_maddr(mfn), t, level);
}

/* Replaces the leaf (or nothing) at @slot by a table that says the same. */
static u64 *split_entry(struct p2m_domain *p2m, u64 *slot, unsigned int level)
{
    const struct p2m_format *fmt = p2m->fmt;
    u64 old = *slot, *table = p2m_new_table(p2m);

    if (!table)
        return NULL;
    if (old) {
        p2m_type_t t = fmt->type(old);
        bool present = fmt->present(old);
        mfn_t mfn = maddr_to_mfn(old & PTE_ADDR_MASK);

        for (unsigned int i = 0; i < LEVEL_ENTRIES; i++)
            table[i] = make_leaf(fmt,
                                 present ? mfn_add(mfn, (unsigned long)i << level_order(level - 1))
                                         : INVALID_MFN,
                                 t, level - 1);
    }
    smp_wmb();
    *(volatile u64 *)slot = virt_to_maddr(table) | fmt->table_bits;
    return table;
}

/* Sets one aligned chunk of 2^order frames below @table. Returns whether a present leaf was there,
 * or -ENOMEM. */
static int set_chunk(struct p2m_domain *p2m, u64 *table, unsigned int level, unsigned long gfn,
                     mfn_t mfn, unsigned int order, p2m_type_t t)
{
    const struct p2m_format *fmt = p2m->fmt;
    u64 *slot = &table[level_index(gfn, level)], old = *slot;
    bool is_table = level > 1 && fmt->present(old) && !fmt->is_leaf(old, level);
    int changed = 0;

    if (!old && t == p2m_invalid) /* nothing to take away */
        return 0;
    if (level_order(level) > order) {
        u64 *next = is_table ? entry_table(old) : split_entry(p2m, slot, level);

        return next ? set_chunk(p2m, next, level - 1, gfn, mfn, order, t) : -ENOMEM;
    }
    if (is_table) { /* tables stay: say it in each of its entries */
        for (unsigned int i = 0; i < LEVEL_ENTRIES; i++) {
            unsigned long off = (unsigned long)i << level_order(level - 1);
            int rc = set_chunk(p2m, entry_table(old), level - 1, gfn + off,
                               mfn_eq(mfn, INVALID_MFN) ? mfn : mfn_add(mfn, off),
                               level_order(level - 1), t);

            if (rc < 0)
                return rc;
            changed |= rc;
        }
        return changed;
    }
    *(volatile u64 *)slot = make_leaf(fmt, mfn, t, level);
    changed = fmt->present(old);
    if (changed && fmt->type(old) == p2m_map_foreign) {
        p2m_flush_tlb(p2m->domain);
        put_old_entry(p2m, old, level);
        changed = 0;
    }
    return changed;
}

/* The biggest chunk at @gfn/@mfn that is aligned, fits in what is left, and that the format has. */
static unsigned int chunk_order(const struct p2m_format *fmt, unsigned long gfn, mfn_t mfn,
                                unsigned long left)
{
    unsigned long bits = gfn | (mfn_eq(mfn, INVALID_MFN) ? 0 : mfn_x(mfn));

    for (unsigned int level = fmt->has_1g ? 3 : 2; level > 1; level--)
        if (!(bits & (BIT(level_order(level)) - 1)) && left >= BIT(level_order(level)))
            return level_order(level);
    return 0;
}

/* Sets @nr frames, any alignment. */
static int set_range(struct p2m_domain *p2m, unsigned long gfn, mfn_t mfn, unsigned long nr,
                     p2m_type_t t)
{
    int rc, changed = 0;

    while (nr) {
        unsigned int order = chunk_order(p2m->fmt, gfn, mfn, nr);
        unsigned long n = BIT(order);

        rc = set_chunk(p2m, p2m->root, p2m->fmt->levels, gfn, mfn, order, t);
        if (rc < 0)
            return rc;
        changed |= rc;
        gfn += n;
        nr -= n;
        if (!mfn_eq(mfn, INVALID_MFN))
            mfn = mfn_add(mfn, n);
    }
    return changed;
}

int p2m_set_entry_noflush(struct domain *d, gfn_t gfn, mfn_t mfn, unsigned int order, p2m_type_t t)
{
    struct p2m_domain *p2m = &d->arch.p2m;
    unsigned long g = gfn_x(gfn), last = g + BIT(order) - 1;
    int rc;

    if (last > MAX_GFN || last < g)
        return -EINVAL;
    spin_lock_recursive(&p2m->lock);
    rc = set_range(p2m, g, mfn, BIT(order), t);
    if (rc >= 0 && t != p2m_invalid && last > p2m->max_mapped_gfn)
        p2m->max_mapped_gfn = last;
    spin_unlock_recursive(&p2m->lock);
    return rc;
}

int p2m_set_entry(struct domain *d, gfn_t gfn, mfn_t mfn, unsigned int order, p2m_type_t t)
{
    int rc = p2m_set_entry_noflush(d, gfn, mfn, order, t);

    if (rc > 0)
        p2m_flush_tlb(d);
    return rc < 0 ? rc : 0;
}

static void flush_ack(void *unused)
{
}

void p2m_flush_tlb(struct domain *d)
{
    cpumask_t mask;
    struct vcpu *v;

    cpumask_zero(&mask);
    __atomic_add_fetch(&d->arch.p2m.flush_generation, 1, __ATOMIC_SEQ_CST);
    for_each_vcpu (d, v)
        if (ACCESS_ONCE(v->is_running) && v->processor != smp_processor_id())
            cpumask_set(&mask, v->processor);
    /* The interrupt alone makes them leave the guest; on the way back they see the generation. */
    if (!cpumask_empty(&mask))
        on_selected_cpus(&mask, flush_ack, NULL, true);
}

struct page_info *get_page_from_gfn(struct domain *d, gfn_t gfn, p2m_type_t *t)
{
    p2m_type_t local, again;
    mfn_t mfn = p2m_lookup(d, gfn, t ? t : &local, NULL);
    struct page_info *pg;

    if (!t)
        t = &local;
    if (!p2m_has_page(*t) || !mfn_valid(mfn))
        return NULL;
    pg = mfn_to_page(mfn);
    if (p2m_is_ram(*t))
        return get_page(pg, d) ? pg : NULL;
    if (!get_page_any(pg))
        return NULL;
    /* Another domain's page: it is still the one mapped here, now that it cannot go away. */
    if (mfn_eq(p2m_lookup(d, gfn, &again, NULL), mfn) && again == *t)
        return pg;
    put_page(pg);
    return NULL;
}

int guest_physmap_add_page(struct domain *d, gfn_t gfn, mfn_t mfn, unsigned int order)
{
    return p2m_set_entry(d, gfn, mfn, order, p2m_ram_rw);
}

int guest_physmap_remove_page(struct domain *d, gfn_t gfn, mfn_t mfn, unsigned int order)
{
    struct p2m_domain *p2m = &d->arch.p2m;
    int rc = 0;

    spin_lock_recursive(&p2m->lock);
    for (unsigned long i = 0; i < BIT(order) && !rc; i++) {
        p2m_type_t t;

        if (!mfn_eq(p2m_lookup(d, gfn_add(gfn, i), &t, NULL), mfn_add(mfn, i)))
            rc = -EINVAL;
    }
    if (!rc)
        rc = p2m_set_entry(d, gfn, INVALID_MFN, order, p2m_invalid);
    spin_unlock_recursive(&p2m->lock);
    return rc;
}

int set_mmio_p2m_entry(struct domain *d, gfn_t gfn, mfn_t mfn, unsigned int order)
{
    return p2m_set_entry(d, gfn, mfn, order, p2m_mmio_direct);
}

/* Drops the references of foreign mappings below @table. */
static void release_foreign(struct p2m_domain *p2m, u64 *table, unsigned int level)
{
    for (unsigned int i = 0; i < LEVEL_ENTRIES; i++) {
        u64 e = table[i];

        if (!p2m->fmt->present(e))
            continue;
        if (level > 1 && !p2m->fmt->is_leaf(e, level)) {
            release_foreign(p2m, entry_table(e), level - 1);
        } else if (level == 1 && p2m->fmt->type(e) == p2m_map_foreign) {
            table[i] = 0;
            put_old_entry(p2m, e, level);
        }
    }
}

/* One top-level slot (512 GiB) a call, so that a huge map can be preempted. */
int p2m_teardown(struct domain *d)
{
    struct p2m_domain *p2m = &d->arch.p2m;

    if (p2m->root)
        release_foreign(p2m, p2m->root, p2m->fmt->levels);
    return 0;
}

int p2m_reserve_tables(struct domain *d, unsigned int nr)
{
    struct p2m_domain *p2m = &d->arch.p2m;

    while (nr--) {
        struct page_info *pg = alloc_domheap_pages(NULL, 0, 0);

        if (!pg)
            return -ENOMEM;
        spin_lock_recursive(&p2m->lock);
        list_add(&pg->list, &p2m->spare);
        spin_unlock_recursive(&p2m->lock);
    }
    return 0;
}

void p2m_free(struct domain *d)
{
    struct p2m_domain *p2m = &d->arch.p2m;

    if (!p2m->fmt)
        return;
    list_splice_init(&p2m->spare, &p2m->pages);
    while (!list_empty(&p2m->pages)) {
        struct page_info *pg = list_first_entry(&p2m->pages, struct page_info, list);

        list_del(&pg->list);
        free_domheap_page(pg);
    }
    p2m->root = NULL;
    p2m->nr_pages = 0;
}
