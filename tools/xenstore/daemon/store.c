/* SPDX-License-Identifier: GPL-2.0-only */
/* The store: its beginning, its end, and what it contains at first. */
#include "store.h"
#include "record.h"

#include <stdlib.h>
#include <string.h>

void store_init(struct store *s, const struct platform *platform)
{
    static const struct perm none = {.domid = 0, .flags = 0};

    memset(s, 0, sizeof(*s));
    s->platform = platform;
    s->gen = 1;
    s->tree.account = &s->account;
    tree_init(&s->tree, &s->account);
    list_init(&s->conns);
    list_init(&s->dirty);
    list_init(&s->active);
    s->watches.size = 64;
    s->watches.chain = xzalloc(s->watches.size * sizeof(*s->watches.chain));
    for (int i = 0; i < SPECIAL_COUNT; i++)
        s->special[i] = perms_new(&none, 1);
    for (int i = 0; i < QUOTA_COUNT; i++)
        s->quota[i] = quota_info[i].preset;
    s->soft_memory = 2 * 1024 * 1024;
}

void store_populate(struct store *s)
{
    /* Where by tradition the daemon's own settings live. */
    struct perms *perms = perms_ref(s->tree.root->data->perms);
    struct change change = {.kind = CHANGE_MKDIR, .path = "/tool/xenstored", .perms = perms};

    nodes_change(s, &change);
    perms_unref(perms);
    record_commit(s);
}

void store_free(struct store *s)
{
    for (unsigned int i = 0; i < DOMAIN_CHAINS; i++)
        while (s->domains[i])
            domain_disconnect(s, s->domains[i]);
    tree_free(&s->tree);
    account_free(&s->account);
    for (int i = 0; i < SPECIAL_COUNT; i++)
        perms_unref(s->special[i]);
    free(s->watches.chain);
    free(s->by_port);
    buf_free(&s->record);
}
