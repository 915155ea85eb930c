/* SPDX-License-Identifier: GPL-2.0-only */
/* The hypervisor's address space moved to where a process may map memory, for tests of the code
 * that uses it. */
#ifndef ASM_CONFIG_H
#define ASM_CONFIG_H

#define XEN_VIRT_START        0x200080000000UL
#define XEN_PHYS_START        0x200000
#define DIRECTMAP_VIRT_START  0x210000000000UL
#define DIRECTMAP_SIZE        0x10000000000UL
#define FRAMETABLE_VIRT_START 0x230000000000UL
#define VMAP_VIRT_START       0x240000000000UL
#define VMAP_SIZE             0x10000000000UL

#endif
