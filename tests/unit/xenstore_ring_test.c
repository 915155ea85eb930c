/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * xenstored's rings: requests cut at every byte, wrap-around, slow readers, domains that lie about
 * positions and lengths, reconnection, and what is left after a restart in the middle.
 */
#include "xenstore_helper.h"

static const uint32_t D = 5;

static size_t request_bytes(char *out, uint32_t type, uint32_t req_id, uint32_t tx,
                            const char *payload, size_t len)
{
    struct xsd_sockmsg header = {.type = type, .req_id = req_id, .tx_id = tx, .len = (uint32_t)len};

    memcpy(out, &header, sizeof(header));
    memcpy(out + sizeof(header), payload, len);
    return sizeof(header) + len;
}

static void run(struct store *s)
{
    domain_wake(s, domain_find(s, D));
    while (rings_run(s) == RINGS_MORE)
        ;
}

/* Everything in the reply ring; the guest reads it now. */
static size_t receive(struct store *s, char *out, size_t max)
{
    size_t got = 0, n;

    while ((n = guest_receive(D, out + got, max - got))) {
        got += n;
        run(s);
    }
    return got;
}

static struct store *with_guest(uint32_t start)
{
    struct store *s = new_store();
    struct conn *root = new_client(s);
    struct xenstore_domain_interface *ring = &fake.ring[D];

    ring->req_cons = ring->req_prod = ring->rsp_cons = ring->rsp_prod = start;
    introduce(s, D);
    ask(s, root, XS_MKDIR, "/local/domain/5");
    ask(s, root, XS_SET_PERMS, "/local/domain/5|n5");
    run(s);
    assert_int_equal(ring->server_features, 7);
    return s;
}

static void cut_everywhere(void **state)
{
    char bytes[128], reply[256];
    size_t len = request_bytes(bytes, XS_WRITE, 42, 0, "data/x\0value", 12);
    struct xsd_sockmsg header;

    for (size_t cut = 0; cut <= len; cut++) {
        /* Positions that wrap around 2^32 as well as around the ring. */
        struct store *s = with_guest((uint32_t) - (int)cut - 3);

        guest_send(D, bytes, cut);
        run(s);
        /* Linux sends the event for the rest only if the first part was taken. */
        assert_int_equal(fake.ring[D].req_cons, fake.ring[D].req_prod);
        guest_send(D, bytes + cut, len - cut);
        run(s);
        assert_int_equal(receive(s, reply, sizeof(reply)), sizeof(header) + 3);
        memcpy(&header, reply, sizeof(header));
        assert_int_equal(header.type, XS_WRITE);
        assert_int_equal(header.req_id, 42);
        assert_string_equal(reply + sizeof(header), "OK");
        assert_int_equal(fake.ring[D].req_cons, fake.ring[D].req_prod);
        assert_true(fake.notified[D] > 0);
        delete_store(s);
    }
}

static void larger_than_the_ring(void **state)
{
    static char value[2000], bytes[4200], reply[4200];
    struct store *s = with_guest(7);
    size_t len, sent = 0;

    memset(value, 'v', sizeof(value));
    memcpy(value, "x", 2); /* path and NUL */
    len = request_bytes(bytes, XS_WRITE, 1, 0, value, sizeof(value));
    while (sent < len) {
        uint32_t space = XENSTORE_RING_SIZE - (fake.ring[D].req_prod - fake.ring[D].req_cons);
        size_t n = len - sent < space ? len - sent : space;

        assert_true(n > 0);
        guest_send(D, bytes + sent, n);
        sent += n;
        run(s);
    }
    assert_int_equal(receive(s, reply, sizeof(reply)), 19);
    /* The answer is longer than the ring too, and the guest fetches it byte by byte. */
    guest_send(D, bytes, request_bytes(bytes, XS_READ, 2, 0, "x", 2));
    run(s);
    for (sent = 0; sent < 16 + sizeof(value) - 2; sent++) {
        assert_int_equal(guest_receive(D, reply + sent, 1), 1);
        run(s);
    }
    assert_memory_equal(reply + 16, value + 2, sizeof(value) - 2);
    assert_int_equal(receive(s, reply, sizeof(reply)), 0);
    delete_store(s);
}

static void many_at_once(void **state)
{
    static char bytes[64], reply[65536];
    struct store *s = with_guest(0);
    size_t got = 0, requests = 0, at = 0, replies = 0;

    for (int round = 0; round < 50; round++) {
        while (XENSTORE_RING_SIZE - (fake.ring[D].req_prod - fake.ring[D].req_cons) >= 32) {
            guest_send(D, bytes, request_bytes(bytes, XS_MKDIR, (uint32_t)requests, 0, "a", 2));
            requests++;
        }
        run(s);
        got += receive(s, reply + got, sizeof(reply) - got);
    }
    while (at < got) { /* one reply for each, in order */
        struct xsd_sockmsg header;

        memcpy(&header, reply + at, sizeof(header));
        assert_int_equal(header.req_id, replies++);
        at += sizeof(header) + header.len;
    }
    assert_int_equal(replies, requests);
    delete_store(s);
}

/* Who does not fetch replies is not served: nothing piles up. */
static void outstanding(void **state)
{
    static char bytes[64], reply[65536];
    struct store *s = with_guest(0);
    unsigned int sent = 0;

    for (; sent < 300; sent++) {
        size_t len = request_bytes(bytes, XS_GET_DOMAIN_PATH, sent, 0, "5", 2);

        if (XENSTORE_RING_SIZE - (fake.ring[D].req_prod - fake.ring[D].req_cons) < len)
            break;
        guest_send(D, bytes, len);
        run(s);
    }
    assert_true(sent < 300);
    assert_true(domain_find(s, D)->conn.out_replies <= s->quota[QUOTA_OUTSTANDING]);
    assert_non_null(strstr(last_log, "quota outstanding"));
    assert_int_equal(receive(s, reply, sizeof(reply)), sent * (16 + 16));
    delete_store(s);
}

static void liars(void **state)
{
    static const struct {
        uint32_t prod, len, error;
    } lies[] = {
        {2000, 0, XENSTORE_ERROR_RINGIDX},         /* more than the ring holds */
        {(uint32_t)-1, 0, XENSTORE_ERROR_RINGIDX}, /* behind the consumer */
        {16, 4097, XENSTORE_ERROR_PROTO},
        {16, 0xffffffff, XENSTORE_ERROR_PROTO},
    };
    char bytes[64], reply[256];

    for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
        struct store *s = with_guest(0);
        struct xenstore_domain_interface *ring = &fake.ring[D];
        struct xsd_sockmsg header = {.type = XS_READ, .len = lies[i].len};

        ask(s, &domain_find(s, D)->conn, XS_WATCH, "a|b");
        memcpy(ring->req, &header, sizeof(header));
        ring->req_prod = lies[i].prod;
        run(s);
        assert_int_equal(ring->error, lies[i].error);
        assert_int_equal(s->watches.count, 0);
        assert_non_null(strstr(last_log, "connection stopped"));
        /* Deaf from now on ... */
        ring->req_prod = ring->req_cons;
        guest_send(D, bytes, request_bytes(bytes, XS_MKDIR, 1, 0, "a", 2));
        run(s);
        assert_int_equal(receive(s, reply, sizeof(reply)), 0);
        /* ... until it asks for a new beginning. */
        ring->connection = XENSTORE_RECONNECT;
        run(s);
        assert_int_equal(ring->connection, XENSTORE_CONNECTED);
        assert_int_equal(ring->error, XENSTORE_ERROR_NONE);
        assert_int_equal(ring->req_prod, 0);
        guest_send(D, bytes, request_bytes(bytes, XS_MKDIR, 1, 0, "a", 2));
        run(s);
        assert_int_equal(receive(s, reply, sizeof(reply)), 19);
        delete_store(s);
    }
}

static void lies_about_replies(void **state)
{
    struct store *s = with_guest(0);
    char bytes[64];

    fake.ring[D].rsp_cons = 5000;
    guest_send(D, bytes, request_bytes(bytes, XS_MKDIR, 1, 0, "a", 2));
    run(s);
    assert_int_equal(fake.ring[D].error, XENSTORE_ERROR_RINGIDX);
    delete_store(s);
}

/* Reconnection drops half a request, queued replies, watches and transactions. */
static void reconnect(void **state)
{
    struct store *s = with_guest(0);
    struct domain *d = domain_find(s, D);
    char bytes[64], reply[256];

    ask(s, &d->conn, XS_WATCH, "a|b");
    begin_tx(s, &d->conn);
    guest_send(D, bytes, request_bytes(bytes, XS_MKDIR, 1, 0, "half", 5) - 2);
    run(s);
    fake.ring[D].connection = XENSTORE_RECONNECT;
    run(s);
    assert_int_equal(s->watches.count, 0);
    assert_int_equal(s->transaction_count, 0);
    assert_int_equal(d->conn.out_bytes, 0);
    guest_send(D, bytes, request_bytes(bytes, XS_MKDIR, 9, 0, "whole", 6));
    run(s);
    assert_int_equal(receive(s, reply, sizeof(reply)), 19);
    assert_non_null(tree_lookup(s->tree.root, "/local/domain/5/whole"));
    delete_store(s);
}

/* Introducing again, as after a resume, starts anew with the ring as it is. */
static void introduce_again(void **state)
{
    struct store *s = with_guest(0);
    struct domain *d = domain_find(s, D);
    int port = fake.bound[D];
    char bytes[64], reply[64];

    ask(s, &d->conn, XS_WATCH, "a|b");
    assert_int_equal(domain_introduce(s, D, 5, 2), 0);
    assert_int_not_equal(fake.bound[D], port);
    assert_int_equal(s->watches.count, 0);
    assert_int_equal(s->domain_count, 1);
    guest_send(D, bytes, request_bytes(bytes, XS_MKDIR, 9, 0, "whole", 6));
    run(s);
    assert_int_equal(receive(s, reply, sizeof(reply)), 19);
    delete_store(s);
}

/* A guest that writes without end to what the toolstack's transaction touches must not starve it.
 */
static void right_of_way(void **state)
{
    struct store *s = with_guest(0);
    struct conn *root = new_client(s);
    char bytes[64], reply[64];
    uint32_t t;

    s->now_ms = 1000;
    put_tx(s, root, 0, "/local/domain/5/x", "0");
    for (int round = 0; round < 2; round++) {
        t = begin_tx(s, root);
        in_tx(s, root, XS_READ, t, "/local/domain/5/x");
        guest_send(D, bytes, request_bytes(bytes, XS_WRITE, 1, 0, "x\0001", 3));
        run(s);
        assert_int_equal(receive(s, reply, sizeof(reply)), 19);
        assert_string_equal(end_tx(s, root, t, "T"), "EAGAIN");
        /* It goes on writing, but has to wait ... */
        guest_send(D, bytes, request_bytes(bytes, XS_WRITE, 2, 0, "x\0002", 3));
        assert_int_equal(rings_run(s), RINGS_IDLE); /* not even woken yet */
        domain_wake(s, domain_find(s, D));
        assert_int_equal(rings_run(s), RINGS_LATER);
        assert_int_equal(guest_receive(D, reply, sizeof(reply)), 0);
        if (round) {
            s->now_ms += RIGHT_OF_WAY_MS; /* ... but not longer than this */
        } else {
            t = begin_tx(s, root); /* ... for the second attempt */
            assert_string_equal(in_tx(s, root, XS_READ, t, "/local/domain/5/x"), "1");
            assert_string_equal(end_tx(s, root, t, "T"), "OK");
        }
        run(s);
        assert_int_equal(receive(s, reply, sizeof(reply)), 19);
        assert_string_equal(ask(s, root, XS_READ, "/local/domain/5/x"), "2");
    }
    delete_store(s);
}

/*
 * The order that makes it crash-consistent, checked at every journal record: until then the ring
 * must not show that the request was consumed, nor any byte of an answer that is not recorded.
 */
static struct {
    struct domain *d;
    uint32_t req_cons, out_end; /* what the records so far allow */
    unsigned int records;
} order;

bool __wrap_journal_append(struct journal *j, const void *data, size_t len);
bool __wrap_journal_wants_compaction(const struct journal *j);

static void check_order(void)
{
    assert_int_equal(fake.ring[D].req_cons, order.req_cons);
    assert_true((int32_t)(order.out_end - fake.ring[D].rsp_prod) >= 0);
}

bool __wrap_journal_append(struct journal *j, const void *data, size_t len)
{
    if (order.d) {
        check_order();
        order.req_cons = order.d->req_cons;
        order.out_end = order.d->rsp_prod + (uint32_t)order.d->conn.out_bytes;
        order.records++;
    }
    return true;
}

bool __wrap_journal_wants_compaction(const struct journal *j)
{
    return false;
}

static void recorded_before_published(void **state)
{
    static char value[3000], bytes[4200], reply[65536];
    struct store *s = with_guest((uint32_t)-100);
    size_t len, sent = 0;

    s->journal = (struct journal *)s; /* never looked at: see the wrappers */
    order.d = domain_find(s, D);
    order.req_cons = order.d->req_cons;
    order.out_end = order.d->rsp_prod;
    guest_send(D, bytes, request_bytes(bytes, XS_WATCH, 1, 0, "x\0token", 8));
    run(s);
    for (int i = 0; i < 40; i++) {
        guest_send(D, bytes, request_bytes(bytes, XS_WRITE, 1, 0, "x\0v", 3));
        guest_send(D, bytes, request_bytes(bytes, XS_READ, 1, 0, "x", 2));
        run(s);
        check_order();
        receive(s, reply, i % 7 ? sizeof(reply) : 11);
    }
    receive(s, reply, sizeof(reply));
    memset(value, 'v', 2000);
    memcpy(value, "x", 2);
    len = request_bytes(bytes, XS_WRITE, 1, 0, value, 2000); /* comes in parts */
    while (sent < len) {
        uint32_t space = XENSTORE_RING_SIZE - (fake.ring[D].req_prod - fake.ring[D].req_cons);
        size_t n = len - sent < space ? len - sent : space;

        guest_send(D, bytes + sent, n);
        sent += n;
        run(s);
        check_order();
    }
    assert_true(order.records > 80);
    order.d = NULL;
    s->journal = NULL;
    delete_store(s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(cut_everywhere),
        cmocka_unit_test(larger_than_the_ring),
        cmocka_unit_test(many_at_once),
        cmocka_unit_test(outstanding),
        cmocka_unit_test(liars),
        cmocka_unit_test(lies_about_replies),
        cmocka_unit_test(reconnect),
        cmocka_unit_test(introduce_again),
        cmocka_unit_test(recorded_before_published),
        cmocka_unit_test(right_of_way),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
