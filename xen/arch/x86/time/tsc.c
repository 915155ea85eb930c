/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * System time: ns = ((tsc - base) << shift) * mul >> 32, with the same numbers that guests get for
 * their pvclock. TSCs that differ between CPUs get an offset per CPU, measured when the CPU starts.
 */
#include <xen/lib.h>
#include <xen/percpu.h>
#include <xen/smp.h>
#include <xen/spinlock.h>
#include <xen/time.h>
#include <asm/host_time.h>
#include <asm/msr.h>

unsigned int cpu_khz;
u32 tsc_mul_frac;
s8 tsc_shift;
static u64 base_tsc;
static DEFINE_PER_CPU(u64, tsc_correction); /* added to this CPU's TSC */

static u64 scale(u64 delta)
{
    if (tsc_shift < 0)
        delta >>= -tsc_shift;
    else
        delta <<= tsc_shift;
    return ((unsigned __int128)delta * tsc_mul_frac) >> 32;
}

s_time_t tsc_to_s_time(u64 tsc)
{
    return scale(tsc + this_cpu(tsc_correction) - base_tsc);
}

s_time_t get_s_time(void)
{
    return tsc_to_s_time(rdtsc_ordered());
}

/* Brings the frequency into (1, 2] GHz by shifting, so that the factor has 32 significant bits. */
static void __init set_scale(u64 hz)
{
    tsc_shift = 0;
    for (; hz > 2000000000UL; hz >>= 1)
        tsc_shift--;
    for (; hz <= 1000000000UL; hz <<= 1)
        tsc_shift++;
    tsc_mul_frac = (1000000000UL << 32) / hz;
}

void __init time_init(void)
{
    cpu_khz = calibrate_tsc_khz();
    if (!cpu_khz)
        panic("No timer to calibrate the TSC against\n");
    set_scale((u64)cpu_khz * 1000);
    base_tsc = rdtsc_ordered();
    printk(XENLOG_INFO "TSC runs at %u.%03u MHz\n", cpu_khz / 1000, cpu_khz % 1000);
}

void udelay(unsigned int us)
{
    u64 start = rdtsc(), ticks = (u64)us * cpu_khz / 1000;

    while (rdtsc() - start < ticks)
        cpu_relax();
}

/*
 * The two CPUs read their TSCs under one lock in turn: the later reader must never see less than
 * the one before. The biggest step back is what the starting CPU is behind by at least.
 */
#define ROUNDS 200
static DEFINE_SPINLOCK(sync_lock);
static volatile unsigned int arrived, done;
static u64 last_tsc, max_warp;

void tsc_sync_check(bool source)
{
    __atomic_add_fetch(&arrived, 1, __ATOMIC_SEQ_CST);
    while (arrived < 2)
        cpu_relax();
    for (unsigned int i = 0; i < ROUNDS; i++) {
        u64 now;

        spin_lock(&sync_lock);
        now = rdtsc_ordered();
        if (now < last_tsc && !source)
            max_warp = max(max_warp, last_tsc - now);
        last_tsc = now;
        spin_unlock(&sync_lock);
    }
    if (!source) {
        this_cpu(tsc_correction) = max_warp;
        __atomic_add_fetch(&done, 1, __ATOMIC_SEQ_CST);
        return;
    }
    while (!done)
        cpu_relax();
    if (max_warp)
        printk(XENLOG_WARNING "TSC: a CPU is behind by %lu ticks; corrected\n", max_warp);
    last_tsc = max_warp = 0;
    arrived = done = 0;
}
