/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who owns which page, and memory_op on top of it, with the real guest-physical map: references
 * outlive owners, nothing leaks and nothing dangles when memory runs out, preempted calls go on
 * where they stopped, and who may do what to whom.
 */
#include "fake.h"

#include <xen/errno.h>
#include <xen/grant_table.h>
#include <xen/memory.h>

#define GUEST_PAGES 0x1000UL

extern const struct p2m_format npt_format;
static const struct hvm_vendor vendor = {.p2m_format = &npt_format};
const struct hvm_vendor *hvm_vendor = &vendor;

static struct domain *guest, *control;

static struct domain *memory_domain(domid_t id)
{
    struct domain *d = fake_domain(id, 1);

    assert_int_equal(p2m_init(d), 0);
    assert_int_equal(grant_table_init(d, 2, 1, 2), 0);
    return d;
}

static int setup(void **state)
{
    fake_reset();
    outstanding_claims_total = 0;
    guest = memory_domain(1);
    control = memory_domain(7);
    control->is_privileged = true;
    fake_switch_to(control->vcpu[0]);
    return 0;
}

static void destroy(struct domain *d)
{
    d->is_dying = DOMDYING_dying;
    assert_int_equal(gnttab_release_mappings(d), 0);
    assert_int_equal(p2m_teardown(d), 0);
    while (domain_relinquish_pages(d) == -ERESTART)
        ;
}

static int teardown(void **state)
{
    struct domain *all[] = {control, guest};

    for (unsigned int i = 0; i < ARRAY_SIZE(all); i++)
        destroy(all[i]);
    for (unsigned int i = 0; i < ARRAY_SIZE(all); i++) {
        assert_true(list_empty(&all[i]->held_list));
        assert_int_equal(all[i]->tot_pages + all[i]->extra_pages, 0);
        assert_int_equal(atomic_read(&all[i]->refcnt), 1);
        grant_table_destroy(all[i]);
        p2m_free(all[i]);
        fake_domain_free(all[i]);
    }
    assert_int_equal(outstanding_claims_total, 0);
    fake_check_leaks(0);
    return 0;
}

static mfn_t at(struct domain *d, unsigned long gfn)
{
    p2m_type_t t;

    return p2m_lookup(d, _gfn(gfn), &t, NULL);
}

static unsigned long refs(const struct page_info *pg)
{
    return pg->count_info & PGC_count_mask;
}

/* --- ownership --- */

static void references(void **state)
{
    unsigned long used = fake_frames_used();
    struct page_info *pg = alloc_domheap_page(guest, 0);

    assert_int_equal(guest->tot_pages, 1);
    assert_int_equal(atomic_read(&guest->refcnt), 2); /* as long as it owns anything */
    assert_false(get_page(pg, control));
    assert_int_equal(refs(pg), 1);
    assert_true(get_page(pg, guest));
    put_page_alloc_ref(pg);
    put_page_alloc_ref(pg); /* only once */
    assert_int_equal(guest->tot_pages, 1);
    assert_true(get_page_any(pg));
    put_page(pg);
    put_page(pg);
    assert_int_equal(guest->tot_pages, 0);
    assert_int_equal(atomic_read(&guest->refcnt), 1);
    assert_int_equal(fake_frames_used(), used);
    assert_false(get_page_any(pg));
}

static void limits(void **state)
{
    guest->max_pages = 3;
    assert_non_null(alloc_domheap_pages(guest, 1, 0));
    assert_null(alloc_domheap_pages(guest, 1, 0));
    assert_non_null(alloc_domheap_pages(guest, 0, 0));
    assert_null(alloc_domheap_pages(guest, 0, 0));
    assert_non_null(alloc_domheap_pages(guest, 2, MEMF_no_refcount)); /* not counted */
    assert_int_equal(guest->tot_pages, 3);
    assert_int_equal(guest->extra_pages, 4);
    guest->max_pages = 1; /* lowered under what it has */
    assert_null(alloc_domheap_pages(guest, 0, 0));
    guest->is_dying = DOMDYING_dying;
    assert_null(alloc_domheap_pages(guest, 0, MEMF_no_refcount));
}

static void claims(void **state)
{
    unsigned long avail = avail_domheap_pages();

    guest->max_pages = avail + 1;
    assert_int_equal(domain_set_outstanding_pages(guest, avail + 1), -ENOMEM);
    assert_int_equal(domain_set_outstanding_pages(guest, avail + 2), -EINVAL);
    assert_int_equal(domain_set_outstanding_pages(guest, avail - 10), 0);
    assert_int_equal(domain_set_outstanding_pages(guest, 5), -EINVAL); /* one at a time */
    assert_true(claims_allow(control, 10));
    assert_false(claims_allow(control, 11));
    assert_true(claims_allow(guest, avail));
    assert_non_null(alloc_domheap_pages(guest, 3, 0));
    assert_int_equal(guest->outstanding_pages, avail - 18);
    assert_false(claims_allow(control, 11));
    assert_int_equal(domain_set_outstanding_pages(guest, 0), 0);
    assert_int_equal(outstanding_claims_total, 0);
    assert_true(claims_allow(control, avail - 8));
}

/*
 * A dying domain's pages go, but for those that others refer to, wherever on the list they are: one
 * that the guest gave up itself, while another domain maps it, is no reason to stop.
 */
static void relinquish(void **state)
{
    static struct page_info *pg[600];
    unsigned int calls = 0;

    for (unsigned int i = 0; i < 600; i++)
        pg[i] = fake_populate(guest, i);
    get_page_any(pg[0]);
    get_page_any(pg[300]);
    put_page_alloc_ref(pg[0]); /* ballooned out */
    guest->is_dying = DOMDYING_dying;
    fake_preempt(true);
    while (domain_relinquish_pages(guest) == -ERESTART)
        assert_true(++calls < 10);
    fake_preempt(false);
    assert_int_equal(calls, 2);
    assert_int_equal(guest->tot_pages, 2);
    assert_int_equal(refs(pg[0]), 1);
    assert_int_equal(refs(pg[300]), 1);
    assert_int_equal(atomic_read(&guest->refcnt), 2);
    assert_int_equal(domain_relinquish_pages(guest), 0); /* a second time does nothing */
    put_page(pg[300]);
    put_page(pg[0]);
    assert_int_equal(guest->tot_pages, 0);
    assert_int_equal(atomic_read(&guest->refcnt), 1);
}

/* --- memory_op --- */

static long memory_op(struct domain *d, unsigned long cmd, void *arg, size_t size)
{
    struct vcpu *v = current;
    long rc;

    fake_switch_to(d->vcpu[0]);
    memcpy(fake_guest, arg, size);
    rc = do_memory_op(cmd, FAKE_GUEST_VA);
    memcpy(arg, fake_guest, size);
    fake_switch_to(v);
    assert_int_equal(fake_locks_held, 0);
    return rc;
}
#define OP(d, cmd, op) memory_op(d, cmd, op, sizeof(*(op)))
#define HANDLE(h, off) ((h).p = (void *)(FAKE_GUEST_VA + (off)))
#define EXTENTS        fake_guest_at(u64, 0x1000)

static struct xen_memory_reservation reservation(domid_t id, unsigned int nr, unsigned int order)
{
    struct xen_memory_reservation r = {.domid = id, .nr_extents = nr, .extent_order = order};

    HANDLE(r.extent_start, 0x1000);
    return r;
}

static void populate(void **state)
{
    struct xen_memory_reservation r = reservation(1, 4, 0);

    for (unsigned int i = 0; i < 4; i++)
        EXTENTS[i] = 0x100 + 2 * i;
    assert_int_equal(OP(control, XENMEM_populate_physmap, &r), 4);
    assert_int_equal(guest->tot_pages, 4);
    for (unsigned int i = 0; i < 4; i++) {
        assert_false(mfn_eq(at(guest, 0x100 + 2 * i), INVALID_MFN));
        assert_true(mfn_eq(at(guest, 0x101 + 2 * i), INVALID_MFN));
    }
    assert_int_equal(OP(control, XENMEM_populate_physmap, &r), 4); /* again: replaced */
    assert_int_equal(guest->tot_pages, 4);

    r = reservation(1, 1, PAGE_ORDER_2M);
    EXTENTS[0] = 0x400;
    assert_int_equal(OP(control, XENMEM_populate_physmap, &r), 1);
    assert_int_equal(guest->tot_pages, 516);
    assert_int_equal(mfn_x(at(guest, 0x5ff)), mfn_x(at(guest, 0x400)) + 0x1ff);
    r = reservation(1, 1, PAGE_ORDER_2M);
    EXTENTS[0] = 0x801; /* not aligned: in small pages */
    assert_int_equal(OP(control, XENMEM_populate_physmap, &r), 1);
    assert_int_equal(mfn_x(at(guest, 0xa00)), mfn_x(at(guest, 0x801)) + 0x1ff);

    guest->max_pages = guest->tot_pages + 2;
    r = reservation(1, 4, 0);
    for (unsigned int i = 0; i < 4; i++)
        EXTENTS[i] = 0xb00 + i;
    assert_int_equal(OP(control, XENMEM_populate_physmap, &r), 2);
    r = reservation(1, 4, 0);
    r.extent_start.p = (void *)0x10;
    assert_int_equal(OP(control, XENMEM_populate_physmap, &r), 0);
}

static void decrease(void **state)
{
    struct xen_memory_reservation r = reservation(DOMID_SELF, 3, 0);
    struct page_info *pg;

    for (unsigned int i = 0; i < 3; i++)
        EXTENTS[i] = 0x10 + i;
    pg = fake_populate(guest, 0x10);
    fake_populate(guest, 0x11);
    get_page_any(pg);
    assert_int_equal(OP(guest, XENMEM_decrease_reservation, &r), 2); /* nothing at 0x12 */
    assert_int_equal(guest->tot_pages, 1);
    assert_true(mfn_eq(at(guest, 0x10), INVALID_MFN));
    put_page(pg);
    assert_int_equal(guest->tot_pages, 0);
}

/* The frames of a domain mapped 1:1 wait for it. */
static void direct_mapped(void **state)
{
    struct xen_memory_reservation r = reservation(DOMID_SELF, 1, 0);
    struct page_info *pg = alloc_domheap_page(guest, 0);
    unsigned long mfn = mfn_x(page_to_mfn(pg));

    guest->arch.direct_mapped = true;
    guest_physmap_add_page(guest, _gfn(mfn), _mfn(mfn), 0);
    EXTENTS[0] = mfn;
    assert_int_equal(OP(guest, XENMEM_decrease_reservation, &r), 1);
    assert_true(mfn_eq(at(guest, mfn), INVALID_MFN));
    assert_int_equal(refs(pg), 1);
    r = reservation(DOMID_SELF, 1, 0);
    assert_int_equal(OP(guest, XENMEM_populate_physmap, &r), 1);
    assert_int_equal(mfn_x(at(guest, mfn)), mfn);
    EXTENTS[0] = mfn + 1; /* not its own */
    assert_int_equal(OP(guest, XENMEM_populate_physmap, &r), 0);
}

/* One extent a call, then on from there: the result counts them all. */
static void preempted(void **state)
{
    struct xen_memory_reservation r = reservation(1, 20, 0);
    struct hypercall_state *h = &control->vcpu[0]->hypercall;
    unsigned long cmd = XENMEM_populate_physmap;
    unsigned int calls = 0;
    long rc;

    for (unsigned int i = 0; i < 20; i++)
        EXTENTS[i] = 0x10 + i;
    fake_preempt(true);
    while ((rc = OP(control, cmd, &r)) == -ERESTART) {
        cmd = h->arg[0];
        assert_int_equal(cmd & 63, XENMEM_populate_physmap);
        assert_int_equal(cmd >> 6, ++calls);
    }
    assert_int_equal(rc, 20);
    assert_int_equal(guest->tot_pages, 20);
    for (cmd = XENMEM_decrease_reservation; (rc = OP(control, cmd, &r)) == -ERESTART;)
        cmd = h->arg[0];
    assert_int_equal(rc, 20);
    assert_int_equal(guest->tot_pages, 0);
    fake_preempt(false);
    /* A made-up start beyond the end. */
    assert_int_equal(OP(control, XENMEM_populate_physmap | 21 << 6, &r), -EINVAL);
}

static void who_may(void **state)
{
    struct xen_memory_reservation r = reservation(1, 1, 0), other = reservation(7, 1, 0);
    struct domain *dm = memory_domain(3);

    EXTENTS[0] = 0x10;
    assert_int_equal(OP(guest, XENMEM_populate_physmap, &other), -EPERM);
    assert_int_equal(OP(dm, XENMEM_populate_physmap, &r), -EPERM);
    dm->target = guest; /* a device model: it may, its guest may not the other way round */
    assert_int_equal(OP(dm, XENMEM_populate_physmap, &r), 1);
    r = reservation(3, 1, 0);
    assert_int_equal(OP(guest, XENMEM_populate_physmap, &r), -EPERM);
    r = reservation(99, 1, 0);
    assert_int_equal(OP(control, XENMEM_populate_physmap, &r), -ESRCH);
    r = reservation(DOMID_SELF, 1, PAGE_ORDER_2M + 1);
    assert_int_equal(OP(guest, XENMEM_populate_physmap, &r), -EPERM);
    r = reservation(DOMID_SELF, ~0U, 0);
    r.nr_extents = ~0UL;
    assert_int_equal(OP(guest, XENMEM_populate_physmap, &r), -EINVAL);
    r = reservation(1, 5, 0);
    r.extent_start.p = NULL;
    assert_int_equal(OP(guest, XENMEM_claim_pages, &r), -EPERM);
    assert_int_equal(OP(control, XENMEM_claim_pages, &r), 0);
    r.nr_extents = 0;
    assert_int_equal(OP(control, XENMEM_claim_pages, &r), 0);
    assert_int_equal(do_memory_op(63, FAKE_GUEST_VA), -ENOSYS);
    assert_int_equal(do_memory_op(XENMEM_populate_physmap, 0x10), -EFAULT);
    dm->target = NULL;
    destroy(dm);
    grant_table_destroy(dm);
    p2m_free(dm);
    fake_domain_free(dm);
}

/* Out of memory for page tables in the middle of an extent: none of its frames stays mapped. */
static void no_memory_for_tables(void **state)
{
    struct xen_memory_reservation r = reservation(1, 1, PAGE_ORDER_2M);

    EXTENTS[0] = 0x3ff01; /* crosses a boundary: needs tables on both sides */
    for (unsigned int chunks = 0; chunks < 6; chunks++) {
        fake_chunks_left = chunks;
        if (OP(control, XENMEM_populate_physmap, &r) == 1) {
            assert_true(chunks > 1);
            break;
        }
        assert_int_equal(guest->tot_pages, 0);
        for (unsigned long gfn = 0x3ff01; gfn < 0x3ff01 + 512; gfn++)
            assert_true(mfn_eq(at(guest, gfn), INVALID_MFN));
    }
    fake_chunks_left = ~0U;
    assert_int_equal(guest->tot_pages, 512);
    assert_int_equal(fake_crashes, 0);
}

/* A 32-bit caller: 4-byte extents, shorter structure. */
static void compat(void **state)
{
    struct {
        u32 start, nr, order, flags;
        u16 domid;
    } r = {FAKE_GUEST_VA + 0x1000, 3, 0, 0, DOMID_SELF};
    u32 *extents = fake_guest_at(u32, 0x1000);

    guest->vcpu[0]->hypercall.compat = true;
    for (unsigned int i = 0; i < 3; i++)
        extents[i] = 0x10 + i;
    assert_int_equal(OP(guest, XENMEM_populate_physmap, &r), 3);
    assert_int_equal(guest->tot_pages, 3);
    assert_false(mfn_eq(at(guest, 0x12), INVALID_MFN));
    r.nr = 1U << 26; /* more than progress has bits for */
    assert_int_equal(OP(guest, XENMEM_populate_physmap, &r), -EINVAL);
}

/* --- placing things --- */

static long add_foreign(struct domain *d, unsigned long gfn, domid_t foreign, unsigned long fgfn,
                        int *err)
{
    struct xen_add_to_physmap_batch op = {.domid = DOMID_SELF,
                                          .space = XENMAPSPACE_gmfn_foreign,
                                          .size = 1,
                                          .u.foreign_domid = foreign};
    long rc;

    *fake_guest_at(u64, 0x1000) = fgfn;
    *fake_guest_at(u64, 0x1008) = gfn;
    *fake_guest_at(int, 0x1010) = 77;
    HANDLE(op.idxs, 0x1000);
    HANDLE(op.gpfns, 0x1008);
    HANDLE(op.errs, 0x1010);
    rc = OP(d, XENMEM_add_to_physmap_batch, &op);
    *err = *fake_guest_at(int, 0x1010);
    return rc;
}

static void foreign(void **state)
{
    struct xen_remove_from_physmap rm = {DOMID_SELF, 0x50};
    struct page_info *pg = fake_populate(guest, 0x10);
    int err;

    fake_populate(control, 0x50); /* given up for the mapping */
    assert_int_equal(add_foreign(control, 0x50, 1, 0x10, &err), 0);
    assert_int_equal(err, 0);
    assert_int_equal(control->tot_pages, 0);
    assert_true(mfn_eq(at(control, 0x50), page_to_mfn(pg)));
    assert_int_equal(refs(pg), 2);
    assert_int_equal(add_foreign(control, 0x51, 1, 0x11, &err), 0);
    assert_int_equal(err, -EINVAL);
    assert_int_equal(add_foreign(control, 0x51, 99, 0x10, &err), 0);
    assert_int_equal(err, -ESRCH);
    assert_int_equal(add_foreign(guest, 0x51, 7, 0x10, &err), 0);
    assert_int_equal(err, -EPERM);
    assert_int_equal(add_foreign(control, 0x50, 1, 0x10, &err),
                     0); /* once more in the same place */
    assert_int_equal(err, 0);
    assert_int_equal(refs(pg), 2);

    /* The owner goes; its page stays until the mapping does. */
    destroy(guest);
    assert_int_equal(guest->tot_pages, 1);
    assert_int_equal(atomic_read(&guest->refcnt), 2);
    assert_int_equal(OP(control, XENMEM_remove_from_physmap, &rm), 0);
    assert_int_equal(atomic_read(&guest->refcnt), 1);
    assert_int_equal(OP(control, XENMEM_remove_from_physmap, &rm), -ENOENT);
}

static void resource(void **state)
{
    struct xen_mem_acquire_resource op = {.domid = 1, .type = XENMEM_resource_grant_table};
    struct xen_remove_from_physmap rm = {DOMID_SELF, 0x50};
    struct grant_entry_v1 *e;

    assert_int_equal(OP(guest, XENMEM_acquire_resource, &op), -EPERM);
    assert_int_equal(OP(control, XENMEM_acquire_resource, &op), 0);
    assert_int_equal(op.nr_frames, 2);
    HANDLE(op.frame_list, 0x1000);
    *fake_guest_at(u64, 0x1000) = 0x50;
    op.nr_frames = 1;
    assert_int_equal(OP(control, XENMEM_acquire_resource, &op), 0);
    e = fake_page(control, 0x50);
    e[GNTTAB_RESERVED_XENSTORE] = (struct grant_entry_v1){GTF_permit_access, 7, 0x10};
    op.frame = 2;
    assert_int_equal(OP(control, XENMEM_acquire_resource, &op), -EINVAL);
    op.frame = 0;
    op.pad = 1;
    assert_int_equal(OP(control, XENMEM_acquire_resource, &op), -EINVAL);
    op.pad = 0;
    op.type = 77;
    assert_int_equal(OP(control, XENMEM_acquire_resource, &op), -EOPNOTSUPP);
    assert_int_equal(OP(control, XENMEM_remove_from_physmap, &rm), 0);
}

static void grant_frames(void **state)
{
    struct xen_add_to_physmap op = {
        .domid = DOMID_SELF, .space = XENMAPSPACE_grant_table, .idx = 1, .gpfn = 0x60};
    struct page_info *pg = fake_populate(guest, 0x61);

    assert_int_equal(OP(guest, XENMEM_add_to_physmap, &op), 0);
    assert_false(mfn_eq(at(guest, 0x60), INVALID_MFN));
    op.idx = 2;
    assert_int_equal(OP(guest, XENMEM_add_to_physmap, &op), -EINVAL);
    op.space = 99;
    assert_int_equal(OP(guest, XENMEM_add_to_physmap, &op), -ENOSYS);
    /* Moving a frame; onto a device it does not go, and stays where it was. */
    op = (struct xen_add_to_physmap){
        .domid = DOMID_SELF, .space = XENMAPSPACE_gmfn, .idx = 0x61, .gpfn = 0x62};
    assert_int_equal(OP(guest, XENMEM_add_to_physmap, &op), 0);
    assert_true(mfn_eq(at(guest, 0x62), page_to_mfn(pg)));
    assert_true(mfn_eq(at(guest, 0x61), INVALID_MFN));
    assert_int_equal(set_mmio_p2m_entry(guest, _gfn(0x70), _mfn(0x1000), 0), 0);
    op.idx = 0x62;
    op.gpfn = 0x70;
    assert_int_equal(OP(guest, XENMEM_add_to_physmap, &op), -EBUSY);
    assert_true(mfn_eq(at(guest, 0x62), page_to_mfn(pg)));
}

static void memory_map(void **state)
{
    struct xen_memory_map m = {.nr_entries = 5};
    struct xen_foreign_memory_map f = {.domid = 1, .map.nr_entries = 2};
    struct xen_e820_entry *e = fake_guest_at(struct xen_e820_entry, 0x1000);

    HANDLE(m.buffer, 0x2000);
    assert_int_equal(OP(guest, XENMEM_memory_map, &m), -ENOSYS);
    e[0] = (struct xen_e820_entry){0, 0x1000, E820_RAM};
    e[1] = (struct xen_e820_entry){0x2000, 0x1000, E820_RESERVED};
    HANDLE(f.map.buffer, 0x1000);
    assert_int_equal(OP(guest, XENMEM_set_memory_map, &f), -EPERM);
    assert_int_equal(OP(control, XENMEM_set_memory_map, &f), 0);
    assert_int_equal(OP(guest, XENMEM_memory_map, &m), 0);
    assert_int_equal(m.nr_entries, 2);
    assert_memory_equal(fake_guest_at(u8, 0x2000), e, 2 * sizeof(*e));
    f.map.nr_entries = 129;
    assert_int_equal(OP(control, XENMEM_set_memory_map, &f), -EINVAL);
    domain_set_memory_map(guest, NULL, 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(references), T(limits),        T(claims),    T(relinquish),   T(populate),
        T(decrease),   T(direct_mapped), T(preempted), T(who_may),      T(no_memory_for_tables),
        T(compat),     T(foreign),       T(resource),  T(grant_frames), T(memory_map),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
