/* SPDX-License-Identifier: GPL-2.0-only */
/* Between the files of the default policy: its data, and its queues. */
#ifndef XEN_SCHED_FAIR_H
#define XEN_SCHED_FAIR_H

#include "policy.h"

#define DEFAULT_WEIGHT 256
#define SLICE          MILLISECS(10)
#define WAKE_CREDIT    MILLISECS(5)
#define PREEMPT_MARGIN MICROSECS(500)
#define CAP_PERIOD     MILLISECS(20)
#define BALANCE_PERIOD MILLISECS(30)
/* A CPU that found another's queue locked looks again. */
#define STEAL_RETRY MICROSECS(200)

struct fair_dom {
    struct domain *d;
    u32 weight; /* 1..65535 */
    u32 cap;    /* percent of a CPU; 0: none */
    s64 budget; /* ns left in this period; atomic */
    struct timer refill;
};

struct fair_vcpu {
    struct vcpu *v;
    struct fair_dom *dom;
    s64 vtime;
    s_time_t start;          /* when it was put on the CPU, or last accounted */
    unsigned int heap_index; /* from 1; 0: not queued */
    bool parked;             /* over its domain's cap */
    bool yielding;
};

struct fair_cpu {
    struct fair_vcpu **heap; /* [1..nr] */
    unsigned int nr, capacity;
    s64 min_vtime;
    s_time_t next_balance;
};
DECLARE_PER_CPU(struct fair_cpu, fair_cpu);

/* The queue of @cpu, by virtual run time. Its lock held. */
void fair_enqueue(unsigned int cpu, struct fair_vcpu *f);
void fair_dequeue(unsigned int cpu, struct fair_vcpu *f);
/* Room on @cpu for @want vCPUs: 0 or -ENOMEM. No lock held. */
int fair_reserve(unsigned int cpu, unsigned int want);
bool fair_cpu_is_idle(unsigned int cpu);
/* struct sched_policy's place(). */
unsigned int fair_place(struct vcpu *v);

#endif
