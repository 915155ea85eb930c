/* SPDX-License-Identifier: GPL-2.0-only */
/* Host tests: as the real one, in a section whose ends the host's linker names. */
#ifndef XEN_PERCPU_H
#define XEN_PERCPU_H

#include <xen/types.h>
#include <asm/percpu.h>

#define DEFINE_PER_CPU(type, name)  __section("data_percpu") typeof(type) per_cpu__##name
#define DECLARE_PER_CPU(type, name) extern typeof(type) per_cpu__##name

/* The compiler must not know that the result lies outside of the template. */
static inline void *fake_percpu(void *p, unsigned long offset)
{
    p = (char *)((unsigned long)p + offset);
    __asm__("" : "+r"(p));
    return p;
}
#define per_cpu(name, cpu) \
    (*(typeof(per_cpu__##name) *)fake_percpu(&per_cpu__##name, per_cpu_offset[cpu]))
#define this_cpu(name) \
    (*(typeof(per_cpu__##name) *)fake_percpu(&per_cpu__##name, this_cpu_offset()))

#endif
