/* SPDX-License-Identifier: GPL-2.0-only */
/* The control domain: its options, its place in memory, and its making (arch/x86/dom0). */
#ifndef XEN_DOM0_H
#define XEN_DOM0_H

#include <xen/types.h>

struct domain;
struct boot_module;

/* dom0_mem=[min:<size>,][max:<size>,]<size>; a negative size: all but so much. */
struct dom0_mem_option {
    u64 size, min, max; /* bytes; size 0 and not negative: not given */
    bool negative;      /* size is what to leave */
};
/* 0 or -EINVAL. */
int dom0_mem_parse(const char *value, struct dom0_mem_option *opt);
/* Pages to give, of @available that are free. */
unsigned long dom0_mem_pages(const struct dom0_mem_option *opt, unsigned long available);

/*
 * Keeps memory free where a kernel wants to be loaded. Right after the heap got its memory, before
 * others allocate; given back by dom0_build_pvh().
 */
void dom0_reserve_early(void);
/* The last thing boot does: domain 0, running when the scheduler starts. Panics when it cannot. */
void create_dom0(void);
/*
 * Loads the kernel, gives the domain its memory (guest frame = machine frame) and devices, and sets
 * vCPU 0 to the kernel's PVH entry. The modules' memory goes to the heap. 0 or -errno, reason
 * logged.
 */
int dom0_build_pvh(struct domain *d, const struct boot_module *kernel,
                   const struct boot_module *initrd, const char *cmdline);
/*
 * The control domain touched a frame that it has nothing at: when that is no RAM of the host it is
 * mapped 1:1 (64-bit BARs, tables of firmware). false: there is nothing to map.
 */
bool dom0_map_mmio_on_fault(struct domain *d, gfn_t gfn);

#endif
