/* SPDX-License-Identifier: GPL-2.0-only */
/* Sets of host CPUs. */
#ifndef XEN_CPUMASK_H
#define XEN_CPUMASK_H

#include <xen/bitmap.h>

typedef struct {
    unsigned long bits[BITS_TO_LONGS(NR_CPUS)];
} cpumask_t;

extern cpumask_t cpu_online_map, cpu_possible_map, cpu_present_map;
extern unsigned int nr_cpu_ids; /* one more than the highest possible CPU */

#define cpu_online(cpu) cpumask_test(&cpu_online_map, cpu)
static inline bool cpumask_test(const cpumask_t *m, unsigned int cpu)
{
    return cpu < NR_CPUS && test_bit(cpu, m->bits);
}
static inline void cpumask_set(cpumask_t *m, unsigned int cpu)
{
    set_bit(cpu, m->bits);
}
static inline void cpumask_clear(cpumask_t *m, unsigned int cpu)
{
    clear_bit(cpu, m->bits);
}
static inline void cpumask_zero(cpumask_t *m)
{
    *m = (cpumask_t){{0}};
}
static inline void cpumask_fill(cpumask_t *m)
{
    for (unsigned int i = 0; i < ARRAY_SIZE(m->bits); i++)
        m->bits[i] = ~0UL;
}
static inline unsigned int cpumask_next(const cpumask_t *m, int after)
{
    return find_next_bit(m->bits, NR_CPUS, after + 1);
}
static inline unsigned int cpumask_first(const cpumask_t *m)
{
    return cpumask_next(m, -1);
}
static inline bool cpumask_empty(const cpumask_t *m)
{
    return cpumask_first(m) >= NR_CPUS;
}
static inline unsigned int cpumask_weight(const cpumask_t *m)
{
    return bitmap_weight(m->bits, NR_CPUS);
}
static inline void cpumask_and(cpumask_t *d, const cpumask_t *a, const cpumask_t *b)
{
    for (unsigned int i = 0; i < ARRAY_SIZE(d->bits); i++)
        d->bits[i] = a->bits[i] & b->bits[i];
}
static inline bool cpumask_intersects(const cpumask_t *a, const cpumask_t *b)
{
    for (unsigned int i = 0; i < ARRAY_SIZE(a->bits); i++)
        if (a->bits[i] & b->bits[i])
            return true;
    return false;
}
#define for_each_cpu(cpu, mask) \
    for ((cpu) = cpumask_first(mask); (cpu) < NR_CPUS; (cpu) = cpumask_next(mask, cpu))
#define for_each_online_cpu(cpu) for_each_cpu(cpu, &cpu_online_map)

#endif
