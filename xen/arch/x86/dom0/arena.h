/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory that malloc() of the decompression libraries hands out. */
#ifndef DOM0_ARENA_H
#define DOM0_ARENA_H

#include <xen/types.h>

/* @size 0: there is none (any more). */
void dom0_arena_set(void *base, size_t size);
size_t dom0_arena_used(void);

#endif
