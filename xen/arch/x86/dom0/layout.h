/* SPDX-License-Identifier: GPL-2.0-only */
/* The control domain's memory as plain data: RAM pieces, memory map, start info, ACPI tables. Pure.
 */
#ifndef DOM0_LAYOUT_H
#define DOM0_LAYOUT_H

#include <xen/acpi.h>
#include <xen/mm.h>
#include <xen/types.h>

#define DOM0_MAX_CHUNKS 48 /* each may cost two entries of the memory map */

/* RAM of the control domain: machine addresses, which are its own addresses too. */
struct dom0_ram {
    unsigned int nr;
    struct {
        u64 start, end;
    } chunk[DOM0_MAX_CHUNKS]; /* sorted, apart, page-aligned */
};

/* Adds a piece and joins it with its neighbours. -ENOSPC: too many pieces. */
int dom0_ram_add(struct dom0_ram *ram, u64 start, u64 end);
bool dom0_ram_contains(const struct dom0_ram *ram, u64 start, u64 size);
/* The highest place for @size bytes at or above @from that ends at or below @limit; 0: none. */
u64 dom0_ram_find_top(const struct dom0_ram *ram, u64 size, u64 from, u64 limit);

/*
 * The map for the domain: @host's, with host RAM that is not its own marked unusable (so that it
 * puts nothing there), and [acpi, acpi + acpi_size) as ACPI. -ENOSPC: does not fit.
 */
int dom0_build_e820(const struct e820_map *host, const struct dom0_ram *ram, u64 acpi,
                    u64 acpi_size, struct e820_map *out);
/* The type of what is at @addr in a map; 0: nothing. */
u32 e820_type_at(const struct e820_map *map, u64 addr);

/* Start info, version 1, for guest address @gpa, into @buf. Bytes used, or 0: @size is too small.
 */
size_t dom0_start_info(void *buf, size_t size, u64 gpa, const char *cmdline, u64 initrd,
                       u64 initrd_size, u64 rsdp, const struct e820_map *map);

struct dom0_acpi_input {
    const struct acpi_table *tables; /* the host's, checked */
    unsigned int nr_tables, nr_vcpus;
};
/*
 * The control domain's RSDP, XSDT and MADT for guest address @gpa, into @buf; other tables stay
 * where the host has them, except those that are the hypervisor's business. The RSDP comes first.
 * Bytes used; 0: @size is too small or the host has no MADT (*why says which).
 */
size_t dom0_acpi_build(void *buf, size_t size, u64 gpa, const struct dom0_acpi_input *in,
                       const char **why);
u8 acpi_checksum(const void *p, size_t n);

#endif
