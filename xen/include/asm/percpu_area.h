/* SPDX-License-Identifier: GPL-2.0-only */
/* Making per-CPU areas (arch/x86/cpu/percpu.c). */
#ifndef ASM_PERCPU_AREA_H
#define ASM_PERCPU_AREA_H

#include <asm/percpu.h>

int percpu_alloc(unsigned int cpu); /* once per CPU; 0 or -ENOMEM */
struct pcpu_anchor *percpu_anchor(unsigned int cpu);

#endif
