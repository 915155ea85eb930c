/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A machine for the host tests of common/ and arch/x86/mm/: RAM with a frame table, domains, a
 * guest's linear memory, time. Every function is weak: a test that is linked with the real one gets
 * that. Locks check that nobody takes one twice or lets go of one that is free.
 */
#ifndef FAKE_H
#define FAKE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <asm/p2m.h>
#include <xen/domain.h>
#include <xen/lib.h>
#include <xen/sched.h>
#include <xen/softirq.h>

#define FAKE_FRAMES     8192UL     /* 32 MiB */
#define FAKE_GUEST_VA   0x100000UL /* the current guest's linear memory: a flat buffer here */
#define FAKE_GUEST_SIZE 0x10000UL

/* Empties the machine. The current vCPU is then none. */
void fake_reset(void);
/* Fails the test if frames are in use (but for the first @n) or locks are held. */
void fake_check_leaks(unsigned long n);
unsigned long fake_frames_used(void);

/* A domain with that many vCPUs, found by get_domain_by_id(). No event channels, no grants. */
struct domain *fake_domain(domid_t id, unsigned int vcpus);
/* Gives it back, whatever its references say. */
void fake_domain_free(struct domain *d);
/* RAM for the domain at @gfn (through assign_pages() and the guest-physical map). */
struct page_info *fake_populate(struct domain *d, unsigned long gfn);
/* Bytes of the guest's page. */
void *fake_page(struct domain *d, unsigned long gfn);
/* Whether hypercall_preempt_check() says yes. */
static inline void fake_preempt(bool yes)
{
    this_cpu(softirq_pending_mask) = yes ? BIT(TASKLET_SOFTIRQ) : 0;
}
static inline void fake_switch_to(struct vcpu *v)
{
    current = v;
}

extern u8 fake_guest[FAKE_GUEST_SIZE];
#define fake_guest_at(type, off) ((type *)(void *)(fake_guest + (off)))

extern s_time_t fake_now;
extern unsigned int fake_tlb_flushes, fake_kicks, fake_crashes, fake_locks_held;
extern bool fake_alloc_fails;           /* xmalloc and pages: out of memory */
extern unsigned int fake_chunks_left;   /* allocations of frames that still succeed */
extern unsigned int fake_allocs_left;   /* the same for all allocations */
extern unsigned int fake_locks_allowed; /* while guest memory is accessed: the domctl lock */
/* Runs the timers that are due until @until, in order, and moves time there. */
void fake_run_timers(s_time_t until);
s_time_t fake_next_timer(void);
/* Runs what tasklet_schedule() put off. */
void fake_run_tasklets(void);

#endif
