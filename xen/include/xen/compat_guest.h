/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Structures and arrays of words of the hypercall's caller, in its own layout: 32-bit callers' are
 * translated on the way. Context as guest_access.h: the current vCPU, in a hypercall. All return
 * false if the guest's memory could not be accessed.
 *
 *     struct sched_poll poll;
 *     if (!guest_struct_in(&poll, arg, sched_poll))
 *         return -EFAULT;
 */
#ifndef XEN_COMPAT_GUEST_H
#define XEN_COMPAT_GUEST_H

#include <xen/compat.h>
#include <xen/types.h>

bool guest_layout_in(void *native, unsigned long va, const struct compat_layout *l);
/* Also false if a value does not fit into the caller's structure. */
bool guest_layout_out(unsigned long va, const void *native, const struct compat_layout *l);
/* Bytes of one such structure in an array of the caller. */
size_t guest_layout_size(const struct compat_layout *l);

/* @name: a structure tag with a COMPAT_LAYOUT(). */
#define guest_struct_in(ptr, va, name)                            \
    ({                                                            \
        struct name *guest_struct_ = (ptr);                       \
        guest_layout_in(guest_struct_, va, &COMPAT_LAYOUT(name)); \
    })
#define guest_struct_out(va, ptr, name)                            \
    ({                                                             \
        const struct name *guest_struct_ = (ptr);                  \
        guest_layout_out(va, guest_struct_, &COMPAT_LAYOUT(name)); \
    })
#define guest_struct_size(name) guest_layout_size(&COMPAT_LAYOUT(name))

/* Elements @first .. @first + @nr - 1 of an array of xen_ulong_t or xen_pfn_t at @va. */
bool guest_ulongs_in(unsigned long *to, unsigned long va, unsigned long first, unsigned int nr);
bool guest_ulongs_out(unsigned long va, unsigned long first, const unsigned long *from,
                      unsigned int nr);

#endif
