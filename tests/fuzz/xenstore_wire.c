/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fuzzer of xenstored's wire protocol. The input is a script: requests of two guests and of the
 * control domain, and raw bytes written into a guest's ring page, positions included. Afterwards
 * the tree must be sound, the accounts right, and the journal must reproduce the state.
 */
#include "domain_backend.h"
#include "log.h"
#include "record.h"
#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define GUESTS 2
static struct xenstore_domain_interface rings[GUESTS];

static struct xenstore_domain_interface *map(void *arg, uint32_t domid, uint64_t gfn)
{
    errno = EINVAL;
    return domid >= 1 && domid <= GUESTS ? &rings[domid - 1] : NULL;
}

static void unmap(void *arg, uint32_t domid, struct xenstore_domain_interface *ring)
{
}

static int bind_port(void *arg, uint32_t domid, uint32_t remote_port)
{
    return (int)domid;
}

static void port(void *arg, int number)
{
}

static bool alive(void *arg, uint32_t domid, bool *shutdown)
{
    *shutdown = domid == 2;
    return domid <= GUESTS;
}

static void no_pause(void *arg, unsigned int ms)
{
}

static const struct platform platform = {.map = map,
                                         .unmap = unmap,
                                         .bind = bind_port,
                                         .unbind = port,
                                         .notify = port,
                                         .alive = alive,
                                         .pause = no_pause};

static void silent(const char *line)
{
}

/* -- the script -- */

struct script {
    const uint8_t *data;
    size_t size;
};

static uint8_t next(struct script *s)
{
    if (!s->size)
        return 0;
    s->size--;
    return *s->data++;
}

static void request(struct store *s, struct conn *c, struct script *script)
{
    struct xsd_sockmsg header = {.type = next(script) % 24};
    uint8_t tx = next(script);
    char *payload;

    header.tx_id = tx < 200 ? tx % 8 : s->next_transaction;
    header.len = next(script);
    if (header.len > script->size)
        header.len = (uint32_t)script->size;
    payload = malloc(header.len + 1); /* exact: overruns are seen */
    memcpy(payload, script->data, header.len);
    payload[header.len] = '\0';
    script->data += header.len;
    script->size -= header.len;
    /* Commands that open files or write to the log are not for a fuzzer. */
    if (header.type != XS_CONTROL || !strncmp(payload, "quota", 5) || !strncmp(payload, "che", 3) ||
        !strncmp(payload, "st", 2))
        store_request(s, c, &header, payload);
    free(payload);
}

static void ring_bytes(struct script *script)
{
    struct xenstore_domain_interface *ring = &rings[next(script) % GUESTS];
    uint8_t what = next(script);
    uint32_t len = next(script);

    if (what >= 250) { /* lies */
        uint32_t *field = &ring->req_cons + what % 6;

        *field += (uint32_t)(int8_t)len * (what & 1 ? 1u : 700u);
        return;
    }
    for (; len && script->size; len--)
        ring->req[MASK_XENSTORE_IDX(ring->req_prod++)] = (char)next(script);
    if (what & 1) /* the guest reads */
        ring->rsp_cons = ring->rsp_prod;
}

/* Nobody reads: output of direct requests is thrown away. */
static void discard(struct store *s)
{
    while (!list_empty(&s->dirty)) {
        struct conn *c = container_of(s->dirty.next, struct conn, dirty);

        list_del(&c->dirty);
        if (!c->domain)
            conn_drop_output(c);
    }
}

static void play(struct store *s, struct conn *root, struct script *script)
{
    while (script->size > 3) {
        uint8_t who = next(script) % 8;
        struct domain *d = domain_find(s, 1 + who % GUESTS);

        if (who < 3)
            request(s, root, script);
        else if (who < 6 && d)
            request(s, &d->conn, script);
        else
            ring_bytes(script);
        for (uint32_t i = 1; i <= GUESTS; i++)
            if ((d = domain_find(s, i)))
                domain_wake(s, d);
        for (int i = 0; i < 8 && rings_run(s) == RINGS_MORE; i++)
            ;
        discard(s);
        s->now_ms += who * 10;
        if (who == 7)
            domains_check(s);
    }
}

/* -- afterwards -- */

static void check(struct store *s)
{
    struct buf state = {0}, again = {0};
    struct store copy;
    uint64_t nodes;

    if (tree_check(s->tree.root, &nodes) || nodes != (uint64_t)s->account.nodes)
        abort();
    record_snapshot(s, &state);
    store_init(&copy, domain_backend_none());
    if (!record_replay(&copy, state.data, state.len))
        abort();
    if (copy.account.nodes != s->account.nodes || copy.account.bytes != s->account.bytes ||
        copy.domain_count != s->domain_count)
        abort();
    record_snapshot(&copy, &again);
    if (again.len != state.len)
        abort();
    store_free(&copy);
    buf_free(&state);
    buf_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct script script = {data, size};
    struct conn root;
    struct store s;

    log_sink = silent;
    memset(rings, 0, sizeof(rings));
    store_init(&s, &platform);
    conn_init(&s, &root, 0, true);
    for (uint32_t domid = 1; domid <= GUESTS; domid++)
        domain_introduce(&s, domid, 1, 1);
    play(&s, &root, &script);
    check(&s);
    conn_close(&s, &root);
    store_free(&s);
    return 0;
}
