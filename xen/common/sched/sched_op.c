/* SPDX-License-Identifier: GPL-2.0-only */
/* HYPERVISOR_sched_op: what a domain asks of the scheduler, and shutting itself (or another) down.
 */
#include <xen/sched.h>
#include <xen/compat_guest.h>
#include <xen/domain.h>
#include <xen/errno.h>
#include <xen/event.h>
#include <xen/guest_access.h>
#include <xen/lib.h>
#include <xen/softirq.h>
#include <public/sched.h>

/* Is one of the ports pending? 1 yes, 0 no, or -errno. */
static long any_pending(struct domain *d, const struct sched_poll *p)
{
    for (unsigned int i = 0; i < p->nr_ports; i++) {
        u32 port;

        if (copy_from_guest_offset(&port, p->ports, i, 1))
            return -EFAULT;
        if (!evtchn_port_is_valid(d, port))
            return -EINVAL;
        if (evtchn_port_is_pending(d, port))
            return 1;
    }
    return 0;
}

static long sched_poll(unsigned long arg)
{
    struct vcpu *v = current;
    struct domain *d = v->domain;
    struct sched_poll p;
    u32 first = 0;
    long rc;

    if (!guest_struct_in(&p, arg, sched_poll))
        return -EFAULT;
    if (p.nr_ports > 128)
        return -EINVAL;
    if (p.nr_ports == 1) {
        if (copy_from_guest(&first, p.ports, 1))
            return -EFAULT;
        if (!evtchn_port_is_valid(d, first))
            return -EINVAL;
    }
    set_bit(VPF_blocked, &v->pause_flags);
    v->poll_evtchn = p.nr_ports == 1 ? (int)first : -1;
    atomic_inc(&d->nr_polling);
    smp_mb();
    /* From here on a sender finds us; what came before is found now. */
    rc = local_events_need_delivery(v) ? 1 : any_pending(d, &p);
    if (rc) {
        clear_bit(VPF_blocked, &v->pause_flags);
        if (xchg(&v->poll_evtchn, 0))
            atomic_dec(&d->nr_polling);
        return rc > 0 ? 0 : rc;
    }
    if (p.timeout) {
        migrate_timer(&v->poll_timer, smp_processor_id());
        set_timer(&v->poll_timer, p.timeout);
    }
    raise_softirq(SCHEDULE_SOFTIRQ);
    return 0;
}

static long sched_yield(unsigned long arg)
{
    vcpu_yield();
    return 0;
}

static long sched_block(unsigned long arg)
{
    vcpu_block_enable_events();
    return 0;
}

static long sched_shutdown(unsigned long arg)
{
    struct sched_shutdown s;

    if (raw_copy_from_guest(&s, arg, sizeof(s)))
        return -EFAULT;
    domain_shutdown(current->domain, s.reason & 0xff);
    return 0;
}

static long sched_shutdown_code(unsigned long arg)
{
    struct domain *d = current->domain;
    struct sched_shutdown s;
    long rc = 0;

    if (raw_copy_from_guest(&s, arg, sizeof(s)))
        return -EFAULT;
    spin_lock(&d->shutdown_lock);
    if (d->shutdown_code == -1)
        d->shutdown_code = s.reason & 0xff;
    spin_unlock(&d->shutdown_lock);
    return rc;
}

static long sched_remote_shutdown(unsigned long arg)
{
    struct sched_remote_shutdown s;
    struct domain *d;

    if (raw_copy_from_guest(&s, arg, sizeof(s)))
        return -EFAULT;
    d = get_domain_by_id(s.domain_id);
    if (!d)
        return -ESRCH;
    if (!is_control_domain(current->domain) && current->domain->target != d) {
        put_domain(d);
        return -EPERM;
    }
    domain_shutdown(d, s.reason & 0xff);
    put_domain(d);
    return 0;
}

static long sched_watchdog(unsigned long arg)
{
    struct sched_watchdog w;

    if (raw_copy_from_guest(&w, arg, sizeof(w)))
        return -EFAULT;
    return domain_watchdog(current->domain, w.id, w.timeout);
}

static long sched_pin_override(unsigned long arg)
{
    struct sched_pin_override p;

    if (!is_hardware_domain(current->domain))
        return -EPERM;
    if (raw_copy_from_guest(&p, arg, sizeof(p)))
        return -EFAULT;
    if (p.pcpu < 0) {
        cpumask_t all;

        cpumask_fill(&all);
        return vcpu_set_hard_affinity(current, &all);
    } else {
        cpumask_t one;

        if (p.pcpu >= NR_CPUS || !cpu_online(p.pcpu))
            return -EINVAL;
        cpumask_zero(&one);
        cpumask_set(&one, p.pcpu);
        return vcpu_set_hard_affinity(current, &one);
    }
}

static long (*const sched_ops[])(unsigned long arg) = {
    [SCHEDOP_yield] = sched_yield,
    [SCHEDOP_block] = sched_block,
    [SCHEDOP_shutdown] = sched_shutdown,
    [SCHEDOP_poll] = sched_poll,
    [SCHEDOP_remote_shutdown] = sched_remote_shutdown,
    [SCHEDOP_shutdown_code] = sched_shutdown_code,
    [SCHEDOP_watchdog] = sched_watchdog,
    [SCHEDOP_pin_override] = sched_pin_override,
};

long do_sched_op(unsigned int cmd, unsigned long arg)
{
    if (cmd >= ARRAY_SIZE(sched_ops) || !sched_ops[cmd])
        return -ENOSYS;
    return sched_ops[cmd](arg);
}
