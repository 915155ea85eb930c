/* SPDX-License-Identifier: GPL-2.0-only */
/* Journal entries: how state is written down, and how it is read back. */
#include "record.h"
#include "journal.h"
#include "log.h"
#include "path.h"

#include <stdlib.h>
#include <string.h>

enum entry {
    ENTRY_CHANGE = 1,
    ENTRY_NODE,
    ENTRY_WATCH,
    ENTRY_UNWATCH,
    ENTRY_RESET,
    ENTRY_TX_START,
    ENTRY_TX_END,
    ENTRY_INTRODUCE,
    ENTRY_RELEASE,
    ENTRY_TARGET,
    ENTRY_SHUTDOWN,
    ENTRY_SPECIAL,
    ENTRY_QUOTA,
    ENTRY_RING_RESET,
    ENTRY_RING_IN,
    ENTRY_RING_DONE,
    ENTRY_RING_OUT,
    ENTRY_COUNT
};

/* -- writing -- */

/* The buffer to write to, with the entry's kind in it; NULL when nothing is recorded. */
static struct buf *begin(struct store *s, enum entry kind)
{
    if (!s->journal)
        return NULL;
    buf_u8(&s->record, (uint8_t)kind);
    return &s->record;
}

static void put_perms(struct buf *b, const struct perms *perms)
{
    buf_blob(b, perms ? perms->entry : NULL, perms ? perms->count * sizeof(perms->entry[0]) : 0);
}

void record_change(struct store *s, const struct change *change)
{
    struct buf *b = begin(s, ENTRY_CHANGE);

    if (!b)
        return;
    buf_u8(b, (uint8_t)change->kind);
    buf_str(b, change->path);
    buf_blob(b, change->value, change->value ? change->len : 0);
    put_perms(b, change->perms);
}

static void put_watch(struct buf *b, const struct watch *watch)
{
    buf_u32(b, watch->conn->domain->domid);
    buf_str(b, watch->path);
    buf_str(b, watch->token);
    buf_u32(b, (uint32_t)watch->depth);
    buf_u8(b, watch->hidden != 0);
}

void record_watch(struct store *s, const struct watch *watch)
{
    struct buf *b = watch->conn->domain ? begin(s, ENTRY_WATCH) : NULL;

    if (b)
        put_watch(b, watch);
}

void record_unwatch(struct store *s, const struct watch *watch)
{
    struct buf *b = watch->conn->domain ? begin(s, ENTRY_UNWATCH) : NULL;

    if (b)
        put_watch(b, watch);
}

/* Entries that consist of a domain id and one number. */
static void put_pair(struct store *s, enum entry kind, uint32_t domid, uint32_t value)
{
    struct buf *b = begin(s, kind);

    if (!b)
        return;
    buf_u32(b, domid);
    buf_u32(b, value);
}

void record_reset(struct store *s, const struct conn *conn)
{
    if (conn->domain)
        put_pair(s, ENTRY_RESET, conn->domain->domid, 0);
}

void record_transaction(struct store *s, const struct conn *conn, uint32_t id, bool start)
{
    if (conn->domain)
        put_pair(s, start ? ENTRY_TX_START : ENTRY_TX_END, conn->domain->domid, id);
}

static void put_introduce(struct buf *b, const struct domain *d, uint32_t rsp_prod)
{
    buf_u32(b, d->domid);
    buf_u64(b, d->gfn);
    buf_u32(b, d->remote_port);
    buf_u32(b, d->req_cons);
    buf_u32(b, rsp_prod);
    buf_u8(b, d->conn.broken);
}

void record_introduce(struct store *s, const struct domain *d)
{
    struct buf *b = begin(s, ENTRY_INTRODUCE);

    if (b)
        put_introduce(b, d, d->rsp_prod);
}

void record_release(struct store *s, uint32_t domid)
{
    put_pair(s, ENTRY_RELEASE, domid, 0);
}

void record_target(struct store *s, const struct domain *d)
{
    put_pair(s, ENTRY_TARGET, d->domid, d->conn.who.target);
}

void record_shutdown(struct store *s, const struct domain *d)
{
    put_pair(s, ENTRY_SHUTDOWN, d->domid, d->shutdown);
}

void record_special(struct store *s, enum special special)
{
    struct buf *b = begin(s, ENTRY_SPECIAL);

    if (!b)
        return;
    buf_u8(b, (uint8_t)special);
    put_perms(b, s->special[special]);
}

static void put_quota(struct buf *b, const struct store *s, int quota)
{
    buf_u32(b, (uint32_t)quota);
    buf_u64(b, quota < 0 ? s->soft_memory : s->quota[quota]);
}

void record_quota(struct store *s, int quota)
{
    struct buf *b = begin(s, ENTRY_QUOTA);

    if (b)
        put_quota(b, s, quota);
}

void record_ring_reset(struct store *s, const struct domain *d)
{
    struct buf *b = begin(s, ENTRY_RING_RESET);

    if (b)
        put_introduce(b, d, d->rsp_prod);
}

static void put_ring_in(struct buf *b, const struct domain *d, const void *bytes, size_t len)
{
    buf_u32(b, d->domid);
    buf_u32(b, d->req_cons);
    buf_blob(b, bytes, len);
}

void record_ring_in(struct store *s, const struct domain *d, const void *bytes, size_t len)
{
    struct buf *b = begin(s, ENTRY_RING_IN);

    if (b)
        put_ring_in(b, d, bytes, len);
}

void record_ring_done(struct store *s, const struct domain *d)
{
    put_pair(s, ENTRY_RING_DONE, d->domid, d->req_cons);
}

static void put_ring_out(struct buf *b, const struct domain *d, const struct message *message)
{
    buf_u32(b, d->domid);
    buf_blob(b, message->bytes, message->len);
}

void record_ring_out(struct store *s, const struct domain *d, const struct message *message)
{
    struct buf *b = begin(s, ENTRY_RING_OUT);

    if (b)
        put_ring_out(b, d, message);
}

void record_commit(struct store *s)
{
    if (!s->journal || !s->record.len)
        return;
    journal_append(s->journal, s->record.data, s->record.len);
    s->record.len = 0;
    if (journal_wants_compaction(s->journal)) {
        struct buf state = {0};

        record_snapshot(s, &state);
        journal_compact(s->journal, state.data, state.len);
        buf_free(&state);
    }
}

/* -- snapshot -- */

static bool put_node(void *arg, const char *path, const struct node *node)
{
    struct buf *b = arg;

    buf_u8(b, ENTRY_NODE);
    buf_str(b, path);
    buf_blob(b, node_value(node), node->data->value_len);
    put_perms(b, node->data->perms);
    return true;
}

static void put_domain(struct buf *b, const struct domain *d)
{
    const struct message *first = d->conn.out;

    buf_u8(b, ENTRY_INTRODUCE);
    /* A message that is partly sent is written whole: the position is that of its beginning. */
    put_introduce(b, d, d->rsp_prod - (first ? first->sent : 0));
    if (d->in.len) {
        buf_u8(b, ENTRY_RING_IN);
        put_ring_in(b, d, d->in.data, d->in.len);
    }
    for (const struct message *m = first; m; m = m->next) {
        buf_u8(b, ENTRY_RING_OUT);
        put_ring_out(b, d, m);
    }
    buf_u8(b, ENTRY_SHUTDOWN);
    buf_u32(b, d->domid);
    buf_u32(b, d->shutdown);
    buf_u8(b, ENTRY_TARGET);
    buf_u32(b, d->domid);
    buf_u32(b, d->conn.who.target);
    list_for_each_entry (w, &d->conn.watches, struct watch, of_conn) {
        buf_u8(b, ENTRY_WATCH);
        put_watch(b, w);
    }
    list_for_each_entry (t, &d->conn.transactions, struct transaction, of_conn) {
        buf_u8(b, ENTRY_TX_START);
        buf_u32(b, d->domid);
        buf_u32(b, t->id);
    }
}

void record_snapshot(struct store *s, struct buf *out)
{
    char path[PATH_BUF] = "/";

    node_walk(s->tree.root, path, put_node, out);
    for (unsigned int i = 0; i < DOMAIN_CHAINS; i++)
        for (const struct domain *d = s->domains[i]; d; d = d->next)
            put_domain(out, d);
    for (int i = 0; i < SPECIAL_COUNT; i++) {
        buf_u8(out, ENTRY_SPECIAL);
        buf_u8(out, (uint8_t)i);
        put_perms(out, s->special[i]);
    }
    for (int i = -1; i < QUOTA_COUNT; i++) {
        buf_u8(out, ENTRY_QUOTA);
        put_quota(out, s, i);
    }
}

/* -- reading back -- */

/* A new reference, or NULL (also for an absent list: *absent). */
static struct perms *get_perms(struct reader *r, bool *absent)
{
    uint32_t len;
    const char *bytes = read_blob(r, &len);
    struct perm first;

    *absent = r->ok && len == 0;
    if (!bytes || !len || len % sizeof(struct perm))
        return NULL;
    memcpy(&first, bytes, sizeof(first));
    struct perms *perms = perms_new(&first, 1);

    perms = xrealloc(perms, sizeof(*perms) + len);
    perms->count = (unsigned int)(len / sizeof(struct perm));
    memcpy(perms->entry, bytes, len);
    return perms;
}

static bool get_change(struct store *s, struct reader *r)
{
    struct change change = {.kind = (enum change_kind)read_u8(r)};
    bool absent, fits;

    change.path = read_str(r);
    change.value = read_blob(r, &change.len);
    change.perms = get_perms(r, &absent);
    fits =
        r->ok && change.kind < CHANGE_KINDS && path_valid(change.path) && (change.perms || absent);
    /* What is not there can only be created with permissions. */
    if (fits && !change.perms && change.kind != CHANGE_RM)
        fits = change.kind != CHANGE_PERMS && tree_lookup(s->tree.root, change.path);
    if (fits)
        node_unref(change_apply(&s->tree, &change, ++s->gen));
    perms_unref(change.perms);
    return fits;
}

static bool get_node(struct store *s, struct reader *r)
{
    const char *path = read_str(r);
    uint32_t len;
    const void *value = read_blob(r, &len);
    bool absent;
    struct perms *perms = get_perms(r, &absent);

    if (!r->ok || !perms || !path_valid(path)) {
        perms_unref(perms);
        return false;
    }
    tree_write(&s->tree, path, value, len, perms, ++s->gen);
    tree_set_perms(&s->tree, path, perms, s->gen);
    perms_unref(perms);
    return true;
}

static struct watch *same_watch(struct domain *d, const char *path, const char *token)
{
    list_for_each_entry (w, &d->conn.watches, struct watch, of_conn)
        if (!strcmp(w->path, path) && !strcmp(w->token, token))
            return w;
    return NULL;
}

static bool get_watch(struct store *s, struct reader *r, bool add)
{
    struct domain *d = domain_find(s, read_u32(r));
    const char *path = read_str(r), *token = read_str(r);
    long depth = (int32_t)read_u32(r);
    bool relative = read_u8(r);
    struct watch *w;

    if (!r->ok || !d || strlen(path) > PATH_ABS_MAX)
        return false;
    w = same_watch(d, path, token);
    if (add && !w)
        watch_insert(s, &d->conn, path, token, depth, relative ? path_home_len(d->domid) : 0);
    else if (!add && w)
        watch_free(s, w);
    return true;
}

static bool get_introduce(struct store *s, struct reader *r, bool reset)
{
    uint32_t domid = read_u32(r);
    uint64_t gfn = read_u64(r);
    uint32_t port = read_u32(r), req_cons = read_u32(r), rsp_prod = read_u32(r);
    bool broken = read_u8(r);
    struct domain *d = domain_find(s, domid);

    if (!r->ok || (reset && !d))
        return false;
    if (!d)
        d = domain_new(s, domid, gfn, port);
    conn_reset(s, &d->conn);
    conn_drop_output(&d->conn);
    d->gfn = gfn;
    d->remote_port = port;
    d->shutdown = reset && d->shutdown;
    d->req_cons = req_cons;
    d->rsp_prod = rsp_prod;
    d->in.len = 0;
    d->conn.broken = broken;
    return true;
}

static bool get_ring(struct store *s, struct reader *r, enum entry kind)
{
    struct domain *d = domain_find(s, read_u32(r));
    uint32_t len = 0, pos = kind == ENTRY_RING_OUT ? 0 : read_u32(r);
    const char *bytes = kind == ENTRY_RING_DONE ? NULL : read_blob(r, &len);

    if (!r->ok || !d)
        return false;
    if (kind == ENTRY_RING_OUT)
        return conn_restore_output(s, &d->conn, bytes, len);
    d->req_cons = pos;
    if (kind == ENTRY_RING_DONE)
        d->in.len = 0;
    else if (d->in.len + len > sizeof(struct xsd_sockmsg) + XENSTORE_PAYLOAD_MAX)
        return false;
    else
        buf_add(&d->in, bytes, len);
    return true;
}

/* Entries that consist of a domain id and one number. */
static bool get_pair(struct store *s, struct reader *r, enum entry kind)
{
    uint32_t domid = read_u32(r), value = read_u32(r);
    struct domain *d = domain_find(s, domid);
    struct transaction *t;

    if (!r->ok || !d)
        return r->ok; /* its connection was closed after its release: nothing to do */
    switch (kind) {
    case ENTRY_RESET:
        conn_reset(s, &d->conn);
        break;
    case ENTRY_TX_START:
        if (!transaction_find(&d->conn, value))
            transaction_new(s, &d->conn, value);
        break;
    case ENTRY_TX_END:
        t = transaction_find(&d->conn, value);
        if (t) {
            d->conn.transaction_count--;
            transaction_free(s, t);
        }
        break;
    case ENTRY_RELEASE:
        domain_disconnect(s, d);
        break;
    case ENTRY_TARGET:
        d->conn.who.target = value;
        break;
    default:
        d->shutdown = value;
        break;
    }
    return true;
}

static bool get_special(struct store *s, struct reader *r)
{
    unsigned int special = read_u8(r);
    bool absent;
    struct perms *perms = get_perms(r, &absent);

    if (!r->ok || !perms || special >= SPECIAL_COUNT) {
        perms_unref(perms);
        return false;
    }
    perms_unref(s->special[special]);
    s->special[special] = perms;
    return true;
}

static bool get_quota(struct store *s, struct reader *r)
{
    int32_t quota = (int32_t)read_u32(r);
    uint64_t value = read_u64(r);

    if (!r->ok || quota < -1 || quota >= QUOTA_COUNT)
        return false;
    *(quota < 0 ? &s->soft_memory : &s->quota[quota]) = value;
    return true;
}

static bool replay_entry(struct store *s, struct reader *r)
{
    enum entry kind = (enum entry)read_u8(r);

    switch (kind) {
    case ENTRY_CHANGE:
        return get_change(s, r);
    case ENTRY_NODE:
        return get_node(s, r);
    case ENTRY_WATCH:
    case ENTRY_UNWATCH:
        return get_watch(s, r, kind == ENTRY_WATCH);
    case ENTRY_INTRODUCE:
    case ENTRY_RING_RESET:
        return get_introduce(s, r, kind == ENTRY_RING_RESET);
    case ENTRY_SPECIAL:
        return get_special(s, r);
    case ENTRY_QUOTA:
        return get_quota(s, r);
    case ENTRY_RING_IN:
    case ENTRY_RING_DONE:
    case ENTRY_RING_OUT:
        return get_ring(s, r, kind);
    case ENTRY_RESET:
    case ENTRY_TX_START:
    case ENTRY_TX_END:
    case ENTRY_RELEASE:
    case ENTRY_TARGET:
    case ENTRY_SHUTDOWN:
        return get_pair(s, r, kind);
    default:
        return false;
    }
}

bool record_replay(struct store *s, const char *data, size_t len)
{
    struct reader r = {.data = data, .len = len, .ok = true};

    while (r.pos < len)
        if (!replay_entry(s, &r))
            return false;
    return true;
}
