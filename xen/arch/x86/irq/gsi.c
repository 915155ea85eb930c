/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Global system interrupts: each has at most one owner, the hypervisor (a function) or the control
 * domain (through its virtual IOAPIC). A level-triggered one of the control domain is masked from
 * its arrival until the guest's EOI. All are delivered to the boot CPU.
 */
#include <xen/acpi.h>
#include <xen/errno.h>
#include <xen/irq.h>
#include <xen/lib.h>
#include <xen/sched.h>
#include <xen/spinlock.h>
#include <asm/apic.h>
#include <asm/cpu.h>
#include <asm/host_ioapic.h>
#include <asm/hvm/vioapic.h>
#include <asm/traps.h>

#define MAX_GSIS 256
struct gsi {
    void (*fn)(void *); /* the hypervisor's */
    void *data;
    struct domain *domain; /* or the control domain's */
    u32 low; /* redirection entry without the mask bit; vector in bits 7:0; 0: unused */
    bool level, masked;
    unsigned long count;
};
static struct gsi gsis[MAX_GSIS]; /* protects: gsi_lock (writers) */
static s16 vector_to_gsi[256];    /* -1: none */
static DEFINE_SPINLOCK(gsi_lock); /* IRQ-safe */
static u8 next_vector = VECTOR_DEVICE_FIRST;

static void deliver(struct gsi *g, unsigned int gsi)
{
    struct domain *d = ACCESS_ONCE(g->domain);

    g->count++;
    if (g->fn) {
        g->fn(g->data);
        apic_eoi();
        return;
    }
    if (g->level) {
        g->masked = true;
        ioapic_write_low(gsi, g->low | IOAPIC_MASKED);
    }
    apic_eoi();
    if (!d)
        return;
    if (g->level)
        vioapic_set_gsi(d, gsi, true);
    else
        vioapic_pulse_gsi(d, gsi);
}

bool gsi_interrupt(u8 vector)
{
    int gsi = vector_to_gsi[vector];

    if (gsi < 0)
        return false;
    deliver(&gsis[gsi], gsi);
    return true;
}

/* Spread over priorities: steps of 8, then the gaps. Lock held. 0: none left. */
static u8 alloc_vector(void)
{
    for (unsigned int tries = 0; tries < 256; tries++) {
        unsigned int v = next_vector;

        next_vector = v + 8 > VECTOR_DEVICE_LAST
                          ? VECTOR_DEVICE_FIRST + ((v - VECTOR_DEVICE_FIRST + 1) & 7)
                          : v + 8;
        if (vector_to_gsi[v] < 0)
            return v;
    }
    return 0;
}

static int set_up(unsigned int gsi, bool level, bool active_low, void (*fn)(void *), void *data,
                  struct domain *d)
{
    unsigned long flags;
    struct gsi *g;
    int rc = 0;
    u8 vector;

    if (gsi >= MAX_GSIS || !ioapic_has_gsi(gsi))
        return -EINVAL;
    g = &gsis[gsi];
    spin_lock_irqsave(&gsi_lock, flags);
    vector = g->low & 0xff;
    if (g->fn || (g->domain && g->domain != d))
        rc = -EBUSY;
    else if (!vector && !(vector = alloc_vector()))
        rc = -ENOSPC;
    else {
        g->low = vector | (level ? IOAPIC_LEVEL : 0) | (active_low ? IOAPIC_ACTIVE_LOW : 0);
        g->level = level;
        g->masked = false;
        g->data = data;
        g->domain = d;
        g->fn = fn;
        vector_to_gsi[vector] = gsi;
        ioapic_route(gsi, g->low, cpu_apic_id[0]);
    }
    spin_unlock_irqrestore(&gsi_lock, flags);
    return rc;
}

int request_host_gsi(unsigned int gsi, bool level, bool active_low, void (*fn)(void *), void *data)
{
    for (unsigned int i = 0; i < madt_nr_overrides; i++)
        if (madt_overrides[i].gsi == gsi) {
            u16 f = madt_overrides[i].flags;

            if (f & 3)
                active_low = (f & 3) == 3;
            if ((f >> 2) & 3)
                level = ((f >> 2) & 3) == 3;
        }
    return set_up(gsi, level, active_low, fn, data, NULL);
}

int host_gsi_bind(unsigned int gsi, bool level, bool active_low, struct domain *d)
{
    return set_up(gsi, level, active_low, NULL, NULL, d);
}

void host_gsi_unbind(unsigned int gsi)
{
    unsigned long flags;

    if (gsi >= MAX_GSIS || !gsis[gsi].domain)
        return;
    spin_lock_irqsave(&gsi_lock, flags);
    ioapic_write_low(gsi, gsis[gsi].low | IOAPIC_MASKED);
    gsis[gsi].masked = true;
    gsis[gsi].domain = NULL; /* the vector stays: one may be on its way */
    spin_unlock_irqrestore(&gsi_lock, flags);
}

void host_gsi_eoi(unsigned int gsi)
{
    unsigned long flags;
    struct gsi *g;

    if (gsi >= MAX_GSIS)
        return;
    g = &gsis[gsi];
    spin_lock_irqsave(&gsi_lock, flags);
    if (g->domain && g->masked) {
        g->masked = false;
        ioapic_write_low(gsi, g->low);
    }
    spin_unlock_irqrestore(&gsi_lock, flags);
}

void gsi_dump(unsigned char key)
{
    printk("Device interrupts:\n");
    for (unsigned int i = 0; i < MAX_GSIS; i++)
        if (gsis[i].low)
            printk("  GSI %3u: vector %#x %s %s%s, %lu times, for %s\n", i, gsis[i].low & 0xff,
                   gsis[i].level ? "level" : "edge",
                   gsis[i].low & IOAPIC_ACTIVE_LOW ? "low" : "high",
                   gsis[i].masked ? " (masked)" : "", gsis[i].count,
                   gsis[i].fn       ? "the hypervisor"
                   : gsis[i].domain ? "the control domain"
                                    : "nobody");
}

void __init gsi_init(void)
{
    for (unsigned int v = 0; v < ARRAY_SIZE(vector_to_gsi); v++)
        vector_to_gsi[v] = -1;
}
