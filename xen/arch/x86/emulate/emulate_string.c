/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * MOVS, CMPS, STOS, LODS, SCAS with their prefixes. A long REP is done in pieces: registers then
 * say how far it got, RIP stays, and the guest comes back by executing it again.
 */
#include "emulate.h"

#define REP_PIECE 1024
#define F_DF      0x400UL
#define F_ZF      0x40UL

enum { MOVS = 0xa4, CMPS = 0xa6, STOS = 0xaa, LODS = 0xac, SCAS = 0xae };

static unsigned long index_reg(struct emul *e, unsigned int n)
{
    return *emul_gpr(e, n) & emul_address_mask(e);
}

static void advance(struct emul *e, unsigned int n, unsigned int bytes)
{
    u64 delta = e->regs.rflags & F_DF ? -(u64)bytes : bytes;
    emul_write_reg(e, n, e->insn->ad_bytes, *emul_gpr(e, n) + delta);
}

/* One element; index registers move only when all of it went well. */
static int string_step(struct emul *e, unsigned int kind, unsigned int bytes)
{
    u64 a = 0, b = 0;
    int rc = X86EMUL_OKAY;
    bool uses_si = kind == MOVS || kind == CMPS || kind == LODS, uses_di = kind != LODS;
    if (uses_si)
        rc = emul_read_mem(e, e->insn->seg, index_reg(e, 6), &a, bytes);
    else
        a = emul_read_reg(e, 0, bytes);
    if (rc == X86EMUL_OKAY && (kind == CMPS || kind == SCAS))
        rc = emul_read_mem(e, SEG_ES, index_reg(e, 7), &b, bytes);
    if (rc == X86EMUL_OKAY && (kind == MOVS || kind == STOS))
        rc = emul_write_mem(e, SEG_ES, index_reg(e, 7), a, bytes);
    if (rc != X86EMUL_OKAY)
        return rc;
    if (kind == CMPS || kind == SCAS)
        x86_alu(ALU_CMP, a, b, bytes, &e->regs.rflags);
    if (kind == LODS)
        emul_write_reg(e, 0, bytes, a);
    if (uses_si)
        advance(e, 6, bytes);
    if (uses_di)
        advance(e, 7, bytes);
    return X86EMUL_OKAY;
}

int emul_string(struct emul *e, u8 arg)
{
    unsigned int kind = e->insn->opcode & 0xfe;
    unsigned int bytes = e->insn->opcode & 1 ? e->insn->op_bytes : 1;
    bool compares = kind == CMPS || kind == SCAS;
    if (!e->insn->rep)
        return string_step(e, kind, bytes);
    for (unsigned int i = 0; i < REP_PIECE; i++) {
        unsigned long count = index_reg(e, 1);
        if (!count)
            return X86EMUL_OKAY;
        int rc = string_step(e, kind, bytes);
        if (rc != X86EMUL_OKAY) {
            /* What was done stays done; the fault comes first thing when it runs again. */
            e->again = true;
            return i ? X86EMUL_OKAY : rc;
        }
        emul_write_reg(e, 1, e->insn->ad_bytes, count - 1);
        bool zf = e->regs.rflags & F_ZF;
        if (compares && zf != (e->insn->rep == 0xf3))
            return X86EMUL_OKAY;
    }
    e->again = index_reg(e, 1) != 0;
    return X86EMUL_OKAY;
}
