/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * GNTTABOP_copy. Network back ends call this for every packet, mostly with runs of elements that
 * share a page on one side: each side keeps what it holds until an element wants something else.
 */
#include "internal.h"

/* One side of a copy. */
struct side {
    bool write;
    bool held; /* the fields below stand for a page that we hold */
    bool by_ref;
    domid_t domid;     /* as the guest named it */
    unsigned long id;  /* reference or guest frame */
    struct domain *d;  /* with a reference */
    struct domain *td; /* of a transitive grant: whose page it is in the end; with a reference */
    grant_ref_t tref;
    struct page_info *page; /* with a reference */
    u16 start, length;      /* the part that may be used */
};

static void side_release(struct side *s)
{
    if (!s->held)
        return;
    s->held = false;
    put_page(s->page);
    if (s->td) {
        grant_unpin(s->td, s->tref, s->write);
        put_domain(s->td);
        s->td = NULL;
    }
    if (s->by_ref)
        grant_unpin(s->d, s->id, s->write);
}

/* Follows a transitive grant one step; a longer chain is refused. */
static s16 hold_transitive(struct side *s, const struct grant_pin *outer)
{
    unsigned int how = PIN_copy | (s->write ? PIN_write : 0);
    struct grant_pin pin;
    s16 rc;

    if (outer->trans_domid == s->d->domain_id)
        return GNTST_general_error;
    s->td = get_domain_by_id(outer->trans_domid);
    if (!s->td)
        return GNTST_general_error;
    s->tref = outer->trans_ref;
    rc = grant_pin(s->td, s->tref, s->d->domain_id, how, &pin);
    if (!rc && !pin.page) {
        grant_unpin(s->td, s->tref, s->write);
        rc = GNTST_general_error;
    }
    if (rc) {
        put_domain(s->td);
        s->td = NULL;
        return rc;
    }
    s->page = pin.page;
    s->start = pin.start;
    s->length = pin.length;
    return GNTST_okay;
}

static s16 hold_ref(struct side *s)
{
    struct grant_pin pin;
    s16 rc = grant_pin(s->d, s->id, current->domain->domain_id,
                       PIN_copy | (s->write ? PIN_write : 0), &pin);

    if (rc)
        return rc;
    s->page = pin.page;
    s->start = pin.start;
    s->length = pin.length;
    if (!pin.page) {
        rc = hold_transitive(s, &pin);
        if (rc)
            grant_unpin(s->d, s->id, s->write);
    }
    return rc;
}

static s16 hold_gfn(struct side *s)
{
    p2m_type_t t;

    s->page = get_page_from_gfn(s->d, _gfn(s->id), &t);
    if (!s->page)
        return GNTST_bad_page;
    if (s->write && p2m_is_readonly(t)) {
        put_page(s->page);
        return GNTST_bad_page;
    }
    s->start = 0;
    s->length = PAGE_SIZE;
    return GNTST_okay;
}

/* Makes @s hold what the element names. */
static s16 side_hold(struct side *s, const struct gnttab_copy_ptr *p, bool by_ref)
{
    unsigned long id = by_ref ? p->u.ref : p->u.gmfn;
    s16 rc;

    if (s->held && s->by_ref == by_ref && s->domid == p->domid && s->id == id)
        return GNTST_okay;
    if (!by_ref && p->domid != DOMID_SELF)
        return GNTST_permission_denied; /* other domains' pages only through their grants */
    side_release(s);
    if (!s->d || s->domid != p->domid) {
        if (s->d)
            put_domain(s->d);
        s->d = get_domain_or_self(p->domid);
        if (!s->d)
            return GNTST_bad_domain;
        s->domid = p->domid;
    }
    s->by_ref = by_ref;
    s->id = id;
    rc = by_ref ? hold_ref(s) : hold_gfn(s);
    s->held = !rc;
    return rc;
}

/* Is the element's range within what is granted? */
static bool side_allows(const struct side *s, u16 offset, u16 len)
{
    return offset >= s->start && offset + len <= s->start + s->length;
}

static s16 copy_one(struct side *src, struct side *dst, const struct gnttab_copy *op)
{
    const char *from;
    char *to;
    s16 rc;

    if (op->source.offset + op->len > PAGE_SIZE || op->dest.offset + op->len > PAGE_SIZE)
        return GNTST_bad_copy_arg;
    rc = side_hold(src, &op->source, op->flags & GNTCOPY_source_gref);
    if (!rc)
        rc = side_hold(dst, &op->dest, op->flags & GNTCOPY_dest_gref);
    if (rc)
        return rc;
    if (!side_allows(src, op->source.offset, op->len) ||
        !side_allows(dst, op->dest.offset, op->len))
        return GNTST_general_error;
    from = (const char *)page_to_virt(src->page) + op->source.offset;
    to = (char *)page_to_virt(dst->page) + op->dest.offset;
    if (src->page == dst->page)
        memmove(to, from, op->len);
    else
        memcpy(to, from, op->len);
    return GNTST_okay;
}

static void side_end(struct side *s)
{
    side_release(s);
    if (s->d)
        put_domain(s->d);
}

void gnttab_copy(void *ops, unsigned int n)
{
    struct gnttab_copy *op = ops;
    struct side src = {.write = false}, dst = {.write = true};

    for (unsigned int i = 0; i < n; i++)
        op[i].status = copy_one(&src, &dst, &op[i]);
    side_end(&src);
    side_end(&dst);
}
