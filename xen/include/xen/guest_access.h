/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one door to guest memory. Addresses are the guest's linear addresses in its current mode
 * (that is what hypercall handles hold), translated by the current vCPU's own page tables.
 */
#ifndef XEN_GUEST_ACCESS_H
#define XEN_GUEST_ACCESS_H

#include <xen/types.h>

struct domain;
struct vcpu;

/* Bytes that could NOT be copied (0: all done). Current vCPU; no spinlock that p2m code takes. */
unsigned long raw_copy_from_guest(void *to, unsigned long guest_va, size_t n);
unsigned long raw_copy_to_guest(unsigned long guest_va, const void *from, size_t n);
unsigned long raw_clear_guest(unsigned long guest_va, size_t n);

#define guest_handle_va(h)      ((unsigned long)(h).p)
#define guest_handle_is_null(h) (guest_handle_va(h) == 0)
#define copy_from_guest_offset(ptr, hnd, off, nr)                                            \
    raw_copy_from_guest(ptr, guest_handle_va(hnd) + (unsigned long)(off) * sizeof(*(hnd).p), \
                        (size_t)(nr) * sizeof(*(ptr)))
#define copy_to_guest_offset(hnd, off, ptr, nr)                                            \
    raw_copy_to_guest(guest_handle_va(hnd) + (unsigned long)(off) * sizeof(*(hnd).p), ptr, \
                      (size_t)(nr) * sizeof(*(ptr)))
#define copy_from_guest(ptr, hnd, nr) copy_from_guest_offset(ptr, hnd, 0, nr)
#define copy_to_guest(hnd, ptr, nr)   copy_to_guest_offset(hnd, 0, ptr, nr)

/* By guest physical address, any domain (foreign or own). 0 or -EFAULT; whole or nothing is not
 * promised. */
int copy_from_guest_phys(struct domain *d, void *to, paddr_t gpa, size_t n);
int copy_to_guest_phys(struct domain *d, paddr_t gpa, const void *from, size_t n);

#endif
