/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The FIFO event ABI (public/event_channel.h): a word per event in pages that the guest supplies,
 * linked into queues per vCPU and priority. The guest may write these pages at any time, so nothing
 * read from them is trusted: link values are never followed, and each retry loop is bounded.
 */
#include "internal.h"
#include <xen/atomic.h>
#include <xen/errno.h>
#include <xen/lib.h>

#define WORD_PENDING   (1U << EVTCHN_FIFO_PENDING)
#define WORD_MASKED    (1U << EVTCHN_FIFO_MASKED)
#define WORD_LINKED    (1U << EVTCHN_FIFO_LINKED)
#define WORDS_PER_PAGE (PAGE_SIZE / sizeof(u32))
/* A correct guest changes a word a handful of times while we look. */
#define MAX_RETRIES 1000

static u32 *event_word(struct domain *d, unsigned int port)
{
    struct evtchn_domain *e = d->evtchn;

    if (port / WORDS_PER_PAGE >= e->nr_event_pages)
        return NULL;
    smp_rmb();
    return &e->event_array[port / WORDS_PER_PAGE][port % WORDS_PER_PAGE];
}

static u32 word_set(u32 *w, u32 bits)
{
    return __atomic_fetch_or(w, bits, __ATOMIC_SEQ_CST);
}

static u32 word_clear(u32 *w, u32 bits)
{
    return __atomic_fetch_and(w, ~bits, __ATOMIC_SEQ_CST);
}

/* Makes the event at @tail point to @port, if it is still linked. false: the guest consumed it. */
static bool link_behind(struct domain *d, u32 *tail, u32 port)
{
    for (unsigned int i = 0; i < MAX_RETRIES; i++) {
        u32 w = ACCESS_ONCE(*tail);

        if (!(w & WORD_LINKED))
            return false;
        if (cmpxchg(tail, w, (w & ~EVTCHN_FIFO_LINK_MASK) | port) == w)
            return true;
    }
    domain_crash(d, "event word of a queue's tail changes without end");
    return false;
}

/* The event was consumed from a queue and now goes to another: the first must not link behind it.
 */
static void forget_old_tail(struct domain *d, const struct evtchn *c)
{
    struct vcpu *v = domain_vcpu(d, c->last_vcpu_id);
    struct evtchn_fifo_queue *q;
    unsigned long flags;

    if (c->last_vcpu_id == c->notify_vcpu_id && c->last_priority == c->priority)
        return;
    if (!v || !v->evtchn->control_block)
        return;
    q = &v->evtchn->queue[c->last_priority];
    spin_lock_irqsave(&q->lock, flags);
    if (q->tail == c->port)
        q->tail = 0;
    spin_unlock_irqrestore(&q->lock, flags);
}

/* Puts the event at the end of its queue. Returns the vCPU to notify, if the queue was empty. */
static struct vcpu *enqueue(struct domain *d, struct evtchn *c, u32 *word)
{
    struct vcpu *v = domain_vcpu(d, c->notify_vcpu_id);
    struct evtchn_fifo_queue *q;
    struct vcpu *wake = NULL;
    unsigned long flags;
    u32 *tail;

    if (!v || !v->evtchn->control_block)
        return NULL;
    if (ACCESS_ONCE(*word) & WORD_LINKED)
        return NULL;
    forget_old_tail(d, c);
    q = &v->evtchn->queue[c->priority];
    spin_lock_irqsave(&q->lock, flags);
    /* Only an event that is pending, unmasked and not on any queue gets linked; and only once. */
    if ((ACCESS_ONCE(*word) & (WORD_PENDING | WORD_MASKED)) != WORD_PENDING ||
        (word_set(word, WORD_LINKED) & WORD_LINKED))
        goto out;
    word_clear(word, EVTCHN_FIFO_LINK_MASK);
    tail = q->tail && q->tail != c->port ? event_word(d, q->tail) : NULL;
    if (!tail || !link_behind(d, tail, c->port)) {
        ACCESS_ONCE(*q->head) = c->port;
        wake = v;
    }
    q->tail = c->port;
    c->last_vcpu_id = c->notify_vcpu_id;
    c->last_priority = c->priority;
out:
    spin_unlock_irqrestore(&q->lock, flags);
    return wake;
}

static void deliver(struct domain *d, struct evtchn *c, u32 *word)
{
    struct vcpu *v = enqueue(d, c, word);

    if (v &&
        !(__atomic_fetch_or(&v->evtchn->control_block->ready, 1U << c->priority, __ATOMIC_SEQ_CST) &
          (1U << c->priority)))
        vcpu_mark_events_pending(v);
}

static void set_pending_fifo(struct domain *d, struct evtchn *c)
{
    u32 *word = event_word(d, c->port), old;

    if (!word) {
        c->pending = true;
        return;
    }
    old = word_set(word, WORD_PENDING);
    if (!(old & (WORD_MASKED | WORD_LINKED)))
        deliver(d, c, word);
    if (!(old & WORD_PENDING))
        evtchn_check_pollers(d, c->port);
}

static void clear_pending_fifo(struct domain *d, struct evtchn *c)
{
    u32 *word = event_word(d, c->port);

    c->pending = false;
    if (word)
        word_clear(word, WORD_PENDING);
}

static void unmask_fifo(struct domain *d, struct evtchn *c)
{
    u32 *word = event_word(d, c->port);

    if (!word)
        return;
    if (word_clear(word, WORD_MASKED) & WORD_PENDING)
        deliver(d, c, word);
}

static bool word_has(struct domain *d, const struct evtchn *c, u32 bit)
{
    u32 *word = event_word(d, c->port);

    return word && (ACCESS_ONCE(*word) & bit);
}

static bool is_pending_fifo(struct domain *d, const struct evtchn *c)
{
    return word_has(d, c, WORD_PENDING);
}

static bool is_masked_fifo(struct domain *d, const struct evtchn *c)
{
    return !event_word(d, c->port) || word_has(d, c, WORD_MASKED);
}

static bool is_busy_fifo(struct domain *d, const struct evtchn *c)
{
    return word_has(d, c, WORD_LINKED);
}

static void init_port_fifo(struct domain *d, struct evtchn *c)
{
    c->priority = EVTCHN_FIFO_PRIORITY_DEFAULT;
}

static int set_priority_fifo(struct domain *d, struct evtchn *c, u32 priority)
{
    if (priority > EVTCHN_FIFO_PRIORITY_MIN)
        return -EINVAL;
    c->priority = priority;
    return 0;
}

const struct evtchn_ops evtchn_ops_fifo = {
    .set_pending = set_pending_fifo,
    .clear_pending = clear_pending_fifo,
    .unmask = unmask_fifo,
    .is_pending = is_pending_fifo,
    .is_masked = is_masked_fifo,
    .is_busy = is_busy_fifo,
    .init_port = init_port_fifo,
    .set_priority = set_priority_fifo,
};

/* A writable RAM page of @d at @gfn with a reference, or NULL. */
static struct page_info *guest_ram_page(struct domain *d, u64 gfn)
{
    p2m_type_t t;
    struct page_info *pg = get_page_from_gfn(d, _gfn(gfn), &t);

    if (pg && t != p2m_ram_rw) {
        put_page(pg);
        return NULL;
    }
    return pg;
}

/* Ports bound under the 2-level ABI keep what was pending; they are told when their words appear.
 */
static void switch_to_fifo(struct domain *d)
{
    struct evtchn_domain *e = d->evtchn;

    for (unsigned int port = 1; port < e->nr_allocated; port++) {
        struct evtchn *c = evtchn_from_port(d, port);

        if (c->state > ECS_RESERVED)
            c->pending = evtchn_ops_2l.is_pending(d, c);
        c->priority = EVTCHN_FIFO_PRIORITY_DEFAULT;
    }
    e->ops = &evtchn_ops_fifo;
}

int evtchn_fifo_init_control(struct evtchn_init_control *op)
{
    struct domain *d = current->domain;
    struct evtchn_domain *e = d->evtchn;
    struct vcpu *v = domain_vcpu(d, op->vcpu);
    struct page_info *pg;
    unsigned long flags;

    op->link_bits = EVTCHN_FIFO_LINK_BITS;
    if (!v)
        return -ENOENT;
    if (op->offset > PAGE_SIZE - sizeof(struct evtchn_fifo_control_block) || (op->offset & 7))
        return -EINVAL;
    pg = guest_ram_page(d, op->control_gfn);
    if (!pg)
        return -EINVAL;
    spin_lock_irqsave(&e->lock, flags);
    if (v->evtchn->control_block) {
        spin_unlock_irqrestore(&e->lock, flags);
        put_page(pg);
        return -EINVAL;
    }
    v->evtchn->control_page = pg;
    for (unsigned int i = 0; i < EVTCHN_FIFO_MAX_QUEUES; i++) {
        struct evtchn_fifo_queue *q = &v->evtchn->queue[i];

        spin_lock_init(&q->lock);
        q->tail = 0;
        q->priority = i;
        q->head = (u32 *)((char *)page_to_virt(pg) + op->offset +
                          offsetof(struct evtchn_fifo_control_block, head)) +
                  i;
    }
    smp_wmb();
    v->evtchn->control_block = (void *)((char *)page_to_virt(pg) + op->offset);
    if (e->ops != &evtchn_ops_fifo)
        switch_to_fifo(d);
    spin_unlock_irqrestore(&e->lock, flags);
    return 0;
}

/* Events that came before their words: mark them. They are linked when the guest unmasks them. */
static void deliver_early_events(struct domain *d, unsigned int first)
{
    for (unsigned int port = first; port < first + WORDS_PER_PAGE && port < d->evtchn->nr_allocated;
         port++) {
        struct evtchn *c = evtchn_from_port(d, port);

        if (c && c->pending) {
            c->pending = false;
            set_pending_fifo(d, c);
        }
    }
}

int evtchn_fifo_expand_array(const struct evtchn_expand_array *op)
{
    struct domain *d = current->domain;
    struct evtchn_domain *e = d->evtchn;
    struct page_info *pg;
    unsigned long flags;
    unsigned int n;

    if (e->ops != &evtchn_ops_fifo)
        return -EOPNOTSUPP;
    pg = guest_ram_page(d, op->array_gfn);
    if (!pg)
        return -EINVAL;
    spin_lock_irqsave(&e->lock, flags);
    n = e->nr_event_pages;
    if (n >= EVTCHN_ARRAY_PAGES) {
        spin_unlock_irqrestore(&e->lock, flags);
        put_page(pg);
        return -ENOSPC;
    }
    e->event_page[n] = pg;
    e->event_array[n] = page_to_virt(pg);
    smp_wmb();
    e->nr_event_pages = n + 1;
    deliver_early_events(d, n * WORDS_PER_PAGE);
    spin_unlock_irqrestore(&e->lock, flags);
    return 0;
}

void evtchn_fifo_destroy(struct domain *d)
{
    struct evtchn_domain *e = d->evtchn;
    struct vcpu *v;

    for_each_vcpu (d, v) {
        if (v->evtchn && v->evtchn->control_block) {
            v->evtchn->control_block = NULL;
            put_page(v->evtchn->control_page);
        }
    }
    for (unsigned int i = 0; i < e->nr_event_pages; i++)
        put_page(e->event_page[i]);
    e->nr_event_pages = 0;
    e->ops = &evtchn_ops_2l;
}
