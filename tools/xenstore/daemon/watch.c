/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Watches: a hash table by path. An event on a path looks up each of its prefixes once, so its
 * cost depends on the depth of the path and the number of matching watches only.
 */
#include "path.h"
#include "record.h"
#include "store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const special_name[SPECIAL_COUNT] = {"@introduceDomain", "@releaseDomain"};

static uint64_t path_hash(const char *path)
{
    return hash_end(hash_add(hash_start(), path, strlen(path)));
}

static struct watch **chain_of(struct watch_index *index, uint64_t hash)
{
    return &index->chain[hash & (index->size - 1)];
}

static void index_grow(struct watch_index *index)
{
    struct watch_index bigger = {.size = index->size ? index->size * 2 : 64, .count = index->count};

    bigger.chain = xzalloc(bigger.size * sizeof(*bigger.chain));
    for (unsigned int i = 0; i < index->size; i++) {
        struct watch *w = index->chain[i], *next;

        for (; w; w = next) {
            struct watch **link = chain_of(&bigger, w->hash);

            while (*link)
                link = &(*link)->next;
            next = w->next;
            w->next = NULL;
            *link = w;
        }
    }
    free(index->chain);
    *index = bigger;
}

struct watch *watch_insert(struct store *s, struct conn *conn, const char *path, const char *token,
                           long depth, size_t hidden)
{
    size_t len = strlen(path) + 1;
    struct watch *w = xzalloc(sizeof(*w) + len);
    struct watch **link;

    if (s->watches.count >= s->watches.size)
        index_grow(&s->watches);
    memcpy(w->path, path, len);
    w->token = xstrdup(token);
    w->conn = conn;
    w->depth = depth;
    w->hidden = hidden;
    w->hash = path_hash(path);
    /* At the end of the chain: events go out in the order of registration. */
    for (link = chain_of(&s->watches, w->hash); *link; link = &(*link)->next)
        ;
    *link = w;
    s->watches.count++;
    list_add_tail(&w->of_conn, &conn->watches);
    conn->watch_count++;
    record_watch(s, w);
    return w;
}

void watch_free(struct store *s, struct watch *watch)
{
    struct watch **link = chain_of(&s->watches, watch->hash);

    while (*link != watch)
        link = &(*link)->next;
    *link = watch->next;
    s->watches.count--;
    list_del(&watch->of_conn);
    watch->conn->watch_count--;
    free(watch->token);
    free(watch);
}

bool watch_is_relative(const struct watch *watch)
{
    return watch->hidden != 0;
}

/* Absolute form of a watch path; *hidden: bytes its events do not show. */
static int watch_path(struct conn *conn, const char *path, char *out, size_t *hidden)
{
    *hidden = 0;
    if (path_is_special(path)) {
        if (strlen(path) > PATH_ABS_MAX)
            return EINVAL;
        strcpy(out, path);
        return 0;
    }
    if (!path_canonical(out, conn->who.domid, path))
        return EINVAL;
    if (path[0] != '/')
        *hidden = path_home_len(conn->who.domid);
    return 0;
}

static struct watch *watch_find(struct store *s, struct conn *conn, const char *path,
                                const char *token)
{
    if (!s->watches.size)
        return NULL;
    for (struct watch *w = *chain_of(&s->watches, path_hash(path)); w; w = w->next)
        if (w->conn == conn && !strcmp(w->path, path) && !strcmp(w->token, token))
            return w;
    return NULL;
}

int watch_add(struct store *s, struct conn *conn, const char *path, const char *token, long depth)
{
    char full[PATH_BUF];
    size_t hidden;
    int err = watch_path(conn, path, full, &hidden);

    if (err)
        return err;
    if (path_is_special(full) && depth != -1 && depth != 1)
        return EINVAL;
    if (watch_find(s, conn, full, token))
        return EEXIST;
    if (!quota_allows(s, conn, QUOTA_PATH_MAX, (int64_t)strlen(full)))
        return EINVAL;
    if (!quota_allows(s, conn, QUOTA_WATCHES, conn->watch_count + 1))
        return E2BIG;
    watch_insert(s, conn, full, token, depth, hidden);
    return 0;
}

int watch_remove(struct store *s, struct conn *conn, const char *path, const char *token)
{
    char full[PATH_BUF];
    size_t hidden;
    struct watch *w;
    int err = watch_path(conn, path, full, &hidden);

    if (err)
        return err;
    w = watch_find(s, conn, full, token);
    if (!w)
        return ENOENT;
    record_unwatch(s, w);
    watch_free(s, w);
    return 0;
}

static bool may_see(const struct conn *conn, const struct perms *now, const struct perms *before)
{
    return (now && (perms_access(now, &conn->who) & PERM_READ)) ||
           (before && (perms_access(before, &conn->who) & PERM_READ));
}

/* Sends the event @path to the watches of exactly the first @len bytes of it. */
static void fire_prefix(struct store *s, uint64_t hash, const char *path, size_t len,
                        unsigned int below, const struct perms *now, const struct perms *before)
{
    for (struct watch *w = *chain_of(&s->watches, hash); w; w = w->next) {
        if (w->hash != hash || strncmp(w->path, path, len) || w->path[len])
            continue;
        if (w->depth >= 0 && below > (unsigned long)w->depth)
            continue;
        if (may_see(w->conn, now, before))
            conn_queue_event(s, w->conn, path + w->hidden, w->token);
    }
}

void watch_fire(struct store *s, const char *path, const struct perms *now,
                const struct perms *before)
{
    unsigned int below = path_depth(path);
    uint64_t hash = hash_start();
    size_t len = 1;

    if (!s->watches.count)
        return;
    hash = hash_add(hash, path, 1);
    fire_prefix(s, hash_end(hash), path, 1, below, now, before);
    while (path[len]) {
        size_t end = len + strcspn(path + len, "/");

        /* "/" + "a" gives "/a"; from there on the slash comes first: "/a" + "/b". */
        hash = hash_add(hash, path + len, end - len);
        fire_prefix(s, hash_end(hash), path, end, --below, now, before);
        if (!path[end])
            break;
        hash = hash_add(hash, path + end, 1);
        len = end + 1;
    }
}

static bool fire_removed(void *arg, const char *path, const struct node *node)
{
    struct store *s = arg;
    uint64_t hash = path_hash(path);

    fire_prefix(s, hash, path, strlen(path), 0, node->data->perms, NULL);
    return true;
}

void watch_fire_below(struct store *s, const char *path, const struct node *node)
{
    char buf[PATH_BUF];

    if (!s->watches.count)
        return;
    /* The node itself is reported by watch_fire: visit its children only. */
    strcpy(buf, path);
    node_walk_children(node, buf, fire_removed, s);
}

void watch_fire_special(struct store *s, enum special special, uint32_t domid)
{
    const char *name = special_name[special];
    char with_domid[64];

    snprintf(with_domid, sizeof(with_domid), "%s/%u", name, domid);
    if (!s->watches.count)
        return;
    for (struct watch *w = *chain_of(&s->watches, path_hash(name)); w; w = w->next)
        if (!strcmp(w->path, name) && may_see(w->conn, s->special[special], NULL))
            conn_queue_event(s, w->conn, w->depth == 1 ? with_domid : name, w->token);
    for (struct watch *w = *chain_of(&s->watches, path_hash(with_domid)); w; w = w->next)
        if (!strcmp(w->path, with_domid) && may_see(w->conn, s->special[special], NULL))
            conn_queue_event(s, w->conn, with_domid, w->token);
}
