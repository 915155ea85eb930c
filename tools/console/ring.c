/* SPDX-License-Identifier: GPL-2.0-only */
/* A guest's console rings, with every index of the guest read once and checked. */
#include <string.h>

#include "ring.h"

#define OUT_SIZE sizeof(((struct xencons_interface *)0)->out)
#define IN_SIZE  sizeof(((struct xencons_interface *)0)->in)

_Static_assert((OUT_SIZE & (OUT_SIZE - 1)) == 0 && (IN_SIZE & (IN_SIZE - 1)) == 0,
               "ring positions wrap by masking");

void console_ring_attach(struct console_ring *ring, struct xencons_interface *page)
{
    *ring = (struct console_ring){
        .page = page,
        .out_cons = __atomic_load_n(&page->out_cons, __ATOMIC_RELAXED),
        .in_prod = __atomic_load_n(&page->in_prod, __ATOMIC_RELAXED),
    };
}

/* Copies between a flat buffer and a ring from position pos on, around its end. */
static void copy_out(char *to, const char *ring, size_t size, XENCONS_RING_IDX pos, size_t n)
{
    size_t at = pos & (size - 1);
    size_t first = n < size - at ? n : size - at;

    memcpy(to, ring + at, first);
    memcpy(to + first, ring, n - first);
}

static void copy_in(char *ring, size_t size, XENCONS_RING_IDX pos, const char *from, size_t n)
{
    size_t at = pos & (size - 1);
    size_t first = n < size - at ? n : size - at;

    memcpy(ring + at, from, first);
    memcpy(ring, from + first, n - first);
}

size_t console_ring_read(struct console_ring *ring, char *buf, size_t len)
{
    struct xencons_interface *page = ring->page;
    /* Acquire: the bytes in front of the index are there. */
    XENCONS_RING_IDX prod = __atomic_load_n(&page->out_prod, __ATOMIC_ACQUIRE);
    size_t n = (XENCONS_RING_IDX)(prod - ring->out_cons);

    if (n > OUT_SIZE) {
        ring->violations++;
        ring->out_cons = prod;
        n = 0;
    }
    if (n > len)
        n = len;
    copy_out(buf, page->out, OUT_SIZE, ring->out_cons, n);
    ring->out_cons += (XENCONS_RING_IDX)n;
    /* Release: the guest may overwrite those bytes only after they were read. */
    __atomic_store_n(&page->out_cons, ring->out_cons, __ATOMIC_RELEASE);
    return n;
}

size_t console_ring_space(struct console_ring *ring)
{
    XENCONS_RING_IDX cons = __atomic_load_n(&ring->page->in_cons, __ATOMIC_ACQUIRE);
    size_t used = (XENCONS_RING_IDX)(ring->in_prod - cons);

    if (used > IN_SIZE) {
        ring->violations++;
        return 0;
    }
    return IN_SIZE - used;
}

size_t console_ring_write(struct console_ring *ring, const char *buf, size_t len)
{
    size_t n = console_ring_space(ring);

    if (n > len)
        n = len;
    copy_in(ring->page->in, IN_SIZE, ring->in_prod, buf, n);
    ring->in_prod += (XENCONS_RING_IDX)n;
    __atomic_store_n(&ring->page->in_prod, ring->in_prod, __ATOMIC_RELEASE);
    return n;
}
