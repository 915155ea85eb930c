/* SPDX-License-Identifier: GPL-2.0-only */
/* A queue of bytes that drops its oldest beyond a limit. */
#include <stdlib.h>
#include <string.h>

#include "bytes.h"

#define FIRST_SIZE 4096

/* Room for need bytes behind the queued ones; without memory what is queued makes room. */
static void make_room(struct bytes *q, size_t need)
{
    size_t size = q->size ? q->size : FIRST_SIZE;
    char *grown;

    if (q->size - q->start - q->len >= need)
        return;
    if (q->len)
        memmove(q->data, q->data + q->start, q->len);
    q->start = 0;
    while (size < q->len + need)
        size *= 2;
    if (size > q->max)
        size = q->max;
    if (size > q->size && (grown = realloc(q->data, size))) {
        q->data = grown;
        q->size = size;
    }
}

void bytes_put(struct bytes *q, const char *data, size_t len)
{
    size_t over;

    if (len > q->max) {
        q->dropped += len - q->max;
        data += len - q->max;
        len = q->max;
    }
    over = q->len + len > q->max ? q->len + len - q->max : 0;
    q->dropped += over;
    bytes_consume(q, over);
    make_room(q, len);
    if (q->size - q->start - q->len < len) {
        q->dropped += len;
        return;
    }
    memcpy(q->data + q->start + q->len, data, len);
    q->len += len;
}

const char *bytes_peek(const struct bytes *q)
{
    return q->data ? q->data + q->start : "";
}

void bytes_consume(struct bytes *q, size_t len)
{
    q->start += len;
    q->len -= len;
    if (!q->len)
        q->start = 0;
}

void bytes_free(struct bytes *q)
{
    free(q->data);
    q->data = NULL;
    q->start = q->len = q->size = 0;
}
