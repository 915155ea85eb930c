/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Firmware's ACPI tables: good ones are found, and those with a wrong checksum or length, with
 * entries that run over, or that contradict themselves, are left out without a read outside of them
 * (each mapping here is an allocation of just the asked size, under ASan).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <xen/acpi.h>
#include <xen/irq.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/numa.h>
#include <asm/boot.h>
#include <asm/cpu.h>

/* --- a fake machine: 64 KiB of firmware memory at 0x7fe00000 --- */
#define BASE 0x7fe00000UL
static u8 firmware[65536];
struct boot_info boot_info;
unsigned long total_pages = 1000;
static u32 cpus[64];
static unsigned int nr_cpus;

void printk(const char *fmt, ...)
{
}
/* Copies, so that ASan knows the bounds; never freed pieces are kept reachable. */
static void *mapped[100000];
static unsigned int nr_mapped;
void *ioremap_wb(paddr_t pa, size_t size)
{
    void *p;

    if (pa < BASE || size > sizeof(firmware) || pa - BASE > sizeof(firmware) - size)
        return NULL;
    p = malloc(size);
    memcpy(p, firmware + (pa - BASE), size);
    mapped[nr_mapped++ % ARRAY_SIZE(mapped)] = p;
    return p;
}
void iounmap(void *va)
{
    for (unsigned int i = 0; va && i < ARRAY_SIZE(mapped); i++)
        if (mapped[i] == va) {
            mapped[i] = NULL;
            free(va);
            return;
        }
}
void cpu_register(u32 apic_id, u32 acpi_id)
{
    if (nr_cpus < ARRAY_SIZE(cpus))
        cpus[nr_cpus++] = apic_id;
}
u32 boot_apic_id(void)
{
    return 0;
}

static void set_sum(u8 *p, size_t n, unsigned int at)
{
    u8 sum = 0;

    p[at] = 0;
    for (size_t i = 0; i < n; i++)
        sum += p[i];
    p[at] = -sum;
}

static u8 *put_table(unsigned int at, const char *signature, u32 length)
{
    struct acpi_header *h = (void *)(firmware + at);

    memcpy(h->signature, signature, 4);
    h->length = length;
    return firmware + at;
}

enum { XSDT = 0x100, MADT = 0x200, SRAT = 0x400, FADT = 0x600, BAD = 0x800 };

static void add_entry(u8 **p, const u8 *e, size_t n)
{
    memcpy(*p, e, n);
    *p += n;
}

static void build(void)
{
    static const u8 madt[] = {0,  8, 0, 0, 1, 0,  0, 0, 0,  8,  1, 1, 1,  0, 0,    0,
                              0,  8, 2, 2, 0, 0,  0, 0, 1,  12, 3, 0, 0,  0, 0xc0, 0xfe,
                              24, 0, 0, 0, 2, 10, 0, 9, 20, 0,  0, 0, 13, 0, 9,    16,
                              0,  0, 0, 1, 0, 0,  1, 0, 0,  0,  5, 0, 0,  0};
    struct {
        u8 type, length;
        u32 domain;
        u16 r0;
        u64 base, size;
        u32 r1, flags;
    } __packed mem[2] = {{1, 40, 7, 0, 0, 0x40000000, 0, 1},
                         {1, 40, 9, 0, 0x40000000, 0x40000000, 0, 1}};
    struct acpi_rsdp rsdp = {
        .signature = "RSD PTR ", .revision = 2, .length = 36, .xsdt = BASE + XSDT};
    u64 entries[4] = {BASE + MADT, BASE + SRAT, BASE + FADT, BASE + BAD};
    u8 *p;

    memset(firmware, 0, sizeof(firmware));
    set_sum((u8 *)&rsdp, 20, 8);
    set_sum((u8 *)&rsdp, 36, 32);
    memcpy(boot_info.rsdp_copy, &rsdp, sizeof(rsdp));
    memcpy(put_table(XSDT, "XSDT", 36 + sizeof(entries)) + 36, entries, sizeof(entries));
    p = put_table(MADT, "APIC", 44 + sizeof(madt)) + 44;
    add_entry(&p, madt, sizeof(madt));
    p = put_table(SRAT, "SRAT", 48 + 80) + 48;
    for (unsigned int i = 0; i < 2; i++)
        memcpy(p + 40 * i, &mem[i], sizeof(mem[i]));
    put_table(FADT, "FACP", 244)[46] = 9;
    put_table(BAD, "EVIL", 40);
    set_sum(firmware + XSDT, 36 + sizeof(entries), 9);
    set_sum(firmware + MADT, 44 + sizeof(madt), 9);
    set_sum(firmware + SRAT, 48 + 80, 9);
    set_sum(firmware + FADT, 244, 9);
    firmware[BAD + 9] = 0x55; /* wrong */
}

static void parse(void)
{
    acpi_nr_tables = 0;
    madt_nr_ioapics = madt_nr_overrides = 0;
    nr_cpus = 0;
    memset(&acpi_fadt, 0, sizeof(acpi_fadt));
    acpi_init();
    madt_init();
}

static void test_good(void **state)
{
    build();
    parse();
    assert_int_equal(acpi_nr_tables, 3);
    assert_non_null(acpi_find_table("APIC"));
    assert_null(acpi_find_table("EVIL"));
    assert_int_equal(acpi_fadt.sci_irq, 9);
    assert_int_equal(nr_cpus, 3); /* the one that is not enabled is not there */
    assert_int_equal(cpus[1], 1);
    assert_int_equal(cpus[2], 0x100);
    assert_int_equal(madt_nr_ioapics, 1);
    assert_int_equal(madt_ioapics[0].gsi_base, 24);
    assert_int_equal(isa_irq_to_gsi(9), 20);
    assert_int_equal(isa_irq_to_gsi(4), 4);
    numa_init();
    assert_int_equal(nr_nodes, 2);
    assert_int_equal(mfn_to_node(0x3ffff), 0);
    assert_int_equal(mfn_to_node(0x40000), 1);
    assert_int_equal(node_range_end(0x10), 0x40000);
    assert_int_equal(node_distance(0, 0), 10);
    assert_int_equal(node_distance(0, 1), 20);
}

static void test_lengths(void **state)
{
    build();
    put_table(MADT, "APIC", 20); /* shorter than a header */
    parse();
    assert_null(acpi_find_table("APIC"));
    assert_int_equal(nr_cpus, 1); /* the boot CPU is taken as the only one */
    build();
    put_table(MADT, "APIC", 0x7fffffff);
    parse();
    assert_null(acpi_find_table("APIC"));
    build();
    firmware[MADT + 44 + 1] = 0; /* an entry of no length must not loop */
    set_sum(firmware + MADT, 44 + 62, 9);
    parse();
    assert_int_equal(nr_cpus, 0);
}

static void test_damaged(void **state)
{
    srand(13);
    for (unsigned int round = 0; round < 3000; round++) {
        struct acpi_header *h;

        build();
        for (unsigned int i = 0; i < 1U + rand() % 6; i++)
            firmware[(rand() % 2 ? MADT : SRAT) + rand() % 128] = rand();
        for (unsigned int t = MADT; t <= SRAT; t += SRAT - MADT) {
            h = (void *)(firmware + t);
            if (h->length < 512)
                set_sum(firmware + t, h->length > 9 ? h->length : 10, 9);
        }
        parse();
        numa_init();
        assert_true(nr_nodes >= 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
