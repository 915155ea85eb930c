/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A store on the host: a hypervisor made of arrays, and clients that talk to the store directly
 * ("ask") or through a ring page as a guest's kernel would ("guest_").
 */
#ifndef XENSTORE_HELPER_H
#define XENSTORE_HELPER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "domain_backend.h"
#include "journal.h"
#include "log.h"
#include "path.h"
#include "record.h"
#include "request.h"
#include "store.h"

#define FAKE_DOMAINS 16

struct fake {
    struct xenstore_domain_interface ring[FAKE_DOMAINS];
    bool exists[FAKE_DOMAINS], shutdown[FAKE_DOMAINS], mapped[FAKE_DOMAINS];
    int bound[FAKE_DOMAINS]; /* port, 0: none */
    unsigned int notified[FAKE_DOMAINS];
    int next_port;
};
static struct fake fake;

static struct xenstore_domain_interface *fake_map(void *arg, uint32_t domid, uint64_t gfn)
{
    if (domid >= FAKE_DOMAINS || gfn == 666) {
        errno = EINVAL;
        return NULL;
    }
    assert_false(fake.mapped[domid]);
    fake.mapped[domid] = true;
    return &fake.ring[domid];
}

static void fake_unmap(void *arg, uint32_t domid, struct xenstore_domain_interface *ring)
{
    assert_true(fake.mapped[domid]);
    fake.mapped[domid] = false;
}

static int fake_bind(void *arg, uint32_t domid, uint32_t remote_port)
{
    if (remote_port == 666) {
        errno = EINVAL;
        return -1;
    }
    fake.bound[domid] = ++fake.next_port;
    return fake.next_port;
}

static int fake_domid(int port)
{
    for (int i = 0; i < FAKE_DOMAINS; i++)
        if (fake.bound[i] == port)
            return i;
    fail_msg("port %d is not bound", port);
    return -1;
}

static void fake_unbind(void *arg, int port)
{
    fake.bound[fake_domid(port)] = 0;
}

static void fake_notify(void *arg, int port)
{
    fake.notified[fake_domid(port)]++;
}

static void fake_pause(void *arg, unsigned int ms)
{
}

static bool fake_alive(void *arg, uint32_t domid, bool *shutdown)
{
    *shutdown = domid < FAKE_DOMAINS && fake.shutdown[domid];
    return domid < FAKE_DOMAINS && fake.exists[domid];
}

static const struct platform fake_platform = {
    .map = fake_map,
    .unmap = fake_unmap,
    .bind = fake_bind,
    .unbind = fake_unbind,
    .notify = fake_notify,
    .alive = fake_alive,
    .pause = fake_pause,
};

static char last_log[1024];
static unsigned int log_count;

static void fake_log(const char *line)
{
    snprintf(last_log, sizeof(last_log), "%s", line);
    log_count++;
}

/* -- direct clients -- */

static char answer[XENSTORE_PAYLOAD_MAX + 64]; /* "OK", "E..." or the payload with NULs as '|' */
static char raw_answer[XENSTORE_PAYLOAD_MAX];  /* the payload as it is */
static size_t answer_len;                      /* of the payload */

/* Takes the queued messages of a connection: the reply into answer, events into @events. */
static void drain(struct store *s, struct conn *c, char *events)
{
    if (events)
        events[0] = '\0';
    list_del(&c->dirty);
    while (c->out) {
        const struct message *m = c->out;
        const char *payload = m->bytes + sizeof(struct xsd_sockmsg);
        size_t len = m->len - sizeof(struct xsd_sockmsg);

        if (!m->event) {
            answer_len = len;
            memcpy(raw_answer, payload, len);
            for (size_t i = 0; i < len; i++)
                answer[i] = payload[i] ? payload[i] : '|';
            if (len && answer[len - 1] == '|')
                len--;
            answer[len] = '\0';
        } else if (events) {
            sprintf(events + strlen(events), "%s%s:%s", events[0] ? " " : "", payload,
                    payload + strlen(payload) + 1);
        }
        conn_sent(c, m->len - m->sent);
    }
}

/* One request whose payload is @text with '|' for NUL (and one appended). */
static const char *ask_tx(struct store *s, struct conn *c, uint32_t type, uint32_t tx,
                          const char *text)
{
    struct xsd_sockmsg header = {.type = type, .req_id = 7, .tx_id = tx};
    size_t len = strlen(text) + 1;
    char *payload = malloc(len + 1); /* exact size: the sanitizer sees every overrun */

    memcpy(payload, text, len);
    payload[len] = '\0';
    for (size_t i = 0; i < len; i++)
        if (payload[i] == '|')
            payload[i] = '\0';
    header.len = (uint32_t)len;
    drain(s, c, NULL);
    strcpy(answer, "(none)");
    store_request(s, c, &header, payload);
    record_commit(s);
    free(payload);
    return answer;
}

static __attribute__((unused)) const char *ask(struct store *s, struct conn *c, uint32_t type,
                                               const char *text)
{
    ask_tx(s, c, type, 0, text);
    drain(s, c, NULL);
    return answer;
}

/* WRITE has a value without NUL. */
static __attribute__((unused)) const char *put_tx(struct store *s, struct conn *c, uint32_t tx,
                                                  const char *path, const char *value)
{
    struct xsd_sockmsg header = {.type = XS_WRITE, .req_id = 7, .tx_id = tx};
    size_t path_len = strlen(path) + 1, len = path_len + strlen(value);
    char *payload = malloc(len + 1);

    memcpy(payload, path, path_len);
    memcpy(payload + path_len, value, strlen(value) + 1);
    header.len = (uint32_t)len;
    drain(s, c, NULL);
    strcpy(answer, "(none)");
    store_request(s, c, &header, payload);
    record_commit(s);
    free(payload);
    drain(s, c, NULL);
    return answer;
}

static __attribute__((unused)) uint32_t begin_tx(struct store *s, struct conn *c)
{
    return (uint32_t)atoi(ask(s, c, XS_TRANSACTION_START, ""));
}

static __attribute__((unused)) const char *in_tx(struct store *s, struct conn *c, uint32_t type,
                                                 uint32_t tx, const char *text)
{
    ask_tx(s, c, type, tx, text);
    drain(s, c, NULL);
    return answer;
}

static __attribute__((unused)) const char *end_tx(struct store *s, struct conn *c, uint32_t tx,
                                                  const char *how)
{
    return in_tx(s, c, XS_TRANSACTION_END, tx, how);
}

/* -- guests, through their ring -- */

static __attribute__((unused)) void guest_send(uint32_t domid, const void *bytes, size_t len)
{
    struct xenstore_domain_interface *ring = &fake.ring[domid];

    for (size_t i = 0; i < len; i++)
        ring->req[MASK_XENSTORE_IDX(ring->req_prod + i)] = ((const char *)bytes)[i];
    ring->req_prod += (uint32_t)len;
}

static __attribute__((unused)) size_t guest_receive(uint32_t domid, void *bytes, size_t max)
{
    struct xenstore_domain_interface *ring = &fake.ring[domid];
    size_t n = 0;

    while (n < max && ring->rsp_cons != ring->rsp_prod)
        ((char *)bytes)[n++] = ring->rsp[MASK_XENSTORE_IDX(ring->rsp_cons++)];
    return n;
}

/* -- set-up -- */

static struct store *new_store(void)
{
    struct store *s = calloc(1, sizeof(*s));

    memset(&fake, 0, sizeof(fake));
    for (int i = 0; i < FAKE_DOMAINS; i++)
        fake.exists[i] = true;
    log_sink = fake_log;
    log_count = 0;
    store_init(s, &fake_platform);
    s->now = 100;
    return s;
}

static void delete_store(struct store *s)
{
    list_for_each_entry_safe (c, tmp, &s->conns, struct conn, of_store) {
        if (c->domain)
            continue;
        conn_close(s, c);
        free(c);
    }
    store_free(s);
    free(s);
}

static __attribute__((unused)) struct conn *new_client(struct store *s)
{
    struct conn *c = calloc(1, sizeof(*c));

    conn_init(s, c, 0, true);
    return c;
}

/* An introduced domain's connection, to be used with ask(). */
static __attribute__((unused)) struct conn *introduce(struct store *s, uint32_t domid)
{
    assert_int_equal(domain_introduce(s, domid, domid, 1), 0);
    record_commit(s);
    return &domain_find(s, domid)->conn;
}

#endif
