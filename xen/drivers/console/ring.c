/* SPDX-License-Identifier: GPL-2.0-only */
/* The log ring: keeps the newest bytes. Pure; the caller locks. */
#include <xen/lib.h>
#include "console_priv.h"

void log_ring_put(struct log_ring *r, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        r->buf[r->prod++ & (r->size - 1)] = s[i];
    if (r->prod - r->cons > r->size)
        r->cons = r->prod - r->size;
}

size_t log_ring_read(struct log_ring *r, char *buf, size_t n, u32 *index, bool incremental,
                     bool clear)
{
    u32 at = r->cons;
    size_t done = 0;

    /* An index that was overwritten, or that lies in the future, means "from the oldest on". */
    if (incremental && (s32)(*index - at) > 0 && (s32)(r->prod - *index) >= 0)
        at = *index;
    for (; at != r->prod && done < n; at++)
        buf[done++] = r->buf[at & (r->size - 1)];
    *index = at;
    if (clear)
        r->cons = r->prod;
    return done;
}
