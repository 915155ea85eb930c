/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Decompression by the libraries that everyone uses (zlib, liblzma, libzstd, lz4), in pieces.
 * Formats are told by their first bytes, as Linux's own build tags them.
 */
#include <stdlib.h>

#include <lz4.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include <xen/errno.h>
#include <xen/lib.h>
#include "kernel.h"

#define PIECE 65536UL
static u8 piece[PIECE];

static int inflate_gzip(const u8 *in, size_t size, decompress_feed_fn *feed, void *ctx)
{
    z_stream z = {.next_in = (u8 *)(uintptr_t)in, .avail_in = size};
    int rc = 0, zrc = Z_OK;
    if (inflateInit2(&z, 15 + 16) != Z_OK)
        return -ENOMEM;
    while (!rc && zrc == Z_OK) {
        z.next_out = piece;
        z.avail_out = PIECE;
        zrc = inflate(&z, Z_NO_FLUSH);
        if (zrc == Z_OK || zrc == Z_STREAM_END)
            rc = feed(ctx, piece, PIECE - z.avail_out);
        if (zrc == Z_OK && z.avail_out == PIECE && !z.avail_in)
            zrc = Z_DATA_ERROR; /* no end in sight */
    }
    inflateEnd(&z);
    return rc ? rc : zrc == Z_STREAM_END ? 0 : zrc == Z_MEM_ERROR ? -ENOMEM : -EINVAL;
}

static int run_lzma(lzma_stream *l, const u8 *in, size_t size, decompress_feed_fn *feed, void *ctx)
{
    lzma_ret lrc = LZMA_OK;
    int rc = 0;
    l->next_in = in;
    l->avail_in = size;
    while (!rc && lrc == LZMA_OK) {
        l->next_out = piece;
        l->avail_out = PIECE;
        lrc = lzma_code(l, LZMA_RUN);
        if (lrc == LZMA_OK || lrc == LZMA_STREAM_END)
            rc = feed(ctx, piece, PIECE - l->avail_out);
    }
    lzma_end(l);
    return rc ? rc : lrc == LZMA_STREAM_END ? 0 : lrc == LZMA_MEM_ERROR ? -ENOMEM : -EINVAL;
}

/* Dictionaries of up to 192 MiB; Linux's are 32 to 128. */
#define LZMA_MEMLIMIT (200UL << 20)

static int unxz(const u8 *in, size_t size, decompress_feed_fn *feed, void *ctx)
{
    lzma_stream l = LZMA_STREAM_INIT;
    if (lzma_stream_decoder(&l, LZMA_MEMLIMIT, 0) != LZMA_OK)
        return -ENOMEM;
    return run_lzma(&l, in, size, feed, ctx);
}

static int unlzma(const u8 *in, size_t size, decompress_feed_fn *feed, void *ctx)
{
    lzma_stream l = LZMA_STREAM_INIT;
    if (lzma_alone_decoder(&l, LZMA_MEMLIMIT) != LZMA_OK)
        return -ENOMEM;
    return run_lzma(&l, in, size, feed, ctx);
}

static int unzstd(const u8 *in, size_t size, decompress_feed_fn *feed, void *ctx)
{
    ZSTD_inBuffer ib = {in, size, 0};
    ZSTD_DCtx *z = ZSTD_createDCtx();
    int rc = 0;
    size_t left = 1;
    if (!z)
        return -ENOMEM;
    while (!rc && left) {
        ZSTD_outBuffer ob = {piece, PIECE, 0};
        left = ZSTD_decompressStream(z, &ob, &ib);
        if (ZSTD_isError(left) || (!ob.pos && ib.pos == ib.size && left))
            rc = -EINVAL;
        else
            rc = feed(ctx, piece, ob.pos);
    }
    ZSTD_freeDCtx(z);
    return rc;
}

/* The "legacy" frame that Linux uses: blocks of up to 8 MiB, each with its compressed size before
 * it. */
#define LZ4_BLOCK (8UL << 20)

static int unlz4(const u8 *in, size_t size, decompress_feed_fn *feed, void *ctx)
{
    u8 *block = malloc(LZ4_BLOCK);
    int rc = 0;
    if (!block)
        return -ENOMEM;
    for (size_t pos = 4; !rc && size - pos >= 4;) {
        u32 n = in[pos] | in[pos + 1] << 8 | in[pos + 2] << 16 | (u32)in[pos + 3] << 24;
        if (n == 0x184c2102) { /* another frame begins */
            pos += 4;
            continue;
        }
        pos += 4;
        if (n > size - pos) {
            /* Linux appends the unpacked size, which is no block. */
            rc = pos == size ? 0 : -EINVAL;
            break;
        }
        int out = LZ4_decompress_safe((const char *)in + pos, (char *)block, n, LZ4_BLOCK);
        rc = out < 0 ? -EINVAL : feed(ctx, block, out);
        pos += n;
    }
    free(block);
    return rc;
}

static const struct {
    const char *name;
    u8 magic[6], len;
    int (*run)(const u8 *in, size_t size, decompress_feed_fn *feed, void *ctx);
} formats[] = {
    {"gzip", {0x1f, 0x8b}, 2, inflate_gzip},     {"xz", {0xfd, '7', 'z', 'X', 'Z', 0}, 6, unxz},
    {"lzma", {0x5d, 0, 0}, 3, unlzma},           {"zstd", {0x28, 0xb5, 0x2f, 0xfd}, 4, unzstd},
    {"lz4", {0x02, 0x21, 0x4c, 0x18}, 4, unlz4},
};

int decompress(const u8 *in, size_t size, decompress_feed_fn *feed, void *ctx, const char **format)
{
    for (unsigned int i = 0; i < ARRAY_SIZE(formats); i++) {
        if (size < 8 || memcmp(in, formats[i].magic, formats[i].len))
            continue;
        *format = formats[i].name;
        return formats[i].run(in, size, feed, ctx);
    }
    return -EOPNOTSUPP;
}
