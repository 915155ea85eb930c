/* SPDX-License-Identifier: GPL-2.0-only */
/* The handle: what opening, talking and reconnecting share. Private to libxenstore. */
#ifndef XENSTORE_LIB_HANDLE_H
#define XENSTORE_LIB_HANDLE_H

#include "connection.h"

/* A thread that waits for its reply. */
struct waiter {
    struct waiter *next;
    uint32_t req_id;
    bool done;
    struct xsd_sockmsg header;
    char *payload;
};

/* An event that was read and not fetched yet. */
struct event {
    struct event *next;
    size_t len;
    char strings[]; /* path, NUL, token, NUL */
};

/* What a new connection has to be told again. */
struct kept_watch {
    struct kept_watch *next;
    char *path, *token;
    long depth; /* -1: none */
};

/* An open transaction: the number its user knows, and what it is called on this connection. */
struct kept_transaction {
    struct kept_transaction *next;
    xs_transaction_t id, daemon_id;
    uint32_t generation;
    bool doomed; /* begun on an earlier connection */
};

struct xs_handle {
    int fd, poll_fd, signal_fd;
    int timer_fd; /* ticks while there is no connection */
    bool is_socket;
    unsigned long flags;
    char *path;                /* of the socket */
    pthread_mutex_t send_lock; /* protects: writing of whole messages, next_id */
    uint32_t next_id;
    pthread_mutex_t lock; /* protects: everything below */
    pthread_cond_t changed;
    bool reading;        /* some thread reads from fd */
    int error;           /* the connection is dead: why */
    bool gave_up;        /* a request has waited in vain for a new connection */
    uint32_t generation; /* of the connection: counts */
    struct waiter *waiters;
    struct event *events, **events_last;
    struct kept_watch *watches;
    struct kept_transaction *transactions;
    /* Message in arrival; belongs to the reading thread. */
    struct xsd_sockmsg header;
    size_t have;
    char *payload;
};

#pragma GCC visibility push(hidden)

/* open.c */
int xsi_connect_socket(const char *path);

/* reconnect.c */

/* The connection broke (errno); with h->lock held. */
void xsi_disconnected(struct xs_handle *h);
/*
 * Connects again after connection number @seen broke; waits for the daemon to come back if asked.
 * True if there is a newer connection now. Without h->lock and h->send_lock.
 */
bool xsi_reconnect(struct xs_handle *h, uint32_t seen, bool wait);
/*
 * What transaction @t is called on the present connection *generation. One that began on an
 * earlier connection is begun again, and *doomed: its end will say EAGAIN. False on failure.
 */
bool xsi_translate(struct xs_handle *h, xs_transaction_t t, uint32_t *daemon_id,
                   uint32_t *generation, bool *doomed);

/* connection.c: writes all of it to the connection. */
bool xsi_send_all(struct xs_handle *h, const char *data, size_t len);

#pragma GCC visibility pop

#endif
