/* SPDX-License-Identifier: GPL-2.0-only */
/* Counters that several CPUs change, and memory ordering. */
#ifndef XEN_ATOMIC_H
#define XEN_ATOMIC_H

#include <xen/types.h>

typedef struct {
    int counter;
} atomic_t;

#define ATOMIC_INIT(n) \
    {                  \
        (n)            \
    }
static inline int atomic_read(const atomic_t *v)
{
    return ACCESS_ONCE(v->counter);
}
static inline void atomic_set(atomic_t *v, int n)
{
    ACCESS_ONCE(v->counter) = n;
}
static inline void atomic_inc(atomic_t *v)
{
    __atomic_add_fetch(&v->counter, 1, __ATOMIC_SEQ_CST);
}
static inline void atomic_dec(atomic_t *v)
{
    __atomic_sub_fetch(&v->counter, 1, __ATOMIC_SEQ_CST);
}
static inline int atomic_add_return(int n, atomic_t *v)
{
    return __atomic_add_fetch(&v->counter, n, __ATOMIC_SEQ_CST);
}
#define atomic_inc_return(v) atomic_add_return(1, v)
#define atomic_dec_return(v) atomic_add_return(-1, v)
static inline bool atomic_dec_and_test(atomic_t *v)
{
    return atomic_add_return(-1, v) == 0;
}
/* Stores @n and returns what was there. Works on any integer up to 64 bits. */
#define xchg(p, n) __atomic_exchange_n(p, n, __ATOMIC_SEQ_CST)
/* Stores @n if *@p is @o; returns what was there. */
#define cmpxchg(p, o, n)                                                                \
    ({                                                                                  \
        typeof(*(p)) o_ = (o);                                                          \
        __atomic_compare_exchange_n(p, &o_, (typeof(*(p)))(n), false, __ATOMIC_SEQ_CST, \
                                    __ATOMIC_SEQ_CST);                                  \
        o_;                                                                             \
    })
#define smp_mb()  __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define smp_rmb() __atomic_thread_fence(__ATOMIC_ACQUIRE)
#define smp_wmb() __atomic_thread_fence(__ATOMIC_RELEASE)

#endif
