/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel images: what they are and how they come into the guest's memory. */
#ifndef LIBXL_BUILD_KERNEL_H
#define LIBXL_BUILD_KERNEL_H

#include <stdbool.h>

#include "build/guest_memory.h"

#define KERNEL_MAX_SEGMENTS 32
#define KERNEL_MAX_SIZE     ((size_t)1 << 30) /* of an unpacked image */

/* One loadable part: filesz bytes at data, then zeroes up to memsz, at guest physical paddr. */
struct kernel_segment {
    const uint8_t *data;
    uint64_t filesz, memsz, paddr;
};

struct kernel_image {
    struct kernel_segment segments[KERNEL_MAX_SEGMENTS];
    unsigned int nr_segments;
    uint64_t start, end; /* guest physical extent of all segments */
    uint32_t entry;      /* XEN_ELFNOTE_PHYS32_ENTRY */
    bool is64;
    const char *packing; /* "ELF", "bzImage (xz)" ...: for messages */
    void *unpacked;      /* owned: what the segments point into, or NULL */
};

/* All three return NULL or what is wrong with the image (constant text). */

/* Recognises ELF and bzImage. data must outlive the image. */
const char *kernel_parse(const void *data, size_t size, struct kernel_image *out);
const char *elf_parse(const uint8_t *data, size_t size, struct kernel_image *out);
/* Finds the packed payload of a bzImage. */
const char *bzimage_payload(const uint8_t *data, size_t size, const uint8_t **payload,
                            size_t *length);
void kernel_image_dispose(struct kernel_image *image);

/* Unpacks by magic: gzip, xz, lzma, zstd, lz4 (the kernel's legacy frames). *out from malloc.
 * method names what it was. */
const char *unpack(const uint8_t *in, size_t len, uint8_t **out, size_t *out_len,
                   const char **method);

/* Copies the segments. 0, or -1 with errno. */
int kernel_load(const struct kernel_image *image, struct guest_memory *mem);

#endif
