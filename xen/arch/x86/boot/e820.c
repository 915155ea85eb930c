/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Firmware's memory map made regular: sorted, without overlaps, neighbours of a kind merged. Where
 * entries overlap, the less usable kind wins: what one entry calls reserved is not RAM. Pure.
 */
#include <xen/lib.h>
#include <xen/mm.h>
#include <asm/boot.h>

static void append(struct e820_map *map, u64 addr, u64 size, u32 type)
{
    if (map->nr < ARRAY_SIZE(map->range))
        map->range[map->nr++] = (struct e820_range){addr, size, type};
    else
        printk(XENLOG_WARNING "Memory map: no room for [%lx, %lx]\n", addr, addr + size - 1);
}

void e820_add(struct e820_map *map, u64 addr, u64 size, u32 type)
{
    if (!size || addr + size < addr)
        return;
    if (type < E820_RAM || type > E820_UNUSABLE)
        type = E820_RESERVED; /* kinds that we do not know (persistent memory and others) */
    if (map->nr == ARRAY_SIZE(map->range))
        e820_sanitize(map); /* UEFI's maps are long, but most neighbours are of a kind */
    append(map, addr, size, type);
}

/* Higher wins. */
static unsigned int rank(u32 type)
{
    static const u8 ranks[] = {
        [E820_RAM] = 1, [E820_ACPI] = 2, [E820_NVS] = 3, [E820_RESERVED] = 4, [E820_UNUSABLE] = 5};
    return ranks[type];
}

static u64 end_of(const struct e820_range *r)
{
    return r->addr + r->size;
}

/* The first border of an entry above @at; ~0: none. */
static u64 next_border(const struct e820_map *map, u64 at)
{
    u64 next = ~0UL;

    for (unsigned int i = 0; i < map->nr; i++) {
        const struct e820_range *r = &map->range[i];

        if (r->addr > at)
            next = min(next, r->addr);
        if (end_of(r) > at)
            next = min(next, end_of(r));
    }
    return next;
}

void e820_sanitize(struct e820_map *map)
{
    static struct e820_map in;
    u64 at = 0, next;

    in = *map;
    map->nr = 0;
    for (;; at = next) {
        u32 type = 0;

        next = next_border(&in, at);
        if (next == ~0UL)
            break;
        for (unsigned int i = 0; i < in.nr; i++) {
            const struct e820_range *r = &in.range[i];

            if (r->addr <= at && end_of(r) > at && (!type || rank(r->type) > rank(type)))
                type = r->type;
        }
        if (!type)
            continue;
        if (map->nr && map->range[map->nr - 1].type == type &&
            end_of(&map->range[map->nr - 1]) == at)
            map->range[map->nr - 1].size += next - at;
        else
            append(map, at, next - at, type);
    }
}

void e820_limit(struct e820_map *map, u64 ram_bytes)
{
    for (unsigned int i = 0; i < map->nr;) {
        struct e820_range *r = &map->range[i];

        if (r->type == E820_RAM) {
            u64 keep = min(r->size, ram_bytes & PAGE_MASK);

            r->size = keep;
            ram_bytes -= keep;
        }
        if (r->size) {
            i++;
            continue;
        }
        memmove(r, r + 1, (map->nr - i - 1) * sizeof(*r));
        map->nr--;
    }
}

bool e820_all_type(const struct e820_map *map, u64 start, u64 end, u32 type)
{
    for (unsigned int i = 0; i < map->nr && start < end; i++) {
        const struct e820_range *r = &map->range[i];

        if (r->type == type && r->addr <= start && end_of(r) > start)
            start = end_of(r);
    }
    return start >= end;
}

void e820_print(const struct e820_map *map)
{
    static const char *const types[] = {"?", "RAM", "reserved", "ACPI", "ACPI NVS", "unusable"};

    for (unsigned int i = 0; i < map->nr; i++)
        printk("  [%013lx, %013lx] %s\n", map->range[i].addr, end_of(&map->range[i]) - 1,
               types[map->range[i].type]);
}
