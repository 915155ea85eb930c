/* SPDX-License-Identifier: GPL-2.0-only */
/* Host tests: one CPU, whose per-CPU data are the templates themselves. */
#ifndef ASM_PERCPU_H
#define ASM_PERCPU_H

#include <xen/types.h>

extern unsigned long per_cpu_offset[NR_CPUS];

static inline unsigned long this_cpu_offset(void)
{
    return 0;
}
static inline unsigned int this_cpu_id(void)
{
    return 0;
}

#endif
