/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The little of libc that the decompression libraries ask for: memory. It comes from a borrowed
 * piece of the control domain's future RAM, is never given back piecemeal, and ends with the build.
 */
#include <xen/lib.h>
#include "arena.h"

void *malloc(size_t n);
void *calloc(size_t n, size_t size);
void free(void *p);

static u8 *arena;
static size_t arena_size, arena_used;

void dom0_arena_set(void *base, size_t size)
{
    arena = base;
    arena_size = size;
    arena_used = 0;
}

size_t dom0_arena_used(void)
{
    return arena_used;
}

void *malloc(size_t n)
{
    size_t at = ROUNDUP(arena_used, 64UL);
    if (at > arena_size || n > arena_size - at)
        return NULL;
    arena_used = at + n;
    return arena + at;
}

void *calloc(size_t n, size_t size)
{
    if (size && n > arena_size / size)
        return NULL;
    void *p = malloc(n * size);
    if (p)
        memset(p, 0, n * size);
    return p;
}

void free(void *p)
{
}

/* libzstd's tracing hooks are weak there, which an image outside of the low 2 GiB cannot link. */
u64 ZSTD_trace_decompress_begin(const void *dctx);
u64 ZSTD_trace_decompress_begin(const void *dctx)
{
    return 0; /* not traced */
}

void ZSTD_trace_decompress_end(u64 ctx, const void *trace);
void ZSTD_trace_decompress_end(u64 ctx, const void *trace)
{
}
