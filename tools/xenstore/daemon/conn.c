/* SPDX-License-Identifier: GPL-2.0-only */
/* Connections: output queue, watches and transactions of a client, whatever its transport. */
#include "log.h"
#include "record.h"
#include "store.h"

#include <stdlib.h>
#include <string.h>

/* A client of the control domain that does not read its socket is cut off at this much output. */
#define SOCKET_BACKLOG_MAX (64u << 20)
/* So many queued events are searched for an equal one before another is added. */
#define MERGE_WINDOW 64

void conn_init(struct store *s, struct conn *conn, uint32_t domid, bool privileged)
{
    memset(conn, 0, sizeof(*conn));
    conn->who = (struct caller){.domid = domid, .target = DOMID_NONE, .privileged = privileged};
    conn->serial = ++s->conn_serial;
    list_init(&conn->dirty);
    list_init(&conn->watches);
    list_init(&conn->transactions);
    conn->out_last = &conn->out;
    list_add_tail(&conn->of_store, &s->conns);
    s->conn_count++;
}

void conn_reset(struct store *s, struct conn *conn)
{
    if (conn->watch_count || conn->transaction_count)
        record_reset(s, conn);
    list_for_each_entry_safe (w, w_tmp, &conn->watches, struct watch, of_conn)
        watch_free(s, w);
    list_for_each_entry_safe (t, t_tmp, &conn->transactions, struct transaction, of_conn)
        transaction_free(s, t);
    conn->transaction_count = 0;
}

void conn_drop_output(struct conn *conn)
{
    while (conn->out) {
        struct message *m = conn->out;

        conn->out = m->next;
        free(m);
    }
    conn->out_last = &conn->out;
    conn->out_bytes = conn->out_replies = conn->out_events = 0;
}

void conn_close(struct store *s, struct conn *conn)
{
    conn_reset(s, conn);
    conn_drop_output(conn);
    list_del(&conn->dirty);
    list_del(&conn->of_store);
    s->conn_count--;
    if (s->right_of_way.serial == conn->serial)
        s->right_of_way.serial = 0;
}

/* A message with the first @len bytes of its payload filled in. */
static struct message *message_new(const struct xsd_sockmsg *header, const void *payload,
                                   size_t len)
{
    struct message *m = xalloc(sizeof(*m) + sizeof(*header) + header->len);

    m->next = NULL;
    m->sent = 0;
    m->len = (uint32_t)sizeof(*header) + header->len;
    m->event = header->type == XS_WATCH_EVENT;
    memcpy(m->bytes, header, sizeof(*header));
    if (len)
        memcpy(m->bytes + sizeof(*header), payload, len);
    return m;
}

static void enqueue(struct store *s, struct conn *conn, struct message *m)
{
    if (conn->broken) {
        free(m);
        return;
    }
    *conn->out_last = m;
    conn->out_last = &m->next;
    conn->out_bytes += m->len;
    conn->out_events += m->event;
    conn->out_replies += !m->event;
    if (conn->domain)
        record_ring_out(s, conn->domain, m);
    else if (conn->out_bytes > SOCKET_BACKLOG_MAX)
        conn->broken = true;
    if (list_empty(&conn->dirty))
        list_add_tail(&conn->dirty, &s->dirty);
}

void conn_queue(struct store *s, struct conn *conn, const struct xsd_sockmsg *header,
                const void *payload)
{
    enqueue(s, conn, message_new(header, payload, header->len));
}

bool conn_restore_output(struct store *s, struct conn *conn, const char *bytes, size_t len)
{
    struct xsd_sockmsg header;

    if (len < sizeof(header))
        return false;
    memcpy(&header, bytes, sizeof(header));
    if (header.len != len - sizeof(header) || header.len > XENSTORE_PAYLOAD_MAX)
        return false;
    conn_queue(s, conn, &header, bytes + sizeof(header));
    return true;
}

/* An equal event that the client has not begun to receive makes another one pointless. */
static bool event_pending(const struct conn *conn, const struct message *event)
{
    unsigned int window = MERGE_WINDOW;

    if (!conn->out_events)
        return false;
    for (const struct message *m = conn->out; m && window; m = m->next, window--)
        if (m->event && !m->sent && m->len == event->len &&
            !memcmp(m->bytes, event->bytes, event->len))
            return true;
    return false;
}

static struct message *event_new(const char *path, const char *token)
{
    size_t path_len = strlen(path) + 1, token_len = strlen(token) + 1;
    struct xsd_sockmsg header = {.type = XS_WATCH_EVENT, .len = (uint32_t)(path_len + token_len)};
    struct message *m;

    /* Too long for the protocol: the token leaves no room for this path. */
    if (path_len + token_len > XENSTORE_PAYLOAD_MAX)
        return NULL;
    m = message_new(&header, path, path_len);
    memcpy(m->bytes + sizeof(header) + path_len, token, token_len);
    return m;
}

void conn_queue_event(struct store *s, struct conn *conn, const char *path, const char *token)
{
    struct message *m = event_new(path, token);

    if (!m || !quota_allows(s, conn, QUOTA_MEMORY, (int64_t)(conn->out_bytes + m->len))) {
        s->stats.events_dropped++;
        free(m);
        return;
    }
    if (event_pending(conn, m)) {
        s->stats.events_merged++;
        free(m);
        return;
    }
    s->stats.events++;
    if (s->trace)
        trace_message("EVENT", conn->serial, conn->who.domid, "WATCH_EVENT", 0,
                      m->bytes + sizeof(struct xsd_sockmsg), m->len - sizeof(struct xsd_sockmsg));
    enqueue(s, conn, m);
}

void conn_sent(struct conn *conn, size_t bytes)
{
    conn->out_bytes -= bytes;
    while (bytes) {
        struct message *m = conn->out;
        size_t rest = m->len - m->sent;

        if (bytes < rest) {
            m->sent += (uint32_t)bytes;
            return;
        }
        bytes -= rest;
        conn->out_events -= m->event;
        conn->out_replies -= !m->event;
        conn->out = m->next;
        if (!conn->out)
            conn->out_last = &conn->out;
        free(m);
    }
}
