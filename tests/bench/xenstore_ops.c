/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * xenstore_ops DAEMON [NODES...]: what operations cost a xenstored on this host, called through the
 * client library and the socket, with stores of different sizes, with journal and without:
 * operations per second, and microseconds of the daemon's processor time for one (which other work
 * on the machine disturbs less). What must hold: the cost does not depend on the number of nodes,
 * but for the processor's caches, and the journal costs little.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "xenstore.h"

#define SECONDS 0.4 /* per measurement */
#define ROUNDS  3   /* the best one counts: others on this machine disturb */

static struct xs_handle *xs;
static unsigned int nodes;

static void stop(const char *what)
{
    fprintf(stderr, "xenstore_ops: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* -- one operation each; @i counts up -- */

static const char *node_path(unsigned int i)
{
    static char path[64];

    /* 100 nodes in a directory, spread so that neighbours in time are none in the tree */
    i = (unsigned int)((unsigned long)i * 7919 % nodes);
    snprintf(path, sizeof(path), "/bench/%u/%u", i / 100, i % 100);
    return path;
}

static void do_write(unsigned int i)
{
    if (!xs_write(xs, XBT_NULL, node_path(i), "value", 5))
        stop("write");
}

static void do_read(unsigned int i)
{
    char *value = xs_read(xs, XBT_NULL, node_path(i), NULL);

    if (!value)
        stop("read");
    free(value);
}

static void do_directory(unsigned int i)
{
    char path[64];
    unsigned int num;
    char **list;

    snprintf(path, sizeof(path), "/bench/%u", i % (nodes / 100));
    list = xs_directory(xs, XBT_NULL, path, &num);
    if (!list)
        stop("directory");
    free(list);
}

static void do_create_remove(unsigned int i)
{
    if (!xs_mkdir(xs, XBT_NULL, "/bench/0/new/deep") || !xs_rm(xs, XBT_NULL, "/bench/0/new"))
        stop("create and remove");
}

static void do_transaction(unsigned int i)
{
    xs_transaction_t t = xs_transaction_start(xs);
    char *value = xs_read(xs, t, node_path(i), NULL);

    free(value);
    if (!value || !xs_write(xs, t, node_path(i + 1), "other", 5) ||
        !xs_transaction_end(xs, t, false))
        stop("transaction");
}

static void do_watch(unsigned int i)
{
    char **event;

    if (!xs_write(xs, XBT_NULL, "/watched/x", "1", 1) || !(event = xs_read_watch(xs, NULL)))
        stop("watch");
    free(event);
}

static const struct {
    const char *name;
    void (*run)(unsigned int i);
} operations[] = {
    {"write", do_write},
    {"read", do_read},
    {"directory (100 names)", do_directory},
    {"create + remove", do_create_remove},
    {"transaction (read, write)", do_transaction},
    {"write + watch event", do_watch},
};
#define OPERATIONS (sizeof(operations) / sizeof(operations[0]))

static double clock_value(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

struct result {
    double rate; /* operations per second */
    double cpu;  /* microseconds of the daemon's processor time */
};

static struct result measure_one(void (*run)(unsigned int i), clockid_t daemon)
{
    struct result best = {0, 1e9};

    for (int round = 0; round < ROUNDS; round++) {
        double begin = clock_value(CLOCK_MONOTONIC), cpu = clock_value(daemon), took;
        unsigned int i = 0;

        do {
            for (int n = 0; n < 50; n++)
                run(i++);
            took = clock_value(CLOCK_MONOTONIC) - begin;
        } while (took < SECONDS);
        cpu = (clock_value(daemon) - cpu) / i * 1e6;
        if (i / took > best.rate)
            best.rate = i / took;
        if (cpu < best.cpu)
            best.cpu = cpu;
    }
    return best;
}

static pid_t start(const char *program, const char *dir, bool journal)
{
    pid_t pid = fork();

    if (!pid) {
        execl(program, program, "-N", "-D", "--run-dir", dir, journal ? "--reset" : "--no-recovery",
              NULL);
        stop(program);
    }
    for (int i = 0; i < 500 && !(xs = xs_open(XS_OPEN_SOCKETONLY)); i++)
        usleep(10000);
    if (!xs)
        stop("connect");
    return pid;
}

static void measure(const char *program, const char *dir, unsigned int count, bool journal,
                    struct result *results)
{
    clockid_t clock;
    pid_t pid;

    nodes = count;
    pid = start(program, dir, journal);
    if (clock_getcpuclockid(pid, &clock))
        stop("processor clock");
    for (unsigned int i = 0; i < nodes; i++)
        do_write(i);
    if (!xs_watch(xs, "/watched", "token"))
        stop("watch");
    free(xs_read_watch(xs, NULL));
    for (size_t i = 0; i < OPERATIONS; i++)
        results[i] = measure_one(operations[i].run, clock);
    xs_close(xs);
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
}

int main(int argc, char **argv)
{
    /* On a tmpfs, as in real life. */
    char dir[] = "/dev/shm/xenstore-ops-XXXXXX", command[64];
    unsigned int sizes[4] = {1000, 100000}, count = 2;
    struct result r[4][2][OPERATIONS];

    if (argc < 2 || argc > 6) {
        fprintf(stderr, "Usage: xenstore_ops DAEMON [NODES...]\n");
        return 2;
    }
    for (int i = 2; i < argc; i++, count = (unsigned int)i - 2)
        sizes[i - 2] = (unsigned int)atoi(argv[i]) < 100 ? 100 : (unsigned int)atoi(argv[i]);
    if (!mkdtemp(dir))
        stop(dir);
    setenv("XENSTORED_RUNDIR", dir, 1);
    printf("%-26s", "operation");
    for (unsigned int n = 0; n < count; n++) {
        measure(argv[1], dir, sizes[n], true, r[n][0]);
        measure(argv[1], dir, sizes[n], false, r[n][1]);
        printf("  %13u nodes       no journal", sizes[n]);
    }
    printf("\n%-26s", "");
    for (unsigned int n = 0; n < 2 * count; n++)
        printf("  %8s %8s", "ops/s", "cpu us");
    printf("\n");
    for (size_t i = 0; i < OPERATIONS; i++) {
        printf("%-26s", operations[i].name);
        for (unsigned int n = 0; n < count; n++)
            printf("  %8.0f %8.2f  %8.0f %8.2f", r[n][0][i].rate, r[n][0][i].cpu, r[n][1][i].rate,
                   r[n][1][i].cpu);
        printf("\n");
    }
    snprintf(command, sizeof(command), "rm -r %s", dir);
    return system(command) ? 1 : 0;
}
