/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hypercalls. A handler gets its arguments as the guest passed them (32-bit callers: zero
 * extended), copies in what they point to once, checks everything, acts, copies out.
 * Long work: store progress in current->hypercall.arg[i] and return -ERESTART when
 * hypercall_preempt_check(); the guest then executes the instruction again with those arguments.
 */
#ifndef XEN_HYPERCALL_H
#define XEN_HYPERCALL_H

#include <xen/types.h>
#include <xen/softirq.h>

struct hypercall_state {
    unsigned long arg[6];
    u16 nr;
    bool compat; /* 32-bit caller: structures have i386 layout */
    bool in_multicall;
};

#define hypercall_preempt_check() (softirq_pending())
#define hypercall_compat()        (current->hypercall.compat)

long do_xen_version(unsigned int cmd, unsigned long arg);
long do_memory_op(unsigned long cmd, unsigned long arg);
long do_sched_op(unsigned int cmd, unsigned long arg);
long do_vcpu_op(unsigned int cmd, unsigned int vcpuid, unsigned long arg);
long do_event_channel_op(unsigned int cmd, unsigned long arg);
long do_grant_table_op(unsigned int cmd, unsigned long uop, unsigned int count);
long do_hvm_op(unsigned long op, unsigned long arg);
long do_physdev_op(unsigned int cmd, unsigned long arg);
long do_platform_op(unsigned long arg);
long do_console_io(unsigned int cmd, unsigned int count, unsigned long buffer);
long do_set_timer_op(s_time_t timeout);
long do_multicall(unsigned long call_list, unsigned int nr_calls);
long do_domctl(unsigned long arg);
long do_sysctl(unsigned long arg);

/* arch/x86/hvm calls this for VMMCALL/VMCALL; registers already in current->hypercall. Returns the
 * guest's result, or -ERESTART with current->hypercall.arg[] to load back. */
long hypercall_dispatch(unsigned int nr);

#endif
