/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The heap and the small-object allocator on a fake machine of 64 MiB whose direct map and frame
 * table are real memory: what is freed comes back, what is handed out is scrubbed and does not
 * overlap, claims and NUMA wishes are honoured.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <cmocka.h>

#include <xen/buddy.h>
#include <xen/lib.h>
#include <xen/memory.h>
#include <xen/mm.h>
#include <xen/numa.h>
#include <xen/sched.h>

#define FRAMES 16384UL
unsigned long per_cpu_offset[NR_CPUS];
unsigned int nr_nodes = 2;
unsigned long outstanding_claims_total;

void bug(const char *what, const char *file, int line)
{
    fail_msg("BUG at %s:%d: %s", file, line, what);
    abort();
}
void printk(const char *fmt, ...)
{
}
void spin_lock(spinlock_t *l)
{
    assert_int_equal(l->head++, 0);
}
void spin_unlock(spinlock_t *l)
{
    l->head--;
}
bool mfn_valid(mfn_t m)
{
    return mfn_x(m) < FRAMES;
}
paddr_t virt_to_maddr(const void *va)
{
    return (unsigned long)va - DIRECTMAP_VIRT_START;
}
void clear_pages(void *va, unsigned long nr)
{
    memset(va, 0, nr * PAGE_SIZE);
}
unsigned int mfn_to_node(unsigned long mfn)
{
    return mfn >= FRAMES / 2;
}
unsigned long node_range_end(unsigned long mfn)
{
    return mfn < FRAMES / 2 ? FRAMES / 2 : FRAMES;
}
unsigned int node_distance(unsigned int a, unsigned int b)
{
    return a == b ? 10 : 20;
}
unsigned int cpu_to_node(unsigned int cpu)
{
    return 0;
}
static unsigned long claimed;
bool claims_allow(const struct domain *d, unsigned long nr)
{
    return avail_domheap_pages() >= claimed + nr;
}
static int assign_result;
int assign_pages(struct page_info *pg, unsigned int nr, struct domain *d, unsigned int memflags)
{
    return assign_result;
}

static void *map(unsigned long at, size_t size)
{
    return mmap((void *)at, size, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
}

static int setup(void **state)
{
    static bool done;

    if (!done) {
        assert_ptr_equal(map(DIRECTMAP_VIRT_START, FRAMES * PAGE_SIZE),
                         (void *)DIRECTMAP_VIRT_START);
        assert_ptr_equal(map(FRAMETABLE_VIRT_START, FRAMES * sizeof(struct page_info)),
                         frame_table);
        memset((void *)DIRECTMAP_VIRT_START, 0xa5, FRAMES * PAGE_SIZE);
        heap_init(frame_table);
        heap_add_range(0, FRAMES, true);
        done = true;
    }
    claimed = 0;
    assign_result = 0;
    assert_int_equal(avail_domheap_pages(), FRAMES);
    return 0;
}

static bool all_zero(const u8 *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i])
            return false;
    return true;
}

static void test_scrub(void **state)
{
    struct page_info *pg = alloc_domheap_pages(NULL, 3, 0), *again;
    u8 *va = page_to_virt(pg);

    assert_true(all_zero(va, 8 * PAGE_SIZE));
    memset(va, 0x77, 8 * PAGE_SIZE);
    free_domheap_pages(pg, 3);
    again = alloc_domheap_pages(NULL, 3, 0);
    assert_ptr_equal(again, pg); /* the same frames, or this test shows nothing */
    assert_true(all_zero(va, 8 * PAGE_SIZE));
    free_domheap_pages(again, 3);
}

static void test_nodes_and_limits(void **state)
{
    struct page_info *pg = alloc_domheap_pages(NULL, 0, MEMF_node(1));
    struct domain *d = (struct domain *)0x1000;

    assert_int_equal(mfn_to_node(mfn_x(page_to_mfn(pg))), 1);
    free_domheap_page(pg);
    assert_null(alloc_domheap_pages(NULL, 14, 0)); /* spans the nodes */
    pg = alloc_domheap_pages(NULL, 13, 0);
    assert_null(alloc_domheap_pages(NULL, 0, MEMF_node(0) | MEMF_exact_node));
    assert_non_null(pg);
    free_domheap_pages(pg, 13);
    claimed = FRAMES - 4;
    assert_null(alloc_domheap_pages(NULL, 3, 0));
    claimed = 0;
    assign_result = -1; /* the domain is full: nothing is lost */
    assert_null(alloc_domheap_pages(d, 2, 0));
    assert_int_equal(avail_domheap_pages(), FRAMES);
}

static void test_exact(void **state)
{
    struct page_info *pg = alloc_exact_pages(1000, 77, 0);

    assert_ptr_equal(pg, frame_table + 1000);
    assert_null(alloc_exact_pages(1076, 1, 0));
    heap_add_range(1000, 1077, true);
}

static void test_xmalloc(void **state)
{
    enum { N = 2000 };
    static struct {
        u8 *p;
        size_t size;
    } o[N];

    srand(17);
    for (unsigned int step = 0; step < 20000; step++) {
        unsigned int i = rand() % N;

        if (o[i].p) {
            for (size_t b = 0; b < o[i].size; b++)
                assert_int_equal(o[i].p[b], (u8)i);
            xfree(o[i].p);
            o[i].p = NULL;
        } else {
            size_t align = 1UL << (rand() % 8);

            o[i].size = rand() % 10 ? rand() % 600 : rand() % 20000;
            o[i].p = _xzalloc(o[i].size, align);
            assert_non_null(o[i].p);
            assert_int_equal((unsigned long)o[i].p % max(align, 16UL), 0);
            assert_true(all_zero(o[i].p, o[i].size));
            memset(o[i].p, i, o[i].size);
        }
    }
    for (unsigned int i = 0; i < N; i++)
        xfree(o[i].p);
    assert_int_equal(avail_domheap_pages(), FRAMES); /* empty slabs went back */
    assert_null(xzalloc_array_(1UL << 40, 1UL << 40));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_scrub, setup),
        cmocka_unit_test_setup(test_nodes_and_limits, setup),
        cmocka_unit_test_setup(test_exact, setup),
        cmocka_unit_test_setup(test_xmalloc, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
