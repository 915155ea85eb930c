/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The default policy: weighted fair sharing by virtual time.
 *
 * Each CPU has a heap of runnable vCPUs by virtual run time, which advances at a rate of
 * 256/weight of real time. The CPU runs who is furthest behind. A waking vCPU gets at most
 * WAKE_CREDIT of lag, and preempts when it is behind the running one by more than PREEMPT_MARGIN.
 * Waking vCPUs go to an idle CPU if there is one, idle CPUs take work from the busiest, and every
 * BALANCE_PERIOD a CPU with fewer waiting vCPUs takes one from another, so that three on two CPUs
 * take turns. A cap limits a domain to so many percent of a CPU in each CAP_PERIOD; who has used it
 * up is parked.
 */
#include "fair.h"
#include <xen/errno.h>
#include <xen/lib.h>
#include <xen/softirq.h>

static atomic_t nr_fair_vcpus;

/* --- accounting --- */

static void account(struct fair_vcpu *f, struct fair_cpu *c, s_time_t now)
{
    s_time_t ran = now - f->start;

    f->start = now;
    if (ran <= 0)
        return;
    f->vtime += ran * DEFAULT_WEIGHT / f->dom->weight;
    if (f->dom->cap)
        __atomic_sub_fetch(&f->dom->budget, ran, __ATOMIC_RELAXED);
    if (f->vtime > c->min_vtime && (!c->nr || c->heap[1]->vtime > c->min_vtime))
        c->min_vtime = c->nr ? min(f->vtime, c->heap[1]->vtime) : f->vtime;
}

static bool over_cap(const struct fair_vcpu *f)
{
    return f->dom->cap && ACCESS_ONCE(f->dom->budget) <= 0;
}

/* What the domain's vCPUs that run now have used so far. */
static void account_running(struct fair_dom *fd)
{
    struct vcpu *v;

    for_each_vcpu (fd->d, v) {
        unsigned long flags;
        spinlock_t *l;

        if (!v->sched_priv)
            continue;
        l = vcpu_sched_lock(v, &flags);
        if (v->is_running && per_cpu(sched_cpu, v->processor).curr == v)
            account(v->sched_priv, &per_cpu(fair_cpu, v->processor), NOW());
        spin_unlock_irqrestore(l, flags);
    }
}

static void unpark(struct vcpu *v)
{
    struct fair_vcpu *f = v->sched_priv;
    unsigned long flags;
    spinlock_t *l = vcpu_sched_lock(v, &flags);
    bool was_parked = f->parked;

    f->parked = false;
    spin_unlock_irqrestore(l, flags);
    if (was_parked)
        sched_requeue(v);
}

static void refill_budget(void *data)
{
    struct fair_dom *fd = data;
    s64 full = CAP_PERIOD * fd->cap / 100, old, new;
    struct vcpu *v;

    account_running(fd);
    do {
        old = ACCESS_ONCE(fd->budget);
        new = min(old + full, full);
    } while (cmpxchg(&fd->budget, old, new) != old);
    if (new > 0 || !fd->cap)
        for_each_vcpu (fd->d, v)
            if (v->sched_priv)
                unpark(v);
    if (fd->cap)
        set_timer(&fd->refill, NOW() + CAP_PERIOD);
}

/* --- waking, sleeping, picking --- */

/* Makes @cpu look at @f, which was queued there: now, or when the running one's slice is over. */
static void preempt_if_due(unsigned int cpu, const struct fair_vcpu *f, s_time_t now)
{
    struct sched_cpu *sc = &per_cpu(sched_cpu, cpu);
    const struct fair_vcpu *running = sc->curr->sched_priv;

    if (sc->curr == sc->idle || f->vtime + PREEMPT_MARGIN < running->vtime)
        cpu_raise_softirq(cpu, SCHEDULE_SOFTIRQ);
    else if (!timer_is_active(&sc->slice_timer)) /* it was alone there, without an end */
        set_timer(&sc->slice_timer, now + SLICE);
}

static void fair_wake(struct vcpu *v, s_time_t now)
{
    struct fair_vcpu *f = v->sched_priv;
    struct fair_cpu *c = &per_cpu(fair_cpu, v->processor);
    const struct sched_cpu *sc = &per_cpu(sched_cpu, v->processor);

    if (f->heap_index || v->is_running || f->parked)
        return;
    /* The one on the CPU may have been alone there for long: bring the CPU's clock up to date. */
    if (sc->curr != sc->idle)
        account(sc->curr->sched_priv, c, now);
    if (f->vtime < c->min_vtime - WAKE_CREDIT)
        f->vtime = c->min_vtime - WAKE_CREDIT;
    else if (f->vtime > c->min_vtime + SLICE) /* comes from a CPU whose clock was ahead */
        f->vtime = c->min_vtime + SLICE;
    fair_enqueue(v->processor, f);
    preempt_if_due(v->processor, f, now);
}

static void fair_sleep(struct vcpu *v)
{
    struct fair_vcpu *f = v->sched_priv;

    if (f->heap_index)
        fair_dequeue(v->processor, f);
}

static void fair_yield(struct vcpu *v)
{
    struct fair_vcpu *f = v->sched_priv;

    f->yielding = true;
}

/* Takes the first vCPU that may run on @cpu from @victim's queue. */
static struct fair_vcpu *steal_from(unsigned int victim, unsigned int cpu)
{
    struct fair_cpu *c = &per_cpu(fair_cpu, victim);
    struct fair_vcpu *found = NULL;

    for (unsigned int i = 1; i <= c->nr && !found; i++)
        if (cpumask_test(&c->heap[i]->v->hard_affinity, cpu) && !c->heap[i]->v->is_running)
            found = c->heap[i];
    if (found) {
        fair_dequeue(victim, found);
        found->vtime += per_cpu(fair_cpu, cpu).min_vtime - c->min_vtime;
        found->v->processor = cpu;
    }
    return found;
}

/*
 * A vCPU from a queue with more than @waiting, from the longest that has a suitable one. Both locks
 * would have to be taken in order; so a queue that is locked is left alone, and *@missed set.
 */
static struct fair_vcpu *steal(unsigned int cpu, unsigned int waiting, bool *missed)
{
    cpumask_t tried;

    cpumask_zero(&tried);
    cpumask_set(&tried, cpu);
    for (;;) {
        unsigned int other, victim = NR_CPUS, longest = waiting;
        struct fair_vcpu *found = NULL;

        for_each_online_cpu (other) {
            unsigned int n = ACCESS_ONCE(per_cpu(fair_cpu, other).nr);

            if (n > longest && !cpumask_test(&tried, other)) {
                longest = n;
                victim = other;
            }
        }
        if (victim >= NR_CPUS)
            return NULL;
        cpumask_set(&tried, victim);
        if (!spin_trylock(&per_cpu(sched_cpu, victim).lock)) {
            *missed = true;
            continue;
        }
        found = steal_from(victim, cpu);
        spin_unlock(&per_cpu(sched_cpu, victim).lock);
        if (found)
            return found;
    }
}

/* Wakes an idle CPU that could run what waits here, if there is one. */
static bool kick_idle(unsigned int cpu, const cpumask_t *allowed)
{
    unsigned int other;

    for_each_online_cpu (other)
        if (other != cpu && fair_cpu_is_idle(other) && cpumask_test(allowed, other)) {
            cpu_raise_softirq(other, SCHEDULE_SOFTIRQ);
            return true;
        }
    return false;
}

/* Evens out the queues, one vCPU at a time. @prev ran and may be on the queue already. */
static void balance(unsigned int cpu, const struct fair_vcpu *prev, s_time_t now)
{
    struct fair_cpu *c = &per_cpu(fair_cpu, cpu);
    unsigned int waiting = c->nr - (prev->heap_index ? 1 : 0);
    struct fair_vcpu *more;
    bool missed = false;

    if (now < c->next_balance)
        return;
    c->next_balance = now + BALANCE_PERIOD;
    if (waiting && kick_idle(cpu, &cpu_online_map)) /* it looked just before they came */
        return;
    more = steal(cpu, waiting, &missed);
    if (more)
        fair_enqueue(cpu, more);
}

/* What becomes of the one that ran: back on the queue, or parked. Whoever may not stay is moved by
 * the core. */
static void put_back(unsigned int cpu, struct vcpu *prev, s_time_t now)
{
    struct fair_cpu *c = &per_cpu(fair_cpu, cpu);
    struct fair_vcpu *p = prev->sched_priv;

    account(p, c, now);
    if (p->yielding && c->nr && p->vtime <= c->heap[1]->vtime)
        p->vtime = c->heap[1]->vtime + 1;
    p->yielding = false;
    if (!vcpu_runnable(prev) || !cpumask_test(&prev->hard_affinity, cpu))
        return;
    if (over_cap(p))
        p->parked = true;
    else if (!p->heap_index)
        fair_enqueue(cpu, p);
}

/* The first on the queue that may run here and has time left, off the queue. */
static struct fair_vcpu *first_in_queue(unsigned int cpu)
{
    struct fair_cpu *c = &per_cpu(fair_cpu, cpu);

    for (;;) {
        struct fair_vcpu *f = NULL;

        for (unsigned int i = 1; i <= c->nr && !f; i++)
            if (cpumask_test(&c->heap[i]->v->hard_affinity, cpu))
                f = c->heap[i];
        if (!f)
            return NULL;
        fair_dequeue(cpu, f);
        if (!over_cap(f))
            return f;
        f->parked = true;
    }
}

static struct vcpu *fair_pick(unsigned int cpu, struct vcpu *prev, s_time_t now, s_time_t *slice)
{
    struct fair_cpu *c = &per_cpu(fair_cpu, cpu);
    struct fair_vcpu *f;
    bool missed = false;

    if (!is_idle_vcpu(prev)) {
        put_back(cpu, prev, now);
        balance(cpu, prev->sched_priv, now);
    }
    f = first_in_queue(cpu);
    if (!f)
        f = steal(cpu, 0, &missed);
    if (!f) {
        if (missed)
            *slice = STEAL_RETRY;
        return per_cpu(sched_cpu, cpu).idle;
    }
    f->start = now;
    if (!is_idle_vcpu(prev) && f->v != prev && vcpu_runnable(prev))
        kick_idle(cpu, &prev->hard_affinity); /* displaced, perhaps by one that may only run here */
    if (c->nr)
        *slice = SLICE;
    else if (cpumask_weight(&cpu_online_map) > 1) /* comes back to look at others' queues */
        *slice = BALANCE_PERIOD;
    if (f->dom->cap) {
        /* Its siblings may use the budget up at the same time. */
        s64 left = max(f->dom->budget / f->dom->d->max_vcpus, (s64)MICROSECS(250));

        *slice = *slice < 0 ? left : min(*slice, left);
    }
    return f->v;
}

/* --- parameters --- */

static long fair_adjust(struct domain *d, struct xen_domctl_scheduler_op *op)
{
    struct fair_dom *fd = d->sched_priv;

    switch (op->cmd) {
    case XEN_DOMCTL_SCHEDOP_getinfo:
        op->u.credit2.weight = fd->weight;
        op->u.credit2.cap = fd->cap;
        return 0;
    case XEN_DOMCTL_SCHEDOP_putinfo:
        if (op->u.credit2.weight) /* 0: leave it */
            fd->weight = op->u.credit2.weight;
        if (op->u.credit2.cap != (u16)~0) {
            fd->cap = op->u.credit2.cap;
            fd->budget = CAP_PERIOD * fd->cap / 100;
            /* The refill also lets go whoever was parked under an old cap. */
            set_timer(&fd->refill, NOW() + CAP_PERIOD);
        }
        return 0;
    }
    return -EINVAL;
}

static void fair_dump(unsigned int cpu)
{
    struct fair_cpu *c = &per_cpu(fair_cpu, cpu);
    struct vcpu *curr = per_cpu(sched_cpu, cpu).curr;

    printk("CPU%u: running d%uv%u, %u queued, vtime %lld\n", cpu, curr->domain->domain_id,
           curr->vcpu_id, c->nr, (long long)c->min_vtime);
    for (unsigned int i = 1; i <= c->nr; i++)
        printk("  d%uv%u vtime %lld weight %u cap %u\n", c->heap[i]->v->domain->domain_id,
               c->heap[i]->v->vcpu_id, (long long)c->heap[i]->vtime, c->heap[i]->dom->weight,
               c->heap[i]->dom->cap);
}

/* --- set-up --- */

static int fair_init_cpu(unsigned int cpu)
{
    return fair_reserve(cpu, atomic_read(&nr_fair_vcpus) + 1);
}

static int fair_init_domain(struct domain *d)
{
    struct fair_dom *fd = xzalloc(struct fair_dom);

    if (!fd)
        return -ENOMEM;
    fd->d = d;
    fd->weight = DEFAULT_WEIGHT;
    init_timer(&fd->refill, refill_budget, fd, 0);
    d->sched_priv = fd;
    return 0;
}

static void fair_destroy_domain(struct domain *d)
{
    struct fair_dom *fd = d->sched_priv;

    kill_timer(&fd->refill);
    XFREE(d->sched_priv);
}

static int fair_init_vcpu(struct vcpu *v)
{
    unsigned int n = atomic_inc_return(&nr_fair_vcpus), cpu;
    struct fair_vcpu *f = xzalloc(struct fair_vcpu);

    if (!f)
        goto fail;
    for_each_online_cpu (cpu)
        if (fair_reserve(cpu, n))
            goto fail;
    f->v = v;
    f->dom = v->domain->sched_priv;
    v->sched_priv = f;
    return 0;
fail:
    xfree(f);
    atomic_dec(&nr_fair_vcpus);
    return -ENOMEM;
}

static void fair_destroy_vcpu(struct vcpu *v)
{
    unsigned long flags;
    spinlock_t *l = vcpu_sched_lock(v, &flags);

    fair_sleep(v);
    spin_unlock_irqrestore(l, flags);
    XFREE(v->sched_priv);
    atomic_dec(&nr_fair_vcpus);
}

const struct sched_policy sched_fair = {
    .name = "weighted fair (credit2 parameters)",
    .opt = "credit2",
    .id = XEN_SCHEDULER_CREDIT2,
    .init_cpu = fair_init_cpu,
    .init_domain = fair_init_domain,
    .destroy_domain = fair_destroy_domain,
    .init_vcpu = fair_init_vcpu,
    .destroy_vcpu = fair_destroy_vcpu,
    .wake = fair_wake,
    .sleep = fair_sleep,
    .yield = fair_yield,
    .pick = fair_pick,
    .place = fair_place,
    .adjust = fair_adjust,
    .dump = fair_dump,
};
