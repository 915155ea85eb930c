/* SPDX-License-Identifier: GPL-2.0-only */
/* A connection to the daemon: sends requests, sorts replies from events. Private to libxenstore. */
#ifndef XENSTORE_LIB_CONNECTION_H
#define XENSTORE_LIB_CONNECTION_H

#include <errno.h> /* before xs_wire.h: its table of error names wants the values */

#include <pthread.h>
#include <stddef.h>

#include "xenstore.h"

/* Nothing of this is visible outside of the library. */
#pragma GCC visibility push(hidden)

struct part {
    const void *data;
    size_t len;
};

/*
 * Sends one request made of @parts and waits for its reply. Returns the payload with a NUL behind
 * it (to be freed), *len bytes; NULL with errno set on failure.
 */
void *xsi_request(struct xs_handle *h, uint32_t type, xs_transaction_t t, const struct part *parts,
                  unsigned int count, unsigned int *len);

/* The same for requests with one string, and for those whose reply is just "OK". */
void *xsi_request_string(struct xs_handle *h, uint32_t type, xs_transaction_t t, const char *text,
                         unsigned int *len);
bool xsi_request_ok(struct xs_handle *h, uint32_t type, xs_transaction_t t,
                    const struct part *parts, unsigned int count);

/* The next event as {path, token} in one block; waits for it if asked. */
char **xsi_next_event(struct xs_handle *h, bool wait);

/* Drops pending events of a watch. */
void xsi_filter_events(struct xs_handle *h, const char *path, const char *token);

/* What a later connection must know; see reconnect.c. */
void xsi_keep_watch(struct xs_handle *h, const char *path, const char *token, long depth);
void xsi_forget_watch(struct xs_handle *h, const char *path, const char *token);
xs_transaction_t xsi_transaction_start(struct xs_handle *h);
void xsi_transaction_forget(struct xs_handle *h, xs_transaction_t t);

/* Descriptor to poll for events. */
int xsi_event_fd(struct xs_handle *h);
unsigned long xsi_flags(const struct xs_handle *h);

#pragma GCC visibility pop

#endif
