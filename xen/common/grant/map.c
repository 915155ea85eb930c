/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mapping and unmapping. A mapping is an entry in the caller's guest-physical map, a pin on the
 * granter's reference, a reference to the page and one to the granter. They go in this order: the
 * entry is removed, every CPU forgets it (once per batch), and only then the others are given back.
 */
#include "internal.h"
#include <xen/errno.h>

/* Page-table forms of mapping are for PV guests; devices of a guest follow its guest-physical map.
 */
#define MAP_FLAGS_PV (GNTMAP_device_map | GNTMAP_application_map | GNTMAP_contains_pte)

/* The granting domain with a reference of its own; consecutive elements mostly name the same one.
 */
static struct domain *granter(domid_t id, struct domain **last)
{
    if (!*last || (*last)->domain_id != id) {
        if (*last)
            put_domain(*last);
        *last = get_domain_by_id(id);
    }
    if (*last && get_domain(*last))
        return *last;
    return NULL;
}

static s16 map_pinned(struct domain *ld, const struct gnttab_map_grant_ref *op, struct domain *rd,
                      struct maptrack *mt)
{
    bool ro = op->flags & GNTMAP_readonly;
    struct grant_pin pin;
    s16 rc = grant_pin(rd, op->ref, ld->domain_id, ro ? 0 : PIN_write, &pin);

    if (rc)
        return rc;
    if (p2m_set_entry(ld, _gfn(op->host_addr >> PAGE_SHIFT), page_to_mfn(pin.page), 0,
                      ro ? p2m_grant_map_ro : p2m_grant_map_rw)) {
        grant_unpin(rd, op->ref, !ro);
        put_page(pin.page);
        return GNTST_general_error;
    }
    mt->rd = rd;
    mt->page = pin.page;
    mt->gfn = op->host_addr >> PAGE_SHIFT;
    mt->ref = op->ref;
    return GNTST_okay;
}

static s16 map_one(struct domain *ld, struct gnttab_map_grant_ref *op, struct domain **last)
{
    struct grant_table *lgt = ld->grant_table;
    struct domain *rd;
    struct maptrack *mt;
    u32 handle;
    s16 rc;

    if (!(op->flags & (GNTMAP_host_map | GNTMAP_device_map)))
        return GNTST_bad_gntref;
    if (op->flags & MAP_FLAGS_PV)
        return GNTST_general_error;
    rd = granter(op->dom, last);
    if (!rd)
        return GNTST_bad_domain;
    handle = maptrack_get(lgt);
    if (handle == NO_HANDLE) {
        gprintk(XENLOG_INFO, "d%u: no more grant map handles (limit %u frames)\n", ld->domain_id,
                lgt->max_maptrack_frames);
        put_domain(rd);
        return GNTST_no_device_space;
    }
    mt = maptrack_entry(lgt, handle);
    rc = map_pinned(ld, op, rd, mt);
    if (rc) {
        maptrack_put(lgt, handle);
        put_domain(rd);
        return rc;
    }
    op->handle = handle;
    op->dev_bus_addr = mfn_to_maddr(page_to_mfn(mt->page));
    mt->flags = op->flags & (GNTMAP_host_map | GNTMAP_readonly);
    maptrack_unclaim(lgt, mt);
    return GNTST_okay;
}

void gnttab_map_grant_ref(void *ops, unsigned int n)
{
    struct gnttab_map_grant_ref *op = ops;
    struct domain *last = NULL;

    for (unsigned int i = 0; i < n; i++)
        op[i].status = map_one(current->domain, &op[i], &last);
    if (last)
        put_domain(last);
}

/* --- unmapping --- */

/* Removes the entry; whether a flush is due goes to *@flush. @mt claimed. 0 or -errno. */
static int unmap_entry(struct domain *ld, const struct maptrack *mt, bool *flush)
{
    p2m_type_t t;
    mfn_t mfn = p2m_lookup(ld, _gfn(mt->gfn), &t, NULL);
    int rc;

    /* The guest may have put something else there; then the mapping is gone already. */
    if (!p2m_is_grant(t) || !mfn_eq(mfn, page_to_mfn(mt->page)))
        return 0;
    rc = p2m_set_entry_noflush(ld, _gfn(mt->gfn), INVALID_MFN, 0, p2m_invalid);
    *flush |= rc > 0;
    return rc < 0 ? rc : 0;
}

/* Gives everything back. No CPU can reach the page through this mapping any more. */
static void release(struct domain *ld, u32 handle, struct maptrack *mt)
{
    struct domain *rd = mt->rd;
    struct page_info *page = mt->page;

    grant_unpin(rd, mt->ref, !(mt->flags & GNTMAP_readonly));
    maptrack_put(ld->grant_table, handle);
    put_page(page);
    put_domain(rd);
}

static s16 unmap_begin(struct domain *ld, const struct gnttab_unmap_grant_ref *op,
                       struct maptrack **claimed, bool *flush)
{
    struct grant_table *gt = ld->grant_table;
    struct maptrack *mt = maptrack_claim(gt, op->handle);

    *claimed = NULL;
    if (!mt)
        return GNTST_bad_handle;
    if (!op->host_addr) { /* nothing to undo: there is no device mapping */
        maptrack_unclaim(gt, mt);
        return GNTST_okay;
    }
    if (op->host_addr >> PAGE_SHIFT != mt->gfn || unmap_entry(ld, mt, flush)) {
        maptrack_unclaim(gt, mt);
        return GNTST_general_error;
    }
    *claimed = mt;
    return GNTST_okay;
}

void gnttab_unmap_grant_ref(void *ops, unsigned int n)
{
    struct gnttab_unmap_grant_ref *op = ops;
    struct maptrack *mt[GRANT_BATCH];
    struct domain *ld = current->domain;
    bool flush = false;

    for (unsigned int i = 0; i < n; i++)
        op[i].status = unmap_begin(ld, &op[i], &mt[i], &flush);
    if (flush)
        p2m_flush_tlb(ld);
    for (unsigned int i = 0; i < n; i++)
        if (mt[i])
            release(ld, op[i].handle, mt[i]);
}

/* For PV guests; a hardware-virtualised one has nothing to replace a mapping with. */
void gnttab_unmap_and_replace(void *ops, unsigned int n)
{
    struct gnttab_unmap_and_replace *op = ops;
    struct grant_table *gt = current->domain->grant_table;

    for (unsigned int i = 0; i < n; i++) {
        struct maptrack *mt = maptrack_claim(gt, op[i].handle);

        op[i].status = mt ? GNTST_general_error : GNTST_bad_handle;
        if (mt)
            maptrack_unclaim(gt, mt);
    }
}

int gnttab_release_mappings(struct domain *d)
{
    struct grant_table *gt = d->grant_table;

    if (!gt)
        return 0;
    while (gt->release_next < maptrack_nr(gt)) {
        u32 handle = gt->release_next++;
        struct maptrack *mt = maptrack_claim(gt, handle);
        bool flush = false;

        if (mt) {
            unmap_entry(d, mt, &flush); /* fails only where a superpage must be split: not here */
            if (flush)
                p2m_flush_tlb(d);
            release(d, handle, mt);
        }
        if (gt->release_next % 64 == 0 && hypercall_preempt_check())
            return -ERESTART;
    }
    return 0;
}
