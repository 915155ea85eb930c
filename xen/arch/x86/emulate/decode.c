/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The instruction decoder: prefixes, opcode, ModRM, SIB, displacement, immediates. What follows an
 * opcode is one letter in a table; lengths are right for every instruction, operands for those
 * that the emulator knows.
 */
#include <xen/lib.h>
#include <asm/emulate.h>

/*
 * .  nothing                  ,  nothing; not in 64-bit mode
 * m  ModRM                    n  ModRM; not in 64-bit mode
 * r  ModRM, imm8              s  ModRM, imm of operand size (at most 4)
 * N  ModRM, imm8; not in 64   R  ModRM that always names registers
 * b  imm8                     B  imm8; not in 64-bit mode
 * w  imm16                    e  imm16, imm8 (ENTER)
 * z  imm of operand size (at most 4)         j  the same, a branch
 * v  imm of full operand size                o  offset of address size
 * f  far pointer; not in 64-bit mode
 * g  ModRM, imm8 if reg is 0 or 1 (F6)       G  the same with z (F7)
 * p  prefix or escape         x  undefined
 */
static const char one_byte[257] = "mmmmbz,,mmmmbz,p"  /* 0 */
                                  "mmmmbz,,mmmmbz,,"  /* 1 */
                                  "mmmmbzp,mmmmbzp,"  /* 2 */
                                  "mmmmbzp,mmmmbzp,"  /* 3 */
                                  "................"  /* 4 */
                                  "................"  /* 5 */
                                  ",,nmppppzsbr...."  /* 6 */
                                  "bbbbbbbbbbbbbbbb"  /* 7 */
                                  "rsNrmmmmmmmmmmmm"  /* 8 */
                                  "..........f....."  /* 9 */
                                  "oooo....bz......"  /* a */
                                  "bbbbbbbbvvvvvvvv"  /* b */
                                  "rrw.nnrse.w..b,."  /* c */
                                  "mmmmBB,.mmmmmmmm"  /* d */
                                  "bbbbbbbbjjfb...."  /* e */
                                  "p.pp..gG......mm"; /* f */

static const char two_byte[257] = "mmmmx.....x.xm.r"  /* 0 */
                                  "mmmmmmmmmmmmmmmm"  /* 1 */
                                  "RRRRxxxxmmmmmmmm"  /* 2 */
                                  "......x.pxpxxxxx"  /* 3 */
                                  "mmmmmmmmmmmmmmmm"  /* 4 */
                                  "mmmmmmmmmmmmmmmm"  /* 5 */
                                  "mmmmmmmmmmmmmmmm"  /* 6 */
                                  "rrrrmmm.mmxxmmmm"  /* 7 */
                                  "jjjjjjjjjjjjjjjj"  /* 8 */
                                  "mmmmmmmmmmmmmmmm"  /* 9 */
                                  "...mrmmm...mrmmm"  /* a */
                                  "mmmmmmmmmmrmmmmm"  /* b */
                                  "mmrmrrrm........"  /* c */
                                  "mmmmmmmmmmmmmmmm"  /* d */
                                  "mmmmmmmmmmmmmmmm"  /* e */
                                  "mmmmmmmmmmmmmmmm"; /* f */

struct cursor {
    const u8 *p;
    unsigned int pos, end;
    unsigned int mode;
};

static bool take(struct cursor *c, unsigned int bytes, u64 *val)
{
    if (c->end - c->pos < bytes)
        return false;
    *val = 0;
    for (unsigned int i = 0; i < bytes; i++)
        *val |= (u64)c->p[c->pos + i] << (i * 8);
    c->pos += bytes;
    return true;
}

static s64 sign_extend(u64 val, unsigned int bytes)
{
    unsigned int shift = 64 - bytes * 8;
    return shift >= 64 ? 0 : (s64)(val << shift) >> shift;
}

static bool take_signed(struct cursor *c, unsigned int bytes, s64 *val)
{
    u64 u;
    if (!take(c, bytes, &u))
        return false;
    *val = sign_extend(u, bytes);
    return true;
}

/* Segment override, or -1. FS and GS count in every mode. */
static int segment_prefix(u8 b)
{
    switch (b) {
    case 0x26:
        return SEG_ES;
    case 0x2e:
        return SEG_CS;
    case 0x36:
        return SEG_SS;
    case 0x3e:
        return SEG_DS;
    case 0x64:
        return SEG_FS;
    case 0x65:
        return SEG_GS;
    default:
        return -1;
    }
}

/* Leaves the cursor at the first opcode byte. */
static bool take_prefixes(struct x86_insn *insn, struct cursor *c)
{
    bool adsize = false;
    int seg;
    for (; c->pos < c->end; c->pos++) {
        u8 b = c->p[c->pos];
        if (c->mode == 8 && (b & 0xf0) == 0x40) {
            insn->rex = b;
            continue;
        }
        if (b == 0x66) {
            insn->opsize = true;
        } else if (b == 0x67) {
            adsize = true;
        } else if (b == 0xf0) {
            insn->lock = true;
        } else if (b == 0xf2 || b == 0xf3) {
            insn->rep = b;
        } else if ((seg = segment_prefix(b)) >= 0) {
            if (c->mode != 8 || seg >= SEG_FS) {
                insn->seg = seg;
                insn->seg_override = true;
            }
        } else {
            break;
        }
        insn->rex = 0; /* it only counts right before the opcode */
    }
    if (c->mode == 8)
        insn->ad_bytes = adsize ? 4 : 8;
    else
        insn->ad_bytes = (c->mode == 4) != adsize ? 4 : 2;
    bool wide = c->mode != 2;
    insn->op_bytes = insn->rex & 8 ? 8 : wide != insn->opsize ? 4 : 2;
    return c->pos < c->end;
}

/* 16-bit addressing: table 2-1. */
static bool take_address16(struct x86_insn *insn, struct cursor *c)
{
    static const u8 bases[8] = {3, 3, 5, 5, 6, 7, 5, 3};
    static const u8 indices[4] = {6, 7, 6, 7};
    unsigned int rm = insn->rm & 7;
    if (insn->mod == 0 && rm == 6)
        return take_signed(c, 2, &insn->disp);
    insn->base = bases[rm];
    if (rm < 4)
        insn->index = indices[rm];
    if (!insn->seg_override && insn->base == 5)
        insn->seg = SEG_SS;
    return insn->mod == 0 || take_signed(c, insn->mod == 1 ? 1 : 2, &insn->disp);
}

/* 32- and 64-bit addressing: tables 2-2, 2-3. */
static bool take_address32(struct x86_insn *insn, struct cursor *c)
{
    unsigned int rm = insn->rm & 7;
    if (rm == 4) {
        u64 sib;
        if (!take(c, 1, &sib))
            return false;
        insn->scale = sib >> 6;
        insn->index = ((sib >> 3) & 7) | ((insn->rex & 2) << 2);
        insn->base = (sib & 7) | ((insn->rex & 1) << 3);
        if (insn->index == 4)
            insn->index = X86_NO_REG;
        if ((sib & 7) == 5 && insn->mod == 0) {
            insn->base = X86_NO_REG;
            return take_signed(c, 4, &insn->disp);
        }
    } else if (rm == 5 && insn->mod == 0) {
        insn->rip_relative = c->mode == 8;
        return take_signed(c, 4, &insn->disp);
    } else {
        insn->base = insn->rm;
    }
    if (!insn->seg_override && (insn->base == 4 || insn->base == 5))
        insn->seg = SEG_SS;
    return insn->mod == 0 || take_signed(c, insn->mod == 1 ? 1 : 4, &insn->disp);
}

static bool take_modrm(struct x86_insn *insn, struct cursor *c, bool registers_only)
{
    u64 b;
    if (!take(c, 1, &b))
        return false;
    insn->has_modrm = true;
    insn->mod = registers_only ? 3 : b >> 6;
    insn->reg = ((b >> 3) & 7) | ((insn->rex & 4) << 1);
    insn->rm = (b & 7) | ((insn->rex & 1) << 3);
    if (insn->mod == 3)
        return true;
    return insn->ad_bytes == 2 ? take_address16(insn, c) : take_address32(insn, c);
}

static bool take_imm(struct x86_insn *insn, struct cursor *c, unsigned int bytes)
{
    s64 val;
    if (!take_signed(c, bytes, &val))
        return false;
    insn->imm = val;
    insn->imm_bytes += bytes;
    return true;
}

/* VEX (C4, C5), EVEX (62) and XOP (8F): only the length. The cursor is behind the first byte. */
static bool take_vex(struct x86_insn *insn, struct cursor *c, u8 first)
{
    u64 payload, opcode;
    unsigned int map = 1;
    if (insn->rex || !take(c, first == 0xc5 ? 1 : first == 0x62 ? 3 : 2, &payload))
        return false;
    if (first == 0xc4 || first == 0x8f)
        map = payload & 0x1f;
    else if (first == 0x62)
        map = payload & 7;
    if (!take(c, 1, &opcode))
        return false;
    insn->map = MAP_VEX;
    insn->opcode = opcode;
    insn->evex_b = first == 0x62 && (payload & 0x100000);
    if (map == 1 && opcode == 0x77 && first != 0x62)
        return true; /* VZEROUPPER, VZEROALL */
    if (!take_modrm(insn, c, false))
        return false;
    if (map == 1)
        return two_byte[opcode] != 'r' || take_imm(insn, c, 1);
    if (map == 3 || map == 8)
        return take_imm(insn, c, 1);
    if (map == 10)
        return take_imm(insn, c, 4);
    return map == 2 || map == 9 || (first == 0x62 && (map == 5 || map == 6));
}

static bool is_vex(const struct cursor *c, u8 opcode)
{
    if (c->pos >= c->end)
        return false;
    u8 next = c->p[c->pos];
    if (opcode == 0x8f)
        return (next & 0x1f) >= 8;
    if (opcode != 0xc4 && opcode != 0xc5 && opcode != 0x62)
        return false;
    return c->mode == 8 || next >= 0xc0; /* else LES, LDS, BOUND */
}

/* The two forms whose immediates depend on more than the opcode. */
static bool take_extrq(struct x86_insn *insn, struct cursor *c)
{
    return !(insn->opsize || insn->rep == 0xf2) || (take_imm(insn, c, 1) && take_imm(insn, c, 1));
}

static bool take_operands(struct x86_insn *insn, struct cursor *c, char kind)
{
    unsigned int z = insn->op_bytes == 2 ? 2 : 4;
    bool long_mode = c->mode == 8;
    if (strchr("mnrsNgGR", kind) && !take_modrm(insn, c, kind == 'R'))
        return false;
    switch (kind) {
    case '.':
    case 'm':
    case 'R':
        return true;
    case ',':
    case 'n':
        return !long_mode;
    case 'r':
    case 'b':
        return take_imm(insn, c, 1);
    case 'N':
    case 'B':
        return !long_mode && take_imm(insn, c, 1);
    case 's':
    case 'z':
    case 'j':
        return take_imm(insn, c, z);
    case 'w':
        return take_imm(insn, c, 2);
    case 'e':
        return take_imm(insn, c, 2) && take_imm(insn, c, 1);
    case 'v':
        return take_imm(insn, c, insn->op_bytes);
    case 'o':
        return take(c, insn->ad_bytes, (u64 *)&insn->disp);
    case 'f':
        return !long_mode && take_imm(insn, c, z) && take_imm(insn, c, 2);
    case 'g':
    case 'G':
        return (insn->reg & 7) > 1 || take_imm(insn, c, kind == 'g' ? 1 : z);
    default:
        return false;
    }
}

static bool decode_opcode(struct x86_insn *insn, struct cursor *c)
{
    u64 op;
    if (!take(c, 1, &op))
        return false;
    insn->opcode = op;
    if (op != 0x0f) {
        if (is_vex(c, op))
            return take_vex(insn, c, op);
        return take_operands(insn, c, one_byte[op]);
    }
    if (!take(c, 1, &op))
        return false;
    insn->opcode = op;
    insn->map = MAP_0F;
    if (op == 0x38 || op == 0x3a) {
        insn->map = op == 0x38 ? MAP_0F38 : MAP_0F3A;
        if (!take(c, 1, &op))
            return false;
        insn->opcode = op;
        return take_operands(insn, c, insn->map == MAP_0F38 ? 'm' : 'r');
    }
    return take_operands(insn, c, two_byte[op]) && (op != 0x78 || take_extrq(insn, c));
}

int x86_decode(struct x86_insn *insn, const u8 *bytes, unsigned int n, unsigned int mode)
{
    struct cursor c = {
        .p = bytes, .end = n < X86_MAX_INSN_LEN ? n : X86_MAX_INSN_LEN, .mode = mode};
    *insn = (struct x86_insn){.seg = SEG_DS, .base = X86_NO_REG, .index = X86_NO_REG};
    if (!take_prefixes(insn, &c) || !decode_opcode(insn, &c))
        return -1;
    insn->len = c.pos;
    return 0;
}

unsigned int x86_insn_length(const u8 *bytes, unsigned int n, unsigned int mode)
{
    struct x86_insn insn;
    return x86_decode(&insn, bytes, n, mode) ? 0 : insn.len;
}
