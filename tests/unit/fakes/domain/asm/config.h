/* SPDX-License-Identifier: GPL-2.0-only */
/* Host tests: the fake machine's RAM and its frame table are where a process may map memory. */
#ifndef ASM_CONFIG_H
#define ASM_CONFIG_H

#define DIRECTMAP_VIRT_START  0x200000000000
#define FRAMETABLE_VIRT_START 0x300000000000
#define DIRECTMAP_SIZE        0x10000000000

#endif
