/* SPDX-License-Identifier: GPL-2.0-only */
/* What a PVH kernel finds when it starts: start info with modules, command line and memory map, and
 * the first vCPU's registers. */
#ifndef LIBXL_BUILD_BOOT_INFO_H
#define LIBXL_BUILD_BOOT_INFO_H

#include "build/guest_memory.h"
#include "build/layout.h"

struct boot_info {
    uint64_t initrd, initrd_size; /* size 0: none */
    const char *cmdline;          /* may be NULL */
    uint64_t rsdp;
    const struct layout *layout;
};

/* Bytes that boot_info_write needs. */
size_t boot_info_size(const struct boot_info *info);
/* Writes start info and all it points to at base; its address for EBX is base. 0, or -1 (errno). */
int boot_info_write(const struct boot_info *info, struct guest_memory *mem, uint64_t base);

/* Turns the context records the hypervisor gave for a fresh domain into those to set: header, first
 * vCPU in flat 32-bit protected mode at entry with EBX = start_info, MTRRs (write back). Returns
 * the bytes put into out (room bytes), or 0 if the records given make no sense. */
size_t vcpu_context(const uint8_t *given, size_t len, uint32_t entry, uint32_t start_info,
                    uint8_t *out, size_t room);

#endif
