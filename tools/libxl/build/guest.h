/* SPDX-License-Identifier: GPL-2.0-only */
/* Building a PVH guest through the hypervisor: the impure end of build/. Each function returns 0,
 * or -1 with the cause in g->problem. */
#ifndef LIBXL_BUILD_GUEST_H
#define LIBXL_BUILD_GUEST_H

#include <libxl.h>

#include "build/guest_memory.h"
#include "build/kernel.h"
#include "build/layout.h"

struct xc_interface_core;

struct guest {
    struct guest_memory mem; /* first: guest.c finds the rest by it */
    struct xc_interface_core *xch;
    uint32_t domid;
    unsigned int vcpus;
    struct layout layout;
    struct kernel_image kernel;
    struct file {
        const void *data; /* mapped */
        size_t size;
    } kernel_file, initrd_file;
    unsigned int store_port, console_port; /* event channels of the guest */
    uint32_t start_info;                   /* guest physical */
    char *problem;                         /* malloc */
    void *window;                          /* guest pages mapped at present */
    uint64_t window_gfn;
    size_t window_pages;
};

/* Reads and checks kernel and (may be NULL) initrd, and lays out memory of memkb. */
int guest_read_images(struct guest *g, const char *kernel, const char *initrd, uint64_t memkb);
int guest_populate(struct guest *g, bool claim);
int guest_load(struct guest *g);
/* ACPI tables and start info, the special pages and the parameters that name them, grants. */
int guest_write_boot_info(struct guest *g, const char *cmdline);
int guest_special_pages(struct guest *g, int timer_mode);
int guest_first_vcpu(struct guest *g);
/* Unmaps and frees everything; the guest itself stays. */
void guest_dispose(struct guest *g);

#endif
