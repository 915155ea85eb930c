/* SPDX-License-Identifier: GPL-2.0-only */
/* Small helpers of the daemon: memory, buffers, numbers, hashing. */
#include "util.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void out_of_memory(void)
{
    static const char text[] = "xenstored: out of memory; restart resumes from the journal\n";

    fwrite(text, 1, sizeof(text) - 1, stderr);
    abort();
}

void *xalloc(size_t size)
{
    void *p = malloc(size ? size : 1);

    if (!p)
        out_of_memory();
    return p;
}

void *xzalloc(size_t size)
{
    void *p = calloc(1, size ? size : 1);

    if (!p)
        out_of_memory();
    return p;
}

void *xrealloc(void *old, size_t size)
{
    void *p = realloc(old, size ? size : 1);

    if (!p)
        out_of_memory();
    return p;
}

char *xstrdup(const char *text)
{
    size_t len = strlen(text) + 1;

    return memcpy(xalloc(len), text, len);
}

bool parse_number(const char *text, unsigned long max, unsigned long *out)
{
    unsigned long v = 0;

    if (!*text)
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        if (v > (max - (unsigned long)(*text - '0')) / 10)
            return false;
        v = v * 10 + (unsigned long)(*text - '0');
    }
    *out = v;
    return true;
}

static uint64_t seed_value = 0x9e3779b97f4a7c15u;

void hash_seed(uint64_t seed)
{
    seed_value = seed | 1;
}

uint64_t hash_start(void)
{
    return seed_value;
}

uint64_t hash_add(uint64_t hash, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        hash = (hash ^ (unsigned char)bytes[i]) * (seed_value ^ 0x2545f4914f6cdd1cu);
        hash ^= hash >> 29;
    }
    return hash;
}

uint64_t hash_end(uint64_t hash)
{
    hash = (hash ^ (hash >> 32)) * 0xd6e8feb86659fd93u;
    return hash ^ (hash >> 32);
}

void buf_reserve(struct buf *buf, size_t more)
{
    if (buf->cap - buf->len >= more)
        return;
    buf->cap = buf->cap ? buf->cap * 2 : 256;
    if (buf->cap < buf->len + more)
        buf->cap = buf->len + more;
    buf->data = xrealloc(buf->data, buf->cap);
}

void buf_add(struct buf *buf, const void *bytes, size_t len)
{
    if (!len)
        return;
    buf_reserve(buf, len);
    memcpy(buf->data + buf->len, bytes, len);
    buf->len += len;
}

void buf_u8(struct buf *buf, uint8_t v)
{
    buf_add(buf, &v, sizeof(v));
}

void buf_u32(struct buf *buf, uint32_t v)
{
    buf_add(buf, &v, sizeof(v));
}

void buf_u64(struct buf *buf, uint64_t v)
{
    buf_add(buf, &v, sizeof(v));
}

void buf_blob(struct buf *buf, const void *bytes, size_t len)
{
    buf_u32(buf, (uint32_t)len);
    buf_add(buf, bytes, len);
}

void buf_str(struct buf *buf, const char *text)
{
    buf_blob(buf, text, strlen(text) + 1);
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    va_list args;
    int need;

    va_start(args, format);
    need = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (need < 0)
        return;
    buf_reserve(buf, (size_t)need + 1);
    va_start(args, format);
    vsnprintf(buf->data + buf->len, (size_t)need + 1, format, args);
    va_end(args);
    buf->len += (size_t)need;
}

void buf_free(struct buf *buf)
{
    free(buf->data);
    memset(buf, 0, sizeof(*buf));
}

static const char *take(struct reader *r, size_t len)
{
    const char *p = r->data + r->pos;

    if (!r->ok || r->len - r->pos < len) {
        r->ok = false;
        return NULL;
    }
    r->pos += len;
    return p;
}

uint8_t read_u8(struct reader *r)
{
    const char *p = take(r, 1);

    return p ? (uint8_t)*p : 0;
}

uint32_t read_u32(struct reader *r)
{
    const char *p = take(r, 4);
    uint32_t v = 0;

    if (p)
        memcpy(&v, p, sizeof(v));
    return v;
}

uint64_t read_u64(struct reader *r)
{
    const char *p = take(r, 8);
    uint64_t v = 0;

    if (p)
        memcpy(&v, p, sizeof(v));
    return v;
}

const char *read_blob(struct reader *r, uint32_t *len)
{
    const char *p;

    *len = read_u32(r);
    p = take(r, *len);
    if (!p)
        *len = 0;
    return p;
}

const char *read_str(struct reader *r)
{
    uint32_t len;
    const char *p = read_blob(r, &len);

    if (!p || !len || p[len - 1] != '\0' || strlen(p) != len - 1) {
        r->ok = false;
        return "";
    }
    return p;
}
