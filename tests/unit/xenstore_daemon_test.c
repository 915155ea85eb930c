/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A whole xenstored on the host, hammered through the client library by several processes and
 * threads, and through a ring by a guest that counts every byte. Then again, while the daemon is
 * killed over and over: nothing that was acknowledged may be lost, no reply may be missing or come
 * twice.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xenstore.h"
#include "xenstore_fake_backend.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define GUEST 5u

static char run_dir[64];

/*
 * -- the daemon --
 * A keeper process starts and kills it: it has no threads, so that it can fork at any time.
 */

static int keeper[2];

static void run_daemon(void)
{
    char *argv[] = {"xenstored", "--no-fork", "--run-dir", run_dir, NULL};
    int null = open("/dev/null", O_WRONLY);

    if (!getenv("VERBOSE"))
        dup2(null, 2);
    close(keeper[0]);
    close(keeper[1]);
    _exit(xenstored_main(4, argv));
}

/* 's' starts; 'k' kills, 't' asks to end: the answer says whether it ended as it should. */
static void keep(int fd)
{
    pid_t pid = 0;
    char command;

    while (read(fd, &command, 1) == 1) {
        char ok = 'y';
        int status, sig = command == 'k' ? SIGKILL : SIGTERM;

        if (command == 's') {
            pid = fork();
            if (!pid)
                run_daemon();
        } else {
            kill(pid, sig);
            waitpid(pid, &status, 0);
            if (sig == SIGKILL ? !WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL
                               : !WIFEXITED(status) || WEXITSTATUS(status))
                ok = 'n'; /* it had died before: of a sanitizer, for instance */
        }
        if (write(fd, &ok, 1) != 1)
            break;
    }
    if (pid > 0)
        kill(pid, SIGKILL);
    _exit(0);
}

static void tell_keeper(char command)
{
    char answer;

    assert_int_equal(write(keeper[0], &command, 1), 1);
    assert_int_equal(read(keeper[0], &answer, 1), 1);
    assert_int_equal(answer, 'y');
}

static void start_daemon(void)
{
    tell_keeper('s');
}

static void stop_daemon(int sig)
{
    tell_keeper(sig == SIGKILL ? 'k' : 't');
}

static struct xs_handle *try_open(void)
{
    for (int i = 0; i < 2000; i++) {
        struct xs_handle *h = xs_open(XS_OPEN_SOCKETONLY);

        if (h)
            return h;
        usleep(2000);
    }
    return NULL;
}

static struct xs_handle *connect_to_daemon(void)
{
    struct xs_handle *h = try_open();

    assert_non_null(h);
    return h;
}

static int setup(void **state)
{
    strcpy(run_dir, "/tmp/xenstored-test-XXXXXX");
    assert_non_null(mkdtemp(run_dir));
    setenv("XENSTORED_RUNDIR", run_dir, 1);
    signal(SIGPIPE, SIG_IGN);
    alarm(180); /* a lost reply would otherwise make the guest wait for ever */
    fake_host =
        mmap(NULL, sizeof(*fake_host), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(fake_host != MAP_FAILED);
    fake_host->exists[GUEST] = true;
    assert_int_equal(pipe2(fake_host->to_daemon, O_NONBLOCK), 0);
    for (int i = 0; i < FAKE_DOMAINS; i++)
        assert_int_equal(pipe2(fake_host->to_guest[i], O_NONBLOCK), 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, keeper), 0);
    if (!fork()) {
        close(keeper[0]);
        keep(keeper[1]);
    }
    close(keeper[1]);
    start_daemon();
    return 0;
}

static int teardown(void **state)
{
    char command[128];

    stop_daemon(SIGTERM);
    close(keeper[0]);
    snprintf(command, sizeof(command), "rm -r %s", run_dir);
    return system(command);
}

/* -- clients of the socket -- */

/* Adds 1 to a counter in a transaction, @times times; the number of conflicts. */
static int count_up(struct xs_handle *h, const char *path, int times)
{
    int conflicts = 0;

    while (times) {
        xs_transaction_t t = xs_transaction_start(h);
        char *old = xs_read(h, t, path, NULL), text[16];

        if (!t || (!old && errno != ENOENT))
            return -1;
        snprintf(text, sizeof(text), "%d", (old ? atoi(old) : 0) + 1);
        free(old);
        if (!xs_write(h, t, path, text, (unsigned int)strlen(text)))
            return -1;
        if (xs_transaction_end(h, t, false))
            times--;
        else if (errno == EAGAIN)
            conflicts++;
        else
            return -1;
    }
    return conflicts;
}

static int read_number(struct xs_handle *h, const char *path)
{
    char *text = xs_read(h, XBT_NULL, path, NULL);
    int value = text ? atoi(text) : -1;

    free(text);
    return value;
}

static void several_processes(void **state)
{
    struct xs_handle *h = connect_to_daemon();
    pid_t pid[4];
    int status;

    for (int i = 0; i < 4; i++) {
        pid[i] = fork();
        if (!pid[i]) {
            struct xs_handle *own = try_open();
            char mine[32];

            snprintf(mine, sizeof(mine), "/count/%d", i);
            if (!own || count_up(own, "/count/shared", 100) < 0 || count_up(own, mine, 100) < 0)
                _exit(1);
            _exit(0);
        }
    }
    for (int i = 0; i < 4; i++) {
        waitpid(pid[i], &status, 0);
        assert_int_equal(status, 0);
    }
    assert_int_equal(read_number(h, "/count/shared"), 400);
    for (int i = 0; i < 4; i++) {
        char mine[32];

        snprintf(mine, sizeof(mine), "/count/%d", i);
        assert_int_equal(read_number(h, mine), 100);
    }
    xs_close(h);
}

struct thread {
    pthread_t id;
    struct xs_handle *h;
    int number;
    bool ok;
};

static void *thread_main(void *arg)
{
    struct thread *t = arg;
    char path[32], text[32];

    snprintf(path, sizeof(path), "/thread/%d", t->number);
    for (int i = 0; i < 300; i++) {
        char *value;

        snprintf(text, sizeof(text), "%d-%d", t->number, i);
        if (!xs_write(t->h, XBT_NULL, path, text, (unsigned int)strlen(text)) ||
            !(value = xs_read(t->h, XBT_NULL, path, NULL)))
            return NULL;
        if (strcmp(value, text)) {
            free(value);
            return NULL;
        }
        free(value);
    }
    t->ok = true;
    return NULL;
}

/* One handle, many threads, and one more that waits for events all the time. */
static void *event_main(void *arg)
{
    struct thread *t = arg;

    for (;;) {
        char **event = xs_read_watch(t->h, NULL);
        bool last = event && !strcmp(event[XS_WATCH_PATH], "/thread/end");

        free(event);
        if (!event)
            return NULL;
        t->number++;
        if (last)
            break;
    }
    t->ok = true;
    return NULL;
}

static void several_threads(void **state)
{
    struct xs_handle *h = connect_to_daemon();
    struct thread threads[6], listener = {.h = h};

    assert_true(xs_watch(h, "/thread", "token"));
    pthread_create(&listener.id, NULL, event_main, &listener);
    for (int i = 0; i < 6; i++) {
        threads[i] = (struct thread){.h = h, .number = i};
        pthread_create(&threads[i].id, NULL, thread_main, &threads[i]);
    }
    for (int i = 0; i < 6; i++) {
        pthread_join(threads[i].id, NULL);
        assert_true(threads[i].ok);
    }
    assert_true(xs_mkdir(h, XBT_NULL, "/thread/end"));
    pthread_join(listener.id, NULL);
    assert_true(listener.ok);
    assert_true(listener.number > 2);
    xs_close(h);
}

static bool readable(int fd, int ms)
{
    struct pollfd pfd = {.fd = fd, .events = POLLIN};

    return poll(&pfd, 1, ms) == 1;
}

static void library(void **state)
{
    struct xs_handle *h;
    struct xs_permissions perms[2] = {{0, XS_PERM_NONE}, {7, XS_PERM_READ}}, *got;
    char **list, **event, path[64], *answer;
    unsigned int num, len;
    char *value;

    xs_close(connect_to_daemon()); /* waits for it */
    h = xs_open(XS_UNWATCH_FILTER);
    assert_non_null(h);
    /* Binary values; permissions; a list longer than a message. */
    assert_true(xs_write(h, XBT_NULL, "/lib/bin", "a\0b", 3));
    value = xs_read(h, XBT_NULL, "/lib/bin", &len);
    assert_int_equal(len, 3);
    assert_memory_equal(value, "a\0b", 4);
    free(value);
    assert_true(xs_set_permissions(h, XBT_NULL, "/lib/bin", perms, 2));
    got = xs_get_permissions(h, XBT_NULL, "/lib/bin", &num);
    assert_int_equal(num, 2);
    assert_memory_equal(got, perms, sizeof(perms));
    free(got);
    for (int i = 0; i < 1000; i++) {
        snprintf(path, sizeof(path), "/lib/long/a-name-of-some-length-%d", i);
        assert_true(xs_mkdir(h, XBT_NULL, path));
    }
    list = xs_directory(h, XBT_NULL, "/lib/long", &num);
    assert_non_null(list);
    assert_int_equal(num, 1000);
    for (unsigned int i = 1; i < num; i++)
        assert_true(strcmp(list[i - 1], list[i]) < 0);
    free(list);
    list = xs_directory(h, XBT_NULL, "/lib/bin", &num);
    assert_non_null(list);
    assert_int_equal(num, 0);
    free(list);
    assert_null(xs_directory(h, XBT_NULL, "/lib/none", &num));
    assert_int_equal(errno, ENOENT);
    assert_true(xs_rm(h, XBT_NULL, "/lib/long"));

    /* Watches: pollable, filtered after unwatch. */
    assert_null(xs_check_watch(h));
    assert_int_equal(errno, EAGAIN);
    assert_true(xs_watch(h, "/lib/w", "t"));
    assert_true(readable(xs_fileno(h), 1000));
    event = xs_check_watch(h);
    assert_string_equal(event[XS_WATCH_PATH], "/lib/w");
    assert_string_equal(event[XS_WATCH_TOKEN], "t");
    free(event);
    assert_false(readable(xs_fileno(h), 20));
    assert_true(xs_write(h, XBT_NULL, "/lib/w/x", "1", 1)); /* its event is read along with OK */
    assert_true(readable(xs_fileno(h), 0));
    assert_true(xs_unwatch(h, "/lib/w", "t"));
    assert_null(xs_check_watch(h));
    assert_false(readable(xs_fileno(h), 20));
    assert_false(xs_unwatch(h, "/lib/w", "t"));
    assert_int_equal(errno, ENOENT);
    assert_true(xs_watch_depth(h, "/lib", "d", 0));
    free(xs_read_watch(h, NULL));
    assert_true(xs_write(h, XBT_NULL, "/lib/w/x", "1", 1));
    assert_null(xs_check_watch(h));

    answer = xs_control_command(h, "check", NULL, 0);
    assert_string_equal(answer, "OK");
    free(answer);
    assert_false(xs_restrict(h, 1));
    assert_int_equal(errno, ENOSYS);
    assert_true(xs_is_domain_introduced(h, 0));
    assert_false(xs_write(h, XBT_NULL, "/bad path", "1", 1));
    assert_int_equal(errno, EINVAL);
    xs_close(h);
}

/* -- the guest -- */

static struct xenstore_domain_interface *ring(void)
{
    return (void *)fake_host->page[GUEST];
}

static void kick(void)
{
    char port = GUEST + 1;

    (void)!write(fake_host->to_daemon[1], &port, 1);
}

/* Waits for the daemon's notification, but not for ever: it may have been killed meanwhile. */
static void guest_wait(void)
{
    struct pollfd pfd = {.fd = fake_host->to_guest[GUEST][0], .events = POLLIN};
    char bytes[64];

    if (poll(&pfd, 1, 20) == 1)
        (void)!read(pfd.fd, bytes, sizeof(bytes));
}

static void guest_write(const void *data, size_t len)
{
    const char *bytes = data;

    for (size_t i = 0; i < len;) {
        uint32_t prod = ring()->req_prod;

        if (prod - __atomic_load_n(&ring()->req_cons, __ATOMIC_ACQUIRE) == XENSTORE_RING_SIZE) {
            kick();
            guest_wait();
            continue;
        }
        ring()->req[MASK_XENSTORE_IDX(prod)] = bytes[i++];
        __atomic_store_n(&ring()->req_prod, prod + 1, __ATOMIC_RELEASE);
    }
    kick();
}

static void guest_read(void *data, size_t len)
{
    char *bytes = data;

    for (size_t i = 0; i < len;) {
        uint32_t cons = ring()->rsp_cons;

        if (cons == __atomic_load_n(&ring()->rsp_prod, __ATOMIC_ACQUIRE)) {
            guest_wait();
            continue;
        }
        bytes[i++] = ring()->rsp[MASK_XENSTORE_IDX(cons)];
        __atomic_store_n(&ring()->rsp_cons, cons + 1, __ATOMIC_RELEASE);
    }
    kick();
}

static unsigned int guest_events, guest_requests, guest_again;

/* One request; its reply's payload goes to @reply (4097 bytes). Exactly one reply must come. */
static uint32_t guest_request(uint32_t type, uint32_t tx, const char *payload, size_t len,
                              char *reply)
{
    struct xsd_sockmsg header = {.type = type, .tx_id = tx, .len = (uint32_t)len};
    static uint32_t req_id;

    header.req_id = ++req_id;
    guest_requests++;
    guest_write(&header, sizeof(header));
    guest_write(payload, len);
    for (;;) {
        guest_read(&header, sizeof(header));
        if (header.len > XENSTORE_PAYLOAD_MAX)
            abort();
        guest_read(reply, header.len);
        reply[header.len] = '\0';
        if (header.type != XS_WATCH_EVENT)
            break;
        if (strcmp(reply, "data/n") && strcmp(reply, "data"))
            abort();
        guest_events++;
    }
    if (header.req_id != req_id || header.tx_id != tx) {
        fprintf(stderr, "reply %u for request %u\n", header.req_id, req_id);
        abort();
    }
    return header.type;
}

static void guest_store(uint32_t tx, const char *path, unsigned int value, char *reply)
{
    char payload[64];
    int len = snprintf(payload, sizeof(payload), "%s%c%u", path, 0, value);

    if (guest_request(XS_WRITE, tx, payload, (size_t)len, reply) != XS_WRITE &&
        strcmp(reply, "EAGAIN"))
        abort();
}

/*
 * The guest's life: writes n, reads it back, counts up in a transaction. Any lost or doubled
 * reply, any lost write, any lost watch ends in abort() or a wrong count.
 */
static unsigned int guest_life(unsigned int rounds)
{
    static char reply[XENSTORE_PAYLOAD_MAX + 1];
    unsigned int committed = 0;

    for (unsigned int n = 1; n <= rounds; n++) {
        uint32_t tx;

        guest_store(0, "data/n", n, reply);
        if (guest_request(XS_READ, 0, "data/n", 7, reply) != XS_READ ||
            (unsigned int)atoi(reply) != n)
            abort();
        if (guest_request(XS_TRANSACTION_START, 0, "", 1, reply) != XS_TRANSACTION_START)
            abort();
        tx = (uint32_t)strtoul(reply, NULL, 10);
        if (guest_request(XS_READ, tx, "count", 6, reply) != XS_READ)
            abort();
        guest_store(tx, "count", (unsigned int)atoi(reply) + 1, reply);
        if (guest_request(XS_TRANSACTION_END, tx, "T", 2, reply) == XS_TRANSACTION_END)
            committed++;
        else if (!strcmp(reply, "EAGAIN"))
            guest_again++; /* the daemon was killed in between */
        else
            abort();
    }
    return committed;
}

static struct xs_handle *introduce_guest(void)
{
    static char reply[XENSTORE_PAYLOAD_MAX + 1];
    struct xs_permissions own = {GUEST, XS_PERM_NONE};
    struct xs_handle *h = connect_to_daemon();

    assert_true(xs_introduce_domain(h, GUEST, 1, 1));
    assert_true(xs_mkdir(h, XBT_NULL, "/local/domain/5"));
    assert_true(xs_set_permissions(h, XBT_NULL, "/local/domain/5", &own, 1));
    assert_true(xs_write(h, XBT_NULL, "/local/domain/5/count", "0", 1));
    assert_int_equal(guest_request(XS_WATCH, 0, "data\0token", 11, reply), XS_WATCH);
    return h;
}

static void guest(void **state)
{
    struct xs_handle *h = introduce_guest();

    assert_int_equal(guest_life(200), 200);
    assert_int_equal(read_number(h, "/local/domain/5/count"), 200);
    assert_int_equal(read_number(h, "/local/domain/5/data/n"), 200);
    assert_true(guest_events > 100); /* its watch sees its own writes; equal ones merge */
    assert_true(xs_release_domain(h, GUEST));
    assert_int_equal(read_number(h, "/local/domain/5/count"), -1); /* owned: gone with it */
    xs_close(h);
}

/* -- the same while the daemon is killed -- */

struct writer {
    pthread_t id;
    int acknowledged, number;
};
static volatile bool writers_stop, guest_stop;

/* Writes increasing numbers; reconnects whenever the daemon was killed. */
static void *writer_main(void *arg)
{
    struct writer *w = arg;
    char path[32], text[16];

    snprintf(path, sizeof(path), "/writer/%d", w->number);
    while (!writers_stop) {
        struct xs_handle *h = try_open();

        while (h && !writers_stop) {
            snprintf(text, sizeof(text), "%d", w->acknowledged + 1);
            if (!xs_write(h, XBT_NULL, path, text, (unsigned int)strlen(text)))
                break;
            w->acknowledged++;
        }
        xs_close(h);
    }
    return NULL;
}

static void *guest_main(void *arg)
{
    *(unsigned int *)arg = guest_life(1500);
    guest_stop = true;
    return NULL;
}

static void killed_again_and_again(void **state)
{
    unsigned int committed = 0, kills = 0;
    struct writer writers[2];
    struct xs_handle *h;
    pthread_t guest_id;

    xs_close(introduce_guest());
    guest_again = guest_events = 0;
    for (int i = 0; i < 2; i++) {
        writers[i] = (struct writer){.number = i};
        pthread_create(&writers[i].id, NULL, writer_main, &writers[i]);
    }
    pthread_create(&guest_id, NULL, guest_main, &committed);
    srand((unsigned int)time(NULL));
    while (!guest_stop && kills < 400) {
        usleep((useconds_t)(rand() % 20000) + 500);
        stop_daemon(SIGKILL);
        start_daemon();
        kills++;
    }
    pthread_join(guest_id, NULL);
    writers_stop = true;
    for (int i = 0; i < 2; i++)
        pthread_join(writers[i].id, NULL);
    h = connect_to_daemon();
    printf("%u kills: %u of 1500 transactions committed, %u asked to repeat; %u events; "
           "%d + %d writes\n",
           kills, committed, guest_again, guest_events, writers[0].acknowledged,
           writers[1].acknowledged);
    assert_true(kills > 5);
    assert_int_equal(committed + guest_again, 1500);
    assert_int_equal(read_number(h, "/local/domain/5/count"), committed);
    assert_int_equal(read_number(h, "/local/domain/5/data/n"), 1500);
    assert_true(guest_events > 700); /* the watch lives on */
    for (int i = 0; i < 2; i++) {
        char path[32];
        int value;

        snprintf(path, sizeof(path), "/writer/%d", i);
        value = read_number(h, path);
        /* The last one may have been done without its acknowledgement arriving. */
        assert_in_range(value, writers[i].acknowledged, writers[i].acknowledged + 1);
    }
    /* A domain that dies is cleaned up by the restarted daemon as well. */
    fake_host->exists[GUEST] = false;
    stop_daemon(SIGKILL);
    xs_close(h);
    start_daemon();
    h = connect_to_daemon();
    assert_false(xs_is_domain_introduced(h, GUEST));
    assert_int_equal(read_number(h, "/local/domain/5/count"), -1);
    xs_close(h);
}

/* -- clients of a restarted daemon -- */

static void *listen_main(void *arg)
{
    struct thread *t = arg;

    while (t->number < 4) {
        char **event = xs_read_watch(t->h, NULL);

        if (!event)
            return NULL;
        t->number += !strcmp(event[XS_WATCH_PATH], "/again/deep/x");
        free(event);
    }
    __atomic_store_n(&t->ok, true, __ATOMIC_RELAXED);
    return NULL;
}

/* The library connects again: watches, transactions and requests survive the daemon. */
static void reconnection(void **state)
{
    struct xs_handle *h = connect_to_daemon(), *other = connect_to_daemon();
    struct thread listener = {.h = other};
    xs_transaction_t t1, t2;
    char **event, *value;
    time_t begin;

    assert_true(xs_watch(h, "/again", "token"));
    assert_true(xs_watch_depth(h, "/again", "shallow", 0));
    assert_true(xs_watch(h, "/unwanted", "token"));
    assert_true(xs_unwatch(h, "/unwanted", "token"));
    assert_true(xs_watch(other, "/again/deep", "token"));
    pthread_create(&listener.id, NULL, listen_main, &listener);
    t1 = xs_transaction_start(h);
    t2 = xs_transaction_start(h);
    assert_true(xs_write(h, t1, "/again/tx", "1", 1));
    assert_true(xs_write(h, XBT_NULL, "/again/deep/x", "1", 1));
    while ((event = xs_check_watch(h)))
        free(event);

    for (int i = 0; i < 3; i++) {
        stop_daemon(SIGKILL);
        start_daemon();
        /* Who only polls is told to look, and finds its watches fired. */
        assert_true(readable(xs_fileno(h), 5000));
        for (int tries = 0; !(event = xs_check_watch(h)); tries++) {
            assert_int_equal(errno, EAGAIN);
            assert_true(tries < 100);
            assert_true(readable(xs_fileno(h), 5000));
        }
        assert_string_equal(event[XS_WATCH_PATH], "/again");
        free(event);
        usleep(50000);
        while ((event = xs_check_watch(h))) {
            assert_string_not_equal(event[XS_WATCH_PATH], "/unwanted");
            free(event);
        }
        assert_false(readable(xs_fileno(h), 150));
        assert_true(xs_write(h, XBT_NULL, "/again/deep/x", "2", 1));
        event = xs_read_watch(h, NULL);
        assert_string_equal(event[XS_WATCH_PATH], "/again/deep/x");
        assert_string_equal(event[XS_WATCH_TOKEN], "token");
        free(event);
        assert_null(xs_check_watch(h));
    }
    /* Its write of before the restart is gone, so it must not be committed. */
    assert_true(xs_write(h, t1, "/again/tx2", "1", 1));
    assert_false(xs_transaction_end(h, t1, false));
    assert_int_equal(errno, EAGAIN);
    assert_null(xs_read(h, XBT_NULL, "/again/tx2", NULL));
    assert_true(xs_transaction_end(h, t2, true));
    assert_false(xs_transaction_end(h, t2, true));
    assert_int_equal(errno, ENOENT);
    t1 = xs_transaction_start(h);
    assert_true(xs_write(h, t1, "/again/tx", "1", 1));
    assert_true(xs_transaction_end(h, t1, false));
    value = xs_read(h, XBT_NULL, "/again/tx", NULL);
    assert_string_equal(value, "1");
    free(value);
    /* The other one listens on; an event may have been lost with the daemon, its watch is not. */
    for (int i = 0; i < 500 && !__atomic_load_n(&listener.ok, __ATOMIC_RELAXED); i++) {
        assert_true(xs_write(h, XBT_NULL, "/again/deep/x", "3", 1));
        usleep(10000);
    }
    pthread_join(listener.id, NULL);
    assert_true(listener.ok);

    /* Without a daemon: one request waits, the others fail at once, until it is back. */
    stop_daemon(SIGKILL);
    assert_false(xs_mkdir(h, XBT_NULL, "/again"));
    assert_int_equal(errno, ECONNREFUSED);
    begin = time(NULL);
    for (int i = 0; i < 100; i++)
        assert_false(xs_mkdir(h, XBT_NULL, "/again"));
    assert_true(time(NULL) - begin <= 2);
    start_daemon();
    xs_close(connect_to_daemon());
    assert_true(xs_mkdir(h, XBT_NULL, "/again"));
    xs_close(h);
    xs_close(other);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(library),
        cmocka_unit_test(several_processes),
        cmocka_unit_test(several_threads),
        cmocka_unit_test(guest),
        cmocka_unit_test(killed_again_and_again),
        cmocka_unit_test(reconnection),
    };

    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, setup, teardown);
}
