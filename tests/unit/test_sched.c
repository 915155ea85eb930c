/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The scheduler on simulated CPUs and time: shares follow weights, caps hold, vCPUs run where they
 * may and nowhere else, who wakes gets a CPU, no CPU is idle while somebody could use it, nobody
 * starves. Time moves from one timer or event to the next.
 */
#include "fake.h"

#include <xen/errno.h>
#include <xen/event.h>
#include <xen/softirq.h>
#include "../../xen/common/sched/policy.h"

struct domain *idle_domain;
static unsigned int nr_cpus;
static unsigned int switches;

/* Queues grow as needed and stay. */
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}

/* --- what the scheduler asks of others --- */

struct domain *system_domain_create(domid_t id, unsigned int max_vcpus)
{
    struct domain *d = calloc(1, sizeof(*d));

    d->domain_id = id;
    d->max_vcpus = 8;
    d->vcpu = calloc(8, sizeof(*d->vcpu));
    return d;
}

struct vcpu *vcpu_create(struct domain *d, unsigned int id)
{
    struct vcpu *v = calloc(1, sizeof(*v));

    v->domain = d;
    v->vcpu_id = id;
    v->runstate.state = RUNSTATE_offline;
    set_bit(VPF_down, &v->pause_flags);
    d->vcpu[id] = v;
    return v;
}

bool local_events_need_delivery(struct vcpu *v)
{
    return false;
}

int vlapic_find_pending(struct vcpu *v)
{
    return -1;
}

bool hvm_vcpu_has_event(struct vcpu *v)
{
    return false;
}

void vlapic_migrate_timer(struct vcpu *v)
{
}

void update_runstate_area(struct vcpu *v)
{
}

/* One vCPU is never on two CPUs, nor where it may not be. */
void arch_context_switch(struct vcpu *prev, struct vcpu *next)
{
    switches++;
    assert_int_equal(next->processor, fake_cpu);
    if (!is_idle_vcpu(next)) {
        assert_true(vcpu_runnable(next));
        assert_true(cpumask_test(&next->hard_affinity, fake_cpu));
    }
    for (unsigned int cpu = 0; cpu < nr_cpus; cpu++)
        if (cpu != fake_cpu && !is_idle_vcpu(next))
            assert_ptr_not_equal(per_cpu(curr_vcpu, cpu), next);
}

/* --- the machine --- */

static void run_softirqs(void)
{
    unsigned int me = fake_cpu;

    for (unsigned int round = 0;; round++) {
        bool any = false;

        for (fake_cpu = 0; fake_cpu < nr_cpus; fake_cpu++)
            if (this_cpu(softirq_pending_mask)) {
                any = true;
                do_softirq();
            }
        if (!any)
            break;
        assert_true(round < 1000);
    }
    fake_cpu = me;
}

void fake_relax(void)
{
    static unsigned int depth;

    assert_true(depth++ < 100);
    run_softirqs();
    depth--;
}

/* Nobody waits in a queue for a CPU that idles. */
static bool check_no_waste = true;
static struct vcpu *all[64];
static unsigned int nr_all;

static bool waits(const struct vcpu *v)
{
    return vcpu_runnable(v) && !v->is_running;
}

static void look_for_waste(void)
{
    for (unsigned int cpu = 0; check_no_waste && cpu < nr_cpus; cpu++) {
        if (!is_idle_vcpu(per_cpu(curr_vcpu, cpu)))
            continue;
        for (unsigned int i = 0; i < nr_all; i++)
            if (waits(all[i]) && cpumask_test(&all[i]->hard_affinity, cpu))
                fail_msg("CPU%u idles while d%uv%u waits (now %lld)", cpu,
                         all[i]->domain->domain_id, all[i]->vcpu_id, (long long)fake_now);
    }
}

static void run(s_time_t ns)
{
    s_time_t end = fake_now + ns;

    run_softirqs();
    while (fake_now < end) {
        s_time_t next = max(fake_next_timer(), fake_now + 1);

        look_for_waste();
        fake_run_timers(min(end, next));
        run_softirqs();
    }
}

static void cpus(unsigned int n)
{
    nr_cpus = n;
    cpumask_zero(&cpu_online_map);
    for (unsigned int i = 0; i < n; i++)
        cpumask_set(&cpu_online_map, i);
    sched_init();
    for (unsigned int i = 1; i < n; i++)
        assert_int_equal(sched_cpu_prepare(i), 0);
}

static struct domain *domain(domid_t id, unsigned int vcpus, unsigned int weight, unsigned int cap)
{
    struct domain *d = fake_domain(id, vcpus);
    struct xen_domctl_scheduler_op op = {.sched_id = sched_id(), .cmd = XEN_DOMCTL_SCHEDOP_putinfo};

    assert_int_equal(sched_init_domain(d), 0);
    op.u.credit2.weight = weight;
    op.u.credit2.cap = cap;
    assert_int_equal(sched_adjust(d, &op), 0);
    for (unsigned int i = 0; i < vcpus; i++) {
        struct vcpu *v = d->vcpu[i];

        v->runstate.state = RUNSTATE_offline;
        v->runstate.state_entry_time = fake_now;
        set_bit(VPF_down, &v->pause_flags);
        assert_int_equal(sched_init_vcpu(v), 0);
        all[nr_all++] = v;
    }
    return d;
}

static void start(struct vcpu *v)
{
    clear_bit(VPF_down, &v->pause_flags);
    vcpu_wake(v);
}

static void pin(struct vcpu *v, unsigned int cpu)
{
    cpumask_t m;

    cpumask_zero(&m);
    cpumask_set(&m, cpu);
    assert_int_equal(vcpu_set_hard_affinity(v, &m), 0);
}

/* As a guest's own call: on the CPU that it runs on. */
static void block(struct vcpu *v)
{
    unsigned int me = fake_cpu;

    assert_true(v->is_running);
    fake_cpu = v->processor;
    assert_ptr_equal(current, v);
    vcpu_block();
    run_softirqs();
    fake_cpu = me;
    assert_false(v->is_running);
}

static u64 ran(struct vcpu *v)
{
    struct vcpu_runstate_info r;

    vcpu_runstate_get(v, &r);
    return r.time[RUNSTATE_running];
}

static void near(u64 got, u64 want, unsigned int percent)
{
    if (got * 100 < want * (100 - percent) || got * 100 > want * (100 + percent))
        fail_msg("%llu ns is not %llu ns within %u%%", (unsigned long long)got,
                 (unsigned long long)want, percent);
}

static int setup(void **state)
{
    fake_reset();
    nr_all = switches = 0;
    check_no_waste = true;
    return 0;
}

static int teardown(void **state)
{
    struct domain *done[64] = {NULL};
    unsigned int n = 0;

    for (unsigned int i = 0; i < nr_all; i++) {
        struct vcpu *v = all[i];

        set_bit(VPF_down, &v->pause_flags);
        vcpu_sleep_nosync(v);
        if (!n || done[n - 1] != v->domain)
            done[n++] = v->domain;
    }
    run_softirqs();
    for (unsigned int i = 0; i < nr_all; i++) {
        assert_false(all[i]->is_running);
        sched_destroy_vcpu(all[i]);
    }
    while (n--) {
        sched_destroy_domain(done[n]);
        fake_domain_free(done[n]);
    }
    for (unsigned int cpu = 0; cpu < nr_cpus; cpu++) {
        kill_timer(&per_cpu(sched_cpu, cpu).slice_timer);
        free(idle_domain->vcpu[cpu]);
    }
    free(idle_domain->vcpu);
    free(idle_domain);
    fake_check_leaks(0);
    return 0;
}

/* --- tests --- */

static void weights(void **state)
{
    static const unsigned int weight[] = {256, 512, 1024, 128};
    struct domain *d[4];

    cpus(1);
    for (unsigned int i = 0; i < 4; i++) {
        d[i] = domain(i + 1, 1, weight[i], 0);
        start(d[i]->vcpu[0]);
    }
    run(SECONDS(20));
    for (unsigned int i = 0; i < 4; i++)
        near(ran(d[i]->vcpu[0]), SECONDS(20) * weight[i] / 1920, 5);
    assert_true(switches < 20000);
}

/* A vCPU that joins late gets its share from then on, not what it missed; nor does it pay. */
static void latecomer(void **state)
{
    struct domain *a, *b;
    u64 before;

    cpus(1);
    a = domain(1, 1, 256, 0);
    start(a->vcpu[0]);
    run(SECONDS(5));
    b = domain(2, 1, 256, 0);
    start(b->vcpu[0]);
    before = ran(a->vcpu[0]);
    run(SECONDS(2));
    near(ran(b->vcpu[0]), SECONDS(1), 5);
    near(ran(a->vcpu[0]) - before, SECONDS(1), 5);
}

static void caps(void **state)
{
    struct domain *a, *b;

    cpus(1);
    check_no_waste = false; /* that is what a cap is for */
    a = domain(1, 1, 256, 30);
    start(a->vcpu[0]);
    run(SECONDS(5));
    near(ran(a->vcpu[0]), MILLISECS(1500), 5);
    b = domain(2, 1, 256, 0);
    start(b->vcpu[0]);
    run(SECONDS(5));
    near(ran(a->vcpu[0]), SECONDS(3), 5);
    near(ran(b->vcpu[0]), MILLISECS(3500), 5);
}

/* A cap counts all vCPUs of a domain, and can be lifted. */
static void caps_smp(void **state)
{
    struct xen_domctl_scheduler_op op = {.sched_id = XEN_SCHEDULER_CREDIT2,
                                         .cmd = XEN_DOMCTL_SCHEDOP_putinfo};
    struct domain *a;

    cpus(2);
    check_no_waste = false;
    a = domain(1, 2, 256, 120);
    start(a->vcpu[0]);
    start(a->vcpu[1]);
    run(SECONDS(5));
    near(ran(a->vcpu[0]) + ran(a->vcpu[1]), SECONDS(6), 5);
    op.u.credit2.cap = 0;
    assert_int_equal(sched_adjust(a, &op), 0);
    run(SECONDS(5));
    near(ran(a->vcpu[0]) + ran(a->vcpu[1]), SECONDS(16), 5);
}

/* Half a second of sleep does not buy half a second of everything: others are not starved. */
static void sleepers(void **state)
{
    struct domain *hog, *sleeper;
    u64 before;

    cpus(1);
    hog = domain(1, 1, 256, 0);
    sleeper = domain(2, 1, 256, 0);
    start(hog->vcpu[0]);
    start(sleeper->vcpu[0]);
    run(MILLISECS(100));
    if (!sleeper->vcpu[0]->is_running)
        run(MILLISECS(10));
    block(sleeper->vcpu[0]);
    run(SECONDS(1));
    before = ran(hog->vcpu[0]);
    vcpu_unblock(sleeper->vcpu[0]);
    run(MILLISECS(1));
    assert_true(sleeper->vcpu[0]->is_running); /* it preempts */
    run(MILLISECS(199));
    near(ran(hog->vcpu[0]) - before, MILLISECS(100), 15);
}

/* Woken every few milliseconds for a little work: always at once. */
static void wake_latency(void **state)
{
    struct domain *hog, *light;
    struct vcpu *v;

    cpus(1);
    hog = domain(1, 3, 256, 0);
    light = domain(2, 1, 256, 0);
    for (unsigned int i = 0; i < 3; i++)
        start(hog->vcpu[i]);
    v = light->vcpu[0];
    start(v);
    while (!v->is_running)
        run(MILLISECS(1));
    block(v);
    run(MILLISECS(100)); /* what it used to get here is forgotten */
    for (unsigned int i = 0; i < 500; i++) {
        run(MILLISECS(3) + i * 1000);
        vcpu_unblock(v);
        run(1);
        if (!v->is_running)
            fail_msg("wake-up %u waits", i);
        run(MICROSECS(100));
        block(v);
    }
}

static void hard_affinity(void **state)
{
    struct domain *d;
    cpumask_t none;

    cpus(3);
    d = domain(1, 4, 256, 0);
    for (unsigned int i = 0; i < 4; i++) {
        pin(d->vcpu[i], 2);
        start(d->vcpu[i]);
    }
    run(SECONDS(4));
    for (unsigned int i = 0; i < 4; i++)
        near(ran(d->vcpu[i]), SECONDS(1), 5);
    assert_true(is_idle_vcpu(per_cpu(curr_vcpu, 0)));
    /* Moved while running and while waiting. */
    for (unsigned int i = 0; i < 4; i++)
        pin(d->vcpu[i], i / 2);
    run(SECONDS(4));
    for (unsigned int i = 0; i < 4; i++)
        near(ran(d->vcpu[i]), SECONDS(3), 5);
    cpumask_zero(&none);
    cpumask_set(&none, 7);
    assert_int_equal(vcpu_set_hard_affinity(d->vcpu[0], &none), -EINVAL);
}

/* A vCPU that pins itself onto a CPU that is never idle gets there, and its share. */
static void pins_itself(void **state)
{
    struct domain *d;
    unsigned int home;
    u64 before;

    cpus(2);
    d = domain(1, 2, 256, 0);
    start(d->vcpu[0]);
    start(d->vcpu[1]);
    run(MILLISECS(50));
    home = d->vcpu[0]->processor;
    assert_true(d->vcpu[0]->is_running && d->vcpu[1]->is_running);
    pin(d->vcpu[1], !home);
    fake_cpu = home;
    pin(d->vcpu[0], !home);
    fake_cpu = 0;
    before = ran(d->vcpu[0]);
    run(SECONDS(2));
    near(ran(d->vcpu[0]) - before, SECONDS(1), 5);
}

static void soft_affinity(void **state)
{
    struct domain *d;
    cpumask_t m;

    cpus(2);
    d = domain(1, 2, 256, 0);
    cpumask_zero(&m);
    cpumask_set(&m, 1);
    assert_int_equal(vcpu_set_soft_affinity(d->vcpu[0], &m), 0);
    assert_int_equal(vcpu_set_soft_affinity(d->vcpu[1], &m), 0);
    start(d->vcpu[0]);
    run(MILLISECS(5));
    assert_int_equal(d->vcpu[0]->processor, 1);
    start(d->vcpu[1]); /* its favourite is taken, the other idle: better there than waiting */
    run(MILLISECS(5));
    assert_int_equal(d->vcpu[1]->processor, 0);
    assert_true(d->vcpu[1]->is_running);
}

/* Whoever gets idle takes work from others. */
static void stealing(void **state)
{
    struct domain *d;

    cpus(2);
    d = domain(1, 3, 256, 0);
    for (unsigned int i = 0; i < 3; i++)
        start(d->vcpu[i]);
    run(MILLISECS(100));
    for (unsigned int round = 0; round < 50; round++) {
        struct vcpu *running = per_cpu(curr_vcpu, round % 2);

        assert_false(is_idle_vcpu(running));
        block(running);
        run(MICROSECS(10)); /* look_for_waste() sees if the third is not taken at once */
        assert_false(is_idle_vcpu(per_cpu(curr_vcpu, round % 2)));
        vcpu_unblock(running);
        run(MILLISECS(7));
    }
}

/* Three that want it all on two CPUs: two thirds for each. */
static void fair_across_cpus(void **state)
{
    struct domain *d[3];

    cpus(2);
    for (unsigned int i = 0; i < 3; i++) {
        d[i] = domain(i + 1, 1, 256, 0);
        start(d[i]->vcpu[0]);
    }
    run(SECONDS(12));
    for (unsigned int i = 0; i < 3; i++)
        near(ran(d[i]->vcpu[0]), SECONDS(8), 10);
}

static void pausing(void **state)
{
    struct domain *d;
    u64 before;

    cpus(2);
    d = domain(1, 2, 256, 0);
    start(d->vcpu[0]);
    start(d->vcpu[1]);
    run(MILLISECS(10));
    domain_pause(d); /* waits until both are off their CPUs */
    assert_false(d->vcpu[0]->is_running || d->vcpu[1]->is_running);
    domain_pause(d);
    before = ran(d->vcpu[0]);
    run(MILLISECS(50));
    domain_unpause(d);
    run(MILLISECS(50));
    assert_int_equal(ran(d->vcpu[0]), before);
    domain_unpause(d);
    run(MILLISECS(50));
    near(ran(d->vcpu[0]) - before, MILLISECS(50), 5);
    /* A wake-up while paused is not forgotten. */
    block(d->vcpu[0]);
    vcpu_pause(d->vcpu[0]);
    vcpu_unblock(d->vcpu[0]);
    run(MILLISECS(1));
    assert_false(d->vcpu[0]->is_running);
    vcpu_unpause(d->vcpu[0]);
    run(MILLISECS(1));
    assert_true(d->vcpu[0]->is_running);
    assert_int_equal(domain_unpause_by_controller(d), -EINVAL);
    for (unsigned int i = 0; i < 255; i++)
        assert_int_equal(domain_pause_by_controller(d), 0);
    assert_int_equal(domain_pause_by_controller(d), -EOVERFLOW);
}

static void yields(void **state)
{
    struct domain *d;

    cpus(1);
    d = domain(1, 2, 256, 0);
    start(d->vcpu[0]);
    start(d->vcpu[1]);
    run(MILLISECS(3));
    for (unsigned int i = 0; i < 10; i++) {
        struct vcpu *was = per_cpu(curr_vcpu, 0);

        vcpu_yield();
        run_softirqs();
        assert_ptr_not_equal(per_cpu(curr_vcpu, 0), was);
        run(MICROSECS(100));
    }
}

/* Every nanosecond is accounted for, in one state. */
static void runstates(void **state)
{
    struct vcpu_runstate_info r;
    struct domain *d;

    cpus(1);
    d = domain(1, 2, 256, 0);
    start(d->vcpu[0]);
    run(MILLISECS(10));
    start(d->vcpu[1]);
    run(MILLISECS(100));
    if (!d->vcpu[0]->is_running)
        run(MILLISECS(10));
    block(d->vcpu[0]);
    run(MILLISECS(30));
    vcpu_runstate_get(d->vcpu[0], &r);
    assert_int_equal(r.state, RUNSTATE_blocked);
    assert_int_equal(r.time[RUNSTATE_blocked], MILLISECS(30));
    for (unsigned int i = 0; i < 2; i++) {
        vcpu_runstate_get(d->vcpu[i], &r);
        assert_int_equal(r.time[0] + r.time[1] + r.time[2] + r.time[3], fake_now);
    }
    vcpu_runstate_get(d->vcpu[1], &r);
    assert_int_equal(r.time[RUNSTATE_offline], MILLISECS(10));
    block(d->vcpu[1]);
    run(MILLISECS(25));
    assert_int_equal(get_cpu_idle_time(0), MILLISECS(25));
}

/* Hours of a busy machine: random wake-ups, blocks, pauses, affinities. Nobody is forgotten. */
static void random_life(void **state)
{
    static u64 last_ran[64];
    static s_time_t since[64];

    srand(99);
    cpus(4);
    for (unsigned int i = 0; i < 6; i++) {
        struct domain *d = domain(i + 1, 2, 64 << i, 0);

        start(d->vcpu[0]);
        start(d->vcpu[1]);
    }
    for (unsigned int round = 0; round < 20000; round++) {
        unsigned int i = rand() % nr_all;
        struct vcpu *v = all[i];

        fake_cpu = (v->processor + 1) % 4; /* another's call */

        switch (rand() % 8) {
        case 0:
        case 1:
        case 2:
            if (v->is_running)
                block(v);
            break;
        case 3:
        case 4:
        case 5:
            vcpu_unblock(v);
            break;
        case 6:
            vcpu_pause(v);
            run(MICROSECS(rand() % 300));
            vcpu_unpause(v);
            break;
        case 7:
            if (rand() % 2) {
                pin(v, rand() % 4);
            } else {
                cpumask_t any;

                cpumask_fill(&any);
                assert_int_equal(vcpu_set_hard_affinity(v, &any), 0);
            }
            break;
        }
        run(MICROSECS(rand() % 2000));
        for (i = 0; i < nr_all; i++) {
            u64 now = ran(all[i]);

            if (!waits(all[i]) || now != last_ran[i]) {
                last_ran[i] = now;
                since[i] = fake_now;
            }
            if (fake_now - since[i] > SECONDS(5))
                fail_msg("d%uv%u has waited for 5 seconds (round %u)", all[i]->domain->domain_id,
                         all[i]->vcpu_id, round);
        }
    }
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(weights),          T(latecomer),     T(caps),        T(caps_smp),      T(sleepers),
        T(wake_latency),     T(hard_affinity), T(pins_itself), T(soft_affinity), T(stealing),
        T(fair_across_cpus), T(pausing),       T(yields),      T(runstates),     T(random_life),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
