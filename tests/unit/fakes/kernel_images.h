/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernels made for tests: an ELF file, a bzImage around it, and the packers of Linux's build. */
#ifndef FAKE_KERNEL_IMAGES_H
#define FAKE_KERNEL_IMAGES_H

#include <stdlib.h>
#include <string.h>

#include <lz4hc.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include <public/elfnote.h>
#include <xen/types.h>

/* Header page, text of 100000 bytes, 5000 of BSS, notes. */

#define TEXT     100000U
#define BSS      5000U
#define LOAD     0x1000000U
#define ELF_SIZE (4096U + TEXT + 64)

struct ehdr {
    u8 ident[16];
    u16 type, machine;
    u32 version;
    u64 entry, phoff, shoff;
    u32 flags;
    u16 ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};
struct phdr {
    u32 type, flags;
    u64 offset, vaddr, paddr, filesz, memsz, align;
};

static u8 *make_elf(void)
{
    u8 *f = calloc(1, ELF_SIZE);
    struct ehdr h = {.ident = "\177ELF\2\1\1",
                     .type = 2,
                     .machine = 62,
                     .version = 1,
                     .phoff = 64,
                     .ehsize = 64,
                     .phentsize = sizeof(struct phdr),
                     .phnum = 2};
    struct phdr load = {
        .type = 1, .offset = 4096, .paddr = LOAD, .filesz = TEXT, .memsz = TEXT + BSS};
    struct phdr note = {.type = 4, .offset = 4096 + TEXT, .filesz = 44};
    u32 notes[11] = {4, 4, XEN_ELFNOTE_XEN_VERSION,  0x006e6558, 7,
                     4, 8, XEN_ELFNOTE_PHYS32_ENTRY, 0x006e6558, LOAD + 0x123,
                     0};
    memcpy(f, &h, sizeof(h));
    memcpy(f + 64, &load, sizeof(load));
    memcpy(f + 64 + sizeof(load), &note, sizeof(note));
    for (unsigned int i = 0; i < TEXT; i++)
        f[4096 + i] = i * 7 + (i >> 8);
    memcpy(f + 4096 + TEXT, notes, sizeof(notes));
    return f;
}

/* A setup header, one setup sector, then the payload. */
static u8 *make_bzimage(const u8 *payload, size_t n, size_t *size)
{
    size_t setup = 2 * 512;
    u32 off = 64, len = n, init_size = 0x200000;
    u64 pref = LOAD;
    u8 *b = calloc(1, setup + off + n);
    b[0x1f1] = 1;
    b[0x1fe] = 0x55;
    b[0x1ff] = 0xaa;
    memcpy(b + 0x202, "HdrS", 4);
    b[0x206] = 0x0f;
    b[0x207] = 0x02;
    memcpy(b + 0x248, &off, 4);
    memcpy(b + 0x24c, &len, 4);
    memcpy(b + 0x258, &pref, 8);
    memcpy(b + 0x260, &init_size, 4);
    memcpy(b + setup + off, payload, n);
    *size = setup + off + n;
    return b;
}

static size_t pack_gzip(const u8 *in, size_t n, u8 *out, size_t max)
{
    z_stream z = {.next_in = (u8 *)(uintptr_t)in, .avail_in = n, .next_out = out, .avail_out = max};
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 31, 9, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    return z.total_out;
}

static size_t pack_xz(const u8 *in, size_t n, u8 *out, size_t max)
{
    size_t pos = 0;
    assert_int_equal(lzma_easy_buffer_encode(6, LZMA_CHECK_CRC32, NULL, in, n, out, &pos, max),
                     LZMA_OK);
    return pos;
}

static size_t pack_lzma(const u8 *in, size_t n, u8 *out, size_t max)
{
    lzma_stream l = LZMA_STREAM_INIT;
    lzma_options_lzma o;
    lzma_lzma_preset(&o, 6);
    assert_int_equal(lzma_alone_encoder(&l, &o), LZMA_OK);
    l.next_in = in;
    l.avail_in = n;
    l.next_out = out;
    l.avail_out = max;
    assert_int_equal(lzma_code(&l, LZMA_FINISH), LZMA_STREAM_END);
    lzma_end(&l);
    return l.total_out;
}

static size_t pack_zstd(const u8 *in, size_t n, u8 *out, size_t max)
{
    size_t r = ZSTD_compress(out, max, in, n, 3);
    assert_false(ZSTD_isError(r));
    return r;
}

static size_t pack_lz4(const u8 *in, size_t n, u8 *out, size_t max)
{
    static const u8 magic[4] = {0x02, 0x21, 0x4c, 0x18};
    u32 r = LZ4_compress_HC((const char *)in, (char *)out + 8, n, max - 8, 9);
    memcpy(out, magic, 4);
    memcpy(out + 4, &r, 4);
    return r + 8;
}

static size_t pack_none(const u8 *in, size_t n, u8 *out, size_t max)
{
    memcpy(out, in, n);
    return n;
}

static const struct {
    const char *name;
    size_t (*pack)(const u8 *in, size_t n, u8 *out, size_t max);
} packers[] = {{"ELF", pack_none},  {"gzip", pack_gzip}, {"xz", pack_xz},
               {"lzma", pack_lzma}, {"zstd", pack_zstd}, {"lz4", pack_lz4}};

#endif
