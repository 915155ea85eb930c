/* SPDX-License-Identifier: GPL-2.0-only */
/* Wall-clock time: read once from the CMOS clock (Motorola MC146818), then the control domain's to
 * set. */
#include <xen/acpi.h>
#include <xen/lib.h>
#include <xen/spinlock.h>
#include <xen/time.h>
#include <asm/host_time.h>
#include <asm/msr.h>

static DEFINE_SPINLOCK(wc_lock); /* protects: the two below */
static u64 wc_sec;               /* at system time zero */
static u32 wc_nsec;

static u8 cmos_read(u8 reg)
{
    outb(reg, 0x70);
    return inb(0x71);
}

static unsigned int from_bcd(u8 v)
{
    return (v >> 4) * 10 + (v & 15);
}

/* Days since 1970-01-01 of a date in the Gregorian calendar. */
static u64 days(unsigned int y, unsigned int m, unsigned int d)
{
    if (m <= 2) {
        y--;
        m += 12;
    }
    return 365UL * y + y / 4 - y / 100 + y / 400 + (153 * (m - 3) + 2) / 5 + d - 1 - 719468;
}

static u64 __init read_cmos(void)
{
    static const u8 regs[6] = {0, 2, 4, 7, 8, 9}; /* s, min, h, day, month, year */
    u8 first[6], again[6], status, hour;
    unsigned int v[6], century = 20;

    for (unsigned int tries = 0; tries < 1000; tries++) {
        for (unsigned int i = 0; i < 1000000 && (cmos_read(10) & 0x80); i++)
            ; /* an update is in progress */
        for (unsigned int i = 0; i < 6; i++)
            first[i] = cmos_read(regs[i]);
        for (unsigned int i = 0; i < 6; i++)
            again[i] = cmos_read(regs[i]);
        if (!memcmp(first, again, 6))
            break;
    }
    status = cmos_read(11);
    hour = first[2];
    first[2] &= 0x7f;
    for (unsigned int i = 0; i < 6; i++)
        v[i] = status & 4 ? first[i] : from_bcd(first[i]);
    if (!(status & 2)) /* twelve hours */
        v[2] = v[2] % 12 + (hour & 0x80 ? 12 : 0);
    if (acpi_fadt.century) {
        unsigned int c = cmos_read(acpi_fadt.century);

        c = status & 4 ? c : from_bcd(c);
        if (c >= 19 && c < 30)
            century = c;
    }
    if (v[4] < 1 || v[4] > 12 || v[3] < 1 || v[3] > 31 || v[2] > 23 || v[1] > 59 || v[0] > 60) {
        printk(XENLOG_WARNING "CMOS clock shows no date\n");
        return 0;
    }
    return ((days(century * 100 + v[5], v[4], v[3]) * 24 + v[2]) * 60 + v[1]) * 60 + v[0];
}

void wallclock_get(u64 *sec, u32 *nsec)
{
    unsigned long flags;

    spin_lock_irqsave(&wc_lock, flags);
    *sec = wc_sec;
    *nsec = wc_nsec;
    spin_unlock_irqrestore(&wc_lock, flags);
}

void wallclock_set(u64 sec, u32 nsec, s_time_t system_time_base)
{
    u64 total = sec * 1000000000UL + nsec - system_time_base;
    unsigned long flags;

    spin_lock_irqsave(&wc_lock, flags);
    wc_sec = total / 1000000000UL;
    wc_nsec = total % 1000000000UL;
    spin_unlock_irqrestore(&wc_lock, flags);
}

void __init wallclock_init(void)
{
    wallclock_set(read_cmos(), 0, NOW());
}
