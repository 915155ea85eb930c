/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Transactions: a private snapshot of the tree, a list of changes, and the set of paths the outcome
 * depends on. Ending one compares the generations of just these paths between the snapshot and the
 * present tree: only a real conflict gives EAGAIN. Then the changes are applied to the present
 * tree.
 */
#include "path.h"
#include "record.h"
#include "store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct transaction *transaction_find(struct conn *conn, uint32_t id)
{
    list_for_each_entry (t, &conn->transactions, struct transaction, of_conn)
        if (t->id == id)
            return t;
    return NULL;
}

struct transaction *transaction_new(struct store *s, struct conn *conn, uint32_t id)
{
    struct transaction *t = xzalloc(sizeof(*t));

    t->id = id;
    t->base = node_ref(s->tree.root);
    t->tree.root = node_ref(s->tree.root);
    t->tree.account = &t->account;
    t->last = &t->first;
    list_add_tail(&t->of_conn, &conn->transactions);
    conn->transaction_count++;
    s->transaction_count++;
    if (id > s->next_transaction)
        s->next_transaction = id; /* recovered: not to be given away again */
    record_transaction(s, conn, id, true);
    return t;
}

/* The caller knows the connection only through the list; its count is the caller's affair. */
void transaction_free(struct store *s, struct transaction *t)
{
    list_del(&t->of_conn);
    s->transaction_count--;
    node_unref(t->base);
    tree_free(&t->tree);
    account_free(&t->account);
    while (t->first) {
        struct access *a = t->first;

        t->first = a->ordered;
        free(a);
    }
    for (size_t i = 0; i < t->count; i++) {
        perms_unref(t->changes[i].perms);
        free((void *)t->changes[i].path);
        free((void *)t->changes[i].value);
    }
    free(t->changes);
    free(t);
}

int transaction_start(struct store *s, struct conn *conn, uint32_t *id)
{
    if (!quota_allows(s, conn, QUOTA_TRANSACTIONS, conn->transaction_count + 1))
        return ENOSPC;
    /* Ids are unique over all connections while possible; 0 means "no transaction". */
    do {
        if (++s->next_transaction == 0)
            s->next_transaction = 1;
    } while (transaction_find(conn, s->next_transaction));
    *id = s->next_transaction;
    transaction_new(s, conn, *id);
    return 0;
}

static struct access *access_obtain(struct transaction *t, const char *path)
{
    size_t len = strlen(path);
    uint64_t hash = hash_end(hash_add(hash_start(), path, len));
    struct access **link = &t->chain[hash % ACCESS_CHAINS], *a;

    for (; *link; link = &(*link)->next)
        if (!strcmp((*link)->path, path))
            return *link;
    a = xzalloc(sizeof(*a) + len + 1);
    memcpy(a->path, path, len + 1);
    *link = a;
    *t->last = a;
    t->last = &a->ordered;
    t->accesses++;
    return a;
}

bool transaction_note(struct store *s, struct conn *conn, struct transaction *t, const char *path,
                      unsigned int flags)
{
    access_obtain(t, path)->flags |= flags;
    return quota_allows(s, conn, QUOTA_TRANSACTION_NODES, t->accesses);
}

void transaction_add(struct transaction *t, const struct change *change)
{
    struct change *copy;

    if (t->count == t->cap) {
        t->cap = t->cap ? t->cap * 2 : 8;
        t->changes = xrealloc(t->changes, t->cap * sizeof(*t->changes));
    }
    copy = &t->changes[t->count++];
    *copy = *change;
    copy->path = xstrdup(change->path);
    if (change->value)
        copy->value = memcpy(xalloc(change->len), change->value, change->len);
    if (change->perms)
        perms_ref(change->perms);
}

static bool access_conflicts(const struct access *a, const struct node *base,
                             const struct node *now)
{
    const struct node *before = tree_lookup(base, a->path);
    const struct node *after = tree_lookup(now, a->path);

    if (before == after)
        return false;
    if (!before || !after)
        return true;
    return ((a->flags & ACCESS_NODE) && before->data->gen != after->data->gen) ||
           ((a->flags & ACCESS_LIST) && before->list_gen != after->list_gen) ||
           ((a->flags & ACCESS_SUBTREE) && before->tree_gen != after->tree_gen);
}

static bool conflicts(const struct store *s, const struct transaction *t)
{
    if (t->doomed)
        return true;
    if (t->base == s->tree.root)
        return false;
    for (const struct access *a = t->first; a; a = a->ordered)
        if (access_conflicts(a, t->base, s->tree.root))
            return true;
    return false;
}

static void fire_changes(struct store *s, const struct transaction *t, const struct node *before)
{
    for (const struct access *a = t->first; a; a = a->ordered) {
        const struct node *old, *new;

        if (!(a->flags & ACCESS_CHANGED))
            continue;
        old = tree_lookup(before, a->path);
        new = tree_lookup(s->tree.root, a->path);
        if (!old && !new)
            continue;
        /* Removed (and perhaps made again): who watched below may have lost something. */
        if (old && (!new || (a->flags & ACCESS_SUBTREE)))
            watch_fire_below(s, a->path, old);
        watch_fire(s, a->path, new ? new->data->perms : NULL, old ? old->data->perms : NULL);
    }
}

static int commit(struct store *s, struct conn *conn, struct transaction *t)
{
    const struct usage *delta = account_get(&t->account, conn->who.domid);
    const struct usage *usage = account_get(&s->account, conn->who.domid);
    struct node *before;

    if (conflicts(s, t)) {
        s->stats.conflicts++;
        if (conn->who.privileged)
            s->right_of_way = (struct right_of_way){conn->serial, s->now_ms + RIGHT_OF_WAY_MS};
        return EAGAIN;
    }
    if (s->right_of_way.serial == conn->serial)
        s->right_of_way.serial = 0;
    if (delta->nodes > 0 && !quota_allows(s, conn, QUOTA_NODES, usage->nodes + delta->nodes))
        return ENOSPC;
    s->stats.commits++;
    if (!t->count)
        return 0;
    before = node_ref(s->tree.root);
    s->gen++;
    for (size_t i = 0; i < t->count; i++) {
        node_unref(change_apply(&s->tree, &t->changes[i], s->gen));
        record_change(s, &t->changes[i]);
    }
    fire_changes(s, t, before);
    node_unref(before);
    return 0;
}

int transaction_end(struct store *s, struct conn *conn, struct transaction *t, bool do_commit)
{
    int err = 0;

    if (do_commit)
        err = commit(s, conn, t);
    else
        s->stats.aborts++;
    record_transaction(s, conn, t->id, false);
    conn->transaction_count--;
    transaction_free(s, t);
    return err;
}
