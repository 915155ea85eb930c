/* SPDX-License-Identifier: GPL-2.0-only */
/* Instructions that may fault: the table, and the accessors that use it. */
#include <xen/errno.h>
#include <xen/lib.h>
#include <asm/ex_table.h>
#include <asm/msr.h>

extern const struct ex_table_entry __start_ex_table[], __stop_ex_table[];

/* Short, unsorted (sections are linked in any order) and rarely used: a linear search will do. */
unsigned long search_ex_table(unsigned long rip)
{
    for (const struct ex_table_entry *e = __start_ex_table; e < __stop_ex_table; e++)
        if ((unsigned long)&e->from + e->from == rip)
            return (unsigned long)&e->to + e->to;
    return 0;
}

int rdmsr_safe(u32 msr, u64 *v)
{
    u32 lo, hi;
    int rc;

    __asm__ volatile("1: rdmsr\n\t"
                     "xor %2, %2\n"
                     "2:\n\t"
                     ".pushsection .text.fixup, \"ax\"\n"
                     "3: xor %0, %0\n\t"
                     "xor %1, %1\n\t"
                     "mov %4, %2\n\t"
                     "jmp 2b\n\t"
                     ".popsection\n\t" EX_TABLE(1b, 3b)
                     : "=&a"(lo), "=&d"(hi), "=&r"(rc)
                     : "c"(msr), "i"(-EFAULT));
    *v = ((u64)hi << 32) | lo;
    return rc;
}

int wrmsr_safe(u32 msr, u64 v)
{
    int rc;

    __asm__ volatile("1: wrmsr\n\t"
                     "xor %0, %0\n"
                     "2:\n\t"
                     ".pushsection .text.fixup, \"ax\"\n"
                     "3: mov %4, %0\n\t"
                     "jmp 2b\n\t"
                     ".popsection\n\t" EX_TABLE(1b, 3b)
                     : "=&r"(rc)
                     : "c"(msr), "a"((u32)v), "d"((u32)(v >> 32)), "i"(-EFAULT)
                     : "memory");
    return rc;
}
