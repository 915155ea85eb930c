/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every hypercall in one table: its handler, how many arguments it takes, who may call it. A call
 * that is not here is answered with -ENOSYS, one that the caller may not make with -EPERM.
 */
#include <xen/hypercall.h>
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
#define ADAPT1(fn, t1)                                                                             \
    static long call_##fn(const unsigned long a[6])                                                \
    {                                                                                              \
        return do_##fn((t1)a[0]);                                                                  \
    }
#define ADAPT2(fn, t1, t2)                                                                         \
    static long call_##fn(const unsigned long a[6])                                                \
    {                                                                                              \
        return do_##fn((t1)a[0], (t2)a[1]);                                                        \
    }
#define ADAPT3(fn, t1, t2, t3)                                                                     \
    static long call_##fn(const unsigned long a[6])                                                \
    {                                                                                              \
        return do_##fn((t1)a[0], (t2)a[1], (t3)a[2]);                                              \
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
    return do_set_timer_op(hypercall_compat() ? (s_time_t)((a[1] << 32) | (u32)a[0]) : (s_time_t)a[0]);
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
        gprintk(XENLOG_DEBUG, "d%u may not call %s\n", current->domain->domain_id, hypercall_table[nr].name);
        return -EPERM;
    }
    h->nr = nr;
    return hypercall_table[nr].fn(h->arg);
}

/* One entry of a multicall list; 32-bit callers' entries have 32-bit fields. */
static long read_entry(unsigned long va, bool compat, unsigned long *op, unsigned long arg[6])
{
    struct multicall_entry e;
    u32 c[8];

    if (compat) {
        if (raw_copy_from_guest(c, va, sizeof(c)))
            return -EFAULT;
        *op = c[0];
        for (unsigned int i = 0; i < 6; i++)
            arg[i] = c[2 + i];
        return 0;
    }
    if (raw_copy_from_guest(&e, va, sizeof(e)))
        return -EFAULT;
    *op = e.op;
    memcpy(arg, e.args, sizeof(e.args));
    return 0;
}

static long write_result(unsigned long va, bool compat, long result)
{
    u32 r32 = result;

    return compat ? raw_copy_to_guest(va + 4, &r32, 4) : raw_copy_to_guest(va + 8, &result, 8);
}

/* Saves a preempted entry's progress where it will be read again. */
static long write_args(unsigned long va, bool compat, const unsigned long arg[6])
{
    u32 c[6];

    if (!compat)
        return raw_copy_to_guest(va + offsetof(struct multicall_entry, args), arg, 6 * sizeof(long));
    for (unsigned int i = 0; i < 6; i++)
        c[i] = arg[i];
    return raw_copy_to_guest(va + 8, c, sizeof(c));
}

long do_multicall(unsigned long list, unsigned int nr)
{
    struct hypercall_state *h = &current->hypercall;
    bool compat = h->compat;
    unsigned int size = compat ? 32 : sizeof(struct multicall_entry);
    long rc = 0;

    if (h->in_multicall)
        return -EINVAL;
    h->in_multicall = true;
    while (nr && !rc) {
        unsigned long op;
        long result;

        rc = read_entry(list, compat, &op, h->arg);
        if (rc)
            break;
        result = op == __HYPERVISOR_multicall ? -EINVAL : hypercall_dispatch(op);
        if (result == -ERESTART) {
            rc = write_args(list, compat, h->arg) ? -EFAULT : -ERESTART;
            break;
        }
        if (write_result(list, compat, result)) {
            rc = -EFAULT;
            break;
        }
        list += size;
        if (--nr && hypercall_preempt_check())
            rc = -ERESTART;
    }
    h->in_multicall = false;
    h->nr = __HYPERVISOR_multicall;
    h->arg[0] = list;
    h->arg[1] = nr;
    return rc;
}
