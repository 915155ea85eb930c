/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * xenstored's requests: replies and errors as Xen's xenstored 4.17 gives them, permissions,
 * transactions and their conflicts, watches, quotas, domains.
 */
#include "xenstore_helper.h"

static void nodes(void **state)
{
    struct store *s = new_store();
    struct conn *c = new_client(s);

    assert_string_equal(ask(s, c, XS_READ, "/a"), "ENOENT");
    assert_string_equal(put_tx(s, c, 0, "/a/b/c", "hello"), "OK");
    assert_string_equal(ask(s, c, XS_READ, "/a/b/c"), "hello");
    assert_string_equal(ask(s, c, XS_READ, "/a/b"), "");
    assert_string_equal(put_tx(s, c, 0, "/a/b/c", ""), "OK");
    assert_string_equal(ask(s, c, XS_READ, "/a/b/c"), "");
    assert_string_equal(ask(s, c, XS_MKDIR, "/a/x"), "OK");
    assert_string_equal(ask(s, c, XS_MKDIR, "/a/b"), "OK");
    assert_string_equal(ask(s, c, XS_DIRECTORY, "/a"), "b|x");
    assert_string_equal(ask(s, c, XS_RM, "/a/b"), "OK");
    assert_string_equal(ask(s, c, XS_RM, "/a/b"), "OK");
    assert_string_equal(ask(s, c, XS_RM, "/a/b/c"), "ENOENT");
    assert_string_equal(ask(s, c, XS_RM, "/"), "EINVAL");
    assert_string_equal(ask(s, c, XS_DIRECTORY, "/a"), "x");
    assert_string_equal(put_tx(s, c, 0, "/", "root"), "OK");
    assert_string_equal(ask(s, c, XS_READ, "/"), "root");
    assert_string_equal(ask(s, c, XS_WRITE, "/v"), "OK"); /* one NUL: the empty value */
    assert_string_equal(ask(s, c, XS_MKDIR, "rel"), "OK");
    assert_string_equal(ask(s, c, XS_DIRECTORY, "/local/domain/0"), "rel");
    delete_store(s);
}

static void malformed(void **state)
{
    static const char *const bad[] = {"", "a b", "//", "/a/", "/a//b", "/a.b", "@x", "/a|x", "/a|"};
    static const uint32_t types[] = {XS_READ, XS_DIRECTORY, XS_GET_PERMS, XS_MKDIR, XS_RM};
    struct store *s = new_store();
    struct conn *c = new_client(s);
    struct xsd_sockmsg header = {.type = XS_READ, .len = 2};

    for (size_t t = 0; t < sizeof(types) / sizeof(types[0]); t++)
        for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
            if (types[t] != XS_GET_PERMS || bad[i][0] != '@')
                assert_string_equal(ask(s, c, types[t], bad[i]), "EINVAL");
    store_request(s, c, &header, "/a"); /* without NUL */
    drain(s, c, NULL);
    assert_string_equal(answer, "EINVAL");
    header.type = XS_WRITE;
    store_request(s, c, &header, "/a");
    drain(s, c, NULL);
    assert_string_equal(answer, "EINVAL");
    header.len = 0;
    for (uint32_t type = 0; type < 40; type++) {
        header.type = type;
        strcpy(answer, "(none)");
        store_request(s, c, &header, "");
        drain(s, c, NULL);
        if (type == XS_TRANSACTION_START || type == XS_RESET_WATCHES)
            continue;
        /* 20 was RESTRICT; WATCH_EVENT and ERROR are no requests */
        assert_string_equal(answer, type == 20 || type == XS_WATCH_EVENT || type == XS_ERROR ||
                                            type >= XS_TYPE_COUNT
                                        ? "ENOSYS"
                                        : "EINVAL");
    }
    for (const char **w = (const char *[]){"/w", "/w|t|", "/w|t|x", "/w|t|-1", "/w|t|1|2", "/a b|t",
                                           "@releaseDomain|t|0", "@releaseDomain|t|2", NULL};
         *w; w++)
        assert_string_equal(ask(s, c, XS_WATCH, *w), "EINVAL");
    for (const char **w =
             (const char *[]){"/", "/|x0", "/|n", "/|n1x", "/|n70000", "/|n-1", "/|", NULL};
         *w; w++)
        assert_string_equal(ask(s, c, XS_SET_PERMS, *w), "EINVAL");
    assert_string_equal(ask(s, c, XS_TRANSACTION_END, "T"), "ENOENT");
    assert_string_equal(in_tx(s, c, XS_READ, 99, "/"), "ENOENT");
    assert_string_equal(in_tx(s, c, XS_TRANSACTION_START, 99, ""), "ENOENT");
    delete_store(s);
}

static void long_lists(void **state)
{
    struct store *s = new_store();
    struct conn *c = new_client(s);
    char path[64], text[64], collected[16384] = "";
    size_t got = 0;
    bool end = false;
    int count = 0;

    for (int i = 0; i < 400; i++) {
        sprintf(path, "/d/a-rather-long-name-%d", i);
        assert_string_equal(ask(s, c, XS_MKDIR, path), "OK");
    }
    assert_string_equal(ask(s, c, XS_DIRECTORY, "/d"), "E2BIG");
    while (!end) {
        size_t gen_len, len;

        sprintf(text, "/d|%zu", got);
        ask(s, c, XS_DIRECTORY_PART, text);
        assert_true(answer_len <= XENSTORE_PAYLOAD_MAX);
        gen_len = strlen(raw_answer) + 1;
        len = answer_len - gen_len;
        assert_int_equal(raw_answer[answer_len - 1], '\0'); /* whole names only */
        end = raw_answer[answer_len - 2] == '\0';           /* the empty name */
        memcpy(collected + got, raw_answer + gen_len, len - end);
        got += len - end;
    }
    /* Numbers inside of names do not sort by value: collect them in any order. */
    for (size_t at = 0; at < got; at += strlen(collected + at) + 1, count++)
        assert_int_equal(strncmp(collected + at, "a-rather-long-name-", 19), 0);
    assert_int_equal(count, 400);
    assert_string_equal(ask(s, c, XS_DIRECTORY_PART, "/d"), "EINVAL");
    assert_string_equal(ask(s, c, XS_DIRECTORY_PART, "/d|x"), "EINVAL");
    delete_store(s);
}

static void permissions(void **state)
{
    struct store *s = new_store();
    struct conn *root = new_client(s), *d5 = introduce(s, 5), *d6 = introduce(s, 6);

    /* Nothing is readable by default, and who may not read learns nothing about existence. */
    assert_string_equal(put_tx(s, root, 0, "/secret", "x"), "OK");
    assert_string_equal(ask(s, d5, XS_READ, "/secret"), "EACCES");
    assert_string_equal(ask(s, d5, XS_READ, "/nothing"), "EACCES");
    assert_string_equal(put_tx(s, d5, 0, "/mine", "x"), "EACCES");
    assert_string_equal(ask(s, d5, XS_MKDIR, "/mine"), "EACCES");
    assert_string_equal(ask(s, d5, XS_RM, "/secret"), "EACCES");

    /* A home owned by 5 that 6 may read. */
    assert_string_equal(ask(s, root, XS_MKDIR, "/local/domain/5"), "OK");
    assert_string_equal(ask(s, root, XS_SET_PERMS, "/local/domain/5|n5|r6"), "OK");
    assert_string_equal(put_tx(s, d5, 0, "data/x", "1"), "OK");
    assert_string_equal(ask(s, d5, XS_GET_PERMS, "data/x"), "n5|r6");
    assert_string_equal(ask(s, d6, XS_READ, "/local/domain/5/data/x"), "1");
    assert_string_equal(put_tx(s, d6, 0, "/local/domain/5/data/x", "2"), "EACCES");
    assert_string_equal(ask(s, d6, XS_READ, "/local/domain/5/none"), "ENOENT");
    assert_string_equal(ask(s, d6, XS_RM, "/local/domain/5/data"), "EACCES");
    /* What the control domain creates there belongs to 5 as well. */
    assert_string_equal(put_tx(s, root, 0, "/local/domain/5/by-root", "r"), "OK");
    assert_string_equal(ask(s, root, XS_GET_PERMS, "/local/domain/5/by-root"), "n5|r6");
    /* In a directory open to all, each owns what it creates. */
    assert_string_equal(ask(s, root, XS_MKDIR, "/open"), "OK");
    assert_string_equal(ask(s, root, XS_SET_PERMS, "/open|b0"), "OK");
    assert_string_equal(put_tx(s, d6, 0, "/open/six", "6"), "OK");
    assert_string_equal(ask(s, d6, XS_GET_PERMS, "/open/six"), "b6");

    /* Only owners set permissions; only the control domain changes owners. */
    assert_string_equal(ask(s, d6, XS_SET_PERMS, "/local/domain/5/data|n5|b6"), "EACCES");
    assert_string_equal(ask(s, d5, XS_SET_PERMS, "data|n6"), "EPERM");
    assert_string_equal(ask(s, d5, XS_SET_PERMS, "data|n5|b6"), "OK");
    assert_string_equal(put_tx(s, d6, 0, "/local/domain/5/data/six", "6"), "OK");
    assert_string_equal(put_tx(s, d6, 0, "/local/domain/5/data/x", "6"), "EACCES");
    fake.exists[9] = false;
    assert_string_equal(ask(s, root, XS_SET_PERMS, "/open|n9"), "ENOENT");

    /* Write-only and read-only. */
    assert_string_equal(ask(s, root, XS_SET_PERMS, "/open/six|n0|w5|r6"), "OK");
    assert_string_equal(put_tx(s, d5, 0, "/open/six", "five"), "OK");
    assert_string_equal(ask(s, d5, XS_READ, "/open/six"), "EACCES");
    assert_string_equal(ask(s, d6, XS_READ, "/open/six"), "five");

    /* Privileged operations. */
    assert_string_equal(ask(s, d5, XS_INTRODUCE, "7|1|1"), "EACCES");
    assert_string_equal(ask(s, d5, XS_RELEASE, "6"), "EACCES");
    assert_string_equal(ask(s, d5, XS_CONTROL, "check"), "EACCES");
    assert_string_equal(ask(s, d5, XS_SET_TARGET, "5|6"), "EACCES");
    assert_string_equal(ask(s, d5, XS_RESUME, "6"), "EACCES");
    assert_string_equal(ask(s, d5, XS_SET_PERMS, "@releaseDomain|n0|r5"), "EACCES");

    /* A target's rights extend to who acts for it. */
    assert_string_equal(ask(s, d6, XS_READ, "/local/domain/5/by-root"), "r");
    assert_string_equal(put_tx(s, d6, 0, "/local/domain/5/by-root", "x"), "EACCES");
    assert_string_equal(ask(s, root, XS_SET_TARGET, "6|5"), "OK");
    assert_string_equal(put_tx(s, d6, 0, "/local/domain/5/by-root", "x"), "OK");
    assert_string_equal(ask(s, root, XS_SET_TARGET, "0|5"), "ENOENT");
    assert_string_equal(ask(s, root, XS_SET_TARGET, "6|14"), "ENOENT");
    delete_store(s);
}

static void transactions(void **state)
{
    struct store *s = new_store();
    struct conn *a = new_client(s), *b = new_client(s);
    uint32_t t;

    /* Isolation, then visibility. */
    t = begin_tx(s, a);
    assert_string_equal(put_tx(s, a, t, "/x/y", "1"), "OK");
    assert_string_equal(in_tx(s, a, XS_READ, t, "/x/y"), "1");
    assert_string_equal(ask(s, b, XS_READ, "/x/y"), "ENOENT");
    assert_string_equal(in_tx(s, b, XS_READ, t, "/x/y"), "ENOENT"); /* not b's transaction */
    assert_string_equal(in_tx(s, a, XS_TRANSACTION_START, t, ""), "EBUSY");
    assert_string_equal(end_tx(s, a, t, "X"), "EINVAL");
    assert_string_equal(end_tx(s, a, t, "T"), "OK");
    assert_string_equal(ask(s, b, XS_READ, "/x/y"), "1");
    assert_string_equal(end_tx(s, a, t, "T"), "ENOENT");

    /* Given up. */
    t = begin_tx(s, a);
    assert_string_equal(in_tx(s, a, XS_RM, t, "/x"), "OK");
    assert_string_equal(in_tx(s, a, XS_READ, t, "/x/y"), "ENOENT");
    assert_string_equal(end_tx(s, a, t, "F"), "OK");
    assert_string_equal(ask(s, b, XS_READ, "/x/y"), "1");
    assert_int_equal(s->transaction_count, 0);
    assert_string_equal(ask(s, a, XS_CONTROL, "check"), "OK");
    delete_store(s);
}

/* One side's operation in a transaction, the other's in between: do they collide? */
static void conflicts(void **state)
{
    static const struct {
        uint32_t type, other_type;
        const char *arg, *other;
        bool conflict;
    } table[] = {
        {XS_READ, XS_WRITE, "/d/a", "/d/a", true},
        {XS_READ, XS_WRITE, "/d/a", "/d/b", false},
        {XS_READ, XS_WRITE, "/d", "/d/a", false}, /* a child is not its parent's value */
        {XS_READ, XS_MKDIR, "/d", "/d/new", false},
        {XS_READ, XS_WRITE, "/d/none", "/d/none", true}, /* absence was read */
        {XS_READ, XS_MKDIR, "/d/none", "/d/none2", false},
        {XS_READ, XS_RM, "/d/a", "/d", true},
        {XS_READ, XS_SET_PERMS, "/d/a", "/d/a|n0|r5", true},
        {XS_GET_PERMS, XS_SET_PERMS, "/d/a", "/d/a|n0|r5", true},
        {XS_DIRECTORY, XS_MKDIR, "/d", "/d/new", true},
        {XS_DIRECTORY, XS_RM, "/d", "/d/a", true},
        {XS_DIRECTORY, XS_WRITE, "/d", "/d/a", false}, /* names only */
        {XS_DIRECTORY, XS_MKDIR, "/d", "/d/a/deep", false},
        {XS_WRITE, XS_WRITE, "/d/a", "/d/a", true},
        {XS_WRITE, XS_WRITE, "/d/a", "/d/b", false},
        {XS_WRITE, XS_MKDIR, "/d/new1", "/d/new2", false},    /* siblings */
        {XS_WRITE, XS_MKDIR, "/d/new/x", "/d/new", true},     /* somebody else made the parent */
        {XS_WRITE, XS_SET_PERMS, "/d/new", "/d|n0|r5", true}, /* inherited from it */
        {XS_WRITE, XS_RM, "/d/new", "/d", true},
        {XS_MKDIR, XS_MKDIR, "/d/new", "/d/new", true},
        {XS_RM, XS_WRITE, "/d", "/d/a", true}, /* would be lost unseen */
        {XS_RM, XS_WRITE, "/d/a", "/d/b", false},
        {XS_SET_PERMS, XS_WRITE, "/d/a|n0|r5", "/d/a", true},
        {XS_SET_PERMS, XS_WRITE, "/d/a|n0|r5", "/d/b", false},
    };

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        struct store *s = new_store();
        struct conn *a = new_client(s), *b = new_client(s);
        uint32_t t;

        put_tx(s, a, 0, "/d/a", "1");
        put_tx(s, a, 0, "/d/b", "1");
        t = begin_tx(s, a);
        in_tx(s, a, table[i].type, t, table[i].arg);
        assert_string_equal(put_tx(s, a, t, "/mark", "1"), "OK");
        assert_true(ask(s, b, table[i].other_type, table[i].other)[0] != 'E');
        if (strcmp(end_tx(s, a, t, "T"), table[i].conflict ? "EAGAIN" : "OK"))
            fail_msg("%s %s against %s %s gave %s", request_name(table[i].type), table[i].arg,
                     request_name(table[i].other_type), table[i].other, answer);
        assert_string_equal(ask(s, a, XS_READ, "/mark"), table[i].conflict ? "ENOENT" : "1");
        assert_string_equal(ask(s, a, XS_CONTROL, "check"), "OK");
        delete_store(s);
    }
}

/* Concurrent increments: with retries on EAGAIN none is lost. */
static void lost_updates(void **state)
{
    struct store *s = new_store();
    struct conn *c[4];
    uint32_t tx[4];
    int seen[4], done = 0;

    put_tx(s, new_client(s), 0, "/n", "0");
    for (int i = 0; i < 4; i++)
        c[i] = new_client(s);
    while (done < 100) {
        char value[16];

        for (int i = 0; i < 4; i++) {
            tx[i] = begin_tx(s, c[i]);
            seen[i] = atoi(in_tx(s, c[i], XS_READ, tx[i], "/n"));
        }
        for (int i = 0; i < 4; i++) {
            sprintf(value, "%d", seen[i] + 1);
            put_tx(s, c[i], tx[i], "/n", value);
            if (!strcmp(end_tx(s, c[i], tx[i], "T"), "OK"))
                done++;
            else
                assert_string_equal(answer, "EAGAIN");
        }
    }
    assert_int_equal(atoi(ask(s, c[0], XS_READ, "/n")), done);
    delete_store(s);
}

static char events[4096];

static void expect_events(struct store *s, struct conn *c, const char *expected)
{
    drain(s, c, events);
    assert_string_equal(events, expected);
}

static void watches(void **state)
{
    struct store *s = new_store();
    struct conn *c = new_client(s), *w = new_client(s);
    uint32_t t;

    ask_tx(s, w, XS_WATCH, 0, "/w|tok");
    assert_false(w->out->event); /* the reply comes first */
    expect_events(s, w, "/w:tok");
    assert_string_equal(ask(s, w, XS_WATCH, "/w|tok"), "EEXIST");
    put_tx(s, c, 0, "/w/x/y", "1");
    expect_events(s, w, "/w/x/y:tok");
    ask(s, c, XS_MKDIR, "/w/x");
    expect_events(s, w, "");
    put_tx(s, c, 0, "/wx", "1");
    expect_events(s, w, "");
    ask(s, c, XS_SET_PERMS, "/w/x|n0|r5");
    expect_events(s, w, "/w/x:tok");

    /* Depth. */
    ask(s, w, XS_WATCH, "/w|d0|0");
    ask(s, w, XS_WATCH, "/w|d1|1");
    drain(s, w, NULL);
    put_tx(s, c, 0, "/w", "1");
    expect_events(s, w, "/w:tok /w:d0 /w:d1");
    put_tx(s, c, 0, "/w/x", "1");
    expect_events(s, w, "/w/x:tok /w/x:d1");
    put_tx(s, c, 0, "/w/x/y", "1");
    expect_events(s, w, "/w/x/y:tok");
    assert_string_equal(ask(s, w, XS_UNWATCH, "/w|d0"), "OK");
    assert_string_equal(ask(s, w, XS_UNWATCH, "/w|d0"), "ENOENT");
    assert_string_equal(ask(s, w, XS_UNWATCH, "/w|d1"), "OK");

    /* Removal of a parent tells watchers below, by their own path, of nodes that existed. */
    ask(s, w, XS_WATCH, "/w/x/y|below");
    ask(s, w, XS_WATCH, "/w/x/none|never");
    drain(s, w, NULL);
    ask(s, c, XS_RM, "/w/x");
    expect_events(s, w, "/w/x/y:below /w/x:tok");
    ask(s, c, XS_RM, "/w/x");
    expect_events(s, w, "");

    /* Transactions tell at their end, once for each path, and nothing if nothing came of it. */
    t = begin_tx(s, c);
    put_tx(s, c, t, "/w/1", "1");
    put_tx(s, c, t, "/w/1", "2");
    in_tx(s, c, XS_MKDIR, t, "/w/gone");
    in_tx(s, c, XS_RM, t, "/w/gone");
    expect_events(s, w, "");
    end_tx(s, c, t, "T");
    expect_events(s, w, "/w/1:tok");
    t = begin_tx(s, c);
    in_tx(s, c, XS_RM, t, "/w");
    end_tx(s, c, t, "F");
    expect_events(s, w, "");
    t = begin_tx(s, c);
    in_tx(s, c, XS_WATCH, t, "/other|t"); /* not part of the transaction */
    in_tx(s, c, XS_RM, t, "/w");
    end_tx(s, c, t, "T");
    expect_events(s, w, "/w:tok");

    /* Equal events that were not fetched are merged. */
    put_tx(s, c, 0, "/w/m", "1");
    put_tx(s, c, 0, "/w/m", "2");
    put_tx(s, c, 0, "/w/n", "2");
    expect_events(s, w, "/w/m:tok /w/n:tok");
    ask(s, w, XS_RESET_WATCHES, "");
    put_tx(s, c, 0, "/w/m", "3");
    expect_events(s, w, "");
    assert_int_equal(s->watches.count, 1); /* "/other" */
    delete_store(s);
}

static void watch_permissions(void **state)
{
    struct store *s = new_store();
    struct conn *root = new_client(s), *d5 = introduce(s, 5);

    ask(s, root, XS_MKDIR, "/local/domain/5");
    ask(s, root, XS_SET_PERMS, "/local/domain/5|n5");
    ask_tx(s, d5, XS_WATCH, 0, "device|rel"); /* relative: so are its events */
    expect_events(s, d5, "device:rel");
    put_tx(s, root, 0, "/local/domain/5/device/vif/0", "1");
    expect_events(s, d5, "device/vif/0:rel");
    ask(s, d5, XS_WATCH, "/|all"); /* sees only what it may read */
    drain(s, d5, NULL);
    put_tx(s, root, 0, "/secret", "1");
    expect_events(s, d5, "");
    ask(s, root, XS_SET_PERMS, "/secret|n0|r5");
    expect_events(s, d5, "/secret:all");
    ask(s, root, XS_SET_PERMS, "/secret|n0"); /* the last one it hears of it */
    expect_events(s, d5, "/secret:all");
    ask(s, root, XS_RM, "/secret");
    expect_events(s, d5, "");
    ask(s, root, XS_RM, "/local/domain/5"); /* parent unreadable, node was readable */
    expect_events(s, d5, "device:rel /local/domain/5:all");
    delete_store(s);
}

static void domains(void **state)
{
    struct store *s = new_store();
    struct conn *c = new_client(s), *w = new_client(s), *d5;

    ask(s, w, XS_WATCH, "@introduceDomain|i");
    ask(s, w, XS_WATCH, "@releaseDomain|r");
    ask(s, w, XS_WATCH, "@releaseDomain|r1|1");
    ask(s, w, XS_WATCH, "@releaseDomain/5|r5");
    drain(s, w, NULL);
    assert_string_equal(ask(s, c, XS_IS_DOMAIN_INTRODUCED, "5"), "F");
    assert_string_equal(ask(s, c, XS_IS_DOMAIN_INTRODUCED, "0"), "T");
    assert_string_equal(ask(s, c, XS_IS_DOMAIN_INTRODUCED, "32752"), "T");
    assert_string_equal(ask(s, c, XS_GET_DOMAIN_PATH, "5"), "/local/domain/5");
    assert_string_equal(ask(s, c, XS_INTRODUCE, "5|1|1"), "OK");
    expect_events(s, w, "@introduceDomain:i");
    assert_string_equal(ask(s, c, XS_INTRODUCE, "6|1|1"), "OK");
    drain(s, w, NULL);
    assert_string_equal(ask(s, c, XS_IS_DOMAIN_INTRODUCED, "5"), "T");
    assert_string_equal(ask(s, c, XS_INTRODUCE, "14|666|1"), "EINVAL");
    assert_string_equal(ask(s, c, XS_INTRODUCE, "14|1|666"), "EINVAL");
    assert_false(fake.mapped[14]);
    fake.exists[13] = false;
    assert_string_equal(ask(s, c, XS_INTRODUCE, "13|1|1"), "ENOENT");
    assert_string_equal(ask(s, c, XS_INTRODUCE, "5|1"), "EINVAL");
    assert_string_equal(ask(s, c, XS_INTRODUCE, "32752|1|1"), "EINVAL");
    assert_string_equal(ask(s, c, XS_RELEASE, "0"), "EINVAL");
    assert_string_equal(ask(s, c, XS_RELEASE, "7"), "ENOENT");

    /* What it owns goes with it; what it was allowed elsewhere is forgotten. */
    put_tx(s, c, 0, "/local/domain/5/x", "1");
    ask(s, c, XS_SET_PERMS, "/local/domain/5|n5");
    put_tx(s, c, 0, "/backend/5", "1");
    ask(s, c, XS_SET_PERMS, "/backend/5|n0|r5|b6");
    d5 = &domain_find(s, 5)->conn;
    put_tx(s, d5, 0, "own", "1");
    ask(s, d5, XS_WATCH, "own|t");
    begin_tx(s, d5);
    drain(s, w, NULL);

    /* Shutdown is reported once, until it is resumed. */
    fake.shutdown[5] = true;
    domains_check(s);
    domains_check(s);
    expect_events(s, w, "@releaseDomain:r @releaseDomain/5:r1 @releaseDomain/5:r5");
    assert_string_equal(ask(s, c, XS_RESUME, "5"), "OK");
    domains_check(s);
    expect_events(s, w, "@releaseDomain:r @releaseDomain/5:r1 @releaseDomain/5:r5");
    fake.exists[5] = false;
    domains_check(s);
    expect_events(s, w, "@releaseDomain:r @releaseDomain/5:r1 @releaseDomain/5:r5");
    assert_string_equal(ask(s, c, XS_IS_DOMAIN_INTRODUCED, "5"), "F");
    assert_string_equal(ask(s, c, XS_DIRECTORY, "/local/domain"), "");
    assert_string_equal(ask(s, c, XS_GET_PERMS, "/backend/5"), "n0|b6");
    assert_false(fake.mapped[5]);
    assert_int_equal(fake.bound[5], 0);
    assert_int_equal(s->transaction_count, 0);
    assert_int_equal(s->watches.count, 4);
    assert_int_equal(account_get(&s->account, 5)->nodes, 0);
    assert_int_equal(account_get(&s->account, 5)->mentions, 0);
    assert_string_equal(ask(s, c, XS_RELEASE, "6"), "OK");
    expect_events(s, w, "@releaseDomain:r @releaseDomain/6:r1");
    assert_string_equal(ask(s, c, XS_CONTROL, "check"), "OK");

    /* Unprivileged domains hear of it only when allowed. */
    introduce(s, 7);
    ask(s, &domain_find(s, 7)->conn, XS_WATCH, "@introduceDomain|t");
    drain(s, &domain_find(s, 7)->conn, NULL);
    introduce(s, 8);
    expect_events(s, &domain_find(s, 7)->conn, "");
    assert_string_equal(ask(s, c, XS_SET_PERMS, "@introduceDomain|n0|r7"), "OK");
    assert_string_equal(ask(s, c, XS_GET_PERMS, "@introduceDomain"), "n0|r7");
    introduce(s, 9);
    expect_events(s, &domain_find(s, 7)->conn, "@introduceDomain:t");
    delete_store(s);
}

static void quotas(void **state)
{
    struct store *s = new_store();
    struct conn *root = new_client(s), *d5 = introduce(s, 5);
    char value[3000], path[64];
    unsigned int lines;

    ask(s, root, XS_MKDIR, "/local/domain/5");
    ask(s, root, XS_SET_PERMS, "/local/domain/5|n5");
    s->quota[QUOTA_NODES] = 5; /* one is there */
    assert_string_equal(put_tx(s, d5, 0, "a/b/c/d", ""), "OK");
    lines = log_count;
    assert_string_equal(put_tx(s, d5, 0, "e", ""), "ENOSPC");
    assert_int_equal(log_count, lines + 1);
    assert_non_null(strstr(last_log, "domain 5: quota nodes"));
    assert_string_equal(put_tx(s, d5, 0, "e", ""), "ENOSPC"); /* not logged again so soon */
    assert_int_equal(log_count, lines + 1);
    s->now += 60;
    assert_string_equal(put_tx(s, d5, 0, "e", ""), "ENOSPC");
    assert_int_equal(log_count, lines + 2);
    assert_int_equal(s->stats.quota_hits[QUOTA_NODES], 3);
    assert_string_equal(ask(s, d5, XS_RM, "a/b/c/d"), "OK");
    assert_string_equal(put_tx(s, d5, 0, "e", ""), "OK");
    assert_string_equal(put_tx(s, root, 0, "/local/domain/5/more", ""), "OK"); /* none for root */
    s->quota[QUOTA_NODES] = 0;                                                 /* no limit */
    for (int i = 0; i < 20; i++) {
        sprintf(path, "many/%d", i);
        assert_string_equal(put_tx(s, d5, 0, path, ""), "OK");
    }

    /* In a transaction the nodes count as well, and again at its end. */
    s->quota[QUOTA_NODES] = (unsigned long)account_get(&s->account, 5)->nodes + 2;
    uint32_t t = begin_tx(s, d5);
    assert_string_equal(put_tx(s, d5, t, "t1", ""), "OK");
    assert_string_equal(put_tx(s, d5, t, "t2", ""), "OK");
    assert_string_equal(put_tx(s, d5, t, "t3", ""), "ENOSPC");
    assert_string_equal(put_tx(s, d5, 0, "u", ""), "OK");
    assert_string_equal(end_tx(s, d5, t, "T"), "ENOSPC");
    s->quota[QUOTA_NODES] = 1000;

    memset(value, 'v', sizeof(value));
    value[2048] = '\0';
    assert_string_equal(put_tx(s, d5, 0, "v", value), "OK");
    value[2048] = 'v';
    value[2049] = '\0';
    assert_string_equal(put_tx(s, d5, 0, "v", value), "ENOSPC");
    assert_string_equal(put_tx(s, root, 0, "/v", value), "OK");

    s->quota[QUOTA_WATCHES] = 1;
    assert_string_equal(ask(s, d5, XS_WATCH, "a|1"), "OK");
    assert_string_equal(ask(s, d5, XS_WATCH, "a|2"), "E2BIG");
    s->quota[QUOTA_TRANSACTIONS] = 2;
    begin_tx(s, d5);
    begin_tx(s, d5);
    assert_string_equal(ask(s, d5, XS_TRANSACTION_START, ""), "ENOSPC");
    assert_string_equal(ask(s, d5, XS_RESET_WATCHES, ""), "OK");
    t = begin_tx(s, d5);
    s->quota[QUOTA_TRANSACTION_NODES] = 2;
    assert_string_equal(in_tx(s, d5, XS_READ, t, "a"), "");
    assert_string_equal(in_tx(s, d5, XS_READ, t, "v") + 2048, "");
    assert_string_equal(in_tx(s, d5, XS_READ, t, "e"), "ENOSPC");
    assert_string_equal(ask(s, d5, XS_SET_PERMS, "a|n5|r1|r2|r3|r4"), "OK");
    assert_string_equal(ask(s, d5, XS_SET_PERMS, "a|n5|r1|r2|r3|r4|r6"), "ENOSPC");
    s->quota[QUOTA_PATH_MAX] = 30;
    assert_string_equal(put_tx(s, d5, 0, "a-rather-long-name", ""), "EINVAL");
    s->quota[QUOTA_MEMORY] = (unsigned long)account_get(&s->account, 5)->bytes + 100;
    assert_string_equal(put_tx(s, d5, 0, "memory", value), "ENOSPC");
    delete_store(s);
}

static void control(void **state)
{
    struct store *s = new_store();
    struct conn *c = new_client(s);

    introduce(s, 5);
    assert_string_equal(ask(s, c, XS_CONTROL, "check"), "OK");
    assert_non_null(strstr(ask(s, c, XS_CONTROL, "help"), "quota"));
    assert_string_equal(ask(s, c, XS_CONTROL, "quota|set|nodes|10"), "OK");
    assert_int_equal(s->quota[QUOTA_NODES], 10);
    assert_non_null(strstr(ask(s, c, XS_CONTROL, "quota"), "nodes            :       10 "));
    assert_non_null(strstr(ask(s, c, XS_CONTROL, "quota|5"), "Domain 5:\n"));
    assert_string_equal(ask(s, c, XS_CONTROL, "quota|9"), "ENOENT");
    assert_string_equal(ask(s, c, XS_CONTROL, "quota|set|bogus|10"), "EINVAL");
    assert_string_equal(ask(s, c, XS_CONTROL, "quota|set|nodes|x"), "EINVAL");
    assert_string_equal(ask(s, c, XS_CONTROL, "quota-soft|set|memory|10"), "OK");
    assert_string_equal(ask(s, c, XS_CONTROL, "log|maybe"), "EINVAL");
    assert_string_equal(ask(s, c, XS_CONTROL, "log"), "EINVAL");
    assert_string_equal(ask(s, c, XS_CONTROL, "print|hello"), "OK");
    assert_string_equal(last_log, "hello");
    assert_string_equal(ask(s, c, XS_CONTROL, "bogus"), "EINVAL");
    assert_string_equal(ask(s, c, XS_CONTROL, "live-update|-a"), "EINVAL");
    assert_int_equal(ask(s, c, XS_CONTROL, "stats")[0], '{');
    assert_non_null(strstr(ask(s, c, XS_CONTROL, "stats|5"), "\"domid\":5"));
    assert_string_equal(ask(s, c, XS_CONTROL, "memreport|/nonexistent/x"), "ENOENT");
    delete_store(s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(nodes),
        cmocka_unit_test(malformed),
        cmocka_unit_test(long_lists),
        cmocka_unit_test(permissions),
        cmocka_unit_test(transactions),
        cmocka_unit_test(conflicts),
        cmocka_unit_test(lost_updates),
        cmocka_unit_test(watches),
        cmocka_unit_test(watch_permissions),
        cmocka_unit_test(domains),
        cmocka_unit_test(quotas),
        cmocka_unit_test(control),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
