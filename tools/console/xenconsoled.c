/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * xenconsoled: serves the consoles of all guests. This file starts and ends it and holds the loop;
 * guest.c, hvlog.c and store.c do the work. See xenconsoled(8).
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <util/cmdline.h>
#include <util/log.h>

#include "daemon.h"

#define PERIOD_MS       200
#define FIXED_POLLS     3
#define MIB             (1024UL * 1024)
#define DEFAULT_LOG_DIR "/var/log/xen/console"

enum {
    OPT_LOG = CMD_LONG_ONLY,
    OPT_LOG_DIR,
    OPT_LOG_SIZE,
    OPT_LOG_KEEP,
    OPT_PID_FILE,
    OPT_BUFFER,
};

static const struct cmd_option options[] = {
    {'i', "interactive", NULL, "stay in the foreground, messages to stderr"},
    {'v', "verbose", NULL, "say more"},
    {OPT_LOG, "log", "WHAT", "log consoles of: none, guest, hv, all [none]"},
    {OPT_LOG_DIR, "log-dir", "DIR", "where to [" DEFAULT_LOG_DIR "]"},
    {OPT_LOG_SIZE, "log-size", "MIB", "rotate a log beyond this size, 0: never [16]"},
    {OPT_LOG_KEEP, "log-keep", "N", "rotated logs to keep [4]"},
    {'t', "timestamp", "WHAT", "time in front of lines of: none, guest, hv, all [none]"},
    {'o', "overflow-data", "HOW",
     "unread output over the limit: discard the oldest, or keep and stop the guest [discard]"},
    {OPT_BUFFER, "buffer", "KIB", "that limit, per guest [1024]"},
    {OPT_PID_FILE, "pid-file", "FILE", "write our process id there"},
    {0, NULL, NULL, NULL},
};

static const struct cmd command = {
    .name = "xenconsoled",
    .synopsis = "[OPTION]...",
    .purpose = "Serves the consoles of all guests: terminals for `xl console', logs in files.",
    .options = options,
};

static struct {
    bool foreground;
    bool verbose;
    const char *pid_file;
} run = {0};

uint64_t now_ms(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

/* none, guest, hv or all, as for --log and --timestamp. */
static void parse_what(const char *option, const char *value, bool *guest, bool *hv)
{
    *guest = !strcmp(value, "guest") || !strcmp(value, "all");
    *hv = !strcmp(value, "hv") || !strcmp(value, "all");
    if (!*guest && !*hv && strcmp(value, "none"))
        cmd_fail(&command, "--%s: `%s' is none of none, guest, hv, all", option, value);
}

static void parse_options(struct settings *set, int argc, char **argv)
{
    const char *value;
    int id;

    set->guest_log = (struct logfile_policy){DEFAULT_LOG_DIR, 16 * MIB, 4, false};
    set->hypervisor_log = set->guest_log;
    set->buffer_bytes = MIB;
    while ((id = cmd_next(&command, argc, argv, &value)) != CMD_END) {
        switch (id) {
        case 'i':
            run.foreground = true;
            break;
        case 'v':
            run.verbose = true;
            break;
        case OPT_LOG:
            parse_what("log", value, &set->log_guests, &set->log_hypervisor);
            break;
        case 't':
            parse_what("timestamp", value, &set->guest_log.timestamps,
                       &set->hypervisor_log.timestamps);
            break;
        case OPT_LOG_DIR:
            set->guest_log.dir = set->hypervisor_log.dir = value;
            break;
        case OPT_LOG_SIZE:
            set->guest_log.max_bytes = set->hypervisor_log.max_bytes =
                (size_t)cmd_number(&command, "--log-size", value, 0, 1024 * 1024) * MIB;
            break;
        case OPT_LOG_KEEP:
            set->guest_log.keep = set->hypervisor_log.keep =
                (unsigned)cmd_number(&command, "--log-keep", value, 0, 1000);
            break;
        case 'o':
            set->keep_oldest = !strcmp(value, "keep");
            if (!set->keep_oldest && strcmp(value, "discard"))
                cmd_fail(&command, "--overflow-data: `%s' is neither keep nor discard", value);
            break;
        case OPT_BUFFER:
            set->buffer_bytes =
                (size_t)cmd_number(&command, "--buffer", value, 4, 1024 * 1024) * 1024;
            break;
        case OPT_PID_FILE:
            run.pid_file = value;
            break;
        }
    }
    if (optind < argc)
        cmd_fail(&command, "`%s': there are no arguments besides options", argv[optind]);
}

/* The parent waits until the child is ready or has failed, and says so by its exit status. */
static int become_daemon(void)
{
    int ready[2];
    char status = 1;
    pid_t pid;

    if (pipe2(ready, O_CLOEXEC) || (pid = fork()) < 0) {
        log_error("cannot become a daemon: %s", strerror(errno));
        exit(1);
    }
    if (pid) {
        close(ready[1]);
        if (read(ready[0], &status, 1) != 1)
            status = 1;
        _exit(status);
    }
    close(ready[0]);
    setsid();
    return ready[1];
}

static void daemon_ready(int fd)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    if (chdir("/"))
        log_warn("cannot change to /: %s", strerror(errno));
    if (null >= 0) {
        dup2(null, 0);
        dup2(null, 1);
        dup2(null, 2);
        close(null);
    }
    log_to_syslog();
    if (write(fd, "", 1) != 1)
        log_warn("nobody waits for us to be ready");
    close(fd);
}

/* The lock in the file keeps a second one from starting. */
static bool write_pid_file(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    char text[16];
    int n = snprintf(text, sizeof(text), "%ld\n", (long)getpid());

    if (fd < 0) {
        log_error("cannot open %s: %s", path, strerror(errno));
        return false;
    }
    if (flock(fd, LOCK_EX | LOCK_NB)) {
        log_error("%s is locked: another xenconsoled runs", path);
        close(fd);
        return false;
    }
    if (ftruncate(fd, 0) || write(fd, text, (size_t)n) != n)
        log_warn("cannot write %s: %s", path, strerror(errno));
    return true; /* stays open for the lock */
}

static bool open_all(struct daemon *d)
{
    d->xch = xc_interface_open(NULL, NULL, 0);
    if (!d->xch)
        return false;
    d->xce = xenevtchn_open(NULL, 0);
    if (!d->xce)
        return false;
    fcntl(xenevtchn_fd(d->xce), F_SETFL, O_NONBLOCK);
    d->xgt = xengnttab_open(NULL, 0);
    if (!d->xgt)
        log_info("no /dev/xen/gntdev: console pages are mapped as foreign frames");
    if ((d->set.log_guests || d->set.log_hypervisor) && mkdir(d->set.guest_log.dir, 0700) &&
        errno != EEXIST)
        log_warn("cannot make %s: %s", d->set.guest_log.dir, strerror(errno));
    if (d->set.log_hypervisor)
        d->hvlog = hvlog_new(d);
    if (!store_connect(d)) {
        log_error("cannot connect to xenstored: %s", strerror(errno));
        return false;
    }
    store_enumerate(d);
    return true;
}

static void close_all(struct daemon *d)
{
    struct guest *lists[] = {d->guests, d->dead};
    size_t i;

    for (i = 0; i < 2; i++) {
        while (lists[i]) {
            struct guest *next = lists[i]->next;

            guest_free(d, lists[i]);
            lists[i] = next;
        }
    }
    hvlog_free(d, d->hvlog);
    if (d->xs)
        xs_close(d->xs);
    xengnttab_close(d->xgt);
    xenevtchn_close(d->xce);
    xc_interface_close(d->xch);
}

static void event_channels(struct daemon *d)
{
    int port;

    while ((port = xenevtchn_pending(d->xce)) >= 0)
        if (!hvlog_event(d, d->hvlog, port))
            guest_event(d, port);
}

/* True: time to end. */
static bool handle_signal(struct daemon *d, int fd)
{
    struct signalfd_siginfo info;
    struct guest *g;

    if (read(fd, &info, sizeof(info)) != sizeof(info))
        return false;
    if (info.ssi_signo != SIGHUP)
        return true;
    for (g = d->guests; g; g = g->next)
        guest_reopen_log(d, g);
    if (d->hvlog)
        hvlog_reopen(d->hvlog);
    return false;
}

static size_t count_guests(const struct daemon *d)
{
    const struct guest *g;
    size_t n = 0;

    for (g = d->guests; g; g = g->next)
        n++;
    return n;
}

/* Fills in what to wait for; returns how many. */
static nfds_t prepare_poll(struct daemon *d, struct pollfd *polls, int signals)
{
    nfds_t n = FIXED_POLLS;
    struct guest *g;

    polls[0] = (struct pollfd){.fd = signals, .events = POLLIN};
    polls[1] = (struct pollfd){.fd = xenevtchn_fd(d->xce), .events = POLLIN};
    polls[2] = (struct pollfd){.fd = d->xs ? xs_fileno(d->xs) : -1, .events = POLLIN};
    for (g = d->guests; g; g = g->next) {
        short events = guest_poll_events(d, g);

        g->poll = NULL;
        if (!events)
            continue;
        g->poll = &polls[n];
        polls[n++] = (struct pollfd){.fd = g->master, .events = events};
    }
    return n;
}

static int poll_timeout(const struct daemon *d)
{
    const struct guest *g;

    if (d->dead)
        return PERIOD_MS / 4;
    for (g = d->guests; g; g = g->next)
        if (g->throttled)
            return PERIOD_MS;
    return d->xs ? -1 : 1000;
}

static void periodic(struct daemon *d)
{
    uint64_t now = now_ms();

    if (now >= d->next_period_ms) {
        d->next_period_ms = now + PERIOD_MS;
        guest_new_period(d);
    }
    if (!d->xs && now >= d->next_reconnect_ms) {
        d->next_reconnect_ms = now + 1000;
        if (store_connect(d))
            log_info("connected to xenstored again");
        /* Domains come and go without xenstored, too. */
        store_enumerate(d);
    }
    guest_bury(d);
}

static bool serve_once(struct daemon *d, struct pollfd **polls, size_t *room, int signals)
{
    size_t need = FIXED_POLLS + count_guests(d);
    struct guest *g;
    nfds_t n;

    if (need > *room) {
        struct pollfd *grown = realloc(*polls, need * 2 * sizeof(**polls));

        if (!grown) {
            log_error("out of memory");
            return false;
        }
        *polls = grown;
        *room = need * 2;
    }
    n = prepare_poll(d, *polls, signals);
    if (poll(*polls, n, poll_timeout(d)) < 0 && errno != EINTR) {
        log_error("poll: %s", strerror(errno));
        return false;
    }
    if ((*polls)[0].revents && handle_signal(d, signals))
        return false;
    for (g = d->guests; g; g = g->next)
        if (g->poll && g->poll->revents)
            guest_terminal(d, g, g->poll->revents);
    if ((*polls)[1].revents)
        event_channels(d);
    if (d->xs && ((*polls)[2].revents & (POLLHUP | POLLERR | POLLNVAL)))
        store_disconnect(d);
    else if (d->xs && (*polls)[2].revents)
        store_events(d);
    periodic(d);
    return true;
}

static int block_signals(void)
{
    sigset_t set;

    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&set);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int main(int argc, char **argv)
{
    struct daemon d = {0};
    struct pollfd *polls = NULL;
    size_t room = 0;
    int ready = -1, signals;

    parse_options(&d.set, argc, argv);
    log_open("xenconsoled", run.verbose ? LOG_LEVEL_DEBUG : LOG_LEVEL_INFO);
    if (!run.foreground)
        ready = become_daemon();
    signals = block_signals();
    if (run.pid_file && !write_pid_file(run.pid_file))
        return 1;
    if (!open_all(&d)) {
        close_all(&d);
        return 1;
    }
    if (!run.foreground)
        daemon_ready(ready);
    while (serve_once(&d, &polls, &room, signals))
        ;
    close_all(&d);
    free(polls);
    if (run.pid_file)
        unlink(run.pid_file);
    return 0;
}
