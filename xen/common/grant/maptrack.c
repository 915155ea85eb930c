/* SPDX-License-Identifier: GPL-2.0-only */
/* The mappings a domain holds of others' grants, by handle. */
#include "internal.h"

unsigned int maptrack_nr(const struct grant_table *gt)
{
    return gt->nr_maptrack_frames * MAPTRACK_PER_FRAME;
}

struct maptrack *maptrack_entry(const struct grant_table *gt, u32 handle)
{
    return &gt->maptrack[handle / MAPTRACK_PER_FRAME][handle % MAPTRACK_PER_FRAME];
}

/* Another chunk of handles, all free. maptrack_lock held. */
static bool grow(struct grant_table *gt)
{
    u32 first = maptrack_nr(gt);
    struct maptrack *chunk;

    if (gt->nr_maptrack_frames >= gt->max_maptrack_frames)
        return false;
    chunk = xzalloc_array(struct maptrack, MAPTRACK_PER_FRAME);
    if (!chunk)
        return false;
    for (unsigned int i = 0; i < MAPTRACK_PER_FRAME; i++)
        chunk[i].gfn = i + 1 < MAPTRACK_PER_FRAME ? first + i + 1 : gt->free_handle;
    gt->maptrack[gt->nr_maptrack_frames++] = chunk;
    gt->free_handle = first;
    return true;
}

u32 maptrack_get(struct grant_table *gt)
{
    u32 handle = NO_HANDLE;

    spin_lock(&gt->maptrack_lock);
    if (gt->free_handle != NO_HANDLE || grow(gt)) {
        struct maptrack *mt;

        handle = gt->free_handle;
        mt = maptrack_entry(gt, handle);
        gt->free_handle = mt->gfn;
        mt->busy = true;
    }
    spin_unlock(&gt->maptrack_lock);
    return handle;
}

void maptrack_put(struct grant_table *gt, u32 handle)
{
    struct maptrack *mt = maptrack_entry(gt, handle);

    spin_lock(&gt->maptrack_lock);
    *mt = (struct maptrack){.gfn = gt->free_handle};
    gt->free_handle = handle;
    spin_unlock(&gt->maptrack_lock);
}

struct maptrack *maptrack_claim(struct grant_table *gt, u32 handle)
{
    struct maptrack *mt = NULL;

    spin_lock(&gt->maptrack_lock);
    if (handle < maptrack_nr(gt)) {
        mt = maptrack_entry(gt, handle);
        if (!mt->flags || mt->busy)
            mt = NULL;
        else
            mt->busy = true;
    }
    spin_unlock(&gt->maptrack_lock);
    return mt;
}

void maptrack_unclaim(struct grant_table *gt, struct maptrack *mt)
{
    spin_lock(&gt->maptrack_lock);
    mt->busy = false;
    spin_unlock(&gt->maptrack_lock);
}
