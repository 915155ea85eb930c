/* SPDX-License-Identifier: GPL-2.0-only */
/* Operands: general registers by number and width, memory through the callbacks, conditions. */
#include "emulate.h"

u64 *emul_gpr(struct emul *e, unsigned int n)
{
    static const u8 order[16] = {offsetof(struct cpu_regs, rax), offsetof(struct cpu_regs, rcx),
                                 offsetof(struct cpu_regs, rdx), offsetof(struct cpu_regs, rbx),
                                 offsetof(struct cpu_regs, rsp), offsetof(struct cpu_regs, rbp),
                                 offsetof(struct cpu_regs, rsi), offsetof(struct cpu_regs, rdi),
                                 offsetof(struct cpu_regs, r8),  offsetof(struct cpu_regs, r9),
                                 offsetof(struct cpu_regs, r10), offsetof(struct cpu_regs, r11),
                                 offsetof(struct cpu_regs, r12), offsetof(struct cpu_regs, r13),
                                 offsetof(struct cpu_regs, r14), offsetof(struct cpu_regs, r15)};
    return (u64 *)((u8 *)&e->regs + order[n & 15]);
}

u64 emul_read_reg(struct emul *e, unsigned int n, unsigned int bytes)
{
    if (bytes == 1 && !e->insn->rex && n >= 4 && n < 8)
        return (*emul_gpr(e, n - 4) >> 8) & 0xff;
    return emul_truncate(*emul_gpr(e, n), bytes);
}

/* A 32-bit write clears the upper half; narrower ones keep the rest. */
void emul_write_reg(struct emul *e, unsigned int n, unsigned int bytes, u64 val)
{
    if (bytes == 1 && !e->insn->rex && n >= 4 && n < 8) {
        u64 *r = emul_gpr(e, n - 4);
        *r = (*r & ~0xff00UL) | (val & 0xff) << 8;
        return;
    }
    u64 *r = emul_gpr(e, n);
    if (bytes >= 4)
        *r = emul_truncate(val, bytes);
    else
        *r = (*r & ~emul_truncate(~0UL, bytes)) | emul_truncate(val, bytes);
}

int emul_read_mem(struct emul *e, enum x86_seg seg, unsigned long off, u64 *val, unsigned int bytes)
{
    *val = 0;
    return e->ops->read(e->ctx, seg, off, val, bytes);
}

int emul_write_mem(struct emul *e, enum x86_seg seg, unsigned long off, u64 val, unsigned int bytes)
{
    return e->ops->write(e->ctx, seg, off, &val, bytes);
}

int emul_read_e(struct emul *e, u64 *val, unsigned int bytes)
{
    if (e->insn->mod != 3)
        return emul_read_mem(e, e->insn->seg, e->ea, val, bytes);
    *val = emul_read_reg(e, e->insn->rm, bytes);
    return X86EMUL_OKAY;
}

int emul_write_e(struct emul *e, u64 val, unsigned int bytes)
{
    if (e->insn->mod != 3)
        return emul_write_mem(e, e->insn->seg, e->ea, val, bytes);
    emul_write_reg(e, e->insn->rm, bytes, val);
    return X86EMUL_OKAY;
}

unsigned long emul_address_mask(const struct emul *e)
{
    return emul_truncate(~0UL, e->insn->ad_bytes);
}

bool emul_condition(u64 f, unsigned int cc)
{
    bool cf = f & 1, pf = f & 4, zf = f & 0x40, sf = f & 0x80, of = f & 0x800;
    const bool base[8] = {of, cf, zf, cf || zf, sf, pf, sf != of, zf || sf != of};
    return base[(cc >> 1) & 7] != (bool)(cc & 1);
}
