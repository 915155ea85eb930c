/* SPDX-License-Identifier: GPL-2.0-only */
/* The MADT: CPUs, IOAPICs, overrides of ISA interrupts (ACPI 6.4, 5.2.12). */
#include <xen/acpi.h>
#include <xen/irq.h>
#include <xen/lib.h>
#include <asm/apic.h>
#include <asm/cpu.h>

struct madt_ioapic madt_ioapics[MAX_IOAPICS];
unsigned int madt_nr_ioapics;
struct madt_override madt_overrides[16];
unsigned int madt_nr_overrides;
paddr_t madt_lapic_address = 0xfee00000;

struct madt {
    struct acpi_header header;
    u32 lapic_address, flags;
} __packed;

enum { MADT_LAPIC, MADT_IOAPIC, MADT_OVERRIDE, MADT_LAPIC_ADDRESS = 5, MADT_X2APIC = 9 };
static const u8 min_length[] = {[MADT_LAPIC] = 8,
                                [MADT_IOAPIC] = 12,
                                [MADT_OVERRIDE] = 10,
                                [MADT_LAPIC_ADDRESS] = 12,
                                [MADT_X2APIC] = 16};
#define CPU_ENABLED 1U

static u32 get32(const u8 *p)
{
    u32 v;

    memcpy(&v, p, 4);
    return v;
}

static void __init parse_entry(u8 type, const u8 *e)
{
    switch (type) {
    case MADT_LAPIC:
        if ((get32(e + 4) & CPU_ENABLED) && e[3] != 0xff)
            cpu_register(e[3], e[2]);
        break;
    case MADT_X2APIC:
        if (get32(e + 8) & CPU_ENABLED)
            cpu_register(get32(e + 4), get32(e + 12));
        break;
    case MADT_IOAPIC:
        if (madt_nr_ioapics < MAX_IOAPICS && get32(e + 4))
            madt_ioapics[madt_nr_ioapics++] =
                (struct madt_ioapic){e[2], get32(e + 8), get32(e + 4)};
        break;
    case MADT_OVERRIDE:
        if (e[2] == 0 && madt_nr_overrides < ARRAY_SIZE(madt_overrides))
            madt_overrides[madt_nr_overrides++] =
                (struct madt_override){e[3], e[8] | e[9] << 8, get32(e + 4)};
        break;
    case MADT_LAPIC_ADDRESS:
        memcpy(&madt_lapic_address, e + 4, 8);
        break;
    }
}

unsigned int isa_irq_to_gsi(unsigned int irq)
{
    for (unsigned int i = 0; i < madt_nr_overrides; i++)
        if (madt_overrides[i].irq == irq)
            return madt_overrides[i].gsi;
    return irq;
}

void __init madt_init(void)
{
    const struct madt *m = (const void *)acpi_find_table("APIC");

    if (!m || m->header.length < sizeof(*m)) {
        printk(XENLOG_WARNING "ACPI: no MADT: one CPU, no device interrupts\n");
        cpu_register(boot_apic_id(), 0);
        return;
    }
    madt_lapic_address = m->lapic_address;
    for (u32 at = sizeof(*m); at + 2 <= m->header.length;) {
        const u8 *e = (const u8 *)m + at;

        if (e[1] < 2 || e[1] > m->header.length - at) {
            printk(XENLOG_WARNING "ACPI: MADT is malformed at %u\n", at);
            break;
        }
        if (e[0] < ARRAY_SIZE(min_length) && min_length[e[0]] && e[1] >= min_length[e[0]])
            parse_entry(e[0], e);
        at += e[1];
    }
}
