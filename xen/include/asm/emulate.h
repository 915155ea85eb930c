/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Decoding and carrying out single guest instructions. Pure: memory and vector registers are
 * reached through callbacks. Intel SDM vol. 2; AMD APM vol. 3.
 */
#ifndef ASM_EMULATE_H
#define ASM_EMULATE_H

#include <xen/types.h>
#include <asm/regs.h>
#include <asm/hvm/hvm.h>

#define X86_MAX_INSN_LEN 15

/* Which table the opcode is in. */
enum x86_opcode_map {
    MAP_ONE_BYTE,
    MAP_0F,
    MAP_0F38,
    MAP_0F3A,
    MAP_VEX /* VEX, EVEX, XOP: length only */
};

#define X86_NO_REG 0xff

struct x86_insn {
    u8 len;
    u8 map, opcode;
    u8 op_bytes; /* operand size: 2, 4, 8 (byte forms are a matter of the opcode) */
    u8 ad_bytes; /* address size: 2, 4, 8 */
    u8 rep;      /* 0, 0xf2, 0xf3: the last of them */
    u8 rex;      /* 0, or 0x40 to 0x4f */
    bool opsize, lock;
    bool has_modrm;
    bool seg_override;
    u8 seg;          /* enum x86_seg of the memory operand */
    u8 mod, reg, rm; /* reg and rm with REX bits */
    bool rip_relative;
    bool evex_b;           /* EVEX with its broadcast or rounding bit */
    u8 base, index, scale; /* register numbers or X86_NO_REG; index << scale */
    s64 disp;              /* or the absolute offset of A0 to A3 */
    u64 imm;               /* sign-extended where the instruction does so */
    u8 imm_bytes;
};

/* @mode: 2 (real and 16-bit), 4 or 8: bytes of the code segment's size. 0 done; -1: invalid, or
 * more than @n bytes. */
int x86_decode(struct x86_insn *insn, const u8 *bytes, unsigned int n, unsigned int mode);
/* Length of the instruction, or 0: invalid, or longer than @n. */
unsigned int x86_insn_length(const u8 *bytes, unsigned int n, unsigned int mode);

enum x86_emul_rc {
    X86EMUL_OKAY,         /* registers are those after it (a REP that goes on: still at it) */
    X86EMUL_EXCEPTION,    /* a callback found one; registers as before */
    X86EMUL_UNHANDLEABLE, /* not an instruction it knows; registers as before */
};

struct x86_emul_ops {
    /* Offset in a segment; up to 16 bytes. X86EMUL_*. */
    int (*read)(void *ctx, enum x86_seg seg, unsigned long offset, void *buf, unsigned int bytes);
    int (*write)(void *ctx, enum x86_seg seg, unsigned long offset, const void *buf,
                 unsigned int bytes);
    /* The guest's vector registers, 16 bytes; may be NULL. */
    void (*read_xmm)(void *ctx, unsigned int n, void *buf);
    void (*write_xmm)(void *ctx, unsigned int n, const void *buf);
};

/* Carries out a decoded instruction that has (or may have) a memory operand, and moves RIP. */
int x86_emulate(const struct x86_insn *insn, struct cpu_regs *regs, unsigned int mode,
                const struct x86_emul_ops *ops, void *ctx);

/* Arithmetic with flags. */
enum x86_alu_op {
    ALU_ADD,
    ALU_OR,
    ALU_ADC,
    ALU_SBB,
    ALU_AND,
    ALU_SUB,
    ALU_XOR,
    ALU_CMP,
    ALU_ROL,
    ALU_ROR,
    ALU_RCL,
    ALU_RCR,
    ALU_SHL,
    ALU_SHR,
    ALU_SAL,
    ALU_SAR,
    ALU_BT,
    ALU_BTS,
    ALU_BTR,
    ALU_BTC,
    ALU_TEST,
    ALU_MOV,
    ALU_NOT,
    ALU_NEG,
    ALU_INC,
    ALU_DEC,
    NR_ALU_OPS
};
u64 x86_alu(enum x86_alu_op op, u64 dst, u64 src, unsigned int bytes, u64 *rflags);

#endif
