/* SPDX-License-Identifier: GPL-2.0-only */
/* The pairing heap of Fredman, Sedgewick, Sleator and Tarjan (1986), two-pass variant. */
#include <xen/timer_heap.h>

/* Both are roots; either may be NULL. */
static struct timer_node *meld(struct timer_node *a, struct timer_node *b)
{
    if (!a)
        return b;
    if (!b)
        return a;
    if (b->key < a->key) {
        struct timer_node *t = a;
        a = b;
        b = t;
    }
    b->prev = a;
    b->next = a->child;
    if (a->child)
        a->child->prev = b;
    a->child = b;
    return a;
}

/* One heap of a list of siblings: pairs from the left, then joins the pairs from the right. */
static struct timer_node *meld_siblings(struct timer_node *n)
{
    struct timer_node *pairs = NULL, *root = NULL;

    while (n) {
        struct timer_node *a = n, *b = n->next;

        n = b ? b->next : NULL;
        a->next = a->prev = NULL;
        if (b)
            b->next = b->prev = NULL;
        a = meld(a, b);
        a->next = pairs; /* a stack of pairs through next */
        pairs = a;
    }
    while (pairs) {
        struct timer_node *rest = pairs->next;

        pairs->next = NULL;
        root = meld(root, pairs);
        pairs = rest;
    }
    return root;
}

struct timer_node *timer_heap_insert(struct timer_node *root, struct timer_node *n)
{
    n->child = n->next = n->prev = NULL;
    return meld(root, n);
}

struct timer_node *timer_heap_remove(struct timer_node *root, struct timer_node *n)
{
    struct timer_node *children = meld_siblings(n->child);

    n->child = NULL;
    if (n == root)
        return children;
    if (n->prev->child == n)
        n->prev->child = n->next;
    else
        n->prev->next = n->next;
    if (n->next)
        n->next->prev = n->prev;
    n->next = n->prev = NULL;
    return meld(root, children);
}
