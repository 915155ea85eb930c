/* SPDX-License-Identifier: GPL-2.0-only */
/* Wrong calls get the errors that Xen gives, and nothing else happens. */
#include <public/domctl.h>
#include <public/event_channel.h>
#include <public/memory.h>
#include <public/platform.h>
#include <public/sched.h>
#include <public/sysctl.h>
#include <public/vcpu.h>
#include "../lib/guest.h"

const char test_title[] = "hypercall-errors";

/* Nothing is mapped there. */
#define BAD 0x7f0000000000ul

static void expect(const char *what, long got, long want)
{
    EXPECT(got == want, "%s gave %ld, not %ld", what, got, want);
}

void test_main(void)
{
    struct xen_domctl dc = {.cmd = XEN_DOMCTL_getdomaininfo, .interface_version = 1};
    struct xen_sysctl sc = {.cmd = XEN_SYSCTL_physinfo, .interface_version = 1};
    struct xen_platform_op po = {.cmd = XENPF_get_cpuinfo, .interface_version = 1};
    struct evtchn_close close = {1000};
    struct vcpu_set_periodic_timer endless = {~0ull};

    expect("hypercall 63", hypercall(63, 0, 0, 0), -XEN_ENOSYS);
    expect("hypercall 127", hypercall(127, 0, 0, 0), -XEN_ENOSYS);
    expect("set_trap_table", hypercall(__HYPERVISOR_set_trap_table, 0, 0, 0), -XEN_ENOSYS);
    expect("domctl version", hypercall(__HYPERVISOR_domctl, PTR(&dc), 0, 0), -XEN_EACCES);
    expect("sysctl version", hypercall(__HYPERVISOR_sysctl, PTR(&sc), 0, 0), -XEN_EACCES);
    expect("platform version", hypercall(__HYPERVISOR_platform_op, PTR(&po), 0, 0), -XEN_EACCES);
    expect("domctl pointer", hypercall(__HYPERVISOR_domctl, BAD, 0, 0), -XEN_EFAULT);
    expect("memory pointer", hypercall(__HYPERVISOR_memory_op, XENMEM_populate_physmap, BAD, 0),
           -XEN_EFAULT);
    expect("memory command", hypercall(__HYPERVISOR_memory_op, 60, 0, 0), -XEN_ENOSYS);
    expect("event command", hypercall(__HYPERVISOR_event_channel_op, 99, 0, 0), -XEN_ENOSYS);
    expect("event pointer", hypercall(__HYPERVISOR_event_channel_op, EVTCHNOP_close, BAD, 0),
           -XEN_EFAULT);
    expect("closed port", hypercall(__HYPERVISOR_event_channel_op, EVTCHNOP_close, PTR(&close), 0),
           -XEN_EINVAL);
    expect("vcpu number", hypercall(__HYPERVISOR_vcpu_op, VCPUOP_is_up, 4000, 0), -XEN_ENOENT);
    expect("sched command", hypercall(__HYPERVISOR_sched_op, 50, 0, 0), -XEN_ENOSYS);
    /* This one once kept the host's timer busy for ever. */
    expect("endless period", hypercall(__HYPERVISOR_vcpu_op, VCPUOP_set_periodic_timer, 0, PTR(&endless)),
           -XEN_EINVAL);
    dc.interface_version = XEN_DOMCTL_INTERFACE_VERSION;
    dc.cmd = XEN_DOMCTL_pausedomain;
    dc.domain = 4711;
    expect("no such domain", hypercall(__HYPERVISOR_domctl, PTR(&dc), 0, 0), -XEN_ESRCH);
    dc.domain = 0;
    expect("pausing oneself", hypercall(__HYPERVISOR_domctl, PTR(&dc), 0, 0), -XEN_EINVAL);
    dc.cmd = 999;
    expect("domctl command", hypercall(__HYPERVISOR_domctl, PTR(&dc), 0, 0), -XEN_ENOSYS);
}
