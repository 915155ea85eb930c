/* SPDX-License-Identifier: GPL-2.0-only */
/* The scheduler's core: run states, blocking and waking, the switch. Policies decide (policy.h). */
#include "policy.h"
#include <xen/console.h>
#include <xen/domain.h>
#include <xen/errno.h>
#include <xen/event.h>
#include <xen/lib.h>
#include <xen/param.h>
#include <xen/softirq.h>

DEFINE_PER_CPU(struct sched_cpu, sched_cpu);
static const struct sched_policy *policy = &sched_fair;
static const struct sched_policy *const policies[] = {&sched_fair};
static char opt_sched[16] __initdata = "";
string_param("sched", opt_sched);

/* --- run states --- */

static void set_runstate(struct vcpu *v, int state, s_time_t now)
{
    s64 delta = now - v->runstate.state_entry_time;

    if (v->runstate.state == state)
        return;
    if (delta > 0) {
        v->runstate.time[v->runstate.state] += delta;
        v->runstate.state_entry_time = now;
    }
    v->runstate.state = state;
}

static int stopped_state(const struct vcpu *v)
{
    return (v->pause_flags & BIT(VPF_blocked)) && !(v->pause_flags & BIT(VPF_down))
               ? RUNSTATE_blocked
               : RUNSTATE_offline;
}

void vcpu_runstate_get(struct vcpu *v, struct vcpu_runstate_info *out)
{
    unsigned long flags;
    spinlock_t *l = vcpu_sched_lock(v, &flags);
    s_time_t delta = NOW() - v->runstate.state_entry_time;

    *out = v->runstate;
    if (delta > 0)
        out->time[out->state] += delta;
    spin_unlock_irqrestore(l, flags);
}

u64 get_cpu_idle_time(unsigned int cpu)
{
    struct vcpu_runstate_info r = {0};
    struct vcpu *v = per_cpu(sched_cpu, cpu).idle;

    if (v)
        vcpu_runstate_get(v, &r);
    return r.time[RUNSTATE_running];
}

/* --- waking and sleeping --- */

void vcpu_wake(struct vcpu *v)
{
    unsigned long flags;
    spinlock_t *l = vcpu_sched_lock(v, &flags);
    s_time_t now = NOW();

    if (likely(vcpu_runnable(v))) {
        if (v->runstate.state >= RUNSTATE_blocked) {
            unsigned int cpu = policy->place(v);

            set_runstate(v, RUNSTATE_runnable, now);
            if (cpu != v->processor && !v->is_running) {
                /* Nobody finds it on a queue now: it may change hands between two locks. */
                v->processor = cpu;
                spin_unlock_irqrestore(l, flags);
                l = vcpu_sched_lock(v, &flags);
            }
        }
        /*
         * Also one that is runnable already: whoever clears VPF_blocked does it without the lock,
         * so schedule() may have put it aside as blocked and then have called it runnable.
         */
        if (vcpu_runnable(v) && v->runstate.state == RUNSTATE_runnable)
            policy->wake(v, now);
    } else if (v->runstate.state == RUNSTATE_blocked) {
        set_runstate(v, stopped_state(v), now);
    }
    spin_unlock_irqrestore(l, flags);
}

void sched_requeue(struct vcpu *v)
{
    unsigned long flags;
    spinlock_t *l = vcpu_sched_lock(v, &flags);

    if (vcpu_runnable(v) && !v->is_running && v->runstate.state == RUNSTATE_runnable) {
        policy->sleep(v); /* off the queue; then nobody finds it, as in vcpu_wake() */
        v->processor = policy->place(v);
        spin_unlock_irqrestore(l, flags);
        l = vcpu_sched_lock(v, &flags);
        if (vcpu_runnable(v) && !v->is_running && v->runstate.state == RUNSTATE_runnable)
            policy->wake(v, NOW());
    }
    spin_unlock_irqrestore(l, flags);
}

void vcpu_sleep_nosync(struct vcpu *v)
{
    unsigned long flags;
    spinlock_t *l = vcpu_sched_lock(v, &flags);

    if (!vcpu_runnable(v)) {
        if (v->runstate.state == RUNSTATE_runnable)
            set_runstate(v, stopped_state(v), NOW());
        policy->sleep(v);
        if (v->is_running)
            cpu_raise_softirq(v->processor, SCHEDULE_SOFTIRQ);
    }
    spin_unlock_irqrestore(l, flags);
}

void vcpu_sleep_sync(struct vcpu *v)
{
    vcpu_sleep_nosync(v);
    while (!vcpu_runnable(v) && ACCESS_ONCE(v->is_running) && v != current)
        cpu_relax();
    smp_mb();
}

/* Does the vCPU have something to do, so that it must not block? */
static bool has_work(struct vcpu *v)
{
    struct vlapic *a = &v->arch.hvm.vlapic;

    return local_events_need_delivery(v) || vlapic_find_pending(v) >= 0 || a->nmi_pending ||
           a->init_pending || a->sipi_pending;
}

void vcpu_block(void)
{
    struct vcpu *v = current;

    set_bit(VPF_blocked, &v->pause_flags);
    smp_mb();
    if (has_work(v))
        clear_bit(VPF_blocked, &v->pause_flags);
    else
        raise_softirq(SCHEDULE_SOFTIRQ);
}

void vcpu_block_enable_events(void)
{
    current->vcpu_info->evtchn_upcall_mask = 0;
    vcpu_block();
}

void vcpu_unblock(struct vcpu *v)
{
    if (!test_and_clear_bit(VPF_blocked, &v->pause_flags))
        return;
    if (v->poll_evtchn && xchg(&v->poll_evtchn, 0)) {
        atomic_dec(&v->domain->nr_polling);
        stop_timer(&v->poll_timer); /* or it would end a later wait */
    }
    vcpu_wake(v);
}

void vcpu_yield(void)
{
    struct vcpu *v = current;
    unsigned long flags;
    spinlock_t *l = vcpu_sched_lock(v, &flags);

    policy->yield(v);
    spin_unlock_irqrestore(l, flags);
    raise_softirq(SCHEDULE_SOFTIRQ);
}

void vcpu_kick(struct vcpu *v)
{
    if (ACCESS_ONCE(v->is_running) && v->processor != smp_processor_id())
        smp_send_event_check(v->processor);
}

/* --- pausing --- */

void vcpu_pause_nosync(struct vcpu *v)
{
    atomic_inc(&v->pause_count);
    vcpu_sleep_nosync(v);
}

void vcpu_pause(struct vcpu *v)
{
    ASSERT(v != current);
    atomic_inc(&v->pause_count);
    vcpu_sleep_sync(v);
}

void vcpu_unpause(struct vcpu *v)
{
    if (atomic_dec_and_test(&v->pause_count))
        vcpu_wake(v);
}

void domain_pause_nosync(struct domain *d)
{
    struct vcpu *v;

    atomic_inc(&d->pause_count);
    for_each_vcpu (d, v)
        vcpu_sleep_nosync(v);
}

void domain_pause(struct domain *d)
{
    struct vcpu *v;

    domain_pause_nosync(d);
    for_each_vcpu (d, v)
        vcpu_sleep_sync(v);
}

void domain_unpause(struct domain *d)
{
    struct vcpu *v;

    if (atomic_dec_and_test(&d->pause_count))
        for_each_vcpu (d, v)
            vcpu_wake(v);
}

int domain_pause_by_controller(struct domain *d)
{
    int rc = 0;

    domain_lock(d);
    if (d->controller_pause_count == 255)
        rc = -EOVERFLOW;
    else
        d->controller_pause_count++;
    domain_unlock(d);
    if (!rc)
        domain_pause(d);
    return rc;
}

int domain_unpause_by_controller(struct domain *d)
{
    int rc = 0;

    domain_lock(d);
    if (!d->controller_pause_count)
        rc = -EINVAL;
    else
        d->controller_pause_count--;
    if (!rc && !d->creation_finished)
        d->creation_finished = true;
    domain_unlock(d);
    if (!rc)
        domain_unpause(d);
    return rc;
}

/* --- affinity --- */

static int set_affinity(struct vcpu *v, cpumask_t *which, const cpumask_t *mask)
{
    unsigned long flags;
    spinlock_t *l;

    if (which == &v->hard_affinity && !cpumask_intersects(mask, &cpu_online_map))
        return -EINVAL;
    l = vcpu_sched_lock(v, &flags);
    *which = *mask;
    spin_unlock_irqrestore(l, flags);
    if (ACCESS_ONCE(v->is_running) && !cpumask_test(&v->hard_affinity, v->processor)) {
        vcpu_pause(v); /* off its CPU; on waking it is placed anew */
        vcpu_unpause(v);
    } else {
        sched_requeue(v); /* it may wait in the wrong queue, or where another CPU is idle */
    }
    return 0;
}

int vcpu_set_hard_affinity(struct vcpu *v, const cpumask_t *mask)
{
    if (v == current) { /* cannot wait for itself: takes effect at its next wake-up or pick */
        if (!cpumask_intersects(mask, &cpu_online_map))
            return -EINVAL;
        v->hard_affinity = *mask;
        raise_softirq(SCHEDULE_SOFTIRQ);
        return 0;
    }
    return set_affinity(v, &v->hard_affinity, mask);
}

int vcpu_set_soft_affinity(struct vcpu *v, const cpumask_t *mask)
{
    v->soft_affinity = *mask;
    return 0;
}

long sched_adjust(struct domain *d, struct xen_domctl_scheduler_op *op)
{
    if (op->sched_id != (u32)policy->id)
        return -EINVAL;
    return policy->adjust(d, op);
}

int sched_id(void)
{
    return policy->id;
}

/* --- the switch --- */

static void schedule(void)
{
    unsigned int cpu = smp_processor_id();
    struct sched_cpu *sc = &this_cpu(sched_cpu);
    struct vcpu *prev = current, *next;
    s_time_t now, slice = -1;
    bool misplaced;

    spin_lock_irq(&sc->lock);
    now = NOW();
    next = policy->pick(cpu, prev, now, &slice);
    if (slice >= 0)
        set_timer(&sc->slice_timer, now + slice);
    else if (timer_is_active(&sc->slice_timer))
        stop_timer(&sc->slice_timer);
    if (prev == next) {
        spin_unlock_irq(&sc->lock);
        return;
    }
    set_runstate(prev, vcpu_runnable(prev) ? RUNSTATE_runnable : stopped_state(prev), now);
    prev->last_run_time = now;
    set_runstate(next, RUNSTATE_running, now);
    next->is_running = true;
    sc->curr = next;
    current = next;
    arch_context_switch(prev, next);
    /* Its affinity changed while it ran; the policy did not queue it. The reference keeps it here.
     */
    misplaced = !is_idle_vcpu(prev) && vcpu_runnable(prev) &&
                !cpumask_test(&prev->hard_affinity, cpu) && get_domain(prev->domain);
    smp_wmb();
    prev->is_running = false;
    spin_unlock(&sc->lock);
    local_irq_enable();

    if (unlikely(misplaced)) {
        sched_requeue(prev);
        put_domain(prev->domain);
    }
    if (!is_idle_vcpu(next)) {
        if (next->singleshot_timer.cpu != cpu)
            migrate_timer(&next->singleshot_timer, cpu);
        vlapic_migrate_timer(next);
        if (next->runstate_guest_va)
            update_runstate_area(next);
    }
}

static void slice_over(void *unused)
{
    raise_softirq(SCHEDULE_SOFTIRQ);
}

/* --- set-up --- */

int sched_init_domain(struct domain *d)
{
    return policy->init_domain(d);
}

void sched_destroy_domain(struct domain *d)
{
    if (d->sched_priv)
        policy->destroy_domain(d);
}

int sched_init_vcpu(struct vcpu *v)
{
    int rc;

    if (is_idle_vcpu(v)) {
        struct sched_cpu *sc = &per_cpu(sched_cpu, v->vcpu_id);

        v->processor = v->vcpu_id;
        v->pause_flags = 0;
        v->is_running = true;
        v->runstate.state = RUNSTATE_running;
        spin_lock_init(&sc->lock);
        sc->idle = sc->curr = v;
        per_cpu(curr_vcpu, v->vcpu_id) = v;
        init_timer(&sc->slice_timer, slice_over, NULL, v->vcpu_id);
        return policy->init_cpu(v->vcpu_id);
    }
    rc = policy->init_vcpu(v);
    if (!rc)
        v->processor = policy->place(v);
    return rc;
}

void sched_destroy_vcpu(struct vcpu *v)
{
    if (v->sched_priv)
        policy->destroy_vcpu(v);
}

/* The idle vCPU of a CPU that comes up, on that CPU or before it. */
int sched_cpu_prepare(unsigned int cpu)
{
    struct vcpu *v = vcpu_create(idle_domain, cpu);

    return v ? sched_init_vcpu(v) : -ENOMEM;
}

static void dump_runq(unsigned char key)
{
    unsigned int cpu;

    printk("Scheduler: %s; now=%lld\n", policy->name, (long long)NOW());
    for_each_online_cpu (cpu)
        policy->dump(cpu);
}

void sched_init(void)
{
    if (opt_sched[0]) {
        unsigned int i;

        for (i = 0; i < ARRAY_SIZE(policies) && strcmp(policies[i]->opt, opt_sched); i++)
            ;
        if (i == ARRAY_SIZE(policies))
            printk(XENLOG_WARNING "sched=%s is not a scheduler; using %s\n", opt_sched,
                   policy->opt);
        else
            policy = policies[i];
    }
    open_softirq(SCHEDULE_SOFTIRQ, schedule);
    register_keyhandler('r', dump_runq, "dump run queues");
    idle_domain = system_domain_create(DOMID_IDLE, NR_CPUS);
    if (sched_cpu_prepare(0))
        panic("No memory for the idle vCPU");
    printk(XENLOG_INFO "Scheduler: %s\n", policy->name);
}
