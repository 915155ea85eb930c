/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Walks of a guest's own page tables: every paging mode and page size, what rights allow whom, the
 * error codes, accessed and dirty bits, tables in places where no RAM is.
 */
#include "fake.h"

#include <asm/msr_index.h>
#include <xen/errno.h>
#include <xen/guest_access.h>

static u64 cr[5], efer;

static u64 get_cr(struct vcpu *v, unsigned int n)
{
    return cr[n];
}

static u64 get_efer(struct vcpu *v)
{
    return efer;
}

static const struct hvm_vendor vendor = {.get_cr = get_cr, .get_efer = get_efer};
const struct hvm_vendor *hvm_vendor = &vendor;

static struct domain *d;
static struct vcpu *v;
static unsigned long next_table;

static int setup(void **state)
{
    fake_reset();
    d = fake_domain(1, 1);
    v = d->vcpu[0];
    fake_switch_to(v);
    memset(cr, 0, sizeof(cr));
    efer = 0;
    next_table = 0x100;
    return 0;
}

static int teardown(void **state)
{
    while (!list_empty(&d->page_list))
        put_page_alloc_ref(list_first_entry(&d->page_list, struct page_info, list));
    fake_check_leaks(0);
    fake_domain_free(d);
    return 0;
}

static u64 new_table(void)
{
    fake_populate(d, next_table);
    return next_table++ << PAGE_SHIFT;
}

static void *entry(u64 table, unsigned int index, unsigned int size)
{
    return (u8 *)fake_page(d, table >> PAGE_SHIFT) + index * size;
}

static u64 read_entry(u64 table, unsigned int index, unsigned int size)
{
    return size == 4 ? *(u32 *)entry(table, index, 4) : *(u64 *)entry(table, index, 8);
}

static void write_entry(u64 table, unsigned int index, unsigned int size, u64 e)
{
    if (size == 4)
        *(u32 *)entry(table, index, 4) = e;
    else
        *(u64 *)entry(table, index, 8) = e;
}

/* A paging mode, as the manuals have it. */
struct mode {
    unsigned int levels, bits, size;
};
static const struct mode legacy = {2, 10, 4}, pae = {3, 9, 8}, four = {4, 9, 8}, five = {5, 9, 8};

static void enter(const struct mode *m)
{
    cr[0] = CR0_PE | CR0_PG | CR0_WP;
    cr[4] = m == &legacy ? CR4_PSE : CR4_PAE;
    efer = EFER_NXE;
    if (m->levels >= 4)
        efer |= EFER_LME | EFER_LMA;
    if (m->levels == 5)
        cr[4] |= CR4_LA57;
    cr[3] = new_table();
}

#define ALL (PTE_PRESENT | PTE_RW | PTE_USER)

/* Maps @la to @e's frame at @level, with @upper bits in the entries above. Returns the last table.
 */
static u64 map(const struct mode *m, u64 la, unsigned int level, u64 e, u64 upper)
{
    u64 table = cr[3];

    for (unsigned int l = m->levels; l > level; l--) {
        unsigned int i = la >> (12 + m->bits * (l - 1)) & ((1U << m->bits) - 1);
        bool pdpte = m == &pae && l == 3;

        if (pdpte)
            i &= 3;
        if (!(read_entry(table, i, m->size) & PTE_PRESENT))
            write_entry(table, i, m->size, new_table() | (pdpte ? PTE_PRESENT : upper));
        table = read_entry(table, i, m->size) & PTE_ADDR_MASK;
    }
    write_entry(table, la >> (12 + m->bits * (level - 1)) & ((1U << m->bits) - 1), m->size, e);
    return table;
}

static int walk(u64 la, u32 access, u32 *pfec, u64 *gpa)
{
    *pfec = access;
    *gpa = 0xdead;
    return guest_linear_to_gpa(v, la, pfec, gpa);
}

static void goes_to(u64 la, u32 access, u64 want)
{
    u32 pfec;
    u64 gpa;

    assert_int_equal(walk(la, access, &pfec, &gpa), 0);
    assert_int_equal(gpa, want);
}

static void faults(u64 la, u32 access, u32 want)
{
    u32 pfec;
    u64 gpa;

    assert_int_equal(walk(la, access, &pfec, &gpa), 1);
    assert_int_equal(pfec, want);
}

/* --- tests --- */

static void no_paging(void **state)
{
    goes_to(0x12345678, PFEC_write, 0x12345678);
}

static void every_mode(void **state)
{
    static const struct {
        const struct mode *m;
        u64 la, offset_mask;
        unsigned int level;
    } t[] = {
        {&legacy, 0xc0801234, 0xfff, 1},
        {&legacy, 0xc0c01234, 0x3fffff, 2},
        {&pae, 0xc0801234, 0xfff, 1},
        {&pae, 0xc0801234, 0x1fffff, 2},
        {&four, 0xffff888012345678, 0xfff, 1},
        {&four, 0xffff888012345678, 0x1fffff, 2},
        {&four, 0x00007f8012345678, 0x3fffffff, 3},
        {&five, 0xff11888012345678, 0xfff, 1},
        {&five, 0x0011888012345678, 0x3fffffff, 3},
    };

    for (unsigned int i = 0; i < ARRAY_SIZE(t); i++) {
        u64 frame = 0x40000000;

        enter(t[i].m);
        map(t[i].m, t[i].la, t[i].level, frame | ALL | (t[i].level > 1 ? PTE_PSE : 0), ALL);
        goes_to(t[i].la, PFEC_write | PFEC_user, frame | (t[i].la & t[i].offset_mask));
        goes_to(t[i].la & ~t[i].offset_mask, 0, frame);
        faults(t[i].la ^ 0x80000000, 0, 0);
        faults(t[i].la ^ 0x80000000, PFEC_write | PFEC_user, PFEC_write | PFEC_user);
    }
}

/* 4 MB pages reach beyond 4 GB through bits 13 to 20; without CR4.PSE they are tables. */
static void pse36(void **state)
{
    u32 pfec;
    u64 gpa;

    enter(&legacy);
    map(&legacy, 0x400000, 2, 0x00c00000 | 0x5 << 13 | ALL | PTE_PSE, ALL);
    goes_to(0x412345, 0, 0x500c12345);
    cr[4] = 0;
    assert_int_equal(walk(0x412345, 0, &pfec, &gpa), -EFAULT); /* no RAM there */
}

static void rights(void **state)
{
    enter(&four);
    map(&four, 0x1000, 1, 0x5000 | PTE_PRESENT | PTE_RW, ALL);          /* supervisor */
    map(&four, 0x2000, 1, 0x6000 | PTE_PRESENT | PTE_USER, ALL);        /* read-only */
    map(&four, 0x3000, 1, 0x7000 | ALL | PTE_NX, ALL);                  /* data */
    map(&four, 0x8000000000, 1, 0x8000 | ALL, PTE_PRESENT | PTE_RW);    /* supervisor above */
    map(&four, 0x10000000000, 1, 0x9000 | ALL, PTE_PRESENT | PTE_USER); /* read-only above */

    goes_to(0x1000, PFEC_write, 0x5000);
    faults(0x1000, PFEC_user, PFEC_user | PFEC_present);
    faults(0x8000000000, PFEC_user, PFEC_user | PFEC_present);
    goes_to(0x2000, PFEC_user, 0x6000);
    faults(0x2000, PFEC_user | PFEC_write, PFEC_user | PFEC_write | PFEC_present);
    faults(0x2000, PFEC_write, PFEC_write | PFEC_present);
    faults(0x10000000000, PFEC_write, PFEC_write | PFEC_present);
    cr[0] &= ~CR0_WP; /* then the supervisor may write, users may not */
    goes_to(0x2000, PFEC_write, 0x6000);
    faults(0x2000, PFEC_user | PFEC_write, PFEC_user | PFEC_write | PFEC_present);
    goes_to(0x3000, PFEC_user, 0x7000);
    faults(0x3000, PFEC_user | PFEC_insn, PFEC_user | PFEC_insn | PFEC_present);
    faults(0x3000, PFEC_insn, PFEC_insn | PFEC_present);
    goes_to(0x2000, PFEC_insn, 0x6000);
}

static void accessed_and_dirty(void **state)
{
    u64 table;

    enter(&four);
    table = map(&four, 0x1000, 1, 0x5000 | ALL, ALL);
    map(&four, 0x2000, 1, 0x6000 | PTE_PRESENT | PTE_USER, ALL);
    goes_to(0x1000, 0, 0x5000);
    assert_int_equal(read_entry(table, 1, 8), 0x5000 | ALL | PTE_ACCESSED);
    assert_true(read_entry(cr[3], 0, 8) & PTE_ACCESSED);
    assert_false(read_entry(cr[3], 0, 8) & PTE_DIRTY);
    goes_to(0x1000, PFEC_write, 0x5000);
    assert_int_equal(read_entry(table, 1, 8), 0x5000 | ALL | PTE_ACCESSED | PTE_DIRTY);
    faults(0x2000, PFEC_write, PFEC_write | PFEC_present);
    assert_false(read_entry(table, 2, 8) & PTE_DIRTY); /* nothing was written */
    table = map(&four, 0x40000000, 2, 0x200000 | ALL | PTE_PSE, ALL);
    goes_to(0x40000000, PFEC_write, 0x200000);
    assert_true(read_entry(table, 0, 8) & PTE_DIRTY); /* in large pages too */
    /* PAE's top level has neither. */
    enter(&pae);
    map(&pae, 0x1000, 1, 0x5000 | ALL, ALL);
    goes_to(0x1000, PFEC_write, 0x5000);
    assert_false(read_entry(cr[3], 0, 8) & PTE_ACCESSED);
}

static void pae_in_a_page(void **state)
{
    enter(&pae);
    cr[3] += 0x120; /* 32-byte aligned */
    *(u64 *)entry(cr[3] & ~0xfffULL, 0x120 / 8, 8) = new_table() | PTE_PRESENT;
    write_entry(*(u64 *)entry(cr[3] & ~0xfffULL, 0x120 / 8, 8) & PTE_ADDR_MASK, 0, 8,
                0x400000 | ALL | PTE_PSE);
    goes_to(0x1234, 0, 0x401234);
}

/* Tables where no RAM is: not a fault of the guest's program, and no crash. */
static void tables_nowhere(void **state)
{
    u32 pfec;
    u64 gpa;

    enter(&four);
    write_entry(cr[3], 0, 8, 0x7ff000 | ALL);
    assert_int_equal(walk(0x1000, 0, &pfec, &gpa), -EFAULT);
    write_entry(cr[3], 0, 8, 0xffffffffff000 | ALL);
    assert_int_equal(walk(0x1000, 0, &pfec, &gpa), -EFAULT);
    cr[3] = 0x123456789000;
    assert_int_equal(walk(0x1000, 0, &pfec, &gpa), -EFAULT);
}

/* Neither half of the address space: no translation. */
static void not_canonical(void **state)
{
    u32 pfec;
    u64 gpa;

    enter(&four);
    map(&four, 0x1000, 1, 0x5000 | ALL, ALL);
    assert_int_equal(walk(0x1000 | 1UL << 48, 0, &pfec, &gpa), -EFAULT);
    assert_int_equal(walk(0x1000 | 0xffffUL << 48, 0, &pfec, &gpa), -EFAULT);
    enter(&five);
    map(&five, 1UL << 48, 1, 0x5000 | ALL, ALL);
    goes_to(1UL << 48, 0, 0x5000);
    assert_int_equal(walk(1UL << 57, 0, &pfec, &gpa), -EFAULT);
}

/* Accesses across pages, with the fault where it belongs. */
static void accesses(void **state)
{
    char buf[16] = "0123456789abcde";
    unsigned long fault;
    u32 pfec = 0;

    enter(&four);
    fake_populate(d, 0x50);
    fake_populate(d, 0x60);
    map(&four, 0x1000, 1, 0x50000 | ALL, ALL);
    map(&four, 0x2000, 1, 0x60000 | ALL, ALL);
    assert_int_equal(guest_linear_write(v, 0x1ffa, buf, 16, &pfec, &fault), 0);
    assert_memory_equal((char *)fake_page(d, 0x50) + 0xffa, "012345", 6);
    assert_memory_equal(fake_page(d, 0x60), "6789abcde", 10);
    memset(buf, 0, 16);
    pfec = 0;
    assert_int_equal(guest_linear_read(v, 0x1ffa, buf, 16, &pfec, &fault), 0);
    assert_string_equal(buf, "0123456789abcde");
    pfec = PFEC_user;
    assert_int_equal(guest_linear_read(v, 0x2ffa, buf, 16, &pfec, &fault), 1);
    assert_int_equal(fault, 0x3000);
    assert_int_equal(pfec, PFEC_user);
    assert_int_equal(raw_copy_from_guest(buf, 0x1ffa, 16), 0);
    assert_string_equal(buf, "0123456789abcde");
    assert_int_equal(raw_copy_from_guest(buf, 0x2ffa, 16), 10);
    assert_int_equal(raw_copy_to_guest(0x2ffa, buf, 16), 10);
    assert_int_equal(raw_clear_guest(0x1ffc, 8), 0);
    assert_int_equal(*(u32 *)fake_page(d, 0x60), 0);
    /* A page that the guest has read-only from another. */
    p2m_set_entry(d, _gfn(0x60), p2m_lookup(d, _gfn(0x60), &(p2m_type_t){0}, NULL), 0, p2m_ram_ro);
    assert_int_equal(raw_copy_to_guest(0x2000, buf, 4), 4);
    assert_int_equal(raw_copy_from_guest(buf, 0x2000, 4), 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(no_paging),     T(every_mode),     T(pse36),         T(rights),   T(accessed_and_dirty),
        T(pae_in_a_page), T(tables_nowhere), T(not_canonical), T(accesses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
