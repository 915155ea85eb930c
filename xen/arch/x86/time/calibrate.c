/* SPDX-License-Identifier: GPL-2.0-only */
/* The TSC's frequency, against the best timer there is: HPET, ACPI timer, PIT. */
#include <xen/acpi.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <asm/host_time.h>
#include <asm/irqflags.h>
#include <asm/msr.h>

#define CALIBRATE_MS 20

/* --- HPET (IA-PC HPET 1.0a) --- */
#define HPET_PERIOD  1 /* 32-bit words */
#define HPET_CONFIG  4
#define HPET_COUNTER 60
static volatile u32 *hpet;

static bool __init hpet_start(u64 *hz)
{
    const struct acpi_header *h = acpi_find_table("HPET");
    struct acpi_gas gas;
    u32 period;

    if (!h || h->length < sizeof(*h) + 4 + sizeof(gas))
        return false;
    memcpy(&gas, (const u8 *)(h + 1) + 4, sizeof(gas));
    if (gas.space != 0 || !gas.address)
        return false;
    hpet = ioremap(gas.address, 1024);
    if (!hpet)
        return false;
    period = hpet[HPET_PERIOD]; /* femtoseconds */
    if (period < 100000 || period > 100000000) {
        printk(XENLOG_WARNING "HPET: period %u makes no sense\n", period);
        return false;
    }
    hpet[HPET_CONFIG] |= 1;
    *hz = 1000000000000000UL / period;
    return true;
}

static u32 hpet_read(void)
{
    return hpet[HPET_COUNTER];
}

/* --- ACPI power management timer (ACPI 6.4, 4.8.3.3) --- */
static bool __init pmtimer_start(u64 *hz)
{
    if (!acpi_fadt.pm_tmr)
        return false;
    *hz = 3579545;
    return true;
}

static u32 pmtimer_read(void)
{
    /* 24 bits are always there; differences are taken modulo 2^24. */
    return inl(acpi_fadt.pm_tmr) << 8;
}

/* --- PIT channel 2, gated by the speaker port (Intel 8254) --- */
static bool __init pit_start(u64 *hz)
{
    outb((inb(0x61) & ~2) | 1, 0x61);
    outb(0xb0, 0x43); /* channel 2, low then high byte, mode 0 */
    outb(0xff, 0x42);
    outb(0xff, 0x42);
    *hz = 1193182;
    return true;
}

static u32 pit_read(void)
{
    u32 low, high;

    outb(0x80, 0x43); /* latch channel 2 */
    low = inb(0x42);
    high = inb(0x42);
    return (0xffff - (high << 8 | low)) << 16;
}

static const struct {
    const char *name;
    bool (*start)(u64 *hz);
    u32 (*read)(void);
    unsigned int shift; /* the counter's unused low bits, so that differences wrap right */
} sources[] = {
    {"HPET", hpet_start, hpet_read, 0},
    {"ACPI timer", pmtimer_start, pmtimer_read, 8},
    {"PIT", pit_start, pit_read, 16},
};

static u32 __init measure(unsigned int s, u64 hz)
{
    u64 wanted = hz * CALIBRATE_MS / 1000, tsc0, tsc1, ticks = 0;
    u32 start = sources[s].read();

    tsc0 = rdtsc_ordered();
    for (u64 tries = 0; ticks < wanted; tries++) {
        ticks = (u32)(sources[s].read() - start) >> sources[s].shift;
        if (tries > 100000000 || (tries > 1000000 && !ticks))
            return 0; /* it stands still */
    }
    tsc1 = rdtsc_ordered();
    return (tsc1 - tsc0) * hz / ticks / 1000;
}

u32 __init calibrate_tsc_khz(void)
{
    for (unsigned int s = 0; s < ARRAY_SIZE(sources); s++) {
        u64 hz;
        u32 khz;

        if (!sources[s].start(&hz))
            continue;
        khz = measure(s, hz);
        if (khz >= 1000) {
            printk(XENLOG_INFO "TSC calibrated against the %s\n", sources[s].name);
            return khz;
        }
        printk(XENLOG_WARNING "%s: no good for calibration (%u kHz)\n", sources[s].name, khz);
    }
    return 0;
}
