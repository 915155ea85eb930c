/* SPDX-License-Identifier: GPL-2.0-only */
/* Recognises kernel images, opens bzImages, and copies segments into the guest. */
#include "build/kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Linux/x86 boot protocol, offsets in the file. */
enum {
    BZ_SETUP_SECTS = 0x1f1,
    BZ_BOOT_FLAG = 0x1fe, /* 0xaa55 */
    BZ_MAGIC = 0x202,     /* "HdrS" */
    BZ_VERSION = 0x206,
    BZ_PAYLOAD_OFFSET = 0x248, /* from the protected-mode code; since 2.08 */
    BZ_PAYLOAD_LENGTH = 0x24c,
    BZ_END = 0x250,
};

static uint32_t get32(const uint8_t *p)
{
    uint32_t v;

    memcpy(&v, p, 4);
    return v;
}

const char *bzimage_payload(const uint8_t *data, size_t size, const uint8_t **payload,
                            size_t *length)
{
    size_t code, offset, len;

    if (size < BZ_END || memcmp(data + BZ_MAGIC, "HdrS", 4) || data[BZ_BOOT_FLAG] != 0x55 ||
        data[BZ_BOOT_FLAG + 1] != 0xaa)
        return "it is neither ELF nor a Linux bzImage";
    if ((data[BZ_VERSION] | data[BZ_VERSION + 1] << 8) < 0x208)
        return "its boot protocol is older than 2.08 (Linux 2.6.26)";
    code = ((data[BZ_SETUP_SECTS] ? data[BZ_SETUP_SECTS] : 4) + 1) * 512;
    offset = get32(data + BZ_PAYLOAD_OFFSET);
    len = get32(data + BZ_PAYLOAD_LENGTH);
    if (code > size || offset > size - code || len > size - code - offset || !len)
        return "its payload lies outside of the file (cut off?)";
    *payload = data + code + offset;
    *length = len;
    return NULL;
}

const char *kernel_parse(const void *data, size_t size, struct kernel_image *out)
{
    static const char elf[4] = {0x7f, 'E', 'L', 'F'};
    const uint8_t *payload;
    const char *problem, *method;
    uint8_t *unpacked;
    size_t length;

    memset(out, 0, sizeof(*out));
    if (size >= 4 && !memcmp(data, elf, 4)) {
        out->packing = "ELF";
        return elf_parse(data, size, out);
    }
    problem = bzimage_payload(data, size, &payload, &length);
    if (!problem)
        problem = unpack(payload, length, &unpacked, &length, &method);
    if (problem)
        return problem;
    problem = elf_parse(unpacked, length, out);
    out->unpacked = unpacked;
    out->packing = method;
    if (problem)
        kernel_image_dispose(out);
    return problem;
}

void kernel_image_dispose(struct kernel_image *image)
{
    free(image->unpacked);
    memset(image, 0, sizeof(*image));
}

int kernel_load(const struct kernel_image *image, struct guest_memory *mem)
{
    for (unsigned int i = 0; i < image->nr_segments; i++) {
        const struct kernel_segment *s = &image->segments[i];

        if (s->filesz && mem->write(mem, s->paddr, s->data, s->filesz))
            return -1;
        if (s->memsz > s->filesz && mem->zero(mem, s->paddr + s->filesz, s->memsz - s->filesz))
            return -1;
    }
    return 0;
}
