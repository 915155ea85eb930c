/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The instruction decoder against Capstone: wherever Capstone knows an instruction, our length must
 * be the same; and whatever is decoded is emulated over a fake memory, for the sanitizers.
 * Input: one byte of mode, then the code.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define x86_insn capstone_x86_insn /* it has an enum of this name */
#include <capstone/capstone.h>
#undef x86_insn
#include <asm/emulate.h>

/*
 * Where Capstone 4 is known to be wrong; each was looked up in the manuals:
 *  - UD0 and UD1 have a ModRM byte;
 *  - 66 or F2 0F 78 is EXTRQ or INSERTQ with two immediates, not VMREAD;
 *  - RET imm16 has two bytes of immediate whatever REX.W says;
 *  - PUSH imm and near branches with 66 beside REP prefixes or in 64-bit mode (AMD takes two bytes
 *    for the branches, Intel four, and Capstone either);
 *  - EVEX with embedded rounding has no byte more than without.
 */
static bool capstone_differs(const struct x86_insn *i, const cs_insn *c)
{
    switch (c->id) {
    case X86_INS_UD0:
    case X86_INS_UD2B:
        return true;
    case X86_INS_VMREAD:
        return i->opsize || i->rep == 0xf2;
    case X86_INS_RET:
        return i->opcode == 0xc2;
    case X86_INS_PUSH:
        return i->opsize && i->rep;
    default:
        if (i->map == MAP_VEX)
            return i->mod == 3 && i->evex_b;
        return i->opsize && ((i->map == MAP_ONE_BYTE && (i->opcode & 0xfe) == 0xe8) ||
                             (i->map == MAP_0F && (i->opcode & 0xf0) == 0x80));
    }
}

static int mem_read(void *ctx, enum x86_seg seg, unsigned long off, void *buf, unsigned int bytes)
{
    memset(buf, off & 0xff, bytes);
    return (off & 0xf000) == 0xf000 ? X86EMUL_EXCEPTION : X86EMUL_OKAY;
}

static int mem_write(void *ctx, enum x86_seg seg, unsigned long off, const void *buf,
                     unsigned int bytes)
{
    u8 copy[16];
    memcpy(copy, buf, bytes);
    return (off & 0xf000) == 0xe000 ? X86EMUL_EXCEPTION : X86EMUL_OKAY;
}

static void xmm_read(void *ctx, unsigned int n, void *buf)
{
    memset(buf, n, 16);
}

static void xmm_write(void *ctx, unsigned int n, const void *buf)
{
}

static const struct x86_emul_ops ops = {mem_read, mem_write, xmm_read, xmm_write};

static void check_length(const struct x86_insn *insn, unsigned int len, const u8 *code, size_t size,
                         unsigned int mode)
{
    static csh handles[9];
    static const cs_mode cs_modes[9] = {[2] = CS_MODE_16, [4] = CS_MODE_32, [8] = CS_MODE_64};
    cs_insn *c;
    if (!handles[mode] && cs_open(CS_ARCH_X86, cs_modes[mode], &handles[mode]) != CS_ERR_OK)
        abort();
    if (cs_disasm(handles[mode], code, size, 0x1000, 1, &c) != 1)
        return;
    if (c->size != len && !capstone_differs(insn, c)) {
        fprintf(stderr, "mode %u: ours %u, Capstone %u: %s %s\n ", mode * 8, len, c->size,
                c->mnemonic, c->op_str);
        for (unsigned int i = 0; i < c->size; i++)
            fprintf(stderr, " %02x", code[i]);
        fprintf(stderr, "\n");
        abort();
    }
    cs_free(c, 1);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    static const u8 modes[4] = {2, 4, 8, 8};
    struct x86_insn insn;
    struct cpu_regs regs;
    if (size < 2)
        return 0;
    unsigned int mode = modes[data[0] & 3];
    const u8 *code = data + 1;
    size = size - 1 > X86_MAX_INSN_LEN ? X86_MAX_INSN_LEN : size - 1;
    unsigned int len = x86_decode(&insn, code, size, mode) ? 0 : insn.len;
    check_length(&insn, len, code, size, mode);
    if (!len)
        return 0;
    for (size_t i = 0; i < sizeof(regs); i++)
        ((u8 *)&regs)[i] = data[i % (size + 1)];
    x86_emulate(&insn, &regs, mode, &ops, NULL);
    return 0;
}
