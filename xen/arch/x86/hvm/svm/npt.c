/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Nested page tables: long-mode page-table entries (AMD APM vol. 2, 15.25). Nested accesses count
 * as user accesses. The frame's type is in bits 58:52, which the processor leaves to software, for
 * entries that are not present too. Accessed and dirty are preset: nobody reads them.
 */
#include <xen/types.h>
#include <asm/p2m.h>
#include <asm/page.h>
#include "svm.h"

#define TYPE_SHIFT 52
#define TYPE_MASK  0x7fUL
#define NPT_BASE   (PTE_PRESENT | PTE_USER | PTE_ACCESSED | PTE_DIRTY)
_Static_assert(P2M_NR_TYPES <= TYPE_MASK + 1, "frame types fit the software bits");

static const u64 type_bits[P2M_NR_TYPES] = {
    [p2m_ram_rw] = NPT_BASE | PTE_RW,
    [p2m_ram_logdirty] = NPT_BASE,
    [p2m_ram_ro] = NPT_BASE,
    /* UC-: the guest may still ask for write combining through its PAT. */
    [p2m_mmio_direct] = NPT_BASE | PTE_RW | PTE_PCD,
    [p2m_map_foreign] = NPT_BASE | PTE_RW | PTE_NX,
    [p2m_grant_map_rw] = NPT_BASE | PTE_RW | PTE_NX,
    [p2m_grant_map_ro] = NPT_BASE | PTE_NX,
    [p2m_ioreq_server] = NPT_BASE | PTE_NX,
};

static u64 npt_leaf(u64 maddr, p2m_type_t t, unsigned int level)
{
    u64 e = type_bits[t] | ((u64)t << TYPE_SHIFT);

    if (!(e & PTE_PRESENT))
        return e;
    return e | maddr | (level > 1 ? PTE_PSE : 0);
}

static bool npt_present(u64 e)
{
    return e & PTE_PRESENT;
}

static bool npt_is_leaf(u64 e, unsigned int level)
{
    return level == 1 || (e & PTE_PSE);
}

static p2m_type_t npt_type(u64 e)
{
    return (e >> TYPE_SHIFT) & TYPE_MASK;
}

const struct p2m_format npt_format = {
    .name = "NPT",
    .levels = 4,
    .leaf = npt_leaf,
    .table_bits = NPT_BASE | PTE_RW,
    .present = npt_present,
    .is_leaf = npt_is_leaf,
    .type = npt_type,
    .has_1g = true,
};
