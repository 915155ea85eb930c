/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Operations on nodes as domains see them: permissions, inheritance, quotas. Each one first checks
 * everything, then acts on the tree of the transaction or the common one.
 */
#include "path.h"
#include "record.h"
#include "store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct tree *view(struct store *s, struct transaction *t)
{
    return t ? &t->tree : &s->tree;
}

/* Why a missing node cannot be used: who may not even look at its parents learns nothing. */
static int missing_errno(const struct node *root, const struct conn *c, const char *path)
{
    unsigned int missing;
    const struct node *near = tree_nearest(root, path, &missing);

    return perms_access(near->data->perms, &c->who) & PERM_READ ? ENOENT : EACCES;
}

int nodes_read(struct store *s, struct conn *c, struct transaction *t, const char *path,
               unsigned int access, const struct node **node)
{
    const struct node *root = view(s, t)->root;

    if (t && !transaction_note(s, c, t, path, access))
        return ENOSPC;
    *node = tree_lookup(root, path);
    if (!*node)
        return missing_errno(root, c, path);
    return perms_access((*node)->data->perms, &c->who) & PERM_READ ? 0 : EACCES;
}

struct node *change_apply(struct tree *tree, const struct change *change, uint64_t gen)
{
    switch (change->kind) {
    case CHANGE_WRITE:
        tree_write(tree, change->path, change->value, change->len, change->perms, gen);
        return NULL;
    case CHANGE_MKDIR:
        tree_mkdir(tree, change->path, change->perms, gen);
        return NULL;
    case CHANGE_PERMS:
        tree_set_perms(tree, change->path, change->perms, gen);
        return NULL;
    default:
        return tree_remove(tree, change->path, gen);
    }
}

void nodes_change(struct store *s, const struct change *change)
{
    const struct node *old = NULL, *node;
    struct perms *before = NULL;
    struct node *gone;

    if (change->kind == CHANGE_PERMS && (old = tree_lookup(s->tree.root, change->path)))
        before = perms_ref(old->data->perms);
    gone = change_apply(&s->tree, change, ++s->gen);
    record_change(s, change);
    if (gone) {
        watch_fire_below(s, change->path, gone);
        watch_fire(s, change->path, gone->data->perms, NULL);
        node_unref(gone);
    } else if ((node = tree_lookup(s->tree.root, change->path))) {
        watch_fire(s, change->path, node->data->perms, before);
    }
    perms_unref(before);
}

static void submit(struct store *s, struct transaction *t, const struct change *change)
{
    if (!t) {
        nodes_change(s, change);
        return;
    }
    node_unref(change_apply(&t->tree, change, ++s->gen));
    transaction_add(t, change);
}

/* Would domain @owner hold too much with @nodes and @bytes more? */
static bool room_for(struct store *s, struct conn *c, struct transaction *t, int64_t nodes,
                     int64_t bytes)
{
    const struct usage *usage = account_get(&s->account, c->who.domid);
    const struct usage *delta = account_get(t ? &t->account : &(struct account){0}, c->who.domid);
    int64_t total = usage->bytes + delta->bytes + bytes + (int64_t)c->out_bytes;

    if (nodes && !quota_allows(s, c, QUOTA_NODES, usage->nodes + delta->nodes + nodes))
        return false;
    quota_soft_memory(s, c, total);
    return quota_allows(s, c, QUOTA_MEMORY, total);
}

/* "/a/b/c/d" with 2 missing components gives "/a/b/c", the topmost missing node. */
static void topmost_missing(const char *path, unsigned int missing, char *out)
{
    strcpy(out, path);
    while (--missing)
        path_to_parent(out);
}

/*
 * May @c create @path below the existing node @near? Notes what that decision depends on: the
 * parent it inherits from, and that nobody else creates a node in between.
 */
static int check_create(struct store *s, struct conn *c, struct transaction *t, const char *path,
                        const struct node *near, unsigned int missing, uint32_t len)
{
    char top[PATH_BUF];

    if (t) {
        topmost_missing(path, missing, top);
        if (!transaction_note(s, c, t, top, ACCESS_NODE))
            return ENOSPC;
        path_to_parent(top);
        if (!transaction_note(s, c, t, top, ACCESS_NODE))
            return ENOSPC;
    }
    if (!(perms_access(near->data->perms, &c->who) & PERM_WRITE))
        return EACCES;
    return room_for(s, c, t, missing, (int64_t)(missing * sizeof(struct node) + strlen(path) + len))
               ? 0
               : ENOSPC;
}

/* Common part of WRITE and MKDIR; @change->perms is filled in here. */
static int create_or_change(struct store *s, struct conn *c, struct transaction *t,
                            struct change *change)
{
    unsigned int missing;
    const struct node *near = tree_nearest(view(s, t)->root, change->path, &missing);
    int err;

    if (t && !transaction_note(s, c, t, change->path, ACCESS_NODE))
        return ENOSPC;
    if (!quota_allows(s, c, QUOTA_NODE_SIZE, change->len))
        return ENOSPC;
    if (missing) {
        err = check_create(s, c, t, change->path, near, missing, change->len);
    } else {
        err = perms_access(near->data->perms, &c->who) & PERM_WRITE ? 0 : EACCES;
        if (!err && change->kind == CHANGE_MKDIR)
            return 0; /* exists: nothing changes */
        if (!err && change->len > near->data->value_len &&
            !room_for(s, c, t, 0, change->len - near->data->value_len))
            err = ENOSPC;
    }
    if (err)
        return err;
    change->perms = missing ? perms_inherit(near->data->perms, &c->who) : NULL;
    if (t)
        transaction_note(s, c, t, change->path, ACCESS_CHANGED);
    submit(s, t, change);
    perms_unref(change->perms);
    return 0;
}

int nodes_write(struct store *s, struct conn *c, struct transaction *t, const char *path,
                const void *value, uint32_t len)
{
    struct change change = {.kind = CHANGE_WRITE, .path = path, .value = value, .len = len};

    return create_or_change(s, c, t, &change);
}

int nodes_mkdir(struct store *s, struct conn *c, struct transaction *t, const char *path)
{
    struct change change = {.kind = CHANGE_MKDIR, .path = path};

    return create_or_change(s, c, t, &change);
}

int nodes_rm(struct store *s, struct conn *c, struct transaction *t, const char *path)
{
    struct change change = {.kind = CHANGE_RM, .path = path};
    const struct node *root = view(s, t)->root, *near;
    unsigned int missing;

    if (path[1] == '\0')
        return EINVAL;
    if (t && !transaction_note(s, c, t, path, ACCESS_NODE | ACCESS_SUBTREE))
        return ENOSPC;
    near = tree_nearest(root, path, &missing);
    if (missing > 1)
        return missing_errno(root, c, path);
    if (!(perms_access(near->data->perms, &c->who) & PERM_WRITE))
        return EACCES;
    if (missing)
        return 0; /* the parent exists, the node does not: that is what was asked for */
    if (t)
        transaction_note(s, c, t, path, ACCESS_CHANGED);
    submit(s, t, &change);
    return 0;
}

int nodes_set_perms(struct store *s, struct conn *c, struct transaction *t, const char *path,
                    struct perms *perms)
{
    struct change change = {.kind = CHANGE_PERMS, .path = path, .perms = perms};
    const struct node *root = view(s, t)->root, *node = tree_lookup(root, path);

    if (t && !transaction_note(s, c, t, path, ACCESS_NODE))
        return ENOSPC;
    if (!node)
        return missing_errno(root, c, path);
    if (!(perms_access(node->data->perms, &c->who) & PERM_OWNER))
        return EACCES;
    /* Only the control domain gives nodes away. */
    if (!c->who.privileged && perms->entry[0].domid != node->data->perms->entry[0].domid)
        return EPERM;
    if (!quota_allows(s, c, QUOTA_PERMISSIONS, perms->count))
        return ENOSPC;
    if (t)
        transaction_note(s, c, t, path, ACCESS_CHANGED);
    submit(s, t, &change);
    return 0;
}

/* -- after a domain's death -- */

struct forget {
    uint32_t domid;
    int64_t nodes, mentions; /* still to be found */
    struct change *changes;
    size_t count, cap;
    const char *owned; /* topmost owned path found last */
};

static void forget_add(struct forget *f, enum change_kind kind, const char *path,
                       struct perms *perms)
{
    if (f->count == f->cap) {
        f->cap = f->cap ? f->cap * 2 : 32;
        f->changes = xrealloc(f->changes, f->cap * sizeof(*f->changes));
    }
    f->changes[f->count++] = (struct change){.kind = kind, .path = xstrdup(path), .perms = perms};
}

static bool forget_node(void *arg, const char *path, const struct node *node)
{
    struct forget *f = arg;
    struct perms *perms = node->data->perms, *rest = perms_without(perms, f->domid);

    if (rest)
        f->mentions -= perms->count - rest->count;
    if (perms->entry[0].domid == f->domid)
        f->nodes--;
    if (f->owned && path_below(f->owned, path)) {
        perms_unref(rest); /* goes away with its parent */
    } else if (perms->entry[0].domid == f->domid && path[1]) {
        perms_unref(rest);
        forget_add(f, CHANGE_RM, path, NULL);
        f->owned = f->changes[f->count - 1].path;
    } else if (rest) {
        forget_add(f, CHANGE_PERMS, path, rest);
    }
    return f->nodes > 0 || f->mentions > 0;
}

void nodes_forget_domain(struct store *s, uint32_t domid)
{
    const struct usage *usage = account_get(&s->account, domid);
    struct forget f = {.domid = domid, .nodes = usage->nodes, .mentions = usage->mentions};
    char path[PATH_BUF] = "/";

    /* Mostly the toolstack has removed everything already: then no walk is needed. */
    if (f.nodes > 0 || f.mentions > 0)
        node_walk(s->tree.root, path, forget_node, &f);
    for (size_t i = 0; i < f.count; i++) {
        nodes_change(s, &f.changes[i]);
        perms_unref(f.changes[i].perms);
        free((void *)f.changes[i].path);
    }
    free(f.changes);
}
