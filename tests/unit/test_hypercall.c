/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hypercall dispatch: what exists, who may call it, how arguments arrive, and multicalls: results
 * in place, faults, and that a preempted one goes on exactly where it stopped, for both kinds of
 * callers.
 */
#include "fake.h"

#include <xen/errno.h>
#include <xen/hypercall.h>

static struct domain *guest;
static struct hypercall_state *h;

/* What the handlers saw, and what they answer. */
static struct {
    unsigned int calls;
    unsigned long arg[3];
    s_time_t timeout;
    unsigned int restarts; /* so many times the next one is preempted first */
} seen;

static long handler(unsigned long a, unsigned long b, unsigned long c)
{
    seen.calls++;
    seen.arg[0] = a;
    seen.arg[1] = b;
    seen.arg[2] = c;
    if (seen.restarts) {
        seen.restarts--;
        h->arg[1] = b + 1; /* progress */
        return -ERESTART;
    }
    return 1000 + a;
}

long do_memory_op(unsigned long cmd, unsigned long arg)
{
    return handler(cmd, arg, 0);
}
long do_xen_version(unsigned int cmd, unsigned long arg)
{
    return handler(cmd, arg, 0);
}
long do_sched_op(unsigned int cmd, unsigned long arg)
{
    return handler(cmd, arg, 0);
}
long do_vcpu_op(unsigned int cmd, unsigned int vcpuid, unsigned long arg)
{
    return handler(cmd, vcpuid, arg);
}
long do_event_channel_op(unsigned int cmd, unsigned long arg)
{
    return handler(cmd, arg, 0);
}
long do_grant_table_op(unsigned int cmd, unsigned long uop, unsigned int count)
{
    return handler(cmd, uop, count);
}
long do_hvm_op(unsigned long op, unsigned long arg)
{
    return handler(op, arg, 0);
}
long do_physdev_op(unsigned int cmd, unsigned long arg)
{
    return handler(cmd, arg, 0);
}
long do_platform_op(unsigned long arg)
{
    return handler(arg, 0, 0);
}
long do_console_io(unsigned int cmd, unsigned int count, unsigned long buffer)
{
    return handler(cmd, count, buffer);
}
long do_set_timer_op(s_time_t timeout)
{
    seen.timeout = timeout;
    return handler(0, 0, 0);
}
long do_domctl(unsigned long arg)
{
    return handler(arg, 0, 0);
}
long do_sysctl(unsigned long arg)
{
    return handler(arg, 0, 0);
}

static int setup(void **state)
{
    fake_reset();
    memset(&seen, 0, sizeof(seen));
    guest = fake_domain(1, 1);
    h = &guest->vcpu[0]->hypercall;
    fake_switch_to(guest->vcpu[0]);
    return 0;
}

static int teardown(void **state)
{
    fake_domain_free(guest);
    fake_check_leaks(0);
    return 0;
}

/* --- single calls --- */

static void unknown(void **state)
{
    static const unsigned int nr[] = {0, 1, 3, 25, 47, 48, 55, 56, 63, 64, 1000, ~0U};

    for (unsigned int i = 0; i < ARRAY_SIZE(nr); i++)
        assert_int_equal(hypercall_dispatch(nr[i]), -ENOSYS);
    assert_int_equal(seen.calls, 0);
}

static void privileges(void **state)
{
    static const unsigned int control_only[] = {__HYPERVISOR_domctl, __HYPERVISOR_sysctl,
                                                __HYPERVISOR_platform_op};
    static const unsigned int open_to_all[] = {
        __HYPERVISOR_memory_op,  __HYPERVISOR_xen_version,    __HYPERVISOR_sched_op,
        __HYPERVISOR_vcpu_op,    __HYPERVISOR_hvm_op,         __HYPERVISOR_event_channel_op,
        __HYPERVISOR_console_io, __HYPERVISOR_grant_table_op,
    };

    for (unsigned int i = 0; i < ARRAY_SIZE(control_only); i++)
        assert_int_equal(hypercall_dispatch(control_only[i]), -EPERM);
    assert_int_equal(seen.calls, 0);
    for (unsigned int i = 0; i < ARRAY_SIZE(open_to_all); i++)
        assert_int_equal(hypercall_dispatch(open_to_all[i]), 1000);
    guest->is_privileged = true;
    for (unsigned int i = 0; i < ARRAY_SIZE(control_only); i++)
        assert_int_equal(hypercall_dispatch(control_only[i]), 1000);
}

static void arguments(void **state)
{
    h->arg[0] = 0x1234567812345678;
    h->arg[1] = 0xfedcba9876543210;
    h->arg[2] = 7;
    hypercall_dispatch(__HYPERVISOR_memory_op);
    assert_int_equal(seen.arg[0], 0x1234567812345678);
    assert_int_equal(seen.arg[1], 0xfedcba9876543210);
    hypercall_dispatch(__HYPERVISOR_grant_table_op);
    assert_int_equal(seen.arg[0], 0x12345678); /* an int */
    assert_int_equal(seen.arg[2], 7);
    hypercall_dispatch(__HYPERVISOR_set_timer_op);
    assert_int_equal(seen.timeout, 0x1234567812345678);
    h->compat = true; /* in two halves */
    h->arg[0] = 0x89abcdef;
    h->arg[1] = 0x01234567;
    hypercall_dispatch(__HYPERVISOR_set_timer_op);
    assert_int_equal(seen.timeout, 0x0123456789abcdef);
}

/* --- multicalls --- */

struct entry32 {
    u32 op, result, args[6];
};

static void make_call(unsigned int i, unsigned long op, unsigned long a, unsigned long b)
{
    if (h->compat)
        fake_guest_at(struct entry32, 0)[i] = (struct entry32){op, 0xaaaaaaaa, {a, b}};
    else
        fake_guest_at(struct multicall_entry, 0)[i] =
            (struct multicall_entry){op, 0xaaaaaaaaUL, {a, b}};
}

static long result(unsigned int i)
{
    return h->compat ? (s32)fake_guest_at(struct entry32, 0)[i].result
                     : (long)fake_guest_at(struct multicall_entry, 0)[i].result;
}

static unsigned long argument(unsigned int i, unsigned int n)
{
    return h->compat ? fake_guest_at(struct entry32, 0)[i].args[n]
                     : fake_guest_at(struct multicall_entry, 0)[i].args[n];
}

static long multicall(unsigned long va, unsigned int nr)
{
    h->arg[0] = va;
    h->arg[1] = nr;
    return hypercall_dispatch(__HYPERVISOR_multicall);
}

static void run_list(bool compat)
{
    h->compat = compat;
    make_call(0, __HYPERVISOR_xen_version, 1, 0);
    make_call(1, __HYPERVISOR_domctl, 0, 0);
    make_call(2, 63, 0, 0);
    make_call(3, __HYPERVISOR_multicall, 0, 0);
    make_call(4, __HYPERVISOR_memory_op, 5, 6);
    assert_int_equal(multicall(FAKE_GUEST_VA, 5), 0);
    assert_int_equal(result(0), 1001);
    assert_int_equal(result(1), -EPERM);
    assert_int_equal(result(2), -ENOSYS);
    assert_int_equal(result(3), -EINVAL);
    assert_int_equal(result(4), 1005);
    assert_int_equal(seen.calls, 2);
    assert_int_equal(seen.arg[1], 6);
    assert_int_equal(multicall(FAKE_GUEST_VA, 0), 0);
    assert_int_equal(multicall(0x10, 1), -EFAULT);
    /* The second entry lies beyond the guest's memory: the first was done. */
    seen.calls = 0;
    make_call(0, __HYPERVISOR_xen_version, 1, 0);
    memcpy(fake_guest + FAKE_GUEST_SIZE - (compat ? 32 : 64), fake_guest, compat ? 32 : 64);
    assert_int_equal(multicall(FAKE_GUEST_VA + FAKE_GUEST_SIZE - (compat ? 32 : 64), 2), -EFAULT);
    assert_int_equal(seen.calls, 1);
    assert_false(h->in_multicall);
}

static void lists(void **state)
{
    run_list(false);
    memset(&seen, 0, sizeof(seen));
    run_list(true);
}

/* Preempted between entries, and within the third one. */
static void run_preempted(bool compat)
{
    unsigned int size = compat ? 32 : 64;

    h->compat = compat;
    for (unsigned int i = 0; i < 4; i++)
        make_call(i, __HYPERVISOR_memory_op, i, 100);
    fake_preempt(true);
    assert_int_equal(multicall(FAKE_GUEST_VA, 4), -ERESTART);
    assert_int_equal(seen.calls, 1);
    assert_int_equal(h->arg[0], FAKE_GUEST_VA + size);
    assert_int_equal(h->arg[1], 3);
    assert_int_equal(result(0), 1000);
    fake_preempt(false);
    /* The second entry is itself preempted, twice: its arguments hold how far it came. */
    seen.restarts = 2;
    assert_int_equal(hypercall_dispatch(__HYPERVISOR_multicall), -ERESTART);
    assert_int_equal(h->arg[0], FAKE_GUEST_VA + size);
    assert_int_equal(h->arg[1], 3);
    assert_int_equal(argument(1, 1), 101);
    assert_int_equal(hypercall_dispatch(__HYPERVISOR_multicall), -ERESTART);
    assert_int_equal(argument(1, 1), 102);
    assert_int_equal(hypercall_dispatch(__HYPERVISOR_multicall), 0);
    for (unsigned int i = 0; i < 4; i++)
        assert_int_equal(result(i), 1000 + i);
    assert_int_equal(seen.calls, 6);
    assert_int_equal(h->nr, __HYPERVISOR_multicall);
}

static void preempted(void **state)
{
    run_preempted(false);
    memset(&seen, 0, sizeof(seen));
    run_preempted(true);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(unknown), T(privileges), T(arguments), T(lists), T(preempted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
