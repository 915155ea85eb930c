/* SPDX-License-Identifier: GPL-2.0-only */
/* The door through which the builder writes into a guest that does not run yet. guest.c maps the
 * guest's pages; tests give an array. */
#ifndef LIBXL_BUILD_GUEST_MEMORY_H
#define LIBXL_BUILD_GUEST_MEMORY_H

#include <stddef.h>
#include <stdint.h>

struct guest_memory {
    uint64_t low_end; /* RAM is [0, low_end) below 4 GiB: images must lie there */
    /* 0, or -1 with errno. Ranges may cross pages, not the end of RAM. */
    int (*write)(struct guest_memory *mem, uint64_t address, const void *data, size_t len);
    int (*zero)(struct guest_memory *mem, uint64_t address, size_t len);
};

#endif
