/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a scheduling policy supplies. The core keeps run states, locks and the switch; a policy
 * decides who runs where, and for how long. Every function is called with the run-queue lock of
 * the CPU concerned held and interrupts off, unless it says otherwise.
 */
#ifndef XEN_SCHED_POLICY_H
#define XEN_SCHED_POLICY_H

#include <xen/sched.h>

struct sched_policy {
    const char *name, *opt;
    int id;                               /* XEN_SCHEDULER_* */
    int (*init_cpu)(unsigned int cpu);    /* no lock held */
    int (*init_domain)(struct domain *d); /* no lock held */
    void (*destroy_domain)(struct domain *d);
    int (*init_vcpu)(struct vcpu *v);           /* no lock held */
    void (*destroy_vcpu)(struct vcpu *v);       /* no lock held; not queued */
    void (*wake)(struct vcpu *v, s_time_t now); /* became runnable: queue it, preempt if due */
    void (*sleep)(struct vcpu *v);              /* not runnable any more: off the queue */
    void (*yield)(struct vcpu *v);
    /* @prev ran until @now and is still the CPU's: account, requeue if runnable. Then choose. */
    struct vcpu *(*pick)(unsigned int cpu, struct vcpu *prev, s_time_t now, s_time_t *slice);
    unsigned int (*place)(struct vcpu *v); /* best CPU for a waking vCPU; no lock held */
    long (*adjust)(struct domain *d, struct xen_domctl_scheduler_op *op); /* no lock held */
    void (*dump)(unsigned int cpu);
};

extern const struct sched_policy sched_fair;

struct sched_cpu {
    spinlock_t lock;
    struct vcpu *curr, *idle;
    struct timer slice_timer;
};
DECLARE_PER_CPU(struct sched_cpu, sched_cpu);

/* Finds a CPU for a runnable vCPU that waits on another, or on none. No lock held. */
void sched_requeue(struct vcpu *v);

/* Locks the run queue of the CPU that @v belongs to (which may change until it is locked). */
static inline spinlock_t *vcpu_sched_lock(struct vcpu *v, unsigned long *flags)
{
    for (;;) {
        unsigned int cpu = ACCESS_ONCE(v->processor);
        spinlock_t *l = &per_cpu(sched_cpu, cpu).lock;

        spin_lock_irqsave(l, *flags);
        if (likely(cpu == v->processor))
            return l;
        spin_unlock_irqrestore(l, *flags);
    }
}

#endif
