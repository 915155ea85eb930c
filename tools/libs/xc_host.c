/* SPDX-License-Identifier: GPL-2.0-only */
/* What the host is and has: version, CPUs, nodes, memory, console ring, keys, hotplug. */
#include <stdio.h>

#include "xc_private.h"

int xc_version(xc_interface *xch, int cmd, void *arg)
{
    static const size_t sizes[] = {
        [XENVER_extraversion] = sizeof(xen_extraversion_t),
        [XENVER_compile_info] = sizeof(xen_compile_info_t),
        [XENVER_capabilities] = sizeof(xen_capabilities_info_t),
        [XENVER_changeset] = sizeof(xen_changeset_info_t),
        [XENVER_platform_parameters] = sizeof(xen_platform_parameters_t),
        [XENVER_get_features] = sizeof(xen_feature_info_t),
        [XENVER_guest_handle] = sizeof(xen_domain_handle_t),
        [XENVER_commandline] = sizeof(xen_commandline_t),
    };
    size_t size = 0;
    struct xc_bounce b;
    int rc;

    if (cmd == XENVER_build_id) {
        if (arg)
            size = sizeof(xen_build_id_t) + ((xen_build_id_t *)arg)->len;
    } else if (cmd >= 0 && (size_t)cmd < sizeof(sizes) / sizeof(sizes[0])) {
        size = sizes[cmd];
    }
    if (size && !arg) {
        errno = EFAULT;
        return xc_failed(xch, "version query %d", cmd);
    }
    b = (struct xc_bounce)XC_BOUNCE(size ? arg : NULL, size, XC_BOUNCE_BOTH);
    if (!xch->xcall) {
        errno = ENOSYS;
        return -1;
    }
    if (xc_bounce_begin(xch, &b))
        return -1;
    rc = xencall2(xch->xcall, __HYPERVISOR_xen_version, (uint64_t)cmd, (uintptr_t)b.safe);
    xc_bounce_end(xch, &b, rc >= 0);
    return rc >= 0 ? rc : xc_failed(xch, "version query %d", cmd);
}

int xc_build_id(xc_interface *xch, char *hex, size_t len)
{
    union {
        xen_build_id_t id;
        unsigned char room[sizeof(xen_build_id_t) + 256];
    } u = {.id = {.len = 256}};
    int n = xc_version(xch, XENVER_build_id, &u.id);
    int i;

    if (n < 0)
        return -1;
    if ((size_t)n * 2 + 1 > len) {
        errno = ENOBUFS;
        return -1;
    }
    for (i = 0; i < n; i++)
        snprintf(hex + 2 * i, 3, "%02x", u.id.buf[i]);
    hex[2 * n] = '\0';
    return 0;
}

int xc_physinfo(xc_interface *xch, xc_physinfo_t *info)
{
    struct xen_sysctl op = {.cmd = XEN_SYSCTL_physinfo};

    op.u.physinfo = *info;
    if (xc_sysctl(xch, &op) < 0)
        return -1;
    *info = op.u.physinfo;
    return 0;
}

int xc_cputopoinfo(xc_interface *xch, unsigned *max_cpus, xc_cputopo_t *cputopo)
{
    struct xen_sysctl op = {.cmd = XEN_SYSCTL_cputopoinfo};
    struct xc_bounce b = XC_BOUNCE(cputopo, *max_cpus * sizeof(*cputopo), XC_BOUNCE_OUT);
    int rc;

    if (xc_bounce_begin(xch, &b))
        return -1;
    op.u.cputopoinfo.num_cpus = *max_cpus;
    set_xen_guest_handle(op.u.cputopoinfo.cputopo, b.safe);
    rc = xc_sysctl(xch, &op);
    if (rc >= 0)
        *max_cpus = op.u.cputopoinfo.num_cpus;
    xc_bounce_end(xch, &b, rc >= 0);
    return rc < 0 ? -1 : 0;
}

int xc_numainfo(xc_interface *xch, unsigned *max_nodes, xc_meminfo_t *meminfo, uint32_t *distance)
{
    struct xen_sysctl op = {.cmd = XEN_SYSCTL_numainfo};
    size_t n = *max_nodes;
    struct xc_bounce mem = XC_BOUNCE(meminfo, n * sizeof(*meminfo), XC_BOUNCE_OUT);
    struct xc_bounce dist = XC_BOUNCE(distance, n * n * sizeof(*distance), XC_BOUNCE_OUT);
    int rc = -1;

    if (xc_bounce_begin(xch, &mem))
        return -1;
    if (xc_bounce_begin(xch, &dist))
        goto out;
    op.u.numainfo.num_nodes = *max_nodes;
    set_xen_guest_handle(op.u.numainfo.meminfo, mem.safe);
    set_xen_guest_handle(op.u.numainfo.distance, dist.safe);
    rc = xc_sysctl(xch, &op);
    if (rc >= 0)
        *max_nodes = op.u.numainfo.num_nodes;
    xc_bounce_end(xch, &dist, rc >= 0);
out:
    xc_bounce_end(xch, &mem, rc >= 0);
    return rc < 0 ? -1 : 0;
}

int xc_pcitopoinfo(xc_interface *xch, unsigned num_devs, physdev_pci_device_t *devs,
                   uint32_t *nodes)
{
    struct xen_sysctl op = {.cmd = XEN_SYSCTL_pcitopoinfo};
    struct xc_bounce in = XC_BOUNCE(devs, num_devs * sizeof(*devs), XC_BOUNCE_IN);
    struct xc_bounce out = XC_BOUNCE(nodes, num_devs * sizeof(*nodes), XC_BOUNCE_BOTH);
    unsigned done = 0;
    int rc = -1;

    if (xc_bounce_begin(xch, &in))
        return -1;
    if (xc_bounce_begin(xch, &out))
        goto out;
    /* The hypervisor may stop after any number of devices. */
    do {
        op.u.pcitopoinfo.num_devs = num_devs - done;
        set_xen_guest_handle(op.u.pcitopoinfo.devs, (physdev_pci_device_t *)in.safe + done);
        set_xen_guest_handle(op.u.pcitopoinfo.nodes, (uint32_t *)out.safe + done);
        rc = xc_sysctl(xch, &op);
        if (rc >= 0 && !op.u.pcitopoinfo.num_devs) {
            errno = EIO;
            rc = -1;
        }
        done += op.u.pcitopoinfo.num_devs;
    } while (rc >= 0 && done < num_devs);
    xc_bounce_end(xch, &out, rc >= 0);
out:
    xc_bounce_end(xch, &in, rc >= 0);
    return rc < 0 ? -1 : 0;
}

int xc_sched_id(xc_interface *xch, int *sched_id)
{
    struct xen_sysctl op = {.cmd = XEN_SYSCTL_sched_id};

    if (xc_sysctl(xch, &op) < 0)
        return -1;
    *sched_id = (int)op.u.sched_id.sched_id;
    return 0;
}

int xc_getcpuinfo(xc_interface *xch, int max_cpus, xc_cpuinfo_t *info, int *nr_cpus)
{
    struct xen_sysctl op = {.cmd = XEN_SYSCTL_getcpuinfo};
    struct xc_bounce b = XC_BOUNCE(info, (size_t)max_cpus * sizeof(*info), XC_BOUNCE_OUT);
    int rc;

    if (xc_bounce_begin(xch, &b))
        return -1;
    op.u.getcpuinfo.max_cpus = (uint32_t)max_cpus;
    set_xen_guest_handle(op.u.getcpuinfo.info, b.safe);
    rc = xc_sysctl(xch, &op);
    xc_bounce_end(xch, &b, rc >= 0);
    if (rc < 0)
        return -1;
    if (nr_cpus)
        *nr_cpus = (int)op.u.getcpuinfo.nr_cpus;
    return 0;
}

int xc_availheap(xc_interface *xch, int min_width, int max_width, int node, uint64_t *bytes)
{
    struct xen_sysctl op = {.cmd = XEN_SYSCTL_availheap};

    op.u.availheap.min_bitwidth = (uint32_t)min_width;
    op.u.availheap.max_bitwidth = (uint32_t)max_width;
    op.u.availheap.node = node;
    if (xc_sysctl(xch, &op) < 0)
        return -1;
    *bytes = op.u.availheap.avail_bytes;
    return 0;
}

int xc_readconsolering(xc_interface *xch, char *buffer, unsigned int *pnr_chars, int clear,
                       int incremental, uint32_t *pindex)
{
    struct xen_sysctl op = {.cmd = XEN_SYSCTL_readconsole};
    struct xc_bounce b = XC_BOUNCE(buffer, *pnr_chars, XC_BOUNCE_OUT);
    int rc;

    if (xc_bounce_begin(xch, &b))
        return -1;
    set_xen_guest_handle(op.u.readconsole.buffer, b.safe);
    op.u.readconsole.count = *pnr_chars;
    op.u.readconsole.clear = (uint8_t) !!clear;
    op.u.readconsole.incremental = (uint8_t) !!incremental;
    if (pindex)
        op.u.readconsole.index = *pindex;
    rc = xc_sysctl(xch, &op);
    xc_bounce_end(xch, &b, rc >= 0);
    if (rc < 0)
        return -1;
    *pnr_chars = op.u.readconsole.count;
    if (pindex)
        *pindex = op.u.readconsole.index;
    return 0;
}

int xc_send_debug_keys(xc_interface *xch, const char *keys)
{
    struct xen_sysctl op = {.cmd = XEN_SYSCTL_debug_keys};
    struct xc_bounce b = XC_BOUNCE(keys, strlen(keys), XC_BOUNCE_IN);
    int rc;

    if (xc_bounce_begin(xch, &b))
        return -1;
    set_xen_guest_handle(op.u.debug_keys.keys, b.safe);
    op.u.debug_keys.nr_keys = (uint32_t)strlen(keys);
    rc = xc_sysctl(xch, &op);
    xc_bounce_end(xch, &b, rc >= 0);
    return rc < 0 ? -1 : 0;
}

int xc_maximum_ram_page(xc_interface *xch, unsigned long *max_mfn)
{
    long rc = xc_memory_op(xch, XENMEM_maximum_ram_page, NULL, 0);

    if (rc < 0)
        return -1;
    *max_mfn = (unsigned long)rc;
    return 0;
}

long xc_sharing_freed_pages(xc_interface *xch)
{
    return xc_memory_op(xch, XENMEM_get_sharing_freed_pages, NULL, 0);
}

long xc_sharing_used_frames(xc_interface *xch)
{
    return xc_memory_op(xch, XENMEM_get_sharing_shared_pages, NULL, 0);
}

int xc_microcode_update(xc_interface *xch, const void *buf, size_t len)
{
    struct xen_platform_op op = {.cmd = XENPF_microcode_update};
    struct xc_bounce b = XC_BOUNCE(buf, len, XC_BOUNCE_IN);
    int rc;

    if (xc_bounce_begin(xch, &b))
        return -1;
    op.u.microcode.length = (uint32_t)len;
    set_xen_guest_handle(op.u.microcode.data, b.safe);
    rc = xc_platform_op(xch, &op);
    xc_bounce_end(xch, &b, rc >= 0);
    return rc < 0 ? -1 : 0;
}

static int cpu_hotplug(xc_interface *xch, uint32_t op, int cpu)
{
    struct xen_sysctl ctl = {.cmd = XEN_SYSCTL_cpu_hotplug};

    ctl.u.cpu_hotplug.cpu = (uint32_t)cpu;
    ctl.u.cpu_hotplug.op = op;
    return xc_sysctl(xch, &ctl) < 0 ? -1 : 0;
}

int xc_cpu_online(xc_interface *xch, int cpu)
{
    return cpu_hotplug(xch, XEN_SYSCTL_CPU_HOTPLUG_ONLINE, cpu);
}

int xc_cpu_offline(xc_interface *xch, int cpu)
{
    return cpu_hotplug(xch, XEN_SYSCTL_CPU_HOTPLUG_OFFLINE, cpu);
}

int xc_smt_enable(xc_interface *xch)
{
    return cpu_hotplug(xch, XEN_SYSCTL_CPU_HOTPLUG_SMT_ENABLE, 0);
}

int xc_smt_disable(xc_interface *xch)
{
    return cpu_hotplug(xch, XEN_SYSCTL_CPU_HOTPLUG_SMT_DISABLE, 0);
}

static int learn_limits(xc_interface *xch)
{
    xc_physinfo_t info = {0};

    if (xch->max_cpus)
        return 0;
    if (xc_physinfo(xch, &info))
        return -1;
    xch->max_nodes = (int)info.max_node_id + 1;
    xch->max_cpus = (int)info.max_cpu_id + 1;
    return 0;
}

int xc_get_max_cpus(xc_interface *xch)
{
    return learn_limits(xch) ? -1 : xch->max_cpus;
}

int xc_get_max_nodes(xc_interface *xch)
{
    return learn_limits(xch) ? -1 : xch->max_nodes;
}

int xc_get_online_cpus(xc_interface *xch)
{
    xc_physinfo_t info = {0};

    return xc_physinfo(xch, &info) ? -1 : (int)info.nr_cpus;
}

int xc_get_cpumap_size(xc_interface *xch)
{
    int n = xc_get_max_cpus(xch);

    return n < 0 ? -1 : (n + 7) / 8;
}

int xc_get_nodemap_size(xc_interface *xch)
{
    int n = xc_get_max_nodes(xch);

    return n < 0 ? -1 : (n + 7) / 8;
}

xc_cpumap_t xc_cpumap_alloc(xc_interface *xch)
{
    int size = xc_get_cpumap_size(xch);

    return size < 0 ? NULL : calloc(1, (size_t)size);
}

xc_nodemap_t xc_nodemap_alloc(xc_interface *xch)
{
    int size = xc_get_nodemap_size(xch);

    return size < 0 ? NULL : calloc(1, (size_t)size);
}

void xc_cpumap_clearcpu(int cpu, xc_cpumap_t map)
{
    map[cpu / 8] = (uint8_t)(map[cpu / 8] & ~(1u << (cpu % 8)));
}

void xc_cpumap_setcpu(int cpu, xc_cpumap_t map)
{
    map[cpu / 8] = (uint8_t)(map[cpu / 8] | 1u << (cpu % 8));
}

int xc_cpumap_testcpu(int cpu, xc_cpumap_t map)
{
    return map[cpu / 8] >> (cpu % 8) & 1;
}
