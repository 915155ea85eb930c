/* SPDX-License-Identifier: GPL-2.0-only */
/* Guest structures in the layout of the hypercall's caller: compat.c at the door to guest memory.
 */
#include <xen/compat_guest.h>
#include <xen/guest_access.h>
#include <xen/hypercall.h>
#include <xen/sched.h>

size_t guest_layout_size(const struct compat_layout *l)
{
    return hypercall_compat() ? l->compat_size : l->native_size;
}

bool guest_layout_in(void *native, unsigned long va, const struct compat_layout *l)
{
    u8 buf[COMPAT_MAX_SIZE];

    if (!hypercall_compat())
        return !raw_copy_from_guest(native, va, l->native_size);
    if (raw_copy_from_guest(buf, va, l->compat_size))
        return false;
    compat_widen(l, native, buf);
    return true;
}

bool guest_layout_out(unsigned long va, const void *native, const struct compat_layout *l)
{
    u8 buf[COMPAT_MAX_SIZE];

    if (!hypercall_compat())
        return !raw_copy_to_guest(va, native, l->native_size);
    return compat_narrow(l, buf, native) && !raw_copy_to_guest(va, buf, l->compat_size);
}

bool guest_ulongs_in(unsigned long *to, unsigned long va, unsigned long first, unsigned int nr)
{
    const u32 *narrow = (const u32 *)to;

    if (!hypercall_compat())
        return !raw_copy_from_guest(to, va + first * sizeof(*to), nr * sizeof(*to));
    if (raw_copy_from_guest(to, va + first * sizeof(u32), nr * sizeof(u32)))
        return false;
    /* Spread within the buffer from its end, so that nothing is overwritten before it is read. */
    while (nr--) {
        u32 value = ACCESS_ONCE(narrow[nr]);

        ACCESS_ONCE(to[nr]) = value;
    }
    return true;
}

bool guest_ulongs_out(unsigned long va, unsigned long first, const unsigned long *from,
                      unsigned int nr)
{
    if (!hypercall_compat())
        return !raw_copy_to_guest(va + first * sizeof(*from), from, nr * sizeof(*from));
    for (unsigned int i = 0; i < nr; i++) {
        u32 value = from[i];

        if (value != from[i] ||
            raw_copy_to_guest(va + (first + i) * sizeof(value), &value, sizeof(value)))
            return false;
    }
    return true;
}
