/* SPDX-License-Identifier: MIT */
/*
 * The page through which a guest's first console talks to its back end: a ring of bytes each way.
 * A producer writes bytes, then its index; a consumer reads bytes, then moves its index. Indices
 * run freely and are masked for use; both sides notify over the console's event channel.
 */
#ifndef CRATON_PUBLIC_IO_CONSOLE_H
#define CRATON_PUBLIC_IO_CONSOLE_H

#include "../xen.h"

typedef uint32_t XENCONS_RING_IDX;

/* Position in @ring (an array with a power of two of bytes) that index @idx stands for. */
#define MASK_XENCONS_IDX(idx, ring) ((idx) & (sizeof(ring) - 1))

struct xencons_interface {
    char in[1024];  /* keyboard: back end produces, guest consumes */
    char out[2048]; /* screen: guest produces, back end consumes */
    XENCONS_RING_IDX in_cons, in_prod;
    XENCONS_RING_IDX out_cons, out_prod;
};

_Static_assert(sizeof(struct xencons_interface) == 3088, "console page");
_Static_assert(__builtin_offsetof(struct xencons_interface, out_prod) == 3084, "console page");

#endif /* CRATON_PUBLIC_IO_CONSOLE_H */
