/* SPDX-License-Identifier: GPL-2.0-only */
/* Per-CPU areas: copies of the template in .data.percpu; head.S made the boot CPU's. */
#include <xen/errno.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/percpu.h>
#include <asm/boot.h>
#include <asm/cpu.h>
#include <asm/msr.h>
#include <asm/percpu_area.h>

/* First in the template, and so at each area's head: what %gs points to. */
static struct pcpu_anchor anchor __section(".data.percpu.anchor") __attribute__((used));
unsigned long per_cpu_offset[NR_CPUS];

void __init percpu_init_boot(void)
{
    per_cpu_offset[0] = __bsp_percpu - __percpu_start;
}

int percpu_alloc(unsigned int cpu)
{
    size_t size = __percpu_end - __percpu_start;
    struct pcpu_anchor *a;
    char *area;

    if (per_cpu_offset[cpu])
        return 0;
    area = _xzalloc(ROUNDUP(size, PAGE_SIZE), PAGE_SIZE);
    if (!area)
        return -ENOMEM;
    memcpy(area, __percpu_start, size);
    a = (struct pcpu_anchor *)area;
    a->offset = area - __percpu_start;
    a->cpu = cpu;
    a->canary = (rdtsc() * 0x9e3779b97f4a7c15UL ^ (unsigned long)area) & ~0xffUL;
    per_cpu_offset[cpu] = a->offset;
    return 0;
}

struct pcpu_anchor *percpu_anchor(unsigned int cpu)
{
    return (struct pcpu_anchor *)(__percpu_start + per_cpu_offset[cpu]);
}
