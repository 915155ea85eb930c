/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pinning references. The granting guest may change an entry at any time, so the entry is first
 * marked as in use, in one atomic step with the check of what it permits; a guest that plays by the
 * rules then leaves it alone, and of one that does not only its own pages are at stake.
 */
#include "internal.h"
#include <xen/atomic.h>

/* How often a guest may change an entry under us before it is refused. */
#define CLAIM_TRIES 5

union v1_word {
    struct grant_entry_v1 e;
    u64 raw;
};
union header_word {
    struct grant_entry_header h;
    u32 raw;
};

static u16 use_bits(bool write)
{
    return GTF_reading | (write ? GTF_writing : 0);
}

/* Does the entry let @user do it? */
static s16 check_header(u16 flags, domid_t domid, unsigned int version, domid_t user,
                        unsigned int how)
{
    unsigned int type = flags & GTF_type_mask;

    if (domid != user)
        return GNTST_general_error;
    if (type != GTF_permit_access && !(version == 2 && type == GTF_transitive && (how & PIN_copy)))
        return GNTST_general_error;
    if (version == 2 && type == GTF_permit_access && (flags & GTF_sub_page) && !(how & PIN_copy))
        return GNTST_general_error;
    return (flags & GTF_readonly) && (how & PIN_write) ? GNTST_general_error : GNTST_okay;
}

/* Sets the in-use bits. @e: the entry as it was in that moment, a version 1 one as a whole. */
static s16 claim_v1(struct grant_table *gt, grant_ref_t ref, domid_t user, unsigned int how,
                    struct grant_entry_v1 *e)
{
    u64 *shared = (u64 *)entry_v1(gt, ref);
    union v1_word old = {.raw = ACCESS_ONCE(*shared)};

    for (unsigned int i = 0; i < CLAIM_TRIES; i++) {
        union v1_word new = old;
        s16 rc = check_header(old.e.flags, old.e.domid, 1, user, how);
        u64 seen;

        if (rc)
            return rc;
        new.e.flags |= use_bits(how & PIN_write);
        seen = cmpxchg(shared, old.raw, new.raw);
        if (seen == old.raw) {
            *e = old.e;
            return GNTST_okay;
        }
        old.raw = seen;
    }
    return GNTST_general_error;
}

/* Clears the in-use bits that no user justifies any more. lock held. */
static void clear_use_bits(struct grant_table *gt, grant_ref_t ref, const struct active_entry *act)
{
    u16 *word = gt->version == 1 ? &entry_v1(gt, ref)->flags : entry_status(gt, ref);
    u16 gone = act->writers ? 0 : GTF_writing;

    if (!act->readers && !act->writers)
        gone |= GTF_reading;
    if (gone)
        __atomic_fetch_and(word, (u16)~gone, __ATOMIC_SEQ_CST);
}

/* In version 2 the bits stand elsewhere: set them, then see that the entry still says the same. */
static s16 claim_v2(struct grant_table *gt, grant_ref_t ref, domid_t user, unsigned int how,
                    const struct active_entry *act, u16 *flags)
{
    const u32 *shared = (const u32 *)entry_v2(gt, ref);

    for (unsigned int i = 0; i < CLAIM_TRIES; i++) {
        union header_word w = {.raw = ACCESS_ONCE(*shared)};
        s16 rc = check_header(w.h.flags, w.h.domid, 2, user, how);

        if (rc)
            return rc;
        __atomic_fetch_or(entry_status(gt, ref), use_bits(how & PIN_write), __ATOMIC_SEQ_CST);
        if (ACCESS_ONCE(*shared) == w.raw) {
            *flags = w.h.flags;
            return GNTST_okay;
        }
        clear_use_bits(gt, ref, act);
    }
    return GNTST_general_error;
}

/* The granted page, with a reference: RAM of @rd, nothing of the hypervisor's or a third domain's.
 */
static struct page_info *granted_page(struct domain *rd, u64 frame, bool write, bool *read_only)
{
    p2m_type_t t;
    struct page_info *pg = get_page_from_gfn(rd, _gfn(frame), &t);

    if (!pg)
        return NULL;
    *read_only = p2m_is_readonly(t);
    if (p2m_is_ram(t) && !(ACCESS_ONCE(pg->count_info) & PGC_xen_heap) && !(write && *read_only))
        return pg;
    put_page(pg);
    return NULL;
}

/* What a claimed entry grants goes into the (unused) active entry, with a page reference. */
static s16 activate(struct domain *rd, grant_ref_t ref, u16 flags, u64 frame, bool write,
                    struct active_entry *act)
{
    const struct grant_table *gt = rd->grant_table;
    const union grant_entry_v2 *e = entry_v2(gt, ref);

    act->start = 0;
    act->length = PAGE_SIZE;
    act->read_only = false;
    act->transitive = gt->version == 2 && (flags & GTF_type_mask) == GTF_transitive;
    if (act->transitive) {
        act->trans.domid = ACCESS_ONCE(e->transitive.trans_domid);
        act->trans.ref = ACCESS_ONCE(e->transitive.gref);
        return GNTST_okay;
    }
    if (gt->version == 2 && (flags & GTF_sub_page)) {
        act->start = ACCESS_ONCE(e->sub_page.page_off);
        act->length = ACCESS_ONCE(e->sub_page.length);
        if (act->start + act->length > PAGE_SIZE)
            return GNTST_general_error;
    }
    act->page = granted_page(rd, frame, write, &act->read_only);
    return act->page ? GNTST_okay : GNTST_bad_page;
}

static s16 claim(struct grant_table *gt, grant_ref_t ref, domid_t user, unsigned int how,
                 const struct active_entry *act, u16 *flags, u64 *frame)
{
    struct grant_entry_v1 e;
    s16 rc;

    if (gt->version == 1) {
        rc = claim_v1(gt, ref, user, how, &e);
        if (!rc) {
            *flags = e.flags;
            *frame = e.frame;
        }
        return rc;
    }
    rc = claim_v2(gt, ref, user, how, act, flags);
    if (!rc) /* a sub-page entry has its frame in the same place */
        *frame = ACCESS_ONCE(entry_v2(gt, ref)->full_page.frame);
    return rc;
}

/* Nobody uses the reference yet. */
static s16 pin_first(struct domain *rd, grant_ref_t ref, domid_t user, unsigned int how,
                     struct active_entry *act)
{
    struct grant_table *gt = rd->grant_table;
    u16 flags;
    u64 frame;
    s16 rc = claim(gt, ref, user, how, act, &flags, &frame);

    if (rc)
        return rc;
    rc = activate(rd, ref, flags, frame, how & PIN_write, act);
    if (rc) {
        clear_use_bits(gt, ref, act);
        return rc;
    }
    act->domid = user;
    gt->nr_active++;
    return GNTST_okay;
}

/* Somebody does already: what was found then holds for all users. */
static s16 pin_more(struct domain *rd, grant_ref_t ref, domid_t user, unsigned int how,
                    struct active_entry *act)
{
    struct grant_table *gt = rd->grant_table;
    bool part = act->transitive || act->length != PAGE_SIZE;
    u16 flags;
    u64 frame;
    s16 rc;

    if (act->domid != user || (part && !(how & PIN_copy)))
        return GNTST_general_error;
    if ((how & PIN_write) && act->read_only)
        return GNTST_bad_page;
    if ((how & PIN_write) && !act->writers) {
        rc = claim(gt, ref, user, how, act, &flags, &frame);
        if (rc)
            return rc;
    }
    if (!act->transitive && !get_page(act->page, rd)) {
        clear_use_bits(gt, ref, act);
        return GNTST_bad_page;
    }
    return GNTST_okay;
}

s16 grant_pin(struct domain *rd, grant_ref_t ref, domid_t user, unsigned int flags,
              struct grant_pin *pin)
{
    struct grant_table *gt = rd->grant_table;
    s16 rc = GNTST_bad_gntref;

    spin_lock(&gt->lock);
    if (ref < gnttab_nr_entries(gt)) {
        struct active_entry *act = active_entry(gt, ref);

        rc = (act->readers || act->writers ? pin_more : pin_first)(rd, ref, user, flags, act);
        if (!rc) {
            if (flags & PIN_write)
                act->writers++;
            else
                act->readers++;
            pin->page = act->transitive ? NULL : act->page;
            pin->start = act->start;
            pin->length = act->length;
            if (act->transitive) {
                pin->trans_domid = act->trans.domid;
                pin->trans_ref = act->trans.ref;
            }
        }
    }
    spin_unlock(&gt->lock);
    return rc;
}

void grant_unpin(struct domain *rd, grant_ref_t ref, bool write)
{
    struct grant_table *gt = rd->grant_table;
    struct active_entry *act;

    spin_lock(&gt->lock);
    act = active_entry(gt, ref);
    ASSERT(write ? act->writers : act->readers);
    if (write)
        act->writers--;
    else
        act->readers--;
    clear_use_bits(gt, ref, act);
    if (!act->readers && !act->writers)
        gt->nr_active--;
    spin_unlock(&gt->lock);
}

static bool entry_unused(const struct grant_table *gt, grant_ref_t ref)
{
    const struct active_entry *act = active_entry(gt, ref);

    return !act->readers && !act->writers;
}

s16 grant_swap(struct domain *d, grant_ref_t a, grant_ref_t b)
{
    struct grant_table *gt = d->grant_table;
    s16 rc = GNTST_okay;

    spin_lock(&gt->lock);
    if (a >= gnttab_nr_entries(gt) || b >= gnttab_nr_entries(gt)) {
        rc = GNTST_bad_gntref;
    } else if (!entry_unused(gt, a) || !entry_unused(gt, b)) {
        rc = GNTST_eagain;
    } else if (gt->version == 1) {
        struct grant_entry_v1 e = *entry_v1(gt, a);

        *entry_v1(gt, a) = *entry_v1(gt, b);
        *entry_v1(gt, b) = e;
    } else {
        union grant_entry_v2 e = *entry_v2(gt, a);

        *entry_v2(gt, a) = *entry_v2(gt, b);
        *entry_v2(gt, b) = e;
    }
    spin_unlock(&gt->lock);
    return rc;
}
