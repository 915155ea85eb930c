/* SPDX-License-Identifier: GPL-2.0-only */
/* Tasklets: functions that run soon, on the CPU that scheduled them, with interrupts on. */
#include <xen/softirq.h>
#include <xen/lib.h>
#include <xen/smp.h>
#include <xen/spinlock.h>

struct tasklet_queue {
    struct list_head list; /* protects: tasklet_lock */
    struct tasklet *running;
};
static DEFINE_PER_CPU(struct tasklet_queue, tasklet_queue);
static DEFINE_SPINLOCK(tasklet_lock); /* leaf, IRQ-safe */

static struct tasklet_queue *queue_of(unsigned int cpu)
{
    struct tasklet_queue *q = &per_cpu(tasklet_queue, cpu);

    if (!q->list.next)
        INIT_LIST_HEAD(&q->list);
    return q;
}

void tasklet_init(struct tasklet *t, void (*fn)(void *), void *data)
{
    *t = (struct tasklet){.fn = fn, .data = data};
    INIT_LIST_HEAD(&t->list);
}

void tasklet_schedule(struct tasklet *t)
{
    unsigned long flags;

    spin_lock_irqsave(&tasklet_lock, flags);
    if (!t->scheduled) {
        t->scheduled = true;
        list_add_tail(&t->list, &queue_of(smp_processor_id())->list);
        raise_softirq(TASKLET_SOFTIRQ);
    }
    spin_unlock_irqrestore(&tasklet_lock, flags);
}

void tasklet_kill(struct tasklet *t)
{
    unsigned long flags;
    unsigned int cpu;

    spin_lock_irqsave(&tasklet_lock, flags);
    if (t->scheduled) {
        list_del_init(&t->list);
        t->scheduled = false;
    }
    spin_unlock_irqrestore(&tasklet_lock, flags);
    for_each_online_cpu (cpu)
        while (cpu != smp_processor_id() && ACCESS_ONCE(per_cpu(tasklet_queue, cpu).running) == t)
            cpu_relax();
}

static void tasklet_softirq(void)
{
    struct tasklet_queue *q = queue_of(smp_processor_id());
    unsigned long flags;

    spin_lock_irqsave(&tasklet_lock, flags);
    while (!list_empty(&q->list)) {
        struct tasklet *t = list_first_entry(&q->list, struct tasklet, list);

        list_del_init(&t->list);
        t->scheduled = false;
        q->running = t;
        spin_unlock_irqrestore(&tasklet_lock, flags);
        t->fn(t->data);
        spin_lock_irqsave(&tasklet_lock, flags);
        q->running = NULL;
    }
    spin_unlock_irqrestore(&tasklet_lock, flags);
}

void tasklet_subsys_init(void)
{
    open_softirq(TASKLET_SOFTIRQ, tasklet_softirq);
}
