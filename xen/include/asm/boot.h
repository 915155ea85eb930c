/* SPDX-License-Identifier: GPL-2.0-only */
/* What the boot loader handed over, copied and checked (arch/x86/boot/multiboot.c). */
#ifndef ASM_BOOT_H
#define ASM_BOOT_H

#include <xen/types.h>

#define MAX_BOOT_MODULES 8

struct boot_module {
    paddr_t start;
    size_t size;
    char cmdline[2048]; /* what follows the module's name in the boot entry */
};

struct boot_info {
    const char *loader;
    char cmdline[1024];
    unsigned int nr_modules;
    struct boot_module module[MAX_BOOT_MODULES];
    paddr_t rsdp;             /* 0: look for it in the BIOS areas */
    u8 rsdp_copy[36];         /* multiboot2's copy; valid when rsdp_copy[0] != 0 */
    paddr_t efi_system_table; /* 0: started by a BIOS */
};
extern struct boot_info boot_info;

/* Fills boot_info and e820; panics when the loader gave no memory map. */
void multiboot_parse(u32 magic, u32 mbi);
/* A range of physical memory below 4 GiB that the loader's data occupy: not to be allocated. */
bool boot_range_reserved(paddr_t start, paddr_t end, paddr_t *conflict_end);

/* e820.c */
struct e820_map;
void e820_add(struct e820_map *map, u64 addr, u64 size, u32 type);
void e820_sanitize(struct e820_map *map); /* sorts, cuts overlaps (non-RAM wins), merges */
void e820_limit(struct e820_map *map, u64 ram_bytes); /* mem= */
void e820_print(const struct e820_map *map);
bool e820_all_type(const struct e820_map *map, u64 start, u64 end, u32 type);

/* Linker symbols. */
extern char _start[], _stext[], _etext[], _srodata[], _erodata[], _sdata[], _edata[], _end[];
extern char _sinittext[], _einittext[], __init_data_start[], __init_data_end[];
extern char __percpu_start[], __percpu_end[], __bsp_percpu[];

/* Page tables of head.S: identity and direct map of the first 4 GiB, and the image. APs start on
 * them. */
extern u64 boot_l4[];
/* Runs everything that is only needed once; never returns. */
void start_xen(u32 magic, u32 mbi) __noreturn;

#endif
