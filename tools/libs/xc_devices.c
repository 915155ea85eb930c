/* SPDX-License-Identifier: GPL-2.0-only */
/* The host's ports, interrupts and device memory in the hands of a domain. */
#include "xc_private.h"

/* Where the hypervisor finds a range too big it is halved, down to a frame. */
#define MIN_BATCH 1UL

int xc_domain_ioport_permission(xc_interface *xch, uint32_t domid, uint32_t first_port,
                                uint32_t nr_ports, uint32_t allow_access)
{
    struct xen_domctl op = xc_domctl_of(XEN_DOMCTL_ioport_permission, domid);

    op.u.ioport_permission.first_port = first_port;
    op.u.ioport_permission.nr_ports = nr_ports;
    op.u.ioport_permission.allow_access = (uint8_t) !!allow_access;
    return xc_domctl(xch, &op) < 0 ? -1 : 0;
}

int xc_domain_irq_permission(xc_interface *xch, uint32_t domid, uint32_t pirq, bool allow_access)
{
    struct xen_domctl op = xc_domctl_of(XEN_DOMCTL_irq_permission, domid);

    op.u.irq_permission.pirq = pirq;
    op.u.irq_permission.allow_access = allow_access;
    return xc_domctl(xch, &op) < 0 ? -1 : 0;
}

int xc_domain_iomem_permission(xc_interface *xch, uint32_t domid, unsigned long first_mfn,
                               unsigned long nr_mfns, uint8_t allow_access)
{
    struct xen_domctl op = xc_domctl_of(XEN_DOMCTL_iomem_permission, domid);

    op.u.iomem_permission.first_mfn = first_mfn;
    op.u.iomem_permission.nr_mfns = nr_mfns;
    op.u.iomem_permission.allow_access = allow_access;
    return xc_domctl(xch, &op) < 0 ? -1 : 0;
}

int xc_domain_memory_mapping(xc_interface *xch, uint32_t domid, unsigned long first_gfn,
                             unsigned long first_mfn, unsigned long nr_mfns, uint32_t add_mapping)
{
    unsigned long done = 0, batch = nr_mfns;

    while (done < nr_mfns) {
        struct xen_domctl op = xc_domctl_of(XEN_DOMCTL_memory_mapping, domid);
        unsigned long part = nr_mfns - done < batch ? nr_mfns - done : batch;
        int rc;

        op.u.memory_mapping.add_mapping = add_mapping;
        op.u.memory_mapping.first_gfn = first_gfn + done;
        op.u.memory_mapping.first_mfn = first_mfn + done;
        op.u.memory_mapping.nr_mfns = part;
        rc = xc_domctl(xch, &op);
        if (rc < 0 && errno == E2BIG && batch > MIN_BATCH) {
            batch = part / 2;
            continue;
        }
        if (rc < 0) {
            int saved = errno;

            if (add_mapping && done)
                xc_domain_memory_mapping(xch, domid, first_gfn, first_mfn, done, 0);
            errno = saved;
            return -1;
        }
        /* A positive answer is the number of frames done in this part. */
        done += rc > 0 ? (unsigned long)rc : part;
    }
    return 0;
}

int xc_domain_ioport_mapping(xc_interface *xch, uint32_t domid, uint32_t first_gport,
                             uint32_t first_mport, uint32_t nr_ports, uint32_t add_mapping)
{
    struct xen_domctl op = xc_domctl_of(XEN_DOMCTL_ioport_mapping, domid);

    op.u.ioport_mapping.first_gport = first_gport;
    op.u.ioport_mapping.first_mport = first_mport;
    op.u.ioport_mapping.nr_ports = nr_ports;
    op.u.ioport_mapping.add_mapping = add_mapping;
    return xc_domctl(xch, &op) < 0 ? -1 : 0;
}
