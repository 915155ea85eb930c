/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hypervisor's virtual address space (4-level paging, upper half; all of it is ours):
 *
 *   0xffff82d080000000  1 GiB   the image: text, rodata, data (linked here, loaded at
 * XEN_PHYS_START) 0xffff840000000000  64 TiB  direct map of RAM: DIRECTMAP_VIRT_START + machine
 * address 0xffffd00000000000  512 GiB frame table (struct page_info per frame; mapped where RAM is)
 *   0xffffe00000000000  1 TiB   vmap: ioremap, stacks with guard pages
 */
#ifndef ASM_CONFIG_H
#define ASM_CONFIG_H

#define XEN_VIRT_START        0xffff82d080000000
#define XEN_PHYS_START        0x200000 /* image starts here, and at XEN_VIRT_START + 0x200000 */
#define DIRECTMAP_VIRT_START  0xffff840000000000
#define DIRECTMAP_SIZE        0x0000400000000000
#define FRAMETABLE_VIRT_START 0xffffd00000000000
#define VMAP_VIRT_START       0xffffe00000000000
#define VMAP_SIZE             0x0000010000000000

/* Host selectors (GDT). */
#define XEN_CS  0x08
#define XEN_DS  0x10
#define XEN_TSS 0x20 /* 16 bytes */

#endif
