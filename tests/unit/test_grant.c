/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Grant tables on the fake machine: what may be mapped and copied, what the granting guest sees in
 * its entries, that every reference is given back, and that a hostile guest gets errors only.
 */
#include "fake.h"

#include <xen/errno.h>
#include <xen/grant_table.h>
#include <xen/memory.h>

#define GRANTER     1
#define USER        2
#define THIRD       3
#define MAP_GFN     0x300UL
#define BASE_FRAMES 3 /* one grant frame for each domain */

static struct domain *granter, *user, *third;

static int setup(void **state)
{
    fake_reset();
    granter = fake_domain(GRANTER, 1);
    user = fake_domain(USER, 1);
    third = fake_domain(THIRD, 1);
    assert_int_equal(grant_table_init(granter, 4, 2, 2), 0);
    assert_int_equal(grant_table_init(user, 4, 1, 2), 0);
    assert_int_equal(grant_table_init(third, -1, -1, 2), 0);
    fake_switch_to(user->vcpu[0]);
    return 0;
}

static void drop_ram(struct domain *d)
{
    while (!list_empty(&d->page_list)) {
        struct page_info *pg = list_first_entry(&d->page_list, struct page_info, list);

        /* Nobody else may refer to it any more. */
        assert_int_equal(pg->count_info & PGC_count_mask, 1);
        put_page_alloc_ref(pg);
    }
}

static int teardown(void **state)
{
    struct domain *all[] = {granter, user, third};

    for (unsigned int i = 0; i < ARRAY_SIZE(all); i++)
        assert_int_equal(gnttab_release_mappings(all[i]), 0);
    for (unsigned int i = 0; i < ARRAY_SIZE(all); i++) {
        drop_ram(all[i]);
        grant_table_destroy(all[i]);
        assert_int_equal(atomic_read(&all[i]->refcnt), 1);
        fake_domain_free(all[i]);
    }
    fake_check_leaks(0);
    return 0;
}

/* --- helpers --- */

static void *grant_frame(struct domain *d, unsigned int idx)
{
    mfn_t mfn;

    assert_int_equal(gnttab_map_frame(d, idx, &mfn), 0);
    return mfn_to_virt(mfn);
}

static struct grant_entry_v1 *v1(struct domain *d, grant_ref_t ref)
{
    return (struct grant_entry_v1 *)grant_frame(d, ref / 512) + ref % 512;
}

static union grant_entry_v2 *v2(struct domain *d, grant_ref_t ref)
{
    return (union grant_entry_v2 *)grant_frame(d, ref / 256) + ref % 256;
}

static grant_status_t *status_of(struct domain *d, grant_ref_t ref)
{
    return (grant_status_t *)grant_frame(d, XENMAPIDX_grant_table_status) + ref;
}

static void grant_v1(struct domain *d, grant_ref_t ref, domid_t to, unsigned long gfn, u16 flags)
{
    *v1(d, ref) = (struct grant_entry_v1){GTF_permit_access | flags, to, gfn};
}

static long op(unsigned int cmd, unsigned int count)
{
    long rc = do_grant_table_op(cmd, FAKE_GUEST_VA, count);

    assert_int_equal(fake_locks_held, 0);
    return rc;
}

static s16 map(grant_ref_t ref, unsigned long gfn, u32 flags, grant_handle_t *handle)
{
    struct gnttab_map_grant_ref *m = fake_guest_at(struct gnttab_map_grant_ref, 0);

    *m = (struct gnttab_map_grant_ref){
        .host_addr = gfn << PAGE_SHIFT, .flags = flags, .ref = ref, .dom = GRANTER};
    assert_int_equal(op(GNTTABOP_map_grant_ref, 1), 0);
    if (handle)
        *handle = m->handle;
    return m->status;
}

static s16 unmap(grant_handle_t handle, unsigned long gfn)
{
    struct gnttab_unmap_grant_ref *u = fake_guest_at(struct gnttab_unmap_grant_ref, 0);

    *u = (struct gnttab_unmap_grant_ref){.host_addr = gfn << PAGE_SHIFT, .handle = handle};
    assert_int_equal(op(GNTTABOP_unmap_grant_ref, 1), 0);
    return u->status;
}

static void set_version(struct domain *d, unsigned int version)
{
    struct vcpu *v = current;

    fake_switch_to(d->vcpu[0]);
    fake_guest_at(struct gnttab_set_version, 0)->version = version;
    assert_int_equal(op(GNTTABOP_set_version, 1), 0);
    fake_switch_to(v);
}

static s16 copy(struct gnttab_copy c)
{
    *fake_guest_at(struct gnttab_copy, 0) = c;
    assert_int_equal(op(GNTTABOP_copy, 1), 0);
    return fake_guest_at(struct gnttab_copy, 0)->status;
}

/* From the granter's reference into the caller's page. */
static struct gnttab_copy from_ref(grant_ref_t ref, u16 soff, unsigned long gfn, u16 doff, u16 len)
{
    return (struct gnttab_copy){.source = {.u.ref = ref, .domid = GRANTER, .offset = soff},
                                .dest = {.u.gmfn = gfn, .domid = DOMID_SELF, .offset = doff},
                                .len = len,
                                .flags = GNTCOPY_source_gref};
}

static struct gnttab_copy to_ref(unsigned long gfn, grant_ref_t ref, u16 len)
{
    return (struct gnttab_copy){.source = {.u.gmfn = gfn, .domid = DOMID_SELF},
                                .dest = {.u.ref = ref, .domid = GRANTER},
                                .len = len,
                                .flags = GNTCOPY_dest_gref};
}

/* --- mapping --- */

static void map_and_unmap(void **state)
{
    struct page_info *pg = fake_populate(granter, 0x10);
    grant_handle_t h;
    p2m_type_t t;

    grant_v1(granter, 8, USER, 0x10, 0);
    assert_int_equal(map(8, MAP_GFN, GNTMAP_host_map, &h), GNTST_okay);
    assert_int_equal(v1(granter, 8)->flags, GTF_permit_access | GTF_reading | GTF_writing);
    assert_true(mfn_eq(p2m_lookup(user, _gfn(MAP_GFN), &t, NULL), page_to_mfn(pg)));
    assert_int_equal(t, p2m_grant_map_rw);
    assert_int_equal(fake_guest_at(struct gnttab_map_grant_ref, 0)->dev_bus_addr,
                     mfn_to_maddr(page_to_mfn(pg)));
    assert_int_equal(pg->count_info & PGC_count_mask, 2);
    assert_int_equal(atomic_read(&granter->refcnt), 2);

    fake_tlb_flushes = 0;
    assert_int_equal(unmap(h, MAP_GFN), GNTST_okay);
    assert_int_equal(fake_tlb_flushes, 1);
    assert_int_equal(v1(granter, 8)->flags, GTF_permit_access);
    assert_true(mfn_eq(p2m_lookup(user, _gfn(MAP_GFN), &t, NULL), INVALID_MFN));
    assert_int_equal(pg->count_info & PGC_count_mask, 1);
    assert_int_equal(unmap(h, MAP_GFN), GNTST_bad_handle);
}

static void rights_are_checked(void **state)
{
    p2m_type_t t;

    fake_populate(granter, 0x10);
    grant_v1(granter, 8, USER, 0x10, GTF_readonly);
    assert_int_equal(map(8, MAP_GFN, GNTMAP_host_map, NULL), GNTST_general_error);
    assert_int_equal(v1(granter, 8)->flags, GTF_permit_access | GTF_readonly);
    assert_int_equal(map(8, MAP_GFN, GNTMAP_host_map | GNTMAP_readonly, NULL), GNTST_okay);
    p2m_lookup(user, _gfn(MAP_GFN), &t, NULL);
    assert_int_equal(t, p2m_grant_map_ro);
    assert_int_equal(v1(granter, 8)->flags, GTF_permit_access | GTF_readonly | GTF_reading);

    grant_v1(granter, 9, THIRD, 0x10, 0); /* another's */
    assert_int_equal(map(9, MAP_GFN, GNTMAP_host_map, NULL), GNTST_general_error);
    assert_int_equal(map(10, MAP_GFN, GNTMAP_host_map, NULL),
                     GNTST_general_error); /* nothing there */
    assert_int_equal(map(512, MAP_GFN, GNTMAP_host_map, NULL),
                     GNTST_bad_gntref); /* no such frame */
    assert_int_equal(map(~0U, MAP_GFN, GNTMAP_host_map, NULL), GNTST_bad_gntref);
    assert_int_equal(map(8, MAP_GFN, 0, NULL), GNTST_bad_gntref);
    assert_int_equal(map(8, MAP_GFN, GNTMAP_host_map | GNTMAP_contains_pte, NULL),
                     GNTST_general_error);
    grant_v1(granter, 11, USER, 0x77, 0); /* no page there */
    assert_int_equal(map(11, MAP_GFN, GNTMAP_host_map, NULL), GNTST_bad_page);
    assert_int_equal(v1(granter, 11)->flags, GTF_permit_access);
    fake_guest_at(struct gnttab_map_grant_ref, 0)->dom = 77;
    op(GNTTABOP_map_grant_ref, 1);
    assert_int_equal(fake_guest_at(struct gnttab_map_grant_ref, 0)->status, GNTST_bad_domain);
}

/* Only RAM that the granter owns: not what it maps itself, nor the hypervisor's pages. */
static void only_own_ram(void **state)
{
    struct page_info *pg = fake_populate(third, 0x10);
    mfn_t frame;

    assert_true(get_page_any(pg));
    p2m_set_entry(granter, _gfn(0x20), page_to_mfn(pg), 0, p2m_map_foreign);
    grant_v1(granter, 8, USER, 0x20, 0);
    assert_int_equal(map(8, MAP_GFN, GNTMAP_host_map, NULL), GNTST_bad_page);
    p2m_set_entry(granter, _gfn(0x20), INVALID_MFN, 0, p2m_invalid);

    gnttab_map_frame(granter, 0, &frame);
    p2m_set_entry(granter, _gfn(0x21), frame, 0, p2m_ram_rw);
    grant_v1(granter, 8, USER, 0x21, 0);
    assert_int_equal(map(8, MAP_GFN, GNTMAP_host_map, NULL), GNTST_bad_page);

    pg = fake_populate(granter, 0x22);
    p2m_set_entry(granter, _gfn(0x22), page_to_mfn(pg), 0, p2m_ram_ro);
    grant_v1(granter, 8, USER, 0x22, 0);
    assert_int_equal(map(8, MAP_GFN, GNTMAP_host_map, NULL), GNTST_bad_page);
    assert_int_equal(map(8, MAP_GFN, GNTMAP_host_map | GNTMAP_readonly, NULL), GNTST_okay);
    assert_int_equal(map(8, MAP_GFN + 1, GNTMAP_host_map, NULL), GNTST_bad_page);
}

/* Several users of one reference: the bits follow the last writer and the last user. */
static void shared_use(void **state)
{
    grant_handle_t r1, w, r2;

    fake_populate(granter, 0x10);
    grant_v1(granter, 8, USER, 0x10, 0);
    assert_int_equal(map(8, MAP_GFN, GNTMAP_host_map | GNTMAP_readonly, &r1), GNTST_okay);
    assert_int_equal(v1(granter, 8)->flags, GTF_permit_access | GTF_reading);
    assert_int_equal(map(8, MAP_GFN + 1, GNTMAP_host_map, &w), GNTST_okay);
    assert_int_equal(map(8, MAP_GFN + 2, GNTMAP_host_map | GNTMAP_readonly, &r2), GNTST_okay);
    assert_int_equal(v1(granter, 8)->flags, GTF_permit_access | GTF_reading | GTF_writing);
    assert_int_equal(unmap(w, MAP_GFN), GNTST_general_error); /* another handle's address */
    assert_int_equal(unmap(w, MAP_GFN + 1), GNTST_okay);
    assert_int_equal(v1(granter, 8)->flags, GTF_permit_access | GTF_reading);
    assert_int_equal(unmap(r1, MAP_GFN), GNTST_okay);
    assert_int_equal(unmap(r2, MAP_GFN + 2), GNTST_okay);
    assert_int_equal(v1(granter, 8)->flags, GTF_permit_access);
}

/* The granter rewrites an entry in use: what was pinned stays, and goes back where it came from. */
static void hostile_granter(void **state)
{
    struct page_info *pg = fake_populate(granter, 0x10), *other = fake_populate(granter, 0x11);
    grant_handle_t h;
    p2m_type_t t;

    grant_v1(granter, 8, USER, 0x10, 0);
    assert_int_equal(map(8, MAP_GFN, GNTMAP_host_map | GNTMAP_readonly, &h), GNTST_okay);
    *v1(granter, 8) = (struct grant_entry_v1){GTF_permit_access | GTF_readonly, USER, 0x11};
    assert_int_equal(map(8, MAP_GFN + 1, GNTMAP_host_map, NULL), GNTST_general_error);
    assert_int_equal(map(8, MAP_GFN + 1, GNTMAP_host_map | GNTMAP_readonly, NULL), GNTST_okay);
    assert_true(mfn_eq(p2m_lookup(user, _gfn(MAP_GFN + 1), &t, NULL), page_to_mfn(pg)));
    assert_int_equal(other->count_info & PGC_count_mask, 1);
    *v1(granter, 8) = (struct grant_entry_v1){0, 0, 0};
    assert_int_equal(unmap(h, MAP_GFN), GNTST_okay);
    assert_int_equal(gnttab_release_mappings(user), 0);
    assert_int_equal(pg->count_info & PGC_count_mask, 1);
}

/* The mapper puts something else at the address: the mapping is gone, unmapping frees the rest. */
static void overwritten_mapping(void **state)
{
    struct page_info *pg = fake_populate(granter, 0x10), *own;
    grant_handle_t h;
    p2m_type_t t;

    grant_v1(granter, 8, USER, 0x10, 0);
    assert_int_equal(map(8, MAP_GFN, GNTMAP_host_map, &h), GNTST_okay);
    own = fake_populate(user, MAP_GFN);
    assert_int_equal(unmap(h, MAP_GFN), GNTST_okay);
    assert_true(mfn_eq(p2m_lookup(user, _gfn(MAP_GFN), &t, NULL), page_to_mfn(own)));
    assert_int_equal(pg->count_info & PGC_count_mask, 1);
}

static void handles_are_limited(void **state)
{
    unsigned int n = 0;

    fake_populate(granter, 0x10);
    grant_v1(granter, 8, USER, 0x10, 0);
    while (map(8, MAP_GFN + n, GNTMAP_host_map, NULL) == GNTST_okay)
        n++;
    assert_int_equal(n, 256); /* one maptrack frame */
    assert_int_equal(fake_guest_at(struct gnttab_map_grant_ref, 0)->status, GNTST_no_device_space);
    assert_int_equal(unmap(7, MAP_GFN + 7), GNTST_okay);
    assert_int_equal(map(8, MAP_GFN + 7, GNTMAP_host_map, NULL), GNTST_okay);
    assert_int_equal(unmap(256, MAP_GFN), GNTST_bad_handle);
    assert_int_equal(unmap(~0U, MAP_GFN), GNTST_bad_handle);
}

static void no_memory(void **state)
{
    fake_populate(granter, 0x10);
    grant_v1(granter, 8, USER, 0x10, 0);
    fake_alloc_fails = true;
    assert_int_equal(map(8, MAP_GFN, GNTMAP_host_map, NULL), GNTST_no_device_space);
    fake_alloc_fails = false;
    /* A place that the map does not have. */
    assert_int_equal(map(8, 1UL << 40, GNTMAP_host_map, NULL), GNTST_general_error);
    assert_int_equal(v1(granter, 8)->flags, GTF_permit_access);
}

/* One flush for a batch; preempted between batches with the rest in the arguments. */
static void batches(void **state)
{
    struct gnttab_map_grant_ref *m = fake_guest_at(struct gnttab_map_grant_ref, 0);
    struct gnttab_unmap_grant_ref *u = fake_guest_at(struct gnttab_unmap_grant_ref, 0);
    struct hypercall_state *h = &user->vcpu[0]->hypercall;
    grant_handle_t handle[40];

    for (unsigned int i = 0; i < 40; i++) {
        fake_populate(granter, 0x10 + i);
        grant_v1(granter, 8 + i, USER, 0x10 + i, 0);
        m[i] = (struct gnttab_map_grant_ref){.host_addr = (MAP_GFN + i) << PAGE_SHIFT,
                                             .flags = GNTMAP_host_map,
                                             .ref = 8 + i,
                                             .dom = GRANTER};
    }
    fake_preempt(true);
    assert_int_equal(op(GNTTABOP_map_grant_ref, 40), -ERESTART);
    assert_int_equal(h->arg[0], GNTTABOP_map_grant_ref);
    assert_int_equal(h->arg[1], FAKE_GUEST_VA + 16 * sizeof(*m));
    assert_int_equal(h->arg[2], 24);
    fake_preempt(false);
    assert_int_equal(do_grant_table_op(h->arg[0], h->arg[1], h->arg[2]), 0);
    for (unsigned int i = 0; i < 40; i++) {
        assert_int_equal(m[i].status, GNTST_okay);
        handle[i] = m[i].handle;
    }
    for (unsigned int i = 0; i < 40; i++)
        u[i] = (struct gnttab_unmap_grant_ref){.host_addr = (MAP_GFN + i) << PAGE_SHIFT,
                                               .handle = handle[i]};
    u[39].handle = handle[38]; /* twice the same one */
    u[39].host_addr = u[38].host_addr;
    fake_tlb_flushes = 0;
    assert_int_equal(op(GNTTABOP_unmap_grant_ref, 40), 0);
    assert_int_equal(fake_tlb_flushes, 3);
    for (unsigned int i = 0; i < 39; i++)
        assert_int_equal(u[i].status, GNTST_okay);
    assert_int_equal(u[39].status, GNTST_bad_handle);
}

static void dying_mapper(void **state)
{
    p2m_type_t t;

    fake_populate(granter, 0x10);
    grant_v1(granter, 8, USER, 0x10, 0);
    for (unsigned int i = 0; i < 200; i++)
        assert_int_equal(map(8, MAP_GFN + i, GNTMAP_host_map, NULL), GNTST_okay);
    assert_int_equal(atomic_read(&granter->refcnt), 201);
    fake_preempt(true);
    assert_int_equal(gnttab_release_mappings(user), -ERESTART);
    assert_true(atomic_read(&granter->refcnt) > 1);
    fake_preempt(false);
    assert_int_equal(gnttab_release_mappings(user), 0);
    assert_int_equal(atomic_read(&granter->refcnt), 1);
    assert_int_equal(v1(granter, 8)->flags, GTF_permit_access);
    for (unsigned int i = 0; i < 200; i++)
        assert_true(mfn_eq(p2m_lookup(user, _gfn(MAP_GFN + i), &t, NULL), INVALID_MFN));
}

/* --- copying --- */

static void copies(void **state)
{
    char *src, *dst;

    fake_populate(granter, 0x10);
    fake_populate(user, 0x10);
    src = fake_page(granter, 0x10);
    dst = fake_page(user, 0x10);
    strcpy(src + 100, "from the other side");
    grant_v1(granter, 8, USER, 0x10, GTF_readonly);
    assert_int_equal(copy(from_ref(8, 100, 0x10, 200, 20)), GNTST_okay);
    assert_string_equal(dst + 200, "from the other side");
    assert_int_equal(v1(granter, 8)->flags, GTF_permit_access | GTF_readonly);

    assert_int_equal(copy(to_ref(0x10, 8, 10)), GNTST_general_error); /* read-only */
    grant_v1(granter, 8, USER, 0x10, 0);
    strcpy(dst, "back");
    assert_int_equal(copy(to_ref(0x10, 8, 5)), GNTST_okay);
    assert_string_equal(src, "back");

    /* Whole pages yes, one byte more no. */
    assert_int_equal(copy(from_ref(8, 0, 0x10, 0, 4096)), GNTST_okay);
    assert_int_equal(copy(from_ref(8, 1, 0x10, 0, 4096)), GNTST_bad_copy_arg);
    assert_int_equal(copy(from_ref(8, 0, 0x10, 4096, 1)), GNTST_bad_copy_arg);
    assert_int_equal(copy(from_ref(8, 65535, 0x10, 0, 65535)), GNTST_bad_copy_arg);
    assert_int_equal(copy(from_ref(8, 0, 0x99, 0, 1)), GNTST_bad_page);
    assert_int_equal(copy(from_ref(9, 0, 0x10, 0, 1)), GNTST_general_error);
    assert_int_equal(copy(from_ref(5000, 0, 0x10, 0, 1)), GNTST_bad_gntref);
}

/* Frames of other domains are reached by reference only. */
static void copy_names(void **state)
{
    struct gnttab_copy c = {.source = {.u.gmfn = 0x10, .domid = GRANTER},
                            .dest = {.u.gmfn = 0x10, .domid = DOMID_SELF},
                            .len = 1};

    fake_populate(granter, 0x10);
    fake_populate(user, 0x10);
    assert_int_equal(copy(c), GNTST_permission_denied);
    c.source.domid = USER; /* even the caller's own, by number */
    assert_int_equal(copy(c), GNTST_permission_denied);
    c.source.domid = DOMID_SELF;
    assert_int_equal(copy(c), GNTST_okay);
    c.flags = GNTCOPY_source_gref;
    c.source.domid = 99;
    assert_int_equal(copy(c), GNTST_bad_domain);
    /* A page that the caller maps read-only is no destination. */
    grant_v1(granter, 8, USER, 0x10, GTF_readonly);
    assert_int_equal(map(8, MAP_GFN, GNTMAP_host_map | GNTMAP_readonly, NULL), GNTST_okay);
    c = (struct gnttab_copy){.source = {.u.gmfn = 0x10, .domid = DOMID_SELF},
                             .dest = {.u.gmfn = MAP_GFN, .domid = DOMID_SELF},
                             .len = 1};
    assert_int_equal(copy(c), GNTST_bad_page);
}

/* A run of elements on one page: reuse must not outlive the batch, nor mix up sides or frames. */
static void copy_runs(void **state)
{
    struct gnttab_copy *c = fake_guest_at(struct gnttab_copy, 0);
    struct page_info *pg = fake_populate(granter, 0x10);

    fake_populate(granter, 0x11);
    fake_populate(user, 0x10);
    for (unsigned int i = 0; i < 4096; i++)
        ((u8 *)fake_page(granter, 0x10))[i] = i;
    memset(fake_page(granter, 0x11), 0xee, 4096);
    grant_v1(granter, 8, USER, 0x10, 0);
    grant_v1(granter, 9, USER, 0x11, 0);
    for (unsigned int i = 0; i < 50; i++)
        c[i] = from_ref(i % 10 == 9 ? 9 : 8, i, 0x10, i, 1);
    c[20].source.domid = THIRD; /* fails in the middle */
    assert_int_equal(op(GNTTABOP_copy, 50), 0);
    for (unsigned int i = 0; i < 50; i++) {
        u8 got = ((u8 *)fake_page(user, 0x10))[i];

        assert_int_equal(c[i].status, i == 20 ? GNTST_general_error : GNTST_okay);
        assert_int_equal(got, i == 20 ? 0 : i % 10 == 9 ? 0xee : i);
    }
    assert_int_equal(pg->count_info & PGC_count_mask, 1);
    assert_int_equal(v1(granter, 8)->flags, GTF_permit_access);
    assert_int_equal(atomic_read(&granter->refcnt), 1);
}

/* A 32-bit caller's elements are shorter. */
static void copy_compat(void **state)
{
    struct compat {
        u32 sref;
        u16 sdom, soff;
        u32 dref;
        u16 ddom, doff;
        u16 len, flags;
        s16 status, pad;
    } *c = fake_guest_at(struct compat, 0);

    fake_populate(granter, 0x10);
    fake_populate(user, 0x10);
    memset(fake_page(granter, 0x10), 0x5a, 4096);
    grant_v1(granter, 8, USER, 0x10, 0);
    for (unsigned int i = 0; i < 20; i++)
        c[i] = (struct compat){8, GRANTER, i, 0x10, DOMID_SELF, i, 1, GNTCOPY_source_gref, 77, 0};
    user->vcpu[0]->hypercall.compat = true;
    assert_int_equal(op(GNTTABOP_copy, 20), 0);
    for (unsigned int i = 0; i < 20; i++) {
        assert_int_equal(c[i].status, GNTST_okay);
        assert_int_equal(((u8 *)fake_page(user, 0x10))[i], 0x5a);
    }
}

/* --- version 2 --- */

static void version_2(void **state)
{
    grant_handle_t h;

    fake_populate(granter, 0x10);
    fake_populate(user, 0x10);
    memset(fake_page(granter, 0x10), 0x11, 4096);
    grant_v1(granter, 1, USER, 0x10, 0); /* as the toolstack does for xenstore */
    grant_v1(granter, 20, USER, 0x10, 0);
    assert_int_equal(map(20, MAP_GFN, GNTMAP_host_map, &h), GNTST_okay);
    fake_switch_to(granter->vcpu[0]);
    fake_guest_at(struct gnttab_set_version, 0)->version = 2;
    assert_int_equal(op(GNTTABOP_set_version, 1), -EBUSY);
    assert_int_equal(fake_guest_at(struct gnttab_set_version, 0)->version, 1);
    fake_guest_at(struct gnttab_set_version, 0)->version = 3;
    assert_int_equal(op(GNTTABOP_set_version, 1), -EINVAL);
    fake_switch_to(user->vcpu[0]);
    assert_int_equal(unmap(h, MAP_GFN), GNTST_okay);
    set_version(granter, 2);
    assert_int_equal(v2(granter, 1)->hdr.flags, GTF_permit_access);
    assert_int_equal(v2(granter, 1)->hdr.domid, USER);
    assert_int_equal(v2(granter, 1)->full_page.frame, 0x10);
    assert_int_equal(v2(granter, 20)->hdr.flags, 0);

    /* The in-use bits stand in the status frame. */
    assert_int_equal(map(1, MAP_GFN, GNTMAP_host_map, &h), GNTST_okay);
    assert_int_equal(*status_of(granter, 1), GTF_reading | GTF_writing);
    assert_int_equal(v2(granter, 1)->hdr.flags, GTF_permit_access);
    assert_int_equal(unmap(h, MAP_GFN), GNTST_okay);
    assert_int_equal(*status_of(granter, 1), 0);
    assert_int_equal(map(256, MAP_GFN, GNTMAP_host_map, NULL), GNTST_bad_gntref);

    set_version(granter, 1);
    assert_int_equal(v1(granter, 1)->flags, GTF_permit_access);
    assert_int_equal(v1(granter, 1)->frame, 0x10);
    assert_int_equal(map(1, MAP_GFN, GNTMAP_host_map, &h), GNTST_okay);
}

static void version_limit(void **state)
{
    struct domain *old = fake_domain(9, 1);

    assert_int_equal(grant_table_init(old, 1, 1, 1), 0);
    fake_switch_to(old->vcpu[0]);
    fake_guest_at(struct gnttab_set_version, 0)->version = 2;
    assert_int_equal(op(GNTTABOP_set_version, 1), -ENOSYS);
    grant_table_destroy(old);
    fake_domain_free(old);
    fake_switch_to(user->vcpu[0]);
}

static void sub_page(void **state)
{
    fake_populate(granter, 0x10);
    fake_populate(user, 0x10);
    set_version(granter, 2);
    *v2(granter, 8) = (union grant_entry_v2){.sub_page = {{GTF_permit_access | GTF_sub_page, USER},
                                                          .page_off = 100,
                                                          .length = 50,
                                                          .frame = 0x10}};
    assert_int_equal(map(8, MAP_GFN, GNTMAP_host_map, NULL), GNTST_general_error);
    assert_int_equal(copy(from_ref(8, 100, 0x10, 0, 50)), GNTST_okay);
    assert_int_equal(copy(from_ref(8, 99, 0x10, 0, 2)), GNTST_general_error);
    assert_int_equal(copy(from_ref(8, 100, 0x10, 0, 51)), GNTST_general_error);
    assert_int_equal(copy(from_ref(8, 149, 0x10, 0, 2)), GNTST_general_error);
    v2(granter, 8)->sub_page.length = 4000; /* beyond the page */
    assert_int_equal(copy(from_ref(8, 100, 0x10, 0, 1)), GNTST_general_error);
    assert_int_equal(*status_of(granter, 8), 0);
}

/* third grants to granter, granter passes it on to user. */
static void transitive(void **state)
{
    struct page_info *pg = fake_populate(third, 0x10);

    fake_populate(user, 0x10);
    memset(fake_page(third, 0x10), 0x33, 4096);
    set_version(granter, 2);
    grant_v1(third, 5, GRANTER, 0x10, GTF_readonly);
    *v2(granter, 8) = (union grant_entry_v2){
        .transitive = {{GTF_transitive, USER}, .trans_domid = THIRD, .gref = 5}};
    assert_int_equal(copy(from_ref(8, 0, 0x10, 0, 8)), GNTST_okay);
    assert_int_equal(*(u8 *)fake_page(user, 0x10), 0x33);
    assert_int_equal(copy(to_ref(0x10, 8, 8)), GNTST_general_error); /* read-only at its origin */
    assert_int_equal(map(8, MAP_GFN, GNTMAP_host_map, NULL), GNTST_general_error);
    assert_int_equal(v1(third, 5)->flags, GTF_permit_access | GTF_readonly);
    assert_int_equal(*status_of(granter, 8), 0);
    assert_int_equal(pg->count_info & PGC_count_mask, 1);

    /* To itself, to nobody, to another transitive one. */
    v2(granter, 8)->transitive.trans_domid = GRANTER;
    assert_int_equal(copy(from_ref(8, 0, 0x10, 0, 8)), GNTST_general_error);
    v2(granter, 8)->transitive.trans_domid = 99;
    assert_int_equal(copy(from_ref(8, 0, 0x10, 0, 8)), GNTST_general_error);
    set_version(third, 2);
    *v2(third, 5) = (union grant_entry_v2){
        .transitive = {{GTF_transitive, GRANTER}, .trans_domid = USER, .gref = 1}};
    v2(granter, 8)->transitive.trans_domid = THIRD;
    assert_int_equal(copy(from_ref(8, 0, 0x10, 0, 8)), GNTST_general_error);
    assert_int_equal(*status_of(granter, 8), 0);
    assert_int_equal(*status_of(third, 5), 0);
}

/* --- the table --- */

static void growing(void **state)
{
    struct gnttab_setup_table *s = fake_guest_at(struct gnttab_setup_table, 0);
    struct gnttab_query_size *q = fake_guest_at(struct gnttab_query_size, 0);
    u64 *list = fake_guest_at(u64, 0x1000);
    mfn_t mfn;

    assert_int_equal(gnttab_map_frame(user, 1, &mfn), 0);
    p2m_set_entry(user, _gfn(0x50), mfn, 0, p2m_ram_rw);
    gnttab_set_frame_gfn(user, 1, 0x50);
    *s = (struct gnttab_setup_table){.dom = DOMID_SELF, .nr_frames = 3};
    s->frame_list.p = (void *)(FAKE_GUEST_VA + 0x1000);
    assert_int_equal(op(GNTTABOP_setup_table, 1), 0);
    assert_int_equal(s->status, GNTST_okay);
    assert_true(list[0] == ~0UL && list[1] == 0x50 && list[2] == ~0UL);
    s->nr_frames = 5; /* limit 4 */
    assert_int_equal(op(GNTTABOP_setup_table, 1), 0);
    assert_int_equal(s->status, GNTST_general_error);
    s->dom = GRANTER;
    assert_int_equal(op(GNTTABOP_setup_table, 1), 0);
    assert_int_equal(s->status, GNTST_permission_denied);
    assert_int_equal(op(GNTTABOP_setup_table, 2), -EINVAL);

    *q = (struct gnttab_query_size){.dom = DOMID_SELF};
    assert_int_equal(op(GNTTABOP_query_size, 1), 0);
    assert_int_equal(q->status, GNTST_okay);
    assert_int_equal(q->nr_frames, 3);
    assert_int_equal(q->max_nr_frames, 4);
    *q = (struct gnttab_query_size){.dom = 99};
    assert_int_equal(op(GNTTABOP_query_size, 1), 0);
    assert_int_equal(q->status, GNTST_bad_domain);

    assert_int_equal(gnttab_map_frame(user, 4, &mfn), -EINVAL);
    assert_int_equal(gnttab_map_frame(user, ~0UL, &mfn), -EINVAL);
    assert_int_equal(gnttab_map_frame(user, XENMAPIDX_grant_table_status, &mfn),
                     -EINVAL); /* version 1 */
    fake_alloc_fails = true;
    assert_int_equal(gnttab_map_frame(user, 3, &mfn), -ENOMEM);
    fake_alloc_fails = false;
    assert_int_equal(gnttab_map_frame(user, 3, &mfn), 0);
}

static void resources(void **state)
{
    mfn_t mfn[4];

    assert_int_equal(gnttab_resource_max_frames(granter, 0), 4);
    assert_int_equal(gnttab_resource_max_frames(granter, 1), 1);
    assert_int_equal(gnttab_resource_max_frames(granter, 2), 0);
    assert_int_equal(gnttab_acquire_resource(granter, 0, 0, 4, mfn), 0);
    for (unsigned int i = 0; i < 4; i++) {
        assert_int_equal(mfn_to_page(mfn[i])->count_info & PGC_count_mask, 2);
        put_page(mfn_to_page(mfn[i]));
    }
    assert_int_equal(gnttab_acquire_resource(granter, 0, 3, 2, mfn), -EINVAL);
    assert_int_equal(gnttab_acquire_resource(granter, 0, ~0UL, 2, mfn), -EINVAL);
    assert_int_equal(gnttab_acquire_resource(granter, 1, 0, 1, mfn), -EINVAL);
    set_version(granter, 2);
    assert_int_equal(gnttab_acquire_resource(granter, 1, 0, 1, mfn), 0);
    put_page(mfn_to_page(mfn[0]));
}

static void swapping(void **state)
{
    struct gnttab_swap_grant_ref *s = fake_guest_at(struct gnttab_swap_grant_ref, 0);

    fake_populate(granter, 0x10);
    grant_v1(granter, 8, USER, 0x10, 0);
    grant_v1(granter, 9, THIRD, 0x11, GTF_readonly);
    fake_switch_to(granter->vcpu[0]);
    *s = (struct gnttab_swap_grant_ref){8, 9, 77};
    assert_int_equal(op(GNTTABOP_swap_grant_ref, 1), 0);
    assert_int_equal(s->status, GNTST_okay);
    assert_int_equal(v1(granter, 9)->domid, USER);
    assert_int_equal(v1(granter, 8)->frame, 0x11);
    fake_switch_to(user->vcpu[0]);
    assert_int_equal(map(9, MAP_GFN, GNTMAP_host_map, NULL), GNTST_okay);
    fake_switch_to(granter->vcpu[0]);
    *s = (struct gnttab_swap_grant_ref){8, 9, 77};
    assert_int_equal(op(GNTTABOP_swap_grant_ref, 1), 0);
    assert_int_equal(s->status, GNTST_eagain);
    *s = (struct gnttab_swap_grant_ref){8, 9999, 77};
    assert_int_equal(op(GNTTABOP_swap_grant_ref, 1), 0);
    assert_int_equal(s->status, GNTST_bad_gntref);
    fake_switch_to(user->vcpu[0]);
}

static void refused(void **state)
{
    assert_int_equal(op(13, 1), -ENOSYS);
    assert_int_equal(op(GNTTABOP_cache_flush, 1), -EOPNOTSUPP);
    assert_int_equal(op(GNTTABOP_copy, 0x80000000), -EINVAL);
    assert_int_equal(op(GNTTABOP_transfer, 1), 0);
    assert_int_equal(fake_guest_at(struct gnttab_transfer, 0)->status, GNTST_bad_page);
    memset(fake_guest, 0xff, sizeof(fake_guest));
    assert_int_equal(op(GNTTABOP_unmap_and_replace, 1), 0);
    assert_int_equal(fake_guest_at(struct gnttab_unmap_and_replace, 0)->status, GNTST_bad_handle);
    assert_int_equal(do_grant_table_op(GNTTABOP_map_grant_ref, 0x10, 1), -EFAULT);
    assert_int_equal(
        do_grant_table_op(GNTTABOP_map_grant_ref, FAKE_GUEST_VA + FAKE_GUEST_SIZE - 16, 1),
        -EFAULT);
    for (unsigned int cmd = 0; cmd < 13; cmd++)
        assert_true(do_grant_table_op(cmd, 0, 1) < 0);
    assert_int_equal(grant_table_init(user, 65, 1, 1), -EINVAL); /* over gnttab_max_frames */
    assert_int_equal(grant_table_init(user, 1, 1025, 1), -EINVAL);
    assert_int_equal(grant_table_init(user, 1, 1, 3), -EINVAL);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(map_and_unmap),
        T(rights_are_checked),
        T(only_own_ram),
        T(shared_use),
        T(hostile_granter),
        T(overwritten_mapping),
        T(handles_are_limited),
        T(no_memory),
        T(batches),
        T(dying_mapper),
        T(copies),
        T(copy_names),
        T(copy_runs),
        T(copy_compat),
        T(version_2),
        T(version_limit),
        T(sub_page),
        T(transitive),
        T(growing),
        T(resources),
        T(swapping),
        T(refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
