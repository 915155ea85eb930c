/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One-shot timers. Each CPU has a heap; its first element is what the CPU's timer interrupt is
 * programmed for. The hardware is touched only when the first deadline gets earlier: after a
 * stop it may fire once for nothing, which is cheaper than programming it each time.
 */
#include <xen/time.h>
#include <xen/lib.h>
#include <xen/smp.h>
#include <xen/softirq.h>
#include <xen/spinlock.h>

struct timers {
    spinlock_t lock;
    struct timer_node *root; /* protects: lock */
    struct timer *running;   /* protects: lock */
    s_time_t programmed;     /* what the hardware was told; protects: lock */
};
static DEFINE_PER_CPU(struct timers, timers) = {
    .lock = {.order = LOCK_TIMER},
    .programmed = STIME_MAX,
};

static struct timer *first(const struct timers *ts)
{
    return ts->root ? container_of(ts->root, struct timer, node) : NULL;
}

/* The heap that @t belongs to, locked. migrate_timer() may move it while we wait. */
static struct timers *lock_timers(const struct timer *t, unsigned long *flags)
{
    for (;;) {
        unsigned int cpu = ACCESS_ONCE(t->cpu);
        struct timers *ts = &per_cpu(timers, cpu);

        spin_lock_irqsave(&ts->lock, *flags);
        if (likely(cpu == t->cpu))
            return ts;
        spin_unlock_irqrestore(&ts->lock, *flags);
    }
}

/* After an insertion: makes sure that the interrupt comes in time. Lock held. */
static void program(struct timers *ts, unsigned int cpu)
{
    s_time_t due = ts->root ? ts->root->key : STIME_MAX;

    if (due >= ts->programmed)
        return;
    if (cpu != smp_processor_id()) {
        cpu_raise_softirq(cpu, TIMER_SOFTIRQ);
        return;
    }
    ts->programmed = due;
    if (!arch_reprogram_timer(due))
        raise_softirq(TIMER_SOFTIRQ);
}

static void deactivate(struct timers *ts, struct timer *t)
{
    if (t->active) {
        ts->root = timer_heap_remove(ts->root, &t->node);
        t->active = false;
    }
}

void init_timer(struct timer *t, void (*fn)(void *), void *data, unsigned int cpu)
{
    *t = (struct timer){.fn = fn, .data = data, .cpu = cpu};
}

void set_timer(struct timer *t, s_time_t expires)
{
    unsigned long flags;
    struct timers *ts = lock_timers(t, &flags);

    if (!t->killed) {
        deactivate(ts, t);
        t->node.key = expires;
        t->active = true;
        ts->root = timer_heap_insert(ts->root, &t->node);
        if (ts->root == &t->node)
            program(ts, t->cpu);
    }
    spin_unlock_irqrestore(&ts->lock, flags);
}

void stop_timer(struct timer *t)
{
    unsigned long flags;
    struct timers *ts;

    if (!t->fn)
        return; /* never initialised */
    ts = lock_timers(t, &flags);
    deactivate(ts, t);
    spin_unlock_irqrestore(&ts->lock, flags);
}

void kill_timer(struct timer *t)
{
    unsigned long flags;
    struct timers *ts;
    unsigned int cpu;

    if (!t->fn)
        return;
    ts = lock_timers(t, &flags);
    deactivate(ts, t);
    t->killed = true;
    spin_unlock_irqrestore(&ts->lock, flags);
    for_each_online_cpu (cpu)
        while (cpu != smp_processor_id() && ACCESS_ONCE(per_cpu(timers, cpu).running) == t)
            cpu_relax();
}

void migrate_timer(struct timer *t, unsigned int new_cpu)
{
    struct timers *from = NULL, *to = &per_cpu(timers, new_cpu);
    unsigned long flags;

    for (;;) {
        unsigned int cpu = ACCESS_ONCE(t->cpu);

        if (cpu == new_cpu)
            return;
        /* Two heaps are locked in the order of their CPUs. */
        from = &per_cpu(timers, cpu);
        flags = local_irq_save();
        spin_lock(cpu < new_cpu ? &from->lock : &to->lock);
        spin_lock(cpu < new_cpu ? &to->lock : &from->lock);
        if (cpu == t->cpu)
            break;
        spin_unlock(&from->lock);
        spin_unlock_irqrestore(&to->lock, flags);
    }
    if (t->active) {
        from->root = timer_heap_remove(from->root, &t->node);
        to->root = timer_heap_insert(to->root, &t->node);
    }
    t->cpu = new_cpu;
    if (t->active && to->root == &t->node)
        program(to, new_cpu);
    spin_unlock(&from->lock);
    spin_unlock_irqrestore(&to->lock, flags);
}

s_time_t timer_next_deadline(void)
{
    const struct timer_node *root = ACCESS_ONCE(this_cpu(timers).root);

    return root ? root->key : STIME_MAX;
}

/* Runs what is due, then programs the hardware for what comes next. */
static void timer_softirq(void)
{
    struct timers *ts = &this_cpu(timers);
    struct timer *t;

    spin_lock_irq(&ts->lock);
    for (;;) {
        s_time_t now = NOW();

        while ((t = first(ts)) && t->node.key <= now) {
            deactivate(ts, t);
            ts->running = t;
            spin_unlock_irq(&ts->lock);
            t->fn(t->data);
            spin_lock_irq(&ts->lock);
            ts->running = NULL;
        }
        ts->programmed = t ? t->node.key : STIME_MAX;
        if (!t || arch_reprogram_timer(t->node.key))
            break;
    }
    spin_unlock_irq(&ts->lock);
}

static void dump_cpu_timers(unsigned int cpu)
{
    const struct timer_node *root = per_cpu(timers, cpu).root;

    if (root)
        printk("  CPU%u: first timer in %ld us, function %p\n", cpu,
               (long)(root->key - NOW()) / 1000,
               (void *)(uintptr_t)container_of(root, struct timer, node)->fn);
    else
        printk("  CPU%u: no timer\n", cpu);
}

void timers_dump(unsigned char key)
{
    unsigned int cpu;

    printk("Timers (now %ld ns):\n", (long)NOW());
    for_each_online_cpu (cpu)
        dump_cpu_timers(cpu);
}

void timer_subsys_init(void)
{
    open_softirq(TIMER_SOFTIRQ, timer_softirq);
}
