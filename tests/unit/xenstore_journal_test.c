/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * xenstored's journal: cut off at every byte and damaged at every byte, recovery gives exactly the
 * state after the last whole record; compaction changes nothing; a full file system is survived.
 */
#include "xenstore_helper.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[64], state_path[80];

static bool replay(void *arg, const char *data, size_t len)
{
    return record_replay(arg, data, len);
}

/* A store recovered from the directory; NULL journal on failure. */
static struct store *open_store(uint64_t *recovered, bool *lost)
{
    struct store *s = calloc(1, sizeof(*s));

    store_init(s, &fake_platform);
    s->now = 100;
    s->journal = journal_open(dir, "boot", replay, s, recovered, lost);
    return s;
}

static void close_store(struct store *s)
{
    struct journal *j = s->journal;

    s->journal = NULL;
    memset(fake.mapped, 0, sizeof(fake.mapped));
    for (int i = 0; i < DOMAIN_CHAINS; i++) /* domains that were replayed only have no ring */
        for (struct domain *d = s->domains[i]; d; d = d->next)
            fake.mapped[d->domid] = d->ring;
    delete_store(s);
    journal_close(j);
}

static void state_of(struct store *s, struct buf *out)
{
    out->len = 0;
    record_snapshot(s, out);
}

static void assert_state(struct store *s, const struct buf *expected)
{
    struct buf now = {0};

    state_of(s, &now);
    assert_int_equal(now.len, expected->len);
    assert_memory_equal(now.data, expected->data, now.len);
    buf_free(&now);
}

static void write_file(const char *data, size_t len)
{
    int fd = open(state_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    assert_int_equal(write(fd, data, len), len);
    close(fd);
}

static size_t read_file(char **data)
{
    int fd = open(state_path, O_RDONLY);
    struct stat st;

    fstat(fd, &st);
    *data = malloc((size_t)st.st_size);
    assert_int_equal(read(fd, *data, (size_t)st.st_size), st.st_size);
    close(fd);
    return (size_t)st.st_size;
}

/* -- a history with everything in it; states[i] is the state after i records -- */

#define STATES_MAX 64
static struct buf states[STATES_MAX];
static size_t ends[STATES_MAX]; /* file size that holds i records */
static unsigned int state_count;

static void note(struct store *s)
{
    ends[state_count] = journal_stats(s->journal)->used;
    state_of(s, &states[state_count++]);
}

static void history(struct store *s)
{
    struct conn *c = new_client(s), *d5;
    uint32_t t;

    note(s);
    ask(s, c, XS_MKDIR, "/local/domain/5");
    note(s);
    ask(s, c, XS_SET_PERMS, "/local/domain/5|n5|r6");
    note(s);
    assert_int_equal(domain_introduce(s, 5, 99, 3), 0);
    record_commit(s);
    note(s);
    d5 = &domain_find(s, 5)->conn;
    /* Through drain(), replies leave the queue without passing the ring: keep them queued. */
    for (const char **w = (const char *[]){"device|dev", "/local|t|2", NULL}; *w; w++) {
        ask_tx(s, d5, XS_WATCH, 0, *w);
        note(s);
    }
    put_tx(s, c, 0, "/local/domain/5/device/a", "1");
    note(s);
    t = begin_tx(s, c);
    put_tx(s, c, t, "/x/y", "in a transaction");
    in_tx(s, c, XS_RM, t, "/local/domain/5/device/a");
    end_tx(s, c, t, "T");
    note(s);
    assert_int_equal(domain_introduce(s, 6, 1, 1), 0);
    record_commit(s);
    note(s);
    ask(s, c, XS_SET_TARGET, "6|5");
    note(s);
    ask(s, c, XS_SET_PERMS, "@releaseDomain|n0|r5");
    note(s);
    ask(s, c, XS_CONTROL, "quota|set|nodes|77");
    note(s);
    ask(s, c, XS_RM, "/x");
    note(s);
    ask(s, c, XS_RELEASE, "6");
    note(s);
}

/* ask() on a domain discards output that the journal keeps; compare without it. */
static void forget_output(struct store *s)
{
    struct domain *d = domain_find(s, 5);

    if (!d)
        return;
    d->rsp_prod = 0;
    conn_drop_output(&d->conn);
    list_del(&d->conn.dirty);
}

static void drop_outputs(void)
{
    /* Snapshots are compared after both sides forgot their output. */
    for (unsigned int i = 0; i < state_count; i++) {
        struct store *s = calloc(1, sizeof(*s));

        store_init(s, &fake_platform);
        assert_true(record_replay(s, states[i].data, states[i].len));
        forget_output(s);
        state_of(s, &states[i]);
        s->platform = domain_backend_none();
        delete_store(s);
    }
}

static unsigned int whole_records(size_t size)
{
    unsigned int n = 0;

    while (n + 1 < state_count && ends[n + 1] <= size)
        n++;
    return n;
}

static int setup(void **state)
{
    uint64_t recovered;
    struct store *s;
    bool lost;

    delete_store(new_store()); /* resets the fake hypervisor */
    strcpy(dir, "/tmp/xenstore-journal-XXXXXX");
    assert_non_null(mkdtemp(dir));
    sprintf(state_path, "%s/state", dir);
    s = open_store(&recovered, &lost);
    assert_int_equal(recovered, 0);
    history(s);
    close_store(s);
    drop_outputs();
    return 0;
}

static int teardown(void **state)
{
    unlink(state_path);
    rmdir(dir);
    for (unsigned int i = 0; i < state_count; i++)
        buf_free(&states[i]);
    return 0;
}

static void cut_everywhere(void **state)
{
    char *file;
    size_t size = read_file(&file), used = ends[state_count - 1];

    assert_true(size >= used);
    for (size_t n = 0; n <= used; n++) {
        unsigned int want = whole_records(n);
        uint64_t recovered;
        bool lost;
        struct store *s;

        write_file(file, n);
        s = open_store(&recovered, &lost);
        assert_non_null(s->journal);
        forget_output(s);
        assert_state(s, &states[want]);
        if (n % 61 == 0) { /* it goes on from there */
            struct conn *c = new_client(s);

            put_tx(s, c, 0, "/after", "x");
            close_store(s);
            s = open_store(&recovered, &lost);
            assert_false(lost);
            assert_non_null(tree_lookup(s->tree.root, "/after"));
        }
        close_store(s);
    }
    write_file(file, size);
    free(file);
}

static void damaged_everywhere(void **state)
{
    char *file;
    size_t size = read_file(&file), used = ends[state_count - 1];

    for (size_t n = 64; n < used; n++) {
        uint64_t recovered;
        bool lost, same = false;
        struct buf now = {0};
        struct store *s;

        file[n] ^= (char)(1 << n % 8);
        write_file(file, used);
        file[n] ^= (char)(1 << n % 8);
        s = open_store(&recovered, &lost);
        forget_output(s);
        state_of(s, &now);
        for (unsigned int i = 0; i < state_count && !same; i++) /* some earlier state, exactly */
            same = states[i].len == now.len && !memcmp(states[i].data, now.data, now.len);
        assert_true(same);
        buf_free(&now);
        close_store(s);
    }
    write_file(file, size);
    free(file);
}

/* A record that is sound but makes no sense must not take the daemon down. */
static void senseless_entries(void **state)
{
    srand(1);
    for (int i = 0; i < 20000; i++) {
        struct store *s = calloc(1, sizeof(*s));
        char data[64];
        size_t len = 1 + (size_t)rand() % sizeof(data);

        for (size_t b = 0; b < len; b++)
            data[b] = rand() % 3 ? (char)(rand() % 8) : (char)rand();
        data[0] = (char)(rand() % 20);
        store_init(s, &fake_platform);
        record_replay(s, data, len);
        s->platform = domain_backend_none();
        delete_store(s);
    }
}

static void other_boot(void **state)
{
    uint64_t recovered;
    bool lost;
    char *file;
    size_t size = read_file(&file);
    struct store *s;

    file[20] ^= 1; /* in the boot id */
    write_file(file, size);
    s = open_store(&recovered, &lost);
    assert_int_equal(recovered, 0);
    assert_int_equal(s->account.nodes, 1);
    close_store(s);
    file[20] ^= 1;
    write_file(file, size);
    free(file);
}

static void compaction(void **state)
{
    uint64_t recovered;
    bool lost;
    char path[64], value[512], *file;
    size_t size = read_file(&file);
    struct store *s = open_store(&recovered, &lost);
    struct conn *c = new_client(s);
    struct buf before = {0};

    memset(value, 'x', sizeof(value));
    value[sizeof(value) - 1] = '\0';
    for (int i = 0; i < 20000; i++) {
        sprintf(path, "/many/%d", i % 50);
        put_tx(s, c, 0, path, value);
    }
    assert_in_range(journal_stats(s->journal)->compactions, 3, 20);
    assert_in_range(journal_stats(s->journal)->used, 0, 3 << 20);
    forget_output(s);
    state_of(s, &before);
    close_store(s);
    s = open_store(&recovered, &lost);
    assert_false(lost);
    forget_output(s);
    assert_state(s, &before);
    buf_free(&before);
    close_store(s);
    write_file(file, size);
    free(file);
}

/* No space: the daemon goes on, says so, and repairs the journal when there is space again. */
static void no_space(void **state)
{
    struct rlimit old, small = {.rlim_cur = 300 << 10, .rlim_max = RLIM_INFINITY};
    uint64_t recovered;
    bool lost;
    char path[64], value[2000], *file;
    size_t size = read_file(&file);
    struct store *s = open_store(&recovered, &lost);
    struct conn *c = new_client(s);
    struct buf before = {0};

    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old);
    small.rlim_max = old.rlim_max;
    setrlimit(RLIMIT_FSIZE, &small);
    memset(value, 'x', sizeof(value));
    value[sizeof(value) - 1] = '\0';
    for (int i = 0; i < 400; i++) {
        sprintf(path, "/n/%d", i);
        assert_string_equal(put_tx(s, c, 0, path, value), "OK");
    }
    assert_true(journal_stats(s->journal)->failures > 0);
    assert_non_null(strstr(last_log, "cannot record"));
    setrlimit(RLIMIT_FSIZE, &old);
    for (int i = 0; i < 300; i++)
        put_tx(s, c, 0, "/n/0", "y");
    assert_non_null(strstr(last_log, "complete again"));
    put_tx(s, c, 0, "/n/1", "z");
    forget_output(s);
    state_of(s, &before);
    close_store(s);
    s = open_store(&recovered, &lost);
    forget_output(s);
    assert_state(s, &before);
    buf_free(&before);
    close_store(s);
    write_file(file, size);
    free(file);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(cut_everywhere),    cmocka_unit_test(damaged_everywhere),
        cmocka_unit_test(senseless_entries), cmocka_unit_test(other_boot),
        cmocka_unit_test(compaction),        cmocka_unit_test(no_space),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
