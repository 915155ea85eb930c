/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ELF as it comes out of a decompressor: the headers are collected first, then every byte goes
 * straight to where its segment wants it. Headers must lie in the file's first page (they do, in
 * everything that linkers make). System V ABI, chapter 4; Xen's notes: public/elfnote.h.
 */
#include <xen/errno.h>
#include <xen/lib.h>
#include <public/elfnote.h>
#include "kernel.h"

struct elf64_ehdr {
    u8 ident[16];
    u16 type, machine;
    u32 version;
    u64 entry, phoff, shoff;
    u32 flags;
    u16 ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};
struct elf32_ehdr {
    u8 ident[16];
    u16 type, machine;
    u32 version, entry, phoff, shoff, flags;
    u16 ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};
struct elf64_phdr {
    u32 type, flags;
    u64 offset, vaddr, paddr, filesz, memsz, align;
};
struct elf32_phdr {
    u32 type, offset, vaddr, paddr, filesz, memsz, flags, align;
};
#define PT_LOAD   1
#define PT_NOTE   4
#define EM_386    3
#define EM_X86_64 62
/* No kernel lies above 4 GiB: it is entered in 32-bit mode. */
#define MAX_PADDR (1UL << 32)

void elf_stream_init(struct elf_stream *s, kernel_write_fn *write, void *ctx)
{
    s->write = write;
    s->ctx = ctx;
    s->pos = 0;
    s->parsed = s->is_64bit = false;
    s->nr = 0;
    s->notes_offset = s->notes_size = 0;
}

static int add_segment(struct elf_stream *s, const struct elf64_phdr *p)
{
    if (p->type == PT_NOTE && !s->notes_size && p->filesz <= ELF_NOTES_BYTES) {
        s->notes_offset = p->offset;
        s->notes_size = p->filesz;
        return p->offset > 1UL << 40 ? -EINVAL : 0;
    }
    if (p->type != PT_LOAD || !p->memsz)
        return 0;
    if (p->filesz > p->memsz || p->memsz > MAX_PADDR || p->paddr > MAX_PADDR - p->memsz ||
        p->offset > 1UL << 40)
        return -EINVAL;
    if (s->nr == ELF_MAX_PHDRS)
        return -EINVAL;
    s->seg[s->nr++] = (struct elf_segment){p->offset, p->filesz, p->paddr, p->memsz};
    return 0;
}

static int parse_phdrs(struct elf_stream *s, u64 off, unsigned int num, unsigned int entsize)
{
    for (unsigned int i = 0; i < num; i++, off += entsize) {
        struct elf64_phdr p;
        if (off > ELF_HEADER_BYTES || ELF_HEADER_BYTES - off < entsize)
            return -EINVAL;
        if (s->is_64bit) {
            memcpy(&p, s->header + off, sizeof(p));
        } else {
            struct elf32_phdr q;
            memcpy(&q, s->header + off, sizeof(q));
            p = (struct elf64_phdr){q.type,  q.flags,  q.offset, q.vaddr,
                                    q.paddr, q.filesz, q.memsz,  q.align};
        }
        int rc = add_segment(s, &p);
        if (rc)
            return rc;
    }
    return s->nr ? 0 : -ENOEXEC;
}

static int parse_header(struct elf_stream *s)
{
    struct elf64_ehdr h;
    struct elf32_ehdr g;
    memcpy(&h, s->header, sizeof(h));
    memcpy(&g, s->header, sizeof(g));
    if (memcmp(h.ident, "\177ELF", 4) || h.ident[5] != 1)
        return -ENOEXEC;
    s->parsed = true;
    s->is_64bit = h.ident[4] == 2;
    if (s->is_64bit && h.machine == EM_X86_64 && h.phentsize >= sizeof(struct elf64_phdr))
        return parse_phdrs(s, h.phoff, h.phnum, h.phentsize);
    if (h.ident[4] == 1 && g.machine == EM_386 && g.phentsize >= sizeof(struct elf32_phdr))
        return parse_phdrs(s, g.phoff, g.phnum, g.phentsize);
    return -ENOEXEC;
}

/* The part of [pos, pos + n) that lies in [offset, offset + size): its start in data, or false. */
static bool overlap(u64 pos, size_t n, u64 offset, u64 size, u64 *from, u64 *len)
{
    u64 start = pos > offset ? pos : offset;
    u64 end = pos + n < offset + size ? pos + n : offset + size;
    if (start >= end)
        return false;
    *from = start;
    *len = end - start;
    return true;
}

static int place(struct elf_stream *s, u64 pos, const u8 *data, size_t n)
{
    u64 from, len;
    for (unsigned int i = 0; i < s->nr; i++) {
        const struct elf_segment *g = &s->seg[i];
        if (!overlap(pos, n, g->offset, g->filesz, &from, &len))
            continue;
        int rc = s->write(s->ctx, g->paddr + (from - g->offset), data + (from - pos), len);
        if (rc)
            return rc;
    }
    if (overlap(pos, n, s->notes_offset, s->notes_size, &from, &len))
        memcpy(s->notes + (from - s->notes_offset), data + (from - pos), len);
    return 0;
}

int elf_stream_feed(struct elf_stream *s, const u8 *data, size_t n)
{
    if (!s->parsed) {
        size_t take = ELF_HEADER_BYTES - s->pos < n ? ELF_HEADER_BYTES - s->pos : n;
        memcpy(s->header + s->pos, data, take);
        s->pos += take;
        data += take;
        n -= take;
        if (s->pos < ELF_HEADER_BYTES)
            return 0;
        int rc = parse_header(s);
        if (!rc)
            rc = place(s, 0, s->header, ELF_HEADER_BYTES);
        if (rc || !n)
            return rc;
    }
    u64 pos = s->pos;
    s->pos += n;
    return place(s, pos, data, n);
}

/* A note: name size, descriptor size, type, name, descriptor, each padded to 4 bytes. */
static bool find_note(const struct elf_stream *s, u32 type, u64 *value)
{
    u64 at = 0;
    while (at + 12 <= s->notes_size) {
        u32 h[3];
        memcpy(h, s->notes + at, sizeof(h));
        u64 name = at + 12, desc = name + ROUNDUP((u64)h[0], 4),
            next = desc + ROUNDUP((u64)h[1], 4);
        if (next > s->notes_size)
            return false;
        if (h[2] == type && h[0] == 4 && !memcmp(s->notes + name, "Xen", 4) &&
            (h[1] == 4 || h[1] == 8)) {
            *value = 0;
            memcpy(value, s->notes + desc, h[1]);
            return true;
        }
        at = next;
    }
    return false;
}

int elf_stream_finish(struct elf_stream *s, struct kernel_info *info)
{
    if (!s->parsed)
        return -ENOEXEC;
    info->start = ~0UL;
    info->end = 0;
    for (unsigned int i = 0; i < s->nr; i++) {
        const struct elf_segment *g = &s->seg[i];
        if (g->offset + g->filesz > s->pos)
            return -EINVAL; /* cut short */
        if (g->memsz > g->filesz) {
            int rc = s->write(s->ctx, g->paddr + g->filesz, NULL, g->memsz - g->filesz);
            if (rc)
                return rc;
        }
        if (g->paddr < info->start)
            info->start = g->paddr;
        if (g->paddr + g->memsz > info->end)
            info->end = g->paddr + g->memsz;
    }
    if (s->notes_offset + s->notes_size > s->pos)
        return -EINVAL;
    if (!find_note(s, XEN_ELFNOTE_PHYS32_ENTRY, &info->entry))
        return -ENOEXEC;
    info->is_64bit = s->is_64bit;
    return info->entry >= info->start && info->entry < info->end ? 0 : -EINVAL;
}
