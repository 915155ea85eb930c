/* SPDX-License-Identifier: GPL-2.0-only */
/* Offsets and sizes that assembly needs; compiled to text only, see xen.mk. */
#include <xen/types.h>
#include <asm/percpu.h>
#include <asm/regs.h>

#define DEFINE(sym, val)          __asm__ volatile("\n.ascii \"==>#define " #sym " %0\"" ::"i"(val))
#define OFFSET(sym, type, member) DEFINE(sym, offsetof(type, member))

void asm_offsets(void);
void asm_offsets(void)
{
    OFFSET(REGS_r15, struct cpu_regs, r15);
    OFFSET(REGS_r14, struct cpu_regs, r14);
    OFFSET(REGS_r13, struct cpu_regs, r13);
    OFFSET(REGS_r12, struct cpu_regs, r12);
    OFFSET(REGS_rbp, struct cpu_regs, rbp);
    OFFSET(REGS_rbx, struct cpu_regs, rbx);
    OFFSET(REGS_r11, struct cpu_regs, r11);
    OFFSET(REGS_r10, struct cpu_regs, r10);
    OFFSET(REGS_r9, struct cpu_regs, r9);
    OFFSET(REGS_r8, struct cpu_regs, r8);
    OFFSET(REGS_rax, struct cpu_regs, rax);
    OFFSET(REGS_rcx, struct cpu_regs, rcx);
    OFFSET(REGS_rdx, struct cpu_regs, rdx);
    OFFSET(REGS_rsi, struct cpu_regs, rsi);
    OFFSET(REGS_rdi, struct cpu_regs, rdi);
    OFFSET(REGS_rip, struct cpu_regs, rip);
    OFFSET(REGS_rflags, struct cpu_regs, rflags);
    OFFSET(REGS_rsp, struct cpu_regs, rsp);
    OFFSET(ANCHOR_offset, struct pcpu_anchor, offset);
    OFFSET(ANCHOR_cpu, struct pcpu_anchor, cpu);
    OFFSET(ANCHOR_stack_top, struct pcpu_anchor, stack_top);
    OFFSET(ANCHOR_canary, struct pcpu_anchor, canary);
}
