/* SPDX-License-Identifier: GPL-2.0-only */
/* Instructions that may fault, and where to go on then. Entries are distances from themselves. */
#ifndef ASM_EX_TABLE_H
#define ASM_EX_TABLE_H

#include <xen/types.h>

#define EX_TABLE(from, to)                 \
    ".pushsection .ex_table, \"a\"\n\t"    \
    ".balign 4\n\t"                        \
    ".long " #from " - ., " #to " - .\n\t" \
    ".popsection\n\t"

struct ex_table_entry {
    s32 from, to;
};
/* The address to go on at after a fault at @rip; 0: none is declared. */
unsigned long search_ex_table(unsigned long rip);

#endif
