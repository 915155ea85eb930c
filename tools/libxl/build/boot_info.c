/* SPDX-License-Identifier: GPL-2.0-only */
/* Start info and first vCPU state of a PVH guest. */
#include "build/boot_info.h"

#include <stdlib.h>
#include <string.h>

#include "public/arch-x86/hvm/start_info.h"
#include "public/hvm/save.h"

struct block {
    struct hvm_start_info info;
    struct hvm_modlist_entry module;
    struct hvm_memmap_table_entry map[LAYOUT_MAX_REGIONS];
    char cmdline[];
};

size_t boot_info_size(const struct boot_info *info)
{
    return sizeof(struct block) + (info->cmdline ? strlen(info->cmdline) : 0) + 1;
}

int boot_info_write(const struct boot_info *info, struct guest_memory *mem, uint64_t base)
{
    size_t size = boot_info_size(info);
    struct block *b = calloc(1, size);
    int rc;

    if (!b)
        return -1;
    b->info.magic = XEN_HVM_START_MAGIC_VALUE;
    b->info.version = 1;
    b->info.rsdp_paddr = info->rsdp;
    b->info.memmap_paddr = base + offsetof(struct block, map);
    b->info.memmap_entries = info->layout->nr_regions;
    b->info.cmdline_paddr = base + offsetof(struct block, cmdline);
    if (info->initrd_size) {
        b->info.nr_modules = 1;
        b->info.modlist_paddr = base + offsetof(struct block, module);
        b->module.paddr = info->initrd;
        b->module.size = info->initrd_size;
    }
    for (unsigned int i = 0; i < info->layout->nr_regions; i++) {
        b->map[i].addr = info->layout->map[i].start;
        b->map[i].size = info->layout->map[i].size;
        b->map[i].type = info->layout->map[i].type;
    }
    if (info->cmdline)
        strcpy(b->cmdline, info->cmdline);
    rc = mem->write(mem, base, b, size);
    free(b);
    return rc;
}

/* The record of that type, instance 0, of at least size bytes; NULL if there is none. */
static const uint8_t *find(const uint8_t *given, size_t len, uint16_t type, size_t size)
{
    struct hvm_save_descriptor d;

    for (size_t at = 0; len - at >= sizeof(d); at += sizeof(d) + d.length) {
        memcpy(&d, given + at, sizeof(d));
        if (d.length > len - at - sizeof(d) || d.typecode == HVM_SAVE_CODE(END))
            return NULL;
        if (d.typecode == type && !d.instance)
            return d.length >= size ? given + at + sizeof(d) : NULL;
    }
    return NULL;
}

static uint8_t *put(uint8_t *at, uint16_t type, const void *content, size_t len)
{
    struct hvm_save_descriptor d = {type, 0, len};

    memcpy(at, &d, sizeof(d));
    if (len)
        memcpy(at + sizeof(d), content, len);
    return at + sizeof(d) + len;
}

/* PVH boot protocol (xen-doc, misc/pvh): paging off, flat segments, interrupts off. */
static void first_registers(struct hvm_hw_cpu *c, uint32_t entry, uint32_t start_info)
{
    memset(c, 0, sizeof(*c));
    c->cr0 = 0x11; /* PE, ET */
    c->rip = entry;
    c->rbx = start_info;
    c->rflags = 2;
    c->dr6 = 0xffff0ff0;
    c->dr7 = 0x400;
    c->cs_limit = c->ds_limit = c->es_limit = c->ss_limit = 0xffffffff;
    c->cs_arbytes = 0xc9b;
    c->ds_arbytes = c->es_arbytes = c->ss_arbytes = 0xc93;
    c->tr_limit = 0x67;
    c->tr_arbytes = 0x8b;
}

size_t vcpu_context(const uint8_t *given, size_t len, uint32_t entry, uint32_t start_info,
                    uint8_t *out, size_t room)
{
    const uint8_t *header = find(given, len, HVM_SAVE_CODE(HEADER), HVM_SAVE_LENGTH(HEADER));
    const uint8_t *mtrr = find(given, len, HVM_SAVE_CODE(MTRR), HVM_SAVE_LENGTH(MTRR));
    size_t need = 4 * sizeof(struct hvm_save_descriptor) + HVM_SAVE_LENGTH(HEADER) +
                  HVM_SAVE_LENGTH(CPU) + HVM_SAVE_LENGTH(MTRR);
    struct hvm_hw_mtrr m;
    struct hvm_hw_cpu c;
    uint8_t *p = out;

    if (!header || room < need)
        return 0;
    p = put(p, HVM_SAVE_CODE(HEADER), header, HVM_SAVE_LENGTH(HEADER));
    first_registers(&c, entry, start_info);
    p = put(p, HVM_SAVE_CODE(CPU), &c, sizeof(c));
    if (mtrr) {
        memcpy(&m, mtrr, sizeof(m));
        m.msr_mtrr_def_type = 0x806; /* enabled, write back */
        p = put(p, HVM_SAVE_CODE(MTRR), &m, sizeof(m));
    }
    p = put(p, HVM_SAVE_CODE(END), NULL, 0);
    return p - out;
}
