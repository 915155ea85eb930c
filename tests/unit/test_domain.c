/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A domain's whole life with all of its common parts: creation that fails at any allocation leaves
 * nothing, destruction in steps gives everything back once nobody refers to it, shutting down and
 * resuming, watchdogs, polling for events, and what vCPUs register.
 */
#include "fake.h"

#include <xen/errno.h>
#include <xen/event.h>
#include <xen/grant_table.h>
#include <xen/memory.h>
#include <xen/softirq.h>
#include <public/sched.h>

static struct domain *control, *guest;
static unsigned long idle_frames;

static const struct xen_domctl_createdomain good = {.flags =
                                                        XEN_DOMCTL_CDF_hvm | XEN_DOMCTL_CDF_hap,
                                                    .max_vcpus = 2,
                                                    .max_evtchn_port = 1023,
                                                    .max_grant_frames = 4,
                                                    .max_maptrack_frames = 4,
                                                    .grant_opts = 2};

static struct domain *create(domid_t id, const struct xen_domctl_createdomain *config)
{
    struct xen_domctl_createdomain c = *config;

    return domain_create(id, &c, id == 0);
}

static void on_cpu(struct vcpu *v)
{
    if (!is_idle_vcpu(current))
        current->is_running = false;
    fake_switch_to(v);
    v->is_running = true;
}

static int setup(void **state)
{
    fake_reset();
    sched_init();
    on_cpu(idle_domain->vcpu[0]);
    idle_frames = fake_frames_used();
    control = create(0, &good);
    guest = create(1, &good);
    for (unsigned int i = 0; i < 2; i++) {
        assert_non_null(vcpu_create(control, i));
        assert_non_null(vcpu_create(guest, i));
        clear_bit(VPF_down, &control->vcpu[i]->pause_flags);
        clear_bit(VPF_down, &guest->vcpu[i]->pause_flags);
    }
    guest->max_pages = control->max_pages = 1000;
    for (unsigned long gfn = 0; gfn < 8; gfn++)
        fake_populate(guest, gfn);
    assert_int_equal(domain_unpause_by_controller(guest), 0);
    assert_int_equal(domain_unpause_by_controller(control), 0);
    on_cpu(control->vcpu[0]);
    return 0;
}

static bool exists(domid_t id)
{
    struct domain *d = get_domain_by_id(id);

    if (d)
        put_domain(d);
    return d;
}

static void destroy(struct domain *d)
{
    while (domain_kill(d) == -ERESTART)
        ;
    fake_run_tasklets();
}

static int teardown(void **state)
{
    on_cpu(idle_domain->vcpu[0]);
    if (exists(1))
        destroy(guest);
    destroy(control);
    assert_false(exists(0) || exists(1));
    assert_null(domain_iterate(NULL));
    fake_check_leaks(idle_frames);
    return 0;
}

/* The idle domain stays; everything else is checked by frames. */
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}

/* --- creating and finding --- */

static void finding(void **state)
{
    struct domain *five = create(5, &good), *three = create(3, &good), *d = NULL;
    static const domid_t order[] = {0, 1, 3, 5};

    assert_int_equal(PTR_ERR(create(3, &good)), -EEXIST);
    for (unsigned int i = 0; i < 4; i++) {
        d = domain_iterate(d);
        assert_non_null(d);
        assert_int_equal(d->domain_id, order[i]);
    }
    assert_null(domain_iterate(d));
    assert_null(get_domain_by_id(4));
    assert_null(get_domain_by_id(DOMID_SELF));
    d = get_domain_or_self(DOMID_SELF);
    assert_ptr_equal(d, control);
    put_domain(d);
    destroy(three);
    assert_false(exists(3));
    assert_true(exists(5));
    destroy(five);
}

static void bad_configs(void **state)
{
    struct xen_domctl_createdomain c = good;

    c.flags = 0;
    assert_int_equal(PTR_ERR(create(9, &c)), -EINVAL);
    c = good;
    c.flags |= XEN_DOMCTL_CDF_nested_virt;
    assert_int_equal(PTR_ERR(create(9, &c)), -EINVAL);
    c = good;
    c.flags = ~0U;
    assert_int_equal(PTR_ERR(create(9, &c)), -EINVAL);
    c = good;
    c.max_vcpus = 0;
    assert_int_equal(PTR_ERR(create(9, &c)), -EINVAL);
    c.max_vcpus = HVM_MAX_VCPUS + 1;
    c.flags |= XEN_DOMCTL_CDF_xs_domain; /* allowed, and no excuse */
    assert_int_equal(PTR_ERR(create(9, &c)), -EINVAL);
    c = good;
    c.max_grant_frames = 1000000;
    assert_int_equal(PTR_ERR(create(9, &c)), -EINVAL);
    assert_int_equal(PTR_ERR(create(DOMID_FIRST_RESERVED, &good)), -EINVAL);
    assert_false(exists(9));
}

/* Out of memory at the first, second, ... allocation: an error, and nothing is left behind. */
static void creation_fails_anywhere(void **state)
{
    unsigned long before = fake_frames_used();
    unsigned int n;

    for (n = 0; n < 200; n++) {
        struct domain *d;
        bool whole;

        fake_allocs_left = n;
        d = create(9, &good);
        whole = !IS_ERR(d) && vcpu_create(d, 0) && vcpu_create(d, 1);
        fake_allocs_left = ~0U;
        if (IS_ERR(d))
            assert_int_equal(PTR_ERR(d), -ENOMEM);
        else
            destroy(d);
        assert_false(exists(9));
        assert_int_equal(fake_frames_used(), before);
        if (whole)
            break;
    }
    assert_in_range(n, 10, 199);
}

/* --- ending --- */

static void killed_in_steps(void **state)
{
    unsigned int calls = 1;

    fake_preempt(true);
    while (domain_kill(guest) == -ERESTART)
        assert_true(calls++ < 100);
    fake_preempt(false);
    assert_true(calls > 5);
    fake_run_tasklets();
    assert_false(exists(1));
}

/* Another domain maps a page: the dead one stays until that goes, and its number with it. */
static void held_by_another(void **state)
{
    struct page_info *pg = virt_to_page(fake_page(guest, 3));

    assert_true(get_page_any(pg));
    assert_int_equal(p2m_set_entry(control, _gfn(0x40), page_to_mfn(pg), 0, p2m_map_foreign), 0);
    destroy(guest);
    assert_true(exists(1));
    assert_int_equal(guest->is_dying, DOMDYING_dead);
    assert_int_equal(guest->tot_pages, 1);
    assert_int_equal(domain_kill(guest), 0);
    assert_int_equal(PTR_ERR(create(1, &good)), -EEXIST);
    assert_null(alloc_domheap_page(guest, 0));
    assert_int_equal(p2m_set_entry(control, _gfn(0x40), INVALID_MFN, 0, p2m_invalid), 0);
    fake_run_tasklets();
    assert_false(exists(1));
    guest = create(1, &good);
    assert_false(IS_ERR(guest));
}

/* Each holds something of the other when both die. */
static void tangled(void **state)
{
    struct page_info *mine = virt_to_page(fake_page(guest, 3)),
                     *theirs = fake_populate(control, 0x10);

    guest->target = control;
    get_domain(control);
    get_page_any(mine);
    get_page_any(theirs);
    assert_int_equal(p2m_set_entry(control, _gfn(0x40), page_to_mfn(mine), 0, p2m_map_foreign), 0);
    assert_int_equal(p2m_set_entry(guest, _gfn(0x40), page_to_mfn(theirs), 0, p2m_map_foreign), 0);
}

static u32 bind_virq(u32 virq)
{
    *fake_guest_at(struct evtchn_bind_virq, 0) = (struct evtchn_bind_virq){virq, 0, 0};
    assert_int_equal(do_event_channel_op(EVTCHNOP_bind_virq, FAKE_GUEST_VA), 0);
    return fake_guest_at(struct evtchn_bind_virq, 0)->port;
}

static bool take_event(struct domain *d, u32 port)
{
    return test_and_clear_bit(port, d->shared_info->evtchn_pending);
}

static void shutting_down(void **state)
{
    u32 port = bind_virq(VIRQ_DOM_EXC);

    hardware_domain = control; /* who hears of it */
    domain_shutdown(guest, SHUTDOWN_reboot);
    assert_true(guest->is_shut_down);
    assert_int_equal(guest->shutdown_code, SHUTDOWN_reboot);
    assert_false(vcpu_runnable(guest->vcpu[0]) || vcpu_runnable(guest->vcpu[1]));
    assert_true(take_event(control, port));
    domain_shutdown(guest, SHUTDOWN_crash); /* the first reason counts */
    assert_int_equal(guest->shutdown_code, SHUTDOWN_reboot);
    assert_false(take_event(control, port));
    domain_resume(guest);
    assert_false(guest->is_shut_down);
    assert_true(vcpu_runnable(guest->vcpu[0]) && vcpu_runnable(guest->vcpu[1]));
    domain_resume(guest); /* nothing to do: pause counts must not go wrong */
    assert_true(vcpu_runnable(guest->vcpu[0]));
    assert_int_equal(atomic_read(&guest->vcpu[0]->pause_count), 0);
    destroy(guest);
    assert_true(take_event(control, port));
    hardware_domain = NULL;
}

static void watchdogs(void **state)
{
    assert_int_equal(domain_watchdog(guest, 0, 0), -EINVAL);
    assert_int_equal(domain_watchdog(guest, 0, 5), 1);
    assert_int_equal(domain_watchdog(guest, 0, 50), 2);
    assert_int_equal(domain_watchdog(guest, 0, 5), -ENOSPC);
    assert_int_equal(domain_watchdog(guest, 3, 5), -EINVAL);
    fake_run_timers(SECONDS(4));
    assert_int_equal(domain_watchdog(guest, 1, 5), 0); /* petted */
    fake_run_timers(SECONDS(8));
    assert_false(guest->is_shut_down);
    assert_int_equal(domain_watchdog(guest, 1, 0), 0); /* stopped */
    fake_run_timers(SECONDS(20));
    assert_false(guest->is_shut_down);
    fake_run_timers(SECONDS(51));
    assert_true(guest->is_shut_down);
    assert_int_equal(guest->shutdown_code, SHUTDOWN_watchdog);
}

/* --- polling --- */

static long poll(struct vcpu *v, u32 nr, u64 timeout)
{
    struct sched_poll *p = fake_guest_at(struct sched_poll, 0);
    long rc;

    on_cpu(v);
    *p = (struct sched_poll){.nr_ports = nr, .timeout = timeout};
    p->ports.p = (void *)(FAKE_GUEST_VA + 0x100);
    rc = do_sched_op(SCHEDOP_poll, FAKE_GUEST_VA);
    on_cpu(control->vcpu[0]);
    return rc;
}

static bool blocked(struct vcpu *v)
{
    return v->pause_flags & BIT(VPF_blocked);
}

static void polling(void **state)
{
    struct vcpu *v = guest->vcpu[1];
    u32 *ports = fake_guest_at(u32, 0x100), port;

    on_cpu(guest->vcpu[0]);
    port = bind_virq(VIRQ_TIMER);
    on_cpu(control->vcpu[0]);
    ports[0] = port;
    assert_int_equal(poll(v, 1, 0), 0);
    assert_true(blocked(v));
    assert_int_equal(atomic_read(&guest->nr_polling), 1);
    send_guest_vcpu_virq(guest->vcpu[0], VIRQ_TIMER);
    assert_false(blocked(v));
    assert_int_equal(atomic_read(&guest->nr_polling), 0);
    assert_int_equal(poll(v, 1, 0), 0); /* still pending: no wait */
    assert_false(blocked(v));
    assert_int_equal(atomic_read(&guest->nr_polling), 0);

    /* A time limit; and one that an event makes superfluous ends no later wait. */
    take_event(guest, port);
    assert_int_equal(poll(v, 1, SECONDS(1)), 0);
    fake_run_timers(SECONDS(1) - 1);
    assert_true(blocked(v));
    fake_run_timers(SECONDS(1));
    assert_false(blocked(v));
    assert_int_equal(poll(v, 1, SECONDS(2)), 0);
    guest->vcpu[0]->vcpu_info->evtchn_pending_sel = 0;
    send_guest_vcpu_virq(guest->vcpu[0], VIRQ_TIMER);
    assert_false(blocked(v));
    take_event(guest, port);
    assert_int_equal(poll(v, 1, 0), 0);
    fake_run_timers(SECONDS(3));
    assert_true(blocked(v));
    vcpu_unblock(v);

    /* Several: any will do. Nonsense: an error, and no trace. */
    ports[1] = 77;
    assert_int_equal(poll(v, 2, 0), -EINVAL);
    ports[0] = 0;
    assert_int_equal(poll(v, 1, 0), -EINVAL);
    assert_int_equal(poll(v, 129, 0), -EINVAL);
    assert_int_equal(poll(v, 0, SECONDS(4)), 0); /* just sleep */
    assert_true(blocked(v));
    fake_run_timers(SECONDS(4));
    assert_false(blocked(v));
    assert_int_equal(atomic_read(&guest->nr_polling), 0);
}

/* --- what vCPUs register --- */

static long vcpu_op(struct vcpu *v, unsigned int cmd, unsigned int id, const void *arg, size_t size)
{
    long rc;

    on_cpu(v);
    memcpy(fake_guest, arg, size);
    rc = do_vcpu_op(cmd, id, FAKE_GUEST_VA);
    on_cpu(control->vcpu[0]);
    return rc;
}

static void vcpu_info(void **state)
{
    struct vcpu_register_vcpu_info r = {.mfn = 4, .offset = PAGE_SIZE - 56};
    struct vcpu *v = guest->vcpu[1];
    struct page_info *pg = virt_to_page(fake_page(guest, 4));
    struct vcpu_info *info = (void *)((u8 *)fake_page(guest, 4) + 256);

    v->vcpu_info->evtchn_upcall_mask = 1;
    assert_int_equal(vcpu_op(v, VCPUOP_register_vcpu_info, 1, &r, sizeof(r)), -EINVAL);
    r.offset = 260;
    assert_int_equal(vcpu_op(v, VCPUOP_register_vcpu_info, 1, &r, sizeof(r)), -EINVAL);
    r = (struct vcpu_register_vcpu_info){.mfn = 0x99, .offset = 256};
    assert_int_equal(vcpu_op(v, VCPUOP_register_vcpu_info, 1, &r, sizeof(r)), -EINVAL);
    r.mfn = 4;
    /* Another running vCPU's place is not for it to change. */
    assert_int_equal(vcpu_op(guest->vcpu[0], VCPUOP_register_vcpu_info, 1, &r, sizeof(r)), -EINVAL);
    assert_int_equal(vcpu_op(v, VCPUOP_register_vcpu_info, 1, &r, sizeof(r)), 0);
    assert_ptr_equal(v->vcpu_info, info);
    assert_int_equal(info->evtchn_upcall_mask, 1);
    assert_int_equal(info->evtchn_upcall_pending, 1); /* look at everything once */
    assert_true(info->evtchn_pending_sel == ~0UL);
    assert_int_equal(pg->count_info & PGC_count_mask, 2);
    assert_int_equal(vcpu_op(v, VCPUOP_register_vcpu_info, 1, &r, sizeof(r)), -EINVAL); /* once */
    assert_int_equal(vcpu_op(v, VCPUOP_register_vcpu_info, 2, &r, sizeof(r)), -ENOENT);
}

/* A 32-bit guest's selector is a 4-byte word right behind the two flags. */
static void vcpu_info_32(void **state)
{
    struct vcpu_register_vcpu_info r = {.mfn = 4, .offset = 64};
    u32 *info = (u32 *)((u8 *)fake_page(guest, 4) + 64);

    guest->has_32bit_shinfo = true;
    assert_int_equal(vcpu_op(guest->vcpu[0], VCPUOP_register_vcpu_info, 0, &r, sizeof(r)), 0);
    assert_int_equal(info[1], ~0U);
    assert_int_equal(info[2], 0);
}

static void pv_timers(void **state)
{
    struct vcpu_set_singleshot_timer t = {SECONDS(1), VCPU_SSHOTTMR_future};
    struct vcpu_set_periodic_timer p = {MILLISECS(1) - 1};
    struct vcpu *v = guest->vcpu[0];
    u32 port;

    on_cpu(v);
    port = bind_virq(VIRQ_TIMER);
    assert_int_equal(vcpu_op(v, VCPUOP_set_singleshot_timer, 0, &t, sizeof(t)), 0);
    fake_run_timers(SECONDS(1) - 1);
    assert_false(take_event(guest, port));
    fake_run_timers(SECONDS(1));
    assert_true(take_event(guest, port));
    fake_run_timers(SECONDS(1) + 1);
    assert_int_equal(vcpu_op(v, VCPUOP_set_singleshot_timer, 0, &t, sizeof(t)), -ETIME);
    assert_int_equal(vcpu_op(v, VCPUOP_set_singleshot_timer, 1, &t, sizeof(t)), -EINVAL);
    t.flags = 0; /* the past: at once */
    assert_int_equal(vcpu_op(v, VCPUOP_set_singleshot_timer, 0, &t, sizeof(t)), 0);
    fake_run_timers(fake_now);
    assert_true(take_event(guest, port));
    t.timeout_abs_ns = SECONDS(2);
    assert_int_equal(vcpu_op(v, VCPUOP_set_singleshot_timer, 0, &t, sizeof(t)), 0);
    assert_int_equal(vcpu_op(v, VCPUOP_stop_singleshot_timer, 0, &t, 0), 0);
    fake_run_timers(SECONDS(3));
    assert_false(take_event(guest, port));

    assert_int_equal(vcpu_op(v, VCPUOP_set_periodic_timer, 0, &p, sizeof(p)), -EINVAL);
    p.period_ns = MILLISECS(10);
    assert_int_equal(vcpu_op(v, VCPUOP_set_periodic_timer, 0, &p, sizeof(p)), 0);
    for (unsigned int i = 1; i <= 5; i++) {
        fake_run_timers(SECONDS(3) + i * MILLISECS(10));
        assert_true(take_event(guest, port));
    }
    assert_int_equal(vcpu_op(v, VCPUOP_stop_periodic_timer, 0, &p, 0), 0);
    fake_run_timers(SECONDS(4));
    assert_false(take_event(guest, port));
}

static void up_and_down(void **state)
{
    struct vcpu *v = guest->vcpu[1];

    assert_int_equal(vcpu_op(guest->vcpu[0], VCPUOP_is_up, 1, "", 0), 1);
    assert_int_equal(vcpu_op(guest->vcpu[0], VCPUOP_down, 1, "", 0), 0);
    assert_int_equal(vcpu_op(guest->vcpu[0], VCPUOP_is_up, 1, "", 0), 0);
    assert_false(vcpu_runnable(v));
    assert_int_equal(vcpu_op(guest->vcpu[0], VCPUOP_up, 1, "", 0), -EINVAL); /* never initialised */
    v->is_initialised = true;
    assert_int_equal(vcpu_op(guest->vcpu[0], VCPUOP_up, 1, "", 0), 0);
    assert_true(vcpu_runnable(v));
    assert_int_equal(vcpu_op(guest->vcpu[0], 99, 1, "", 0), -ENOSYS);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(finding),         T(bad_configs),     T(creation_fails_anywhere),
        T(killed_in_steps), T(held_by_another), T(tangled),
        T(shutting_down),   T(watchdogs),       T(polling),
        T(vcpu_info),       T(vcpu_info_32),    T(pv_timers),
        T(up_and_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
