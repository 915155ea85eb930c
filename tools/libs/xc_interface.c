/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The handle on the hypervisor: opening with the check of the interface version, the raw
 * operations through hypercall-safe copies, and the text of the last failure.
 */
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "xc_private.h"

/* The first version and the last that the search for the hypervisor's own tries. */
#define OLDEST_VERSION 0x01
#define NEWEST_VERSION 0x40
/* An operation that asks to be repeated gets a moment, so that others can make the progress. */
#define RETRY_SLEEP_US 100
#define ERRNO_RESTART  85 /* Xen's ERESTART, which Linux has under the same number */

static __thread char last_failure[256] = "nothing failed";

const char *xc_last_failure(void)
{
    return last_failure;
}

int xc_failed(xc_interface *xch, const char *format, ...)
{
    int saved = errno;
    char what[160];
    va_list al;

    va_start(al, format);
    vsnprintf(what, sizeof(what), format, al);
    va_end(al);
    snprintf(last_failure, sizeof(last_failure), "%s: %s", what, strerror(saved));
    if (xch && xch->logger)
        xtl_log(xch->logger, XTL_DEBUG, -1, "xc", "%s", last_failure);
    errno = saved;
    return -1;
}

struct op_name {
    uint32_t cmd;
    const char *name;
};

#define D(op)                \
    {                        \
        XEN_DOMCTL_##op, #op \
    }
static const struct op_name domctl_names[] = {
    D(createdomain),
    D(destroydomain),
    D(pausedomain),
    D(unpausedomain),
    D(getdomaininfo),
    D(setvcpuaffinity),
    D(max_mem),
    D(getvcpuinfo),
    D(max_vcpus),
    D(scheduler_op),
    D(setdomainhandle),
    D(setdebugging),
    D(irq_permission),
    D(iomem_permission),
    D(ioport_permission),
    D(settimeoffset),
    D(getvcpuaffinity),
    D(resumedomain),
    D(sendtrigger),
    D(subscribe),
    D(gethvmcontext),
    D(sethvmcontext),
    D(gethvmcontext_partial),
    D(gettscinfo),
    D(settscinfo),
    D(set_virq_handler),
    D(setnodeaffinity),
    D(getnodeaffinity),
    D(setvnumainfo),
    D(soft_reset),
    D(get_cpu_policy),
    D(set_cpu_policy),
    D(get_paging_mempool_size),
    D(set_paging_mempool_size),
    D(memory_mapping),
    D(ioport_mapping),
    D(set_target),
};
#undef D
#define S(op)                \
    {                        \
        XEN_SYSCTL_##op, #op \
    }
static const struct op_name sysctl_names[] = {
    S(readconsole), S(physinfo),     S(sched_id),    S(getdomaininfolist),  S(debug_keys),
    S(getcpuinfo),  S(availheap),    S(cpu_hotplug), S(cputopoinfo),        S(numainfo),
    S(cpupool_op),  S(scheduler_op), S(pcitopoinfo), S(get_cpu_featureset), S(get_cpu_policy),
};
#undef S

static const char *op_name(const struct op_name *names, size_t n, uint32_t cmd, char *buf,
                           size_t len)
{
    size_t i;

    for (i = 0; i < n; i++)
        if (names[i].cmd == cmd)
            return names[i].name;
    snprintf(buf, len, "%u", cmd);
    return buf;
}

/*
 * One operation on a structure: copied to safe memory, repeated while the hypervisor asks for
 * that, copied back also on failure (some operations then say what was wrong).
 */
static long call_with(xc_interface *xch, unsigned int hypercall, int cmd, bool arg_first, void *arg,
                      size_t len)
{
    void *safe = NULL;
    long rc;

    if (!xch->xcall) {
        errno = ENOSYS;
        return -1;
    }
    if (arg) {
        safe = xencall_alloc_buffer(xch->xcall, len);
        if (!safe)
            return -1;
        memcpy(safe, arg, len);
    }
    for (;;) {
        if (arg_first)
            rc = xencall1(xch->xcall, hypercall, (uintptr_t)safe);
        else
            rc = xencall2L(xch->xcall, hypercall, (uint64_t)(unsigned int)cmd, (uintptr_t)safe);
        if (rc >= 0 || (errno != ERRNO_RESTART && errno != EAGAIN))
            break;
        usleep(RETRY_SLEEP_US);
    }
    if (arg) {
        memcpy(arg, safe, len);
        xencall_free_buffer(xch->xcall, safe);
    }
    return rc;
}

int xc_domctl(xc_interface *xch, struct xen_domctl *domctl)
{
    char buf[16];
    int rc;

    domctl->interface_version = XEN_DOMCTL_INTERFACE_VERSION;
    rc = (int)call_with(xch, __HYPERVISOR_domctl, 0, true, domctl, sizeof(*domctl));
    if (rc >= 0)
        return rc;
    return xc_failed(xch, "domctl %s of domain %u",
                     op_name(domctl_names, sizeof(domctl_names) / sizeof(domctl_names[0]),
                             domctl->cmd, buf, sizeof(buf)),
                     domctl->domain);
}

int xc_sysctl(xc_interface *xch, struct xen_sysctl *sysctl)
{
    char buf[16];
    int rc;

    sysctl->interface_version = XEN_SYSCTL_INTERFACE_VERSION;
    rc = (int)call_with(xch, __HYPERVISOR_sysctl, 0, true, sysctl, sizeof(*sysctl));
    if (rc >= 0)
        return rc;
    return xc_failed(xch, "sysctl %s",
                     op_name(sysctl_names, sizeof(sysctl_names) / sizeof(sysctl_names[0]),
                             sysctl->cmd, buf, sizeof(buf)));
}

int xc_platform_op(xc_interface *xch, struct xen_platform_op *op)
{
    int rc;

    op->interface_version = XENPF_INTERFACE_VERSION;
    rc = (int)call_with(xch, __HYPERVISOR_platform_op, 0, true, op, sizeof(*op));
    return rc >= 0 ? rc : xc_failed(xch, "platform operation %u", op->cmd);
}

long xc_memory_op(xc_interface *xch, unsigned int cmd, void *arg, size_t len)
{
    long rc = call_with(xch, __HYPERVISOR_memory_op, (int)cmd, false, arg, len);

    return rc >= 0 ? rc : xc_failed(xch, "memory operation %u", cmd);
}

int xc_hvm_op(xc_interface *xch, unsigned int op, void *arg, size_t len)
{
    int rc = (int)call_with(xch, __HYPERVISOR_hvm_op, (int)op, false, arg, len);

    return rc >= 0 ? rc : xc_failed(xch, "hvm operation %u", op);
}

int xc_evtchn_op(xc_interface *xch, unsigned int cmd, void *arg, size_t len)
{
    int rc = (int)call_with(xch, __HYPERVISOR_event_channel_op, (int)cmd, false, arg, len);

    return rc >= 0 ? rc : xc_failed(xch, "event channel operation %u", cmd);
}

int xc_sched_op(xc_interface *xch, unsigned int cmd, void *arg, size_t len)
{
    int rc = (int)call_with(xch, __HYPERVISOR_sched_op, (int)cmd, false, arg, len);

    return rc >= 0 ? rc : xc_failed(xch, "sched operation %u", cmd);
}

int xc_bounce_begin(xc_interface *xch, struct xc_bounce *b)
{
    b->safe = NULL;
    if (!b->user)
        return 0;
    if (!xch->xcall) {
        errno = ENOSYS;
        return -1;
    }
    b->safe = xencall_alloc_buffer(xch->xcall, b->size);
    if (!b->safe)
        return xc_failed(xch, "buffer of %zu bytes for a hypercall", b->size);
    if (b->dir & XC_BOUNCE_IN)
        memcpy(b->safe, b->user, b->size);
    return 0;
}

void xc_bounce_end(xc_interface *xch, struct xc_bounce *b, bool ok)
{
    if (!b->safe)
        return;
    if (ok && (b->dir & XC_BOUNCE_OUT))
        memcpy(b->user, b->safe, b->size);
    xencall_free_buffer(xch->xcall, b->safe);
    b->safe = NULL;
}

/* 0: spoken; otherwise the errno of an operation that has no effect. */
static int try_version(xc_interface *xch, bool sysctl, uint32_t version)
{
    struct xen_domctl dom = {.cmd = XEN_DOMCTL_getdomaininfo, .interface_version = version};
    struct xen_sysctl sys = {.cmd = XEN_SYSCTL_sched_id, .interface_version = version};
    long rc;

    if (sysctl)
        rc = call_with(xch, __HYPERVISOR_sysctl, 0, true, &sys, sizeof(sys));
    else
        rc = call_with(xch, __HYPERVISOR_domctl, 0, true, &dom, sizeof(dom));
    return rc >= 0 ? 0 : errno;
}

static int check_version(xc_interface *xch, bool sysctl, uint32_t ours)
{
    const char *name = sysctl ? "sysctl" : "domctl";
    int err = try_version(xch, sysctl, ours);
    uint32_t v;

    if (err != EACCES)
        return 0;
    for (v = OLDEST_VERSION; v <= NEWEST_VERSION; v++) {
        if (try_version(xch, sysctl, v) != EACCES) {
            xtl_log(xch->logger, XTL_ERROR, -1, "xc",
                    "this hypervisor speaks %s interface 0x%x, these tools need 0x%x", name, v,
                    ours);
            break;
        }
    }
    if (v > NEWEST_VERSION)
        xtl_log(xch->logger, XTL_ERROR, -1, "xc",
                "this hypervisor refuses %s interface 0x%x and says to none that it is the right "
                "one (does a security policy forbid it?)",
                name, ours);
    errno = EACCES;
    return xc_failed(xch, "%s interface 0x%x", name, ours);
}

xc_interface *xc_interface_open(xentoollog_logger *logger, xentoollog_logger *dombuild_logger,
                                unsigned open_flags)
{
    xc_interface *xch = calloc(1, sizeof(*xch));
    int saved;

    if (!xch)
        return NULL;
    xch->flags = open_flags;
    if (!logger)
        logger = xch->own_logger = (xentoollog_logger *)xtl_createlogger_stdiostream(
            stderr, XTL_WARN, XTL_STDIOSTREAM_HIDE_PROGRESS);
    xch->logger = logger;
    if (open_flags & XC_OPENFLAG_DUMMY)
        return xch;
    xch->xcall = xencall_open(
        logger, open_flags & XC_OPENFLAG_NON_REENTRANT ? XENCALL_OPENFLAG_NON_REENTRANT : 0);
    if (!xch->xcall)
        goto fail;
    xch->fmem = xenforeignmemory_open(logger, 0);
    if (!xch->fmem)
        goto fail;
    if (check_version(xch, false, XEN_DOMCTL_INTERFACE_VERSION) ||
        check_version(xch, true, XEN_SYSCTL_INTERFACE_VERSION))
        goto fail;
    return xch;

fail:
    saved = errno;
    xc_interface_close(xch);
    errno = saved;
    return NULL;
}

int xc_interface_close(xc_interface *xch)
{
    if (!xch)
        return 0;
    xenforeignmemory_close(xch->fmem);
    xencall_close(xch->xcall);
    xtl_logger_destroy(xch->own_logger);
    free(xch);
    return 0;
}

struct xencall_handle *xc_interface_xcall_handle(xc_interface *xch)
{
    return xch->xcall;
}

struct xenforeignmemory_handle *xc_interface_fmem_handle(xc_interface *xch)
{
    return xch->fmem;
}

xentoollog_logger *xc_interface_logger(xc_interface *xch)
{
    return xch->logger;
}
