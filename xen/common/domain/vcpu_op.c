/* SPDX-License-Identifier: GPL-2.0-only */
/* HYPERVISOR_vcpu_op: registered areas, PV timers, runstate. */
#include <xen/domain.h>
#include <xen/compat_guest.h>
#include <xen/errno.h>
#include <xen/event.h>
#include <xen/guest_access.h>
#include <xen/lib.h>
#include <asm/hvm/hvm.h>
#include <public/vcpu.h>
#include <public/hvm/hvm_vcpu.h>

/* --- PV timers --- */

static void singleshot_fired(void *data)
{
    send_guest_vcpu_virq(data, VIRQ_TIMER);
}

static void periodic_fired(void *data)
{
    struct vcpu *v = data;

    send_guest_vcpu_virq(v, VIRQ_TIMER);
    if (v->periodic_period) {
        v->periodic_last_event += v->periodic_period;
        if (v->periodic_last_event + v->periodic_period < NOW())
            v->periodic_last_event = NOW();
        set_timer(&v->periodic_timer, v->periodic_last_event + v->periodic_period);
    }
}

static void poll_timed_out(void *data)
{
    vcpu_unblock(data);
}

void vcpu_timers_init(struct vcpu *v)
{
    init_timer(&v->singleshot_timer, singleshot_fired, v, 0);
    init_timer(&v->periodic_timer, periodic_fired, v, 0);
    init_timer(&v->poll_timer, poll_timed_out, v, 0);
}

void vcpu_timers_kill(struct vcpu *v)
{
    v->periodic_period = 0;
    kill_timer(&v->singleshot_timer);
    kill_timer(&v->periodic_timer);
    kill_timer(&v->poll_timer);
}

static void set_singleshot(struct vcpu *v, s_time_t deadline)
{
    migrate_timer(&v->singleshot_timer, smp_processor_id());
    set_timer(&v->singleshot_timer, deadline);
}

long do_set_timer_op(s_time_t timeout)
{
    struct vcpu *v = current;

    if (timeout == 0)
        stop_timer(&v->singleshot_timer);
    else
        set_singleshot(v, timeout);
    return 0;
}

static long vcpuop_set_singleshot(struct vcpu *v, unsigned long arg)
{
    struct vcpu_set_singleshot_timer t;

    if (v != current)
        return -EINVAL;
    if (!guest_struct_in(&t, arg, vcpu_set_singleshot_timer))
        return -EFAULT;
    if ((t.flags & VCPU_SSHOTTMR_future) && (s64)t.timeout_abs_ns < NOW())
        return -ETIME;
    set_singleshot(v, t.timeout_abs_ns);
    return 0;
}

static long vcpuop_stop_singleshot(struct vcpu *v, unsigned long arg)
{
    if (v != current)
        return -EINVAL;
    stop_timer(&v->singleshot_timer);
    return 0;
}

static long vcpuop_set_periodic(struct vcpu *v, unsigned long arg)
{
    struct vcpu_set_periodic_timer t;

    if (raw_copy_from_guest(&t, arg, sizeof(t)))
        return -EFAULT;
    /* A sum with the present time must not overflow: the timer would be due for ever. */
    if (t.period_ns < (u64)MILLISECS(1) || t.period_ns > (u64)STIME_MAX / 4)
        return -EINVAL;
    v->periodic_period = t.period_ns;
    v->periodic_last_event = NOW();
    set_timer(&v->periodic_timer, v->periodic_last_event + v->periodic_period);
    return 0;
}

static long vcpuop_stop_periodic(struct vcpu *v, unsigned long arg)
{
    v->periodic_period = 0;
    stop_timer(&v->periodic_timer);
    return 0;
}

/* --- areas in guest memory --- */

int map_vcpu_info(struct vcpu *v, unsigned long gfn, unsigned int offset)
{
    struct domain *d = v->domain;
    struct vcpu_info *info;
    struct page_info *pg;
    p2m_type_t t;

    if (offset > PAGE_SIZE - sizeof(struct vcpu_info) || (offset & 7))
        return -EINVAL;
    if (v->vcpu_info_page) /* once only: others may be using it already */
        return -EINVAL;
    if (v != current && !(v->pause_flags & BIT(VPF_down)))
        return -EINVAL;
    pg = get_page_from_gfn(d, _gfn(gfn), &t);
    if (!pg || t != p2m_ram_rw) {
        if (pg)
            put_page(pg);
        return -EINVAL;
    }
    info = (void *)((char *)page_to_virt(pg) + offset);
    if (v->vcpu_info && v->vcpu_id < XEN_LEGACY_MAX_VCPUS) {
        memcpy(info, v->vcpu_info, sizeof(*info));
    } else {
        memset(info, 0, sizeof(*info));
        info->evtchn_upcall_mask = 1;
    }
    v->vcpu_info_page = pg;
    smp_wmb();
    v->vcpu_info = info;
    /* An event may have been signalled in the old place: let the guest look at all. */
    if (d->has_32bit_shinfo)
        ((struct compat_vcpu_info *)info)->evtchn_pending_sel = ~0U;
    else
        info->evtchn_pending_sel = ~0UL;
    info->evtchn_upcall_pending = 1;
    update_vcpu_system_time(v);
    arch_evtchn_kick(v);
    return 0;
}

void unmap_vcpu_info(struct vcpu *v)
{
    struct page_info *pg = v->vcpu_info_page;

    if (!pg)
        return;
    vcpu_info_reset(v);
    put_page(pg);
}

static long vcpuop_register_vcpu_info(struct vcpu *v, unsigned long arg)
{
    struct vcpu_register_vcpu_info r;
    long rc;

    if (raw_copy_from_guest(&r, arg, sizeof(r)))
        return -EFAULT;
    domain_lock(v->domain);
    rc = map_vcpu_info(v, r.mfn, r.offset);
    domain_unlock(v->domain);
    return rc;
}

static long vcpuop_register_runstate(struct vcpu *v, unsigned long arg)
{
    struct vcpu_register_runstate_memory_area area;

    if (!guest_struct_in(&area, arg, vcpu_register_runstate_memory_area))
        return -EFAULT;
    v->runstate_guest_va = guest_handle_va(area.addr.h);
    v->runstate_compat = hypercall_compat();
    if (v == current)
        update_runstate_area(v);
    return 0;
}

static long vcpuop_register_time(struct vcpu *v, unsigned long arg)
{
    return -EOPNOTSUPP; /* the secondary time area is for PV guests' user space */
}

static long vcpuop_get_runstate(struct vcpu *v, unsigned long arg)
{
    struct vcpu_runstate_info r;

    vcpu_runstate_get(v, &r);
    return guest_struct_out(arg, &r, vcpu_runstate_info) ? 0 : -EFAULT;
}

/* --- state --- */

static long vcpuop_is_up(struct vcpu *v, unsigned long arg)
{
    return !(v->pause_flags & BIT(VPF_down));
}

static long vcpuop_up(struct vcpu *v, unsigned long arg)
{
    if (!v->is_initialised)
        return -EINVAL;
    if (test_and_clear_bit(VPF_down, &v->pause_flags))
        vcpu_wake(v);
    return 0;
}

static long vcpuop_down(struct vcpu *v, unsigned long arg)
{
    if (!test_and_set_bit(VPF_down, &v->pause_flags))
        vcpu_sleep_nosync(v);
    return 0;
}

static long vcpuop_send_nmi(struct vcpu *v, unsigned long arg)
{
    v->arch.hvm.vlapic.nmi_pending = true;
    vcpu_kick(v);
    return 0;
}

static long vcpuop_initialise(struct vcpu *v, unsigned long arg)
{
    struct domain *d = v->domain;
    struct vcpu_hvm_context ctx;
    long rc;

    if (raw_copy_from_guest(&ctx, arg, sizeof(ctx)))
        return -EFAULT;
    domain_lock(d);
    rc = v->is_initialised ? -EEXIST : arch_set_info_hvm_guest(v, &ctx);
    if (!rc)
        v->is_initialised = true;
    domain_unlock(d);
    return rc;
}

static long (*const vcpu_ops[])(struct vcpu *v, unsigned long arg) = {
    [VCPUOP_initialise] = vcpuop_initialise,
    [VCPUOP_up] = vcpuop_up,
    [VCPUOP_down] = vcpuop_down,
    [VCPUOP_is_up] = vcpuop_is_up,
    [VCPUOP_get_runstate_info] = vcpuop_get_runstate,
    [VCPUOP_register_runstate_memory_area] = vcpuop_register_runstate,
    [VCPUOP_set_periodic_timer] = vcpuop_set_periodic,
    [VCPUOP_stop_periodic_timer] = vcpuop_stop_periodic,
    [VCPUOP_set_singleshot_timer] = vcpuop_set_singleshot,
    [VCPUOP_stop_singleshot_timer] = vcpuop_stop_singleshot,
    [VCPUOP_register_vcpu_info] = vcpuop_register_vcpu_info,
    [VCPUOP_send_nmi] = vcpuop_send_nmi,
    [VCPUOP_register_vcpu_time_memory_area] = vcpuop_register_time,
};

long do_vcpu_op(unsigned int cmd, unsigned int vcpuid, unsigned long arg)
{
    struct vcpu *v = domain_vcpu(current->domain, vcpuid);

    if (!v)
        return -ENOENT;
    if (cmd >= ARRAY_SIZE(vcpu_ops) || !vcpu_ops[cmd])
        return -ENOSYS;
    return vcpu_ops[cmd](v, arg);
}
