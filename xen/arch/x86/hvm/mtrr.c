/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * MTRRs and PAT. Nested paging takes memory types from the stage-2 tables and the guest's PAT;
 * MTRRs are kept for the guest to read back what it wrote.
 */
#include <xen/lib.h>
#include <public/hvm/save.h>
#include "hvm_priv.h"

#define MTRRCAP     (MTRR_VCNT | (1U << 8) | (1U << 10)) /* fixed ranges, write combining */
#define TYPE_WB     6
#define DEF_TYPE_E  (1U << 11)
#define DEF_TYPE_FE (1U << 10)

/* Memory types of MTRRs and PAT entries; PAT alone knows UC- (7). */
static bool type_valid(u8 t, bool pat)
{
    return t < 8 && ((pat ? 0xf3 : 0x73) & (1U << t));
}

static bool types_valid(u64 val, bool pat)
{
    for (unsigned int i = 0; i < 8; i++)
        if (!type_valid(val >> (8 * i), pat))
            return false;
    return true;
}

bool mtrr_pat_valid(u64 pat)
{
    return types_valid(pat, true);
}

void mtrr_reset(struct vcpu *v)
{
    struct hvm_vcpu *h = &v->arch.hvm;

    memset(h->mtrr_var, 0, sizeof(h->mtrr_var));
    if (!v->domain->is_privileged)
        return;
    /* The control domain has no firmware of its own that would set them up. */
    h->mtrr_def_type = DEF_TYPE_E | DEF_TYPE_FE | TYPE_WB;
    for (unsigned int i = 0; i < ARRAY_SIZE(h->mtrr_fixed); i++)
        h->mtrr_fixed[i] = 0x0606060606060606UL;
}

/* Slot of a fixed-range MSR, or NULL. */
static u64 *fixed_slot(struct hvm_vcpu *h, u32 msr)
{
    if (msr == MSR_MTRR_FIX64K)
        return &h->mtrr_fixed[0];
    if (msr - MSR_MTRR_FIX16K_80000 < 2)
        return &h->mtrr_fixed[1 + msr - MSR_MTRR_FIX16K_80000];
    if (msr - MSR_MTRR_FIX4K_C0000 < 8)
        return &h->mtrr_fixed[3 + msr - MSR_MTRR_FIX4K_C0000];
    return NULL;
}

int mtrr_read(struct vcpu *v, u32 msr, u64 *val)
{
    struct hvm_vcpu *h = &v->arch.hvm;
    u64 *slot;

    if (msr == MSR_MTRRCAP)
        *val = MTRRCAP;
    else if (msr == MSR_MTRR_DEF_TYPE)
        *val = h->mtrr_def_type;
    else if (msr - MSR_MTRR_PHYSBASE0 < ARRAY_SIZE(h->mtrr_var))
        *val = h->mtrr_var[msr - MSR_MTRR_PHYSBASE0];
    else if ((slot = fixed_slot(h, msr)))
        *val = *slot;
    else
        return 1;
    return 0;
}

int mtrr_write(struct vcpu *v, u32 msr, u64 val)
{
    struct hvm_vcpu *h = &v->arch.hvm;
    u64 *slot;

    if (msr == MSR_MTRR_DEF_TYPE) {
        if ((val & ~(u64)(DEF_TYPE_E | DEF_TYPE_FE | 0xff)) || !type_valid(val, false))
            return 1;
        h->mtrr_def_type = val;
    } else if (msr - MSR_MTRR_PHYSBASE0 < ARRAY_SIZE(h->mtrr_var)) {
        bool base = !(msr & 1);
        if (base ? (val & 0xf00) || !type_valid(val, false) : val & 0x7ff)
            return 1;
        h->mtrr_var[msr - MSR_MTRR_PHYSBASE0] = val;
    } else if ((slot = fixed_slot(h, msr))) {
        if (!types_valid(val, false))
            return 1;
        *slot = val;
    } else {
        return 1;
    }
    return 0;
}
