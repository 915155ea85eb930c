/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hypervisor as the daemon sees it: ring pages by grant (or foreign mapping), event channels,
 * the control domain's own ring from xenfs, and which domains live. The only file of the daemon
 * that knows of /dev/xen and /proc/xen.
 */
#include "domain_backend.h"
#include "log.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <public/domctl.h>
#include <public/grant_table.h>
#include <public/xen.h>
#include <xenctrl.h>
#include <xenevtchn.h>
#include <xenforeignmemory.h>
#include <xengnttab.h>

#define OWN_RING   "/proc/xen/xsd_kva"
#define OWN_PORT   "/proc/xen/xsd_port"
#define PAGE_BYTES 4096

struct xen {
    xc_interface *xc;
    xenevtchn_handle *events;
    xengnttab_handle *grants;
    xenforeignmemory_handle *foreign;
    int domain_state_port; /* VIRQ_DOM_EXC: some domain died, crashed or shut down */
    void **foreign_pages;  /* rings that are foreign mappings, not grants */
    size_t foreign_count;
};
static struct xen xen;

static void *map_own(void)
{
    int fd = open(OWN_RING, O_RDWR | O_CLOEXEC);
    void *page;

    if (fd < 0)
        return NULL;
    page = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    return page == MAP_FAILED ? NULL : page;
}

static void *map_foreign(uint32_t domid, uint64_t gfn)
{
    xen_pfn_t frame = gfn;
    int err = 0;
    void *page = xenforeignmemory_map(xen.foreign, domid, PROT_READ | PROT_WRITE, 1, &frame, &err);

    if (!page)
        return NULL;
    xen.foreign_pages = xrealloc(xen.foreign_pages, (xen.foreign_count + 1) * sizeof(void *));
    xen.foreign_pages[xen.foreign_count++] = page;
    return page;
}

static struct xenstore_domain_interface *xen_map(void *arg, uint32_t domid, uint64_t gfn)
{
    void *page;

    if (domid == 0)
        return map_own();
    /* The toolstack seeds this grant; it keeps the page alive as long as we map it. */
    page = xengnttab_map_grant_ref(xen.grants, domid, GNTTAB_RESERVED_XENSTORE,
                                   PROT_READ | PROT_WRITE);
    return page ? page : map_foreign(domid, gfn);
}

static void xen_unmap(void *arg, uint32_t domid, struct xenstore_domain_interface *ring)
{
    if (domid == 0) {
        munmap(ring, PAGE_BYTES);
        return;
    }
    for (size_t i = 0; i < xen.foreign_count; i++) {
        if (xen.foreign_pages[i] != ring)
            continue;
        xen.foreign_pages[i] = xen.foreign_pages[--xen.foreign_count];
        xenforeignmemory_unmap(xen.foreign, ring, 1);
        return;
    }
    xengnttab_unmap(xen.grants, ring, 1);
}

/* The port that our own kernel reserved for its xenstored. */
static int own_port(uint32_t *port)
{
    char text[32] = "";
    unsigned long value;
    int fd = open(OWN_PORT, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

    if (fd >= 0)
        close(fd);
    text[got > 0 ? strcspn(text, "\n") : 0] = '\0';
    if (!parse_number(text, UINT32_MAX, &value)) {
        errno = fd < 0 ? errno : EINVAL;
        return -1;
    }
    *port = (uint32_t)value;
    return 0;
}

static int xen_bind(void *arg, uint32_t domid, uint32_t remote_port)
{
    if (domid == 0 && own_port(&remote_port))
        return -1;
    return xenevtchn_bind_interdomain(xen.events, domid, remote_port);
}

static void xen_unbind(void *arg, int port)
{
    /* Fails if the domain is gone already, which is as good. */
    xenevtchn_unbind(xen.events, (evtchn_port_t)port);
}

static void xen_notify(void *arg, int port)
{
    if (xenevtchn_notify(xen.events, (evtchn_port_t)port))
        log_line("event channel %d: cannot notify: %s", port, strerror(errno));
}

static bool xen_alive(void *arg, uint32_t domid, bool *shutdown)
{
    xc_domaininfo_t info;

    *shutdown = false;
    if (xc_domain_getinfolist(xen.xc, domid, 1, &info) != 1 || info.domain != domid)
        return false;
    *shutdown = info.flags & XEN_DOMINF_shutdown;
    return !(info.flags & XEN_DOMINF_dying);
}

static void xen_pause(void *arg, unsigned int ms)
{
    usleep(ms * 1000);
}

/* A daemon that was just killed may not have given it back yet. */
static int bind_domain_state(void)
{
    int port = xenevtchn_bind_virq(xen.events, VIRQ_DOM_EXC);

    for (int i = 0; port < 0 && errno == EEXIST && i < 100; i++) {
        usleep(20000);
        port = xenevtchn_bind_virq(xen.events, VIRQ_DOM_EXC);
    }
    return port;
}

const struct platform *domain_backend_open(int *fd, const char **why)
{
    static const struct platform platform = {
        .arg = &xen,
        .map = xen_map,
        .unmap = xen_unmap,
        .bind = xen_bind,
        .unbind = xen_unbind,
        .notify = xen_notify,
        .alive = xen_alive,
        .pause = xen_pause,
    };

    *why = "/dev/xen/evtchn";
    xen.events = xenevtchn_open(NULL, 0);
    if (!xen.events)
        return NULL;
    *why = "/dev/xen/privcmd";
    xen.xc = xc_interface_open(NULL, NULL, 0);
    xen.foreign = xen.xc ? xenforeignmemory_open(NULL, 0) : NULL;
    if (!xen.foreign)
        return NULL;
    *why = "/dev/xen/gntdev";
    xen.grants = xengnttab_open(NULL, 0);
    if (!xen.grants)
        return NULL;
    *why = "VIRQ_DOM_EXC (does another xenstored run?)";
    xen.domain_state_port = bind_domain_state();
    if (xen.domain_state_port < 0)
        return NULL;
    *fd = xenevtchn_fd(xen.events);
    return &platform;
}

void domain_backend_events(struct store *s)
{
    int port = xenevtchn_pending(xen.events);
    struct domain *d;

    if (port < 0)
        return;
    /* Unmasked before its ring is looked at: what comes after that look makes a new event. */
    xenevtchn_unmask(xen.events, (evtchn_port_t)port);
    if (port == xen.domain_state_port)
        domains_check(s);
    else if ((d = domain_by_port(s, port)))
        domain_wake(s, d);
}
