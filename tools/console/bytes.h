/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A queue of bytes with a limit. Beyond it the oldest bytes go: a console nobody watches must not
 * stop its guest, and what happened last is what one wants to see.
 */
#ifndef CONSOLE_BYTES_H
#define CONSOLE_BYTES_H

#include <stddef.h>
#include <stdint.h>

struct bytes {
    char *data;
    size_t start, len, size; /* queued: data[start .. start + len), of size allocated */
    size_t max;              /* at most this much is queued */
    uint64_t dropped;        /* bytes that had to go */
};

/* Zero-initialise but for max. */
void bytes_put(struct bytes *q, const char *data, size_t len);
/* The queued bytes, q->len of them; valid until the next call. */
const char *bytes_peek(const struct bytes *q);
void bytes_consume(struct bytes *q, size_t len);
void bytes_free(struct bytes *q);

#endif
