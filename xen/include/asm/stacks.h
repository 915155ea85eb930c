/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stacks of one CPU, each above an unmapped guard page:
 *   guard | machine check | guard | double fault | guard | NMI | guard | main
 * #MC, #DF and NMI have their own (IST), because the main one may be what is broken.
 */
#ifndef ASM_STACKS_H
#define ASM_STACKS_H

#include <xen/types.h>

#define IST_STACK_PAGES  2
#define MAIN_STACK_PAGES 8
#define STACKS_PAGES     (4 + 3 * IST_STACK_PAGES + MAIN_STACK_PAGES)
enum ist { IST_NONE, IST_MCE, IST_DF, IST_NMI };

extern u8 boot_stacks[STACKS_PAGES * PAGE_SIZE];

/* Page index of the guard below stack @i (0: #MC, 1: #DF, 2: NMI, 3: main). */
static inline unsigned int stack_guard_page(unsigned int i)
{
    return i * (1 + IST_STACK_PAGES);
}
static inline unsigned long stack_top(const u8 *stacks, enum ist i)
{
    unsigned int pages = i == IST_NONE ? STACKS_PAGES : i * (1 + IST_STACK_PAGES);
    return (unsigned long)stacks + pages * PAGE_SIZE;
}

#endif
