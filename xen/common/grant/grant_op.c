/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * HYPERVISOR_grant_table_op. Arrays of elements are read, worked on and written back in batches of
 * GRANT_BATCH; between two batches the call can be preempted. Other operations take one element.
 */
#include "internal.h"
#include <xen/compat_guest.h>
#include <xen/errno.h>
#include <xen/guest_access.h>

/* --- single elements --- */

/* The domain whose table is meant: the caller's own or, for a control domain, any. GNTST_*. */
static s16 table_domain(domid_t id, struct domain **d)
{
    *d = get_domain_or_self(id);
    if (!*d)
        return GNTST_bad_domain;
    if (*d == current->domain || is_control_domain(current->domain))
        return GNTST_okay;
    put_domain(*d);
    return GNTST_permission_denied;
}

/* Where the guest has frame @i of the table, if it still has. */
static unsigned long frame_gfn(struct domain *d, const void *va, unsigned long gfn)
{
    p2m_type_t t;

    if (gfn == gfn_x(INVALID_GFN) || !mfn_eq(p2m_lookup(d, _gfn(gfn), &t, NULL), virt_to_mfn(va)))
        return gfn_x(INVALID_GFN);
    return gfn;
}

static s16 setup_frames(struct domain *d, const struct gnttab_setup_table *op, bool *fault)
{
    struct grant_table *gt = d->grant_table;
    int rc;

    spin_lock(&gt->lock);
    rc = gnttab_grow(d, op->nr_frames);
    spin_unlock(&gt->lock);
    if (rc)
        return GNTST_general_error;
    for (unsigned int i = 0; i < op->nr_frames; i++) {
        unsigned long gfn = frame_gfn(d, gt->shared[i], gt->shared_gfn[i]);

        if (hypercall_compat() && gfn == ~0UL) /* mapped nowhere, in the caller's width */
            gfn = ~0U;
        if (!guest_ulongs_out(guest_handle_va(op->frame_list), i, &gfn, 1)) {
            *fault = true;
            break;
        }
    }
    return GNTST_okay;
}

static long setup_table(unsigned long uop)
{
    struct gnttab_setup_table op;
    struct domain *d;
    bool fault = false;

    if (!guest_struct_in(&op, uop, gnttab_setup_table))
        return -EFAULT;
    op.status = table_domain(op.dom, &d);
    if (!op.status) {
        op.status = setup_frames(d, &op, &fault);
        put_domain(d);
    }
    return fault || !guest_struct_out(uop, &op, gnttab_setup_table) ? -EFAULT : 0;
}

static long get_status_frames(unsigned long uop)
{
    struct gnttab_get_status_frames op;
    struct grant_table *gt;
    struct domain *d;
    long rc = 0;

    if (!guest_struct_in(&op, uop, gnttab_get_status_frames))
        return -EFAULT;
    op.status = table_domain(op.dom, &d);
    if (!op.status) {
        gt = d->grant_table;
        if (gt->version != 2 || op.nr_frames > gt->nr_status_frames)
            op.status = GNTST_general_error;
        for (unsigned int i = 0; !op.status && !rc && i < op.nr_frames; i++) {
            u64 gfn = frame_gfn(d, gt->status[i], gt->status_gfn[i]);

            if (copy_to_guest_offset(op.frame_list, i, &gfn, 1))
                rc = -EFAULT;
        }
        put_domain(d);
    }
    return rc || !guest_struct_out(uop, &op, gnttab_get_status_frames) ? -EFAULT : 0;
}

static long query_size(unsigned long uop)
{
    struct gnttab_query_size op;
    struct domain *d;

    if (raw_copy_from_guest(&op, uop, sizeof(op)))
        return -EFAULT;
    op.status = table_domain(op.dom, &d);
    if (!op.status) {
        op.nr_frames = d->grant_table->nr_frames;
        op.max_nr_frames = d->grant_table->max_frames;
        put_domain(d);
    }
    return raw_copy_to_guest(uop, &op, sizeof(op)) ? -EFAULT : 0;
}

static long dump_table(unsigned long uop)
{
    struct gnttab_dump_table op;
    struct domain *d;

    if (raw_copy_from_guest(&op, uop, sizeof(op)))
        return -EFAULT;
    /* The log is the host's: only a control domain may fill it. */
    op.status =
        is_control_domain(current->domain) ? table_domain(op.dom, &d) : GNTST_permission_denied;
    if (!op.status) {
        gnttab_dump(d);
        put_domain(d);
    }
    return raw_copy_to_guest(uop, &op, sizeof(op)) ? -EFAULT : 0;
}

static long set_version(unsigned long uop)
{
    struct domain *d = current->domain;
    struct gnttab_set_version op;
    long rc;

    if (raw_copy_from_guest(&op, uop, sizeof(op)))
        return -EFAULT;
    rc = gnttab_change_version(d, op.version);
    op.version = d->grant_table->version;
    return raw_copy_to_guest(uop, &op, sizeof(op)) ? -EFAULT : rc;
}

static long get_version(unsigned long uop)
{
    struct gnttab_get_version op;
    struct domain *d;
    s16 status;

    if (raw_copy_from_guest(&op, uop, sizeof(op)))
        return -EFAULT;
    status = table_domain(op.dom, &d);
    if (status)
        return status == GNTST_bad_domain ? -ESRCH : -EPERM;
    op.version = d->grant_table->version;
    put_domain(d);
    return raw_copy_to_guest(uop, &op, sizeof(op)) ? -EFAULT : 0;
}

static long cache_flush(unsigned long uop)
{
    return -EOPNOTSUPP; /* devices are coherent here */
}

/* --- small batches --- */

static void swap_grant_ref(void *ops, unsigned int n)
{
    struct gnttab_swap_grant_ref *op = ops;

    for (unsigned int i = 0; i < n; i++)
        op[i].status = grant_swap(current->domain, op[i].ref_a, op[i].ref_b);
}

/* Giving pages away is for PV guests: those of a hardware-virtualised one stay where they are. */
static void transfer(void *ops, unsigned int n)
{
    struct gnttab_transfer *op = ops;

    for (unsigned int i = 0; i < n; i++)
        op[i].status = GNTST_bad_page;
}

/* --- the hypercall --- */

static const struct grant_op {
    long (*single)(unsigned long uop);
    void (*batch)(void *ops, unsigned int n);
    const struct compat_layout *layout; /* where 32-bit callers' elements differ */
    u16 size;
} grant_ops[] = {
    [GNTTABOP_map_grant_ref] = {.batch = gnttab_map_grant_ref,
                                .size = sizeof(struct gnttab_map_grant_ref)},
    [GNTTABOP_unmap_grant_ref] = {.batch = gnttab_unmap_grant_ref,
                                  .size = sizeof(struct gnttab_unmap_grant_ref)},
    [GNTTABOP_setup_table] = {.single = setup_table},
    [GNTTABOP_dump_table] = {.single = dump_table},
    [GNTTABOP_transfer] = {.batch = transfer,
                           .layout = &COMPAT_LAYOUT(gnttab_transfer),
                           .size = sizeof(struct gnttab_transfer)},
    [GNTTABOP_copy] = {.batch = gnttab_copy,
                       .layout = &COMPAT_LAYOUT(gnttab_copy),
                       .size = sizeof(struct gnttab_copy)},
    [GNTTABOP_query_size] = {.single = query_size},
    [GNTTABOP_unmap_and_replace] = {.batch = gnttab_unmap_and_replace,
                                    .size = sizeof(struct gnttab_unmap_and_replace)},
    [GNTTABOP_set_version] = {.single = set_version},
    [GNTTABOP_get_status_frames] = {.single = get_status_frames},
    [GNTTABOP_get_version] = {.single = get_version},
    [GNTTABOP_swap_grant_ref] = {.batch = swap_grant_ref,
                                 .size = sizeof(struct gnttab_swap_grant_ref)},
    [GNTTABOP_cache_flush] = {.single = cache_flush},
};

#define MAX_ELEMENT sizeof(struct gnttab_copy)

static bool read_batch(const struct grant_op *op, char *buf, unsigned long uop, unsigned int n)
{
    if (!op->layout || !hypercall_compat())
        return !raw_copy_from_guest(buf, uop, n * op->size);
    for (unsigned int i = 0; i < n; i++)
        if (!guest_layout_in(buf + i * op->size, uop + i * op->layout->compat_size, op->layout))
            return false;
    return true;
}

static bool write_batch(const struct grant_op *op, const char *buf, unsigned long uop,
                        unsigned int n)
{
    if (!op->layout || !hypercall_compat())
        return !raw_copy_to_guest(uop, buf, n * op->size);
    for (unsigned int i = 0; i < n; i++)
        if (!guest_layout_out(uop + i * op->layout->compat_size, buf + i * op->size, op->layout))
            return false;
    return true;
}

static long run_batches(const struct grant_op *op, unsigned int cmd, unsigned long uop,
                        unsigned int count)
{
    u64 buf[GRANT_BATCH * MAX_ELEMENT / sizeof(u64)];
    unsigned int size = op->layout && hypercall_compat() ? op->layout->compat_size : op->size;

    while (count) {
        unsigned int n = min(count, GRANT_BATCH);

        if (!read_batch(op, (char *)buf, uop, n))
            return -EFAULT;
        op->batch(buf, n);
        if (!write_batch(op, (const char *)buf, uop, n))
            return -EFAULT;
        uop += (unsigned long)n * size;
        count -= n;
        if (count && hypercall_preempt_check()) {
            current->hypercall.arg[0] = cmd;
            current->hypercall.arg[1] = uop;
            current->hypercall.arg[2] = count;
            return -ERESTART;
        }
    }
    return 0;
}

long do_grant_table_op(unsigned int cmd, unsigned long uop, unsigned int count)
{
    const struct grant_op *op;

    if ((int)count < 0)
        return -EINVAL;
    if (cmd >= ARRAY_SIZE(grant_ops))
        return -ENOSYS;
    op = &grant_ops[cmd];
    if (op->batch)
        return run_batches(op, cmd, uop, count);
    return count == 1 ? op->single(uop) : -EINVAL;
}
