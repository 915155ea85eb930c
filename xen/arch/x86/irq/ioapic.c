/* SPDX-License-Identifier: GPL-2.0-only */
/* The machine's IOAPICs and the old PICs (Intel 82093AA, 8259A data sheets). */
#include <xen/acpi.h>
#include <xen/errno.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/spinlock.h>
#include <asm/apic.h>
#include <asm/host_ioapic.h>
#include <asm/io_apic.h>
#include <asm/msr.h>

#define REG_VERSION    1
#define REG_REDIR(pin) (0x10 + 2 * (pin))

struct host_ioapic host_ioapics[MAX_HOST_IOAPICS];
unsigned int nr_host_ioapics;
/* [index of host_ioapics]: select at 0, window at 16 bytes. */
static volatile u32 *ioapic_regs[MAX_HOST_IOAPICS];
static DEFINE_SPINLOCK_ORDER(ioapic_lock, LOCK_IRQ); /* protects: select + window */

static u32 reg_read(unsigned int i, u32 reg)
{
    ioapic_regs[i][0] = reg;
    return ioapic_regs[i][4];
}

static void reg_write(unsigned int i, u32 reg, u32 v)
{
    ioapic_regs[i][0] = reg;
    ioapic_regs[i][4] = v;
}

/* Index of the IOAPIC with this GSI, or -1. */
static int find(unsigned int gsi)
{
    for (unsigned int i = 0; i < nr_host_ioapics; i++)
        if (gsi >= host_ioapics[i].gsi_base &&
            gsi - host_ioapics[i].gsi_base < host_ioapics[i].nr_pins)
            return i;
    return -1;
}

bool ioapic_has_gsi(unsigned int gsi)
{
    return find(gsi) >= 0;
}

void ioapic_write_low(unsigned int gsi, u32 low)
{
    int i = find(gsi);
    unsigned long flags;

    spin_lock_irqsave(&ioapic_lock, flags);
    reg_write(i, REG_REDIR(gsi - host_ioapics[i].gsi_base), low);
    spin_unlock_irqrestore(&ioapic_lock, flags);
}

void ioapic_route(unsigned int gsi, u32 low, u32 apic_id)
{
    int i = find(gsi);
    unsigned int pin = gsi - host_ioapics[i].gsi_base;
    unsigned long flags;

    spin_lock_irqsave(&ioapic_lock, flags);
    reg_write(i, REG_REDIR(pin), IOAPIC_MASKED);
    reg_write(i, REG_REDIR(pin) + 1, apic_id << 24);
    reg_write(i, REG_REDIR(pin), low);
    spin_unlock_irqrestore(&ioapic_lock, flags);
}

unsigned int nr_host_gsis(void)
{
    unsigned int n = 0;

    for (unsigned int i = 0; i < nr_host_ioapics; i++)
        n = max(n, host_ioapics[i].gsi_base + host_ioapics[i].nr_pins);
    return n;
}

void __init pic_disable(void)
{
    /* Moved off the exceptions' vectors (a spurious IRQ 7 comes even when masked), then masked. */
    static const u8 init[2][4] = {{0x11, 0x20, 4, 1}, {0x11, 0x28, 2, 1}};

    for (unsigned int i = 0; i < 2; i++) {
        u16 port = i ? 0xa0 : 0x20;

        outb(init[i][0], port);
        for (unsigned int n = 1; n < 4; n++)
            outb(init[i][n], port + 1);
        outb(0xff, port + 1);
    }
}

void __init ioapic_init(void)
{
    for (unsigned int m = 0; m < madt_nr_ioapics; m++) {
        unsigned int i = nr_host_ioapics;
        u32 pins = 0;

        ioapic_regs[i] = ioremap(madt_ioapics[m].address, 32);
        if (ioapic_regs[i])
            pins = ((reg_read(i, REG_VERSION) >> 16) & 0xff) + 1;
        if (!pins || pins > 240) {
            printk(XENLOG_WARNING "IOAPIC %u at %lx does not answer\n", madt_ioapics[m].id,
                   madt_ioapics[m].address);
            continue;
        }
        host_ioapics[nr_host_ioapics++] = (struct host_ioapic){.base = madt_ioapics[m].address,
                                                               .gsi_base = madt_ioapics[m].gsi_base,
                                                               .nr_pins = pins,
                                                               .id = madt_ioapics[m].id};
        for (u32 pin = 0; pin < pins; pin++)
            reg_write(i, REG_REDIR(pin), IOAPIC_MASKED);
        printk(XENLOG_INFO "IOAPIC %u at %lx: GSI %u-%u\n", madt_ioapics[m].id,
               madt_ioapics[m].address, host_ioapics[i].gsi_base,
               host_ioapics[i].gsi_base + pins - 1);
    }
}
