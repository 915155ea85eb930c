/* SPDX-License-Identifier: GPL-2.0-only */
/* HYPERVISOR_sysctl: what the toolstack asks of the host. One row per operation. */
#include "control.h"
#include <xen/console.h>
#include <xen/errno.h>
#include <xen/guest_access.h>
#include <xen/lib.h>
#include <xen/numa.h>

typedef long sysctl_fn(struct xen_sysctl *op, bool *copyback);

static long readconsole(struct xen_sysctl *op, bool *copyback)
{
    struct xen_sysctl_readconsole *r = &op->u.readconsole;
    u32 index = r->incremental ? r->index : 0, done = 0;
    char buf[256];

    while (done < r->count) {
        size_t n = console_ring_read(buf, min(sizeof(buf), (size_t)(r->count - done)), &index,
                                     r->incremental || done, false);

        if (!n)
            break;
        if (raw_copy_to_guest(guest_handle_va(r->buffer) + done, buf, n))
            return -EFAULT;
        done += n;
    }
    if (r->clear)
        console_ring_read(NULL, 0, &index, true, true);
    r->index = index;
    r->count = done;
    *copyback = true;
    return 0;
}

static long sched_id_op(struct xen_sysctl *op, bool *copyback)
{
    op->u.sched_id.sched_id = sched_id();
    *copyback = true;
    return 0;
}

static long getdomaininfolist(struct xen_sysctl *op, bool *copyback)
{
    struct xen_sysctl_getdomaininfolist *l = &op->u.getdomaininfolist;
    struct xen_domctl_getdomaininfo info;
    struct domain *d = NULL;
    u32 n = 0;

    while (n < l->max_domains && (d = domain_iterate(d))) {
        if (d->domain_id < l->first_domain)
            continue;
        getdomaininfo(d, &info);
        if (copy_to_guest_offset(l->buffer, n, &info, 1)) {
            put_domain(d);
            return -EFAULT;
        }
        n++;
    }
    if (d)
        put_domain(d);
    l->num_domains = n;
    *copyback = true;
    return 0;
}

static long debug_keys(struct xen_sysctl *op, bool *copyback)
{
    struct xen_sysctl_debug_keys *k = &op->u.debug_keys;

    for (u32 i = 0; i < min(k->nr_keys, 256U); i++) {
        char c;

        if (raw_copy_from_guest(&c, guest_handle_va(k->keys) + i, 1))
            return -EFAULT;
        handle_keypress(c);
    }
    return 0;
}

static long getcpuinfo(struct xen_sysctl *op, bool *copyback)
{
    struct xen_sysctl_getcpuinfo *g = &op->u.getcpuinfo;
    u32 n = min(g->max_cpus, nr_cpu_ids);

    for (u32 i = 0; i < n; i++) {
        struct xen_sysctl_cpuinfo info = {cpu_online(i) ? get_cpu_idle_time(i) : 0};

        if (copy_to_guest_offset(g->info, i, &info, 1))
            return -EFAULT;
    }
    g->nr_cpus = n;
    *copyback = true;
    return 0;
}

static long availheap(struct xen_sysctl *op, bool *copyback)
{
    s32 node = op->u.availheap.node;

    op->u.availheap.avail_bytes =
        (u64)(node < 0 ? avail_domheap_pages() : avail_node_heap_pages(node)) << PAGE_SHIFT;
    *copyback = true;
    return 0;
}

static long cputopoinfo(struct xen_sysctl *op, bool *copyback)
{
    struct xen_sysctl_cputopoinfo *t = &op->u.cputopoinfo;
    u32 n = nr_cpu_ids;

    if (!guest_handle_is_null(t->cputopo)) {
        n = min(t->num_cpus, nr_cpu_ids);
        for (u32 i = 0; i < n; i++) {
            struct xen_sysctl_cputopo c = {XEN_INVALID_CORE_ID, XEN_INVALID_SOCKET_ID,
                                           XEN_INVALID_NODE_ID};

            if (cpu_online(i))
                c = (struct xen_sysctl_cputopo){cpu_to_core(i), cpu_to_socket(i), cpu_to_node(i)};
            if (copy_to_guest_offset(t->cputopo, i, &c, 1))
                return -EFAULT;
        }
    }
    t->num_cpus = n;
    *copyback = true;
    return 0;
}

static long numainfo(struct xen_sysctl *op, bool *copyback)
{
    struct xen_sysctl_numainfo *t = &op->u.numainfo;
    u32 n = nr_nodes;

    if (!guest_handle_is_null(t->meminfo) || !guest_handle_is_null(t->distance)) {
        n = min(t->num_nodes, nr_nodes);
        for (u32 i = 0; i < n; i++) {
            struct xen_sysctl_meminfo m = {(u64)node_spanned_pages(i) << PAGE_SHIFT,
                                           (u64)avail_node_heap_pages(i) << PAGE_SHIFT};

            if (!guest_handle_is_null(t->meminfo) && copy_to_guest_offset(t->meminfo, i, &m, 1))
                return -EFAULT;
            for (u32 j = 0; j < n && !guest_handle_is_null(t->distance); j++) {
                u32 dist = node_distance(i, j);

                if (copy_to_guest_offset(t->distance, i * n + j, &dist, 1))
                    return -EFAULT;
            }
        }
    }
    t->num_nodes = n;
    *copyback = true;
    return 0;
}

static long pcitopoinfo(struct xen_sysctl *op, bool *copyback)
{
    struct xen_sysctl_pcitopoinfo *t = &op->u.pcitopoinfo;

    /* The firmware's proximity of devices is not kept: each is on no known node. */
    for (u32 i = 0; i < t->num_devs; i++) {
        u32 node = XEN_INVALID_NODE_ID;

        if (copy_to_guest_offset(t->nodes, i, &node, 1))
            return -EFAULT;
    }
    *copyback = true;
    return 0;
}

static long op_cpupool(struct xen_sysctl *op, bool *copyback)
{
    return cpupool_op(&op->u.cpupool_op, copyback);
}

static sysctl_fn *const sysctl_table[] = {
    [XEN_SYSCTL_readconsole] = readconsole,
    [XEN_SYSCTL_sched_id] = sched_id_op,
    [XEN_SYSCTL_getdomaininfolist] = getdomaininfolist,
    [XEN_SYSCTL_debug_keys] = debug_keys,
    [XEN_SYSCTL_getcpuinfo] = getcpuinfo,
    [XEN_SYSCTL_availheap] = availheap,
    [XEN_SYSCTL_cputopoinfo] = cputopoinfo,
    [XEN_SYSCTL_numainfo] = numainfo,
    [XEN_SYSCTL_pcitopoinfo] = pcitopoinfo,
    [XEN_SYSCTL_cpupool_op] = op_cpupool,
};

long do_sysctl(unsigned long arg)
{
    struct xen_sysctl op;
    bool copyback = false;
    long rc;

    if (raw_copy_from_guest(&op, arg, sizeof(op)))
        return -EFAULT;
    if (op.interface_version != XEN_SYSCTL_INTERFACE_VERSION)
        return -EACCES;
    if (op.cmd < ARRAY_SIZE(sysctl_table) && sysctl_table[op.cmd])
        rc = sysctl_table[op.cmd](&op, &copyback);
    else
        rc = arch_do_sysctl(&op, &copyback);
    if (copyback && raw_copy_to_guest(arg, &op, sizeof(op)))
        rc = -EFAULT;
    return rc;
}
