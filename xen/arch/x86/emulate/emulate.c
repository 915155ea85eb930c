/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Carries out decoded instructions: two tables say, per opcode, which function with which
 * argument. Memory is reached only through the caller's callbacks, and the caller's registers are
 * written once, when all went well.
 */
#include <xen/lib.h>
#include "emulate.h"

#define TRY(x)                   \
    do {                         \
        int rc_ = (x);           \
        if (rc_ != X86EMUL_OKAY) \
            return rc_;          \
    } while (0)

static u64 sign_extend(u64 val, unsigned int bytes)
{
    unsigned int shift = 64 - bytes * 8;
    return (s64)(val << shift) >> shift;
}

static void set_ea(struct emul *e)
{
    const struct x86_insn *i = e->insn;
    unsigned long ea = i->disp;
    if (i->base != X86_NO_REG)
        ea += *emul_gpr(e, i->base);
    if (i->index != X86_NO_REG)
        ea += *emul_gpr(e, i->index) << i->scale;
    if (i->rip_relative)
        ea += e->regs.rip + i->len;
    e->ea = ea & emul_address_mask(e);
}

/* Even opcodes are the byte form of the odd one that follows. */
static unsigned int width(const struct emul *e)
{
    return e->insn->opcode & 1 ? e->insn->op_bytes : 1;
}

static bool writes_back(enum x86_alu_op op)
{
    return op != ALU_CMP && op != ALU_TEST && op != ALU_BT;
}

static int alu_e(struct emul *e, enum x86_alu_op op, u64 src, unsigned int bytes)
{
    u64 dst = 0;
    if (op != ALU_MOV)
        TRY(emul_read_e(e, &dst, bytes));
    u64 flags = e->regs.rflags, res = x86_alu(op, dst, src, bytes, &flags);
    if (writes_back(op))
        TRY(emul_write_e(e, res, bytes));
    e->regs.rflags = flags;
    return X86EMUL_OKAY;
}

static int do_e_g(struct emul *e, u8 op)
{
    unsigned int bytes = width(e);
    return alu_e(e, op, emul_read_reg(e, e->insn->reg, bytes), bytes);
}

static int do_g_e(struct emul *e, u8 op)
{
    unsigned int bytes = width(e);
    u64 src;
    TRY(emul_read_e(e, &src, bytes));
    u64 res = x86_alu(op, emul_read_reg(e, e->insn->reg, bytes), src, bytes, &e->regs.rflags);
    if (writes_back(op))
        emul_write_reg(e, e->insn->reg, bytes, res);
    return X86EMUL_OKAY;
}

static int do_e_imm(struct emul *e, u8 op)
{
    return alu_e(e, op, e->insn->imm, width(e));
}

/* 80 to 83: the operation is in reg. 83 is wide with a byte immediate, as its lowest bit says. */
static int do_group1(struct emul *e, u8 arg)
{
    return alu_e(e, e->insn->reg & 7, e->insn->imm, width(e));
}

static int do_mov_imm(struct emul *e, u8 arg)
{
    return e->insn->reg & 7 ? X86EMUL_UNHANDLEABLE : do_e_imm(e, ALU_MOV);
}

enum { SHIFT_IMM, SHIFT_ONE, SHIFT_CL };
static int do_shift(struct emul *e, u8 by)
{
    u64 count = by == SHIFT_IMM ? e->insn->imm : by == SHIFT_ONE ? 1 : e->regs.rcx & 0xff;
    return alu_e(e, ALU_ROL + (e->insn->reg & 7), count, width(e));
}

static int do_group3(struct emul *e, u8 arg)
{
    static const u8 ops[4] = {ALU_TEST, ALU_TEST, ALU_NOT, ALU_NEG};
    unsigned int r = e->insn->reg & 7;
    return r > 3 ? X86EMUL_UNHANDLEABLE : alu_e(e, ops[r], e->insn->imm, width(e));
}

static unsigned int stack_bytes(const struct emul *e)
{
    return e->mode == 8 ? (e->insn->opsize ? 2 : 8) : e->insn->op_bytes;
}

static void set_sp(struct emul *e, u64 sp)
{
    emul_write_reg(e, 4, e->mode, sp);
}

static int do_group5(struct emul *e, u8 arg)
{
    unsigned int r = e->insn->reg & 7, bytes = stack_bytes(e);
    u64 val;
    if (r < 2)
        return alu_e(e, r ? ALU_DEC : ALU_INC, 0, width(e));
    if (r != 6 || !(e->insn->opcode & 1))
        return X86EMUL_UNHANDLEABLE;
    TRY(emul_read_e(e, &val, bytes));
    u64 sp = emul_truncate(e->regs.rsp - bytes, e->mode);
    TRY(emul_write_mem(e, SEG_SS, sp, val, bytes));
    set_sp(e, sp);
    return X86EMUL_OKAY;
}

/* The address of POP's operand is computed with the stack pointer already moved. */
static int do_pop(struct emul *e, u8 arg)
{
    unsigned int bytes = stack_bytes(e);
    u64 val, sp = emul_truncate(e->regs.rsp, e->mode);
    if (e->insn->reg & 7)
        return X86EMUL_UNHANDLEABLE;
    TRY(emul_read_mem(e, SEG_SS, sp, &val, bytes));
    set_sp(e, sp + bytes);
    set_ea(e);
    return emul_write_e(e, val, bytes);
}

static int do_xchg(struct emul *e, u8 arg)
{
    unsigned int bytes = width(e);
    u64 old, reg = emul_read_reg(e, e->insn->reg, bytes);
    TRY(emul_read_e(e, &old, bytes));
    TRY(emul_write_e(e, reg, bytes));
    emul_write_reg(e, e->insn->reg, bytes, old);
    return X86EMUL_OKAY;
}

static int do_xadd(struct emul *e, u8 arg)
{
    unsigned int bytes = width(e);
    u64 old, flags = e->regs.rflags;
    TRY(emul_read_e(e, &old, bytes));
    u64 sum = x86_alu(ALU_ADD, old, emul_read_reg(e, e->insn->reg, bytes), bytes, &flags);
    emul_write_reg(e, e->insn->reg, bytes, old);
    TRY(emul_write_e(e, sum, bytes));
    e->regs.rflags = flags;
    return X86EMUL_OKAY;
}

/* Memory is written either way, as the processor does. */
static int do_cmpxchg(struct emul *e, u8 arg)
{
    unsigned int bytes = width(e);
    u64 old;
    TRY(emul_read_e(e, &old, bytes));
    u64 acc = emul_truncate(e->regs.rax, bytes);
    bool equal = acc == old;
    TRY(emul_write_e(e, equal ? emul_read_reg(e, e->insn->reg, bytes) : old, bytes));
    x86_alu(ALU_CMP, acc, old, bytes, &e->regs.rflags);
    if (!equal)
        emul_write_reg(e, 0, bytes, old);
    return X86EMUL_OKAY;
}

static int do_moffs(struct emul *e, u8 store)
{
    unsigned int bytes = width(e);
    u64 val = emul_read_reg(e, 0, bytes);
    if (store)
        return emul_write_mem(e, e->insn->seg, e->ea, val, bytes);
    TRY(emul_read_mem(e, e->insn->seg, e->ea, &val, bytes));
    emul_write_reg(e, 0, bytes, val);
    return X86EMUL_OKAY;
}

/* MOVZX and MOVSX: @arg is the source's size, and its high bit means signed. */
#define EXT_SIGNED 0x80
static int do_extend(struct emul *e, u8 arg)
{
    unsigned int bytes = arg & 0x7f;
    u64 val;
    TRY(emul_read_e(e, &val, bytes));
    if (arg & EXT_SIGNED)
        val = sign_extend(val, bytes);
    emul_write_reg(e, e->insn->reg, e->insn->op_bytes, val);
    return X86EMUL_OKAY;
}

static int do_movsxd(struct emul *e, u8 arg)
{
    return e->mode != 8 ? X86EMUL_UNHANDLEABLE : do_extend(e, 4 | EXT_SIGNED);
}

static int do_movnti(struct emul *e, u8 arg)
{
    unsigned int bytes = e->insn->op_bytes;
    return bytes == 2 ? X86EMUL_UNHANDLEABLE
                      : emul_write_e(e, emul_read_reg(e, e->insn->reg, bytes), bytes);
}

static int do_setcc(struct emul *e, u8 arg)
{
    return emul_write_e(e, emul_condition(e->regs.rflags, e->insn->opcode & 15), 1);
}

static int do_cmov(struct emul *e, u8 arg)
{
    unsigned int bytes = e->insn->op_bytes;
    u64 val;
    TRY(emul_read_e(e, &val, bytes));
    if (!emul_condition(e->regs.rflags, e->insn->opcode & 15))
        val = emul_read_reg(e, e->insn->reg, bytes);
    emul_write_reg(e, e->insn->reg, bytes, val);
    return X86EMUL_OKAY;
}

/* A bit number in a register reaches beyond the operand: memory is a string of bits. */
static int do_bit(struct emul *e, u8 op)
{
    unsigned int bytes = e->insn->op_bytes;
    u64 bit = emul_read_reg(e, e->insn->reg, bytes);
    if (e->insn->mod != 3) {
        s64 word = (s64)sign_extend(bit, bytes) >> (bytes == 8 ? 6 : bytes == 4 ? 5 : 4);
        e->ea = (e->ea + word * (s64)bytes) & emul_address_mask(e);
    }
    return alu_e(e, op, bit, bytes);
}

static int do_group8(struct emul *e, u8 arg)
{
    unsigned int r = e->insn->reg & 7;
    return r < 4 ? X86EMUL_UNHANDLEABLE : alu_e(e, ALU_BT + r - 4, e->insn->imm, e->insn->op_bytes);
}

static u64 byte_swap(u64 val, unsigned int bytes)
{
    return __builtin_bswap64(val) >> (64 - bytes * 8);
}

static int do_movbe(struct emul *e, u8 store)
{
    unsigned int bytes = e->insn->op_bytes;
    u64 val;
    if (e->insn->mod == 3 || e->insn->rep)
        return X86EMUL_UNHANDLEABLE;
    if (store)
        return emul_write_e(e, byte_swap(emul_read_reg(e, e->insn->reg, bytes), bytes), bytes);
    TRY(emul_read_e(e, &val, bytes));
    emul_write_reg(e, e->insn->reg, bytes, byte_swap(val, bytes));
    return X86EMUL_OKAY;
}

/* Accesses that carry no data: prefetches and long no-ops. */
static int do_nothing(struct emul *e, u8 arg)
{
    return X86EMUL_OKAY;
}

struct emul_entry {
    int (*fn)(struct emul *e, u8 arg);
    u8 arg;
};

#define ALU_ROW(base, op)                                                            \
    [base] = {do_e_g, op}, [(base) + 1] = {do_e_g, op}, [(base) + 2] = {do_g_e, op}, \
    [(base) + 3] = {do_g_e, op}

static const struct emul_entry one_byte[256] = {
    ALU_ROW(0x00, ALU_ADD),
    ALU_ROW(0x08, ALU_OR),
    ALU_ROW(0x10, ALU_ADC),
    ALU_ROW(0x18, ALU_SBB),
    ALU_ROW(0x20, ALU_AND),
    ALU_ROW(0x28, ALU_SUB),
    ALU_ROW(0x30, ALU_XOR),
    ALU_ROW(0x38, ALU_CMP),
    [0x63] = {do_movsxd},
    [0x80 ... 0x83] = {do_group1},
    [0x84 ... 0x85] = {do_e_g, ALU_TEST},
    [0x86 ... 0x87] = {do_xchg},
    [0x88 ... 0x89] = {do_e_g, ALU_MOV},
    [0x8a ... 0x8b] = {do_g_e, ALU_MOV},
    [0x8f] = {do_pop},
    [0xa0 ... 0xa1] = {do_moffs, 0},
    [0xa2 ... 0xa3] = {do_moffs, 1},
    [0xa4 ... 0xa7] = {emul_string},
    [0xaa ... 0xaf] = {emul_string},
    [0xc0 ... 0xc1] = {do_shift, SHIFT_IMM},
    [0xc6 ... 0xc7] = {do_mov_imm},
    [0xd0 ... 0xd1] = {do_shift, SHIFT_ONE},
    [0xd2 ... 0xd3] = {do_shift, SHIFT_CL},
    [0xf6 ... 0xf7] = {do_group3},
    [0xfe ... 0xff] = {do_group5},
};

static const struct emul_entry two_byte[256] = {
    [0x0d] = {do_nothing},
    [0x10] = {emul_sse_load},
    [0x11] = {emul_sse_store},
    [0x18 ... 0x1f] = {do_nothing},
    [0x28] = {emul_sse_load},
    [0x29] = {emul_sse_store},
    [0x2b] = {emul_sse_store},
    [0x40 ... 0x4f] = {do_cmov},
    [0x6e] = {emul_sse_load},
    [0x6f] = {emul_sse_load},
    [0x7e] = {emul_sse_store},
    [0x7f] = {emul_sse_store},
    [0x90 ... 0x9f] = {do_setcc},
    [0xa3] = {do_bit, ALU_BT},
    [0xab] = {do_bit, ALU_BTS},
    [0xb0 ... 0xb1] = {do_cmpxchg},
    [0xb3] = {do_bit, ALU_BTR},
    [0xb6] = {do_extend, 1},
    [0xb7] = {do_extend, 2},
    [0xba] = {do_group8},
    [0xbb] = {do_bit, ALU_BTC},
    [0xbe] = {do_extend, 1 | EXT_SIGNED},
    [0xbf] = {do_extend, 2 | EXT_SIGNED},
    [0xc0 ... 0xc1] = {do_xadd},
    [0xc3] = {do_movnti},
    [0xd6] = {emul_sse_store},
    [0xe7] = {emul_sse_store},
};

static const struct emul_entry movbe[2] = {{do_movbe, 0}, {do_movbe, 1}};

static const struct emul_entry *find_entry(const struct x86_insn *i)
{
    if (i->map == MAP_ONE_BYTE)
        return &one_byte[i->opcode];
    if (i->map == MAP_0F)
        return &two_byte[i->opcode];
    if (i->map == MAP_0F38 && (i->opcode & 0xfe) == 0xf0)
        return &movbe[i->opcode & 1];
    return NULL;
}

int x86_emulate(const struct x86_insn *insn, struct cpu_regs *regs, unsigned int mode,
                const struct x86_emul_ops *ops, void *ctx)
{
    const struct emul_entry *entry = find_entry(insn);
    struct emul e = {.insn = insn, .regs = *regs, .mode = mode, .ops = ops, .ctx = ctx};
    if (!entry || !entry->fn)
        return X86EMUL_UNHANDLEABLE;
    set_ea(&e);
    TRY(entry->fn(&e, entry->arg));
    if (!e.again)
        e.regs.rip = emul_truncate(e.regs.rip + insn->len, mode == 8 ? 8 : 4);
    *regs = e.regs;
    return X86EMUL_OKAY;
}
