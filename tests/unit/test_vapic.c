/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Local APICs and IOAPICs of guests, with a domain of four vCPUs whose scheduler, timers and host
 * interrupts are counters here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <asm/hvm/vioapic.h>
#include <asm/hvm/vlapic.h>
#include <asm/io_apic.h>
#include <asm/msr_index.h>
#include <xen/errno.h>
#include <xen/lib.h>
#include <xen/sched.h>
#include "fakes/vapic_host.h"

/* --- access --- */

#define V(n) (&vcpus[n])
static void x_write(unsigned int n, unsigned int reg, u32 val)
{
    assert_int_equal(vlapic_mmio_write(V(n), 0xfee00000 + reg, 4, val), 0);
}
static u32 x_read(unsigned int n, unsigned int reg)
{
    u64 val;
    assert_int_equal(vlapic_mmio_read(V(n), 0xfee00000 + reg, 4, &val), 0);
    return val;
}
static void enable_all(void)
{
    for (unsigned int i = 0; i < NR; i++)
        x_write(i, 0xf0, 0x1ff);
}
static void x2apic_all(void)
{
    enable_all();
    for (unsigned int i = 0; i < NR; i++)
        assert_int_equal(vlapic_msr_write(V(i), MSR_APIC_BASE, 0xfee00c00 | (i ? 0 : 0x100)), 0);
}
static u64 msr_read(unsigned int n, u32 msr)
{
    u64 val = 0;
    assert_int_equal(vlapic_msr_read(V(n), msr, &val), 0);
    return val;
}
static void ack(unsigned int n, u8 vector)
{
    assert_int_equal(vlapic_find_pending(V(n)), vector);
    vlapic_ack(V(n), vector);
}

/* --- the local APIC --- */

static void priorities_and_eoi(void **state)
{
    assert_int_equal(vlapic_find_pending(V(0)), -1);
    vlapic_set_irq(V(0), 0x31, false); /* off: dropped */
    enable_all();
    assert_int_equal(vlapic_find_pending(V(0)), -1);
    vlapic_set_irq(V(0), 0x31, false);
    vlapic_set_irq(V(0), 0x81, false);
    vlapic_set_irq(V(0), 0x85, false);
    ack(0, 0x85);
    assert_int_equal(vlapic_find_pending(V(0)), -1); /* 0x81 is of the same class */
    vlapic_set_irq(V(0), 0x91, false);
    ack(0, 0x91);
    assert_int_equal(x_read(0, 0xa0), 0x90); /* PPR */
    x_write(0, 0xb0, 0);
    assert_int_equal(vlapic_find_pending(V(0)), -1);
    x_write(0, 0xb0, 0);
    ack(0, 0x81);
    x_write(0, 0xb0, 0);
    vlapic_set_tpr(V(0), 0x30);
    assert_int_equal(vlapic_find_pending(V(0)), -1);
    vlapic_set_tpr(V(0), 0x2f);
    ack(0, 0x31);
    x_write(0, 0xb0, 0);
    x_write(0, 0xb0, 0); /* one too many is nothing */
    assert_int_equal(vlapic_find_pending(V(0)), -1);
}

static void requests_wake_and_kick(void **state)
{
    enable_all();
    vlapic_set_irq(V(0), 0x40, false);
    assert_int_equal(kicks[0] + unblocks[0], 0); /* current looks before it enters the guest */
    vlapic_set_irq(V(1), 0x40, false);
    assert_int_equal(kicks[1], 1);
    set_bit(VPF_blocked, &vcpus[2].pause_flags);
    vlapic_set_irq(V(2), 0x40, false);
    assert_int_equal(unblocks[2], 1);
    assert_int_equal(kicks[2], 0);
}

static void an_upcall_due_is_asked_for_on_enabling(void **state)
{
    infos[1].evtchn_upcall_pending = 1;
    x_write(1, 0xf0, 0x1ff);
    assert_int_equal(upcalls, 1);
    x_write(1, 0xf0, 0x1fe); /* was on already */
    assert_int_equal(upcalls, 1);
}

static void software_disable_masks_lvts(void **state)
{
    enable_all();
    x_write(0, 0x350, 0x700);
    assert_int_equal(x_read(0, 0x350), 0x700);
    x_write(0, 0xf0, 0xff);
    assert_int_equal(x_read(0, 0x350), 0x10700);
    x_write(0, 0x350, 0x700);
    assert_int_equal(x_read(0, 0x350), 0x10700);
}

static void apic_base_follows_the_state_machine(void **state)
{
    struct vcpu *v = V(1);
    assert_int_equal(msr_read(1, MSR_APIC_BASE), 0xfee00800);
    assert_true(vlapic_mmio_accepts(v, 0xfee00020));
    assert_int_equal(vlapic_msr_write(v, MSR_APIC_BASE, 0xfee00400), 1); /* EXTD alone */
    assert_int_equal(vlapic_msr_write(v, MSR_APIC_BASE, 0xfee00801), 1); /* reserved bit */
    assert_int_equal(vlapic_msr_write(v, MSR_APIC_BASE, 0xfed00800), 1);
    assert_int_equal(vlapic_msr_write(v, 0x802, 0), 1); /* no MSRs yet */
    assert_int_equal(vlapic_msr_write(v, MSR_APIC_BASE, 0xfee00c00), 0);
    assert_false(vlapic_mmio_accepts(v, 0xfee00020));
    assert_int_equal(msr_read(1, 0x802), 2);
    assert_int_equal(msr_read(1, 0x80d), 0x4);                           /* LDR: cluster 0, bit 2 */
    assert_int_equal(vlapic_msr_write(v, MSR_APIC_BASE, 0xfee00800), 1); /* not back directly */
    assert_int_equal(vlapic_msr_write(v, MSR_APIC_BASE, 0xfee00000), 0);
    assert_int_equal(vlapic_msr_write(v, MSR_APIC_BASE, 0xfee00c00), 1); /* nor up directly */
    assert_int_equal(vlapic_msr_write(v, MSR_APIC_BASE, 0xfee00800), 0);
    assert_int_equal(x_read(1, 0x20), 2U << 24);
}

static void x2apic_msrs_fault_on_reserved(void **state)
{
    u64 val;
    x2apic_all();
    assert_int_equal(vlapic_msr_write(V(0), 0x80b, 1), 1); /* EOI takes 0 only */
    assert_int_equal(vlapic_msr_write(V(0), 0x80b, 0), 0);
    assert_int_equal(vlapic_msr_read(V(0), 0x80b, &val), 1);
    assert_int_equal(vlapic_msr_read(V(0), 0x80e, &val), 1); /* DFR */
    assert_int_equal(vlapic_msr_read(V(0), 0x831, &val), 1); /* ICR high */
    assert_int_equal(vlapic_msr_write(V(0), 0x80d, 0), 1);   /* LDR */
    assert_int_equal(vlapic_msr_write(V(0), 0x808, 0x100), 1);
    assert_int_equal(vlapic_msr_write(V(0), 0x808, 0x20), 0);
    assert_int_equal(vlapic_msr_read(V(0), 0x8ff, &val), 1);
    assert_int_equal(vlapic_msr_write(V(0), 0x83f, 0x55), 0); /* self IPI */
    ack(0, 0x55);
}

static unsigned int receivers(u8 vector)
{
    unsigned int set = 0;
    for (unsigned int i = 0; i < NR; i++)
        if (vlapic_find_pending(V(i)) == vector) {
            vlapic_ack(V(i), vector);
            set |= 1U << i;
            if (vlapic_x2apic(V(i)))
                vlapic_msr_write(V(i), 0x80b, 0);
            else
                x_write(i, 0xb0, 0);
        }
    return set;
}

static void xapic_destinations(void **state)
{
    enable_all();
    for (unsigned int i = 0; i < NR; i++)
        x_write(i, 0xd0, 1U << (24 + i));
    static const struct {
        u32 high, low;
        unsigned int want;
    } t[] = {{4, 0x4041, 1 << 2}, {3, 0x4041, 0},  {0xff, 0x4041, 15}, {5, 0x4841, 5},
             {0xff, 0x4841, 15},  {0, 0x44041, 1}, {0, 0x84041, 15},   {0, 0xc4041, 14}};
    for (unsigned int i = 0; i < ARRAY_SIZE(t); i++) {
        x_write(0, 0x310, t[i].high << 24);
        x_write(0, 0x300, t[i].low);
        assert_int_equal(receivers(0x41), t[i].want);
    }
    /* Lowest priority: one of them, the least busy. */
    vlapic_set_tpr(V(0), 0x20);
    x_write(0, 0x310, 0xffU << 24);
    x_write(0, 0x300, 0x4941);
    assert_int_equal(receivers(0x41), 1 << 1);
    /* Cluster model: 1.1 and 1.2 are vCPUs 0 and 1. */
    for (unsigned int i = 0; i < NR; i++) {
        x_write(i, 0xe0, 0x0fffffff);
        x_write(i, 0xd0, ((i / 2 + 1) << 4 | 1U << (i & 1)) << 24);
    }
    x_write(0, 0x310, 0x13U << 24);
    x_write(0, 0x300, 0x4841);
    assert_int_equal(receivers(0x41), 3);
}

static void x2apic_destinations(void **state)
{
    x2apic_all();
    assert_int_equal(vlapic_msr_write(V(0), 0x830, 6ULL << 32 | 0x41), 0);
    assert_int_equal(receivers(0x41), 8);
    assert_int_equal(vlapic_msr_write(V(0), 0x830, 0x44ULL << 32 | 0x841), 0); /* bits 2, 6 */
    assert_int_equal(receivers(0x41), 10);
    assert_int_equal(vlapic_msr_write(V(0), 0x830, 0xffffffffULL << 32 | 0x41), 0);
    assert_int_equal(receivers(0x41), 15);
    assert_int_equal(msr_read(0, 0x830), 0xffffffffULL << 32 | 0x41);
}

static void illegal_vectors_are_noted(void **state)
{
    enable_all();
    x_write(0, 0x370, 0x71);
    x_write(0, 0x300, 0x44003);
    ack(0, 0x71);
    x_write(0, 0x280, 0);
    assert_int_equal(x_read(0, 0x280), 0x20);
    x_write(0, 0x280, 0);
    assert_int_equal(x_read(0, 0x280), 0);
    vlapic_deliver_msg(&dom, 0, false, 0, 5, false);
    x_write(0, 0x280, 0);
    assert_int_equal(x_read(0, 0x280), 0x40);
}

static void processors_start_by_init_and_sipi(void **state)
{
    enable_all();
    set_bit(VPF_down, &vcpus[1].pause_flags);
    x_write(0, 0x310, 2U << 24);
    x_write(0, 0x300, 0x4500);
    x_write(0, 0x300, 0x4698);
    assert_int_equal(wakes, 1);
    assert_false(test_bit(VPF_down, &vcpus[1].pause_flags));
    x_write(0, 0x300, 0x4699); /* the second SIPI is for those who missed the first */
    vlapic_handle_init_sipi(V(1));
    assert_int_equal(resets, 1);
    assert_int_equal(start_cs, 0x9800);
    assert_false(vlapic_enabled(V(1)));
    x_write(0, 0x300, 0x469a); /* it runs: ignored */
    vlapic_handle_init_sipi(V(1));
    assert_int_equal(resets, 1);
    /* INIT stops a running one; it waits. */
    x_write(0, 0x300, 0x4500);
    vlapic_handle_init_sipi(V(1));
    assert_true(test_bit(VPF_down, &vcpus[1].pause_flags));
    assert_int_equal(sleeps, 1);
    x_write(0, 0x300, 0x469a);
    assert_int_equal(wakes, 2);
    vlapic_handle_init_sipi(V(1));
    assert_int_equal(start_cs, 0x9a00);
    /* INIT and SIPI before it looked: straight to the new start. */
    x_write(0, 0x300, 0x4500);
    x_write(0, 0x300, 0x469b);
    vlapic_handle_init_sipi(V(1));
    assert_int_equal(start_cs, 0x9b00);
    assert_int_equal(sleeps, 1);
    x_write(0, 0x300, 0x4400);
    assert_true(vcpus[1].arch.hvm.vlapic.nmi_pending);
}

static void timer_modes(void **state)
{
    enable_all();
    x_write(0, 0x3e0, 0xb); /* divide by 1: 10 ns a tick */
    x_write(0, 0x320, 0x40);
    x_write(0, 0x380, 1000);
    advance(now + 4000);
    assert_int_equal(x_read(0, 0x390), 600);
    assert_int_equal(vlapic_find_pending(V(0)), -1);
    advance(now + 6000);
    assert_int_equal(receivers(0x40), 1);
    assert_int_equal(x_read(0, 0x390), 0);
    advance(now + 100000);
    assert_int_equal(receivers(0x40), 0);
    /* Periodic; the count goes round. */
    x_write(0, 0x320, 0x20040);
    x_write(0, 0x380, 10000);
    for (unsigned int i = 0; i < 3; i++) {
        advance(now + 100000);
        assert_int_equal(receivers(0x40), 1);
    }
    advance(now + 25000);
    assert_int_equal(x_read(0, 0x390), 7500);
    /* Masked it counts on, without a timer of the host's. */
    x_write(0, 0x320, 0x30040);
    assert_int_equal(deadline[0], 0);
    advance(now + 100000);
    assert_int_equal(x_read(0, 0x390), 7500);
    assert_int_equal(receivers(0x40), 0);
    /* The shortest period does not make the host's timer fire all the time. */
    x_write(0, 0x320, 0x20040);
    x_write(0, 0x380, 1);
    assert_true(deadline[0] >= now + MICROSECS(50));
    /* Deadline mode: the TSC is the time here. */
    x_write(0, 0x320, 0x40040);
    assert_int_equal(vlapic_msr_write(V(0), MSR_TSC_DEADLINE, now + 5000), 0);
    assert_true(msr_read(0, MSR_TSC_DEADLINE) != 0);
    advance(now + 5000);
    assert_int_equal(receivers(0x40), 1);
    assert_int_equal(msr_read(0, MSR_TSC_DEADLINE), 0);
}

static void saved_state_comes_back(void **state)
{
    struct hvm_hw_lapic hw;
    struct hvm_hw_lapic_regs r;
    enable_all();
    x_write(1, 0x3e0, 0xb);
    x_write(1, 0x320, 0x40);
    x_write(1, 0x380, 1000);
    vlapic_set_irq(V(1), 0x61, false);
    vlapic_set_irq(V(1), 0x71, true);
    ack(1, 0x71);
    advance(now + 3000);
    assert_int_equal(vlapic_save(V(1), &hw, &r), 0);
    vlapic_reset(V(1));
    assert_int_equal(vlapic_load(V(1), &hw), 0);
    assert_int_equal(vlapic_load_regs(V(1), &r), 0);
    assert_int_equal(x_read(1, 0x390), 700);
    assert_int_equal(vlapic_find_pending(V(1)), -1);
    x_write(1, 0xb0, 0);
    ack(1, 0x61);
    x_write(1, 0xb0, 0);
    advance(now + 7000);
    assert_int_equal(vlapic_find_pending(V(1)), 0x40);
    hw.apic_base_msr = 0xfee00400;
    assert_int_equal(vlapic_load(V(1), &hw), -EINVAL);
}

/* --- the IOAPIC --- */

static void io_write(unsigned int reg, u32 val)
{
    assert_int_equal(vioapic_mmio_write(V(0), 0xfec00000, 4, reg), 0);
    assert_int_equal(vioapic_mmio_write(V(0), 0xfec00010, 4, val), 0);
}
static u32 io_read(unsigned int reg)
{
    u64 val;
    assert_int_equal(vioapic_mmio_write(V(0), 0xfec00000, 4, reg), 0);
    assert_int_equal(vioapic_mmio_read(V(0), 0xfec00010, 4, &val), 0);
    return val;
}

static void ioapic_edge(void **state)
{
    enable_all();
    assert_true(vioapic_mmio_accepts(V(0), 0xfec00010));
    assert_false(vioapic_mmio_accepts(V(0), 0xfec01010));
    assert_int_equal(io_read(1), 0x00170020);
    vioapic_pulse_gsi(&dom, 5); /* masked: lost */
    io_write(0x11 + 10, 4U << 24);
    io_write(0x10 + 10, 0x45);
    assert_int_equal(host_bound[5], 1);
    assert_int_equal(receivers(0x45), 0);
    vioapic_pulse_gsi(&dom, 5);
    assert_int_equal(receivers(0x45), 1 << 2);
    vioapic_set_gsi(&dom, 5, true);
    vioapic_set_gsi(&dom, 5, true); /* no new edge */
    assert_int_equal(receivers(0x45), 1 << 2);
    assert_int_equal(receivers(0x45), 0);
    assert_int_equal(host_eois[5], 0);
}

static void ioapic_level(void **state)
{
    enable_all();
    io_write(0x10 + 2 * 9, 0xa055); /* level, active low, vector 0x55, to vCPU 0 */
    assert_int_equal(host_bound[9], 4);
    vioapic_set_gsi(&dom, 9, true);
    assert_int_equal(io_read(0x10 + 2 * 9) & 0x4000, 0x4000); /* remote IRR */
    vioapic_set_gsi(&dom, 9, true);
    ack(0, 0x55);
    assert_int_equal(host_eois[9], 0);
    x_write(0, 0xb0, 0);
    assert_int_equal(host_eois[9], 1);
    assert_int_equal(io_read(0x10 + 2 * 9) & 0x4000, 0);
    assert_int_equal(vlapic_find_pending(V(0)), -1);
    /* The host interrupts again while the guest has it masked: delivered on unmasking. */
    io_write(0x10 + 2 * 9, 0x1a055);
    vioapic_set_gsi(&dom, 9, true);
    assert_int_equal(vlapic_find_pending(V(0)), -1);
    io_write(0x10 + 2 * 9, 0xa055);
    ack(0, 0x55);
    /* To edge and back clears remote IRR, and the host's line is let go. */
    io_write(0x10 + 2 * 9, 0x12055);
    assert_int_equal(host_eois[9], 2);
    assert_int_equal(io_read(0x10 + 2 * 9) & 0x4000, 0);
}

static void a_line_of_the_hypervisor_stays_its(void **state)
{
    host_bind_result = -EBUSY;
    io_write(0x10 + 2 * 4, 0x44);
    assert_int_equal(host_bound[4], 0);
    assert_int_equal(io_read(0x10 + 2 * 4), 0x44);
    host_bind_result = 0;
    io_write(0x10 + 2 * 4, 0x44); /* asked again */
    assert_int_equal(host_bound[4], 1);
}

static void out_of_range_is_harmless(void **state)
{
    io_write(0x10 + 2 * 24, 0x44);
    assert_int_equal(io_read(0x10 + 2 * 24), 0xffffffff);
    io_write(0xff, 0x44);
    vioapic_set_gsi(&dom, 24, true);
    vioapic_set_gsi(&dom, 100000, true);
    u64 val;
    assert_int_equal(vlapic_mmio_read(V(0), 0xfee00ff0, 4, &val), 0);
    assert_int_equal(vlapic_mmio_write(V(0), 0xfee00ff0, 4, 1), 0);
    assert_int_equal(vlapic_mmio_write(V(0), 0xfee00081, 1, 1), 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(priorities_and_eoi),
        T(requests_wake_and_kick),
        T(an_upcall_due_is_asked_for_on_enabling),
        T(software_disable_masks_lvts),
        T(apic_base_follows_the_state_machine),
        T(x2apic_msrs_fault_on_reserved),
        T(xapic_destinations),
        T(x2apic_destinations),
        T(illegal_vectors_are_noted),
        T(processors_start_by_init_and_sipi),
        T(timer_modes),
        T(saved_state_comes_back),
        T(ioapic_edge),
        T(ioapic_level),
        T(a_line_of_the_hypervisor_stays_its),
        T(out_of_range_is_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
