/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lengths of the few instructions that are intercepted, for processors without next-RIP saving.
 * Prefixes are legal on all of them. Pure: tests/unit compiles it as it is.
 */
#include <xen/types.h>
#include "vmcb_decode.h"

struct opcode {
    u16 exitcode;
    u8 len;
    u8 bytes[3];
};

static const struct opcode opcodes[] = {
    {VMEXIT_VMMCALL, 3, {0x0f, 0x01, 0xd9}},
    {VMEXIT_CPUID, 2, {0x0f, 0xa2}},
    {VMEXIT_HLT, 1, {0xf4}},
    {VMEXIT_PAUSE, 1, {0x90}},
    {VMEXIT_WBINVD, 2, {0x0f, 0x09}},
    {VMEXIT_INVD, 2, {0x0f, 0x08}},
    {VMEXIT_RDPMC, 2, {0x0f, 0x33}},
    {VMEXIT_RDTSC, 2, {0x0f, 0x31}},
    {VMEXIT_RDTSCP, 3, {0x0f, 0x01, 0xf9}},
    {VMEXIT_RDTSC, 3, {0x0f, 0x01, 0xf9}}, /* some emulators report RDTSCP so */
    {VMEXIT_XSETBV, 3, {0x0f, 0x01, 0xd1}},
    {VMEXIT_MONITOR, 3, {0x0f, 0x01, 0xc8}},
    {VMEXIT_MWAIT, 3, {0x0f, 0x01, 0xc9}},
    {VMEXIT_MSR, 2, {0x0f, 0x30}},
    {VMEXIT_MSR, 2, {0x0f, 0x32}},
};

static bool is_prefix(u8 b)
{
    switch (b) {
    case 0x26:
    case 0x2e:
    case 0x36:
    case 0x3e:
    case 0x64:
    case 0x65:
    case 0x66:
    case 0x67:
    case 0xf0:
    case 0xf2:
    case 0xf3:
        return true;
    }
    return false;
}

/* Bytes of prefixes; *@rex: the REX that counts (the last, right before the opcode) or 0. */
static unsigned int skip_prefixes(const u8 *bytes, unsigned int n, bool long_mode, u8 *rex)
{
    unsigned int i = 0;

    *rex = 0;
    for (; i < n; i++) {
        if (is_prefix(bytes[i]))
            *rex = 0;
        else if (long_mode && (bytes[i] & 0xf0) == 0x40)
            *rex = bytes[i];
        else
            break;
    }
    return i;
}

unsigned int svm_decode_length(const u8 *bytes, unsigned int n, u64 code, bool long_mode)
{
    u8 rex;
    unsigned int p = skip_prefixes(bytes, n, long_mode, &rex);

    /* MOV CR: always three bytes, the ModRM byte has no memory form. */
    if (code < VMEXIT_DR0_READ)
        return p + 3 <= n && bytes[p] == 0x0f && (bytes[p + 1] == 0x20 || bytes[p + 1] == 0x22)
                   ? p + 3
                   : 0;
    for (unsigned int i = 0; i < ARRAY_SIZE(opcodes); i++) {
        const struct opcode *o = &opcodes[i];
        unsigned int k = 0;

        if (o->exitcode != code || p + o->len > n)
            continue;
        while (k < o->len && bytes[p + k] == o->bytes[k])
            k++;
        if (k == o->len)
            return p + k;
    }
    return 0;
}

bool svm_decode_mov_cr(const u8 *bytes, unsigned int n, bool long_mode, u8 *cr, u8 *gpr)
{
    u8 rex;
    unsigned int p = skip_prefixes(bytes, n, long_mode, &rex);

    if (p + 3 > n || bytes[p] != 0x0f || (bytes[p + 1] != 0x20 && bytes[p + 1] != 0x22))
        return false;
    *cr = ((bytes[p + 2] >> 3) & 7) | (rex & 4 ? 8 : 0);
    *gpr = (bytes[p + 2] & 7) | (rex & 1 ? 8 : 0);
    return true;
}
