/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the boot loader says, in both formats (Multiboot 0.6.96, Multiboot2 2.0), copied into
 * boot_info and e820 before its memory is used for anything else. Nothing in it is trusted:
 * addresses must lie below 4 GiB, sizes inside their structure, strings are cut.
 */
#include <xen/lib.h>
#include <xen/mm.h>
#include <asm/boot.h>

#define MB1_MAGIC 0x2badb002
#define MB2_MAGIC 0x36d76289

struct mb1_info {
    u32 flags, mem_lower, mem_upper, boot_device, cmdline, mods_count, mods_addr, syms[4];
    u32 mmap_length, mmap_addr, drives_length, drives_addr, config_table, loader_name;
};
#define MB1_CMDLINE (1U << 2)
#define MB1_MODS    (1U << 3)
#define MB1_MMAP    (1U << 6)
#define MB1_LOADER  (1U << 9)

struct mb1_module {
    u32 start, end, string, pad;
};

struct mb2_tag {
    u32 type, size;
};
enum {
    MB2_END,
    MB2_CMDLINE,
    MB2_LOADER,
    MB2_MODULE,
    MB2_MMAP = 6,
    MB2_EFI64 = 12,
    MB2_RSDP1 = 14,
    MB2_RSDP2 = 15
};

struct boot_info boot_info;
struct e820_map e820;
static char loader_name[64];

static const void *low(u32 addr)
{
    return maddr_to_virt(addr);
}

static void copy_string(char *to, size_t size, const char *from, size_t max)
{
    size_t n = strnlen(from, min(max, size - 1));

    memcpy(to, from, n);
    to[n] = '\0';
}

/* Loaders put the file's name first (GRUB2 with multiboot1 does not, with older ones it does):
 * a first word that starts with a slash or a bracket is a name. */
static const char *skip_name(const char *s)
{
    if (*s != '/' && *s != '(')
        return s;
    while (*s && *s != ' ')
        s++;
    while (*s == ' ')
        s++;
    return s;
}

static void set_cmdline(const char *s, size_t max)
{
    static char raw[sizeof(boot_info.cmdline)];

    copy_string(raw, sizeof(raw), s, max);
    strlcpy(boot_info.cmdline, skip_name(raw), sizeof(boot_info.cmdline));
}

static void add_module(u32 start, u32 end, const char *string, size_t max)
{
    static char raw[sizeof(boot_info.module[0].cmdline)];
    struct boot_module *m;

    if (start >= end || boot_info.nr_modules == MAX_BOOT_MODULES) {
        printk(XENLOG_WARNING "Boot module at %#x-%#x is left out\n", start, end);
        return;
    }
    m = &boot_info.module[boot_info.nr_modules++];
    m->start = start;
    m->size = end - start;
    copy_string(raw, sizeof(raw), string, max);
    strlcpy(m->cmdline, skip_name(raw), sizeof(m->cmdline));
}

static void parse_mb1(u32 addr)
{
    const struct mb1_info *info = low(addr);

    if (info->flags & MB1_CMDLINE)
        set_cmdline(low(info->cmdline), ~0UL);
    if (info->flags & MB1_LOADER)
        copy_string(loader_name, sizeof(loader_name), low(info->loader_name), ~0UL);
    if (info->flags & MB1_MODS) {
        const struct mb1_module *m = low(info->mods_addr);

        for (u32 i = 0; i < info->mods_count && i < 64; i++)
            add_module(m[i].start, m[i].end, m[i].string ? low(m[i].string) : "", ~0UL);
    }
    if (info->flags & MB1_MMAP) {
        u32 at = info->mmap_addr, end = at + info->mmap_length;

        while (at + 24 <= end) {
            const u32 *size = low(at);
            struct {
                u64 addr, len;
                u32 type;
            } __packed e;

            memcpy(&e, size + 1, sizeof(e));
            e820_add(&e820, e.addr, e.len, e.type);
            if (*size < 20 || *size > 1024)
                break;
            at += *size + 4;
        }
    }
}

static void parse_mb2_mmap(const u32 *tag, u32 size)
{
    u32 entry_size = tag[2];

    if (entry_size < 24 || entry_size > size - 16)
        return;
    for (u32 at = 16; at + entry_size <= size; at += entry_size) {
        const u8 *e = (const u8 *)tag + at;

        e820_add(&e820, *(const u64 *)e, *(const u64 *)(e + 8), *(const u32 *)(e + 16));
    }
}

static void parse_mb2(u32 addr)
{
    const u8 *info = low(addr);
    u32 total = *(const u32 *)info;

    for (u32 at = 8; at + sizeof(struct mb2_tag) <= total;) {
        const struct mb2_tag *tag = (const void *)(info + at);
        const u32 *words = (const u32 *)tag;
        const char *string = (const char *)(tag + 1);

        if (tag->type == MB2_END || tag->size < sizeof(*tag) || tag->size > total - at)
            break;
        switch (tag->type) {
        case MB2_CMDLINE:
            set_cmdline(string, tag->size - 8);
            break;
        case MB2_LOADER:
            copy_string(loader_name, sizeof(loader_name), string, tag->size - 8);
            break;
        case MB2_MODULE:
            if (tag->size >= 16)
                add_module(words[2], words[3], string + 8, tag->size - 16);
            break;
        case MB2_MMAP:
            if (tag->size >= 16)
                parse_mb2_mmap(words, tag->size);
            break;
        case MB2_EFI64:
            if (tag->size >= 16)
                boot_info.efi_system_table = *(const u64 *)string;
            break;
        case MB2_RSDP1:
        case MB2_RSDP2:
            if (tag->type == MB2_RSDP2 || !boot_info.rsdp_copy[0])
                memcpy(boot_info.rsdp_copy, string,
                       min((size_t)tag->size - 8, sizeof(boot_info.rsdp_copy)));
            break;
        }
        at = ROUNDUP(at + tag->size, 8);
    }
}

void __init multiboot_parse(u32 magic, u32 mbi)
{
    boot_info.loader = loader_name;
    strlcpy(loader_name, "unknown", sizeof(loader_name));
    if (magic == MB1_MAGIC)
        parse_mb1(mbi);
    else if (magic == MB2_MAGIC)
        parse_mb2(mbi);
    else
        panic("Not started by a multiboot loader (magic %#x)\n", magic);
    if (!e820.nr)
        panic("The boot loader gave no memory map\n");
}

bool __init boot_range_reserved(paddr_t start, paddr_t end, paddr_t *conflict_end)
{
    struct {
        paddr_t start, end;
    } used[MAX_BOOT_MODULES + 2] = {
        {0, MB(1)}, /* firmware's data, and the trampoline of the other CPUs */
        {XEN_PHYS_START, PFN_UP(virt_to_maddr(_end)) << PAGE_SHIFT},
    };

    for (unsigned int i = 0; i < boot_info.nr_modules; i++) {
        used[i + 2].start = boot_info.module[i].start & PAGE_MASK;
        used[i + 2].end = ROUNDUP(boot_info.module[i].start + boot_info.module[i].size, PAGE_SIZE);
    }
    for (unsigned int i = 0; i < boot_info.nr_modules + 2; i++)
        if (start < used[i].end && used[i].start < end) {
            *conflict_end = used[i].end;
            return true;
        }
    return false;
}
