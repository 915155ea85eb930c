/* SPDX-License-Identifier: GPL-2.0-only */
/* xenstored: options, start-up, main loop. */
#include "domain_backend.h"
#include "journal.h"
#include "log.h"
#include "notify.h"
#include "record.h"
#include "socket.h"
#include "store.h"

#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#ifndef XENSTORED_VERSION
#define XENSTORED_VERSION "unknown"
#endif

#define DEFAULT_RUN_DIR "/run/xenstored"
/* So long a start waits for the end of a daemon that was killed. */
#define LOCK_PATIENCE_MS 3000

struct options {
    const char *run_dir, *state_dir, *pid_file, *trace_file;
    bool no_fork, no_domains, no_recovery, reset, output_pid, verbose;
};

struct daemon {
    struct options opt;
    struct store store;
    int epoll_fd, listener, signals;
    int domain_fd; /* event channels; -1: none */
};

/* Distinguish descriptors in epoll's data from clients. */
static char tag_listener, tag_signals, tag_domains;

static const char usage[] =
    "Usage: xenstored [OPTION]...\n"
    "Serves the store that domains and toolstack share.\n\n"
    "  -N, --no-fork             stay in the foreground, log to standard error\n"
    "  -D, --no-domain-init      do not connect to the hypervisor (socket clients only)\n"
    "  -F, --pid-file FILE       write the process id there\n"
    "  -P, --output-pid          print the process id\n"
    "      --run-dir DIR         directory of the socket [" DEFAULT_RUN_DIR "]\n"
    "      --state-dir DIR       directory of the journal, on a tmpfs [the run directory]\n"
    "  -R, --no-recovery         keep no journal: a restart loses everything\n"
    "      --reset               forget the state of an earlier run\n"
    "  -T, --trace-file FILE     write all messages there\n"
    "  -V, --verbose             trace all messages (to the log without --trace-file)\n"
    "  -E, --entry-nb N          quota: nodes per domain\n"
    "  -S, --entry-size N        quota: size of a node in bytes\n"
    "  -W, --watch-nb N          quota: watches per domain\n"
    "  -t, --transaction N       quota: transactions per domain\n"
    "  -A, --perm-nb N           quota: permissions per node\n"
    "  -M, --path-max N          quota: length of a path\n"
    "  -Q, --quota NAME=N        any quota (\"xenstore-control quota\" lists them); 0: no limit\n"
    "  -q, --quota-soft memory=N warn when a domain uses more memory\n"
    "  -v, --version             show the version\n"
    "  -H, --help                show this text\n";

static void fail(const char *what, const char *why)
{
    fprintf(stderr, "xenstored: %s: %s\n", what, why);
    exit(1);
}

/* -- options -- */

enum { OPT_RUN_DIR = 256, OPT_STATE_DIR, OPT_RESET };

static const struct option long_options[] = {
    {"no-fork", no_argument, NULL, 'N'},
    {"no-domain-init", no_argument, NULL, 'D'},
    {"pid-file", required_argument, NULL, 'F'},
    {"output-pid", no_argument, NULL, 'P'},
    {"run-dir", required_argument, NULL, OPT_RUN_DIR},
    {"state-dir", required_argument, NULL, OPT_STATE_DIR},
    {"no-recovery", no_argument, NULL, 'R'},
    {"reset", no_argument, NULL, OPT_RESET},
    {"trace-file", required_argument, NULL, 'T'},
    {"verbose", no_argument, NULL, 'V'},
    {"entry-nb", required_argument, NULL, 'E'},
    {"entry-size", required_argument, NULL, 'S'},
    {"watch-nb", required_argument, NULL, 'W'},
    {"transaction", required_argument, NULL, 't'},
    {"perm-nb", required_argument, NULL, 'A'},
    {"path-max", required_argument, NULL, 'M'},
    {"quota", required_argument, NULL, 'Q'},
    {"quota-soft", required_argument, NULL, 'q'},
    {"version", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, 'H'},
    {NULL, 0, NULL, 0},
};

/* Options that set one quota. */
static const struct {
    int option;
    enum quota quota;
} quota_options[] = {
    {'E', QUOTA_NODES},        {'S', QUOTA_NODE_SIZE},   {'W', QUOTA_WATCHES},
    {'t', QUOTA_TRANSACTIONS}, {'A', QUOTA_PERMISSIONS}, {'M', QUOTA_PATH_MAX},
};

static void set_quota(unsigned long *quota, const char *what, const char *value)
{
    if (!parse_number(value, INT64_MAX, quota))
        fail(what, "is not a number that a quota can have");
}

static void set_named_quota(struct store *s, const char *arg, bool soft)
{
    const char *value = strchr(arg, '=');
    char name[64];
    int quota;

    if (!value || value - arg >= (long)sizeof(name))
        fail(arg, "a quota is given as NAME=NUMBER");
    snprintf(name, sizeof(name), "%.*s", (int)(value - arg), arg);
    quota = soft ? (strcmp(name, "memory") ? -1 : 0) : quota_by_name(name);
    if (quota < 0)
        fail(name, soft ? "there is a soft quota for memory only" : "no such quota");
    set_quota(soft ? &s->soft_memory : &s->quota[quota], arg, value + 1);
}

static void set_option(struct daemon *d, int option, const char *arg)
{
    struct options *o = &d->opt;

    for (size_t i = 0; i < sizeof(quota_options) / sizeof(quota_options[0]); i++)
        if (quota_options[i].option == option)
            set_quota(&d->store.quota[quota_options[i].quota], arg, arg);
    switch (option) {
    case 'N':
        o->no_fork = true;
        break;
    case 'D':
        o->no_domains = true;
        break;
    case 'F':
        o->pid_file = arg;
        break;
    case 'P':
        o->output_pid = true;
        break;
    case 'R':
        o->no_recovery = true;
        break;
    case OPT_RUN_DIR:
        o->run_dir = arg;
        break;
    case OPT_STATE_DIR:
        o->state_dir = arg;
        break;
    case OPT_RESET:
        o->reset = true;
        break;
    case 'T':
        o->trace_file = arg;
        break;
    case 'V':
        o->verbose = true;
        break;
    case 'Q':
    case 'q':
        set_named_quota(&d->store, arg, option == 'q');
        break;
    default:
        break;
    }
}

static void parse_options(struct daemon *d, int argc, char **argv, bool quotas_only)
{
    int option;

    optind = 1;
    while ((option = getopt_long(argc, argv, "NDF:PRT:VE:S:W:t:A:M:Q:q:vH", long_options, NULL)) !=
           -1) {
        if (option == 'H') {
            fputs(usage, stdout);
            exit(0);
        } else if (option == 'v') {
            puts("xenstored " XENSTORED_VERSION);
            exit(0);
        } else if (option == '?') {
            fputs("Try 'xenstored --help'.\n", stderr);
            exit(2);
        }
        if (!quotas_only || strchr("ESWtAMQq", option))
            set_option(d, option, optarg);
    }
    if (optind < argc)
        fail(argv[optind], "unexpected argument");
}

/* -- start-up -- */

/* One daemon per state directory: the lock lives as long as the process. */
static void take_lock(const char *dir)
{
    char path[PATH_MAX / 2];
    int fd;

    snprintf(path, sizeof(path), "%s/lock", dir);
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        fail(path, strerror(errno));
    /* A killed predecessor may still be giving its mappings and event channels back. */
    for (int i = 0; flock(fd, LOCK_EX | LOCK_NB); i++) {
        if (i == LOCK_PATIENCE_MS / 20)
            fail(path, "another xenstored is running");
        usleep(20000);
    }
}

static void read_boot_id(char *out, size_t size)
{
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : read(fd, out, size - 1);

    if (fd >= 0)
        close(fd);
    out[got > 0 ? got : 0] = '\0';
    out[strcspn(out, "\n")] = '\0';
}

static bool replay(void *arg, const char *data, size_t len)
{
    return record_replay(arg, data, len);
}

/* Recovers the state of an earlier run; false if there was none. */
static bool recover(struct daemon *d)
{
    struct store *s = &d->store;
    char boot_id[64], path[PATH_MAX / 2];
    uint64_t recovered;
    struct journal *journal;
    bool lost;

    read_boot_id(boot_id, sizeof(boot_id));
    snprintf(path, sizeof(path), "%s/state", d->opt.state_dir);
    if (d->opt.reset || d->opt.no_recovery)
        unlink(path);
    if (d->opt.no_recovery)
        return false;
    journal = journal_open(d->opt.state_dir, boot_id, replay, s, &recovered, &lost);
    if (!journal)
        fail(path, strerror(errno));
    s->journal = journal;
    if (lost)
        log_line("%s: the last record is incomplete and was dropped (it was never acted upon)",
                 path);
    if (recovered)
        log_line("recovered %lld nodes, %u domains and %u watches from %llu records",
                 (long long)s->account.nodes, s->domain_count, s->watches.count,
                 (unsigned long long)recovered);
    return recovered;
}

static void watch_fd(const struct daemon *d, int fd, void *tag)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = tag};

    if (epoll_ctl(d->epoll_fd, EPOLL_CTL_ADD, fd, &event))
        fail("epoll", strerror(errno));
}

static void open_signals(struct daemon *d)
{
    sigset_t set;

    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, NULL);
    d->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (d->signals < 0)
        fail("signalfd", strerror(errno));
    watch_fd(d, d->signals, &tag_signals);
}

static void open_socket(struct daemon *d)
{
    char path[PATH_MAX / 2];

    snprintf(path, sizeof(path), "%s/socket", d->opt.run_dir);
    d->listener = socket_listen(path);
    if (d->listener < 0)
        fail(path, strerror(errno));
    watch_fd(d, d->listener, &tag_listener);
}

/* Our own kernel's ring, unless recovery brought it. */
static void connect_control_domain(struct store *s)
{
    struct domain *d = domain_find(s, 0);

    if (d ? !d->ring : domain_attach_own(s))
        fail("cannot connect to this domain's own kernel",
             "are /proc/xen (xenfs) mounted and the modules xen-evtchn and xen-gntdev loaded?");
}

static void connect_domains(struct daemon *d, bool recovered)
{
    const char *why = NULL;

    d->domain_fd = -1;
    if (d->opt.no_domains)
        return;
    d->store.platform = domain_backend_open(&d->domain_fd, &why);
    if (!d->store.platform)
        fail(why, strerror(errno));
    watch_fd(d, d->domain_fd, &tag_domains);
    if (recovered)
        domains_reconnect(&d->store);
    connect_control_domain(&d->store);
    domains_check(&d->store);
}

/*
 * Goes to the background. The parent waits until the child serves requests, so that who starts
 * the daemon can use it at once. Returns the descriptor that tells the parent.
 */
static int go_background(void)
{
    int ready[2];
    char byte;
    pid_t pid;

    if (pipe2(ready, O_CLOEXEC))
        fail("pipe", strerror(errno));
    pid = fork();
    if (pid < 0)
        fail("fork", strerror(errno));
    if (pid) {
        close(ready[1]);
        _exit(read(ready[0], &byte, 1) == 1 ? 0 : 1);
    }
    close(ready[0]);
    setsid();
    return ready[1];
}

static void now_in_background(int ready)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    log_to_syslog();
    if (chdir("/"))
        log_line("chdir: %s", strerror(errno));
    for (int fd = 0; fd < 3 && null >= 0; fd++)
        dup2(null, fd);
    if (write(ready, "r", 1) != 1)
        log_line("who started us is gone");
    close(ready);
}

static void write_pid(const struct options *opt)
{
    FILE *file;

    if (opt->output_pid) {
        printf("%d\n", getpid());
        fflush(stdout);
    }
    if (!opt->pid_file)
        return;
    file = fopen(opt->pid_file, "we");
    if (!file)
        fail(opt->pid_file, strerror(errno));
    fprintf(file, "%d\n", getpid());
    fclose(file);
}

/* -- main loop -- */

static void read_clock(struct store *s)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    s->now = now.tv_sec;
    s->now_ms = now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* False when the daemon is to end. */
static bool handle(struct daemon *d, const struct epoll_event *event)
{
    struct signalfd_siginfo info;

    if (event->data.ptr == &tag_listener) {
        while (socket_accept(&d->store, d->listener, d->epoll_fd))
            ;
    } else if (event->data.ptr == &tag_domains) {
        domain_backend_events(&d->store);
    } else if (event->data.ptr == &tag_signals) {
        while (read(d->signals, &info, sizeof(info)) == sizeof(info))
            if (info.ssi_signo != SIGHUP)
                return false;
        if (d->opt.trace_file)
            trace_open(d->opt.trace_file); /* SIGHUP: the file was rotated */
    } else {
        socket_ready(&d->store, event->data.ptr, event->events);
    }
    return true;
}

static void serve(struct daemon *d)
{
    /* In milliseconds, by enum rings. */
    static const int timeouts[] = {[RINGS_IDLE] = -1, [RINGS_LATER] = 5, [RINGS_MORE] = 0};
    struct epoll_event events[64];
    enum rings work = RINGS_MORE;

    for (;;) {
        int n = epoll_wait(d->epoll_fd, events, 64, timeouts[work]);

        read_clock(&d->store);
        for (int i = 0; i < n; i++)
            if (!handle(d, &events[i]))
                return;
        work = rings_run(&d->store);
        record_commit(&d->store);
        sockets_flush(&d->store);
        /* A client that went away may have left output for others behind. */
        if (!list_empty(&d->store.dirty))
            work = RINGS_MORE;
    }
}

/* Every client and every domain needs descriptors. */
static void raise_limits(void)
{
    struct rlimit limit;

    if (!getrlimit(RLIMIT_NOFILE, &limit)) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static void seed(struct store *s)
{
    uint64_t random = (uint64_t)time(NULL);

    if (getrandom(&random, sizeof(random), 0) != sizeof(random))
        log_line("no random numbers: hash seed from the clock");
    hash_seed(random);
    store_init(s, domain_backend_none());
    /* Generations never repeat, not even over restarts: clients compare them (DIRECTORY_PART). */
    s->gen = (uint64_t)time(NULL) << 24;
    read_clock(s);
    s->started = s->now;
}

#ifdef HOST_TEST
/* A test runs the whole daemon in a child process. */
#define main xenstored_main
int xenstored_main(int argc, char **argv);
#endif

int main(int argc, char **argv)
{
    static struct daemon d;
    const char *run_dir = getenv("XENSTORED_RUNDIR");
    int ready = -1;
    bool recovered;

    seed(&d.store);
    d.opt.run_dir = run_dir ? run_dir : DEFAULT_RUN_DIR;
    parse_options(&d, argc, argv, false);
    if (!d.opt.state_dir)
        d.opt.state_dir = d.opt.run_dir;
    if (!d.opt.no_fork)
        ready = go_background();

    umask(0077);
    raise_limits();
    if ((mkdir(d.opt.run_dir, 0755) && errno != EEXIST) ||
        (mkdir(d.opt.state_dir, 0755) && errno != EEXIST))
        fail(d.opt.run_dir, strerror(errno));
    take_lock(d.opt.state_dir);
    if (d.opt.trace_file && trace_open(d.opt.trace_file))
        fail(d.opt.trace_file, strerror(errno));
    d.store.trace = d.opt.verbose || d.opt.trace_file;
    d.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (d.epoll_fd < 0)
        fail("epoll", strerror(errno));

    recovered = recover(&d);
    if (!recovered)
        store_populate(&d.store);
    parse_options(&d, argc, argv, true); /* the command line overrides recovered quotas */
    open_signals(&d);
    connect_domains(&d, recovered);
    open_socket(&d);
    write_pid(&d.opt);
    if (ready >= 0)
        now_in_background(ready);
    notify_ready();
    serve(&d);
    log_line("ends; the state stays in %s", d.opt.state_dir);
    return 0;
}
