/* SPDX-License-Identifier: GPL-2.0-only */
/* HYPERVISOR_event_channel_op: one row per operation, and those that only look or tune. */
#include "internal.h"
#include <xen/errno.h>
#include <xen/guest_access.h>
#include <xen/lib.h>

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
             (c->state == ECS_VIRQ && evtchn_virq_is_global(c->virq)))
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
        rc = d->evtchn->ops->set_priority ? d->evtchn->ops->set_priority(d, c, op->priority)
                                          : -ENOSYS;
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

#define EVTCHN_OP(cmd, fn_, type, out) \
    [cmd] = {                          \
        .fn = (long (*)(void *))(void (*)(void))(fn_), .size = sizeof(type), .copy_back = (out)}
static const struct {
    long (*fn)(void *arg);
    u8 size;
    bool copy_back;
} evtchn_op[] = {
    EVTCHN_OP(EVTCHNOP_bind_interdomain, evtchn_bind_interdomain, struct evtchn_bind_interdomain,
              true),
    EVTCHN_OP(EVTCHNOP_bind_virq, evtchn_bind_virq, struct evtchn_bind_virq, true),
    EVTCHN_OP(EVTCHNOP_bind_pirq, bind_pirq, struct evtchn_bind_pirq, true),
    EVTCHN_OP(EVTCHNOP_close, evtchn_close, struct evtchn_close, false),
    EVTCHN_OP(EVTCHNOP_send, evtchn_send_op, struct evtchn_send, false),
    EVTCHN_OP(EVTCHNOP_status, evtchn_status, struct evtchn_status, true),
    EVTCHN_OP(EVTCHNOP_alloc_unbound, evtchn_alloc_unbound, struct evtchn_alloc_unbound, true),
    EVTCHN_OP(EVTCHNOP_bind_ipi, evtchn_bind_ipi, struct evtchn_bind_ipi, true),
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
