/* SPDX-License-Identifier: GPL-2.0-only */
/* Life of a domain and of its vCPUs: create, run, stop, destroy, information, affinity, time. */
#include <stdio.h>

#include "xc_private.h"

/* A domctl that takes the domain and nothing else. */
static int simple_op(xc_interface *xch, uint32_t cmd, uint32_t domid)
{
    struct xen_domctl op = xc_domctl_of(cmd, domid);

    return xc_domctl(xch, &op) < 0 ? -1 : 0;
}

int xc_domain_create(xc_interface *xch, uint32_t *pdomid, struct xen_domctl_createdomain *config)
{
    struct xen_domctl op = xc_domctl_of(XEN_DOMCTL_createdomain, *pdomid);

    op.u.createdomain = *config;
    if (xc_domctl(xch, &op) < 0)
        return -1;
    *pdomid = op.domain;
    *config = op.u.createdomain;
    return 0;
}

int xc_domain_destroy(xc_interface *xch, uint32_t domid)
{
    return simple_op(xch, XEN_DOMCTL_destroydomain, domid);
}

int xc_domain_pause(xc_interface *xch, uint32_t domid)
{
    return simple_op(xch, XEN_DOMCTL_pausedomain, domid);
}

int xc_domain_unpause(xc_interface *xch, uint32_t domid)
{
    return simple_op(xch, XEN_DOMCTL_unpausedomain, domid);
}

int xc_domain_resume(xc_interface *xch, uint32_t domid, int fast)
{
    /* A hardware-virtualised guest sees the hypercall return 1 ("cancelled") without our help. */
    return simple_op(xch, XEN_DOMCTL_resumedomain, domid);
}

int xc_domain_soft_reset(xc_interface *xch, uint32_t domid)
{
    return simple_op(xch, XEN_DOMCTL_soft_reset, domid);
}

int xc_domain_shutdown(xc_interface *xch, uint32_t domid, int reason)
{
    sched_remote_shutdown_t arg = {.domain_id = (domid_t)domid, .reason = (unsigned int)reason};

    return xc_sched_op(xch, SCHEDOP_remote_shutdown, &arg, sizeof(arg)) < 0 ? -1 : 0;
}

int xc_watchdog(xc_interface *xch, uint32_t id, uint32_t timeout)
{
    sched_watchdog_t arg = {.id = id, .timeout = timeout};

    return xc_sched_op(xch, SCHEDOP_watchdog, &arg, sizeof(arg));
}

int xc_domain_max_vcpus(xc_interface *xch, uint32_t domid, unsigned int max)
{
    struct xen_domctl op = xc_domctl_of(XEN_DOMCTL_max_vcpus, domid);

    op.u.max_vcpus.max = max;
    return xc_domctl(xch, &op) < 0 ? -1 : 0;
}

int xc_domain_sethandle(xc_interface *xch, uint32_t domid, xen_domain_handle_t handle)
{
    struct xen_domctl op = xc_domctl_of(XEN_DOMCTL_setdomainhandle, domid);

    memcpy(op.u.setdomainhandle.handle, handle, sizeof(xen_domain_handle_t));
    return xc_domctl(xch, &op) < 0 ? -1 : 0;
}

int xc_domain_setdebugging(xc_interface *xch, uint32_t domid, unsigned int enable)
{
    struct xen_domctl op = xc_domctl_of(XEN_DOMCTL_setdebugging, domid);

    op.u.setdebugging.enable = (uint8_t)enable;
    return xc_domctl(xch, &op) < 0 ? -1 : 0;
}

int xc_domain_set_target(xc_interface *xch, uint32_t domid, uint32_t target)
{
    struct xen_domctl op = xc_domctl_of(XEN_DOMCTL_set_target, domid);

    op.u.set_target.target = (domid_t)target;
    return xc_domctl(xch, &op) < 0 ? -1 : 0;
}

int xc_domain_set_virq_handler(xc_interface *xch, uint32_t domid, int virq)
{
    struct xen_domctl op = xc_domctl_of(XEN_DOMCTL_set_virq_handler, domid);

    op.u.set_virq_handler.virq = (uint32_t)virq;
    return xc_domctl(xch, &op) < 0 ? -1 : 0;
}

int xc_domain_subscribe_for_suspend(xc_interface *xch, uint32_t domid, evtchn_port_t port)
{
    struct xen_domctl op = xc_domctl_of(XEN_DOMCTL_subscribe, domid);

    op.u.subscribe.port = port;
    return xc_domctl(xch, &op) < 0 ? -1 : 0;
}

int xc_domain_send_trigger(xc_interface *xch, uint32_t domid, uint32_t trigger, uint32_t vcpu)
{
    struct xen_domctl op = xc_domctl_of(XEN_DOMCTL_sendtrigger, domid);

    op.u.sendtrigger.trigger = trigger;
    op.u.sendtrigger.vcpu = vcpu;
    return xc_domctl(xch, &op) < 0 ? -1 : 0;
}

int xc_domain_getinfolist(xc_interface *xch, uint32_t first_domain, unsigned int max_domains,
                          xc_domaininfo_t *info)
{
    struct xen_sysctl op = {.cmd = XEN_SYSCTL_getdomaininfolist};
    struct xc_bounce b = XC_BOUNCE(info, max_domains * sizeof(*info), XC_BOUNCE_OUT);
    int rc;

    if (xc_bounce_begin(xch, &b))
        return -1;
    op.u.getdomaininfolist.first_domain = (domid_t)first_domain;
    op.u.getdomaininfolist.max_domains = max_domains;
    set_xen_guest_handle(op.u.getdomaininfolist.buffer, b.safe);
    rc = xc_sysctl(xch, &op);
    xc_bounce_end(xch, &b, rc >= 0);
    return rc < 0 ? -1 : (int)op.u.getdomaininfolist.num_domains;
}

int xc_domain_getinfo_single(xc_interface *xch, uint32_t domid, xc_domaininfo_t *info)
{
    struct xen_domctl op = xc_domctl_of(XEN_DOMCTL_getdomaininfo, domid);

    if (domid >= DOMID_FIRST_RESERVED) {
        errno = EINVAL;
        return -1;
    }
    if (xc_domctl(xch, &op) < 0)
        return -1;
    /* The hypervisor may answer with the next domain there is. */
    if (op.u.getdomaininfo.domain != domid) {
        errno = ESRCH;
        return xc_failed(xch, "information about domain %u", domid);
    }
    *info = op.u.getdomaininfo;
    return 0;
}

static void translate_info(const xc_domaininfo_t *in, xc_dominfo_t *out)
{
    memset(out, 0, sizeof(*out));
    out->domid = in->domain;
    out->ssidref = in->ssidref;
    out->dying = !!(in->flags & XEN_DOMINF_dying);
    out->shutdown = !!(in->flags & XEN_DOMINF_shutdown);
    out->paused = !!(in->flags & XEN_DOMINF_paused);
    out->blocked = !!(in->flags & XEN_DOMINF_blocked);
    out->running = !!(in->flags & XEN_DOMINF_running);
    out->hvm = !!(in->flags & XEN_DOMINF_hvm_guest);
    out->debugged = !!(in->flags & XEN_DOMINF_debugged);
    out->xenstore = !!(in->flags & XEN_DOMINF_xs_domain);
    out->hap = !!(in->flags & XEN_DOMINF_hap);
    out->shutdown_reason = in->flags >> XEN_DOMINF_shutdownshift & XEN_DOMINF_shutdownmask;
    if (out->shutdown && out->shutdown_reason == SHUTDOWN_crash) {
        out->shutdown = 0;
        out->crashed = 1;
    }
    out->nr_pages = in->tot_pages;
    out->nr_outstanding_pages = in->outstanding_pages;
    out->nr_shared_pages = in->shr_pages;
    out->nr_paged_pages = in->paged_pages;
    out->shared_info_frame = in->shared_info_frame;
    out->cpu_time = in->cpu_time;
    out->max_memkb = in->max_pages << (XC_PAGE_SHIFT - 10);
    out->nr_online_vcpus = in->nr_online_vcpus;
    out->max_vcpu_id = in->max_vcpu_id;
    memcpy(out->handle, in->handle, sizeof(xen_domain_handle_t));
    out->cpupool = in->cpupool;
    out->gpaddr_bits = in->gpaddr_bits;
    out->arch_config = in->arch_config;
}

int xc_domain_getinfo(xc_interface *xch, uint32_t first_domid, unsigned int max_doms,
                      xc_dominfo_t *info)
{
    xc_domaininfo_t *list = calloc(max_doms ? max_doms : 1, sizeof(*list));
    int i, n;

    if (!list)
        return -1;
    n = xc_domain_getinfolist(xch, first_domid, max_doms, list);
    for (i = 0; i < n; i++)
        translate_info(&list[i], &info[i]);
    i = errno;
    free(list);
    errno = i;
    return n;
}

int xc_vcpu_getinfo(xc_interface *xch, uint32_t domid, uint32_t vcpu, xc_vcpuinfo_t *info)
{
    struct xen_domctl op = xc_domctl_of(XEN_DOMCTL_getvcpuinfo, domid);

    op.u.getvcpuinfo.vcpu = vcpu;
    if (xc_domctl(xch, &op) < 0)
        return -1;
    *info = op.u.getvcpuinfo;
    return 0;
}

long long xc_domain_get_cpu_usage(xc_interface *xch, uint32_t domid, int vcpu)
{
    xc_vcpuinfo_t info;

    return xc_vcpu_getinfo(xch, domid, (uint32_t)vcpu, &info) ? -1 : (long long)info.cpu_time;
}

static int vcpu_affinity(xc_interface *xch, uint32_t cmd, uint32_t domid, int vcpu,
                         xc_cpumap_t hard, xc_cpumap_t soft, uint32_t flags)
{
    struct xen_domctl op = xc_domctl_of(cmd, domid);
    int size = xc_get_cpumap_size(xch);
    struct xc_bounce bh =
        XC_BOUNCE(flags & XEN_VCPUAFFINITY_HARD ? hard : NULL, (size_t)size, XC_BOUNCE_BOTH);
    struct xc_bounce bs =
        XC_BOUNCE(flags & XEN_VCPUAFFINITY_SOFT ? soft : NULL, (size_t)size, XC_BOUNCE_BOTH);
    int rc = -1;

    if (size < 0)
        return -1;
    if (xc_bounce_begin(xch, &bh))
        return -1;
    if (xc_bounce_begin(xch, &bs))
        goto out;
    op.u.vcpuaffinity.vcpu = (uint32_t)vcpu;
    op.u.vcpuaffinity.flags = flags;
    set_xen_guest_handle(op.u.vcpuaffinity.cpumap_hard.bitmap, bh.safe);
    op.u.vcpuaffinity.cpumap_hard.nr_bits = bh.safe ? (uint32_t)size * 8 : 0;
    set_xen_guest_handle(op.u.vcpuaffinity.cpumap_soft.bitmap, bs.safe);
    op.u.vcpuaffinity.cpumap_soft.nr_bits = bs.safe ? (uint32_t)size * 8 : 0;
    rc = xc_domctl(xch, &op);
    xc_bounce_end(xch, &bs, rc >= 0);
out:
    xc_bounce_end(xch, &bh, rc >= 0);
    return rc < 0 ? -1 : 0;
}

int xc_vcpu_setaffinity(xc_interface *xch, uint32_t domid, int vcpu, xc_cpumap_t cpumap_hard_inout,
                        xc_cpumap_t cpumap_soft_inout, uint32_t flags)
{
    return vcpu_affinity(xch, XEN_DOMCTL_setvcpuaffinity, domid, vcpu, cpumap_hard_inout,
                         cpumap_soft_inout, flags);
}

int xc_vcpu_getaffinity(xc_interface *xch, uint32_t domid, int vcpu, xc_cpumap_t cpumap_hard,
                        xc_cpumap_t cpumap_soft, uint32_t flags)
{
    return vcpu_affinity(xch, XEN_DOMCTL_getvcpuaffinity, domid, vcpu, cpumap_hard, cpumap_soft,
                         flags);
}

static int node_affinity(xc_interface *xch, uint32_t cmd, uint32_t domid, xc_nodemap_t nodemap,
                         enum xc_bounce_dir dir)
{
    struct xen_domctl op = xc_domctl_of(cmd, domid);
    int size = xc_get_nodemap_size(xch);
    struct xc_bounce b = XC_BOUNCE(nodemap, (size_t)size, dir);
    int rc;

    if (size < 0 || xc_bounce_begin(xch, &b))
        return -1;
    set_xen_guest_handle(op.u.nodeaffinity.nodemap.bitmap, b.safe);
    op.u.nodeaffinity.nodemap.nr_bits = (uint32_t)size * 8;
    rc = xc_domctl(xch, &op);
    xc_bounce_end(xch, &b, rc >= 0);
    return rc < 0 ? -1 : 0;
}

int xc_domain_node_setaffinity(xc_interface *xch, uint32_t domid, xc_nodemap_t nodemap)
{
    return node_affinity(xch, XEN_DOMCTL_setnodeaffinity, domid, nodemap, XC_BOUNCE_IN);
}

int xc_domain_node_getaffinity(xc_interface *xch, uint32_t domid, xc_nodemap_t nodemap)
{
    return node_affinity(xch, XEN_DOMCTL_getnodeaffinity, domid, nodemap, XC_BOUNCE_OUT);
}

int xc_domain_set_time_offset(xc_interface *xch, uint32_t domid, int32_t time_offset_seconds)
{
    struct xen_domctl op = xc_domctl_of(XEN_DOMCTL_settimeoffset, domid);

    op.u.settimeoffset.time_offset_seconds = time_offset_seconds;
    return xc_domctl(xch, &op) < 0 ? -1 : 0;
}

int xc_domain_set_tsc_info(xc_interface *xch, uint32_t domid, uint32_t tsc_mode,
                           uint64_t elapsed_nsec, uint32_t gtsc_khz, uint32_t incarnation)
{
    struct xen_domctl op = xc_domctl_of(XEN_DOMCTL_settscinfo, domid);

    op.u.tsc_info.tsc_mode = tsc_mode;
    op.u.tsc_info.elapsed_nsec = elapsed_nsec;
    op.u.tsc_info.gtsc_khz = gtsc_khz;
    op.u.tsc_info.incarnation = incarnation;
    return xc_domctl(xch, &op) < 0 ? -1 : 0;
}

int xc_domain_get_tsc_info(xc_interface *xch, uint32_t domid, uint32_t *tsc_mode,
                           uint64_t *elapsed_nsec, uint32_t *gtsc_khz, uint32_t *incarnation)
{
    struct xen_domctl op = xc_domctl_of(XEN_DOMCTL_gettscinfo, domid);

    if (xc_domctl(xch, &op) < 0)
        return -1;
    *tsc_mode = op.u.tsc_info.tsc_mode;
    *elapsed_nsec = op.u.tsc_info.elapsed_nsec;
    *gtsc_khz = op.u.tsc_info.gtsc_khz;
    *incarnation = op.u.tsc_info.incarnation;
    return 0;
}
