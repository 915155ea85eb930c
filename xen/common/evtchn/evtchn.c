/* SPDX-License-Identifier: GPL-2.0-only */
/* Event channels: ports, what they are bound to, and sending. */
#include "internal.h"
#include <xen/atomic.h>
#include <xen/errno.h>
#include <xen/guest_access.h>
#include <xen/lib.h>

static struct domain *global_virq_handler[NR_VIRQS]; /* protects: global_virq_lock */
static DEFINE_SPINLOCK(global_virq_lock);

struct evtchn *evtchn_from_port(struct domain *d, unsigned int port)
{
    struct evtchn_domain *e = d->evtchn;
    unsigned int bucket = port / EVTCHNS_PER_BUCKET;

    if (port >= e->nr_allocated)
        return NULL;
    return (struct evtchn *)e->group[bucket / BUCKETS_PER_GROUP][bucket % BUCKETS_PER_GROUP] +
           port % EVTCHNS_PER_BUCKET;
}

/* Adds a bucket. evtchn lock held. */
static int grow(struct domain *d)
{
    struct evtchn_domain *e = d->evtchn;
    unsigned int bucket = e->nr_allocated / EVTCHNS_PER_BUCKET, g = bucket / BUCKETS_PER_GROUP;
    struct evtchn *c;

    if (!e->group[g] && !(e->group[g] = xzalloc_array(struct evtchn *, BUCKETS_PER_GROUP)))
        return -ENOMEM;
    c = xzalloc_array(struct evtchn, EVTCHNS_PER_BUCKET);
    if (!c)
        return -ENOMEM;
    for (unsigned int i = 0; i < EVTCHNS_PER_BUCKET; i++)
        c[i].port = e->nr_allocated + i;
    e->group[g][bucket % BUCKETS_PER_GROUP] = c;
    e->nr_allocated += EVTCHNS_PER_BUCKET;
    return 0;
}

static unsigned int max_ports(const struct domain *d)
{
    unsigned int abi =
        d->evtchn->ops == &evtchn_ops_2l ? evtchn_2l_max_ports(d) : EVTCHN_FIFO_NR_CHANNELS;

    return min(abi, d->evtchn->max_port + 1);
}

/* The first free port in [from, to), or -ENOSPC, -ENOMEM. A port whose word is still on a queue
 * waits. */
static int find_free_port(struct domain *d, unsigned int from, unsigned int to)
{
    struct evtchn_domain *e = d->evtchn;

    for (unsigned int port = from; port < to; port++) {
        struct evtchn *c;

        if (port >= e->nr_allocated) {
            int rc = grow(d);

            if (rc)
                return rc;
        }
        c = evtchn_from_port(d, port);
        if (c->state == ECS_FREE && !(e->ops->is_busy && e->ops->is_busy(d, c)))
            return port;
    }
    return -ENOSPC;
}

/* A free port, not yet marked as used. evtchn lock held. */
int evtchn_get_free_port(struct domain *d)
{
    struct evtchn_domain *e = d->evtchn;
    int port;

    if (e->dying)
        return -EINVAL;
    port = find_free_port(d, e->next_free, max_ports(d));
    if (port == -ENOSPC) /* the hint has passed ports that were busy then */
        port = find_free_port(d, 1, min(e->next_free, max_ports(d)));
    if (port > 0)
        e->next_free = port + 1;
    return port;
}

void evtchn_use_port(struct domain *d, struct evtchn *c, u8 state, unsigned int vcpu)
{
    c->notify_vcpu_id = vcpu;
    if (d->evtchn->ops->init_port)
        d->evtchn->ops->init_port(d, c);
    c->state = state;
}

void evtchn_release_port(struct domain *d, struct evtchn *c)
{
    d->evtchn->ops->clear_pending(d, c);
    c->state = ECS_FREE;
    c->xen_fn = NULL;
    c->remote = NULL;
    if (c->port < d->evtchn->next_free)
        d->evtchn->next_free = c->port;
}

int evtchn_init(struct domain *d, unsigned int max_port)
{
    struct evtchn_domain *e = xzalloc(struct evtchn_domain);

    if (!e)
        return -ENOMEM;
    spin_lock_init(&e->lock);
    e->ops = &evtchn_ops_2l;
    e->max_port = min(max_port, (unsigned int)EVTCHN_FIFO_NR_CHANNELS - 1);
    e->next_free = 1;
    d->evtchn = e;
    if (grow(d)) {
        evtchn_destroy_final(d);
        return -ENOMEM;
    }
    evtchn_from_port(d, 0)->state = ECS_RESERVED;
    return 0;
}

int evtchn_init_vcpu(struct vcpu *v)
{
    v->evtchn = xzalloc(struct evtchn_vcpu);
    return v->evtchn ? 0 : -ENOMEM;
}

void evtchn_check_pollers(struct domain *d, unsigned int port)
{
    struct vcpu *v;

    if (!atomic_read(&d->nr_polling))
        return;
    for_each_vcpu (d, v) {
        int p = ACCESS_ONCE(v->poll_evtchn);

        if (p == (int)port || p == -1)
            vcpu_unblock(v);
    }
}

static void set_pending(struct domain *d, struct evtchn *c)
{
    d->evtchn->ops->set_pending(d, c);
}

void vcpu_mark_events_pending(struct vcpu *v)
{
    if (!xchg(&v->vcpu_info->evtchn_upcall_pending, 1))
        arch_evtchn_kick(v);
}

bool local_events_need_delivery(struct vcpu *v)
{
    const struct vcpu_info *info = v->vcpu_info;

    return ACCESS_ONCE(info->evtchn_upcall_pending) && !ACCESS_ONCE(info->evtchn_upcall_mask);
}

/* --- sending --- */

int evtchn_send(struct domain *ld, unsigned int lport)
{
    struct evtchn *c, *rc;
    unsigned long flags;
    int ret = 0;

    spin_lock_irqsave(&ld->evtchn->lock, flags);
    c = evtchn_from_port(ld, lport);
    if (!c) {
        ret = -EINVAL;
    } else if (c->xen_fn) { /* the guest may not send on the hypervisor's own end */
        ret = -EINVAL;
    } else if (c->state == ECS_INTERDOMAIN) {
        rc = evtchn_from_port(c->remote, c->remote_port);
        if (rc->xen_fn)
            rc->xen_fn(domain_vcpu(c->remote, rc->notify_vcpu_id), rc->port);
        else
            set_pending(c->remote, rc);
    } else if (c->state == ECS_IPI) {
        set_pending(ld, c);
    } else if (c->state != ECS_UNBOUND) { /* silently nothing: the other end is not there yet */
        ret = -EINVAL;
    }
    spin_unlock_irqrestore(&ld->evtchn->lock, flags);
    return ret;
}

void notify_via_xen_event_channel(struct domain *ld, unsigned int lport)
{
    struct evtchn *c;
    unsigned long flags;

    spin_lock_irqsave(&ld->evtchn->lock, flags);
    c = evtchn_from_port(ld, lport);
    if (c && c->state == ECS_INTERDOMAIN)
        set_pending(c->remote, evtchn_from_port(c->remote, c->remote_port));
    spin_unlock_irqrestore(&ld->evtchn->lock, flags);
}

bool evtchn_virq_is_global(u32 virq)
{
    return virq != VIRQ_TIMER && virq != VIRQ_DEBUG && virq != VIRQ_XENOPROF && virq != VIRQ_XENPMU;
}

void send_guest_vcpu_virq(struct vcpu *v, u32 virq)
{
    struct domain *d = v->domain;
    unsigned long flags;
    u32 port;

    spin_lock_irqsave(&d->evtchn->lock, flags);
    port = v->virq_to_evtchn[virq];
    if (port)
        set_pending(d, evtchn_from_port(d, port));
    spin_unlock_irqrestore(&d->evtchn->lock, flags);
}

void send_guest_global_virq(struct domain *d, u32 virq)
{
    struct vcpu *v = d ? domain_vcpu(d, 0) : NULL;

    if (v)
        send_guest_vcpu_virq(v, virq);
}

void send_global_virq(u32 virq)
{
    send_guest_global_virq(global_virq_handler[virq] ?: hardware_domain, virq);
}

int set_global_virq_handler(struct domain *d, u32 virq)
{
    struct domain *old;

    if (virq >= NR_VIRQS || !evtchn_virq_is_global(virq))
        return -EINVAL;
    if (!get_domain(d))
        return -EINVAL;
    spin_lock(&global_virq_lock);
    old = global_virq_handler[virq];
    global_virq_handler[virq] = d;
    spin_unlock(&global_virq_lock);
    if (old)
        put_domain(old);
    return 0;
}

void evtchn_release_virqs(struct domain *d)
{
    for (unsigned int virq = 0; virq < NR_VIRQS; virq++) {
        struct domain *old = NULL;

        spin_lock(&global_virq_lock);
        if (global_virq_handler[virq] == d) {
            old = d;
            global_virq_handler[virq] = NULL;
        }
        spin_unlock(&global_virq_lock);
        if (old)
            put_domain(old);
    }
}

void evtchn_destroy_final(struct domain *d)
{
    struct evtchn_domain *e = d->evtchn;
    struct vcpu *v;

    if (!e)
        return;
    for (unsigned int g = 0; g < NR_GROUPS && e->group[g]; g++) {
        for (unsigned int b = 0; b < BUCKETS_PER_GROUP; b++)
            xfree(e->group[g][b]);
        xfree(e->group[g]);
    }
    for_each_vcpu (d, v)
        XFREE(v->evtchn);
    XFREE(d->evtchn);
}

/* --- for the rest of the hypervisor --- */

int alloc_unbound_xen_event_channel(struct domain *ld, unsigned int lvcpu, domid_t remote,
                                    void (*fn)(struct vcpu *v, unsigned int port))
{
    unsigned long flags;
    int port;

    spin_lock_irqsave(&ld->evtchn->lock, flags);
    port = evtchn_get_free_port(ld);
    if (port > 0) {
        struct evtchn *c = evtchn_from_port(ld, port);

        evtchn_use_port(ld, c, ECS_UNBOUND, lvcpu);
        c->xen_fn = fn;
        c->remote_domid = remote;
    }
    spin_unlock_irqrestore(&ld->evtchn->lock, flags);
    return port;
}

void free_xen_event_channel(struct domain *d, unsigned int port)
{
    evtchn_close_port(d, port, false);
}

bool evtchn_port_is_valid(struct domain *d, unsigned int port)
{
    return port < d->evtchn->nr_allocated && evtchn_from_port(d, port)->state > ECS_RESERVED;
}

bool evtchn_port_is_pending(struct domain *d, unsigned int port)
{
    return d->evtchn->ops->is_pending(d, evtchn_from_port(d, port));
}

void evtchn_dump(struct domain *d)
{
    static const char *const names[] = {"free", "reserved", "unbound", "interdomain",
                                        "pirq", "virq",     "ipi"};

    printk("d%u event channels (%s):\n", d->domain_id,
           d->evtchn->ops == &evtchn_ops_fifo ? "FIFO" : "2-level");
    for (unsigned int port = 1; port < d->evtchn->nr_allocated; port++) {
        struct evtchn *c = evtchn_from_port(d, port);

        if (c->state > ECS_RESERVED)
            printk("  %4u vcpu%u %s pending=%d masked=%d prio=%u remote=d%d:%u virq=%u\n", port,
                   c->notify_vcpu_id, names[c->state], d->evtchn->ops->is_pending(d, c),
                   d->evtchn->ops->is_masked(d, c), c->priority,
                   c->remote ? c->remote->domain_id : c->remote_domid, c->remote_port, c->virq);
    }
}
