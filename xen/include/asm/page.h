/* SPDX-License-Identifier: GPL-2.0-only */
/* x86 page-table bits and constants that the frame table and the walkers share. */
#ifndef ASM_PAGE_H
#define ASM_PAGE_H

#include <asm/config.h>

#define PTE_PRESENT   (1UL << 0)
#define PTE_RW        (1UL << 1)
#define PTE_USER      (1UL << 2)
#define PTE_PWT       (1UL << 3)
#define PTE_PCD       (1UL << 4)
#define PTE_ACCESSED  (1UL << 5)
#define PTE_DIRTY     (1UL << 6)
#define PTE_PSE       (1UL << 7)
#define PTE_GLOBAL    (1UL << 8)
#define PTE_NX        (1UL << 63)
#define PTE_ADDR_MASK 0x000ffffffffff000UL

/* Host mappings (arch/x86/mm): flags are PTE_* bits. 0 or -ENOMEM. */
int map_pages_to_xen(unsigned long va, unsigned long mfn, unsigned long nr, unsigned long flags);
void unmap_xen_pages(unsigned long va, unsigned long nr);
#define PAGE_HYPERVISOR    (PTE_PRESENT | PTE_RW | PTE_ACCESSED | PTE_DIRTY | PTE_GLOBAL | PTE_NX)
#define PAGE_HYPERVISOR_RO (PTE_PRESENT | PTE_ACCESSED | PTE_DIRTY | PTE_GLOBAL | PTE_NX)
#define PAGE_HYPERVISOR_RX (PTE_PRESENT | PTE_ACCESSED | PTE_DIRTY | PTE_GLOBAL)
#define PAGE_HYPERVISOR_UC (PAGE_HYPERVISOR | PTE_PCD | PTE_PWT)

#endif
