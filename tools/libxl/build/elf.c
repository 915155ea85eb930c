/* SPDX-License-Identifier: GPL-2.0-only */
/* ELF kernels, 32 and 64 bit: loadable segments by physical address, and the PVH entry from the
 * Xen note. Everything in the file is checked before it is used. */
#include <elf.h>
#include <string.h>

#include "build/kernel.h"
#include "public/elfnote.h"

struct elf {
    const uint8_t *data;
    size_t size;
    bool is64;
    uint64_t phoff, shoff;
    unsigned int phnum, phentsize, shnum, shentsize;
};

/* Where notes or segment contents are in the file, and their addresses. */
struct part {
    uint32_t type;
    uint64_t offset, filesz, memsz, paddr, align;
};

static bool inside(const struct elf *e, uint64_t offset, uint64_t len)
{
    return offset <= e->size && len <= e->size - offset;
}

static const char *read_header(struct elf *e)
{
    if (e->size < sizeof(Elf64_Ehdr))
        return "the ELF header is cut off";
    if (e->data[EI_DATA] != ELFDATA2LSB)
        return "it is an ELF for a big-endian machine";
    e->is64 = e->data[EI_CLASS] == ELFCLASS64;
    if (e->is64) {
        Elf64_Ehdr h;

        memcpy(&h, e->data, sizeof(h));
        if (h.e_machine != EM_X86_64)
            return "it is an ELF for another machine";
        e->phoff = h.e_phoff, e->phnum = h.e_phnum, e->phentsize = h.e_phentsize;
        e->shoff = h.e_shoff, e->shnum = h.e_shnum, e->shentsize = h.e_shentsize;
    } else {
        Elf32_Ehdr h;

        memcpy(&h, e->data, sizeof(h));
        if (e->data[EI_CLASS] != ELFCLASS32 || h.e_machine != EM_386)
            return "it is an ELF for another machine";
        e->phoff = h.e_phoff, e->phnum = h.e_phnum, e->phentsize = h.e_phentsize;
        e->shoff = h.e_shoff, e->shnum = h.e_shnum, e->shentsize = h.e_shentsize;
    }
    if (e->phentsize < (e->is64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr)) ||
        !inside(e, e->phoff, (uint64_t)e->phnum * e->phentsize))
        return "its program headers lie outside of the file";
    if (e->shentsize < (e->is64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr)) ||
        !inside(e, e->shoff, (uint64_t)e->shnum * e->shentsize))
        e->shnum = 0; /* sections are optional */
    return NULL;
}

static struct part program_header(const struct elf *e, unsigned int i)
{
    const uint8_t *at = e->data + e->phoff + (uint64_t)i * e->phentsize;

    if (e->is64) {
        Elf64_Phdr p;

        memcpy(&p, at, sizeof(p));
        return (struct part){p.p_type, p.p_offset, p.p_filesz, p.p_memsz, p.p_paddr, p.p_align};
    }
    Elf32_Phdr p;

    memcpy(&p, at, sizeof(p));
    return (struct part){p.p_type, p.p_offset, p.p_filesz, p.p_memsz, p.p_paddr, p.p_align};
}

static struct part section_header(const struct elf *e, unsigned int i)
{
    const uint8_t *at = e->data + e->shoff + (uint64_t)i * e->shentsize;

    if (e->is64) {
        Elf64_Shdr s;

        memcpy(&s, at, sizeof(s));
        return (struct part){s.sh_type, s.sh_offset, s.sh_size, s.sh_size, 0, s.sh_addralign};
    }
    Elf32_Shdr s;

    memcpy(&s, at, sizeof(s));
    return (struct part){s.sh_type, s.sh_offset, s.sh_size, s.sh_size, 0, s.sh_addralign};
}

/* Finds Xen's PHYS32_ENTRY among the notes of one part. The value has 4 or 8 bytes. */
static bool find_entry(const struct elf *e, const struct part *notes, uint64_t *entry)
{
    uint64_t align = notes->align == 8 ? 8 : 4, at = 0;

    if (!inside(e, notes->offset, notes->filesz))
        return false;
    while (notes->filesz - at >= sizeof(Elf64_Nhdr)) {
        const uint8_t *p = e->data + notes->offset + at;
        uint64_t left = notes->filesz - at - sizeof(Elf64_Nhdr), name, desc;
        Elf64_Nhdr n;

        memcpy(&n, p, sizeof(n));
        p += sizeof(n);
        name = ((uint64_t)n.n_namesz + align - 1) & ~(align - 1);
        desc = ((uint64_t)n.n_descsz + align - 1) & ~(align - 1);
        if (name > left || n.n_descsz > left - name)
            return false;
        if (n.n_type == XEN_ELFNOTE_PHYS32_ENTRY && n.n_namesz == 4 && !memcmp(p, "Xen", 4) &&
            (n.n_descsz == 4 || n.n_descsz == 8)) {
            *entry = 0;
            memcpy(entry, p + name, n.n_descsz);
            return true;
        }
        if (desc > left - name)
            return false;
        at += sizeof(n) + name + desc;
    }
    return false;
}

static bool has_entry(const struct elf *e, uint64_t *entry)
{
    for (unsigned int i = 0; i < e->phnum; i++) {
        struct part p = program_header(e, i);

        if (p.type == PT_NOTE && find_entry(e, &p, entry))
            return true;
    }
    for (unsigned int i = 0; i < e->shnum; i++) {
        struct part p = section_header(e, i);

        if (p.type == SHT_NOTE && find_entry(e, &p, entry))
            return true;
    }
    return false;
}

static const char *add_segment(const struct elf *e, const struct part *p, struct kernel_image *out)
{
    if (out->nr_segments == KERNEL_MAX_SEGMENTS)
        return "it has too many segments";
    if (!inside(e, p->offset, p->filesz))
        return "a segment lies outside of the file (cut off?)";
    if (p->filesz > p->memsz || p->memsz > UINT32_MAX || p->paddr > UINT32_MAX ||
        p->paddr + p->memsz > UINT32_MAX)
        return "a segment does not fit below 4 GiB";
    out->segments[out->nr_segments++] =
        (struct kernel_segment){e->data + p->offset, p->filesz, p->memsz, p->paddr};
    if (p->paddr < out->start)
        out->start = p->paddr;
    if (p->paddr + p->memsz > out->end)
        out->end = p->paddr + p->memsz;
    return NULL;
}

const char *elf_parse(const uint8_t *data, size_t size, struct kernel_image *out)
{
    struct elf e = {.data = data, .size = size};
    const char *problem;
    uint64_t entry;

    if (size < 4 || memcmp(data, ELFMAG, SELFMAG))
        return "its payload is no ELF";
    problem = read_header(&e);
    out->start = UINT64_MAX;
    for (unsigned int i = 0; !problem && i < e.phnum; i++) {
        struct part p = program_header(&e, i);

        if (p.type == PT_LOAD && p.memsz)
            problem = add_segment(&e, &p, out);
    }
    if (problem)
        return problem;
    if (!out->nr_segments)
        return "it has nothing to load";
    if (!has_entry(&e, &entry))
        return "it has no PVH entry (Linux needs CONFIG_PVH=y)";
    if (entry < out->start || entry >= out->end)
        return "its PVH entry lies outside of its segments";
    out->entry = entry;
    out->is64 = e.is64;
    return NULL;
}
