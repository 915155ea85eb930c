/* SPDX-License-Identifier: GPL-2.0-only */
/* The 2-level event ABI: bit arrays in shared_info, one selector word per vCPU. */
#include "internal.h"
#include <xen/bitmap.h>
#include <xen/compat.h>

unsigned int evtchn_2l_max_ports(const struct domain *d)
{
    return d->has_32bit_shinfo ? COMPAT_EVTCHN_2L_NR_CHANNELS : EVTCHN_2L_NR_CHANNELS;
}

static volatile unsigned long *pending_bits(struct domain *d)
{
    return d->has_32bit_shinfo
               ? (void *)((struct compat_shared_info *)d->shared_info)->evtchn_pending
               : (void *)d->shared_info->evtchn_pending;
}

static volatile unsigned long *mask_bits(struct domain *d)
{
    return d->has_32bit_shinfo ? (void *)((struct compat_shared_info *)d->shared_info)->evtchn_mask
                               : (void *)d->shared_info->evtchn_mask;
}

/* Sets the vCPU's selector bit for @port; false: it was set already. */
static bool select_word(struct domain *d, struct vcpu *v, unsigned int port)
{
    if (d->has_32bit_shinfo) {
        struct compat_vcpu_info *info = (void *)v->vcpu_info;
        u32 bit = 1U << (port / 32);

        return !(__atomic_fetch_or(&info->evtchn_pending_sel, bit, __ATOMIC_SEQ_CST) & bit);
    }
    return !test_and_set_bit(port / 64, &v->vcpu_info->evtchn_pending_sel);
}

static void notify(struct domain *d, struct evtchn *c)
{
    struct vcpu *v = domain_vcpu(d, c->notify_vcpu_id);

    if (v && select_word(d, v, c->port))
        vcpu_mark_events_pending(v);
}

static void set_pending_2l(struct domain *d, struct evtchn *c)
{
    if (c->port >= evtchn_2l_max_ports(d) || test_and_set_bit(c->port, pending_bits(d)))
        return;
    if (!test_bit(c->port, mask_bits(d)))
        notify(d, c);
    evtchn_check_pollers(d, c->port);
}

static void clear_pending_2l(struct domain *d, struct evtchn *c)
{
    if (c->port < evtchn_2l_max_ports(d))
        clear_bit(c->port, pending_bits(d));
}

static void unmask_2l(struct domain *d, struct evtchn *c)
{
    if (test_and_clear_bit(c->port, mask_bits(d)) && test_bit(c->port, pending_bits(d)))
        notify(d, c);
}

static bool is_pending_2l(struct domain *d, const struct evtchn *c)
{
    return c->port < evtchn_2l_max_ports(d) && test_bit(c->port, pending_bits(d));
}

static bool is_masked_2l(struct domain *d, const struct evtchn *c)
{
    return c->port >= evtchn_2l_max_ports(d) || test_bit(c->port, mask_bits(d));
}

const struct evtchn_ops evtchn_ops_2l = {
    .set_pending = set_pending_2l,
    .clear_pending = clear_pending_2l,
    .unmask = unmask_2l,
    .is_pending = is_pending_2l,
    .is_masked = is_masked_2l,
};
