/* SPDX-License-Identifier: GPL-2.0-only */
/* Between the files that build the control domain. */
#ifndef DOM0_BUILD_H
#define DOM0_BUILD_H

#include <xen/dom0.h>
#include <xen/sched.h>
#include <asm/boot.h>
#include "layout.h"

struct dom0_build {
    struct domain *d;
    struct dom0_ram ram;
    u64 kernel_start, kernel_end; /* region kept for it, start info and ACPI tables behind it */
    paddr_t image, initrd;        /* where the modules are now */
    size_t image_size, initrd_size;
    u64 scratch, scratch_size; /* RAM of the domain, borrowed until the kernel is loaded */
};

/* memory.c. All return 0 or -errno and have logged why. */
int dom0_alloc_memory(struct dom0_build *b, const struct boot_module *kernel,
                      const struct boot_module *initrd);
int dom0_map_memory(struct dom0_build *b);

/* mmio.c */
int dom0_map_mmio(struct domain *d);
bool host_ram_overlaps(u64 start, u64 end);

#endif
