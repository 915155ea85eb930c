/* SPDX-License-Identifier: GPL-2.0-only */
/* The page (or two) that a PVH kernel finds in EBX: public/arch-x86/hvm/start_info.h. */
#include <xen/lib.h>
#include <public/arch-x86/hvm/start_info.h>
#include "layout.h"

/* E820 and start info agree on numbers for all that firmware reports. */
_Static_assert(E820_RAM == XEN_HVM_MEMMAP_TYPE_RAM && E820_ACPI == XEN_HVM_MEMMAP_TYPE_ACPI &&
                   E820_UNUSABLE == XEN_HVM_MEMMAP_TYPE_UNUSABLE,
               "memory types");

size_t dom0_start_info(void *buf, size_t size, u64 gpa, const char *cmdline, u64 initrd,
                       u64 initrd_size, u64 rsdp, const struct e820_map *map)
{
    struct hvm_start_info info = {.magic = XEN_HVM_START_MAGIC_VALUE, .version = 1};
    struct hvm_modlist_entry module = {.paddr = initrd, .size = initrd_size};
    size_t cmdline_bytes = strlen(cmdline) + 1;
    size_t module_at = sizeof(info);
    size_t map_at = module_at + sizeof(module);
    size_t cmdline_at = map_at + map->nr * sizeof(struct hvm_memmap_table_entry);
    size_t total = cmdline_at + cmdline_bytes;
    u8 *p = buf;

    if (total > size)
        return 0;
    /* XEN_HVM start info flags: privileged and initial domain. */
    info.flags = 3;
    info.nr_modules = initrd_size ? 1 : 0;
    info.modlist_paddr = initrd_size ? gpa + module_at : 0;
    info.cmdline_paddr = gpa + cmdline_at;
    info.rsdp_paddr = rsdp;
    info.memmap_paddr = gpa + map_at;
    info.memmap_entries = map->nr;
    memcpy(p, &info, sizeof(info));
    memcpy(p + module_at, &module, sizeof(module));
    for (unsigned int i = 0; i < map->nr; i++) {
        struct hvm_memmap_table_entry e = {map->range[i].addr, map->range[i].size,
                                           map->range[i].type, 0};
        memcpy(p + map_at + i * sizeof(e), &e, sizeof(e));
    }
    memcpy(p + cmdline_at, cmdline, cmdline_bytes);
    return total;
}
