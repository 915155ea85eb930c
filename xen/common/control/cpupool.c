/* SPDX-License-Identifier: GPL-2.0-only */
/* CPU pools: there is one, Pool-0 in the toolstack's words, with every CPU and every domain in it.
 */
#include "control.h"
#include <xen/errno.h>
#include <xen/lib.h>

static u32 count_domains(void)
{
    u32 n = 0;

    for (struct domain *d = domain_iterate(NULL); d; d = domain_iterate(d))
        n++;
    return n;
}

long cpupool_op(struct xen_sysctl_cpupool_op *op, bool *copyback)
{
    cpumask_t none;
    long rc;

    switch (op->op) {
    case XEN_SYSCTL_CPUPOOL_OP_INFO: /* the pool with this number or the next one */
        if (op->cpupool_id != 0 && op->cpupool_id != XEN_SYSCTL_CPUPOOL_PAR_ANY)
            return -ENOENT;
        op->cpupool_id = 0;
        op->sched_id = sched_id();
        op->n_dom = count_domains();
        rc = cpumask_to_xenctl_bitmap(&op->cpumap, &cpu_online_map);
        *copyback = true;
        return rc;
    case XEN_SYSCTL_CPUPOOL_OP_FREEINFO:
        cpumask_zero(&none);
        *copyback = true;
        return cpumask_to_xenctl_bitmap(&op->cpumap, &none);
    case XEN_SYSCTL_CPUPOOL_OP_MOVEDOMAIN:
        return op->cpupool_id == 0 ? 0 : -ENOENT;
    case XEN_SYSCTL_CPUPOOL_OP_CREATE:
    case XEN_SYSCTL_CPUPOOL_OP_DESTROY:
    case XEN_SYSCTL_CPUPOOL_OP_ADDCPU:
    case XEN_SYSCTL_CPUPOOL_OP_RMCPU:
        return -EOPNOTSUPP;
    }
    return -ENOSYS;
}
