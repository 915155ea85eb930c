/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The instruction emulator: its arithmetic against the processor that runs this test, and whole
 * instructions over a small fake memory in all three modes. Lengths: tests/fuzz/insn_decode.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <asm/emulate.h>

#define ARITH 0x8d5UL /* CF PF AF ZF SF OF */

/* --- arithmetic, natively --- */

#define NATIVE2(name, insn, type, reg)                                                \
    static u64 name(u64 d, u64 s, u64 *f)                                             \
    {                                                                                 \
        type dst = d, src = s;                                                        \
        u64 fl = *f;                                                                  \
        __asm__("push %[f]; popf; " insn " %" reg "[s], %" reg "[d]; pushf; pop %[f]" \
                : [d] "+r"(dst), [f] "+r"(fl)                                         \
                : [s] "r"(src)                                                        \
                : "cc");                                                              \
        *f = fl;                                                                      \
        return dst;                                                                   \
    }
#define NATIVE2_ALL(op)               \
    NATIVE2(op##1, #op "b", u8, "b")  \
    NATIVE2(op##2, #op "w", u16, "w") \
    NATIVE2(op##4, #op "l", u32, "k") \
    NATIVE2(op##8, #op "q", u64, "q")
#define NATIVE1(name, insn, type, reg)                                   \
    static u64 name(u64 d, u64 s, u64 *f)                                \
    {                                                                    \
        type dst = d;                                                    \
        u64 fl = *f;                                                     \
        __asm__("push %[f]; popf; " insn " %" reg "[d]; pushf; pop %[f]" \
                : [d] "+r"(dst), [f] "+r"(fl)::"cc");                    \
        *f = fl;                                                         \
        return dst;                                                      \
    }
#define NATIVE1_ALL(op)               \
    NATIVE1(op##1, #op "b", u8, "b")  \
    NATIVE1(op##2, #op "w", u16, "w") \
    NATIVE1(op##4, #op "l", u32, "k") \
    NATIVE1(op##8, #op "q", u64, "q")
#define NATIVE_SHIFT(name, insn, type, reg)                                    \
    static u64 name(u64 d, u64 s, u64 *f)                                      \
    {                                                                          \
        type dst = d;                                                          \
        u64 fl = *f;                                                           \
        __asm__("push %[f]; popf; " insn " %%cl, %" reg "[d]; pushf; pop %[f]" \
                : [d] "+r"(dst), [f] "+r"(fl)                                  \
                : "c"(s)                                                       \
                : "cc");                                                       \
        *f = fl;                                                               \
        return dst;                                                            \
    }
#define NATIVE_SHIFT_ALL(op)               \
    NATIVE_SHIFT(op##1, #op "b", u8, "b")  \
    NATIVE_SHIFT(op##2, #op "w", u16, "w") \
    NATIVE_SHIFT(op##4, #op "l", u32, "k") \
    NATIVE_SHIFT(op##8, #op "q", u64, "q")
#define NATIVE_BIT_ALL(op)            \
    NATIVE2(op##2, #op "w", u16, "w") \
    NATIVE2(op##4, #op "l", u32, "k") \
    NATIVE2(op##8, #op "q", u64, "q")

NATIVE2_ALL(add)
NATIVE2_ALL(or)
NATIVE2_ALL(adc)
NATIVE2_ALL(sbb) NATIVE2_ALL(and) NATIVE2_ALL(sub) NATIVE2_ALL(xor) NATIVE2_ALL(cmp)
    NATIVE2_ALL(test) NATIVE1_ALL(inc) NATIVE1_ALL(dec) NATIVE1_ALL(not ) NATIVE1_ALL(neg)
        NATIVE_SHIFT_ALL(rol) NATIVE_SHIFT_ALL(ror) NATIVE_SHIFT_ALL(rcl) NATIVE_SHIFT_ALL(rcr)
            NATIVE_SHIFT_ALL(shl) NATIVE_SHIFT_ALL(shr) NATIVE_SHIFT_ALL(sar) NATIVE_BIT_ALL(bt)
                NATIVE_BIT_ALL(bts) NATIVE_BIT_ALL(btr) NATIVE_BIT_ALL(btc)

                    enum {
                        OTHER,
                        SHIFT,
                        BITS
                    };
static const struct {
    const char *name;
    enum x86_alu_op op;
    u64 (*native[4])(u64 d, u64 s, u64 *f);
    u64 flags; /* those that are defined */
    int kind;
} alu_ops[] = {
#define OP(n, e, fl, k)                         \
    {                                           \
#n, e, {n##1, n##2, n##4, n##8 }, fl, k \
    }
    OP(add, ALU_ADD, ARITH, OTHER),
    OP(adc, ALU_ADC, ARITH, OTHER),
    OP(sub, ALU_SUB, ARITH, OTHER),
    OP(sbb, ALU_SBB, ARITH, OTHER),
    OP(cmp, ALU_CMP, ARITH, OTHER),
    OP(neg, ALU_NEG, ARITH, OTHER),
    OP(inc, ALU_INC, ARITH, OTHER),
    OP(dec, ALU_DEC, ARITH, OTHER),
    OP(not, ALU_NOT, ARITH, OTHER),
    OP(and, ALU_AND, ARITH & ~0x10, OTHER),
    OP(or, ALU_OR, ARITH & ~0x10, OTHER),
    OP(xor, ALU_XOR, ARITH & ~0x10, OTHER),
    OP(test, ALU_TEST, ARITH & ~0x10, OTHER),
    OP(shl, ALU_SHL, ARITH & ~0x10, SHIFT),
    OP(shr, ALU_SHR, ARITH & ~0x10, SHIFT),
    OP(sar, ALU_SAR, ARITH & ~0x10, SHIFT),
    OP(rol, ALU_ROL, 0x801, SHIFT),
    OP(ror, ALU_ROR, 0x801, SHIFT),
    OP(rcl, ALU_RCL, 0x801, SHIFT),
    OP(rcr, ALU_RCR, 0x801, SHIFT),
#define BOP(n, e)                                 \
    {                                             \
#n, e, {NULL, n##2, n##4, n##8 }, 1, BITS \
    }
    BOP(bt, ALU_BT),
    BOP(bts, ALU_BTS),
    BOP(btr, ALU_BTR),
    BOP(btc, ALU_BTC),
};

static u64 random_value(void)
{
    static const u64 corners[] = {0,      1,          0x7f,       0x80, 0xff,      0x7fff,
                                  0x8000, 0x7fffffff, 0x80000000, ~0UL, 1UL << 63, ~0UL >> 1};
    u64 r = (u64)rand() << 42 ^ (u64)rand() << 21 ^ rand();
    return rand() % 3 ? r : corners[rand() % ARRAY_SIZE(corners)];
}

static void check_alu(unsigned int op, unsigned int size)
{
    unsigned int bytes = 1U << size;
    u64 mask = bytes == 8 ? ~0UL : (1UL << bytes * 8) - 1;
    u64 d = random_value(), s = random_value(), before = rand() & ARITH, flags = alu_ops[op].flags;
    u64 want_flags = before | 2, got_flags = before | 2;
    if (alu_ops[op].kind == SHIFT) {
        s &= 0xff;
        unsigned int count = s & (bytes == 8 ? 63 : 31);
        if (count != 1)
            flags &= ~0x800UL; /* OF is defined for one step only */
        if (count >= bytes * 8 && (alu_ops[op].op == ALU_SHL || alu_ops[op].op == ALU_SHR))
            flags &= ~1UL;
        if (!count)
            flags = ARITH;
    }
    u64 want = alu_ops[op].native[size](d, s, &want_flags) & mask;
    u64 got = x86_alu(alu_ops[op].op, d, s, bytes, &got_flags) & mask;
    if (want != got || ((want_flags ^ got_flags) & flags))
        fail_msg("%s, %u bytes: %#lx, %#lx, flags %#lx -> %#lx %#lx, the processor: %#lx %#lx",
                 alu_ops[op].name, bytes, d, s, before, got, got_flags & flags, want,
                 want_flags & flags);
}

static void arithmetic_is_the_processors(void **state)
{
    srand(1);
    for (unsigned int op = 0; op < ARRAY_SIZE(alu_ops); op++)
        for (unsigned int size = 0; size < 4; size++)
            for (unsigned int i = 0; i < 3000 && alu_ops[op].native[size]; i++)
                check_alu(op, size);
}

/* --- instructions over a fake memory --- */

#define MEM_SIZE 256
#define HOLE     200 /* from here on accesses fault */
static u8 mem[MEM_SIZE], xmm[16][16];
static unsigned int nr_writes;

static int mem_read(void *ctx, enum x86_seg seg, unsigned long off, void *buf, unsigned int bytes)
{
    if (off >= HOLE || bytes > HOLE - off)
        return X86EMUL_EXCEPTION;
    memcpy(buf, mem + off, bytes);
    return X86EMUL_OKAY;
}

static int mem_write(void *ctx, enum x86_seg seg, unsigned long off, const void *buf,
                     unsigned int bytes)
{
    if (off >= HOLE || bytes > HOLE - off)
        return X86EMUL_EXCEPTION;
    memcpy(mem + off, buf, bytes);
    nr_writes++;
    return X86EMUL_OKAY;
}

static void xmm_read(void *ctx, unsigned int n, void *buf)
{
    memcpy(buf, xmm[n], 16);
}

static void xmm_write(void *ctx, unsigned int n, const void *buf)
{
    memcpy(xmm[n], buf, 16);
}

static const struct x86_emul_ops ops = {mem_read, mem_write, xmm_read, xmm_write};
static struct cpu_regs regs;

static int run(unsigned int mode, const char *code, unsigned int n)
{
    struct x86_insn insn;
    assert_int_equal(x86_decode(&insn, (const u8 *)code, n, mode), 0);
    assert_int_equal(insn.len, n);
    return x86_emulate(&insn, &regs, mode, &ops, NULL);
}
#define RUN(mode, code) run(mode, code, sizeof(code) - 1)

static int fresh(void **state)
{
    for (unsigned int i = 0; i < MEM_SIZE; i++)
        mem[i] = i;
    memset(&regs, 0, sizeof(regs));
    regs.rip = 0x1000;
    regs.rflags = 2;
    nr_writes = 0;
    return 0;
}

static void moves(void **state)
{
    regs.rdi = 0x10;
    regs.rax = ~0UL;
    assert_int_equal(RUN(8, "\x8b\x07"), X86EMUL_OKAY); /* mov (%rdi), %eax */
    assert_int_equal(regs.rax, 0x13121110);             /* and the upper half is clear */
    assert_int_equal(regs.rip, 0x1002);
    assert_int_equal(RUN(8, "\x48\x8b\x47\x08"), X86EMUL_OKAY); /* mov 8(%rdi), %rax */
    assert_int_equal(regs.rax, 0x1f1e1d1c1b1a1918);
    assert_int_equal(RUN(8, "\x8a\x67\x01"), X86EMUL_OKAY); /* mov 1(%rdi), %ah */
    assert_int_equal(regs.rax, 0x1f1e1d1c1b1a1118);
    assert_int_equal(RUN(8, "\x40\x8a\x67\x01"), X86EMUL_OKAY); /* with REX that is SPL */
    assert_int_equal(regs.rsp, 0x11);
    assert_int_equal(RUN(8, "\xc7\x07\x78\x56\x34\x12"),
                     X86EMUL_OKAY); /* movl $0x12345678, (%rdi) */
    assert_int_equal(*(u32 *)(mem + 0x10), 0x12345678);
    assert_int_equal(RUN(8, "\x48\xc7\x07\xff\xff\xff\xff"), X86EMUL_OKAY); /* movq $-1 */
    assert_int_equal(*(u64 *)(mem + 0x10), ~0UL);
    assert_int_equal(RUN(8, "\x0f\xb6\x4f\x20"), X86EMUL_OKAY); /* movzbl 0x20(%rdi), %ecx */
    assert_int_equal(regs.rcx, 0x30);
    mem[0x30] = 0x80;
    assert_int_equal(RUN(8, "\x48\x0f\xbe\x4f\x20"), X86EMUL_OKAY); /* movsbq */
    assert_int_equal(regs.rcx, (u64)(s64)-0x80);
    regs.rip = 0x20 - 6; /* RIP-relative: next instruction + disp */
    assert_int_equal(RUN(8, "\x8b\x05\x04\x00\x00\x00"), X86EMUL_OKAY);
    assert_int_equal(regs.rax, 0x27262524);
    assert_int_equal(RUN(4, "\xa1\x40\x00\x00\x00"), X86EMUL_OKAY); /* mov 0x40, %eax */
    assert_int_equal(regs.rax, 0x43424140);
    regs.rbx = 0x50;
    regs.rsi = 2;
    assert_int_equal(RUN(2, "\x8b\x00"), X86EMUL_OKAY); /* 16-bit: (%bx,%si) */
    assert_int_equal(regs.rax & 0xffff, 0x5352);
    assert_int_equal(RUN(8, "\x0f\x38\xf0\x03"), X86EMUL_OKAY); /* movbe (%rbx), %eax */
    assert_int_equal(regs.rax, 0x50515253);
}

static void read_modify_write(void **state)
{
    regs.rdi = 0x10;
    regs.rax = 0x00000001;
    assert_int_equal(RUN(8, "\xf0\x01\x07"), X86EMUL_OKAY); /* lock add %eax, (%rdi) */
    assert_int_equal(*(u32 *)(mem + 0x10), 0x13121111);
    assert_int_equal(RUN(8, "\x81\x27\x00\xff\x00\x00"), X86EMUL_OKAY); /* andl $0xff00, (%rdi) */
    assert_int_equal(*(u32 *)(mem + 0x10), 0x1100);
    assert_int_equal(RUN(8, "\x83\x3f\x00"), X86EMUL_OKAY); /* cmpl $0: not written */
    assert_int_equal(nr_writes, 2);
    assert_int_equal(regs.rflags & 0x40, 0);
    regs.rax = 0x1100;
    regs.rcx = 0xabcd;
    assert_int_equal(RUN(8, "\xf0\x0f\xb1\x0f"), X86EMUL_OKAY); /* cmpxchg, equal */
    assert_int_equal(*(u32 *)(mem + 0x10), 0xabcd);
    assert_int_equal(regs.rflags & 0x40, 0x40);
    assert_int_equal(RUN(8, "\xf0\x0f\xb1\x0f"), X86EMUL_OKAY); /* unequal: loads the accumulator */
    assert_int_equal(regs.rax, 0xabcd);
    regs.rax = 7;
    assert_int_equal(RUN(8, "\x87\x07"), X86EMUL_OKAY); /* xchg */
    assert_int_equal(regs.rax, 0xabcd);
    assert_int_equal(mem[0x10], 7);
    regs.rax = 3;
    assert_int_equal(RUN(8, "\xf0\x0f\xc1\x07"), X86EMUL_OKAY); /* xadd */
    assert_int_equal(regs.rax, 7);
    assert_int_equal(mem[0x10], 10);
    regs.rax = 8 * 0x20 + 1; /* bit 257 of the string at 0x10: byte 0x30 */
    assert_int_equal(RUN(8, "\x0f\xab\x07"), X86EMUL_OKAY); /* bts */
    assert_int_equal(mem[0x30], 0x32);
    assert_int_equal(RUN(8, "\xff\x07"), X86EMUL_OKAY); /* incl */
    assert_int_equal(mem[0x10], 11);
    assert_int_equal(RUN(8, "\xc1\x27\x04"), X86EMUL_OKAY); /* shll $4 */
    assert_int_equal(mem[0x10], 0xb0);
}

static void faults_change_nothing(void **state)
{
    struct cpu_regs before;
    regs.rdi = HOLE;
    regs.rax = 5;
    regs.rflags = 0x846;
    before = regs;
    assert_int_equal(RUN(8, "\x01\x07"), X86EMUL_EXCEPTION);
    assert_memory_equal(&regs, &before, sizeof(regs));
    assert_int_equal(RUN(8, "\x87\x07"), X86EMUL_EXCEPTION);
    assert_memory_equal(&regs, &before, sizeof(regs));
    /* cpuid, and a call through memory: not its business. */
    assert_int_equal(RUN(8, "\x0f\xa2"), X86EMUL_UNHANDLEABLE);
    assert_int_equal(RUN(8, "\xff\x17"), X86EMUL_UNHANDLEABLE);
    assert_memory_equal(&regs, &before, sizeof(regs));
}

static void strings(void **state)
{
    regs.rsi = 0x10;
    regs.rdi = 0x80;
    regs.rcx = 8;
    assert_int_equal(RUN(8, "\xf3\xa4"), X86EMUL_OKAY); /* rep movsb */
    assert_memory_equal(mem + 0x80, mem + 0x10, 8);
    assert_int_equal(regs.rcx, 0);
    assert_int_equal(regs.rsi, 0x18);
    regs.rdi = 0x40;
    regs.rax = 0;
    regs.rcx = 4;
    assert_int_equal(RUN(8, "\xf3\xab"), X86EMUL_OKAY); /* rep stosl */
    assert_int_equal(*(u64 *)(mem + 0x48), 0);
    assert_int_equal(mem[0x50], 0x50);
    /* scas stops at a match. */
    regs.rdi = 0x60;
    regs.rax = 0x65;
    regs.rcx = 100;
    assert_int_equal(RUN(8, "\xf2\xae"), X86EMUL_OKAY); /* repne scasb */
    assert_int_equal(regs.rdi, 0x66);
    assert_int_equal(regs.rcx, 94);
    /* A fault in the middle: what was done stays done, and the instruction is not over. */
    u64 rip = regs.rip;
    regs.rsi = HOLE - 3;
    regs.rdi = 0;
    regs.rcx = 10;
    assert_int_equal(RUN(8, "\xf3\xa4"), X86EMUL_OKAY);
    assert_int_equal(regs.rcx, 7);
    assert_int_equal(regs.rip, rip);
    assert_int_equal(RUN(8, "\xf3\xa4"), X86EMUL_EXCEPTION);
    assert_int_equal(regs.rcx, 7);
    /* Backwards, with 16-bit registers. */
    regs.rflags |= 0x400;
    regs.rsi = 0xabcd0012;
    regs.rax = 0;
    assert_int_equal(RUN(2, "\xac"), X86EMUL_OKAY); /* lodsb */
    assert_int_equal(regs.rsi, 0xabcd0011);
}

static void stack_and_vector(void **state)
{
    regs.rsp = 0x80;
    regs.rdi = 0x10;
    assert_int_equal(RUN(8, "\xff\x37"), X86EMUL_OKAY); /* push (%rdi) */
    assert_int_equal(regs.rsp, 0x78);
    assert_memory_equal(mem + 0x78, mem + 0x10, 8);
    assert_int_equal(RUN(8, "\x8f\x47\x20"), X86EMUL_OKAY); /* pop 0x20(%rdi) */
    assert_memory_equal(mem + 0x30, mem + 0x10, 8);
    assert_int_equal(regs.rsp, 0x80);
    assert_int_equal(RUN(8, "\xf3\x44\x0f\x6f\x07"), X86EMUL_OKAY); /* movdqu (%rdi), %xmm8 */
    assert_memory_equal(xmm[8], mem + 0x10, 16);
    regs.rdi = 0x90;
    assert_int_equal(RUN(8, "\x44\x0f\x11\x07"), X86EMUL_OKAY); /* movups %xmm8, (%rdi) */
    assert_memory_equal(mem + 0x90, mem + 0x10, 16);
    assert_int_equal(RUN(8, "\xf3\x0f\x7e\x07"),
                     X86EMUL_OKAY); /* movq (%rdi), %xmm0: upper half 0 */
    assert_int_equal(*(u64 *)(xmm[0] + 8), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arithmetic_is_the_processors),
        cmocka_unit_test_setup(moves, fresh),
        cmocka_unit_test_setup(read_modify_write, fresh),
        cmocka_unit_test_setup(faults_change_nothing, fresh),
        cmocka_unit_test_setup(strings, fresh),
        cmocka_unit_test_setup(stack_and_vector, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
