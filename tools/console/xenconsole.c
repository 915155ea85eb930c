/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * xenconsole: attaches the caller's terminal, or a pipe, to a guest's console. It waits for the
 * console to appear, comes back when xenconsoled was restarted, and ends with the domain. See
 * xenconsole(1).
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include <util/cmdline.h>
#include <xenstore.h>

#define ESCAPE         0x1d /* ^] */
#define RETRY_MS       500
#define MAX_DOMID      0x7fef
#define START_NOTIFIED 1

enum { OPT_NOTIFY = CMD_LONG_ONLY };

static const struct cmd_option options[] = {
    {'n', "num", "N", "console number N [0]"},
    {'t', "type", "TYPE", "pv, serial or vuart [pv]"},
    {OPT_NOTIFY, "start-notify-fd", "FD", "write a byte 1 there once attached"},
    {0, NULL, NULL, NULL},
};

static const struct cmd command = {
    .name = "xenconsole",
    .synopsis = "[OPTION]... DOMID",
    .purpose = "Attaches this terminal to a domain's console; ^] leaves it.",
    .options = options,
};

struct client {
    struct xs_handle *xs; /* NULL: lost */
    char domain_path[64];
    char tty_path[128];
    int tty; /* the console's terminal, -1: none now */
    int notify_fd;
    int signals;
    bool input_ended;
    bool said_waiting;
    struct termios saved; /* of our own terminal */
    bool raw;
};

static void terminal_raw(struct client *c)
{
    struct termios raw;

    if (!isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, &c->saved))
        return;
    raw = c->saved;
    cfmakeraw(&raw);
    c->raw = !tcsetattr(STDIN_FILENO, TCSANOW, &raw);
}

static void terminal_restore(struct client *c)
{
    if (c->raw)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &c->saved);
    c->raw = false;
}

static void say(const struct client *c, const char *text)
{
    fprintf(stderr, "xenconsole: %s%s", text, c->raw ? "\r\n" : "\n");
}

static bool write_all(int fd, const char *buf, size_t len)
{
    while (len) {
        ssize_t n = write(fd, buf, len);

        if (n < 0 && errno == EAGAIN) {
            struct pollfd p = {.fd = fd, .events = POLLOUT};

            poll(&p, 1, 1000);
            continue;
        }
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        buf += n;
        len -= (size_t)n;
    }
    return true;
}

static bool domain_exists(struct client *c)
{
    unsigned int n;
    char **nodes = c->xs ? xs_directory(c->xs, XBT_NULL, c->domain_path, &n) : NULL;

    free(nodes);
    return nodes != NULL;
}

/* Only a terminal of the system is opened, whatever is written in xenstore. */
static bool acceptable_tty(const char *name)
{
    return !strncmp(name, "/dev/", 5) && !strstr(name, "..");
}

static void attach(struct client *c)
{
    static const char attached = START_NOTIFIED;
    unsigned int len;
    char *name = c->xs ? xs_read(c->xs, XBT_NULL, c->tty_path, &len) : NULL;
    int fd = -1;

    if (name && *name && acceptable_tty(name))
        fd = open(name, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    free(name);
    if (fd < 0 || !isatty(fd)) {
        if (fd >= 0)
            close(fd);
        return;
    }
    /* Two clients would each get a part of the output. */
    if (flock(fd, LOCK_EX | LOCK_NB)) {
        if (!c->said_waiting)
            say(c, "another client is attached to this console, waiting for it to leave");
        c->said_waiting = true;
        close(fd);
        return;
    }
    c->said_waiting = false;
    c->tty = fd;
    if (c->notify_fd >= 0) {
        if (write(c->notify_fd, &attached, 1) != 1)
            say(c, "nobody reads the descriptor of --start-notify-fd");
        close(c->notify_fd);
        c->notify_fd = -1;
    }
}

static void detach(struct client *c)
{
    if (c->tty >= 0)
        close(c->tty);
    c->tty = -1;
}

/* False: the console's end of the terminal is closed. */
static bool copy_output(struct client *c)
{
    char buf[2048];
    ssize_t n = read(c->tty, buf, sizeof(buf));

    if (n < 0)
        return errno == EAGAIN || errno == EINTR;
    if (!n)
        return false;
    if (!write_all(STDOUT_FILENO, buf, (size_t)n)) {
        terminal_restore(c);
        exit(0); /* nobody reads us any more */
    }
    return true;
}

/* True: the user wants to leave. */
static bool copy_input(struct client *c)
{
    char buf[60]; /* small, so that the terminal takes it whole */
    ssize_t n = read(STDIN_FILENO, buf, sizeof(buf));
    char *escape;

    if (n < 0)
        return errno != EAGAIN && errno != EINTR;
    if (!n) {
        /* A pipe's end is not the guest's: what it still says is wanted. */
        c->input_ended = true;
        return c->raw;
    }
    escape = memchr(buf, ESCAPE, (size_t)n);
    if (c->tty >= 0)
        write_all(c->tty, buf, escape ? (size_t)(escape - buf) : (size_t)n);
    return escape != NULL;
}

static void drain_watches(struct client *c)
{
    char **event;

    while ((event = xs_check_watch(c->xs)))
        free(event);
    if (errno != EAGAIN && errno != EINTR) {
        xs_close(c->xs);
        c->xs = NULL;
    }
}

/* The exit status, or -1 to go on. */
static int serve_once(struct client *c)
{
    struct pollfd p[4] = {
        {.fd = c->signals, .events = POLLIN},
        {.fd = c->input_ended ? -1 : STDIN_FILENO, .events = POLLIN},
        {.fd = c->xs ? xs_fileno(c->xs) : -1, .events = POLLIN},
        {.fd = c->tty, .events = POLLIN},
    };

    /* Without a console: no event tells that another client gave up its lock. */
    if (poll(p, 4, c->tty < 0 ? RETRY_MS : -1) < 0 && errno != EINTR)
        return 1;
    if (p[0].revents)
        return 0;
    if (p[3].revents && !copy_output(c))
        detach(c);
    if (p[1].revents && copy_input(c))
        return 0;
    if (c->xs && p[2].revents)
        drain_watches(c);
    if (c->tty >= 0)
        return -1;
    if (!c->xs) {
        say(c, "the connection to xenstored is lost, and the console with it");
        return 1;
    }
    if (!domain_exists(c))
        return 0;
    attach(c);
    return -1;
}

static int block_signals(void)
{
    sigset_t set;

    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGQUIT);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void console_path(struct client *c, const char *type, long num)
{
    size_t size = sizeof(c->tty_path);

    if (!strcmp(type, "serial") || !strcmp(type, "vuart"))
        snprintf(c->tty_path, size, "%s/%s/%ld/tty", c->domain_path, type, num);
    else if (strcmp(type, "pv"))
        cmd_fail(&command, "--type: `%s' is none of pv, serial, vuart", type);
    else if (num)
        snprintf(c->tty_path, size, "%s/device/console/%ld/tty", c->domain_path, num);
    else
        snprintf(c->tty_path, size, "%s/console/tty", c->domain_path);
}

static void parse_options(struct client *c, int argc, char **argv)
{
    const char *value, *type = "pv";
    long num = 0, domid;
    int id;

    while ((id = cmd_next(&command, argc, argv, &value)) != CMD_END) {
        if (id == 'n')
            num = cmd_number(&command, "--num", value, 0, 65535);
        else if (id == 't')
            type = value;
        else if (id == OPT_NOTIFY)
            c->notify_fd = (int)cmd_number(&command, "--start-notify-fd", value, 0, 65535);
    }
    if (optind != argc - 1)
        cmd_fail(&command, "one domain id is needed, there are %d arguments", argc - optind);
    domid = cmd_number(&command, "DOMID", argv[optind], 0, MAX_DOMID);
    snprintf(c->domain_path, sizeof(c->domain_path), "/local/domain/%ld", domid);
    console_path(c, type, num);
}

int main(int argc, char **argv)
{
    struct client c = {.tty = -1, .notify_fd = -1};
    int status = -1;

    parse_options(&c, argc, argv);
    c.xs = xs_open(0);
    if (!c.xs) {
        fprintf(stderr, "xenconsole: cannot connect to xenstored: %s\n", strerror(errno));
        return 1;
    }
    if (!domain_exists(&c)) {
        fprintf(stderr, "xenconsole: there is no domain %s\n", strrchr(c.domain_path, '/') + 1);
        return 1;
    }
    if (!xs_watch(c.xs, c.tty_path, "tty") || !xs_watch(c.xs, "@releaseDomain", "release")) {
        fprintf(stderr, "xenconsole: cannot watch %s: %s\n", c.tty_path, strerror(errno));
        return 1;
    }
    c.signals = block_signals();
    terminal_raw(&c);
    attach(&c);
    while (status < 0)
        status = serve_once(&c);
    terminal_restore(&c);
    return status;
}
