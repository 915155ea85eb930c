/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Integer operations with their flags, on 1, 2, 4 or 8 bytes. Flags that the manuals leave
 * undefined are kept or cleared, whichever is simpler.
 */
#include <asm/emulate.h>

#define F_CF    0x001UL
#define F_PF    0x004UL
#define F_AF    0x010UL
#define F_ZF    0x040UL
#define F_SF    0x080UL
#define F_OF    0x800UL
#define F_ARITH (F_CF | F_PF | F_AF | F_ZF | F_SF | F_OF)

static u64 mask_of(unsigned int bytes)
{
    return bytes == 8 ? ~0UL : (1UL << (bytes * 8)) - 1;
}
static u64 sign_of(unsigned int bytes)
{
    return 1UL << (bytes * 8 - 1);
}

static u64 result_flags(u64 res, unsigned int bytes)
{
    u64 f = 0;
    if (!(res & mask_of(bytes)))
        f |= F_ZF;
    if (res & sign_of(bytes))
        f |= F_SF;
    if (!__builtin_parity(res & 0xff))
        f |= F_PF;
    return f;
}

static void set_flags(u64 *rflags, u64 which, u64 val)
{
    *rflags = (*rflags & ~which) | (val & which);
}

static u64 add_carry(u64 a, u64 b, u64 carry, unsigned int bytes, u64 *fl)
{
    u64 m = mask_of(bytes), s = sign_of(bytes), f = 0;
    a &= m;
    b &= m;
    u64 r = (a + b + carry) & m;
    if (r < a || (carry && r == a))
        f |= F_CF;
    if ((a ^ r) & (b ^ r) & s)
        f |= F_OF;
    if ((a ^ b ^ r) & 0x10)
        f |= F_AF;
    set_flags(fl, F_ARITH, f | result_flags(r, bytes));
    return r;
}

static u64 sub_borrow(u64 a, u64 b, u64 borrow, unsigned int bytes, u64 *fl)
{
    u64 m = mask_of(bytes), s = sign_of(bytes), f = 0;
    a &= m;
    b &= m;
    u64 r = (a - b - borrow) & m;
    if (a < b || (borrow && a == b))
        f |= F_CF;
    if ((a ^ b) & (a ^ r) & s)
        f |= F_OF;
    if ((a ^ b ^ r) & 0x10)
        f |= F_AF;
    set_flags(fl, F_ARITH, f | result_flags(r, bytes));
    return r;
}

static u64 logic(u64 r, unsigned int bytes, u64 *fl)
{
    set_flags(fl, F_ARITH, result_flags(r, bytes));
    return r & mask_of(bytes);
}

static u64 op_add(u64 d, u64 s, unsigned int n, u64 *f)
{
    return add_carry(d, s, 0, n, f);
}
static u64 op_adc(u64 d, u64 s, unsigned int n, u64 *f)
{
    return add_carry(d, s, *f & F_CF, n, f);
}
static u64 op_sub(u64 d, u64 s, unsigned int n, u64 *f)
{
    return sub_borrow(d, s, 0, n, f);
}
static u64 op_sbb(u64 d, u64 s, unsigned int n, u64 *f)
{
    return sub_borrow(d, s, *f & F_CF, n, f);
}
static u64 op_cmp(u64 d, u64 s, unsigned int n, u64 *f)
{
    sub_borrow(d, s, 0, n, f);
    return d;
}
static u64 op_or(u64 d, u64 s, unsigned int n, u64 *f)
{
    return logic(d | s, n, f);
}
static u64 op_and(u64 d, u64 s, unsigned int n, u64 *f)
{
    return logic(d & s, n, f);
}
static u64 op_xor(u64 d, u64 s, unsigned int n, u64 *f)
{
    return logic(d ^ s, n, f);
}
static u64 op_test(u64 d, u64 s, unsigned int n, u64 *f)
{
    logic(d & s, n, f);
    return d;
}
static u64 op_mov(u64 d, u64 s, unsigned int n, u64 *f)
{
    return s & mask_of(n);
}
static u64 op_not(u64 d, u64 s, unsigned int n, u64 *f)
{
    return ~d & mask_of(n);
}
static u64 op_neg(u64 d, u64 s, unsigned int n, u64 *f)
{
    return sub_borrow(0, d, 0, n, f);
}
/* INC and DEC leave CF alone. */
static u64 op_inc(u64 d, u64 s, unsigned int n, u64 *f)
{
    u64 cf = *f & F_CF, r = add_carry(d, 1, 0, n, f);
    set_flags(f, F_CF, cf);
    return r;
}
static u64 op_dec(u64 d, u64 s, unsigned int n, u64 *f)
{
    u64 cf = *f & F_CF, r = sub_borrow(d, 1, 0, n, f);
    set_flags(f, F_CF, cf);
    return r;
}

static unsigned int shift_count(u64 s, unsigned int n)
{
    return s & (n == 8 ? 63 : 31);
}

/* One bit at a time: at most 63 steps, and each is plainly what the manual draws. */
static u64 rotate(u64 d, unsigned int count, unsigned int n, u64 *f, bool left, bool through_carry)
{
    u64 s = sign_of(n), cf = *f & F_CF;
    d &= mask_of(n);
    if (!count)
        return d;
    for (unsigned int i = 0; i < count; i++) {
        u64 out = left ? !!(d & s) : d & 1;
        u64 in = through_carry ? cf : out;
        d = left ? ((d << 1) | in) & mask_of(n) : (d >> 1) | (in ? s : 0);
        cf = out;
    }
    bool top = d & s;
    bool of = left ? top != (bool)cf : top != !!(d & (s >> 1));
    set_flags(f, F_CF | F_OF, cf | (of ? F_OF : 0));
    return d;
}

static u64 op_rol(u64 d, u64 s, unsigned int n, u64 *f)
{
    return rotate(d, shift_count(s, n), n, f, true, false);
}
static u64 op_ror(u64 d, u64 s, unsigned int n, u64 *f)
{
    return rotate(d, shift_count(s, n), n, f, false, false);
}
static u64 op_rcl(u64 d, u64 s, unsigned int n, u64 *f)
{
    return rotate(d, shift_count(s, n), n, f, true, true);
}
static u64 op_rcr(u64 d, u64 s, unsigned int n, u64 *f)
{
    return rotate(d, shift_count(s, n), n, f, false, true);
}

static u64 shift(u64 d, unsigned int count, unsigned int n, u64 *f, bool left, bool arithmetic)
{
    u64 s = sign_of(n), cf = 0, before = d & s;
    d &= mask_of(n);
    if (!count)
        return d;
    for (unsigned int i = 0; i < count; i++) {
        cf = left ? !!(d & s) : d & 1;
        d = left ? (d << 1) & mask_of(n) : (d >> 1) | (arithmetic ? before : 0);
    }
    bool of = left ? !!(d & s) != (bool)cf : !arithmetic && before;
    set_flags(f, F_ARITH, cf | (of ? F_OF : 0) | result_flags(d, n));
    return d;
}

static u64 op_shl(u64 d, u64 s, unsigned int n, u64 *f)
{
    return shift(d, shift_count(s, n), n, f, true, false);
}
static u64 op_shr(u64 d, u64 s, unsigned int n, u64 *f)
{
    return shift(d, shift_count(s, n), n, f, false, false);
}
static u64 op_sar(u64 d, u64 s, unsigned int n, u64 *f)
{
    return shift(d, shift_count(s, n), n, f, false, true);
}

static u64 bit_test(u64 d, u64 s, unsigned int n, u64 *f)
{
    u64 bit = 1UL << (s & (n * 8 - 1));
    set_flags(f, F_CF, d & bit ? F_CF : 0);
    return bit;
}
static u64 op_bt(u64 d, u64 s, unsigned int n, u64 *f)
{
    bit_test(d, s, n, f);
    return d;
}
static u64 op_bts(u64 d, u64 s, unsigned int n, u64 *f)
{
    return d | bit_test(d, s, n, f);
}
static u64 op_btr(u64 d, u64 s, unsigned int n, u64 *f)
{
    return d & ~bit_test(d, s, n, f);
}
static u64 op_btc(u64 d, u64 s, unsigned int n, u64 *f)
{
    return d ^ bit_test(d, s, n, f);
}

u64 x86_alu(enum x86_alu_op op, u64 dst, u64 src, unsigned int bytes, u64 *rflags)
{
    static u64 (*const ops[NR_ALU_OPS])(u64, u64, unsigned int, u64 *) = {
        [ALU_ADD] = op_add,   [ALU_OR] = op_or,   [ALU_ADC] = op_adc, [ALU_SBB] = op_sbb,
        [ALU_AND] = op_and,   [ALU_SUB] = op_sub, [ALU_XOR] = op_xor, [ALU_CMP] = op_cmp,
        [ALU_ROL] = op_rol,   [ALU_ROR] = op_ror, [ALU_RCL] = op_rcl, [ALU_RCR] = op_rcr,
        [ALU_SHL] = op_shl,   [ALU_SHR] = op_shr, [ALU_SAL] = op_shl, [ALU_SAR] = op_sar,
        [ALU_BT] = op_bt,     [ALU_BTS] = op_bts, [ALU_BTR] = op_btr, [ALU_BTC] = op_btc,
        [ALU_TEST] = op_test, [ALU_MOV] = op_mov, [ALU_NOT] = op_not, [ALU_NEG] = op_neg,
        [ALU_INC] = op_inc,   [ALU_DEC] = op_dec,
    };
    return ops[op](dst, src, bytes, rflags);
}
