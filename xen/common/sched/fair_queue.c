/* SPDX-License-Identifier: GPL-2.0-only */
/* Queues of the default policy: a heap per CPU, and which CPU's a vCPU should be on. */
#include "fair.h"
#include <xen/errno.h>
#include <xen/lib.h>

DEFINE_PER_CPU(struct fair_cpu, fair_cpu);

/* --- the heap --- */

static void heap_put(struct fair_cpu *c, unsigned int i, struct fair_vcpu *f)
{
    c->heap[i] = f;
    f->heap_index = i;
}

static void heap_up(struct fair_cpu *c, unsigned int i, struct fair_vcpu *f)
{
    for (; i > 1 && c->heap[i / 2]->vtime > f->vtime; i /= 2)
        heap_put(c, i, c->heap[i / 2]);
    heap_put(c, i, f);
}

static void heap_down(struct fair_cpu *c, unsigned int i, struct fair_vcpu *f)
{
    for (;;) {
        unsigned int child = 2 * i;

        if (child > c->nr)
            break;
        if (child < c->nr && c->heap[child + 1]->vtime < c->heap[child]->vtime)
            child++;
        if (c->heap[child]->vtime >= f->vtime)
            break;
        heap_put(c, i, c->heap[child]);
        i = child;
    }
    heap_put(c, i, f);
}

void fair_enqueue(unsigned int cpu, struct fair_vcpu *f)
{
    struct fair_cpu *c = &per_cpu(fair_cpu, cpu);

    ASSERT(!f->heap_index && c->nr < c->capacity);
    heap_up(c, ++c->nr, f);
}

void fair_dequeue(unsigned int cpu, struct fair_vcpu *f)
{
    struct fair_cpu *c = &per_cpu(fair_cpu, cpu);
    unsigned int i = f->heap_index;
    struct fair_vcpu *last = c->heap[c->nr--];

    f->heap_index = 0;
    if (last == f)
        return;
    if (i > 1 && c->heap[i / 2]->vtime > last->vtime)
        heap_up(c, i, last);
    else
        heap_down(c, i, last);
}

/* Room on @cpu for every vCPU there is. */
int fair_reserve(unsigned int cpu, unsigned int want)
{
    struct fair_cpu *c = &per_cpu(fair_cpu, cpu);
    struct fair_vcpu **bigger, **old;
    unsigned int capacity = max(64U, 2 * want);
    unsigned long flags;

    if (c->capacity >= want)
        return 0;
    bigger = xzalloc_array(struct fair_vcpu *, capacity + 1);
    if (!bigger)
        return -ENOMEM;
    spin_lock_irqsave(&per_cpu(sched_cpu, cpu).lock, flags);
    old = c->heap;
    if (old)
        memcpy(bigger, old, (c->nr + 1) * sizeof(*old));
    c->heap = bigger;
    c->capacity = capacity;
    spin_unlock_irqrestore(&per_cpu(sched_cpu, cpu).lock, flags);
    xfree(old);
    return 0;
}

/* --- where --- */

bool fair_cpu_is_idle(unsigned int cpu)
{
    const struct sched_cpu *sc = &per_cpu(sched_cpu, cpu);

    return sc->curr == sc->idle && !per_cpu(fair_cpu, cpu).nr;
}

/* The least loaded CPU of @mask (NR_CPUS: none online), an idle one and the old one first. */
static unsigned int least_loaded(const struct vcpu *v, const cpumask_t *mask)
{
    unsigned int cpu, best = NR_CPUS, best_load = ~0U;

    if (cpumask_test(mask, v->processor) && cpu_online(v->processor) &&
        fair_cpu_is_idle(v->processor))
        return v->processor;
    for_each_cpu(cpu, mask)
    {
        unsigned int load;

        if (!cpu_online(cpu))
            continue;
        load = 2 * per_cpu(fair_cpu, cpu).nr + 2 * !fair_cpu_is_idle(cpu) + (cpu != v->processor);
        if (load < best_load) {
            best = cpu;
            best_load = load;
        }
    }
    return best;
}

unsigned int fair_place(struct vcpu *v)
{
    cpumask_t both;
    unsigned int cpu;

    cpumask_and(&both, &v->hard_affinity, &v->soft_affinity);
    cpu = least_loaded(v, &both);
    if (cpu >= NR_CPUS || !fair_cpu_is_idle(cpu)) {
        unsigned int any = least_loaded(v, &v->hard_affinity);

        if (any < NR_CPUS && (cpu >= NR_CPUS || fair_cpu_is_idle(any)))
            cpu = any;
    }
    return cpu < NR_CPUS ? cpu : cpumask_first(&cpu_online_map);
}
