/* SPDX-License-Identifier: GPL-2.0-only */
/* Host tests: several CPUs, one of which is the current one. */
#ifndef ASM_PERCPU_H
#define ASM_PERCPU_H

#include <xen/types.h>

extern unsigned long per_cpu_offset[NR_CPUS];
extern unsigned int fake_cpu;

static inline unsigned long this_cpu_offset(void)
{
    return per_cpu_offset[fake_cpu];
}
static inline unsigned int this_cpu_id(void)
{
    return fake_cpu;
}

#endif
