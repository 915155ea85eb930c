/* SPDX-License-Identifier: GPL-2.0-only */
/* Bitmaps of CPUs, nodes and vCPUs. Bits beyond the end read as 0; setting them is ignored. */
#include <libxl_utils.h>
#include <stdlib.h>

#include "util/mem.h"

void libxl_bitmap_init(libxl_bitmap *map)
{
    memset(map, 0, sizeof(*map));
}

void libxl_bitmap_dispose(libxl_bitmap *map)
{
    if (!map)
        return;
    free(map->map);
    libxl_bitmap_init(map);
}

int libxl_bitmap_alloc(libxl_ctx *ctx, libxl_bitmap *bitmap, int n_bits)
{
    if (n_bits < 0)
        return ERROR_INVAL;
    bitmap->size = ((uint32_t)n_bits + 7) / 8;
    bitmap->map = libxl__alloc(bitmap->size);
    return 0;
}

void libxl_bitmap_copy_alloc(libxl_ctx *ctx, libxl_bitmap *dptr, const libxl_bitmap *sptr)
{
    dptr->size = sptr->size;
    dptr->map = libxl__alloc(sptr->size);
    if (sptr->size)
        memcpy(dptr->map, sptr->map, sptr->size);
}

void libxl_bitmap_copy(libxl_ctx *ctx, libxl_bitmap *dptr, const libxl_bitmap *sptr)
{
    uint32_t n = dptr->size < sptr->size ? dptr->size : sptr->size;

    if (dptr->size)
        memset(dptr->map, 0, dptr->size);
    if (n)
        memcpy(dptr->map, sptr->map, n);
}

int libxl_bitmap_test(const libxl_bitmap *bitmap, int bit)
{
    return libxl_bitmap_cpu_valid(bitmap, bit) && bitmap->map[bit / 8] >> (bit & 7) & 1;
}

void libxl_bitmap_set(libxl_bitmap *bitmap, int bit)
{
    if (libxl_bitmap_cpu_valid(bitmap, bit))
        bitmap->map[bit / 8] |= 1u << (bit & 7);
}

void libxl_bitmap_reset(libxl_bitmap *bitmap, int bit)
{
    if (libxl_bitmap_cpu_valid(bitmap, bit))
        bitmap->map[bit / 8] &= ~(1u << (bit & 7));
}

int libxl_bitmap_count_set(const libxl_bitmap *bitmap)
{
    int n = 0;

    for (uint32_t i = 0; i < bitmap->size; i++)
        n += __builtin_popcount(bitmap->map[i]);
    return n;
}

int libxl_bitmap_is_full(const libxl_bitmap *bitmap)
{
    return libxl_bitmap_count_set(bitmap) == (int)bitmap->size * 8;
}

int libxl_bitmap_is_empty(const libxl_bitmap *bitmap)
{
    return !libxl_bitmap_count_set(bitmap);
}

void libxl_bitmap_set_any(libxl_bitmap *bitmap)
{
    if (bitmap->size)
        memset(bitmap->map, 0xff, bitmap->size);
}

void libxl_bitmap_set_none(libxl_bitmap *bitmap)
{
    if (bitmap->size)
        memset(bitmap->map, 0, bitmap->size);
}

int libxl_bitmap_or(libxl_ctx *ctx, libxl_bitmap *or_map, const libxl_bitmap *map1,
                    const libxl_bitmap *map2)
{
    uint32_t size = map1->size > map2->size ? map1->size : map2->size;
    int rc = libxl_bitmap_alloc(ctx, or_map, size * 8);

    for (int i = 0; !rc && i < (int)size * 8; i++)
        if (libxl_bitmap_test(map1, i) || libxl_bitmap_test(map2, i))
            libxl_bitmap_set(or_map, i);
    return rc;
}

int libxl_bitmap_and(libxl_ctx *ctx, libxl_bitmap *and_map, const libxl_bitmap *map1,
                     const libxl_bitmap *map2)
{
    uint32_t size = map1->size > map2->size ? map1->size : map2->size;
    int rc = libxl_bitmap_alloc(ctx, and_map, size * 8);

    for (int i = 0; !rc && i < (int)size * 8; i++)
        if (libxl_bitmap_test(map1, i) && libxl_bitmap_test(map2, i))
            libxl_bitmap_set(and_map, i);
    return rc;
}

int libxl_bitmap_equal(const libxl_bitmap *ba, const libxl_bitmap *bb, int nr_bits)
{
    uint32_t size = ba->size > bb->size ? ba->size : bb->size;

    if (!nr_bits)
        nr_bits = size * 8;
    for (int i = 0; i < nr_bits; i++)
        if (libxl_bitmap_test(ba, i) != libxl_bitmap_test(bb, i))
            return 0;
    return 1;
}

char *libxl_bitmap_to_hex_string(libxl_ctx *ctx, const libxl_bitmap *bitmap)
{
    char *s = libxl__alloc(bitmap->size * 2 + 3), *p = s;

    p += sprintf(p, "0x");
    for (uint32_t i = bitmap->size; i--;)
        p += sprintf(p, "%02x", bitmap->map[i]);
    return s;
}
