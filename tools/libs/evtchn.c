/* SPDX-License-Identifier: GPL-2.0-only */
/* Event channels through /dev/xen/evtchn: ioctls bind, reads deliver, writes unmask. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "xenevtchn.h"
#include "xentoollog.h"
#include "linux_abi.h"

struct xenevtchn_handle {
    int fd;
    xentoollog_logger *own_logger;
};

static xenevtchn_handle *handle_of(int fd)
{
    xenevtchn_handle *xce = calloc(1, sizeof(*xce));

    if (xce)
        xce->fd = fd;
    return xce;
}

xenevtchn_handle *xenevtchn_open(struct xentoollog_logger *logger, unsigned int flags)
{
    xenevtchn_handle *xce;

    if (flags & ~(unsigned)XENEVTCHN_NO_CLOEXEC) {
        errno = EINVAL;
        return NULL;
    }
    xce = handle_of(-1);
    if (!xce)
        return NULL;
    if (!logger)
        logger = xce->own_logger = (xentoollog_logger *)xtl_createlogger_stdiostream(
            stderr, XTL_WARN, XTL_STDIOSTREAM_HIDE_PROGRESS);
    xce->fd = open(XEN_DEV("evtchn"), O_RDWR | (flags & XENEVTCHN_NO_CLOEXEC ? 0 : O_CLOEXEC));
    if (xce->fd < 0) {
        int saved = errno;

        xtl_log(logger, XTL_ERROR, saved, "evtchn",
                "cannot open " XEN_DEV("evtchn") " (is the xen-evtchn module loaded?)");
        xenevtchn_close(xce);
        errno = saved;
        return NULL;
    }
    return xce;
}

xenevtchn_handle *xenevtchn_fdopen(struct xentoollog_logger *logger, int fd, unsigned open_flags)
{
    if (open_flags) {
        errno = EINVAL;
        return NULL;
    }
    return handle_of(fd);
}

int xenevtchn_close(xenevtchn_handle *xce)
{
    if (!xce)
        return 0;
    if (xce->fd >= 0)
        close(xce->fd);
    xtl_logger_destroy(xce->own_logger);
    free(xce);
    return 0;
}

int xenevtchn_fd(xenevtchn_handle *xce)
{
    return xce->fd;
}

int xenevtchn_notify(xenevtchn_handle *xce, evtchn_port_t port)
{
    struct evtchn_port_arg arg = {.port = port};

    return ioctl(xce->fd, EVTCHN_DEV_NOTIFY, &arg);
}

xenevtchn_port_or_error_t xenevtchn_bind_unbound_port(xenevtchn_handle *xce, uint32_t domid)
{
    struct evtchn_bind_unbound_arg arg = {.remote_domain = domid};

    return ioctl(xce->fd, EVTCHN_DEV_BIND_UNBOUND, &arg);
}

xenevtchn_port_or_error_t xenevtchn_bind_interdomain(xenevtchn_handle *xce, uint32_t domid,
                                                     evtchn_port_t remote_port)
{
    struct evtchn_bind_interdomain_arg arg = {.remote_domain = domid, .remote_port = remote_port};

    return ioctl(xce->fd, EVTCHN_DEV_BIND_INTERDOMAIN, &arg);
}

xenevtchn_port_or_error_t xenevtchn_bind_virq(xenevtchn_handle *xce, unsigned int virq)
{
    struct evtchn_bind_virq_arg arg = {.virq = virq};

    return ioctl(xce->fd, EVTCHN_DEV_BIND_VIRQ, &arg);
}

int xenevtchn_unbind(xenevtchn_handle *xce, evtchn_port_t port)
{
    struct evtchn_port_arg arg = {.port = port};

    return ioctl(xce->fd, EVTCHN_DEV_UNBIND, &arg);
}

xenevtchn_port_or_error_t xenevtchn_pending(xenevtchn_handle *xce)
{
    evtchn_port_t port;
    ssize_t n = read(xce->fd, &port, sizeof(port));

    if (n == sizeof(port))
        return (int)port;
    if (n >= 0)
        errno = EIO;
    return -1;
}

int xenevtchn_unmask(xenevtchn_handle *xce, evtchn_port_t port)
{
    ssize_t n = write(xce->fd, &port, sizeof(port));

    if (n == sizeof(port))
        return 0;
    if (n >= 0)
        errno = EIO;
    return -1;
}

int xenevtchn_restrict(xenevtchn_handle *xce, domid_t domid)
{
    struct evtchn_restrict_arg arg = {.domid = domid};

    return ioctl(xce->fd, EVTCHN_DEV_RESTRICT, &arg);
}
