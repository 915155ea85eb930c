/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A pairing heap whose links are in its elements: insertion is O(1) and needs no memory, so that a
 * timer can be set in any context; taking the first out is O(log n) amortised. Pure.
 */
#ifndef XEN_TIMER_HEAP_H
#define XEN_TIMER_HEAP_H

#include <xen/types.h>

struct timer_node {
    s_time_t key;
    struct timer_node *child, *next; /* first child; next sibling */
    struct timer_node *prev;         /* parent of a first child, else the sibling before */
};

/* All return the new root (NULL: empty). */
struct timer_node *timer_heap_insert(struct timer_node *root, struct timer_node *n);
struct timer_node *timer_heap_remove(struct timer_node *root, struct timer_node *n);

#endif
