/* SPDX-License-Identifier: GPL-2.0-only */
/* The host's page tables and boot memory (arch/x86/mm/host). */
#ifndef ASM_HOST_MM_H
#define ASM_HOST_MM_H

#include <xen/types.h>

/* Memory before the heap: physical, zeroed, never freed; panics when there is none. */
void bootmem_init(void);
paddr_t bootmem_alloc(size_t size, size_t align);
void bootmem_allow_high(void); /* all RAM is in the direct map now */
void bootmem_raise_modules(void);
void bootmem_to_heap(void); /* what is left; the end of bootmem */
extern bool bootmem_active;

/* Builds the final tables and switches to them; makes the frame table and the heap. */
void host_mm_init(void);
void host_paging_features(void); /* what this CPU can map with */
void host_mm_load(void);         /* CR3 and protection bits of this CPU */
extern u64 host_l4[512];
void host_mm_check(void); /* panics when a page is writable and executable */
bool host_page_mapped(unsigned long va);
void flush_host_tlb(void); /* all CPUs; interrupts on when there is more than one */

/* vmap.c: address space with an unmapped page behind each piece. NULL: none left. */
void *vmap_reserve(unsigned long pages);
void vmap_release(void *va, unsigned long pages);
/* Stacks for a CPU (asm/stacks.h) with unmapped guards; NULL: no memory. */
u8 *alloc_cpu_stacks(void);

#endif
