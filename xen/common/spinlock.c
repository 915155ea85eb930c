/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ticket spinlocks (fair: first come, first served) and reader-writer locks. Debug builds check the
 * order in which a CPU takes locks (enum lock_order).
 */
#include <xen/spinlock.h>
#include <xen/atomic.h>
#include <xen/lib.h>
#include <xen/percpu.h>
#include <xen/smp.h>

#ifndef NDEBUG
#define MAX_HELD 12
struct held_locks {
    unsigned int nr;
    const spinlock_t *lock[MAX_HELD];
};
static DEFINE_PER_CPU(struct held_locks, held_locks);
/* An IRQ-safe lock may be taken by a handler in the middle of these: they are ordered by
 * their being per-CPU and restoring what they changed. */
static void check_order(const spinlock_t *l)
{
    struct held_locks *h;
    unsigned long flags;

    if (!l->order)
        return;
    flags = local_irq_save();
    h = &this_cpu(held_locks);
    for (unsigned int i = 0; i < h->nr; i++)
        if (h->lock[i]->order > l->order)
            panic("Lock of order %u taken while one of order %u is held\n", l->order,
                  h->lock[i]->order);
    if (h->nr < MAX_HELD)
        h->lock[h->nr++] = l;
    local_irq_restore(flags);
}

static void forget_order(const spinlock_t *l)
{
    struct held_locks *h;
    unsigned long flags;

    if (!l->order)
        return;
    flags = local_irq_save();
    h = &this_cpu(held_locks);
    for (unsigned int i = h->nr; i--;)
        if (h->lock[i] == l) {
            h->lock[i] = h->lock[--h->nr];
            break;
        }
    local_irq_restore(flags);
}
#else
static inline void check_order(const spinlock_t *l)
{
}
static inline void forget_order(const spinlock_t *l)
{
}
#endif

void spin_lock(spinlock_t *l)
{
    u16 ticket;

    check_order(l);
    ticket = __atomic_fetch_add(&l->tail, 1, __ATOMIC_ACQUIRE);
    while (__atomic_load_n(&l->head, __ATOMIC_ACQUIRE) != ticket)
        cpu_relax();
    l->owner = smp_processor_id() + 1;
}

void spin_unlock(spinlock_t *l)
{
    ASSERT(l->owner == smp_processor_id() + 1);
    l->owner = 0;
    __atomic_store_n(&l->head, l->head + 1, __ATOMIC_RELEASE);
    forget_order(l);
}

bool spin_trylock(spinlock_t *l)
{
    u16 head = __atomic_load_n(&l->head, __ATOMIC_RELAXED), expected = head;

    if (!__atomic_compare_exchange_n(&l->tail, &expected, head + 1, false, __ATOMIC_ACQUIRE,
                                     __ATOMIC_RELAXED))
        return false;
    /* head may have moved past the value read, then so had tail, and the exchange failed. */
    l->owner = smp_processor_id() + 1;
    check_order(l);
    return true;
}

bool spin_is_locked(const spinlock_t *l)
{
    return l->head != l->tail;
}

void spin_lock_recursive(spinlock_t *l)
{
    if (ACCESS_ONCE(l->owner) != smp_processor_id() + 1)
        spin_lock(l);
    else
        l->depth++;
}

void spin_unlock_recursive(spinlock_t *l)
{
    if (l->depth)
        l->depth--;
    else
        spin_unlock(l);
}

/* From @from to @to; false: it has another value. */
static bool rw_change(rwlock_t *l, s32 from, s32 to)
{
    return __atomic_compare_exchange_n(&l->count, &from, to, false, __ATOMIC_ACQUIRE,
                                       __ATOMIC_RELAXED);
}

void read_lock(rwlock_t *l)
{
    for (;;) {
        s32 c = ACCESS_ONCE(l->count);

        if (c >= 0 && rw_change(l, c, c + 1))
            return;
        cpu_relax();
    }
}

void read_unlock(rwlock_t *l)
{
    __atomic_sub_fetch(&l->count, 1, __ATOMIC_RELEASE);
}

void write_lock(rwlock_t *l)
{
    while (ACCESS_ONCE(l->count) != 0 || !rw_change(l, 0, -1))
        cpu_relax();
}

void write_unlock(rwlock_t *l)
{
    __atomic_store_n(&l->count, 0, __ATOMIC_RELEASE);
}
