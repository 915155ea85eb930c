/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The control domain's kernel loader: bzImage header, five decompressors, ELF and its notes. Writes
 * must stay where the loader says the kernel is.
 */
#include <stdlib.h>
#include <string.h>

#include "../../xen/arch/x86/dom0/kernel.h"

#define GUEST_START 0x1000000UL
#define GUEST_SIZE  0x40000UL

static u64 lowest, highest;

static int write_guest(void *ctx, u64 gpa, const void *p, size_t n)
{
    static u8 guest[GUEST_SIZE];
    if (gpa < GUEST_START || gpa - GUEST_START > GUEST_SIZE || n > GUEST_SIZE - (gpa - GUEST_START))
        return -14;
    if (p)
        memcpy(guest + (gpa - GUEST_START), p, n);
    else
        memset(guest + (gpa - GUEST_START), 0, n);
    if (gpa < lowest)
        lowest = gpa;
    if (gpa + n > highest)
        highest = gpa + n;
    return 0;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    struct kernel_info info;
    u64 start, bytes;
    lowest = ~0UL;
    highest = 0;
    kernel_span(data, size, &start, &bytes);
    if (kernel_load(data, size, write_guest, NULL, &info))
        return 0;
    if (highest && (lowest < info.start || highest > info.end))
        abort();
    if (info.entry < info.start || info.entry >= info.end)
        abort();
    return 0;
}
