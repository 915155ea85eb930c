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
    unsigned int abi = d->evtchn->ops == &evtchn_ops_2l ? evtchn_2l_max_ports(d) : EVTCHN_FIFO_NR_CHANNELS;

    return min(abi, d->evtchn->max_port + 1);
}

/* The first free port in [from, to), or -ENOSPC, -ENOMEM. A port whose word is still on a queue waits. */
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
static int get_free_port(struct domain *d)
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

static void use_port(struct domain *d, struct evtchn *c, u8 state, unsigned int vcpu)
{
    c->notify_vcpu_id = vcpu;
    if (d->evtchn->ops->init_port)
        d->evtchn->ops->init_port(d, c);
    c->state = state;
}

static void release_port(struct domain *d, struct evtchn *c)
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
    for_each_vcpu(d, v) {
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

static bool virq_is_global(u32 virq)
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

    if (virq >= NR_VIRQS || !virq_is_global(virq))
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

/* --- binding --- */

static void lock_two(struct domain *a, struct domain *b, unsigned long *flags)
{
    *flags = local_irq_save();
    if (a > b) {
        struct domain *t = a;

        a = b;
        b = t;
    }
    spin_lock(&a->evtchn->lock);
    if (a != b)
        spin_lock(&b->evtchn->lock);
}

static void unlock_two(struct domain *a, struct domain *b, unsigned long flags)
{
    spin_unlock(&a->evtchn->lock);
    if (a != b)
        spin_unlock(&b->evtchn->lock);
    local_irq_restore(flags);
}

static long alloc_unbound(struct evtchn_alloc_unbound *op)
{
    struct domain *d = get_domain_or_self(op->dom);
    unsigned long flags;
    int port;

    if (!d)
        return -ESRCH;
    if (d != current->domain && !is_control_domain(current->domain)) {
        put_domain(d);
        return -EPERM;
    }
    spin_lock_irqsave(&d->evtchn->lock, flags);
    port = get_free_port(d);
    if (port > 0) {
        struct evtchn *c = evtchn_from_port(d, port);

        use_port(d, c, ECS_UNBOUND, 0);
        c->remote_domid = op->remote_dom == DOMID_SELF ? current->domain->domain_id : op->remote_dom;
        op->port = port;
    }
    spin_unlock_irqrestore(&d->evtchn->lock, flags);
    put_domain(d);
    return port < 0 ? port : 0;
}

static int bind_pair(struct domain *ld, struct domain *rd, u32 rport, u32 *lport)
{
    struct evtchn *lc, *rc = evtchn_from_port(rd, rport);
    int port;

    if (!rc || rc->state != ECS_UNBOUND || rc->remote_domid != ld->domain_id)
        return -EINVAL;
    port = get_free_port(ld);
    if (port < 0)
        return port;
    lc = evtchn_from_port(ld, port);
    if (!get_domain(ld))
        return -EINVAL;
    if (!get_domain(rd)) {
        put_domain(ld);
        return -EINVAL;
    }
    use_port(ld, lc, ECS_INTERDOMAIN, current->domain == ld ? current->vcpu_id : 0);
    lc->remote = rd;
    lc->remote_port = rport;
    rc->remote = ld;
    rc->remote_port = port;
    rc->state = ECS_INTERDOMAIN;
    /* Whatever was sent before now must not be lost. */
    set_pending(ld, lc);
    *lport = port;
    return 0;
}

static long bind_interdomain(struct evtchn_bind_interdomain *op)
{
    struct domain *ld = current->domain, *rd = get_domain_or_self(op->remote_dom);
    unsigned long flags;
    int rc;

    if (!rd)
        return -ESRCH;
    lock_two(ld, rd, &flags);
    rc = bind_pair(ld, rd, op->remote_port, &op->local_port);
    unlock_two(ld, rd, flags);
    put_domain(rd);
    return rc;
}

static long bind_virq(struct evtchn_bind_virq *op)
{
    struct domain *d = current->domain;
    struct vcpu *v = domain_vcpu(d, op->vcpu);
    unsigned long flags;
    int port;

    if (op->virq >= ARRAY_SIZE(v->virq_to_evtchn))
        return -EINVAL;
    if (virq_is_global(op->virq) && op->vcpu != 0)
        return -EINVAL;
    if (!v)
        return -ENOENT;
    spin_lock_irqsave(&d->evtchn->lock, flags);
    port = v->virq_to_evtchn[op->virq] ? -EEXIST : get_free_port(d);
    if (port > 0) {
        struct evtchn *c = evtchn_from_port(d, port);

        use_port(d, c, ECS_VIRQ, op->vcpu);
        c->virq = op->virq;
        v->virq_to_evtchn[op->virq] = op->port = port;
    }
    spin_unlock_irqrestore(&d->evtchn->lock, flags);
    return port < 0 ? port : 0;
}

static long bind_ipi(struct evtchn_bind_ipi *op)
{
    struct domain *d = current->domain;
    unsigned long flags;
    int port;

    if (!domain_vcpu(d, op->vcpu))
        return -ENOENT;
    spin_lock_irqsave(&d->evtchn->lock, flags);
    port = get_free_port(d);
    if (port > 0) {
        use_port(d, evtchn_from_port(d, port), ECS_IPI, op->vcpu);
        op->port = port;
    }
    spin_unlock_irqrestore(&d->evtchn->lock, flags);
    return port < 0 ? port : 0;
}

/* --- closing --- */

/* Locks held: the domain's and, for an interdomain channel, the other end's. Returns whose reference to drop. */
static void close_locked(struct domain *d, struct evtchn *c)
{
    struct domain *rd = c->remote;

    if (c->state == ECS_VIRQ) {
        struct vcpu *v = domain_vcpu(d, c->notify_vcpu_id);
        struct vcpu *each;

        if (v && v->virq_to_evtchn[c->virq] == c->port)
            v->virq_to_evtchn[c->virq] = 0;
        else /* a global one that was moved to another vCPU */
            for_each_vcpu(d, each)
                if (each->virq_to_evtchn[c->virq] == c->port)
                    each->virq_to_evtchn[c->virq] = 0;
    } else if (c->state == ECS_INTERDOMAIN) {
        struct evtchn *rc = evtchn_from_port(rd, c->remote_port);

        rc->state = ECS_UNBOUND;
        rc->remote = NULL;
        rc->remote_domid = d->domain_id;
    }
    release_port(d, c);
}

static int evtchn_close_port(struct domain *d, unsigned int port, bool guest)
{
    struct domain *rd = NULL;
    struct evtchn *c;
    unsigned long flags;
    int rc = 0;

    for (;;) {
        /* Who is at the other end, before both can be locked? A reference keeps it in place. */
        spin_lock_irqsave(&d->evtchn->lock, flags);
        c = evtchn_from_port(d, port);
        if (c && c->state == ECS_INTERDOMAIN && !rd)
            rd = c->remote;
        if (rd && !get_domain(rd))
            rd = NULL;
        spin_unlock_irqrestore(&d->evtchn->lock, flags);

        lock_two(d, rd ?: d, &flags);
        if (!c || c->state == ECS_FREE || c->state == ECS_RESERVED || (guest && c->xen_fn)) {
            rc = -EINVAL;
        } else if (c->state == ECS_INTERDOMAIN && c->remote != rd) {
            unlock_two(d, rd ?: d, flags); /* it was bound meanwhile */
            if (rd)
                put_domain(rd);
            rd = NULL;
            continue;
        } else {
            bool pair = c->state == ECS_INTERDOMAIN;

            close_locked(d, c);
            unlock_two(d, rd ?: d, flags);
            if (pair) {
                put_domain(rd);
                put_domain(d);
            }
            break;
        }
        unlock_two(d, rd ?: d, flags);
        break;
    }
    if (rd)
        put_domain(rd);
    return rc;
}

static long evtchn_close(struct evtchn_close *op)
{
    return evtchn_close_port(current->domain, op->port, true);
}

static long evtchn_reset(struct evtchn_reset *op)
{
    struct domain *d = get_domain_or_self(op->dom);

    if (!d)
        return -ESRCH;
    if (d != current->domain && !is_control_domain(current->domain)) {
        put_domain(d);
        return -EPERM;
    }
    for (unsigned int port = 1; port < d->evtchn->nr_allocated; port++)
        evtchn_close_port(d, port, true);
    if (d->evtchn->ops == &evtchn_ops_fifo) {
        unsigned long flags;

        spin_lock_irqsave(&d->evtchn->lock, flags);
        evtchn_fifo_destroy(d);
        spin_unlock_irqrestore(&d->evtchn->lock, flags);
    }
    put_domain(d);
    return 0;
}

void evtchn_destroy(struct domain *d)
{
    unsigned long flags;

    if (!d->evtchn)
        return;
    spin_lock_irqsave(&d->evtchn->lock, flags);
    d->evtchn->dying = true;
    spin_unlock_irqrestore(&d->evtchn->lock, flags);
    for (unsigned int port = 1; port < d->evtchn->nr_allocated; port++)
        evtchn_close_port(d, port, false);
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
    evtchn_fifo_destroy(d);
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
    for_each_vcpu(d, v)
        XFREE(v->evtchn);
    XFREE(d->evtchn);
}

/* --- looking and tuning --- */

static long evtchn_status(struct evtchn_status *op)
{
    struct domain *d = get_domain_or_self(op->dom);
    struct evtchn *c;
    unsigned long flags;
    long rc = 0;

    if (!d)
        return -ESRCH;
    if (d != current->domain && !is_control_domain(current->domain)) {
        put_domain(d);
        return -EPERM;
    }
    spin_lock_irqsave(&d->evtchn->lock, flags);
    c = evtchn_from_port(d, op->port);
    op->status = EVTCHNSTAT_closed;
    if (!c) {
        rc = -EINVAL;
    } else {
        op->vcpu = c->notify_vcpu_id;
        switch (c->state) {
        case ECS_UNBOUND:
            op->status = EVTCHNSTAT_unbound;
            op->u.unbound.dom = c->remote_domid;
            break;
        case ECS_INTERDOMAIN:
            op->status = EVTCHNSTAT_interdomain;
            op->u.interdomain.dom = c->remote->domain_id;
            op->u.interdomain.port = c->remote_port;
            break;
        case ECS_PIRQ:
            op->status = EVTCHNSTAT_pirq;
            op->u.pirq = c->pirq;
            break;
        case ECS_VIRQ:
            op->status = EVTCHNSTAT_virq;
            op->u.virq = c->virq;
            break;
        case ECS_IPI:
            op->status = EVTCHNSTAT_ipi;
            break;
        }
    }
    spin_unlock_irqrestore(&d->evtchn->lock, flags);
    put_domain(d);
    return rc;
}

static long evtchn_bind_vcpu(struct evtchn_bind_vcpu *op)
{
    struct domain *d = current->domain;
    struct evtchn *c;
    unsigned long flags;
    long rc = 0;

    if (!domain_vcpu(d, op->vcpu))
        return -ENOENT;
    spin_lock_irqsave(&d->evtchn->lock, flags);
    c = evtchn_from_port(d, op->port);
    if (!c || c->xen_fn)
        rc = -EINVAL;
    else if (c->state == ECS_UNBOUND || c->state == ECS_INTERDOMAIN || c->state == ECS_PIRQ ||
             (c->state == ECS_VIRQ && virq_is_global(c->virq)))
        c->notify_vcpu_id = op->vcpu;
    else
        rc = -EINVAL;
    spin_unlock_irqrestore(&d->evtchn->lock, flags);
    return rc;
}

static long evtchn_unmask(struct evtchn_unmask *op)
{
    struct domain *d = current->domain;
    struct evtchn *c;
    unsigned long flags;

    spin_lock_irqsave(&d->evtchn->lock, flags);
    c = evtchn_from_port(d, op->port);
    if (c && c->state > ECS_RESERVED)
        d->evtchn->ops->unmask(d, c);
    spin_unlock_irqrestore(&d->evtchn->lock, flags);
    return c ? 0 : -EINVAL;
}

static long evtchn_set_priority(struct evtchn_set_priority *op)
{
    struct domain *d = current->domain;
    struct evtchn *c;
    unsigned long flags;
    long rc;

    spin_lock_irqsave(&d->evtchn->lock, flags);
    c = evtchn_from_port(d, op->port);
    if (!c || c->state <= ECS_RESERVED)
        rc = -EINVAL;
    else
        rc = d->evtchn->ops->set_priority ? d->evtchn->ops->set_priority(d, c, op->priority) : -ENOSYS;
    spin_unlock_irqrestore(&d->evtchn->lock, flags);
    return rc;
}

static long evtchn_send_op(struct evtchn_send *op)
{
    return evtchn_send(current->domain, op->port);
}

static long bind_pirq(struct evtchn_bind_pirq *op)
{
    return -EINVAL; /* hardware-virtualised domains have no PIRQs here */
}

static long init_control(struct evtchn_init_control *op)
{
    return evtchn_fifo_init_control(op);
}

static long expand_array(struct evtchn_expand_array *op)
{
    return evtchn_fifo_expand_array(op);
}

/* --- the hypercall --- */

#define EVTCHN_OP(cmd, fn_, type, out)                                                             \
    [cmd] = {.fn = (long (*)(void *))(void (*)(void))(fn_), .size = sizeof(type), .copy_back = (out)}
static const struct {
    long (*fn)(void *arg);
    u8 size;
    bool copy_back;
} evtchn_op[] = {
    EVTCHN_OP(EVTCHNOP_bind_interdomain, bind_interdomain, struct evtchn_bind_interdomain, true),
    EVTCHN_OP(EVTCHNOP_bind_virq, bind_virq, struct evtchn_bind_virq, true),
    EVTCHN_OP(EVTCHNOP_bind_pirq, bind_pirq, struct evtchn_bind_pirq, true),
    EVTCHN_OP(EVTCHNOP_close, evtchn_close, struct evtchn_close, false),
    EVTCHN_OP(EVTCHNOP_send, evtchn_send_op, struct evtchn_send, false),
    EVTCHN_OP(EVTCHNOP_status, evtchn_status, struct evtchn_status, true),
    EVTCHN_OP(EVTCHNOP_alloc_unbound, alloc_unbound, struct evtchn_alloc_unbound, true),
    EVTCHN_OP(EVTCHNOP_bind_ipi, bind_ipi, struct evtchn_bind_ipi, true),
    EVTCHN_OP(EVTCHNOP_bind_vcpu, evtchn_bind_vcpu, struct evtchn_bind_vcpu, false),
    EVTCHN_OP(EVTCHNOP_unmask, evtchn_unmask, struct evtchn_unmask, false),
    EVTCHN_OP(EVTCHNOP_reset, evtchn_reset, struct evtchn_reset, false),
    EVTCHN_OP(EVTCHNOP_init_control, init_control, struct evtchn_init_control, true),
    EVTCHN_OP(EVTCHNOP_expand_array, expand_array, struct evtchn_expand_array, false),
    EVTCHN_OP(EVTCHNOP_set_priority, evtchn_set_priority, struct evtchn_set_priority, false),
};

long do_event_channel_op(unsigned int cmd, unsigned long arg)
{
    u64 buf[4]; /* every structure is the same for 32- and 64-bit callers */
    long rc;

    if (cmd >= ARRAY_SIZE(evtchn_op) || !evtchn_op[cmd].fn)
        return -ENOSYS;
    if (raw_copy_from_guest(buf, arg, evtchn_op[cmd].size))
        return -EFAULT;
    rc = evtchn_op[cmd].fn(buf);
    if (!rc && evtchn_op[cmd].copy_back && raw_copy_to_guest(arg, buf, evtchn_op[cmd].size))
        rc = -EFAULT;
    return rc;
}

/* --- for the rest of the hypervisor --- */

int alloc_unbound_xen_event_channel(struct domain *ld, unsigned int lvcpu, domid_t remote,
                                    void (*fn)(struct vcpu *v, unsigned int port))
{
    unsigned long flags;
    int port;

    spin_lock_irqsave(&ld->evtchn->lock, flags);
    port = get_free_port(ld);
    if (port > 0) {
        struct evtchn *c = evtchn_from_port(ld, port);

        use_port(ld, c, ECS_UNBOUND, lvcpu);
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
    static const char *const names[] = {"free", "reserved", "unbound", "interdomain", "pirq", "virq", "ipi"};

    printk("d%u event channels (%s):\n", d->domain_id, d->evtchn->ops == &evtchn_ops_fifo ? "FIFO" : "2-level");
    for (unsigned int port = 1; port < d->evtchn->nr_allocated; port++) {
        struct evtchn *c = evtchn_from_port(d, port);

        if (c->state > ECS_RESERVED)
            printk("  %4u vcpu%u %s pending=%d masked=%d prio=%u remote=d%d:%u virq=%u\n", port, c->notify_vcpu_id,
                   names[c->state], d->evtchn->ops->is_pending(d, c), d->evtchn->ops->is_masked(d, c), c->priority,
                   c->remote ? c->remote->domain_id : c->remote_domid, c->remote_port, c->virq);
    }
}
