/* SPDX-License-Identifier: GPL-2.0-only */
/* What the emulator's files share. */
#ifndef X86_EMULATE_PRIV_H
#define X86_EMULATE_PRIV_H

#include <asm/emulate.h>

/* One instruction being carried out, on copies: the caller's registers change only at the end. */
struct emul {
    const struct x86_insn *insn;
    struct cpu_regs regs;
    unsigned int mode;
    unsigned long ea; /* offset of the memory operand in insn->seg */
    bool again;       /* a REP that is not finished: RIP stays */
    const struct x86_emul_ops *ops;
    void *ctx;
};

static inline u64 emul_truncate(u64 val, unsigned int bytes)
{
    return bytes == 8 ? val : val & ((1UL << (bytes * 8)) - 1);
}
u64 *emul_gpr(struct emul *e, unsigned int n);
/* With the meaning of 4 to 7 as AH to BH without REX where @bytes is 1. */
u64 emul_read_reg(struct emul *e, unsigned int n, unsigned int bytes);
void emul_write_reg(struct emul *e, unsigned int n, unsigned int bytes, u64 val);
int emul_read_mem(struct emul *e, enum x86_seg seg, unsigned long off, u64 *val,
                  unsigned int bytes);
int emul_write_mem(struct emul *e, enum x86_seg seg, unsigned long off, u64 val,
                   unsigned int bytes);
/* The E operand: a register or memory. */
int emul_read_e(struct emul *e, u64 *val, unsigned int bytes);
int emul_write_e(struct emul *e, u64 val, unsigned int bytes);
unsigned long emul_address_mask(const struct emul *e);
bool emul_condition(u64 rflags, unsigned int cc);

/* String instructions (emulate_string.c) and 16-byte moves (emulate_sse.c). */
int emul_string(struct emul *e, u8 arg);
int emul_sse_load(struct emul *e, u8 bytes);
int emul_sse_store(struct emul *e, u8 bytes);

#endif
