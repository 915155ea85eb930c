/* SPDX-License-Identifier: GPL-2.0-only */
/* struct xenctl_bitmap: bit sets in the caller's memory. */
#include "control.h"
#include <xen/errno.h>
#include <xen/guest_access.h>
#include <xen/lib.h>

#define MAX_BITS 4096U

int bits_to_xenctl_bitmap(struct xenctl_bitmap *b, const unsigned long *bits, unsigned int nr)
{
    unsigned int guest_bytes = DIV_ROUND_UP(b->nr_bits, 8),
                 bytes = min(guest_bytes, DIV_ROUND_UP(nr, 8));

    if (bytes && raw_copy_to_guest(guest_handle_va(b->bitmap), bits, bytes))
        return -EFAULT;
    if (guest_bytes > bytes &&
        raw_clear_guest(guest_handle_va(b->bitmap) + bytes, guest_bytes - bytes))
        return -EFAULT;
    return 0;
}

int bits_from_xenctl_bitmap(unsigned long *bits, unsigned int nr, const struct xenctl_bitmap *b)
{
    unsigned int guest_bits = min(b->nr_bits, MAX_BITS);
    unsigned int bytes = min(DIV_ROUND_UP(guest_bits, 8), DIV_ROUND_UP(nr, 8));

    memset(bits, 0, BITS_TO_LONGS(nr) * sizeof(long));
    if (bytes && raw_copy_from_guest(bits, guest_handle_va(b->bitmap), bytes))
        return -EFAULT;
    if (b->nr_bits < nr) /* bits of the last byte that are not part of the set */
        for (unsigned int i = b->nr_bits; i < bytes * 8; i++)
            __clear_bit(i, bits);
    return 0;
}

int xenctl_bitmap_to_cpumask(cpumask_t *m, const struct xenctl_bitmap *b)
{
    return bits_from_xenctl_bitmap(m->bits, NR_CPUS, b);
}

int cpumask_to_xenctl_bitmap(struct xenctl_bitmap *b, const cpumask_t *m)
{
    cpumask_t present;

    cpumask_and(&present, m, &cpu_possible_map);
    return bits_to_xenctl_bitmap(b, present.bits, nr_cpu_ids);
}
