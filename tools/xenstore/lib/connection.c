/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The connection. There is no reader thread: of the threads that wait for something, one at a time
 * reads from the descriptor, and hands what is not its own to the others. So a single-threaded
 * program has no second thread, and a threaded one needs no more locks than these two.
 *
 * An eventfd tells pollers of events that were read by somebody waiting for a reply; together with
 * the connection it sits in one epoll descriptor, which is what xs_fileno() gives.
 *
 * When the daemon goes away and comes back (it continues where it ended), so does the connection:
 * requests are sent again, watches set again. See reconnect.c.
 */
#include "handle.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

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
        xsi_disconnected(h);
    pthread_cond_broadcast(&h->changed);
    return status;
}

/* -- requests -- */

bool xsi_send_all(struct xs_handle *h, const char *data, size_t len)
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
    ok = xsi_send_all(h, message, at);
    free(message);
    return ok;
}

static void remove_waiter(struct xs_handle *h, const struct waiter *w)
{
    struct waiter **link = &h->waiters;

    while (*link != w)
        link = &(*link)->next;
    *link = w->next;
}

/* Waits for the reply; false if the connection broke before it came. */
static bool wait_reply(struct xs_handle *h, struct waiter *w, uint32_t generation)
{
    pthread_mutex_lock(&h->lock);
    while (!w->done && !h->error && h->generation == generation) {
        if (h->reading)
            pthread_cond_wait(&h->changed, &h->lock);
        else
            take_turn(h, true);
    }
    remove_waiter(h, w);
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

/* A request on its way. */
struct call {
    uint32_t type;
    xs_transaction_t t;
    const struct part *parts;
    unsigned int count;
    size_t len;
    bool doomed;         /* its transaction cannot succeed any more */
    uint32_t generation; /* of the connection it was sent on */
    struct waiter waiter;
};

enum outcome { ANSWERED, BROKEN, FAILED };

/* Sends the call under its own number; a thread of its own may read the reply at once. */
static enum outcome send_call(struct xs_handle *h, struct call *c, uint32_t daemon_id)
{
    static const struct part give_up = {"F", 2};
    /* A doomed transaction is not committed: what was done in it before is gone. */
    bool replace = c->doomed && c->type == XS_TRANSACTION_END;
    bool usable, sent = false;

    pthread_mutex_lock(&h->send_lock);
    pthread_mutex_lock(&h->lock);
    usable = !h->error && (!c->t || h->generation == c->generation);
    c->generation = h->generation;
    if (usable) {
        c->waiter = (struct waiter){.next = h->waiters, .req_id = ++h->next_id};
        h->waiters = &c->waiter;
    }
    pthread_mutex_unlock(&h->lock);
    if (usable)
        sent = send_request(h, c->waiter.req_id, c->type, daemon_id, replace ? &give_up : c->parts,
                            replace ? 1 : c->count, replace ? give_up.len : c->len);
    pthread_mutex_unlock(&h->send_lock);
    if (!usable || sent)
        return usable ? ANSWERED : BROKEN;
    pthread_mutex_lock(&h->lock);
    remove_waiter(h, &c->waiter);
    if (!h->reading && !h->error && h->generation == c->generation)
        xsi_disconnected(h);
    pthread_mutex_unlock(&h->lock);
    return BROKEN;
}

static enum outcome try_call(struct xs_handle *h, struct call *c)
{
    uint32_t daemon_id = 0;
    enum outcome outcome;

    c->doomed = false;
    if (c->t && !xsi_translate(h, c->t, &daemon_id, &c->generation, &c->doomed))
        return FAILED;
    outcome = send_call(h, c, daemon_id);
    if (outcome == ANSWERED && !wait_reply(h, &c->waiter, c->generation))
        outcome = BROKEN;
    return outcome;
}

/* The answer as the caller gets it; @again: it was sent more than once. */
static void *take_answer(struct call *c, bool again, unsigned int *len)
{
    const struct waiter *w = &c->waiter;
    int err = EIO;

    if (c->doomed && c->type == XS_TRANSACTION_END && !strcmp(c->parts[0].data, "T")) {
        free(w->payload);
        errno = EAGAIN;
        return NULL;
    }
    if (w->header.type == c->type) {
        if (len)
            *len = w->header.len;
        return w->payload;
    }
    if (w->header.type == XS_ERROR)
        err = error_number(w->payload);
    /* The first time had done it, and its answer was lost with the daemon. */
    if (again && err == ENOENT && (c->type == XS_UNWATCH || c->type == XS_RELEASE))
        return w->payload;
    free(w->payload);
    errno = err;
    return NULL;
}

void *xsi_request(struct xs_handle *h, uint32_t type, xs_transaction_t t, const struct part *parts,
                  unsigned int count, unsigned int *len)
{
    struct call c = {.type = type, .t = t, .parts = parts, .count = count};
    enum outcome outcome;
    bool again = false;

    for (unsigned int i = 0; i < count; i++)
        c.len += parts[i].len;
    if (c.len > XENSTORE_PAYLOAD_MAX) {
        errno = E2BIG;
        return NULL;
    }
    while ((outcome = try_call(h, &c)) == BROKEN) {
        again = true;
        if (!xsi_reconnect(h, c.generation, true))
            return NULL;
    }
    return outcome == ANSWERED ? take_answer(&c, again, len) : NULL;
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

/* One event if there is one; *generation, if the connection is broken (h->error), says which. */
static struct event *fetch_event(struct xs_handle *h, bool wait, int *error, uint32_t *generation)
{
    struct event *e;

    pthread_mutex_lock(&h->lock);
    while (!(e = pop_event(h)) && !h->error) {
        if (h->reading && !wait)
            break; /* whoever reads will queue what comes */
        if (h->reading)
            pthread_cond_wait(&h->changed, &h->lock);
        else if (take_turn(h, wait) == 0)
            break;
    }
    *error = e ? 0 : h->error;
    *generation = h->generation;
    pthread_mutex_unlock(&h->lock);
    return e;
}

char **xsi_next_event(struct xs_handle *h, bool wait)
{
    uint32_t generation;
    struct event *e;
    char **out;
    int error;

    while (!(e = fetch_event(h, wait, &error, &generation)) && error) {
        if (xsi_reconnect(h, generation, wait))
            continue;
        if (!wait && h->is_socket)
            break; /* later perhaps: the timer tells who polls */
        return NULL;
    }
    if (!e) {
        errno = EAGAIN;
        return NULL;
    }
    out = unpack_event(e);
    free(e);
    if (!out)
        errno = EIO;
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
