/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What kind of kernel an image is, and its way into guest memory. A bzImage is a loader of its own
 * with the real kernel, compressed ELF, as payload (Linux: Documentation/x86/boot.rst).
 */
#include <xen/errno.h>
#include <xen/lib.h>
#include "kernel.h"

#define BZ_SETUP_SECTS    0x1f1
#define BZ_BOOT_FLAG      0x1fe
#define BZ_MAGIC          0x202
#define BZ_VERSION        0x206
#define BZ_PAYLOAD_OFFSET 0x248
#define BZ_PAYLOAD_LENGTH 0x24c
#define BZ_PREF_ADDRESS   0x258
#define BZ_INIT_SIZE      0x260
#define BZ_HEADER_END     0x268

static u32 read32(const u8 *p)
{
    return p[0] | p[1] << 8 | p[2] << 16 | (u32)p[3] << 24;
}

static bool is_bzimage(const u8 *image, size_t size)
{
    return size >= BZ_HEADER_END && image[BZ_BOOT_FLAG] == 0x55 &&
           image[BZ_BOOT_FLAG + 1] == 0xaa && !memcmp(image + BZ_MAGIC, "HdrS", 4) &&
           (image[BZ_VERSION] | image[BZ_VERSION + 1] << 8) >= 0x20a;
}

/* Narrows @image to the payload. */
static int bzimage_payload(const u8 **image, size_t *size)
{
    const u8 *p = *image;
    u64 setup = ((p[BZ_SETUP_SECTS] ? p[BZ_SETUP_SECTS] : 4) + 1) * 512UL;
    u64 off = setup + read32(p + BZ_PAYLOAD_OFFSET), len = read32(p + BZ_PAYLOAD_LENGTH);
    if (!len || off > *size || len > *size - off)
        return -EINVAL;
    *image = p + off;
    *size = len;
    return 0;
}

bool kernel_span(const u8 *image, size_t size, u64 *start, u64 *bytes)
{
    if (!is_bzimage(image, size))
        return false;
    *start = read32(image + BZ_PREF_ADDRESS) | (u64)read32(image + BZ_PREF_ADDRESS + 4) << 32;
    *bytes = read32(image + BZ_INIT_SIZE);
    return true;
}

static int feed_elf(void *ctx, const u8 *data, size_t n)
{
    return elf_stream_feed(ctx, data, n);
}

int kernel_load(const u8 *image, size_t size, kernel_write_fn *write, void *ctx,
                struct kernel_info *info)
{
    static struct elf_stream stream; /* 8 KiB are too much for a stack; loads do not overlap */
    u64 span_start, span = 0;
    int rc;

    info->format = "ELF";
    if (kernel_span(image, size, &span_start, &span)) {
        rc = bzimage_payload(&image, &size);
        if (rc)
            return rc;
    }
    elf_stream_init(&stream, write, ctx);
    if (size >= 4 && !memcmp(image, "\177ELF", 4)) {
        static const u8 zeros[ELF_HEADER_BYTES];
        rc = elf_stream_feed(&stream, image, size);
        /* A file smaller than the header page is padded; its segments must still be in it. */
        if (!rc && size < ELF_HEADER_BYTES)
            rc = elf_stream_feed(&stream, zeros, ELF_HEADER_BYTES - size);
    } else {
        rc = decompress(image, size, feed_elf, &stream, &info->format);
    }
    if (!rc)
        rc = elf_stream_finish(&stream, info);
    if (!rc && span && info->start == span_start && info->end < span_start + span)
        info->end = span_start + span;
    return rc;
}
