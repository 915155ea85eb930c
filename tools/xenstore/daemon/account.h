/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What each domain holds in a tree: nodes it owns, their bytes, and how many permission entries of
 * nodes owned by others mention it. Kept up to date by every change, so that quota checks and the
 * clean-up after a domain's death need no walk over the store.
 */
#ifndef XENSTORED_ACCOUNT_H
#define XENSTORED_ACCOUNT_H

#include "perms.h"

struct usage {
    uint32_t domid;
    bool used;
    int64_t nodes, bytes, mentions;
};

/* Open-addressed hash table by domain id; a zeroed one is empty. */
struct account {
    struct usage *slot;
    unsigned int size, count;
    int64_t nodes, bytes; /* of all domains */
};

/* The usage of @domid; a shared all-zero one if it holds nothing. */
const struct usage *account_get(const struct account *account, uint32_t domid);

/* A node with these permissions and size appears (@sign 1) or disappears (@sign -1). */
void account_node(struct account *account, const struct perms *perms, size_t bytes, int sign);

void account_free(struct account *account);

#endif
