/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Saving and loading a domain's hardware state as records, for XEN_DOMCTL_{get,set}hvmcontext.
 * The caller has paused the domain.
 */
#include <xen/errno.h>
#include <xen/lib.h>
#include <public/hvm/save.h>
#include "context.h"
#include "hvm_priv.h"

/* A vCPU that was never started has nothing to save. */
static bool is_down(const struct vcpu *v)
{
    return test_bit(VPF_down, &v->pause_flags);
}

static u32 size_cpu(struct vcpu *v)
{
    return is_down(v) ? 0 : sizeof(struct hvm_hw_cpu);
}

static int save_lapic(struct vcpu *v, void *buf)
{
    struct hvm_hw_lapic_regs regs;

    return vlapic_save(v, buf, &regs);
}

static int load_lapic(struct vcpu *v, const void *buf, u32 len)
{
    return vlapic_load(v, buf);
}

static int save_lapic_regs(struct vcpu *v, void *buf)
{
    struct hvm_hw_lapic hw;

    return vlapic_save(v, &hw, buf);
}

static int load_lapic_regs(struct vcpu *v, const void *buf, u32 len)
{
    return vlapic_load_regs(v, buf);
}

static int save_mtrr(struct vcpu *v, void *buf)
{
    struct hvm_hw_mtrr *m = buf;
    const struct hvm_vcpu *h = &v->arch.hvm;

    hvm_vendor->msr_read(v, MSR_PAT, &m->msr_pat_cr);
    memcpy(m->msr_mtrr_var, h->mtrr_var, sizeof(m->msr_mtrr_var));
    memcpy(m->msr_mtrr_fixed, h->mtrr_fixed, sizeof(m->msr_mtrr_fixed));
    mtrr_read(v, MSR_MTRRCAP, &m->msr_mtrr_cap);
    m->msr_mtrr_def_type = h->mtrr_def_type;
    return 0;
}

static int load_mtrr(struct vcpu *v, const void *buf, u32 len)
{
    const struct hvm_hw_mtrr *m = buf;
    struct hvm_vcpu *h = &v->arch.hvm;

    if ((m->msr_mtrr_cap & 0xff) > MTRR_VCNT ||
        mtrr_write(v, MSR_MTRR_DEF_TYPE, m->msr_mtrr_def_type))
        return -EINVAL;
    if (mtrr_pat_valid(m->msr_pat_cr))
        hvm_vendor->msr_write(v, MSR_PAT, m->msr_pat_cr);
    memcpy(h->mtrr_var, m->msr_mtrr_var, sizeof(m->msr_mtrr_var));
    memcpy(h->mtrr_fixed, m->msr_mtrr_fixed, sizeof(m->msr_mtrr_fixed));
    return 0;
}

#define XSAVE_HEAD offsetof(struct hvm_hw_cpu_xsave, save_area)

static u32 size_xsave(struct vcpu *v)
{
    return is_down(v) || !xstate_host_mask ? 0 : XSAVE_HEAD + xstate_area_size;
}

static int save_xsave(struct vcpu *v, void *buf)
{
    struct hvm_hw_cpu_xsave *x = buf;

    x->xfeature_mask = xstate_host_mask;
    x->xcr0 = x->xcr0_accum = v->arch.hvm.xcr0;
    memcpy(&x->save_area, v->arch.xsave_area, xstate_area_size);
    return 0;
}

static int load_xsave(struct vcpu *v, const void *buf, u32 len)
{
    const struct hvm_hw_cpu_xsave *x = buf;
    struct xsave_area *area = v->arch.xsave_area;
    u64 max = cpu_policy_xcr0_max(v->domain->arch.cpu_policy) & xstate_host_mask, bv;
    u32 bytes = len - XSAVE_HEAD;

    if (!xstate_host_mask)
        return -EOPNOTSUPP;
    bv = x->save_area.xsave_hdr.xstate_bv;
    if (xcr0_check(x->xcr0, max) || (x->xcr0_accum & ~max) || (bv & ~max) ||
        x->save_area.xsave_hdr.xcomp_bv || bytes < xstate_size(bv))
        return -EINVAL;
    memset(area, 0, xstate_area_size);
    memcpy(area, &x->save_area, min(bytes, xstate_area_size));
    memset(area->reserved_528, 0, sizeof(area->reserved_528));
    area->mxcsr &= xstate_mxcsr_mask;
    v->arch.hvm.xcr0 = x->xcr0;
    xstate_changed(v);
    return 0;
}

static int save_tsc_adjust(struct vcpu *v, void *buf)
{
    ((struct hvm_tsc_adjust *)buf)->tsc_adjust = v->arch.hvm.tsc_adjust;
    return 0;
}

static int load_tsc_adjust(struct vcpu *v, const void *buf, u32 len)
{
    v->arch.hvm.tsc_adjust = ((const struct hvm_tsc_adjust *)buf)->tsc_adjust;
    return 0;
}

static u32 size_nothing(struct vcpu *v)
{
    return 0;
}

/* MSRs without a field elsewhere: none so far; those that come are written as the guest would. */
static int load_msr(struct vcpu *v, const void *buf, u32 len)
{
    const struct hvm_msr *m = buf;

    if (len != offsetof(struct hvm_msr, msr) + (u64)m->count * sizeof(m->msr[0]))
        return -EINVAL;
    for (u32 i = 0; i < m->count; i++) {
        if (m->msr[i]._rsvd)
            return -EOPNOTSUPP;
        if (hvm_msr_write(v, m->msr[i].index, m->msr[i].val))
            return -ENXIO;
    }
    return 0;
}

#define FIXED(x) HVM_SAVE_CODE(x), HVM_SAVE_LENGTH(x), HVM_SAVE_LENGTH(x)

static const struct context_row rows[] = {
    {HVM_SAVE_CODE(CPU), sizeof(struct hvm_hw_cpu_compat), sizeof(struct hvm_hw_cpu), size_cpu,
     context_save_cpu, context_load_cpu},
    {FIXED(LAPIC), NULL, save_lapic, load_lapic},
    {FIXED(LAPIC_REGS), NULL, save_lapic_regs, load_lapic_regs},
    {FIXED(MTRR), NULL, save_mtrr, load_mtrr},
    {CPU_XSAVE_CODE, sizeof(struct hvm_hw_cpu_xsave), ~0U, size_xsave, save_xsave, load_xsave},
    {FIXED(TSC_ADJUST), NULL, save_tsc_adjust, load_tsc_adjust},
    {CPU_MSR_CODE, offsetof(struct hvm_msr, msr), ~0U, size_nothing, NULL, load_msr},
};

static u32 row_size(const struct context_row *r, struct vcpu *v)
{
    return r->size ? r->size(v) : r->max_len;
}

u32 hvm_save_size(struct domain *d)
{
    u32 size = 2 * sizeof(struct hvm_save_descriptor) + sizeof(struct hvm_save_header);
    struct vcpu *v;

    for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++)
        for_each_vcpu (d, v) {
            u32 n = row_size(&rows[i], v);
            if (n)
                size += sizeof(struct hvm_save_descriptor) + n;
        }
    return size;
}

/* Room for a record behind its descriptor; NULL: the buffer is too small. */
static void *begin_record(struct hvm_context_buf *h, u16 type, u16 instance, u32 len)
{
    struct hvm_save_descriptor desc = {type, instance, len};
    void *at = h->data + h->cur + sizeof(desc);

    if (h->size - h->cur < sizeof(desc) + len)
        return NULL;
    memcpy(h->data + h->cur, &desc, sizeof(desc));
    memset(at, 0, len);
    h->cur += sizeof(desc) + len;
    return at;
}

static void fill_header(struct hvm_save_header *hdr)
{
    hdr->magic = HVM_FILE_MAGIC;
    hdr->version = HVM_FILE_VERSION;
    hdr->changeset = ~0UL;
    hdr->cpuid = host_cpu_policy.basic[1].a;
    hdr->gtsc_khz = cpu_khz;
}

int hvm_save(struct domain *d, struct hvm_context_buf *h)
{
    struct hvm_save_header *hdr;
    struct vcpu *v;

    if (d->is_dying)
        return -EINVAL;
    hdr = begin_record(h, HVM_SAVE_CODE(HEADER), 0, sizeof(*hdr));
    if (!hdr)
        return -ENOSPC;
    fill_header(hdr);
    for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++)
        for_each_vcpu (d, v) {
            u32 n = row_size(&rows[i], v);
            void *at;
            int rc;

            if (!n)
                continue;
            at = begin_record(h, rows[i].type, v->vcpu_id, n);
            rc = at ? rows[i].save(v, at) : -ENOSPC;
            if (rc)
                return rc;
        }
    return begin_record(h, HVM_SAVE_CODE(END), 0, 0) ? 0 : -ENOSPC;
}

static const struct context_row *find_row(u16 type)
{
    for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++)
        if (rows[i].type == type)
            return &rows[i];
    return NULL;
}

/* The content of one record. *@size: room in, bytes out. */
int hvm_save_one(struct domain *d, u16 type, u16 instance, void *buf, u64 *size)
{
    const struct context_row *r = find_row(type);
    struct vcpu *v = domain_vcpu(d, instance);
    u32 n;

    if (d->is_dying || !r || !r->save)
        return -EINVAL;
    if (!v)
        return -ENOENT;
    n = row_size(r, v);
    if (!n)
        return -ENODATA;
    if (*size < n)
        return -ENOSPC;
    *size = n;
    return r->save(v, buf);
}

static int load_record(struct domain *d, const struct hvm_save_descriptor *desc, const u8 *data)
{
    const struct context_row *r = find_row(desc->typecode);
    struct vcpu *v = domain_vcpu(d, desc->instance);

    if (!r || !v || desc->length < r->min_len || desc->length > r->max_len) {
        gprintk(XENLOG_WARNING, "d%d: saved record of type %u for %u with %u bytes: %s\n",
                d->domain_id, desc->typecode, desc->instance, desc->length,
                !r   ? "unknown type"
                : !v ? "no such vCPU"
                     : "wrong size");
        return -EINVAL;
    }
    return r->load(v, data, desc->length);
}

int hvm_load(struct domain *d, struct hvm_context_buf *h)
{
    struct hvm_save_descriptor desc;
    struct hvm_save_header hdr;
    bool have_header = false;

    if (d->is_dying)
        return -EINVAL;
    for (;;) {
        int rc;

        if (h->size - h->cur < sizeof(desc))
            return -ENODATA; /* no END */
        memcpy(&desc, h->data + h->cur, sizeof(desc));
        h->cur += sizeof(desc);
        if (h->size - h->cur < desc.length)
            return -ENODATA;
        if (!have_header) {
            if (desc.typecode != HVM_SAVE_CODE(HEADER) || desc.length != sizeof(hdr))
                return -ENODATA;
            memcpy(&hdr, h->data + h->cur, sizeof(hdr));
            if (hdr.magic != HVM_FILE_MAGIC || hdr.version != HVM_FILE_VERSION)
                return -EINVAL;
            have_header = true;
        } else if (desc.typecode == HVM_SAVE_CODE(END)) {
            return 0;
        } else {
            rc = load_record(d, &desc, h->data + h->cur);
            if (rc)
                return rc;
        }
        h->cur += desc.length;
    }
}
