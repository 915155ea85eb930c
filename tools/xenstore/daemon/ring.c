/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Transport over a page shared with a domain. The page is hostile: every byte of it is read once.
 *
 * Order makes it crash-consistent: first a request is copied out of the ring, then handled, then
 * the journal gets its effects together with the new ring position and the reply, and only then
 * the position is published and the reply written into the ring. Killed before the journal record,
 * the request is still in the ring; killed after it, the next start publishes the position and
 * continues the output where the ring's own rsp_prod says it ended.
 */
#include "log.h"
#include "record.h"
#include "store.h"

#include <string.h>

/* Third feature: WATCH takes a depth (docs: xenstore-ring). */
#define FEATURE_WATCH_DEPTH 4u
#define FEATURES \
    (XENSTORE_SERVER_FEATURE_RECONNECTION | XENSTORE_SERVER_FEATURE_ERROR | FEATURE_WATCH_DEPTH)

/* Requests of one domain handled in a row before others get their turn. */
#define BATCH             16

#define get(field)        __atomic_load_n(&(field), __ATOMIC_ACQUIRE)
#define put(field, value) __atomic_store_n(&(field), (value), __ATOMIC_RELEASE)

static void announce(struct domain *d)
{
    put(d->ring->server_features, FEATURES);
    put(d->ring->error, XENSTORE_ERROR_NONE);
    if (get(d->ring->connection) == XENSTORE_RECONNECT)
        put(d->ring->connection, XENSTORE_CONNECTED);
    d->notify = true;
}

void ring_attach(struct store *s, struct domain *d)
{
    d->req_cons = get(d->ring->req_cons);
    d->rsp_prod = get(d->ring->rsp_prod);
    d->in.len = 0;
    announce(d);
}

void ring_reattach(struct store *s, struct domain *d)
{
    uint32_t delivered = get(d->ring->rsp_prod) - d->rsp_prod;

    if (delivered > d->conn.out_bytes) {
        log_line("domain %u: ring positions changed behind our back; its replies are lost",
                 d->domid);
        delivered = 0;
        conn_drop_output(&d->conn);
    }
    conn_sent(&d->conn, delivered);
    d->rsp_prod = get(d->ring->rsp_prod);
    put(d->ring->req_cons, d->req_cons);
    d->notify = true;
    if (d->conn.out && list_empty(&d->conn.dirty))
        list_add_tail(&d->conn.dirty, &s->dirty);
}

/* The domain broke the rules: nothing more is read from it until it asks for a reconnection. */
static void ring_error(struct store *s, struct domain *d, uint32_t error, const char *why)
{
    log_line("domain %u: %s: connection stopped", d->domid, why);
    conn_reset(s, &d->conn);
    conn_drop_output(&d->conn);
    d->in.len = 0;
    d->conn.broken = true;
    record_ring_reset(s, d);
    record_commit(s);
    put(d->ring->error, error);
    d->notify = true;
}

/* The domain asked for a fresh start. */
static void ring_reconnect(struct store *s, struct domain *d)
{
    conn_reset(s, &d->conn);
    conn_drop_output(&d->conn);
    d->in.len = 0;
    d->conn.broken = false;
    d->req_cons = d->rsp_prod = 0;
    record_ring_reset(s, d);
    record_commit(s);
    put(d->ring->req_cons, 0);
    put(d->ring->req_prod, 0);
    put(d->ring->rsp_cons, 0);
    put(d->ring->rsp_prod, 0);
    put(d->ring->error, XENSTORE_ERROR_NONE);
    put(d->ring->connection, XENSTORE_CONNECTED);
    d->notify = true;
}

/* A request being put together: what was consumed before, then what the ring holds. */
struct assembly {
    uint32_t have, used, avail;
    char *bytes; /* the domain's buffer */
};

static void pull(const struct domain *d, struct assembly *a, uint32_t want)
{
    uint32_t take = want > a->have ? want - a->have : 0;

    if (take > a->avail - a->used)
        take = a->avail - a->used;
    while (take) {
        uint32_t at = MASK_XENSTORE_IDX(d->req_cons + a->used);
        uint32_t run = XENSTORE_RING_SIZE - at < take ? XENSTORE_RING_SIZE - at : take;

        memcpy(a->bytes + a->have, d->ring->req + at, run);
        a->have += run;
        a->used += run;
        take -= run;
    }
}

/*
 * Not complete yet: what is there is taken all the same. Linux sends an event for the later parts
 * of a message only if everything before was consumed, so leaving a part in the ring would end in
 * both sides waiting for each other.
 */
static bool keep_partial(struct store *s, struct domain *d, const struct assembly *a)
{
    if (!a->used)
        return false;
    d->req_cons += a->used;
    record_ring_in(s, d, a->bytes + d->in.len, a->used);
    d->in.len += a->used;
    record_commit(s);
    put(d->ring->req_cons, d->req_cons);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    d->notify = true;
    return true;
}

enum step { STEP_DONE, STEP_NOTHING, STEP_BROKEN };

static enum step ring_step(struct store *s, struct domain *d)
{
    struct assembly a;
    struct xsd_sockmsg header;

    if (get(d->ring->connection) == XENSTORE_RECONNECT) {
        ring_reconnect(s, d);
        return STEP_DONE;
    }
    if (d->conn.broken)
        return STEP_BROKEN;
    if (d->conn.out_replies &&
        !quota_allows(s, &d->conn, QUOTA_OUTSTANDING, d->conn.out_replies + 1))
        return STEP_NOTHING; /* goes on when the domain has fetched its replies */
    a.avail = get(d->ring->req_prod) - d->req_cons;
    if (a.avail > XENSTORE_RING_SIZE) {
        ring_error(s, d, XENSTORE_ERROR_RINGIDX, "its request ring has impossible positions");
        return STEP_BROKEN;
    }
    if (!a.avail)
        return STEP_NOTHING;
    a.used = 0;
    a.have = (uint32_t)d->in.len;
    buf_reserve(&d->in, sizeof(header) + XENSTORE_PAYLOAD_MAX + 1);
    a.bytes = d->in.data;
    pull(d, &a, sizeof(header));
    if (a.have < sizeof(header))
        return keep_partial(s, d, &a) ? STEP_DONE : STEP_NOTHING;
    memcpy(&header, a.bytes, sizeof(header));
    if (header.len > XENSTORE_PAYLOAD_MAX) {
        ring_error(s, d, XENSTORE_ERROR_PROTO, "it announced a message longer than allowed");
        return STEP_BROKEN;
    }
    pull(d, &a, (uint32_t)sizeof(header) + header.len);
    if (a.have < sizeof(header) + header.len)
        return keep_partial(s, d, &a) ? STEP_DONE : STEP_NOTHING;
    a.bytes[a.have] = '\0';

    d->req_cons += a.used;
    d->in.len = 0;
    record_ring_done(s, d);
    store_request(s, &d->conn, &header, a.bytes + sizeof(header));
    record_commit(s);
    put(d->ring->req_cons, d->req_cons);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    d->notify = true;
    return STEP_DONE;
}

bool ring_input(struct store *s, struct domain *d, unsigned int limit)
{
    while (d->ring && limit--)
        if (ring_step(s, d) != STEP_DONE)
            return false;
    return d->ring;
}

void ring_output(struct store *s, struct domain *d)
{
    uint32_t space;

    if (!d->ring)
        return;
    space = XENSTORE_RING_SIZE - (d->rsp_prod - get(d->ring->rsp_cons));
    if (space > XENSTORE_RING_SIZE && d->conn.out) {
        ring_error(s, d, XENSTORE_ERROR_RINGIDX, "its reply ring has impossible positions");
        space = 0;
    }
    while (d->conn.out && space && !d->conn.broken) {
        const struct message *m = d->conn.out;
        uint32_t at = MASK_XENSTORE_IDX(d->rsp_prod), run = m->len - m->sent;

        if (run > space)
            run = space;
        if (run > XENSTORE_RING_SIZE - at)
            run = XENSTORE_RING_SIZE - at;
        memcpy(d->ring->rsp + at, m->bytes + m->sent, run);
        d->rsp_prod += run;
        space -= run;
        conn_sent(&d->conn, run);
        put(d->ring->rsp_prod, d->rsp_prod);
        d->notify = true;
    }
    if (d->notify && d->port >= 0)
        s->platform->notify(s->platform->arg, d->port);
    d->notify = false;
}

static bool must_wait(const struct store *s, const struct domain *d)
{
    return s->right_of_way.serial && s->now_ms < s->right_of_way.until && !d->conn.who.privileged;
}

enum rings rings_run(struct store *s)
{
    enum rings result = RINGS_IDLE;
    struct list round;

    /* Take the list over: domains may come and go while requests run. */
    list_init(&round);
    while (!list_empty(&s->active)) {
        struct domain *d = container_of(s->active.next, struct domain, active);

        list_del(&d->active);
        list_add_tail(&d->active, &round);
    }
    while (!list_empty(&round)) {
        struct domain *d = container_of(round.next, struct domain, active);
        bool wait = must_wait(s, d);

        list_del(&d->active);
        ring_output(s, d);
        if (wait || ring_input(s, d, BATCH)) {
            domain_wake(s, d);
            result = wait && result == RINGS_IDLE ? RINGS_LATER : wait ? result : RINGS_MORE;
        }
        ring_output(s, d);
    }
    list_for_each_entry_safe (c, tmp, &s->dirty, struct conn, dirty) {
        if (!c->domain)
            continue;
        list_del(&c->dirty);
        ring_output(s, c->domain);
    }
    return result;
}
