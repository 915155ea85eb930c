/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Locks. Ticket spinlocks; order numbers are declared here once: a CPU may only take a lock of a
 * higher order than those it holds (checked in debug builds by xen/common/lockcheck where an order
 * is given; order 0 is unchecked).
 */
#ifndef XEN_SPINLOCK_H
#define XEN_SPINLOCK_H

#include <xen/types.h>
#include <asm/irqflags.h>

enum lock_order {
    LOCK_UNORDERED,
    LOCK_DOMLIST = 10,
    LOCK_DOMCTL,
    LOCK_DOMAIN,
    LOCK_GRANT = 20,
    LOCK_P2M = 30,
    LOCK_PAGE_ALLOC = 40,
    LOCK_EVTCHN = 50,
    LOCK_VLAPIC = 60,
    LOCK_VIOAPIC,
    LOCK_SCHED = 70,
    LOCK_TIMER = 80,
    LOCK_HEAP = 90,
    LOCK_IRQ = 95,
    LOCK_CONSOLE = 99,
};

typedef struct spinlock {
    volatile u16 head, tail;
    u16 order;
    u16 owner; /* CPU + 1 while held, for assertions and recursive use */
    u16 depth;
} spinlock_t;

typedef struct rwlock {
    volatile s32 count; /* readers, or -1: a writer */
} rwlock_t;

#define SPIN_LOCK_UNLOCKED \
    {                      \
        0                  \
    }
#define DEFINE_SPINLOCK(l)          spinlock_t l = SPIN_LOCK_UNLOCKED
#define DEFINE_SPINLOCK_ORDER(l, o) spinlock_t l = {.order = (o)}
#define RW_LOCK_UNLOCKED \
    {                    \
        0                \
    }
#define DEFINE_RWLOCK(l) rwlock_t l = RW_LOCK_UNLOCKED

static inline void spin_lock_init(spinlock_t *l)
{
    *l = (spinlock_t)SPIN_LOCK_UNLOCKED;
}
static inline void rwlock_init(rwlock_t *l)
{
    l->count = 0;
}

void spin_lock(spinlock_t *l);
void spin_unlock(spinlock_t *l);
bool spin_trylock(spinlock_t *l);
bool spin_is_locked(const spinlock_t *l);
/* The same CPU may take it again. */
void spin_lock_recursive(spinlock_t *l);
void spin_unlock_recursive(spinlock_t *l);

void read_lock(rwlock_t *l);
void read_unlock(rwlock_t *l);
void write_lock(rwlock_t *l);
void write_unlock(rwlock_t *l);

#define spin_lock_irqsave(l, f) \
    do {                        \
        (f) = local_irq_save(); \
        spin_lock(l);           \
    } while (0)
#define spin_unlock_irqrestore(l, f) \
    do {                             \
        spin_unlock(l);              \
        local_irq_restore(f);        \
    } while (0)
static inline void spin_lock_irq(spinlock_t *l)
{
    local_irq_disable();
    spin_lock(l);
}
static inline void spin_unlock_irq(spinlock_t *l)
{
    spin_unlock(l);
    local_irq_enable();
}

#endif
