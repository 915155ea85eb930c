/* SPDX-License-Identifier: GPL-2.0-only */
/* System time (ns since boot), wall-clock time, and timers. */
#ifndef XEN_TIME_H
#define XEN_TIME_H

#include <xen/types.h>
#include <xen/timer_heap.h>

#define STIME_MAX    ((s_time_t)0x7fffffffffffffffLL)
#define SECONDS(n)   ((s_time_t)(n)*1000000000LL)
#define MILLISECS(n) ((s_time_t)(n)*1000000LL)
#define MICROSECS(n) ((s_time_t)(n)*1000LL)

s_time_t get_s_time(void);
#define NOW() get_s_time()
/* System time that the given TSC value stands for on this CPU. */
s_time_t tsc_to_s_time(u64 tsc);
extern unsigned int cpu_khz; /* TSC frequency */
extern u32
    tsc_mul_frac; /* system time = base + ((tsc - base_tsc) << tsc_shift) * tsc_mul_frac >> 32 */
extern s8 tsc_shift;
/* Wall clock: seconds and nanoseconds at system time zero. */
void wallclock_get(u64 *sec, u32 *nsec);
void wallclock_set(u64 sec, u32 nsec, s_time_t system_time_base);
void udelay(unsigned int us);

/*
 * One-shot timers; a heap per CPU. The function runs in TIMER_SOFTIRQ on the timer's CPU,
 * interrupts on. All calls from any context, any CPU.
 */
struct timer {
    struct timer_node node; /* key: when it expires */
    void (*fn)(void *);
    void *data;
    u16 cpu;
    bool active, killed;
};
void init_timer(struct timer *t, void (*fn)(void *), void *data, unsigned int cpu);
void set_timer(struct timer *t, s_time_t expires);
void stop_timer(struct timer *t);
/* Stops it for good and waits until a running function has returned. */
void kill_timer(struct timer *t);
void migrate_timer(struct timer *t, unsigned int new_cpu);
static inline bool timer_is_active(const struct timer *t)
{
    return t->active;
}
/* When this CPU's first timer is due (STIME_MAX: none). */
s_time_t timer_next_deadline(void);

void timer_subsys_init(void);
void timers_dump(unsigned char key); /* debug key 'a' */

/* arch: programs this CPU's one-shot timer interrupt; false: the deadline has passed. */
bool arch_reprogram_timer(s_time_t deadline);

#endif
