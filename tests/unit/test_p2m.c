/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guest-physical map over nested page tables, read back by a walker of the test's own. The
 * format's functions are wrapped: each call is a moment at which another CPU could look, so there
 * every frame must be where it was, or where it is going to be.
 */
#include "fake.h"

#include <xen/errno.h>

extern const struct p2m_format npt_format;
static struct p2m_format watched;
static const struct hvm_vendor vendor = {.p2m_format = &watched};
const struct hvm_vendor *hvm_vendor = &vendor;

static struct domain *d;
static u32 generation_at_put;
static unsigned int nr_puts;

/* The reference that a map entry holds goes only after every CPU has forgotten the entry. */
void put_page(struct page_info *pg)
{
    nr_puts++;
    generation_at_put = d->arch.p2m.flush_generation;
    pg->count_info--;
}

/* --- a second opinion --- */

#define GONE ~0UL

/* Where @gfn goes by the entries alone. */
static unsigned long walk(unsigned long gfn)
{
    u64 *table = d->arch.p2m.root;

    for (int level = 4; level; level--) {
        unsigned int shift = 9 * (level - 1);
        u64 e = table[gfn >> shift & 511];

        if (!(e & PTE_PRESENT))
            return GONE;
        assert_true(e & PTE_USER); /* or the guest could not use it */
        if (level == 1 || (e & PTE_PSE)) {
            unsigned long base = (e & PTE_ADDR_MASK) >> PAGE_SHIFT;

            assert_int_equal(base & ((1UL << shift) - 1), 0);
            return base + (gfn & ((1UL << shift) - 1));
        }
        table = maddr_to_virt(e & PTE_ADDR_MASK);
    }
    return GONE;
}

#define WATCH_MAX 64
static struct {
    unsigned long gfn, before, after;
} watch[WATCH_MAX];
static unsigned int nr_watched, nr_looks;
static bool watching;

static void look(void)
{
    if (!watching)
        return;
    nr_looks++;
    for (unsigned int i = 0; i < nr_watched; i++) {
        unsigned long now = walk(watch[i].gfn);

        if (now != watch[i].before && now != watch[i].after)
            fail_msg("gfn %#lx goes to %#lx in between", watch[i].gfn, now);
    }
}

static u64 watched_leaf(u64 maddr, p2m_type_t t, unsigned int level)
{
    look();
    return npt_format.leaf(maddr, t, level);
}

static bool watched_present(u64 e)
{
    look();
    return npt_format.present(e);
}

static p2m_type_t watched_type(u64 e)
{
    look();
    return npt_format.type(e);
}

/* Sets a range while looking at frames in and around it. @mfn: GONE takes away. */
static void set(unsigned long gfn, unsigned long mfn, unsigned int order, p2m_type_t t)
{
    unsigned long n = 1UL << order, step = n > 32 ? n / 32 : 1;
    unsigned long around[] = {gfn - 1, gfn, gfn + n - 1, gfn + n};

    nr_watched = 0;
    for (unsigned long i = 0; i < n && nr_watched < WATCH_MAX - 4; i += step)
        watch[nr_watched++].gfn = gfn + i;
    for (unsigned int i = 0; i < 4; i++)
        watch[nr_watched++].gfn = around[i];
    for (unsigned int i = 0; i < nr_watched; i++) {
        unsigned long g = watch[i].gfn;

        watch[i].before = watch[i].after = walk(g);
        if (g >= gfn && g < gfn + n)
            watch[i].after = mfn == GONE ? GONE : mfn + (g - gfn);
    }
    watching = true;
    assert_int_equal(p2m_set_entry(d, _gfn(gfn), mfn == GONE ? INVALID_MFN : _mfn(mfn), order, t),
                     0);
    watching = false;
    for (unsigned int i = 0; i < nr_watched; i++) {
        p2m_type_t found;

        assert_int_equal(walk(watch[i].gfn), watch[i].after);
        if (watch[i].gfn < 1UL << 36)
            assert_int_equal(mfn_x(p2m_lookup(d, _gfn(watch[i].gfn), &found, NULL)),
                             watch[i].after);
    }
}

static int setup(void **state)
{
    fake_reset();
    watched = npt_format;
    watched.leaf = watched_leaf;
    watched.present = watched_present;
    watched.type = watched_type;
    nr_puts = 0;
    d = fake_domain(1, 2);
    assert_int_equal(p2m_init(d), 0);
    return 0;
}

static int teardown(void **state)
{
    assert_int_equal(p2m_teardown(d), 0);
    p2m_free(d);
    fake_domain_free(d);
    fake_check_leaks(0);
    return 0;
}

static unsigned int order_at(unsigned long gfn)
{
    unsigned int order;
    p2m_type_t t;

    p2m_lookup(d, _gfn(gfn), &t, &order);
    return order;
}

static p2m_type_t type_at(unsigned long gfn)
{
    p2m_type_t t;

    p2m_lookup(d, _gfn(gfn), &t, NULL);
    return t;
}

/* --- tests --- */

static void sizes(void **state)
{
    set(0x40000, 0x80000, 18, p2m_ram_rw);
    assert_int_equal(order_at(0x40000), 18);
    assert_int_equal(order_at(0x7ffff), 18);
    set(0x200, 0x400, 9, p2m_ram_rw);
    assert_int_equal(order_at(0x3ff), 9);
    set(0x600, 0x401, 9, p2m_ram_rw); /* the frames are not aligned alike */
    assert_int_equal(order_at(0x600), 0);
    set(0x100000, 0x200200, 18, p2m_ram_rw);
    assert_int_equal(order_at(0x100000), 9);
    set(5, 6, 0, p2m_ram_rw);
    assert_int_equal(type_at(4), p2m_invalid);
    assert_int_equal(d->arch.p2m.max_mapped_gfn, 0x13ffff);
    assert_true(nr_looks > 0);
}

/* A hole in a superpage: the rest stays, through both levels of splitting. */
static void split(void **state)
{
    u32 generation;

    set(0x40000, 0x80000, 18, p2m_ram_rw);
    generation = d->arch.p2m.flush_generation;
    set(0x40000 + 12345, GONE, 0, p2m_invalid);
    assert_true(d->arch.p2m.flush_generation != generation);
    assert_int_equal(order_at(0x40000), 9);
    assert_int_equal(order_at(0x40000 + 12344), 0);
    for (unsigned long i = 0; i < 1UL << 18; i++)
        if (i != 12345)
            assert_int_equal(walk(0x40000 + i), 0x80000 + i);
    set(0x40000 + 12345, 0x77, 0, p2m_grant_map_ro);
    assert_int_equal(type_at(0x40000 + 12345), p2m_grant_map_ro);
    assert_int_equal(type_at(0x40000 + 12346), p2m_ram_rw);
}

/* A big range over small ones, and over tables. */
static void join(void **state)
{
    set(0x40001, 0x99, 0, p2m_ram_rw);
    set(0x40000, 0x80000, 18, p2m_ram_rw);
    set(0x40000, GONE, 18, p2m_invalid);
    for (unsigned long i = 0; i < 1UL << 18; i += 97)
        assert_int_equal(walk(0x40000 + i), GONE);
}

/* Types that are not present are kept, also when a superpage of them is split. */
static void types(void **state)
{
    set(0x400, GONE, 9, p2m_mmio_dm);
    assert_int_equal(type_at(0x5ff), p2m_mmio_dm);
    set(0x410, 0x10, 0, p2m_ram_rw);
    assert_int_equal(type_at(0x410), p2m_ram_rw);
    assert_int_equal(type_at(0x40f), p2m_mmio_dm);
    assert_int_equal(type_at(0x411), p2m_mmio_dm);
    set(0x800, 0x800, 9, p2m_ram_ro);
    set(0x801, 0x801, 0, p2m_ram_rw);
    assert_int_equal(type_at(0x800), p2m_ram_ro);
    for (p2m_type_t t = p2m_ram_rw; t < P2M_NR_TYPES; t++) {
        set(0x900, 0x123, 0, t == p2m_mmio_dm ? p2m_ram_rw : t);
        if (t == p2m_map_foreign) /* it held a reference */
            mfn_to_page(_mfn(0x123))->count_info = 1;
    }
}

/* No flush is needed where nothing was; one is where something was taken away or changed. */
static void flushes(void **state)
{
    u32 g = d->arch.p2m.flush_generation;

    set(0x10, 0x10, 0, p2m_ram_rw);
    assert_int_equal(d->arch.p2m.flush_generation, g);
    set(0x11, GONE, 0, p2m_invalid);
    assert_int_equal(d->arch.p2m.flush_generation, g);
    set(0x10, 0x10, 0, p2m_ram_ro);
    assert_int_equal(d->arch.p2m.flush_generation, ++g);
    set(0x10, GONE, 0, p2m_invalid);
    assert_int_equal(d->arch.p2m.flush_generation, ++g);
    set(0x10, 0x10, 0, p2m_ram_rw);
    assert_int_equal(p2m_set_entry_noflush(d, _gfn(0x10), INVALID_MFN, 0, p2m_invalid), 1);
    assert_int_equal(d->arch.p2m.flush_generation, g);
}

/* Foreign mappings own a reference, dropped after the flush, by replacing, removing and teardown.
 */
static void foreign(void **state)
{
    struct page_info *pg = alloc_domheap_page(NULL, 0);
    unsigned long mfn = mfn_x(page_to_mfn(pg));

    pg->count_info = 10;
    for (unsigned int i = 0; i < 4; i++)
        set(0x400 + i, mfn, 0, p2m_map_foreign);
    assert_int_equal(nr_puts, 0);
    for (unsigned int i = 0; i < 2; i++) {
        u32 g = d->arch.p2m.flush_generation;

        set(0x400 + i, i ? 0x99 : GONE, 0, i ? p2m_ram_rw : p2m_invalid);
        assert_int_equal(nr_puts, i + 1);
        assert_true(generation_at_put != g);
    }
    set(0x400, GONE, 9, p2m_invalid); /* two more in a larger range */
    assert_int_equal(nr_puts, 4);
    set(0x500, mfn, 0, p2m_map_foreign);
    assert_int_equal(p2m_teardown(d), 0);
    assert_int_equal(nr_puts, 5);
    assert_int_equal(p2m_teardown(d), 0); /* nothing is dropped twice */
    assert_int_equal(nr_puts, 5);
    free_domheap_page(pg);
}

static void bounds(void **state)
{
    p2m_type_t t;

    assert_int_equal(p2m_set_entry(d, _gfn(1UL << 36), _mfn(1), 0, p2m_ram_rw), -EINVAL);
    assert_int_equal(p2m_set_entry(d, _gfn((1UL << 36) - 1), _mfn(1), 1, p2m_ram_rw), -EINVAL);
    assert_int_equal(p2m_set_entry(d, _gfn(~0UL), _mfn(1), 1, p2m_ram_rw), -EINVAL);
    assert_int_equal(p2m_set_entry(d, INVALID_GFN, _mfn(1), 0, p2m_ram_rw), -EINVAL);
    set((1UL << 36) - 1, 1, 0, p2m_ram_rw);
    assert_true(mfn_eq(p2m_lookup(d, _gfn(1UL << 36), &t, NULL), INVALID_MFN));
    assert_true(mfn_eq(p2m_lookup(d, INVALID_GFN, &t, NULL), INVALID_MFN));
}

/* Without memory for a table: an error, and everything as before. */
static void no_memory(void **state)
{
    set(0x40000, 0x80000, 18, p2m_ram_rw);
    fake_chunks_left = 1;
    assert_int_equal(p2m_set_entry(d, _gfn(0x40001), INVALID_MFN, 0, p2m_invalid), -ENOMEM);
    for (unsigned long i = 0; i < 1UL << 18; i += 61)
        assert_int_equal(walk(0x40000 + i), 0x80000 + i);
    fake_chunks_left = ~0U;
    set(0x40001, GONE, 0, p2m_invalid);
}

/* Against a model: a thousand random changes. */
static void random_changes(void **state)
{
    static unsigned long model[4096];

    srand(1);
    for (unsigned int i = 0; i < 4096; i++)
        model[i] = GONE;
    for (unsigned int round = 0; round < 1000; round++) {
        unsigned int order = rand() % 3 ? rand() % 3 : rand() % 10;
        unsigned long gfn = rand() % (4096 - (1 << order)), mfn = rand() % 2000 + 1;

        if (rand() % 3 == 0) {
            gfn &= ~((1UL << order) - 1);
            mfn = (mfn & ~511UL) + (gfn & 511);
        }
        if (rand() % 3 == 0)
            mfn = GONE;
        set(gfn, mfn, order, mfn == GONE ? p2m_invalid : p2m_ram_rw);
        for (unsigned long i = 0; i < 1UL << order; i++)
            model[gfn + i] = mfn == GONE ? GONE : mfn + i;
    }
    for (unsigned int i = 0; i < 4096; i++)
        assert_int_equal(walk(i), model[i]);
}

static void getting_pages(void **state)
{
    struct page_info *pg = alloc_domheap_page(d, 0), *theirs = alloc_domheap_page(NULL, 0);
    p2m_type_t t;

    set(0x10, mfn_x(page_to_mfn(pg)), 0, p2m_ram_rw);
    set(0x11, mfn_x(page_to_mfn(theirs)), 0, p2m_ram_rw); /* says RAM, is not its own */
    set(0x12, 0x10000000, 0, p2m_mmio_direct);
    theirs->count_info = 5;
    assert_ptr_equal(get_page_from_gfn(d, _gfn(0x10), &t), pg);
    assert_int_equal(t, p2m_ram_rw);
    assert_null(get_page_from_gfn(d, _gfn(0x11), NULL));
    assert_null(get_page_from_gfn(d, _gfn(0x12), NULL));
    assert_null(get_page_from_gfn(d, _gfn(0x13), NULL));
    assert_int_equal(guest_physmap_remove_page(d, _gfn(0x10), _mfn(1), 0), -EINVAL);
    assert_int_equal(guest_physmap_remove_page(d, _gfn(0x10), page_to_mfn(pg), 0), 0);
    free_domheap_page(pg);
    free_domheap_page(theirs);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(sizes),   T(split),  T(join),      T(types),          T(flushes),
        T(foreign), T(bounds), T(no_memory), T(random_changes), T(getting_pages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
