/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Moves between vector registers and memory: memcpy_fromio() and friends of some guests. Legacy
 * SSE encodings only; which form an opcode is depends on its mandatory prefix.
 */
#include "emulate.h"

enum { P_NONE = 1, P_66 = 2, P_F3 = 4, P_F2 = 8 };

static unsigned int prefix_of(const struct x86_insn *i)
{
    if (i->rep)
        return i->rep == 0xf3 ? P_F3 : P_F2;
    return i->opsize ? P_66 : P_NONE;
}

struct form {
    u8 opcode, prefixes, bytes; /* bytes 0: 4, or 8 with REX.W */
};
static const struct form loads[] = {
    {0x10, P_NONE | P_66, 16}, /* MOVUPS, MOVUPD */
    {0x10, P_F3, 4},           /* MOVSS */
    {0x10, P_F2, 8},           /* MOVSD */
    {0x28, P_NONE | P_66, 16}, /* MOVAPS, MOVAPD */
    {0x6e, P_66, 0},           /* MOVD, MOVQ */
    {0x6f, P_66 | P_F3, 16},   /* MOVDQA, MOVDQU */
    {0x7e, P_F3, 8},           /* MOVQ */
};
static const struct form stores[] = {
    {0x11, P_NONE | P_66, 16}, {0x11, P_F3, 4},           {0x11, P_F2, 8},
    {0x29, P_NONE | P_66, 16}, {0x2b, P_NONE | P_66, 16}, /* MOVNTPS, MOVNTPD */
    {0x7e, P_66, 0},           {0x7f, P_66 | P_F3, 16},   {0xd6, P_66, 8},
    {0xe7, P_66, 16}, /* MOVNTDQ */
};

static unsigned int form_bytes(const struct form *forms, unsigned int n, const struct x86_insn *i)
{
    for (unsigned int k = 0; k < n; k++)
        if (forms[k].opcode == i->opcode && (forms[k].prefixes & prefix_of(i)))
            return forms[k].bytes ? forms[k].bytes : i->rex & 8 ? 8 : 4;
    return 0;
}

int emul_sse_load(struct emul *e, u8 arg)
{
    unsigned int bytes = form_bytes(loads, ARRAY_SIZE(loads), e->insn);
    u8 buf[16] = {0};
    if (!bytes || e->insn->mod == 3 || !e->ops->write_xmm)
        return X86EMUL_UNHANDLEABLE;
    int rc = e->ops->read(e->ctx, e->insn->seg, e->ea, buf, bytes);
    if (rc == X86EMUL_OKAY)
        e->ops->write_xmm(e->ctx, e->insn->reg, buf);
    return rc;
}

int emul_sse_store(struct emul *e, u8 arg)
{
    unsigned int bytes = form_bytes(stores, ARRAY_SIZE(stores), e->insn);
    u8 buf[16];
    if (!bytes)
        return emul_sse_load(e, arg); /* 7E with F3 is a load */
    if (e->insn->mod == 3 || !e->ops->read_xmm)
        return X86EMUL_UNHANDLEABLE;
    e->ops->read_xmm(e->ctx, e->insn->reg, buf);
    return e->ops->write(e->ctx, e->insn->seg, e->ea, buf, bytes);
}
