/* SPDX-License-Identifier: GPL-2.0-only */
/* The timers' heap against a sorted array: the root is always the least, removal takes just one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include <xen/timer_heap.h>

#define N 300
static struct timer_node nodes[N];
static bool in_heap[N];

static const struct timer_node *least(void)
{
    const struct timer_node *best = NULL;

    for (unsigned int i = 0; i < N; i++)
        if (in_heap[i] && (!best || nodes[i].key < best->key))
            best = &nodes[i];
    return best;
}

static void test_sorts(void **state)
{
    struct timer_node *root = NULL;
    s_time_t last = -1;
    unsigned int n = 0;

    srand(3);
    for (unsigned int i = 0; i < N; i++) {
        nodes[i].key = rand() % 1000;
        root = timer_heap_insert(root, &nodes[i]);
    }
    for (; root; n++) {
        struct timer_node *first = root;

        assert_true(first->key >= last);
        last = first->key;
        root = timer_heap_remove(root, first);
    }
    assert_int_equal(n, N);
}

static void test_random(void **state)
{
    struct timer_node *root = NULL;

    srand(5);
    for (unsigned int step = 0; step < 50000; step++) {
        unsigned int i = rand() % N;

        if (in_heap[i]) {
            root = timer_heap_remove(root, &nodes[i]);
        } else {
            nodes[i].key = rand() % 5000;
            root = timer_heap_insert(root, &nodes[i]);
        }
        in_heap[i] = !in_heap[i];
        if (least())
            assert_int_equal(root->key, least()->key);
        else
            assert_null(root);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_sorts), cmocka_unit_test(test_random)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
