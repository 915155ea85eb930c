/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Per-CPU data. DEFINE_PER_CPU puts a template into .data.percpu; each CPU gets a copy, whose
 * distance from the template is per_cpu_offset[cpu] and, for the running CPU, in %gs:0.
 */
#ifndef XEN_PERCPU_H
#define XEN_PERCPU_H

#include <xen/types.h>
#include <asm/percpu.h>

#define DEFINE_PER_CPU(type, name)  __section(".data.percpu") typeof(type) per_cpu__##name
#define DECLARE_PER_CPU(type, name) extern typeof(type) per_cpu__##name

#define per_cpu(name, cpu) \
    (*(typeof(per_cpu__##name) *)((char *)&per_cpu__##name + per_cpu_offset[cpu]))
#define this_cpu(name) (*(typeof(per_cpu__##name) *)((char *)&per_cpu__##name + this_cpu_offset()))

#endif
