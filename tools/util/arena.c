/* SPDX-License-Identifier: GPL-2.0-only */
/* Arenas: a list of blocks, each handing out its space from the front. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/arena.h"

#define BLOCK_BYTES 4096
#define ALIGN       16

struct block {
    struct block *next;
    size_t used, size;
    _Alignas(ALIGN) char data[];
};

struct arena {
    struct block *blocks; /* the first one is allocated from */
};

static void *must(void *p)
{
    if (!p) {
        fputs("out of memory\n", stderr);
        exit(1);
    }
    return p;
}

struct arena *arena_new(void)
{
    return must(calloc(1, sizeof(struct arena)));
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    while (a->blocks) {
        struct block *next = a->blocks->next;

        free(a->blocks);
        a->blocks = next;
    }
    free(a);
}

static struct block *new_block(size_t size)
{
    struct block *b = must(calloc(1, sizeof(*b) + size));

    b->size = size;
    return b;
}

void *arena_alloc(struct arena *a, size_t size)
{
    struct block *b = a->blocks;
    void *p;

    if (size > SIZE_MAX / 2)
        must(NULL);
    size = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    if (size > BLOCK_BYTES / 4) {
        /* A block of its own, behind the first one, whose space stays in use. */
        struct block *own = new_block(size);

        own->used = size;
        if (b) {
            own->next = b->next;
            b->next = own;
        } else {
            a->blocks = own;
        }
        return own->data;
    }
    if (!b || b->size - b->used < size) {
        b = new_block(BLOCK_BYTES);
        b->next = a->blocks;
        a->blocks = b;
    }
    p = b->data + b->used;
    b->used += size;
    return p;
}

void *arena_calloc(struct arena *a, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        must(NULL);
    return arena_alloc(a, count * size);
}

char *arena_strndup(struct arena *a, const char *s, size_t len)
{
    char *copy;

    len = strnlen(s, len);
    copy = arena_alloc(a, len + 1);
    memcpy(copy, s, len);
    return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
    return arena_strndup(a, s, strlen(s));
}

char *arena_vprintf(struct arena *a, const char *format, va_list al)
{
    va_list again;
    char *s;
    int n;

    va_copy(again, al);
    n = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (n < 0)
        must(NULL);
    s = arena_alloc(a, (size_t)n + 1);
    vsnprintf(s, (size_t)n + 1, format, al);
    return s;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
    va_list al;
    char *s;

    va_start(al, format);
    s = arena_vprintf(a, format, al);
    va_end(al);
    return s;
}
