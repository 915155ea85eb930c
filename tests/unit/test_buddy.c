/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The buddy allocator against a model: after any sequence of operations free and allocated frames
 * add up, chunks are aligned and never overlap, nothing stays split that could be merged, and what
 * was dirty is never handed out as clean.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <xen/buddy.h>
#include <xen/lib.h>

void bug(const char *what, const char *file, int line)
{
    fail_msg("BUG at %s:%d: %s", file, line, what);
    abort();
}

#define NR_FRAMES 8192UL
static struct page_info *frames;
static struct buddy_heap heap;
static unsigned char owner[NR_FRAMES]; /* the model: 0 free, 1 allocated, 2 hole */
static bool dirty[NR_FRAMES];

static bool frame_exists(unsigned long mfn)
{
    return mfn < NR_FRAMES && owner[mfn] != 2;
}

static unsigned int node_of(unsigned long mfn)
{
    return mfn >= NR_FRAMES / 2;
}

static void free_chunk(unsigned long mfn, unsigned int order, bool is_dirty)
{
    for (unsigned long i = mfn; i < mfn + (1UL << order); i++) {
        assert_int_equal(owner[i], 1);
        owner[i] = 0;
        dirty[i] = is_dirty;
        frames[i].count_info = 0;
    }
    buddy_free(&heap, mfn, order, node_of(mfn), is_dirty);
}

static unsigned long alloc_chunk(unsigned int order, unsigned int node, unsigned long limit)
{
    bool was_dirty = false;
    unsigned long mfn = buddy_alloc(&heap, order, node, limit, &was_dirty);

    if (mfn == BUDDY_NONE)
        return mfn;
    assert_int_equal(mfn & ((1UL << order) - 1), 0);
    assert_true(mfn + (1UL << order) <= limit);
    for (unsigned long i = mfn; i < mfn + (1UL << order); i++) {
        assert_int_equal(owner[i], 0);
        assert_int_equal(node_of(i), node);
        if (dirty[i])
            assert_true(was_dirty);
        owner[i] = 1;
        frames[i].count_info = 0;
    }
    return mfn;
}

static int setup(void **state)
{
    frames = calloc(NR_FRAMES, sizeof(*frames));
    buddy_init(&heap, frames, frame_exists);
    memset(owner, 1, sizeof(owner));
    memset(dirty, 0, sizeof(dirty));
    return 0;
}

static int teardown(void **state)
{
    free(frames);
    return 0;
}

static void check_sums(void)
{
    unsigned long free_frames = 0, listed = 0;

    for (unsigned long i = 0; i < NR_FRAMES; i++)
        free_frames += owner[i] == 0;
    assert_int_equal(heap.nr_free_total, free_frames);
    assert_int_equal(heap.nr_free[0] + heap.nr_free[1], free_frames);
    for (unsigned int n = 0; n < 2; n++)
        for (unsigned int o = 0; o <= MAX_ORDER; o++) {
            struct page_info *pg;

            list_for_each_entry (pg, &heap.free[n][o], list) {
                unsigned long mfn = pg - frames, buddy = mfn ^ (1UL << o);

                listed += 1UL << o;
                assert_int_equal(pg->free.order, o);
                /* Two free buddies of the same order would have been merged. */
                if (o < MAX_ORDER && buddy < NR_FRAMES && node_of(buddy) == n &&
                    (frames[buddy].count_info & PGC_free) && frames[buddy].free.head)
                    assert_int_not_equal(frames[buddy].free.order, o);
            }
        }
    assert_int_equal(listed, free_frames);
}

static void fill(void)
{
    for (unsigned long m = 0; m < NR_FRAMES; m++)
        free_chunk(m, 0, true);
}

static void test_merges_up(void **state)
{
    fill();
    check_sums();
    /* All of a node is one chunk again. */
    assert_int_equal(alloc_chunk(12, 0, ~0UL), 0);
    assert_int_equal(alloc_chunk(12, 1, ~0UL), NR_FRAMES / 2);
    assert_true(alloc_chunk(0, 0, ~0UL) == BUDDY_NONE);
}

static void test_limit(void **state)
{
    fill();
    for (unsigned int i = 0; i < 64; i++)
        assert_true(alloc_chunk(0, 0, 64) < 64);
    assert_true(alloc_chunk(0, 0, 64) == BUDDY_NONE);
    assert_true(alloc_chunk(0, 0, ~0UL) >= 64);
    check_sums();
}

static void test_holes_do_not_merge(void **state)
{
    owner[7] = 2;
    for (unsigned long m = 0; m < 16; m++)
        if (m != 7)
            free_chunk(m, 0, false);
    assert_true(alloc_chunk(4, 0, ~0UL) == BUDDY_NONE);
    assert_int_equal(alloc_chunk(3, 0, ~0UL), 8);
    check_sums();
}

static void test_clean_stays_clean(void **state)
{
    bool was_dirty = true;

    free_chunk(0, 4, false);
    buddy_alloc(&heap, 2, 0, ~0UL, &was_dirty);
    assert_false(was_dirty);
}

static void test_reserve(void **state)
{
    bool was_dirty;

    fill();
    assert_true(buddy_reserve(&heap, 100, 57));
    for (unsigned long m = 100; m < 157; m++)
        owner[m] = 1, frames[m].count_info = 0;
    check_sums();
    assert_false(buddy_reserve(&heap, 90, 20)); /* overlaps what is taken; nothing changes */
    check_sums();
    assert_true(buddy_reserve(&heap, 0, 100));
    for (unsigned long m = 0; m < 100; m++)
        owner[m] = 1, frames[m].count_info = 0;
    check_sums();
    for (unsigned long m = 0; m < 157; m++)
        free_chunk(m, 0, false);
    check_sums();
    assert_int_equal(buddy_alloc(&heap, 12, 0, ~0UL, &was_dirty), 0);
}

static void test_random(void **state)
{
    struct {
        unsigned long mfn;
        unsigned int order;
    } *held = calloc(512, sizeof(*held));
    unsigned int nr = 0;

    srand(1);
    fill();
    for (unsigned int step = 0; step < 20000; step++) {
        if (nr < 512 && rand() % 2) {
            unsigned int order = rand() % 7;
            unsigned long limit = rand() % 4 ? ~0UL : (unsigned long)(rand() % NR_FRAMES);
            unsigned long mfn = alloc_chunk(order, rand() % 2, limit);

            if (mfn != BUDDY_NONE) {
                held[nr].mfn = mfn;
                held[nr++].order = order;
            }
        } else if (nr) {
            unsigned int i = rand() % nr;

            free_chunk(held[i].mfn, held[i].order, rand() % 2);
            held[i] = held[--nr];
        }
        if (step % 500 == 0)
            check_sums();
    }
    while (nr--)
        free_chunk(held[nr].mfn, held[nr].order, true);
    free(held);
    check_sums();
    assert_true(alloc_chunk(12, 0, ~0UL) != BUDDY_NONE);
    assert_true(alloc_chunk(12, 1, ~0UL) != BUDDY_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_merges_up, setup, teardown),
        cmocka_unit_test_setup_teardown(test_limit, setup, teardown),
        cmocka_unit_test_setup_teardown(test_holes_do_not_merge, setup, teardown),
        cmocka_unit_test_setup_teardown(test_clean_stays_clean, setup, teardown),
        cmocka_unit_test_setup_teardown(test_reserve, setup, teardown),
        cmocka_unit_test_setup_teardown(test_random, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
