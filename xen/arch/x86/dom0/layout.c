/* SPDX-License-Identifier: GPL-2.0-only */
/* The control domain's RAM pieces, and the memory map that follows from them. */
#include <xen/errno.h>
#include <xen/lib.h>
#include "layout.h"

int dom0_ram_add(struct dom0_ram *ram, u64 start, u64 end)
{
    unsigned int i = 0, j;
    if (start >= end)
        return 0;
    while (i < ram->nr && ram->chunk[i].end < start)
        i++;
    /* Chunks i to j - 1 touch the new one and become one with it. */
    for (j = i; j < ram->nr && ram->chunk[j].start <= end; j++) {
        if (ram->chunk[j].start < start)
            start = ram->chunk[j].start;
        if (ram->chunk[j].end > end)
            end = ram->chunk[j].end;
    }
    if (i == j && ram->nr == DOM0_MAX_CHUNKS)
        return -ENOSPC;
    memmove(&ram->chunk[i + 1], &ram->chunk[j], (ram->nr - j) * sizeof(ram->chunk[0]));
    ram->nr += 1 - (j - i);
    ram->chunk[i].start = start;
    ram->chunk[i].end = end;
    return 0;
}

bool dom0_ram_contains(const struct dom0_ram *ram, u64 start, u64 size)
{
    for (unsigned int i = 0; i < ram->nr; i++)
        if (start >= ram->chunk[i].start && start < ram->chunk[i].end)
            return size <= ram->chunk[i].end - start;
    return false;
}

u64 dom0_ram_find_top(const struct dom0_ram *ram, u64 size, u64 from, u64 limit)
{
    for (unsigned int i = ram->nr; i--;) {
        u64 start = ram->chunk[i].start > from ? ram->chunk[i].start : from;
        u64 end = ram->chunk[i].end < limit ? ram->chunk[i].end : limit;
        if (end > start && end - start >= size && ((end - size) & PAGE_MASK) >= start)
            return (end - size) & PAGE_MASK;
    }
    return 0;
}

u32 e820_type_at(const struct e820_map *map, u64 addr)
{
    for (unsigned int i = 0; i < map->nr; i++)
        if (addr >= map->range[i].addr && addr - map->range[i].addr < map->range[i].size)
            return map->range[i].type;
    return 0;
}

/* Appends, joined with the last one where possible; callers go upwards. */
static int append(struct e820_map *out, u64 start, u64 end, u32 type)
{
    struct e820_range *last = out->nr ? &out->range[out->nr - 1] : NULL;
    if (start >= end)
        return 0;
    if (last && last->type == type && last->addr + last->size == start) {
        last->size += end - start;
        return 0;
    }
    if (out->nr == ARRAY_SIZE(out->range))
        return -ENOSPC;
    out->range[out->nr++] = (struct e820_range){start, end - start, type};
    return 0;
}

/* A piece of the domain's RAM, with the ACPI area cut out. */
static int append_ram(struct e820_map *out, u64 start, u64 end, u64 acpi, u64 acpi_end)
{
    u64 a = acpi < start ? start : acpi > end ? end : acpi;
    u64 b = acpi_end < a ? a : acpi_end > end ? end : acpi_end;
    int rc = append(out, start, a, E820_RAM);
    if (!rc)
        rc = append(out, a, b, E820_ACPI);
    return rc ? rc : append(out, b, end, E820_RAM);
}

int dom0_build_e820(const struct e820_map *host, const struct dom0_ram *ram, u64 acpi,
                    u64 acpi_size, struct e820_map *out)
{
    out->nr = 0;
    for (unsigned int i = 0; i < host->nr; i++) {
        u64 pos = host->range[i].addr, end = pos + host->range[i].size;
        int rc = 0;
        if (host->range[i].type != E820_RAM) {
            rc = append(out, pos, end, host->range[i].type);
            pos = end;
        }
        for (unsigned int c = 0; !rc && pos < end && c < ram->nr; c++) {
            u64 s = ram->chunk[c].start, e = ram->chunk[c].end;
            if (e <= pos || s >= end)
                continue;
            rc = append(out, pos, s, E820_UNUSABLE);
            if (!rc)
                rc = append_ram(out, s > pos ? s : pos, e < end ? e : end, acpi, acpi + acpi_size);
            pos = e < end ? e : end;
        }
        if (!rc)
            rc = append(out, pos, end, E820_UNUSABLE);
        if (rc)
            return rc;
    }
    return 0;
}
