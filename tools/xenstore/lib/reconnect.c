/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A daemon that was restarted still has its store; a client should not notice more than that its
 * watches fire once more. So a handle connects again, sets its watches again, and sends requests
 * without an answer again: all of them may be done twice. Only transactions cannot be continued:
 * they are begun anew on the new connection, and their end says EAGAIN, as after a conflict.
 */
#include "handle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

/*
 * So long a request waits for the daemon to come back. After one has waited in vain the next ones
 * just try: who has a hundred things to undo shall not wait a hundred times.
 */
#define PATIENCE_MS 5000
#define PAUSE_MS    20
/* So often who polls for events is made to look. */
#define TICK_MS 100

static void tick(struct xs_handle *h, bool on)
{
    struct itimerspec spec = {0};

    if (on) {
        spec.it_value.tv_nsec = 1; /* at once, then regularly */
        spec.it_interval.tv_nsec = TICK_MS * 1000000L;
    }
    timerfd_settime(h->timer_fd, 0, &spec, NULL);
}

void xsi_disconnected(struct xs_handle *h)
{
    h->error = errno ? errno : EPIPE;
    epoll_ctl(h->poll_fd, EPOLL_CTL_DEL, h->fd, NULL); /* or it would be readable for ever */
    if (h->is_socket)
        tick(h, true);
    pthread_cond_broadcast(&h->changed);
}

/* Nobody waits for these replies: they have request id 0. */
static bool send_watch(struct xs_handle *h, const struct kept_watch *w)
{
    struct xsd_sockmsg header = {.type = XS_WATCH};
    char depth[24];
    struct part parts[] = {
        {&header, sizeof(header)},
        {w->path, strlen(w->path) + 1},
        {w->token, strlen(w->token) + 1},
        {depth, 0},
    };
    bool ok = true;

    if (w->depth >= 0)
        parts[3].len = (size_t)snprintf(depth, sizeof(depth), "%ld", w->depth) + 1;
    header.len = (uint32_t)(parts[1].len + parts[2].len + parts[3].len);
    for (int i = 0; i < 4 && ok; i++)
        ok = xsi_send_all(h, parts[i].data, parts[i].len);
    return ok;
}

/* Uses the new descriptor from now on; with both locks held. */
static bool adopt(struct xs_handle *h, int fd)
{
    struct epoll_event event = {.events = EPOLLIN};

    close(h->fd);
    h->fd = fd;
    h->have = 0;
    free(h->payload);
    h->payload = NULL;
    h->generation++;
    h->error = 0;
    h->gave_up = false;
    tick(h, false);
    if (epoll_ctl(h->poll_fd, EPOLL_CTL_ADD, h->fd, &event))
        return false;
    for (const struct kept_watch *w = h->watches; w; w = w->next)
        if (!send_watch(h, w)) {
            xsi_disconnected(h); /* gone again */
            return false;
        }
    return true;
}

static long now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool connect_again(struct xs_handle *h, bool wait)
{
    long end = now_ms() + PATIENCE_MS;

    for (;;) {
        int fd = xsi_connect_socket(h->path);

        if (fd >= 0 && adopt(h, fd))
            break;
        if (!wait || h->gave_up || now_ms() > end) {
            h->gave_up |= wait;
            return false;
        }
        pthread_mutex_unlock(&h->lock);
        usleep(PAUSE_MS * 1000);
        pthread_mutex_lock(&h->lock);
    }
    pthread_cond_broadcast(&h->changed);
    return true;
}

bool xsi_reconnect(struct xs_handle *h, uint32_t seen, bool wait)
{
    uint64_t ticks;
    bool ok = true;
    int err;

    if (!h->is_socket) {
        errno = h->error ? h->error : EIO;
        return false;
    }
    if (wait)
        pthread_mutex_lock(&h->send_lock);
    else if (pthread_mutex_trylock(&h->send_lock))
        return false; /* somebody is at it, or sends: there is nothing to fetch yet */
    pthread_mutex_lock(&h->lock);
    while (wait && h->reading && h->error)
        pthread_cond_wait(&h->changed, &h->lock);
    if (!wait)
        (void)!read(h->timer_fd, &ticks, sizeof(ticks)); /* until the next one */
    if (h->error)
        ok = !h->reading && connect_again(h, wait);
    else
        ok = h->generation != seen || wait; /* somebody else was faster */
    err = errno;
    pthread_mutex_unlock(&h->lock);
    pthread_mutex_unlock(&h->send_lock);
    errno = err;
    return ok;
}

/* -- watches -- */

void xsi_keep_watch(struct xs_handle *h, const char *path, const char *token, long depth)
{
    struct kept_watch *w = calloc(1, sizeof(*w));

    if (!w)
        return; /* it works, until the daemon is restarted */
    w->path = strdup(path);
    w->token = strdup(token);
    w->depth = depth;
    if (!w->path || !w->token) {
        free(w->path);
        free(w->token);
        free(w);
        return;
    }
    pthread_mutex_lock(&h->lock);
    w->next = h->watches;
    h->watches = w;
    pthread_mutex_unlock(&h->lock);
}

void xsi_forget_watch(struct xs_handle *h, const char *path, const char *token)
{
    struct kept_watch **link, *w;

    pthread_mutex_lock(&h->lock);
    for (link = &h->watches; (w = *link); link = &w->next) {
        if (strcmp(w->path, path) || strcmp(w->token, token))
            continue;
        *link = w->next;
        free(w->path);
        free(w->token);
        free(w);
        break;
    }
    pthread_mutex_unlock(&h->lock);
}

/* -- transactions -- */

static struct kept_transaction *find_transaction(struct xs_handle *h, xs_transaction_t t)
{
    struct kept_transaction *k = h->transactions;

    while (k && k->id != t)
        k = k->next;
    return k;
}

static uint32_t generation_now(struct xs_handle *h)
{
    uint32_t generation;

    pthread_mutex_lock(&h->lock);
    generation = h->generation;
    pthread_mutex_unlock(&h->lock);
    return generation;
}

/* Begins one on the present connection; its number there, 0 on failure. */
static uint32_t begin(struct xs_handle *h, uint32_t *generation)
{
    for (;;) {
        uint32_t before = generation_now(h), id;
        char *reply = xsi_request_string(h, XS_TRANSACTION_START, XBT_NULL, "", NULL);

        if (!reply)
            return 0;
        id = (uint32_t)strtoul(reply, NULL, 10);
        free(reply);
        *generation = generation_now(h);
        if (before == *generation)
            return id;
        /* It may have begun on the connection before: do it again on this one. */
    }
}

xs_transaction_t xsi_transaction_start(struct xs_handle *h)
{
    struct kept_transaction *k = calloc(1, sizeof(*k));

    if (!k)
        return XBT_NULL;
    k->daemon_id = begin(h, &k->generation);
    if (!k->daemon_id) {
        free(k);
        return XBT_NULL;
    }
    pthread_mutex_lock(&h->lock);
    /* Its user knows it by the daemon's number, unless an older one has that name already. */
    k->id = k->daemon_id;
    while (!k->id || find_transaction(h, k->id))
        k->id++;
    k->next = h->transactions;
    h->transactions = k;
    pthread_mutex_unlock(&h->lock);
    return k->id;
}

void xsi_transaction_forget(struct xs_handle *h, xs_transaction_t t)
{
    struct kept_transaction **link, *k;

    pthread_mutex_lock(&h->lock);
    for (link = &h->transactions; (k = *link); link = &k->next) {
        if (k->id != t)
            continue;
        *link = k->next;
        free(k);
        break;
    }
    pthread_mutex_unlock(&h->lock);
}

bool xsi_translate(struct xs_handle *h, xs_transaction_t t, uint32_t *daemon_id,
                   uint32_t *generation, bool *doomed)
{
    uint32_t fresh_id, fresh_generation;
    struct kept_transaction *k;
    bool known, current;

    pthread_mutex_lock(&h->lock);
    k = find_transaction(h, t);
    known = k;
    current = known && k->generation == h->generation && !h->error;
    *daemon_id = known ? k->daemon_id : t; /* unknown: let the daemon say so */
    *generation = h->generation;
    *doomed = known && k->doomed;
    pthread_mutex_unlock(&h->lock);
    if (!known || current)
        return true;

    fresh_id = begin(h, &fresh_generation);
    if (!fresh_id)
        return false;
    pthread_mutex_lock(&h->lock);
    k = find_transaction(h, t);
    if (k) {
        k->daemon_id = fresh_id;
        k->generation = fresh_generation;
        k->doomed = true;
    }
    pthread_mutex_unlock(&h->lock);
    *daemon_id = fresh_id;
    *generation = fresh_generation;
    *doomed = true;
    return true;
}
