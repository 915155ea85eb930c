/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Time as guests see it: the TSC with an offset, the pvclock data that turn it into system time,
 * the wall clock, and the runstate area. Readers in guests retry while a version is odd.
 */
#include <asm/msr.h>
#include <xen/atomic.h>
#include <xen/compat.h>
#include <xen/errno.h>
#include <xen/guest_access.h>
#include <xen/lib.h>
#include <xen/time.h>
#include "hvm_priv.h"

/* The count that the vCPU's own offset is added to. */
static u64 base_tsc(const struct domain *d, u64 host_tsc)
{
    const struct arch_domain *a = &d->arch;
    u64 ns;

    if (likely(!a->vtsc))
        return host_tsc;
    ns = tsc_to_s_time(host_tsc) - a->vtsc_offset;
    return ns / 1000000 * a->tsc_khz + ns % 1000000 * a->tsc_khz / 1000000;
}

u64 hvm_get_guest_tsc(struct vcpu *v)
{
    return base_tsc(v->domain, rdtsc()) + v->arch.hvm.tsc_offset;
}

/* Time data become stale; a vCPU that does not run renews them when it is switched in. */
static void renew_time(struct vcpu *v)
{
    v->arch.time_cpu = NR_CPUS;
    if (v == current)
        update_vcpu_system_time(v);
}

void hvm_set_guest_tsc(struct vcpu *v, u64 tsc)
{
    struct hvm_vcpu *h = &v->arch.hvm;
    u64 offset = tsc - base_tsc(v->domain, rdtsc());

    h->tsc_adjust += offset - h->tsc_offset;
    h->tsc_offset = offset;
    hvm_vendor->set_tsc_offset(v, offset);
    renew_time(v);
}

/* Modes of tsc_mode= in a domain's configuration; the paravirtual one of old is gone. */
enum { TSC_DEFAULT, TSC_ALWAYS_EMULATE, TSC_NEVER_EMULATE };

int hvm_set_tsc_info(struct domain *d, u32 mode, u32 khz, u64 elapsed_ns, u32 incarnation)
{
    struct arch_domain *a = &d->arch;
    struct vcpu *v;
    bool same_khz = !khz || khz == cpu_khz;

    if (mode > TSC_NEVER_EMULATE)
        return -EINVAL;
    a->tsc_mode = mode;
    a->tsc_khz = mode == TSC_NEVER_EMULATE || !khz ? cpu_khz : khz;
    a->tsc_incarnation = incarnation;
    a->vtsc_offset = NOW() - elapsed_ns;
    /* By default only a guest that came from a machine of another frequency. */
    a->vtsc = mode == TSC_ALWAYS_EMULATE || (mode == TSC_DEFAULT && !same_khz);
    for_each_vcpu (d, v) {
        v->arch.hvm.tsc_offset = a->vtsc ? 0 : a->tsc_offset;
        hvm_vendor->set_tsc_offset(v, v->arch.hvm.tsc_offset);
        hvm_vendor->set_rdtsc_exiting(v, a->vtsc);
        renew_time(v);
    }
    return 0;
}

/* Nanoseconds are (ticks << shift) * mul >> 32, with the largest 32-bit factor. */
static void scale_of_khz(u32 khz, u32 *mul, s8 *shift)
{
    u64 hz = (u64)khz * 1000;

    *shift = 0;
    for (; hz > 2000000000; hz >>= 1)
        --*shift;
    for (; hz <= 1000000000; hz <<= 1)
        ++*shift;
    *mul = ((u64)1000000000 << 32) / hz;
}

/*
 * The hypervisor's own system time is a linear function of the TSC, with the same factor on all
 * CPUs: one pair of (TSC, system time) holds until the vCPU runs elsewhere or its offset changes.
 */
void update_vcpu_system_time(struct vcpu *v)
{
    struct vcpu_time_info *t = &v->vcpu_info->time;
    const struct domain *d = v->domain;
    u64 tsc = rdtsc();
    u32 version = ACCESS_ONCE(t->version), mul = tsc_mul_frac;
    s8 shift = tsc_shift;

    if (unlikely(d->arch.vtsc))
        scale_of_khz(d->arch.tsc_khz, &mul, &shift);
    ACCESS_ONCE(t->version) = (version + 1) | 1;
    smp_wmb();
    t->tsc_timestamp = base_tsc(d, tsc) + v->arch.hvm.tsc_offset;
    t->system_time = tsc_to_s_time(tsc);
    t->tsc_to_system_mul = mul;
    t->tsc_shift = shift;
    t->flags = 0; /* not promised to be the same on all vCPUs */
    smp_wmb();
    ACCESS_ONCE(t->version) = ((version + 1) | 1) + 1;
    v->arch.time_cpu = v == current ? smp_processor_id() : NR_CPUS;
}

/* 32-bit guests have the same words (but for the high half of the seconds) in other places. */
void update_domain_wallclock_time(struct domain *d)
{
    struct shared_info *s = d->shared_info;
    struct compat_shared_info *c = (void *)s;
    u32 *wc, *sec_hi; /* version, seconds, nanoseconds */
    u32 version, nsec;
    u64 sec;

    if (!s)
        return;
    wc = d->has_32bit_shinfo ? &c->wc_version : &s->wc_version;
    sec_hi = d->has_32bit_shinfo ? &c->arch.wc_sec_hi : &s->wc_sec_hi;
    wallclock_get(&sec, &nsec);
    sec += d->time_offset_seconds;
    version = ACCESS_ONCE(wc[0]);
    ACCESS_ONCE(wc[0]) = (version + 1) | 1;
    smp_wmb();
    wc[1] = sec;
    wc[2] = nsec;
    *sec_hi = sec >> 32;
    smp_wmb();
    ACCESS_ONCE(wc[0]) = ((version + 1) | 1) + 1;
}

void update_runstate_area(struct vcpu *v)
{
    struct vcpu_runstate_info r;
    unsigned long va = v->runstate_guest_va;

    if (!va || v != current)
        return;
    vcpu_runstate_get(v, &r);
    if (v->runstate_compat) {
        struct compat_vcpu_runstate_info c = {r.state, r.state_entry_time, {0}};

        memcpy(c.time, r.time, sizeof(c.time));
        raw_copy_to_guest(va, &c, sizeof(c));
        return;
    }
    raw_copy_to_guest(va, &r, sizeof(r));
}
