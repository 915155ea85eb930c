/* SPDX-License-Identifier: GPL-2.0-only */
/* Scheduling: parameters of domains and of schedulers, CPU pools. */
#include "xc_private.h"

static int domain_sched(xc_interface *xch, uint32_t domid, uint32_t sched, uint32_t cmd,
                        struct xen_domctl_scheduler_op *arg)
{
    struct xen_domctl op = xc_domctl_of(XEN_DOMCTL_scheduler_op, domid);

    arg->sched_id = sched;
    arg->cmd = cmd;
    op.u.scheduler_op = *arg;
    if (xc_domctl(xch, &op) < 0)
        return -1;
    *arg = op.u.scheduler_op;
    return 0;
}

int xc_sched_credit_domain_set(xc_interface *xch, uint32_t domid,
                               struct xen_domctl_sched_credit *sdom)
{
    struct xen_domctl_scheduler_op op = {.u.credit = *sdom};

    return domain_sched(xch, domid, XEN_SCHEDULER_CREDIT, XEN_DOMCTL_SCHEDOP_putinfo, &op);
}

int xc_sched_credit_domain_get(xc_interface *xch, uint32_t domid,
                               struct xen_domctl_sched_credit *sdom)
{
    struct xen_domctl_scheduler_op op = {0};

    if (domain_sched(xch, domid, XEN_SCHEDULER_CREDIT, XEN_DOMCTL_SCHEDOP_getinfo, &op))
        return -1;
    *sdom = op.u.credit;
    return 0;
}

int xc_sched_credit2_domain_set(xc_interface *xch, uint32_t domid,
                                struct xen_domctl_sched_credit2 *sdom)
{
    struct xen_domctl_scheduler_op op = {.u.credit2 = *sdom};

    return domain_sched(xch, domid, XEN_SCHEDULER_CREDIT2, XEN_DOMCTL_SCHEDOP_putinfo, &op);
}

int xc_sched_credit2_domain_get(xc_interface *xch, uint32_t domid,
                                struct xen_domctl_sched_credit2 *sdom)
{
    struct xen_domctl_scheduler_op op = {0};

    if (domain_sched(xch, domid, XEN_SCHEDULER_CREDIT2, XEN_DOMCTL_SCHEDOP_getinfo, &op))
        return -1;
    *sdom = op.u.credit2;
    return 0;
}

static int host_sched(xc_interface *xch, uint32_t pool, uint32_t sched, uint32_t cmd, void *params,
                      size_t len)
{
    struct xen_sysctl op = {.cmd = XEN_SYSCTL_scheduler_op};

    op.u.scheduler_op.cpupool_id = pool;
    op.u.scheduler_op.sched_id = sched;
    op.u.scheduler_op.cmd = cmd;
    memcpy(&op.u.scheduler_op.u, params, len);
    if (xc_sysctl(xch, &op) < 0)
        return -1;
    memcpy(params, &op.u.scheduler_op.u, len);
    return 0;
}

int xc_sched_credit_params_set(xc_interface *xch, uint32_t cpupool_id,
                               struct xen_sysctl_credit_schedule *schedule)
{
    return host_sched(xch, cpupool_id, XEN_SCHEDULER_CREDIT, XEN_SYSCTL_SCHEDOP_putinfo, schedule,
                      sizeof(*schedule));
}

int xc_sched_credit_params_get(xc_interface *xch, uint32_t cpupool_id,
                               struct xen_sysctl_credit_schedule *schedule)
{
    return host_sched(xch, cpupool_id, XEN_SCHEDULER_CREDIT, XEN_SYSCTL_SCHEDOP_getinfo, schedule,
                      sizeof(*schedule));
}

int xc_sched_credit2_params_set(xc_interface *xch, uint32_t cpupool_id,
                                struct xen_sysctl_credit2_schedule *schedule)
{
    return host_sched(xch, cpupool_id, XEN_SCHEDULER_CREDIT2, XEN_SYSCTL_SCHEDOP_putinfo, schedule,
                      sizeof(*schedule));
}

int xc_sched_credit2_params_get(xc_interface *xch, uint32_t cpupool_id,
                                struct xen_sysctl_credit2_schedule *schedule)
{
    return host_sched(xch, cpupool_id, XEN_SCHEDULER_CREDIT2, XEN_SYSCTL_SCHEDOP_getinfo, schedule,
                      sizeof(*schedule));
}

/* A pool operation with no CPU map; *op holds its arguments and results. */
static int pool_op(xc_interface *xch, struct xen_sysctl_cpupool_op *arg)
{
    struct xen_sysctl op = {.cmd = XEN_SYSCTL_cpupool_op};

    op.u.cpupool_op = *arg;
    if (xc_sysctl(xch, &op) < 0)
        return -1;
    *arg = op.u.cpupool_op;
    return 0;
}

int xc_cpupool_create(xc_interface *xch, uint32_t *ppoolid, uint32_t sched_id)
{
    struct xen_sysctl_cpupool_op op = {
        .op = XEN_SYSCTL_CPUPOOL_OP_CREATE,
        .cpupool_id = *ppoolid,
        .sched_id = sched_id,
    };

    if (pool_op(xch, &op))
        return -1;
    *ppoolid = op.cpupool_id;
    return 0;
}

int xc_cpupool_destroy(xc_interface *xch, uint32_t poolid)
{
    struct xen_sysctl_cpupool_op op = {.op = XEN_SYSCTL_CPUPOOL_OP_DESTROY, .cpupool_id = poolid};

    return pool_op(xch, &op);
}

/* A pool operation that fills in map, of the size of the host's CPU maps. */
static int pool_map_op(xc_interface *xch, struct xen_sysctl_cpupool_op *op, xc_cpumap_t map)
{
    int size = xc_get_cpumap_size(xch);
    struct xc_bounce b = XC_BOUNCE(map, (size_t)size, XC_BOUNCE_OUT);
    int rc;

    if (size < 0 || xc_bounce_begin(xch, &b))
        return -1;
    set_xen_guest_handle(op->cpumap.bitmap, b.safe);
    op->cpumap.nr_bits = (uint32_t)size * 8;
    rc = pool_op(xch, op);
    xc_bounce_end(xch, &b, !rc);
    return rc;
}

xc_cpupoolinfo_t *xc_cpupool_getinfo(xc_interface *xch, uint32_t poolid)
{
    struct xen_sysctl_cpupool_op op = {.op = XEN_SYSCTL_CPUPOOL_OP_INFO, .cpupool_id = poolid};
    xc_cpupoolinfo_t *info = calloc(1, sizeof(*info));

    if (!info)
        return NULL;
    info->cpumap = xc_cpumap_alloc(xch);
    if (!info->cpumap || pool_map_op(xch, &op, info->cpumap)) {
        int saved = errno;

        xc_cpupool_infofree(xch, info);
        errno = saved;
        return NULL;
    }
    info->cpupool_id = op.cpupool_id;
    info->sched_id = op.sched_id;
    info->n_dom = op.n_dom;
    return info;
}

void xc_cpupool_infofree(xc_interface *xch, xc_cpupoolinfo_t *info)
{
    if (info)
        free(info->cpumap);
    free(info);
}

int xc_cpupool_addcpu(xc_interface *xch, uint32_t poolid, int cpu)
{
    struct xen_sysctl_cpupool_op op = {
        .op = XEN_SYSCTL_CPUPOOL_OP_ADDCPU,
        .cpupool_id = poolid,
        .cpu = cpu < 0 ? XEN_SYSCTL_CPUPOOL_PAR_ANY : (uint32_t)cpu,
    };

    return pool_op(xch, &op);
}

int xc_cpupool_removecpu(xc_interface *xch, uint32_t poolid, int cpu)
{
    struct xen_sysctl_cpupool_op op = {
        .op = XEN_SYSCTL_CPUPOOL_OP_RMCPU,
        .cpupool_id = poolid,
        .cpu = cpu < 0 ? XEN_SYSCTL_CPUPOOL_PAR_ANY : (uint32_t)cpu,
    };

    return pool_op(xch, &op);
}

int xc_cpupool_movedomain(xc_interface *xch, uint32_t poolid, uint32_t domid)
{
    struct xen_sysctl_cpupool_op op = {
        .op = XEN_SYSCTL_CPUPOOL_OP_MOVEDOMAIN,
        .cpupool_id = poolid,
        .domid = domid,
    };

    return pool_op(xch, &op);
}

xc_cpumap_t xc_cpupool_freeinfo(xc_interface *xch)
{
    struct xen_sysctl_cpupool_op op = {.op = XEN_SYSCTL_CPUPOOL_OP_FREEINFO};
    xc_cpumap_t map = xc_cpumap_alloc(xch);

    if (map && pool_map_op(xch, &op, map)) {
        int saved = errno;

        free(map);
        errno = saved;
        map = NULL;
    }
    return map;
}
