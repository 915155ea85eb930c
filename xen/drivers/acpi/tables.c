/* SPDX-License-Identifier: GPL-2.0-only */
/* Finds the RSDP, walks XSDT or RSDT, and keeps every table whose length and checksum are right. */
#include <xen/acpi.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <asm/boot.h>

#define MAX_TABLE_SIZE MB(16)

struct acpi_table acpi_tables[ACPI_MAX_TABLES];
unsigned int acpi_nr_tables;
paddr_t acpi_rsdp_address;
struct acpi_rsdp acpi_rsdp;
struct acpi_fadt acpi_fadt;

static bool __init sum_is_zero(const void *p, size_t n)
{
    const u8 *b = p;
    u8 sum = 0;

    while (n--)
        sum += *b++;
    return sum == 0;
}

static bool __init rsdp_is_good(const struct acpi_rsdp *r)
{
    return !memcmp(r->signature, "RSD PTR ", 8) && sum_is_zero(r, 20) &&
           (r->revision < 2 ||
            (r->length >= sizeof(*r) && r->length < 4096 && sum_is_zero(r, sizeof(*r))));
}

static bool __init search_rsdp(paddr_t start, size_t size)
{
    u8 *area = ioremap_wb(start, size);
    bool found = false;

    if (!area)
        return false;
    for (size_t at = 0; at + sizeof(struct acpi_rsdp) <= size && !found; at += 16)
        if (rsdp_is_good((void *)(area + at))) {
            memcpy(&acpi_rsdp, area + at, sizeof(acpi_rsdp));
            acpi_rsdp_address = start + at;
            found = true;
        }
    iounmap(area);
    return found;
}

static bool __init find_rsdp(void)
{
    struct acpi_rsdp copy;
    u16 *bda;
    paddr_t ebda;

    memcpy(&copy, boot_info.rsdp_copy, sizeof(copy));
    if (rsdp_is_good(&copy)) {
        acpi_rsdp = copy;
        /* The loader's copy does not say where the original is; BIOS areas often do. */
        if (!boot_info.efi_system_table && search_rsdp(0xe0000, 0x20000))
            acpi_rsdp = copy;
        return true;
    }
    bda = ioremap_wb(0x40e, 2);
    ebda = bda ? (paddr_t)*bda << 4 : 0;
    iounmap(bda);
    return (ebda >= 0x400 && ebda < 0xa0000 && search_rsdp(ebda, 1024)) ||
           search_rsdp(0xe0000, 0x20000);
}

/* Maps a table for good; NULL: it is not to be believed. */
static const struct acpi_header *__init map_table(paddr_t pa)
{
    const struct acpi_header *h = ioremap_wb(pa, sizeof(*h));
    u32 length;

    if (!h)
        return NULL;
    length = h->length;
    if (length < sizeof(*h) || length > MAX_TABLE_SIZE) {
        printk(XENLOG_WARNING "ACPI: table at %lx has a wrong length (%u)\n", pa, length);
        iounmap((void *)h);
        return NULL;
    }
    iounmap((void *)h);
    h = ioremap_wb(pa, length);
    if (h && !sum_is_zero(h, length)) {
        printk(XENLOG_WARNING "ACPI: table %.4s at %lx has a wrong checksum\n", h->signature, pa);
        iounmap((void *)h);
        return NULL;
    }
    return h;
}

static void __init add_table(paddr_t pa)
{
    const struct acpi_header *h;

    if (!pa)
        return;
    if (acpi_nr_tables == ACPI_MAX_TABLES) {
        printk(XENLOG_WARNING "ACPI: too many tables\n");
        return;
    }
    h = map_table(pa);
    if (!h)
        return;
    acpi_tables[acpi_nr_tables++] = (struct acpi_table){pa, h};
    printk(XENLOG_DEBUG "ACPI: %.4s at %lx, %u bytes, %.6s\n", h->signature, pa, h->length,
           h->oem_id);
}

const struct acpi_header *acpi_find_table(const char *signature)
{
    for (unsigned int i = 0; i < acpi_nr_tables; i++)
        if (!memcmp(acpi_tables[i].header->signature, signature, 4))
            return acpi_tables[i].header;
    return NULL;
}

void __init acpi_init(void)
{
    const struct acpi_header *root = NULL;
    bool wide = false;
    u32 n;

    if (!find_rsdp()) {
        printk(XENLOG_WARNING "ACPI: no root pointer found\n");
        memset(&acpi_rsdp, 0, sizeof(acpi_rsdp));
        return;
    }
    if (acpi_rsdp.revision >= 2 && acpi_rsdp.xsdt) {
        root = map_table(acpi_rsdp.xsdt);
        wide = root != NULL;
    }
    if (!root && acpi_rsdp.rsdt)
        root = map_table(acpi_rsdp.rsdt);
    if (!root)
        return;
    n = (root->length - sizeof(*root)) / (wide ? 8 : 4);
    for (u32 i = 0; i < n; i++) {
        const u8 *entry = (const u8 *)(root + 1) + i * (wide ? 8 : 4);
        u64 pa = 0;

        memcpy(&pa, entry, wide ? 8 : 4);
        add_table(pa);
    }
    root = acpi_find_table("FACP");
    if (root)
        memcpy(&acpi_fadt, root, min((size_t)root->length, sizeof(acpi_fadt)));
    if (acpi_find_table("DMAR") || acpi_find_table("IVRS"))
        printk(XENLOG_INFO "ACPI: an IOMMU is described; it is not used: devices' DMA is not "
                           "confined\n");
}
