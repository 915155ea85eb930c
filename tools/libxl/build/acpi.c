/* SPDX-License-Identifier: GPL-2.0-only */
/* ACPI tables of a PVH guest (ACPI specification 6.3, sections 5.2 and 20.2). The guest has a local
 * APIC per vCPU and no other interrupt controller, no legacy devices, and powers off by hypercall;
 * hence the hardware-reduced FADT without any register blocks. */
#include "build/acpi.h"

#include <stdbool.h>
#include <string.h>

#include "build/layout.h"

struct header {
    char signature[4];
    uint32_t length;
    uint8_t revision, checksum;
    char oem_id[6], oem_table_id[8];
    uint32_t oem_revision;
    char creator_id[4];
    uint32_t creator_revision;
} __attribute__((packed));

struct rsdp {
    char signature[8];
    uint8_t checksum;
    char oem_id[6];
    uint8_t revision;
    uint32_t rsdt;
    uint32_t length;
    uint64_t xsdt;
    uint8_t extended_checksum, reserved[3];
} __attribute__((packed));

struct xsdt {
    struct header h;
    uint64_t tables[2];
} __attribute__((packed));

struct gas {
    uint8_t space, width, offset, access;
    uint64_t address;
} __attribute__((packed));

struct fadt { /* revision 5 */
    struct header h;
    uint32_t facs, dsdt;
    uint8_t reserved0, pm_profile;
    uint16_t sci_int;
    uint32_t smi_cmd;
    uint8_t acpi_enable, acpi_disable, s4bios_req, pstate_cnt;
    uint32_t pm_blocks[8];
    uint8_t block_lengths[8];
    uint16_t p_lvl2_lat, p_lvl3_lat, flush_size, flush_stride;
    uint8_t duty_offset, duty_width, day_alarm, mon_alarm, century;
    uint16_t iapc_boot_arch;
    uint8_t reserved1;
    uint32_t flags;
    struct gas reset_reg;
    uint8_t reset_value;
    uint16_t arm_boot_arch;
    uint8_t minor;
    uint64_t x_facs, x_dsdt;
    struct gas x_pm_blocks[8];
    struct gas sleep_control, sleep_status;
} __attribute__((packed));
_Static_assert(sizeof(struct fadt) == 268, "FADT revision 5");

enum {
    FADT_WBINVD = 1 << 0,
    FADT_PROC_C1 = 1 << 2,
    FADT_HW_REDUCED = 1 << 20,
    BOOT_NO_VGA = 1 << 2,
    BOOT_NO_MSI = 1 << 3,
    BOOT_NO_CMOS_RTC = 1 << 5,
};

struct madt {
    struct header h;
    uint32_t lapic_base, flags;
} __attribute__((packed));

struct madt_lapic {
    uint8_t type, length, processor, apic_id;
    uint32_t flags;
} __attribute__((packed));

struct madt_x2apic {
    uint8_t type, length;
    uint16_t reserved;
    uint32_t apic_id, flags, processor;
} __attribute__((packed));

static uint8_t checksum(const void *p, size_t len)
{
    const uint8_t *c = p;
    uint8_t sum = 0;

    while (len--)
        sum += *c++;
    return -sum;
}

static void finish(struct header *h, const char *signature, uint8_t revision, size_t length)
{
    memcpy(h->signature, signature, 4);
    h->length = length;
    h->revision = revision;
    memcpy(h->oem_id, "Craton", 6);
    memcpy(h->oem_table_id, "PVHGUEST", 8);
    h->oem_revision = 1;
    memcpy(h->creator_id, "CRTN", 4);
    h->creator_revision = 1;
    h->checksum = 0;
    h->checksum = checksum(h, length);
}

/* Processors whose APIC id does not fit into a byte are entered as x2APICs. */
static size_t put_madt(uint8_t *out, unsigned int vcpus)
{
    struct madt *m = (struct madt *)out;
    uint8_t *p = out + sizeof(*m);

    memset(m, 0, sizeof(*m));
    m->lapic_base = LAYOUT_LAPIC_BASE;
    for (unsigned int i = 0; i < vcpus; i++) {
        uint32_t id = vcpu_apic_id(i);

        if (id < 255 && i < 255) {
            struct madt_lapic l = {0, sizeof(l), i, id, 1};

            memcpy(p, &l, sizeof(l));
            p += sizeof(l);
        } else {
            struct madt_x2apic x = {9, sizeof(x), 0, id, 1, i};

            memcpy(p, &x, sizeof(x));
            p += sizeof(x);
        }
    }
    finish(&m->h, "APIC", 4, p - out);
    return p - out;
}

/* AML: Scope (\_SB) { Device (Cxxx) { Name (_HID, "ACPI0007") Name (_UID, xxx) } ... }.
 * Package lengths are written in their 4-byte form, or in one byte where they are small. */
static size_t put_device(uint8_t *p, unsigned int uid)
{
    static const char hex[] = "0123456789ABCDEF";
    uint8_t body[] = {
        'C',
        hex[uid >> 8 & 15],
        hex[uid >> 4 & 15],
        hex[uid & 15],
        0x08,
        '_',
        'H',
        'I',
        'D',
        0x0d,
        'A',
        'C',
        'P',
        'I',
        '0',
        '0',
        '0',
        '7',
        0,
        0x08,
        '_',
        'U',
        'I',
        'D',
        0x0b,
        uid & 0xff,
        uid >> 8,
    };

    p[0] = 0x5b; /* ExtOpPrefix */
    p[1] = 0x82; /* DeviceOp */
    p[2] = sizeof(body) + 1;
    memcpy(p + 3, body, sizeof(body));
    return 3 + sizeof(body);
}

enum { DEVICE_SIZE = 3 + 4 + 15 + 8 };

static size_t put_dsdt(uint8_t *out, unsigned int vcpus)
{
    uint8_t *p = out + sizeof(struct header);
    uint32_t length = 4 + 5 + vcpus * DEVICE_SIZE; /* PkgLength, name, content */

    memset(out, 0, sizeof(struct header));
    *p++ = 0x10; /* ScopeOp */
    *p++ = 0xc0 | (length & 15);
    *p++ = length >> 4;
    *p++ = length >> 12;
    *p++ = length >> 20;
    memcpy(p, "\\_SB_", 5);
    p += 5;
    for (unsigned int i = 0; i < vcpus; i++)
        p += put_device(p, i);
    finish((struct header *)out, "DSDT", 2, p - out);
    return p - out;
}

static void put_fadt(uint8_t *out, uint32_t dsdt)
{
    struct fadt *f = (struct fadt *)out;

    memset(f, 0, sizeof(*f));
    f->dsdt = dsdt;
    f->x_dsdt = dsdt;
    f->iapc_boot_arch = BOOT_NO_VGA | BOOT_NO_MSI | BOOT_NO_CMOS_RTC;
    f->flags = FADT_WBINVD | FADT_PROC_C1 | FADT_HW_REDUCED;
    f->minor = 1;
    finish(&f->h, "FACP", 5, sizeof(*f));
}

static size_t align16(size_t n)
{
    return (n + 15) & ~(size_t)15;
}

size_t acpi_size(unsigned int vcpus)
{
    return align16(sizeof(struct rsdp)) + align16(sizeof(struct xsdt)) +
           align16(sizeof(struct fadt)) +
           align16(sizeof(struct madt) + vcpus * sizeof(struct madt_x2apic)) +
           align16(sizeof(struct header) + 10 + vcpus * DEVICE_SIZE);
}

size_t acpi_make(uint8_t *out, uint32_t base, unsigned int vcpus)
{
    size_t xsdt_at = align16(sizeof(struct rsdp));
    size_t fadt_at = xsdt_at + align16(sizeof(struct xsdt));
    size_t madt_at = fadt_at + align16(sizeof(struct fadt));
    size_t dsdt_at = madt_at + align16(put_madt(out + madt_at, vcpus));
    size_t end = dsdt_at + put_dsdt(out + dsdt_at, vcpus);
    struct xsdt *x = (struct xsdt *)(out + xsdt_at);
    struct rsdp *r = (struct rsdp *)out;

    put_fadt(out + fadt_at, base + dsdt_at);
    memset(x, 0, sizeof(*x));
    x->tables[0] = base + fadt_at;
    x->tables[1] = base + madt_at;
    finish(&x->h, "XSDT", 1, sizeof(*x));
    memset(r, 0, sizeof(*r));
    memcpy(r->signature, "RSD PTR ", 8);
    memcpy(r->oem_id, "Craton", 6);
    r->revision = 2;
    r->length = sizeof(*r);
    r->xsdt = base + xsdt_at;
    r->checksum = checksum(r, 20);
    r->extended_checksum = checksum(r, sizeof(*r));
    return end;
}
