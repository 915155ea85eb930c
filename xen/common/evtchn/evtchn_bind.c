/* SPDX-License-Identifier: GPL-2.0-only */
/* Binding ports to their other ends, and closing them. */
#include "internal.h"
#include <xen/errno.h>
#include <xen/lib.h>

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

long evtchn_alloc_unbound(struct evtchn_alloc_unbound *op)
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
    port = evtchn_get_free_port(d);
    if (port > 0) {
        struct evtchn *c = evtchn_from_port(d, port);

        evtchn_use_port(d, c, ECS_UNBOUND, 0);
        c->remote_domid =
            op->remote_dom == DOMID_SELF ? current->domain->domain_id : op->remote_dom;
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
    port = evtchn_get_free_port(ld);
    if (port < 0)
        return port;
    lc = evtchn_from_port(ld, port);
    if (!get_domain(ld))
        return -EINVAL;
    if (!get_domain(rd)) {
        put_domain(ld);
        return -EINVAL;
    }
    evtchn_use_port(ld, lc, ECS_INTERDOMAIN, current->domain == ld ? current->vcpu_id : 0);
    lc->remote = rd;
    lc->remote_port = rport;
    rc->remote = ld;
    rc->remote_port = port;
    rc->state = ECS_INTERDOMAIN;
    /* Whatever was sent before now must not be lost. */
    ld->evtchn->ops->set_pending(ld, lc);
    *lport = port;
    return 0;
}

long evtchn_bind_interdomain(struct evtchn_bind_interdomain *op)
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

long evtchn_bind_virq(struct evtchn_bind_virq *op)
{
    struct domain *d = current->domain;
    struct vcpu *v = domain_vcpu(d, op->vcpu);
    unsigned long flags;
    int port;

    if (op->virq >= ARRAY_SIZE(v->virq_to_evtchn))
        return -EINVAL;
    if (evtchn_virq_is_global(op->virq) && op->vcpu != 0)
        return -EINVAL;
    if (!v)
        return -ENOENT;
    spin_lock_irqsave(&d->evtchn->lock, flags);
    port = v->virq_to_evtchn[op->virq] ? -EEXIST : evtchn_get_free_port(d);
    if (port > 0) {
        struct evtchn *c = evtchn_from_port(d, port);

        evtchn_use_port(d, c, ECS_VIRQ, op->vcpu);
        c->virq = op->virq;
        v->virq_to_evtchn[op->virq] = op->port = port;
    }
    spin_unlock_irqrestore(&d->evtchn->lock, flags);
    return port < 0 ? port : 0;
}

long evtchn_bind_ipi(struct evtchn_bind_ipi *op)
{
    struct domain *d = current->domain;
    unsigned long flags;
    int port;

    if (!domain_vcpu(d, op->vcpu))
        return -ENOENT;
    spin_lock_irqsave(&d->evtchn->lock, flags);
    port = evtchn_get_free_port(d);
    if (port > 0) {
        evtchn_use_port(d, evtchn_from_port(d, port), ECS_IPI, op->vcpu);
        op->port = port;
    }
    spin_unlock_irqrestore(&d->evtchn->lock, flags);
    return port < 0 ? port : 0;
}

/* --- closing --- */

/* Locks held: the domain's and, for an interdomain channel, the other end's. Returns whose
 * reference to drop. */
static void close_locked(struct domain *d, struct evtchn *c)
{
    struct domain *rd = c->remote;

    if (c->state == ECS_VIRQ) {
        struct vcpu *v = domain_vcpu(d, c->notify_vcpu_id);
        struct vcpu *each;

        if (v && v->virq_to_evtchn[c->virq] == c->port)
            v->virq_to_evtchn[c->virq] = 0;
        else /* a global one that was moved to another vCPU */
            for_each_vcpu (d, each)
                if (each->virq_to_evtchn[c->virq] == c->port)
                    each->virq_to_evtchn[c->virq] = 0;
    } else if (c->state == ECS_INTERDOMAIN) {
        struct evtchn *rc = evtchn_from_port(rd, c->remote_port);

        rc->state = ECS_UNBOUND;
        rc->remote = NULL;
        rc->remote_domid = d->domain_id;
    }
    evtchn_release_port(d, c);
}

int evtchn_close_port(struct domain *d, unsigned int port, bool guest)
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

long evtchn_close(struct evtchn_close *op)
{
    return evtchn_close_port(current->domain, op->port, true);
}

long evtchn_reset(struct evtchn_reset *op)
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
    evtchn_release_virqs(d);
    evtchn_fifo_destroy(d);
}
