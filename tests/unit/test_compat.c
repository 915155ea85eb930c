/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Structures of 32-bit callers: fields keep their values both ways, padding never leaks, values
 * that do not fit are noticed. That the layouts are those of i386 is tests/abi's business.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include <xen/compat.h>

static const struct compat_layout *const all[] = {
    &COMPAT_LAYOUT(multicall_entry),
    &COMPAT_LAYOUT(xen_memory_reservation),
    &COMPAT_LAYOUT(xen_add_to_physmap),
    &COMPAT_LAYOUT(xen_add_to_physmap_batch),
    &COMPAT_LAYOUT(xen_remove_from_physmap),
    &COMPAT_LAYOUT(xen_memory_map),
    &COMPAT_LAYOUT(xen_foreign_memory_map),
    &COMPAT_LAYOUT(xen_pod_target),
    &COMPAT_LAYOUT(xen_reserved_device_memory),
    &COMPAT_LAYOUT(xen_reserved_device_memory_map),
    &COMPAT_LAYOUT(xen_mem_acquire_resource),
    &COMPAT_LAYOUT(xen_vnuma_topology_info),
    &COMPAT_LAYOUT(gnttab_setup_table),
    &COMPAT_LAYOUT(gnttab_transfer),
    &COMPAT_LAYOUT(gnttab_copy),
    &COMPAT_LAYOUT(gnttab_get_status_frames),
    &COMPAT_LAYOUT(vcpu_runstate_info),
    &COMPAT_LAYOUT(vcpu_register_runstate_memory_area),
    &COMPAT_LAYOUT(vcpu_register_time_memory_area),
    &COMPAT_LAYOUT(vcpu_set_singleshot_timer),
    &COMPAT_LAYOUT(sched_poll),
    &COMPAT_LAYOUT(physdev_map_pirq),
    &COMPAT_LAYOUT(physdev_pirq_eoi_gmfn),
    &COMPAT_LAYOUT(physdev_apic),
    &COMPAT_LAYOUT(xen_platform_parameters),
    &COMPAT_LAYOUT(xen_dm_op_buf),
};

/* For every layout: fields lie within both structures and do not overlap on either side. */
static void test_tables(void **state)
{
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        const struct compat_layout *l = all[i];
        unsigned char native[256] = {0}, compat[256] = {0};

        assert_true(l->native_size <= sizeof(native));
        for (unsigned int k = 0; k < l->nr_fields; k++) {
            const struct compat_field *f = &l->fields[k];

            assert_true(f->compat_size <= f->native_size);
            assert_true(f->native + f->native_size <= l->native_size);
            assert_true(f->compat + f->compat_size <= l->compat_size);
            for (unsigned int n = 0; n < f->native_size; n++)
                assert_int_equal(native[f->native + n]++, 0);
            for (unsigned int n = 0; n < f->compat_size; n++)
                assert_int_equal(compat[f->compat + n]++, 0);
        }
    }
}

/* Widen then narrow gives back every field; what is not a field is zero on both sides. */
static void test_round_trip(void **state)
{
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        const struct compat_layout *l = all[i];
        unsigned char in[COMPAT_MAX_SIZE], native[256], back[COMPAT_MAX_SIZE];
        unsigned char is_field[COMPAT_MAX_SIZE] = {0};

        for (unsigned int n = 0; n < sizeof(in); n++)
            in[n] = n + 1;
        memset(native, 0xee, sizeof(native));
        memset(back, 0xee, sizeof(back));
        compat_widen(l, native, in);
        assert_int_equal(native[l->native_size], 0xee);
        assert_true(compat_narrow(l, back, native));
        if (l->compat_size < sizeof(back))
            assert_int_equal(back[l->compat_size], 0xee);
        for (unsigned int k = 0; k < l->nr_fields; k++)
            memset(is_field + l->fields[k].compat, 1, l->fields[k].compat_size);
        for (unsigned int n = 0; n < l->compat_size; n++)
            assert_int_equal(back[n], is_field[n] ? in[n] : 0);
    }
}

static void test_values(void **state)
{
    struct compat_gnttab_copy c = {.source.u.gmfn = 0xfedcba98,
                                   .source.domid = 7,
                                   .dest.u.ref = 0x80000001,
                                   .dest.offset = 0xfff,
                                   .len = 0x123,
                                   .flags = 2,
                                   .status = -3};
    struct gnttab_copy n;
    struct compat_vcpu_register_runstate_memory_area area = {.addr.p = 0x1234567880001000ull};
    struct vcpu_register_runstate_memory_area wide;

    compat_widen(&COMPAT_LAYOUT(gnttab_copy), &n, &c);
    assert_int_equal(n.source.u.gmfn, 0xfedcba98);
    assert_int_equal(n.source.domid, 7);
    assert_int_equal(n.dest.u.ref, 0x80000001);
    assert_int_equal(n.dest.offset, 0xfff);
    assert_int_equal(n.len, 0x123);
    assert_int_equal(n.flags, 2);
    assert_int_equal(n.status, -3);

    /* An address at 2 GiB and above is not sign-extended, and the union's garbage is dropped. */
    compat_widen(&COMPAT_LAYOUT(vcpu_register_runstate_memory_area), &wide, &area);
    assert_int_equal(wide.addr.p, 0x80001000);
}

static void test_overflow(void **state)
{
    struct xen_memory_reservation n = {.nr_extents = 0x1ffffffffull, .extent_order = 9};
    struct compat_xen_memory_reservation c;

    assert_false(compat_narrow(&COMPAT_LAYOUT(xen_memory_reservation), &c, &n));
    assert_int_equal(c.nr_extents, 0xffffffff);
    assert_int_equal(c.extent_order, 9);
    n.nr_extents = 0xffffffff;
    assert_true(compat_narrow(&COMPAT_LAYOUT(xen_memory_reservation), &c, &n));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
