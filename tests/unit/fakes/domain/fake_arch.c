/* SPDX-License-Identifier: GPL-2.0-only */
/* What the architecture and the host supply to whole domains on the fake machine: nested page
 * tables, else nothing. */
#include "fake.h"

#include <xen/console.h>
#include <xen/errno.h>
#include <xen/hypercall.h>
#include <xen/numa.h>
#include <xen/smp.h>

#define WEAK __attribute__((weak))

extern const struct p2m_format npt_format;
static const struct hvm_vendor vendor = {.p2m_format = &npt_format};
const struct hvm_vendor *hvm_vendor = &vendor;

WEAK int arch_domain_create(struct domain *d, struct xen_domctl_createdomain *config)
{
    return p2m_init(d);
}

WEAK void arch_domain_destroy(struct domain *d)
{
    p2m_free(d);
}

WEAK int arch_domain_relinquish(struct domain *d)
{
    return 0;
}

WEAK int arch_vcpu_create(struct vcpu *v)
{
    return 0;
}

WEAK void arch_vcpu_destroy(struct vcpu *v)
{
}

WEAK void arch_domain_shutdown(struct domain *d)
{
}

WEAK void arch_context_switch(struct vcpu *prev, struct vcpu *next)
{
}

WEAK int arch_set_info_hvm_guest(struct vcpu *v, const struct vcpu_hvm_context *ctx)
{
    return -EINVAL;
}

WEAK long arch_do_domctl(struct xen_domctl *op, struct domain *d, bool *copyback)
{
    return -ENOSYS;
}

WEAK long arch_do_sysctl(struct xen_sysctl *op, bool *copyback)
{
    return -ENOSYS;
}

WEAK void update_domain_wallclock_time(struct domain *d)
{
}

WEAK void update_runstate_area(struct vcpu *v)
{
}

WEAK void update_vcpu_system_time(struct vcpu *v)
{
}

WEAK int vlapic_find_pending(struct vcpu *v)
{
    return -1;
}

WEAK void vlapic_migrate_timer(struct vcpu *v)
{
}

WEAK void hwdom_shutdown(int reason)
{
    abort(); /* no domain is the hardware domain here */
}

/* Console, topology and the calls that are not under test. */

WEAK size_t console_ring_read(char *buf, size_t n, u32 *index, bool incremental, bool clear)
{
    return 0;
}

WEAK void handle_keypress(unsigned char key)
{
}

cpumask_t cpu_possible_map = {{1}};
unsigned int nr_cpu_ids = 1, nr_nodes = 1;

WEAK unsigned int cpu_to_core(unsigned int cpu)
{
    return 0;
}

WEAK unsigned int cpu_to_socket(unsigned int cpu)
{
    return 0;
}

WEAK unsigned int cpu_to_node(unsigned int cpu)
{
    return 0;
}

WEAK unsigned int node_distance(unsigned int a, unsigned int b)
{
    return 10;
}

WEAK unsigned long node_spanned_pages(unsigned int node)
{
    return FAKE_FRAMES;
}

WEAK long do_xen_version(unsigned int cmd, unsigned long arg)
{
    return -ENOSYS;
}

WEAK long do_hvm_op(unsigned long op, unsigned long arg)
{
    return -ENOSYS;
}

WEAK long do_physdev_op(unsigned int cmd, unsigned long arg)
{
    return -ENOSYS;
}

WEAK long do_platform_op(unsigned long arg)
{
    return -ENOSYS;
}

WEAK long do_console_io(unsigned int cmd, unsigned int count, unsigned long buffer)
{
    return -ENOSYS;
}
