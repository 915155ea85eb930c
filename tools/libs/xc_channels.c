/* SPDX-License-Identifier: GPL-2.0-only */
/* Event channels and grants that a toolstack sets up on behalf of another domain. */
#include <sys/mman.h>

#include "xc_private.h"

xc_evtchn_port_or_error_t xc_evtchn_alloc_unbound(xc_interface *xch, uint32_t dom,
                                                  uint32_t remote_dom)
{
    struct evtchn_alloc_unbound arg = {.dom = (domid_t)dom, .remote_dom = (domid_t)remote_dom};

    if (xc_evtchn_op(xch, EVTCHNOP_alloc_unbound, &arg, sizeof(arg)) < 0)
        return xc_failed(xch, "event channel of domain %u to domain %u", dom, remote_dom);
    return (int)arg.port;
}

int xc_evtchn_reset(xc_interface *xch, uint32_t dom)
{
    struct evtchn_reset arg = {.dom = (domid_t)dom};

    return xc_evtchn_op(xch, EVTCHNOP_reset, &arg, sizeof(arg)) < 0 ? -1 : 0;
}

int xc_evtchn_status(xc_interface *xch, xc_evtchn_status_t *status)
{
    return xc_evtchn_op(xch, EVTCHNOP_status, status, sizeof(*status)) < 0 ? -1 : 0;
}

static int gnttab_op(xc_interface *xch, unsigned int cmd, void *arg, size_t len)
{
    struct xc_bounce b = XC_BOUNCE(arg, len, XC_BOUNCE_BOTH);
    int rc;

    if (xc_bounce_begin(xch, &b))
        return -1;
    rc = xencall3(xch->xcall, __HYPERVISOR_grant_table_op, cmd, (uintptr_t)b.safe, 1);
    xc_bounce_end(xch, &b, rc >= 0);
    return rc < 0 ? xc_failed(xch, "grant table operation %u", cmd) : 0;
}

int xc_gnttab_query_size(xc_interface *xch, struct gnttab_query_size *query)
{
    if (gnttab_op(xch, GNTTABOP_query_size, query, sizeof(*query)))
        return -1;
    if (query->status == GNTST_okay)
        return 0;
    errno = query->status == GNTST_bad_domain ? ESRCH : EPERM;
    return xc_failed(xch, "grant table size of domain %u", query->dom);
}

int xc_gnttab_get_version(xc_interface *xch, uint32_t domid)
{
    struct gnttab_get_version query = {.dom = (domid_t)domid};

    return gnttab_op(xch, GNTTABOP_get_version, &query, sizeof(query)) ? -1 : (int)query.version;
}

/* An entry becomes valid with its flags, so they are written last. */
static void grant_page(grant_entry_v1_t *entry, xen_pfn_t gfn, uint32_t domid)
{
    if (gfn == (xen_pfn_t)-1)
        return;
    entry->domid = (domid_t)domid;
    entry->frame = (uint32_t)gfn;
    __atomic_store_n(&entry->flags, GTF_permit_access, __ATOMIC_RELEASE);
}

int xc_dom_gnttab_seed(xc_interface *xch, uint32_t guest_domid, bool is_hvm, xen_pfn_t console_gfn,
                       xen_pfn_t xenstore_gfn, uint32_t console_domid, uint32_t xenstore_domid)
{
    xenforeignmemory_resource_handle *fres;
    void *addr = NULL;

    /* The resource is the same frame for every kind of guest: is_hvm is there for callers' habit.
     */
    fres = xenforeignmemory_map_resource(
        xch->fmem, (domid_t)guest_domid, XENMEM_resource_grant_table,
        XENMEM_resource_grant_table_id_shared, 0, 1, &addr, PROT_READ | PROT_WRITE, 0);
    if (!fres)
        return xc_failed(xch, "mapping the grant table of domain %u", guest_domid);
    grant_page((grant_entry_v1_t *)addr + GNTTAB_RESERVED_CONSOLE, console_gfn, console_domid);
    grant_page((grant_entry_v1_t *)addr + GNTTAB_RESERVED_XENSTORE, xenstore_gfn, xenstore_domid);
    return xenforeignmemory_unmap_resource(xch->fmem, fres);
}
