/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every hypercall in one table: its handler, how many arguments it takes, who may call it. A call
 * that is not here is answered with -ENOSYS, one that the caller may not make with -EPERM.
 */
#include <xen/hypercall.h>
#include <xen/compat_guest.h>
#include <xen/errno.h>
#include <xen/guest_access.h>
#include <xen/lib.h>
#include <xen/sched.h>

enum caller {
    ANY_DOMAIN,
    CONTROL_DOMAIN,
};

typedef long hypercall_fn(const unsigned long a[6]);

#define CALL(nr, name, args, who) [nr] = {call_##name, #name, args, who}
/* Adapters from the argument array to each handler's own types. */
#define ADAPT1(fn, t1)                              \
    static long call_##fn(const unsigned long a[6]) \
    {                                               \
        return do_##fn((t1)a[0]);                   \
    }
#define ADAPT2(fn, t1, t2)                          \
    static long call_##fn(const unsigned long a[6]) \
    {                                               \
        return do_##fn((t1)a[0], (t2)a[1]);         \
    }
#define ADAPT3(fn, t1, t2, t3)                        \
    static long call_##fn(const unsigned long a[6])   \
    {                                                 \
        return do_##fn((t1)a[0], (t2)a[1], (t3)a[2]); \
    }

ADAPT2(memory_op, unsigned long, unsigned long)
ADAPT2(xen_version, unsigned int, unsigned long)
ADAPT2(sched_op, unsigned int, unsigned long)
ADAPT3(vcpu_op, unsigned int, unsigned int, unsigned long)
ADAPT2(event_channel_op, unsigned int, unsigned long)
ADAPT3(grant_table_op, unsigned int, unsigned long, unsigned int)
ADAPT2(hvm_op, unsigned long, unsigned long)
ADAPT2(physdev_op, unsigned int, unsigned long)
ADAPT1(platform_op, unsigned long)
ADAPT3(console_io, unsigned int, unsigned int, unsigned long)
ADAPT2(multicall, unsigned long, unsigned int)
ADAPT1(domctl, unsigned long)
ADAPT1(sysctl, unsigned long)

/* 32-bit callers pass the 64-bit time in two registers. */
static long call_set_timer_op(const unsigned long a[6])
{
    return do_set_timer_op(hypercall_compat() ? (s_time_t)((a[1] << 32) | (u32)a[0])
                                              : (s_time_t)a[0]);
}

static const struct {
    hypercall_fn *fn;
    const char *name;
    u8 args;
    u8 who;
} hypercall_table[] = {
    CALL(__HYPERVISOR_platform_op, platform_op, 1, CONTROL_DOMAIN),
    CALL(__HYPERVISOR_memory_op, memory_op, 2, ANY_DOMAIN),
    CALL(__HYPERVISOR_multicall, multicall, 2, ANY_DOMAIN),
    CALL(__HYPERVISOR_set_timer_op, set_timer_op, 2, ANY_DOMAIN),
    CALL(__HYPERVISOR_xen_version, xen_version, 2, ANY_DOMAIN),
    CALL(__HYPERVISOR_console_io, console_io, 3, ANY_DOMAIN),
    CALL(__HYPERVISOR_grant_table_op, grant_table_op, 3, ANY_DOMAIN),
    CALL(__HYPERVISOR_vcpu_op, vcpu_op, 3, ANY_DOMAIN),
    CALL(__HYPERVISOR_sched_op, sched_op, 2, ANY_DOMAIN),
    CALL(__HYPERVISOR_event_channel_op, event_channel_op, 2, ANY_DOMAIN),
    CALL(__HYPERVISOR_physdev_op, physdev_op, 2, ANY_DOMAIN),
    CALL(__HYPERVISOR_hvm_op, hvm_op, 2, ANY_DOMAIN),
    CALL(__HYPERVISOR_sysctl, sysctl, 1, CONTROL_DOMAIN),
    CALL(__HYPERVISOR_domctl, domctl, 1, CONTROL_DOMAIN),
};

long hypercall_dispatch(unsigned int nr)
{
    struct hypercall_state *h = &current->hypercall;

    if (nr >= ARRAY_SIZE(hypercall_table) || !hypercall_table[nr].fn)
        return -ENOSYS;
    if (hypercall_table[nr].who == CONTROL_DOMAIN && !is_control_domain(current->domain)) {
        gprintk(XENLOG_DEBUG, "d%u may not call %s\n", current->domain->domain_id,
                hypercall_table[nr].name);
        return -EPERM;
    }
    h->nr = nr;
    return hypercall_table[nr].fn(h->arg);
}

/* Saves a preempted entry's progress where it will be read again. */
static bool write_args(unsigned long va, const unsigned long arg[6])
{
    unsigned long args = va + guest_struct_size(multicall_entry) - 6 * (hypercall_compat() ? 4 : 8);

    return guest_ulongs_out(args, 0, arg, 6);
}

static bool write_result(unsigned long va, unsigned long result)
{
    if (hypercall_compat())
        result = (u32)result;
    return guest_ulongs_out(va, 1, &result, 1); /* the word behind op */
}

long do_multicall(unsigned long list, unsigned int nr)
{
    struct hypercall_state *h = &current->hypercall;
    long rc = 0;

    if (h->in_multicall)
        return -EINVAL;
    h->in_multicall = true;
    while (nr && !rc) {
        struct multicall_entry e;
        long result;

        if (!guest_struct_in(&e, list, multicall_entry)) {
            rc = -EFAULT;
            break;
        }
        memcpy(h->arg, e.args, sizeof(h->arg));
        result = e.op == __HYPERVISOR_multicall ? -EINVAL : hypercall_dispatch(e.op);
        if (result == -ERESTART) {
            rc = write_args(list, h->arg) ? -ERESTART : -EFAULT;
            break;
        }
        if (!write_result(list, result)) {
            rc = -EFAULT;
            break;
        }
        list += guest_struct_size(multicall_entry);
        if (--nr && hypercall_preempt_check())
            rc = -ERESTART;
    }
    h->in_multicall = false;
    h->nr = __HYPERVISOR_multicall;
    h->arg[0] = list;
    h->arg[1] = nr;
    return rc;
}
