/* SPDX-License-Identifier: GPL-2.0-only */
/* Power off and reset through the FADT (ACPI 6.4, 4.8.3 and 16.1). */
#include <xen/acpi.h>
#include <xen/errno.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/shutdown.h>
#include <asm/msr.h>

#define PM1_SCI_EN       1
#define PM1_SLP_TYP(t)   (((t)&7) << 10)
#define PM1_SLP_TYP_MASK (7 << 10)
#define PM1_SLP_EN       (1 << 13)

static bool s5_known;
static u8 s5_typ_a, s5_typ_b;

static u16 pm1_port(u32 legacy, const struct acpi_gas *gas)
{
    return gas->address && gas->space == 1 ? gas->address : legacy;
}

/* An AML integer of one byte at most; moves on. */
static int aml_byte(const u8 **p, const u8 *end)
{
    if (*p >= end)
        return -1;
    switch (*(*p)++) {
    case 0x00: /* ZeroOp */
        return 0;
    case 0x01: /* OneOp */
        return 1;
    case 0x0a: /* BytePrefix */
        return *p < end ? *(*p)++ : -1;
    }
    return -1;
}

/*
 * _S5 is, in all firmware we know of, Name (_S5, Package () { SLP_TYPa, SLP_TYPb, ... }) with
 * constant bytes, so that no interpreter is needed to read it from the DSDT's bytes.
 */
void __init acpi_power_init(void)
{
    paddr_t pa = acpi_fadt.x_dsdt ? acpi_fadt.x_dsdt : acpi_fadt.dsdt;
    const struct acpi_header *dsdt = pa ? ioremap_wb(pa, sizeof(*dsdt)) : NULL;
    const u8 *p, *end;
    u32 length;

    if (!dsdt)
        return;
    length = dsdt->length;
    if (memcmp(dsdt->signature, "DSDT", 4) || length < sizeof(*dsdt) || length > MB(16)) {
        iounmap((void *)dsdt);
        return;
    }
    iounmap((void *)dsdt);
    dsdt = ioremap_wb(pa, length);
    if (!dsdt)
        return;
    end = (const u8 *)dsdt + length;
    for (p = (const u8 *)(dsdt + 1); p + 12 < end && !s5_known; p++) {
        const u8 *q = p + 5;
        int a, b;

        if (memcmp(p, "_S5_\x12", 5) || (p[-1] != 0x08 && p[-1] != '\\'))
            continue;
        q += (*q >> 6) + 2; /* package length, number of elements */
        a = aml_byte(&q, end);
        b = aml_byte(&q, end);
        if (a >= 0 && b >= 0) {
            s5_typ_a = a;
            s5_typ_b = b;
            s5_known = true;
        }
    }
    iounmap((void *)dsdt);
}

static int write_sleep(u16 a, u16 b)
{
    u16 port_a = pm1_port(acpi_fadt.pm1a_cnt, &acpi_fadt.x_pm1a_cnt);
    u16 port_b = pm1_port(acpi_fadt.pm1b_cnt, &acpi_fadt.x_pm1b_cnt);

    if (!port_a)
        return -ENODEV;
    outw(a & ~PM1_SLP_EN, port_a);
    if (port_b)
        outw(b & ~PM1_SLP_EN, port_b);
    __asm__ volatile("wbinvd" ::: "memory");
    outw(a | PM1_SLP_EN, port_a);
    if (port_b)
        outw(b | PM1_SLP_EN, port_b);
    return 0;
}

int acpi_enter_sleep(u8 state, u16 pm1a_cnt, u16 pm1b_cnt)
{
    if (state != 5)
        return -EOPNOTSUPP;
    printk("Power off, as the control domain asks\n");
    write_sleep(pm1a_cnt, pm1b_cnt);
    machine_poweroff(); /* still here: our own way */
}

void acpi_poweroff(void)
{
    u16 port = pm1_port(acpi_fadt.pm1a_cnt, &acpi_fadt.x_pm1a_cnt);
    u16 keep;

    if (!s5_known || !port)
        return;
    /* With ACPI mode off (no control domain yet) chipsets still take SLP_EN; SCI_EN is kept as is.
     */
    keep = inw(port) & PM1_SCI_EN;
    write_sleep(keep | PM1_SLP_TYP(s5_typ_a), keep | PM1_SLP_TYP(s5_typ_b));
}

void acpi_reset(void)
{
    const struct acpi_gas *r = &acpi_fadt.reset_reg;

    if (!(acpi_fadt.flags & FADT_RESET_REG) || !r->address)
        return;
    if (r->space == 1)
        outb(acpi_fadt.reset_value, r->address);
}
