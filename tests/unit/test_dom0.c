/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Building the control domain, as far as it is arithmetic: kernels in every compression land where
 * their headers say, broken ones are refused, and memory map, start info and ACPI tables add up.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <public/arch-x86/hvm/start_info.h>
#include <xen/acpi.h>
#include <xen/dom0.h>
#include <xen/errno.h>
#include <xen/lib.h>
#include "fakes/kernel_images.h"
#include "../../xen/arch/x86/dom0/kernel.h"
#include "../../xen/arch/x86/dom0/layout.h"

/* What the pure files call. */
u64 parse_size(const char *s, const char **end)
{
    char *e;
    u64 v = strtoull(s, &e, 0);
    static const char units[] = "KMGT";
    const char *u = *e ? strchr(units, *e) : NULL;
    if (u)
        v <<= 10 * (u - units + 1);
    *end = e + (u != NULL);
    return v;
}

/* --- kernels --- */

static u8 *guest;
#define GUEST_SIZE (TEXT + BSS)

static int write_guest(void *ctx, u64 gpa, const void *p, size_t n)
{
    if (gpa < LOAD || gpa - LOAD > GUEST_SIZE || n > GUEST_SIZE - (gpa - LOAD))
        return -EFAULT;
    if (p)
        memcpy(guest + (gpa - LOAD), p, n);
    else
        memset(guest + (gpa - LOAD), 0, n);
    return 0;
}

static int set_up(void **state)
{
    guest = malloc(GUEST_SIZE);
    memset(guest, 0xaa, GUEST_SIZE);
    *state = make_elf();
    return 0;
}

static int tear_down(void **state)
{
    free(*state);
    free(guest);
    return 0;
}

static void assert_loaded(const u8 *elf, const struct kernel_info *info)
{
    assert_memory_equal(guest, elf + 4096, TEXT);
    for (unsigned int i = 0; i < BSS; i++)
        assert_int_equal(guest[TEXT + i], 0);
    assert_int_equal(info->entry, LOAD + 0x123);
    assert_int_equal(info->start, LOAD);
    assert_true(info->end >= LOAD + TEXT + BSS);
}

static void every_compression_unpacks(void **state)
{
    const u8 *elf = *state;
    size_t max = ELF_SIZE * 2, size;
    u8 *packed = malloc(max);
    for (unsigned int i = 0; i < ARRAY_SIZE(packers); i++) {
        struct kernel_info info;
        size_t n = packers[i].pack(elf, ELF_SIZE, packed, max - 4);
        u32 unpacked = ELF_SIZE;
        memcpy(packed + n, &unpacked, 4); /* Linux's build appends it */
        memset(guest, 0xaa, GUEST_SIZE);
        u8 *bz = make_bzimage(packed, n + 4, &size);
        assert_int_equal(kernel_load(bz, size, write_guest, NULL, &info), 0);
        assert_string_equal(info.format, packers[i].name);
        assert_loaded(elf, &info);
        assert_int_equal(info.end, LOAD + 0x200000); /* init_size */
        /* And without the bzImage around it. */
        memset(guest, 0xaa, GUEST_SIZE);
        assert_int_equal(kernel_load(packed, n, write_guest, NULL, &info), 0);
        assert_loaded(elf, &info);
        /* Cut short it is refused, wherever the cut is. */
        for (size_t cut = n - 40; cut > 8; cut -= cut / 7 + 1)
            assert_int_not_equal(kernel_load(packed, cut, write_guest, NULL, &info), 0);
        free(bz);
    }
    free(packed);
}

static void broken_kernels_are_refused(void **state)
{
    u8 *elf = *state;
    struct kernel_info info;
    struct phdr load;
    static u8 saved[4096];
    memcpy(saved, elf, sizeof(saved));
    memcpy(&load, elf + 64, sizeof(load));
    /* No note. */
    elf[4096 + TEXT + 28] ^= 0xff;
    assert_int_equal(kernel_load(elf, ELF_SIZE, write_guest, NULL, &info), -ENOEXEC);
    elf[4096 + TEXT + 28] ^= 0xff;
    /* Beyond the guest's memory: the callback's error comes back. */
    load.paddr = LOAD + 1;
    memcpy(elf + 64, &load, sizeof(load));
    assert_int_equal(kernel_load(elf, ELF_SIZE, write_guest, NULL, &info), -EFAULT);
    /* Wraps around. */
    load.paddr = ~0UL - 10;
    memcpy(elf + 64, &load, sizeof(load));
    assert_int_equal(kernel_load(elf, ELF_SIZE, write_guest, NULL, &info), -EINVAL);
    load.paddr = LOAD;
    load.filesz = load.memsz + 1;
    memcpy(elf + 64, &load, sizeof(load));
    assert_int_equal(kernel_load(elf, ELF_SIZE, write_guest, NULL, &info), -EINVAL);
    memcpy(elf, saved, sizeof(saved));
    elf[4] = 9;
    assert_int_equal(kernel_load(elf, ELF_SIZE, write_guest, NULL, &info), -ENOEXEC);
    assert_int_equal(kernel_load((const u8 *)"#!/bin/sh\n", 10, write_guest, NULL, &info),
                     -EOPNOTSUPP);
    /* A payload that is not in the image. */
    size_t size;
    u8 *bz = make_bzimage(saved, 64, &size);
    u32 far = 0x7fffffff;
    memcpy(bz + 0x248, &far, 4);
    assert_int_equal(kernel_load(bz, size, write_guest, NULL, &info), -EINVAL);
    free(bz);
}

/* --- memory --- */

static void ram_pieces_join(void **state)
{
    static struct dom0_ram ram;
    ram.nr = 0;
    assert_int_equal(dom0_ram_add(&ram, 0x5000, 0x6000), 0);
    assert_int_equal(dom0_ram_add(&ram, 0x1000, 0x2000), 0);
    assert_int_equal(dom0_ram_add(&ram, 0x9000, 0xa000), 0);
    assert_int_equal(ram.nr, 3);
    assert_int_equal(dom0_ram_add(&ram, 0x2000, 0x5000), 0); /* joins two */
    assert_int_equal(ram.nr, 2);
    assert_int_equal(ram.chunk[0].start, 0x1000);
    assert_int_equal(ram.chunk[0].end, 0x6000);
    assert_true(dom0_ram_contains(&ram, 0x1000, 0x5000));
    assert_false(dom0_ram_contains(&ram, 0x1000, 0x5001));
    assert_false(dom0_ram_contains(&ram, 0x6000, 1));
    assert_int_equal(dom0_ram_find_top(&ram, 0x1000, 0, ~0UL), 0x9000);
    assert_int_equal(dom0_ram_find_top(&ram, 0x2000, 0, ~0UL), 0x4000);
    assert_int_equal(dom0_ram_find_top(&ram, 0x2000, 0, 0x5800), 0x3000);
    assert_int_equal(dom0_ram_find_top(&ram, 0x6000, 0, ~0UL), 0);
    for (u64 i = 0; ram.nr < DOM0_MAX_CHUNKS; i++)
        assert_int_equal(dom0_ram_add(&ram, 0x100000 + i * 0x2000, 0x101000 + i * 0x2000), 0);
    assert_int_equal(dom0_ram_add(&ram, 0x10000000, 0x10001000), -ENOSPC);
}

static void memory_map_hides_other_ram(void **state)
{
    static const struct e820_map host = {5,
                                         {{0, 0x9fc00, E820_RAM},
                                          {0x9fc00, 0x60400, E820_RESERVED},
                                          {0x100000, 0x7ff00000, E820_RAM},
                                          {0x80000000, 0x10000, E820_ACPI},
                                          {0x100000000, 0x40000000, E820_RAM}}};
    static struct dom0_ram ram;
    ram.nr = 0;
    static struct e820_map map;
    dom0_ram_add(&ram, 0, 0x9e000);
    dom0_ram_add(&ram, 0x1000000, 0x9000000);
    assert_int_equal(dom0_build_e820(&host, &ram, 0x8ff0000, 0x10000, &map), 0);
    static const struct {
        u64 addr;
        u32 type;
    } want[] = {{0, E820_RAM},
                {0x9dfff, E820_RAM},
                {0x9e000, E820_UNUSABLE},
                {0x9fc00, E820_RESERVED},
                {0xfffff, E820_RESERVED},
                {0x100000, E820_UNUSABLE},
                {0x1000000, E820_RAM},
                {0x8feffff, E820_RAM},
                {0x8ff0000, E820_ACPI},
                {0x8ffffff, E820_ACPI},
                {0x9000000, E820_UNUSABLE},
                {0x7fffffff, E820_UNUSABLE},
                {0x80000000, E820_ACPI},
                {0x80010000, 0},
                {0x100000000, E820_UNUSABLE}};
    for (unsigned int i = 0; i < ARRAY_SIZE(want); i++)
        assert_int_equal(e820_type_at(&map, want[i].addr), want[i].type);
    for (unsigned int i = 1; i < map.nr; i++)
        assert_true(map.range[i].addr >= map.range[i - 1].addr + map.range[i - 1].size);
}

static void start_info_points_to_its_parts(void **state)
{
    static const struct e820_map map = {2, {{0, 0x1000, E820_RAM}, {0x100000, 0x1000, E820_ACPI}}};
    u8 buf[512];
    u64 gpa = 0x7000000;
    size_t n = dom0_start_info(buf, sizeof(buf), gpa, "console=hvc0", 0x5000000, 77, 0xabc, &map);
    assert_true(n > 0 && n <= sizeof(buf));
    struct hvm_start_info info;
    memcpy(&info, buf, sizeof(info));
    assert_int_equal(info.magic, XEN_HVM_START_MAGIC_VALUE);
    assert_int_equal(info.rsdp_paddr, 0xabc);
    assert_int_equal(info.memmap_entries, 2);
    assert_string_equal((char *)buf + (info.cmdline_paddr - gpa), "console=hvc0");
    struct hvm_modlist_entry m;
    memcpy(&m, buf + (info.modlist_paddr - gpa), sizeof(m));
    assert_int_equal(m.paddr, 0x5000000);
    assert_int_equal(m.size, 77);
    struct hvm_memmap_table_entry e;
    memcpy(&e, buf + (info.memmap_paddr - gpa) + sizeof(e), sizeof(e));
    assert_int_equal(e.type, XEN_HVM_MEMMAP_TYPE_ACPI);
    assert_int_equal(dom0_start_info(buf, n - 1, gpa, "console=hvc0", 0x5000000, 77, 0xabc, &map),
                     0);
}

/* --- ACPI --- */

static void acpi_tables_add_up(void **state)
{
    /* LAPIC of the host, IOAPIC, override. */
    static const u8 entries[] = {0,    8, 0, 0, 1, 0, 0,  0, 1, 12, 5, 0, 0, 0,  0xc0,
                                 0xfe, 0, 0, 0, 0, 2, 10, 0, 9, 9,  0, 0, 0, 13, 0};
    struct {
        struct acpi_header header;
        u32 lapic, flags;
        u8 entries[sizeof(entries)];
    } __packed madt = {{"APIC", sizeof(madt), 3}, 0xfee00000, 1};
    struct acpi_fadt fadt = {
        .header = {"FACP", sizeof(fadt), 4}, .dsdt = 0x7ffe5000, .boot_flags = 1};
    struct acpi_header hpet = {"HPET", sizeof(hpet), 1};
    memcpy(madt.entries, entries, sizeof(entries));
    struct acpi_table tables[] = {
        {0x7ffe0000, &madt.header}, {0x7ffe1000, &fadt.header}, {0x7ffe2000, &hpet}};
    struct dom0_acpi_input in = {tables, 3, 200};
    static u8 buf[8192];
    const char *why;
    u64 gpa = 0x8000000;
    size_t n = dom0_acpi_build(buf, sizeof(buf), gpa, &in, &why);
    assert_true(n);
    struct acpi_rsdp rsdp;
    memcpy(&rsdp, buf, sizeof(rsdp));
    assert_memory_equal(rsdp.signature, "RSD PTR ", 8);
    assert_int_equal(acpi_checksum(buf, 20), 0);
    assert_int_equal(acpi_checksum(buf, 36), 0);
    const u8 *xsdt = buf + (rsdp.xsdt - gpa);
    u32 len;
    memcpy(&len, xsdt + 4, 4);
    assert_int_equal(len, 36 + 2 * 8); /* MADT and FADT, no HPET */
    assert_int_equal(acpi_checksum(xsdt, len), 0);
    u64 pa;
    memcpy(&pa, xsdt + 36, 8); /* the FADT, as the host's but for "no MSI" */
    struct acpi_fadt f;
    memcpy(&f, buf + (pa - gpa), sizeof(f));
    assert_memory_equal(f.header.signature, "FACP", 4);
    assert_int_equal(acpi_checksum(&f, f.header.length), 0);
    assert_int_equal(f.boot_flags, 1 | 1 << 3);
    assert_int_equal(f.dsdt, 0x7ffe5000);
    memcpy(&pa, xsdt + 44, 8);
    const u8 *m = buf + (pa - gpa);
    memcpy(&len, m + 4, 4);
    assert_int_equal(acpi_checksum(m, len), 0);
    assert_int_equal(m[40] & 1, 0); /* no 8259 */
    /* vCPU 3 as LAPIC 6; from 128 on as x2APIC; then the host's IOAPIC and override. */
    assert_int_equal(m[44 + 3 * 8 + 3], 6);
    const u8 *x2 = m + 44 + 128 * 8;
    u32 id;
    assert_int_equal(x2[0], 9);
    memcpy(&id, x2 + 4, 4);
    assert_int_equal(id, 256);
    assert_memory_equal(m + len - 22, entries + 8, 22);
    assert_int_equal(len, 44 + 128 * 8 + 72 * 16 + 22);
    assert_int_equal(dom0_acpi_build(buf, 100, gpa, &in, &why), 0);
    in.nr_tables = 0;
    assert_int_equal(dom0_acpi_build(buf, sizeof(buf), gpa, &in, &why), 0);
}

static void dom0_mem_option(void **state)
{
    struct dom0_mem_option o;
    unsigned long gb = 1UL << 18;
    assert_int_equal(dom0_mem_parse("512M,max:1G", &o), 0);
    assert_int_equal(dom0_mem_pages(&o, 4 * gb), gb / 2);
    assert_int_equal(o.max, 1UL << 30);
    assert_int_equal(dom0_mem_parse("min:2G,1G", &o), 0);
    assert_int_equal(dom0_mem_pages(&o, 4 * gb), 2 * gb);
    assert_int_equal(dom0_mem_parse("-1G", &o), 0);
    assert_int_equal(dom0_mem_pages(&o, 4 * gb), 3 * gb);
    assert_int_equal(dom0_mem_pages(&o, gb / 2), 0);
    assert_int_equal(dom0_mem_parse("max:256M", &o), 0);
    assert_int_equal(dom0_mem_pages(&o, 4 * gb), gb / 4);
    assert_int_equal(dom0_mem_parse("", &o), 0);
    assert_int_equal(dom0_mem_pages(&o, 4 * gb), gb + gb / 4);
    assert_int_equal(dom0_mem_pages(&o, gb / 2), gb / 4);
    assert_int_equal(dom0_mem_pages(&o, 1024 * gb), 8 * gb);
    assert_int_equal(dom0_mem_parse("9G", &o), 0); /* more than there is */
    assert_int_equal(dom0_mem_pages(&o, 4 * gb), 4 * gb - 16384);
    assert_int_equal(dom0_mem_parse("lots", &o), -EINVAL);
    assert_int_equal(dom0_mem_parse("1G;2G", &o), -EINVAL);
    assert_int_equal(dom0_mem_parse("min:2G,max:1G", &o), -EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_compression_unpacks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(broken_kernels_are_refused, set_up, tear_down),
        cmocka_unit_test(ram_pieces_join),
        cmocka_unit_test(memory_map_hides_other_ram),
        cmocka_unit_test(start_info_points_to_its_parts),
        cmocka_unit_test(acpi_tables_add_up),
        cmocka_unit_test(dom0_mem_option),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
