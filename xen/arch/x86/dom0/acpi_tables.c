/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The control domain's ACPI: the host's own tables, found through an XSDT of ours that leaves out
 * what is not the domain's business (host CPUs' affinities, IOMMUs, the HPET), and with a MADT that
 * lists its vCPUs and the real IOAPICs. ACPI 6.4, 5.2.5 to 5.2.12.
 */
#include <xen/lib.h>
#include "layout.h"

struct acpi_madt {
    struct acpi_header header;
    u32 lapic_address, flags;
} __packed;

enum { MADT_LAPIC, MADT_IOAPIC, MADT_OVERRIDE, MADT_NMI_SOURCE, MADT_X2APIC = 9 };

struct builder {
    const struct dom0_acpi_input *in;
    u8 *buf;
    size_t size, used;
    u64 gpa;
    bool full;
};

u8 acpi_checksum(const void *p, size_t n)
{
    const u8 *b = p;
    u8 sum = 0;
    while (n--)
        sum += *b++;
    return sum;
}

static void *reserve(struct builder *b, size_t n)
{
    if (n > b->size - b->used) {
        b->full = true;
        return NULL;
    }
    void *p = b->buf + b->used;
    memset(p, 0, n);
    b->used += n;
    return p;
}

static void emit(struct builder *b, const void *data, size_t n)
{
    void *p = reserve(b, n);
    if (p)
        memcpy(p, data, n);
}

static void align16(struct builder *b)
{
    size_t pad = -b->used & 15;
    if (pad)
        reserve(b, pad);
}

static bool is_dropped(const char *signature)
{
    static const char dropped[][5] = {"APIC", "FACP", "HPET", "SRAT", "SLIT", "DMAR",
                                      "IVRS", "MPST", "PMTT", "MSCT", "HMAT", "BGRT"};
    for (unsigned int i = 0; i < ARRAY_SIZE(dropped); i++)
        if (!memcmp(signature, dropped[i], 4))
            return true;
    return false;
}

static void emit_cpus(struct builder *b)
{
    for (unsigned int id = 0; id < b->in->nr_vcpus; id++) {
        u32 apic_id = id * 2, flags = 1;
        if (apic_id < 0xff && id < 0xff) {
            u8 e[8] = {MADT_LAPIC, 8, id, apic_id, flags};
            emit(b, e, sizeof(e));
        } else {
            struct {
                u8 type, length;
                u16 reserved;
                u32 apic_id, flags, uid;
            } __packed e = {MADT_X2APIC, 16, 0, apic_id, flags, id};
            emit(b, &e, sizeof(e));
        }
    }
}

/* IOAPICs and interrupt overrides are the real ones. */
static void emit_host_entries(struct builder *b, const struct acpi_madt *host)
{
    const u8 *p = (const u8 *)(host + 1), *end = (const u8 *)host + host->header.length;
    while (end - p >= 2 && p[1] >= 2 && p[1] <= end - p) {
        if (p[0] == MADT_IOAPIC || p[0] == MADT_OVERRIDE || p[0] == MADT_NMI_SOURCE)
            emit(b, p, p[1]);
        p += p[1];
    }
}

static void finish_table(struct builder *b, size_t at)
{
    struct acpi_header *h = (void *)(b->buf + at);
    h->length = b->used - at;
    h->checksum = 0;
    h->checksum = -acpi_checksum(h, h->length);
}

/* PCAT_COMPAT is off: there are no 8259s. */
static void emit_madt(struct builder *b, const struct acpi_madt *host)
{
    size_t at = b->used;
    struct acpi_madt *m = reserve(b, sizeof(*m));
    if (!m)
        return;
    m->header = host->header;
    m->lapic_address = 0xfee00000U;
    emit_cpus(b);
    emit_host_entries(b, host);
    if (!b->full)
        finish_table(b, at);
}

/*
 * The host's FADT, but for "MSI not supported": a device would send such messages to real CPUs by
 * the domain's numbers of vectors and CPUs. Its devices use their lines, which the hypervisor
 * routes.
 */
#define FADT_NO_MSI (1U << 3)
static bool emit_fadt(struct builder *b)
{
    for (unsigned int i = 0; i < b->in->nr_tables; i++) {
        const struct acpi_header *t = b->in->tables[i].header;
        size_t at = b->used;
        if (memcmp(t->signature, "FACP", 4))
            continue;
        emit(b, t, t->length);
        if (b->full || t->length < offsetof(struct acpi_fadt, boot_flags) + sizeof(u16))
            return !b->full;
        ((struct acpi_fadt *)(b->buf + at))->boot_flags |= FADT_NO_MSI;
        finish_table(b, at);
        return true;
    }
    return false;
}

/* The host's other tables stay where they are; each was checked when the hypervisor read it. */
static void emit_xsdt(struct builder *b, const struct acpi_madt *host_madt, u64 madt, u64 fadt)
{
    size_t at = b->used;
    struct acpi_header *h = reserve(b, sizeof(*h));
    if (!h)
        return;
    *h = host_madt->header;
    memcpy(h->signature, "XSDT", 4);
    h->revision = 1;
    if (fadt) /* first, as most firmware has it */
        emit(b, &fadt, sizeof(fadt));
    emit(b, &madt, sizeof(madt));
    for (unsigned int i = 0; i < b->in->nr_tables; i++) {
        const struct acpi_table *t = &b->in->tables[i];
        u64 address = t->address;
        if (!is_dropped(t->header->signature))
            emit(b, &address, sizeof(address));
    }
    if (!b->full)
        finish_table(b, at);
}

static const struct acpi_madt *find_madt(const struct dom0_acpi_input *in)
{
    for (unsigned int i = 0; i < in->nr_tables; i++) {
        const struct acpi_header *t = in->tables[i].header;
        if (!memcmp(t->signature, "APIC", 4) && t->length >= sizeof(struct acpi_madt))
            return (const struct acpi_madt *)t;
    }
    return NULL;
}

size_t dom0_acpi_build(void *buf, size_t size, u64 gpa, const struct dom0_acpi_input *in,
                       const char **why)
{
    struct builder b = {.in = in, .buf = buf, .size = size, .gpa = gpa};
    const struct acpi_madt *host_madt = find_madt(in);
    *why = "the host has no MADT";
    if (!host_madt)
        return 0;
    struct acpi_rsdp *rsdp = reserve(&b, sizeof(*rsdp));
    align16(&b);
    u64 madt = gpa + b.used;
    emit_madt(&b, host_madt);
    align16(&b);
    u64 fadt = gpa + b.used;
    if (!emit_fadt(&b))
        fadt = 0;
    align16(&b);
    u64 xsdt = gpa + b.used;
    emit_xsdt(&b, host_madt, madt, fadt);
    *why = "no room";
    if (b.full || !rsdp)
        return 0;
    memcpy(rsdp->signature, "RSD PTR ", 8);
    memcpy(rsdp->oem_id, host_madt->header.oem_id, 6);
    rsdp->revision = 2;
    rsdp->length = sizeof(*rsdp);
    rsdp->xsdt = xsdt;
    rsdp->checksum = -acpi_checksum(rsdp, 20);
    rsdp->ext_checksum = -acpi_checksum(rsdp, sizeof(*rsdp));
    *why = NULL;
    return b.used;
}
