/* SPDX-License-Identifier: GPL-2.0-only */
/* Deferred work: a mask per CPU, looked at before each entry to a guest and in the idle loop. */
#ifndef XEN_SOFTIRQ_H
#define XEN_SOFTIRQ_H

#include <xen/percpu.h>
#include <xen/list.h>
#include <xen/cpumask.h>

enum softirq {
    TIMER_SOFTIRQ,
    SCHEDULE_SOFTIRQ,
    TASKLET_SOFTIRQ,
    RCU_SOFTIRQ,
    TIME_SYNC_SOFTIRQ,
    NR_SOFTIRQS,
};

DECLARE_PER_CPU(unsigned long, softirq_pending_mask);
static inline bool softirq_pending(void)
{
    return ACCESS_ONCE(this_cpu(softirq_pending_mask)) != 0;
}
typedef void softirq_fn_t(void);
void open_softirq(enum softirq nr, softirq_fn_t *fn);
void raise_softirq(enum softirq nr);
/* Sets the bit on @cpu and sends it an event-check IPI when it is not this CPU. */
void cpu_raise_softirq(unsigned int cpu, enum softirq nr);
void cpumask_raise_softirq(const cpumask_t *mask, enum softirq nr);
/* Runs all that is pending. Interrupts on, no lock held. */
void do_softirq(void);
/* The same without SCHEDULE, from long-running loops at boot. */
void process_pending_softirqs(void);

struct tasklet {
    struct list_head list;
    void (*fn)(void *);
    void *data;
    bool scheduled;
};
void tasklet_init(struct tasklet *t, void (*fn)(void *), void *data);
/* Runs fn(data) soon on this CPU, interrupts on; scheduling it twice runs it once. Any context. */
void tasklet_schedule(struct tasklet *t);
void tasklet_kill(struct tasklet *t);
void tasklet_subsys_init(void);

#endif
