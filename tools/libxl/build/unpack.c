/* SPDX-License-Identifier: GPL-2.0-only */
/* Unpacks kernels with the libraries of their formats. The unpacked size is bounded, and trailing
 * bytes after the stream (Linux appends the size) are allowed. */
#include <lz4.h>
#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "build/kernel.h"

/* Output that grows up to KERNEL_MAX_SIZE. */
struct buffer {
    uint8_t *data;
    size_t used, room;
};

static bool grow(struct buffer *b)
{
    size_t room = b->room ? b->room * 2 : 16u << 20;
    uint8_t *data;

    if (b->room >= KERNEL_MAX_SIZE)
        return false;
    data = realloc(b->data, room);
    if (!data)
        return false;
    b->data = data;
    b->room = room;
    return true;
}

static const char too_big[] = "the unpacked kernel is too big";

static const char *unpack_gzip(const uint8_t *in, size_t len, struct buffer *out)
{
    z_stream z = {.next_in = (uint8_t *)in, .avail_in = len};
    int r = inflateInit2(&z, 31); /* 15 bits of window, gzip header */

    while (r == Z_OK) {
        if (out->used == out->room && !grow(out)) {
            inflateEnd(&z);
            return too_big;
        }
        z.next_out = out->data + out->used;
        z.avail_out = out->room - out->used;
        r = inflate(&z, Z_NO_FLUSH);
        out->used = out->room - z.avail_out;
    }
    inflateEnd(&z);
    return r == Z_STREAM_END ? NULL : "its gzip data are damaged";
}

static const char *unpack_lzma(const uint8_t *in, size_t len, struct buffer *out)
{
    lzma_stream s = LZMA_STREAM_INIT;
    lzma_ret r =
        in[0] == 0xfd ? lzma_stream_decoder(&s, 512u << 20, 0) : lzma_alone_decoder(&s, 512u << 20);

    s.next_in = in;
    s.avail_in = len;
    while (r == LZMA_OK) {
        if (out->used == out->room && !grow(out)) {
            lzma_end(&s);
            return too_big;
        }
        s.next_out = out->data + out->used;
        s.avail_out = out->room - out->used;
        r = lzma_code(&s, LZMA_RUN);
        out->used = out->room - s.avail_out;
    }
    lzma_end(&s);
    return r == LZMA_STREAM_END ? NULL : "its xz data are damaged";
}

static const char *unpack_zstd(const uint8_t *in, size_t len, struct buffer *out)
{
    ZSTD_DStream *d = ZSTD_createDStream();
    ZSTD_inBuffer from = {in, len, 0};
    const char *problem = NULL;
    size_t r = 1;

    if (!d)
        return "out of memory";
    ZSTD_DCtx_setParameter(d, ZSTD_d_windowLogMax, 29);
    while (r && !problem) {
        ZSTD_outBuffer to;
        size_t before = from.pos;

        if (out->used == out->room && !grow(out)) {
            problem = too_big;
            break;
        }
        to = (ZSTD_outBuffer){out->data, out->room, out->used};
        r = ZSTD_decompressStream(d, &to, &from);
        if (ZSTD_isError(r) || (r && from.pos == before && to.pos == out->used))
            problem = "its zstd data are damaged";
        out->used = to.pos;
    }
    ZSTD_freeDStream(d);
    return problem;
}

/* Linux packs with the legacy frame: magic, then blocks of (length, data) of 8 MiB unpacked. */
static const char *unpack_lz4(const uint8_t *in, size_t len, struct buffer *out)
{
    enum { BLOCK = 8 << 20 };
    size_t at = 4;

    while (len - at >= 4) {
        uint32_t packed;
        int n;

        memcpy(&packed, in + at, 4);
        if (packed == 0x184c2102) { /* a further frame */
            at += 4;
            continue;
        }
        /* The unpacked size that Linux appends ends the stream. */
        if (!packed || packed > len - at - 4)
            break;
        while (out->room - out->used < BLOCK)
            if (!grow(out))
                return too_big;
        n = LZ4_decompress_safe((const char *)in + at + 4, (char *)out->data + out->used, packed,
                                BLOCK);
        if (n < 0)
            return "its lz4 data are damaged";
        out->used += n;
        at += 4 + packed;
    }
    return out->used ? NULL : "its lz4 data are damaged";
}

static const char *unpack_none(const uint8_t *in, size_t len, struct buffer *out)
{
    while (out->room < len)
        if (!grow(out))
            return too_big;
    memcpy(out->data, in, len);
    out->used = len;
    return NULL;
}

static const struct packing {
    uint8_t magic[6];
    uint8_t len;
    const char *name;
    const char *(*unpack)(const uint8_t *in, size_t len, struct buffer *out);
} packings[] = {
    {{0x1f, 0x8b}, 2, "gzip", unpack_gzip},
    {{0xfd, '7', 'z', 'X', 'Z', 0}, 6, "xz", unpack_lzma},
    {{0x5d, 0, 0}, 3, "lzma", unpack_lzma},
    {{0x28, 0xb5, 0x2f, 0xfd}, 4, "zstd", unpack_zstd},
    {{0x02, 0x21, 0x4c, 0x18}, 4, "lz4", unpack_lz4},
    {{0x7f, 'E', 'L', 'F'}, 4, "not packed", unpack_none},
    {{'B', 'Z', 'h'}, 3, "bzip2", NULL},
    {{0x89, 'L', 'Z', 'O', 0, 0x0d}, 6, "lzo", NULL},
};

const char *unpack(const uint8_t *in, size_t len, uint8_t **out, size_t *out_len,
                   const char **method)
{
    for (size_t i = 0; i < sizeof(packings) / sizeof(packings[0]); i++) {
        const struct packing *p = &packings[i];
        struct buffer b = {0};
        const char *problem;

        if (len < 6 || memcmp(in, p->magic, p->len))
            continue;
        if (!p->unpack)
            return "it is packed with bzip2 or lzo; gzip, xz, lzma, zstd and lz4 are known";
        problem = p->unpack(in, len, &b);
        if (problem) {
            free(b.data);
            return problem;
        }
        *method = p->name;
        *out = b.data;
        *out_len = b.used;
        return NULL;
    }
    return "its payload has no known packing (gzip, xz, lzma, zstd, lz4)";
}
