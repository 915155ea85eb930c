/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the local APIC and the IOAPIC call: a domain of four vCPUs whose scheduler, timers and host
 * interrupts are counters. For one test program to include, after cmocka.h.
 */
#ifndef FAKE_VAPIC_HOST_H
#define FAKE_VAPIC_HOST_H

#include <stdlib.h>
#include <string.h>

#include <asm/hvm/vioapic.h>
#include <asm/hvm/vlapic.h>
#include <asm/io_apic.h>
#include <xen/errno.h>
#include <xen/lib.h>
#include <xen/sched.h>

#define NR 4
static struct vcpu vcpus[NR];
static struct vcpu *vcpu_ptrs[NR];
static struct domain dom;
static struct vcpu_info infos[NR];
static s_time_t now;
static unsigned int kicks[NR], unblocks[NR], wakes, sleeps, resets, upcalls;
static int host_bound[32], host_eois[32], host_bind_result;
static u16 start_cs;

DEFINE_PER_CPU(struct vcpu *, curr_vcpu);
unsigned long per_cpu_offset[NR_CPUS];
struct domain *hardware_domain;
unsigned int cpu_khz = 1000000;
struct host_ioapic host_ioapics[MAX_HOST_IOAPICS];
unsigned int nr_host_ioapics;

s_time_t get_s_time(void)
{
    return now;
}
void init_timer(struct timer *t, void (*fn)(void *), void *data, unsigned int cpu)
{
    memset(t, 0, sizeof(*t));
    t->fn = fn;
    t->data = data;
}
static s_time_t deadline[NR]; /* 0: not armed */
static unsigned int owner_of(const struct timer *t)
{
    return container_of(t, struct vcpu, arch.hvm.vlapic.timer) - vcpus;
}
void set_timer(struct timer *t, s_time_t expires)
{
    deadline[owner_of(t)] = expires;
}
void stop_timer(struct timer *t)
{
    deadline[owner_of(t)] = 0;
}
void kill_timer(struct timer *t)
{
    stop_timer(t);
}
void migrate_timer(struct timer *t, unsigned int cpu)
{
    t->cpu = cpu;
}
/* Moves time on; timers fire in order. */
static void advance(s_time_t to)
{
    for (;;) {
        int first = -1;
        for (unsigned int i = 0; i < NR; i++)
            if (deadline[i] && deadline[i] <= to && (first < 0 || deadline[i] < deadline[first]))
                first = i;
        if (first < 0)
            break;
        if (deadline[first] > now)
            now = deadline[first];
        deadline[first] = 0;
        vcpus[first].arch.hvm.vlapic.timer.fn(vcpus[first].arch.hvm.vlapic.timer.data);
    }
    now = to;
}
void vcpu_kick(struct vcpu *v)
{
    kicks[v->vcpu_id]++;
}
void vcpu_unblock(struct vcpu *v)
{
    unblocks[v->vcpu_id]++;
    clear_bit(VPF_blocked, &v->pause_flags);
}
void vcpu_wake(struct vcpu *v)
{
    wakes++;
}
void vcpu_sleep_nosync(struct vcpu *v)
{
    sleeps++;
}
u64 hvm_get_guest_tsc(struct vcpu *v)
{
    return now; /* 1 GHz */
}
void hvm_vcpu_reset_state(struct vcpu *v, u16 cs, u16 ip)
{
    resets++;
    start_cs = cs;
}
void hvm_assert_evtchn_upcall(struct vcpu *v)
{
    upcalls++;
}
void *_xzalloc(size_t n, size_t align)
{
    return calloc(1, n);
}
void *xzalloc_array_(size_t size, size_t n)
{
    return calloc(n, size);
}
void xfree(void *p)
{
    free(p);
}
void spin_lock(spinlock_t *l)
{
    assert_int_equal(l->depth++, 0);
}
void spin_unlock(spinlock_t *l)
{
    assert_int_equal(--l->depth, 0);
}
void printk(const char *fmt, ...)
{
}
int host_gsi_bind(unsigned int gsi, bool level, bool active_low, struct domain *d)
{
    if (!host_bind_result)
        host_bound[gsi] = 1 + level + 2 * active_low;
    return host_bind_result;
}
void host_gsi_unbind(unsigned int gsi)
{
    host_bound[gsi] = 0;
}
void host_gsi_eoi(unsigned int gsi)
{
    host_eois[gsi]++;
}

static int set_up(void **state)
{
    memset(vcpus, 0, sizeof(vcpus));
    memset(&dom, 0, sizeof(dom));
    memset(kicks, 0, sizeof(kicks));
    memset(unblocks, 0, sizeof(unblocks));
    memset(host_bound, 0, sizeof(host_bound));
    memset(host_eois, 0, sizeof(host_eois));
    memset(infos, 0, sizeof(infos));
    memset(deadline, 0, sizeof(deadline));
    wakes = sleeps = resets = upcalls = 0;
    host_bind_result = 0;
    now = 1000000;
    dom.max_vcpus = NR;
    dom.vcpu = vcpu_ptrs;
    dom.is_privileged = true;
    hardware_domain = &dom;
    host_ioapics[0] = (struct host_ioapic){0xfec00000, 0, 24, 2};
    nr_host_ioapics = 1;
    for (unsigned int i = 0; i < NR; i++) {
        vcpu_ptrs[i] = &vcpus[i];
        vcpus[i].vcpu_id = i;
        vcpus[i].domain = &dom;
        vcpus[i].vcpu_info = &infos[i];
        assert_int_equal(vlapic_init(&vcpus[i]), 0);
    }
    assert_int_equal(vioapic_init(&dom), 0);
    this_cpu(curr_vcpu) = &vcpus[0];
    return 0;
}

static int tear_down(void **state)
{
    for (unsigned int i = 0; i < NR; i++)
        vlapic_destroy(&vcpus[i]);
    vioapic_destroy(&dom);
    return 0;
}

#endif
