/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The two rings of a guest's console page, seen from the control domain. The guest may write
 * anything into the page at any time: each of its indices is read once and checked, and our own are
 * kept here and never believed when they come back.
 */
#ifndef CONSOLE_RING_H
#define CONSOLE_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <public/xen.h>
#include <public/io/console.h>

struct console_ring {
    struct xencons_interface *page;
    XENCONS_RING_IDX out_cons; /* how far we have read what the guest wrote */
    XENCONS_RING_IDX in_prod;  /* how far we have written what the guest reads */
    unsigned int violations;   /* times the guest's index was impossible */
};

/* Takes up a page where a predecessor left off. */
void console_ring_attach(struct console_ring *ring, struct xencons_interface *page);
/*
 * Moves at most len bytes that the guest wrote to buf. With an impossible index (more bytes than
 * the ring holds) counts a violation, skips to the guest's position and gives 0.
 */
size_t console_ring_read(struct console_ring *ring, char *buf, size_t len);
/* How many bytes the guest can take now; 0 with a violation counted if its index is impossible. */
size_t console_ring_space(struct console_ring *ring);
/* Hands at most len bytes to the guest: how many were taken. */
size_t console_ring_write(struct console_ring *ring, const char *buf, size_t len);

#endif
