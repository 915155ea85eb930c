/* SPDX-License-Identifier: GPL-2.0-only */
/* Per-domain usage counters of a tree. */
#include "account.h"
#include "util.h"

#include <stdlib.h>
#include <string.h>

static struct usage *find(const struct account *account, uint32_t domid)
{
    unsigned int i = (domid * 2654435761u) & (account->size - 1);

    while (account->slot[i].used && account->slot[i].domid != domid)
        i = (i + 1) & (account->size - 1);
    return &account->slot[i];
}

const struct usage *account_get(const struct account *account, uint32_t domid)
{
    static const struct usage none;

    return account->size ? find(account, domid) : &none;
}

static struct usage *obtain(struct account *account, uint32_t domid)
{
    struct usage *usage;

    if (account->count * 2 >= account->size) {
        struct account bigger = {.size = account->size ? account->size * 2 : 16};

        bigger.slot = xzalloc(bigger.size * sizeof(*bigger.slot));
        for (unsigned int i = 0; i < account->size; i++) {
            const struct usage *old = &account->slot[i];

            /* Forget domains that hold nothing any more: ids are never reused for long. */
            if (old->used && (old->nodes || old->bytes || old->mentions)) {
                *find(&bigger, old->domid) = *old;
                bigger.count++;
            }
        }
        bigger.nodes = account->nodes;
        bigger.bytes = account->bytes;
        free(account->slot);
        *account = bigger;
    }
    usage = find(account, domid);
    if (!usage->used) {
        usage->used = true;
        usage->domid = domid;
        account->count++;
    }
    return usage;
}

void account_node(struct account *account, const struct perms *perms, size_t bytes, int sign)
{
    struct usage *owner;

    if (!account)
        return;
    owner = obtain(account, perms->entry[0].domid);
    owner->nodes += sign;
    owner->bytes += sign * (int64_t)bytes;
    account->nodes += sign;
    account->bytes += sign * (int64_t)bytes;
    for (unsigned int i = 1; i < perms->count; i++)
        obtain(account, perms->entry[i].domid)->mentions += sign;
}

void account_free(struct account *account)
{
    free(account->slot);
    memset(account, 0, sizeof(*account));
}
