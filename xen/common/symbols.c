/* SPDX-License-Identifier: GPL-2.0-only */
/* Looks up the table that xen/tools/symbols.py made of the first link. */
#include <xen/symbols.h>
#include <asm/boot.h>

/* Weak: the first link has none yet. */
__attribute__((weak)) const u32 symbols_count = 0;
__attribute__((weak)) const u32 symbols_offset[1] = {0};
__attribute__((weak)) const u32 symbols_name[1] = {0};
__attribute__((weak)) const char symbols_blob[1] = {0};

/* The compiler must not take the weak values for the final ones. */
static u32 count(void)
{
    return *(const volatile u32 *)&symbols_count;
}

const char *symbols_get(unsigned int index, unsigned long *addr)
{
    const u32 *offsets = symbols_offset, *names = symbols_name;

    if (index >= count())
        return NULL;
    *addr = (unsigned long)_start + offsets[index];
    return symbols_blob + names[index];
}

const char *symbols_lookup(unsigned long addr, unsigned long *offset, unsigned long *size)
{
    const u32 *offsets = symbols_offset, *names = symbols_name;
    unsigned long rel = addr - (unsigned long)_start;
    unsigned int lo = 0, hi = count();

    if (addr < (unsigned long)_stext || addr >= (unsigned long)_etext || !hi || rel < offsets[0])
        return NULL;
    while (hi - lo > 1) {
        unsigned int mid = (lo + hi) / 2;

        if (offsets[mid] <= rel)
            lo = mid;
        else
            hi = mid;
    }
    *offset = rel - offsets[lo];
    *size = (lo + 1 < count() ? offsets[lo + 1] : (u32)(_etext - _start)) - offsets[lo];
    return symbols_blob + names[lo];
}
