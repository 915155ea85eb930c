/* SPDX-License-Identifier: MIT */
/*
 * The boot information a PVH kernel finds at the address in EBX when it is entered. All addresses
 * are guest physical; the structures are version 1 (version 0 lacks the memory map).
 */
#ifndef CRATON_PUBLIC_ARCH_X86_HVM_START_INFO_H
#define CRATON_PUBLIC_ARCH_X86_HVM_START_INFO_H

#include "../../xen.h"

/* "xEn3", with the top bit of its second byte set. */
#define XEN_HVM_START_MAGIC_VALUE 0x336ec578

/* Types of memory, numbered as E820 types. */
#define XEN_HVM_MEMMAP_TYPE_RAM      1
#define XEN_HVM_MEMMAP_TYPE_RESERVED 2
#define XEN_HVM_MEMMAP_TYPE_ACPI     3
#define XEN_HVM_MEMMAP_TYPE_NVS      4
#define XEN_HVM_MEMMAP_TYPE_UNUSABLE 5
#define XEN_HVM_MEMMAP_TYPE_DISABLED 6
#define XEN_HVM_MEMMAP_TYPE_PMEM     7

struct hvm_start_info {
    uint32_t magic;
    uint32_t version;       /* 1 */
    uint32_t flags;         /* SIF_* */
    uint32_t nr_modules;    /* entries at modlist_paddr; 0 or 1 initrd */
    uint64_t modlist_paddr; /* struct hvm_modlist_entry[] */
    uint64_t cmdline_paddr; /* string, or 0 */
    uint64_t rsdp_paddr;    /* ACPI root pointer, or 0 */
    uint64_t memmap_paddr;  /* struct hvm_memmap_table_entry[]; from version 1 on */
    uint32_t memmap_entries;
    uint32_t reserved; /* 0 */
};

struct hvm_modlist_entry {
    uint64_t paddr;
    uint64_t size;
    uint64_t cmdline_paddr; /* string, or 0 */
    uint64_t reserved;
};

struct hvm_memmap_table_entry {
    uint64_t addr;
    uint64_t size;
    uint32_t type;
    uint32_t reserved;
};

/* Sizes are part of the interface. */
_Static_assert(sizeof(struct hvm_start_info) == 56, "hvm_start_info");
_Static_assert(sizeof(struct hvm_modlist_entry) == 32, "hvm_modlist_entry");
_Static_assert(sizeof(struct hvm_memmap_table_entry) == 24, "hvm_memmap_table_entry");

#endif /* CRATON_PUBLIC_ARCH_X86_HVM_START_INFO_H */
