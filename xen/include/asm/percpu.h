/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * %gs points to struct pcpu_anchor, which heads each CPU's area (.data.percpu starts with it; the
 * linker script puts .data.percpu.anchor first). The stack protector's canary is at %gs:40.
 */
#ifndef ASM_PERCPU_H
#define ASM_PERCPU_H

#include <xen/types.h>

struct pcpu_anchor {
    unsigned long offset; /* per_cpu_offset[] of this CPU */
    unsigned int cpu;     /* %gs:8 */
    unsigned int spare;
    unsigned long stack_top; /* %gs:16 */
    unsigned long scratch[2];
    unsigned long canary; /* %gs:40 */
};

extern unsigned long per_cpu_offset[NR_CPUS];

static inline unsigned long this_cpu_offset(void)
{
    unsigned long o;
    __asm__ volatile("movq %%gs:0, %0" : "=r"(o));
    return o;
}
static inline unsigned int this_cpu_id(void)
{
    unsigned int c;
    __asm__ volatile("movl %%gs:8, %0" : "=r"(c));
    return c;
}

#endif
