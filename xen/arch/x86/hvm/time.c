/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Time as guests see it: the TSC with an offset, the pvclock data that turn it into system time,
 * the wall clock, and the runstate area. Readers in guests retry while a version is odd.
 */
#include <asm/msr.h>
#include <xen/atomic.h>
#include <xen/guest_access.h>
#include <xen/lib.h>
#include <xen/time.h>
#include "hvm_priv.h"

u64 hvm_get_guest_tsc(struct vcpu *v)
{
    return rdtsc() + v->arch.hvm.tsc_offset;
}

void hvm_set_guest_tsc(struct vcpu *v, u64 tsc)
{
    struct hvm_vcpu *h = &v->arch.hvm;
    u64 offset = tsc - rdtsc();

    h->tsc_adjust += offset - h->tsc_offset;
    h->tsc_offset = offset;
    hvm_vendor->set_tsc_offset(v, offset);
    v->arch.time_cpu = NR_CPUS;
    if (v == current)
        update_vcpu_system_time(v);
}

/*
 * The hypervisor's own system time is a linear function of the TSC, with the same factor on all
 * CPUs: one pair of (TSC, system time) holds until the vCPU runs elsewhere or its offset changes.
 */
void update_vcpu_system_time(struct vcpu *v)
{
    struct vcpu_time_info *t = &v->vcpu_info->time;
    u64 tsc = rdtsc();
    u32 version = ACCESS_ONCE(t->version);

    ACCESS_ONCE(t->version) = (version + 1) | 1;
    smp_wmb();
    t->tsc_timestamp = tsc + v->arch.hvm.tsc_offset;
    t->system_time = tsc_to_s_time(tsc);
    t->tsc_to_system_mul = tsc_mul_frac;
    t->tsc_shift = tsc_shift;
    t->flags = 0; /* not promised to be the same on all vCPUs */
    smp_wmb();
    ACCESS_ONCE(t->version) = ((version + 1) | 1) + 1;
    v->arch.time_cpu = v == current ? smp_processor_id() : NR_CPUS;
}

void update_domain_wallclock_time(struct domain *d)
{
    struct shared_info *s = d->shared_info;
    u32 version, nsec;
    u64 sec;

    if (!s)
        return;
    wallclock_get(&sec, &nsec);
    sec += d->time_offset_seconds;
    version = ACCESS_ONCE(s->wc_version);
    ACCESS_ONCE(s->wc_version) = (version + 1) | 1;
    smp_wmb();
    s->wc_sec = sec;
    s->wc_nsec = nsec;
    s->wc_sec_hi = sec >> 32;
    smp_wmb();
    ACCESS_ONCE(s->wc_version) = ((version + 1) | 1) + 1;
}

/* Runstate of a 32-bit guest: 64-bit fields are aligned to 4. */
struct compat_runstate {
    int state;
    u64 state_entry_time;
    u64 time[4];
} __attribute__((packed, aligned(4)));

void update_runstate_area(struct vcpu *v)
{
    struct vcpu_runstate_info r;
    unsigned long va = v->runstate_guest_va;

    if (!va || v != current)
        return;
    vcpu_runstate_get(v, &r);
    if (v->runstate_compat) {
        struct compat_runstate c = {r.state, r.state_entry_time, {0}};

        memcpy(c.time, r.time, sizeof(c.time));
        raw_copy_to_guest(va, &c, sizeof(c));
        return;
    }
    raw_copy_to_guest(va, &r, sizeof(r));
}
