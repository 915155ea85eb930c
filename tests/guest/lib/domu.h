/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A second, unprivileged domain made by the test kernel, which is the control domain: a copy of the
 * kernel's own image at the same addresses with the same page tables, so that a function of the
 * test runs there as it is. The copy has its own variables; the two sides talk through the mailbox.
 */
#ifndef DOMU_H
#define DOMU_H

#include "guest.h"
#include <public/domctl.h>
#include <public/hvm/save.h>

#define DOMU_VCPUS 2
#define DOMU_PAGES 0x3000ul /* 48 MiB from guest frame 0; the image is at 16 MiB */

struct domu {
    unsigned int domid;
    volatile uint64_t *mailbox; /* the domain's mailbox page, seen from here */
};

/* Words shared with the maker; in the second domain it is this very variable. */
extern volatile uint64_t mailbox[512];

/* One domctl with op filled in; op is the library's. */
extern struct xen_domctl op;
long domctl(unsigned int cmd, unsigned int domid);
uint64_t free_pages(void); /* of the host */

/* A domain with memory, the image and that many vCPUs (1 or 2), not yet started. */
void domu_create(struct domu *d, unsigned int vcpus);
/* The record with which domu_start() starts a vCPU. */
void domu_cpu_record(struct hvm_hw_cpu *c, unsigned int vcpu);
long domu_load_cpu(const struct domu *d, unsigned int vcpu,
                   const struct hvm_hw_cpu *c); /* sethvmcontext */
/* Lets the vCPU start at fn; all that were given one run after unpause. */
void domu_start(const struct domu *d, unsigned int vcpu, void (*fn)(void));
void domu_unpause(const struct domu *d);
/* Has it shut down? The reason, or -1. */
int domu_shutdown_reason(const struct domu *d);
/* Waits until mailbox[word] is at least value (true), it shut down or the seconds are over (false).
 */
bool domu_wait(const struct domu *d, unsigned int word, uint64_t value, unsigned int seconds);
void domu_destroy(struct domu *d);
/* Maps a page of the domain here in one of 8 slots; 0 is used by the mailbox. NULL: refused. */
void *domu_map(const struct domu *d, unsigned int slot, unsigned long gfn);

/* --- for the second domain --- */

/* Numbers that look random and repeat with the seed. */
extern uint64_t rng_state;
uint64_t rng(void);
static inline uint64_t rng_below(uint64_t n)
{
    return rng() % n;
}
/* Makes hypercalls without end; one in rest of those that put the caller to sleep or end it is
 * made. mailbox[8 * vcpu] counts them; the two words behind it are the last call and its first
 * argument. */
void fuzz_hypercalls(unsigned int vcpu, unsigned int rest) __attribute__((noreturn));
void domu_exit(unsigned int reason) __attribute__((noreturn));

#endif
