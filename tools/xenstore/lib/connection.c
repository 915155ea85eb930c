/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The connection. There is no reader thread: of the threads that wait for something, one at a time
 * reads from the descriptor, and hands what is not its own to the others. So a single-threaded
 * program has no second thread, and a threaded one needs no more locks than these two.
 *
 * An eventfd tells pollers of events that were read by somebody waiting for a reply; together with
 * the connection it sits in one epoll descriptor, which is what xs_fileno() gives.
 */
#include "connection.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

struct waiter {
    struct waiter *next;
    uint32_t req_id;
    bool done;
    struct xsd_sockmsg header;
    char *payload;
};

struct event {
    struct event *next;
    size_t len;
    char strings[]; /* path, NUL, token, NUL */
};

struct xs_handle {
    int fd, poll_fd, signal_fd;
    bool is_socket;
    unsigned long flags;
    pthread_mutex_t send_lock; /* protects: writing of whole messages, next_id */
    uint32_t next_id;
    pthread_mutex_t lock; /* protects: everything below */
    pthread_cond_t changed;
    bool reading; /* some thread reads from fd */
    int error;    /* the connection is dead: why */
    struct waiter *waiters;
    struct event *events, **events_last;
    /* Message in arrival; belongs to the reading thread. */
    struct xsd_sockmsg header;
    size_t have;
    char *payload;
};

/* -- opening -- */

static int connect_socket(const char *path)
{
    struct sockaddr_un addr = {.sun_family = AF_UNIX};
    int fd;

    if (strlen(path) >= sizeof(addr.sun_path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(addr.sun_path, path);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    if (connect(fd, (struct sockaddr *)&addr, sizeof(addr))) {
        int err = errno;

        close(fd);
        errno = err;
        return -1;
    }
    return fd;
}

static int open_path(const char *path, bool *is_socket)
{
    struct stat st;

    if (stat(path, &st))
        return -1;
    *is_socket = S_ISSOCK(st.st_mode);
    return *is_socket ? connect_socket(path) : open(path, O_RDWR | O_CLOEXEC);
}

/*
 * Is the daemon to be found here? In the control domain the kernel's device leads to the same
 * daemon, so that without one it would only wait, for ever perhaps, instead of failing.
 */
static bool in_control_domain(void)
{
    char text[64] = "";
    int fd = open("/proc/xen/capabilities", O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

    if (fd >= 0)
        close(fd);
    return got > 0 && strstr(text, "control_d");
}

static int open_any(unsigned long flags, bool *is_socket)
{
    static const char *const devices[] = {"/dev/xen/xenbus", "/proc/xen/xenbus"};
    const char *chosen = getenv("XENSTORED_PATH");
    int fd, err;

    if (chosen)
        return open_path(chosen, is_socket);
    fd = open_path(xs_daemon_socket(), is_socket);
    err = errno;
    if (fd >= 0 || flags & XS_OPEN_SOCKETONLY || err != ENOENT || in_control_domain())
        return fd;
    for (size_t i = 0; fd < 0 && i < 2; i++)
        fd = open_path(devices[i], is_socket);
    if (fd < 0)
        errno = err; /* the socket is what people expect to be there */
    return fd;
}

static bool setup_polling(struct xs_handle *h)
{
    struct epoll_event event = {.events = EPOLLIN};

    h->signal_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    h->poll_fd = epoll_create1(EPOLL_CLOEXEC);
    return h->signal_fd >= 0 && h->poll_fd >= 0 &&
           !epoll_ctl(h->poll_fd, EPOLL_CTL_ADD, h->signal_fd, &event) &&
           !epoll_ctl(h->poll_fd, EPOLL_CTL_ADD, h->fd, &event);
}

static void destroy(struct xs_handle *h)
{
    int err = errno;

    if (h->fd >= 0)
        close(h->fd);
    if (h->signal_fd >= 0)
        close(h->signal_fd);
    if (h->poll_fd >= 0)
        close(h->poll_fd);
    while (h->events) {
        struct event *next = h->events->next;

        free(h->events);
        h->events = next;
    }
    free(h->payload);
    pthread_mutex_destroy(&h->send_lock);
    pthread_mutex_destroy(&h->lock);
    pthread_cond_destroy(&h->changed);
    free(h);
    errno = err;
}

struct xs_handle *xs_open(unsigned long flags)
{
    struct xs_handle *h = calloc(1, sizeof(*h));

    if (!h)
        return NULL;
    h->poll_fd = h->signal_fd = -1;
    h->flags = flags;
    h->events_last = &h->events;
    pthread_mutex_init(&h->send_lock, NULL);
    pthread_mutex_init(&h->lock, NULL);
    pthread_cond_init(&h->changed, NULL);
    h->fd = open_any(flags, &h->is_socket);
    if (h->fd < 0 || !setup_polling(h)) {
        destroy(h);
        return NULL;
    }
    return h;
}

void xs_close(struct xs_handle *h)
{
    if (h)
        destroy(h);
}

void xs_daemon_destroy_postfork(struct xs_handle *h)
{
    /* Closing our copies of the descriptors leaves the parent's as they are. */
    xs_close(h);
}

int xsi_event_fd(struct xs_handle *h)
{
    return h->poll_fd;
}

unsigned long xsi_flags(const struct xs_handle *h)
{
    return h->flags;
}

/* -- receiving (by the thread that set h->reading, without the lock) -- */

/* 1: something was read; 0: nothing there and not to wait; -1: errno says why the end came. */
static int read_some(struct xs_handle *h, void *to, size_t len, bool wait)
{
    struct pollfd pfd = {.fd = h->fd, .events = POLLIN};
    ssize_t got;

    for (;;) {
        int ready = wait ? 1 : poll(&pfd, 1, 0);

        if (ready == 0)
            return 0;
        got = read(h->fd, to, len);
        if (got > 0) {
            h->have += (size_t)got;
            return 1;
        }
        if (got == 0)
            errno = EPIPE;
        if (errno != EINTR)
            return errno == EAGAIN && !wait ? 0 : -1;
    }
}

/* Reads until one message is complete: 1; 0: would have to wait; -1: error. */
static int read_message(struct xs_handle *h, bool wait)
{
    const size_t head = sizeof(h->header);
    int status;

    while (h->have < head) {
        status = read_some(h, (char *)&h->header + h->have, head - h->have, wait);
        if (status <= 0)
            return status;
        if (h->have < head)
            continue;
        if (h->header.len > XENSTORE_PAYLOAD_MAX || !(h->payload = malloc(h->header.len + 1u))) {
            errno = h->header.len > XENSTORE_PAYLOAD_MAX ? EIO : ENOMEM;
            return -1;
        }
    }
    while (h->have < head + h->header.len) {
        size_t at = h->have - head;

        status = read_some(h, h->payload + at, h->header.len - at, wait);
        if (status <= 0)
            return status;
    }
    h->payload[h->header.len] = '\0';
    h->have = 0;
    return 1;
}

static void signal_events(struct xs_handle *h, bool waiting)
{
    int err = errno;
    uint64_t value = 1;
    ssize_t n = waiting ? write(h->signal_fd, &value, sizeof(value))
                        : read(h->signal_fd, &value, sizeof(value));

    (void)n; /* full or empty already: as wished */
    errno = err;
}

static void keep_event(struct xs_handle *h)
{
    struct event *e = malloc(sizeof(*e) + h->header.len + 1u);

    if (e) {
        e->next = NULL;
        e->len = h->header.len + 1u;
        memcpy(e->strings, h->payload, e->len);
        *h->events_last = e;
        h->events_last = &e->next;
        signal_events(h, true);
    }
    free(h->payload);
}

/* Gives the complete message to whom it concerns; with h->lock held. */
static void deliver(struct xs_handle *h)
{
    struct waiter *w = h->waiters;

    if (h->header.type == XS_WATCH_EVENT) {
        keep_event(h);
    } else {
        while (w && (w->done || w->req_id != h->header.req_id))
            w = w->next;
        if (w) {
            w->header = h->header;
            w->payload = h->payload;
            w->done = true;
        } else {
            free(h->payload); /* nobody asked */
        }
    }
    h->payload = NULL;
    pthread_cond_broadcast(&h->changed);
}

/* One turn as the reading thread; with h->lock held. 0: nothing came and not to wait. */
static int take_turn(struct xs_handle *h, bool wait)
{
    int status;

    h->reading = true;
    pthread_mutex_unlock(&h->lock);
    status = read_message(h, wait);
    pthread_mutex_lock(&h->lock);
    h->reading = false;
    if (status > 0)
        deliver(h);
    else if (status < 0)
        h->error = errno;
    pthread_cond_broadcast(&h->changed);
    return status;
}

/* -- requests -- */

static bool send_all(struct xs_handle *h, const char *data, size_t len)
{
    while (len) {
        ssize_t n = h->is_socket ? send(h->fd, data, len, MSG_NOSIGNAL) : write(h->fd, data, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        data += n;
        len -= (size_t)n;
    }
    return true;
}

static bool send_request(struct xs_handle *h, uint32_t req_id, uint32_t type, xs_transaction_t t,
                         const struct part *parts, unsigned int count, size_t len)
{
    struct xsd_sockmsg header = {.type = type, .req_id = req_id, .tx_id = t, .len = (uint32_t)len};
    char *message = malloc(sizeof(header) + len);
    size_t at = sizeof(header);
    bool ok;

    if (!message)
        return false;
    memcpy(message, &header, sizeof(header));
    for (unsigned int i = 0; i < count; i++) {
        if (parts[i].len)
            memcpy(message + at, parts[i].data, parts[i].len);
        at += parts[i].len;
    }
    ok = send_all(h, message, at);
    free(message);
    return ok;
}

static void add_waiter(struct xs_handle *h, struct waiter *w)
{
    pthread_mutex_lock(&h->lock);
    w->next = h->waiters;
    h->waiters = w;
    pthread_mutex_unlock(&h->lock);
}

static void remove_waiter(struct xs_handle *h, const struct waiter *w)
{
    struct waiter **link = &h->waiters;

    while (*link != w)
        link = &(*link)->next;
    *link = w->next;
}

/* Waits for the reply; false with errno if the connection broke. */
static bool wait_reply(struct xs_handle *h, struct waiter *w)
{
    pthread_mutex_lock(&h->lock);
    while (!w->done && !h->error) {
        if (h->reading)
            pthread_cond_wait(&h->changed, &h->lock);
        else
            take_turn(h, true);
    }
    remove_waiter(h, w);
    errno = h->error;
    pthread_mutex_unlock(&h->lock);
    return w->done;
}

static int error_number(const char *name)
{
    for (size_t i = 0; i < sizeof(xsd_errors) / sizeof(xsd_errors[0]); i++)
        if (!strcmp(xsd_errors[i].errstring, name))
            return xsd_errors[i].errnum;
    return EINVAL;
}

void *xsi_request(struct xs_handle *h, uint32_t type, xs_transaction_t t, const struct part *parts,
                  unsigned int count, unsigned int *len)
{
    struct waiter w = {0};
    size_t total = 0;
    bool sent;

    for (unsigned int i = 0; i < count; i++)
        total += parts[i].len;
    if (total > XENSTORE_PAYLOAD_MAX) {
        errno = E2BIG;
        return NULL;
    }
    pthread_mutex_lock(&h->send_lock);
    w.req_id = ++h->next_id;
    add_waiter(h, &w);
    sent = send_request(h, w.req_id, type, t, parts, count, total);
    pthread_mutex_unlock(&h->send_lock);
    if (!sent) {
        int err = errno;

        pthread_mutex_lock(&h->lock);
        remove_waiter(h, &w);
        pthread_mutex_unlock(&h->lock);
        errno = err;
        return NULL;
    }
    if (!wait_reply(h, &w))
        return NULL;
    if (w.header.type != type) {
        int err = w.header.type == XS_ERROR ? error_number(w.payload) : EIO;

        free(w.payload);
        errno = err;
        return NULL;
    }
    if (len)
        *len = w.header.len;
    return w.payload;
}

void *xsi_request_string(struct xs_handle *h, uint32_t type, xs_transaction_t t, const char *text,
                         unsigned int *len)
{
    struct part part = {text, strlen(text) + 1};

    return xsi_request(h, type, t, &part, 1, len);
}

bool xsi_request_ok(struct xs_handle *h, uint32_t type, xs_transaction_t t,
                    const struct part *parts, unsigned int count)
{
    void *reply = xsi_request(h, type, t, parts, count, NULL);
    bool ok = reply;

    free(reply);
    return ok;
}

/* -- events -- */

/* "path NUL token NUL" to the form that callers get; NULL if malformed. */
static char **unpack_event(const struct event *e)
{
    size_t path_len = strlen(e->strings) + 1;
    char **out;

    if (path_len >= e->len)
        return NULL;
    out = malloc(2 * sizeof(char *) + e->len);
    if (!out)
        return NULL;
    memcpy(out + 2, e->strings, e->len);
    out[XS_WATCH_PATH] = (char *)(out + 2);
    out[XS_WATCH_TOKEN] = out[XS_WATCH_PATH] + path_len;
    return out;
}

static struct event *pop_event(struct xs_handle *h)
{
    struct event *e = h->events;

    if (!e)
        return NULL;
    h->events = e->next;
    if (!h->events) {
        h->events_last = &h->events;
        signal_events(h, false);
    }
    return e;
}

char **xsi_next_event(struct xs_handle *h, bool wait)
{
    struct event *e = NULL;
    char **out = NULL;
    int err = EAGAIN;

    pthread_mutex_lock(&h->lock);
    while (!(e = pop_event(h)) && !h->error) {
        if (h->reading && !wait)
            break; /* whoever reads will queue what comes */
        if (h->reading)
            pthread_cond_wait(&h->changed, &h->lock);
        else if (take_turn(h, wait) == 0)
            break;
    }
    if (h->error)
        err = h->error;
    pthread_mutex_unlock(&h->lock);
    if (e) {
        out = unpack_event(e);
        err = EIO;
    }
    free(e);
    if (!out)
        errno = err;
    return out;
}

void xsi_filter_events(struct xs_handle *h, const char *path, const char *token)
{
    struct event **link;

    pthread_mutex_lock(&h->lock);
    for (link = &h->events; *link;) {
        struct event *e = *link;
        const char *event_token = e->strings + strlen(e->strings) + 1;

        if (strlen(e->strings) + 1 < e->len && !strcmp(event_token, token) &&
            xs_path_is_subpath(path, e->strings)) {
            *link = e->next;
            free(e);
        } else {
            link = &e->next;
        }
    }
    h->events_last = link;
    if (!h->events)
        signal_events(h, false);
    pthread_mutex_unlock(&h->lock);
}
