/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The control domain's ACPI: the host's own tables, found through an XSDT of ours that leaves out
 * what is not the domain's business (host CPUs' affinities, IOMMUs, the HPET), and with a MADT that
 * lists its vCPUs and the real IOAPICs. ACPI 6.4, 5.2.5 to 5.2.12.
 */
#include <xen/lib.h>
#include "layout.h"

struct acpi_rsdp {
    char signature[8];
    u8 checksum;
    char oem_id[6];
    u8 revision;
    u32 rsdt;
    u32 length;
    u64 xsdt;
    u8 ext_checksum;
    u8 reserved[3];
} __packed;

struct acpi_header {
    char signature[4];
    u32 length;
    u8 revision, checksum;
    char oem_id[6], oem_table_id[8];
    u32 oem_revision;
    char creator[4];
    u32 creator_revision;
} __packed;

struct acpi_madt {
    struct acpi_header header;
    u32 lapic_address, flags;
} __packed;

enum { MADT_LAPIC, MADT_IOAPIC, MADT_OVERRIDE, MADT_NMI_SOURCE, MADT_X2APIC = 9 };
#define MAX_TABLE (16UL << 20)
#define MAX_TABLES 256

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

/* A whole table of the host, checked. */
static const struct acpi_header *host_table(const struct dom0_acpi_input *in, u64 pa)
{
    const struct acpi_header *h = pa ? in->map(in->ctx, pa, sizeof(*h)) : NULL;
    if (!h || h->length < sizeof(*h) || h->length > MAX_TABLE)
        return NULL;
    u32 length = h->length;
    h = in->map(in->ctx, pa, length);
    return h && h->length == length && !acpi_checksum(h, length) ? h : NULL;
}

static bool is_dropped(const char *signature)
{
    static const char dropped[][5] = {"APIC", "HPET", "SRAT", "SLIT", "DMAR", "IVRS",
                                      "MPST", "PMTT", "MSCT", "HMAT", "BGRT"};
    for (unsigned int i = 0; i < ARRAY_SIZE(dropped); i++)
        if (!memcmp(signature, dropped[i], 4))
            return true;
    return false;
}

/* The host's tables: addresses from its XSDT, or its RSDT where it has no other. */
struct table_list {
    unsigned int nr;
    u64 pa[MAX_TABLES];
    struct acpi_header xsdt; /* its header, for OEM names */
};

static bool list_tables(const struct dom0_acpi_input *in, struct table_list *list, const char **why)
{
    const struct acpi_rsdp *r = in->rsdp ? in->map(in->ctx, in->rsdp, sizeof(*r)) : NULL;
    *why = "no RSDP";
    if (!r || memcmp(r->signature, "RSD PTR ", 8) || acpi_checksum(r, 20))
        return false;
    bool wide = r->revision >= 2 && r->xsdt;
    u64 root = wide ? r->xsdt : r->rsdt;
    const struct acpi_header *h = host_table(in, root);
    *why = "XSDT or RSDT broken";
    if (!h || memcmp(h->signature, wide ? "XSDT" : "RSDT", 4))
        return false;
    unsigned int entry = wide ? 8 : 4, n = (h->length - sizeof(*h)) / entry;
    list->xsdt = *h;
    list->nr = n < MAX_TABLES ? n : MAX_TABLES;
    for (unsigned int i = 0; i < list->nr; i++) {
        list->pa[i] = 0;
        memcpy(&list->pa[i], (const u8 *)(h + 1) + i * entry, entry);
    }
    return true;
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

static void emit_xsdt(struct builder *b, const struct table_list *list, u64 madt)
{
    size_t at = b->used;
    struct acpi_header *h = reserve(b, sizeof(*h));
    if (!h)
        return;
    *h = list->xsdt;
    memcpy(h->signature, "XSDT", 4);
    h->revision = 1;
    emit(b, &madt, sizeof(madt));
    for (unsigned int i = 0; i < list->nr; i++) {
        const struct acpi_header *t = host_table(b->in, list->pa[i]);
        if (t && !is_dropped(t->signature))
            emit(b, &list->pa[i], sizeof(u64));
    }
    if (!b->full)
        finish_table(b, at);
}

static const struct acpi_madt *find_madt(const struct dom0_acpi_input *in,
                                         const struct table_list *list)
{
    for (unsigned int i = 0; i < list->nr; i++) {
        const struct acpi_header *t = host_table(in, list->pa[i]);
        if (t && !memcmp(t->signature, "APIC", 4) && t->length >= sizeof(struct acpi_madt))
            return (const struct acpi_madt *)t;
    }
    return NULL;
}

size_t dom0_acpi_build(void *buf, size_t size, u64 gpa, const struct dom0_acpi_input *in,
                       const char **why)
{
    static struct table_list list; /* 2 KiB; built once */
    struct builder b = {.in = in, .buf = buf, .size = size, .gpa = gpa};
    if (!list_tables(in, &list, why))
        return 0;
    const struct acpi_madt *host_madt = find_madt(in, &list);
    *why = "no MADT";
    if (!host_madt)
        return 0;
    struct acpi_rsdp *rsdp = reserve(&b, sizeof(*rsdp));
    align16(&b);
    u64 madt = gpa + b.used;
    emit_madt(&b, host_madt);
    align16(&b);
    u64 xsdt = gpa + b.used;
    emit_xsdt(&b, &list, madt);
    *why = "no room";
    if (b.full || !rsdp)
        return 0;
    memcpy(rsdp->signature, "RSD PTR ", 8);
    memcpy(rsdp->oem_id, list.xsdt.oem_id, 6);
    rsdp->revision = 2;
    rsdp->length = sizeof(*rsdp);
    rsdp->xsdt = xsdt;
    rsdp->checksum = -acpi_checksum(rsdp, 20);
    rsdp->ext_checksum = -acpi_checksum(rsdp, sizeof(*rsdp));
    *why = NULL;
    return b.used;
}
