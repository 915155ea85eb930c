/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Loading a PVH kernel: bzImage or ELF, compressed or not, parsed as a stream so that no second
 * copy of it is ever in memory. Pure: the guest's memory is a callback.
 */
#ifndef DOM0_KERNEL_H
#define DOM0_KERNEL_H

#include <xen/types.h>

struct kernel_info {
    u64 entry;      /* XEN_ELFNOTE_PHYS32_ENTRY: where 32-bit execution starts */
    u64 start, end; /* what it occupies, its BSS and early allocations included */
    bool is_64bit;
    const char *format; /* for the log: "ELF", "xz" ... */
};

/* @p NULL: zeros. 0 or -errno, which ends the load. */
typedef int kernel_write_fn(void *ctx, u64 gpa, const void *p, size_t n);

/*
 * 0; -ENOEXEC: neither a bzImage nor ELF for x86 with a PVH entry; -EINVAL: broken;
 * -EOPNOTSUPP: a compression it does not know; -ENOMEM; or what @write returned.
 */
int kernel_load(const u8 *image, size_t size, kernel_write_fn *write, void *ctx,
                struct kernel_info *info);
/* An estimate of what it will occupy, from headers alone; false: not known before it is unpacked.
 */
bool kernel_span(const u8 *image, size_t size, u64 *start, u64 *bytes);

/* elf_stream.c: an ELF file in consecutive pieces. */
#define ELF_HEADER_BYTES 4096
#define ELF_NOTES_BYTES  4096
#define ELF_MAX_PHDRS    32

struct elf_segment {
    u64 offset, filesz, paddr, memsz;
};
struct elf_stream {
    kernel_write_fn *write;
    void *ctx;
    u64 pos; /* bytes consumed */
    bool parsed, is_64bit;
    unsigned int nr;
    struct elf_segment seg[ELF_MAX_PHDRS];
    u64 notes_offset;
    u32 notes_size;
    u8 header[ELF_HEADER_BYTES];
    u8 notes[ELF_NOTES_BYTES];
};
void elf_stream_init(struct elf_stream *s, kernel_write_fn *write, void *ctx);
int elf_stream_feed(struct elf_stream *s, const u8 *data, size_t n);
int elf_stream_finish(struct elf_stream *s, struct kernel_info *info);

/* decompress.c: @feed gets the output in pieces. Returns as kernel_load(). */
typedef int decompress_feed_fn(void *ctx, const u8 *data, size_t n);
int decompress(const u8 *in, size_t size, decompress_feed_fn *feed, void *ctx, const char **format);

#endif
