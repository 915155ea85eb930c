/* SPDX-License-Identifier: GPL-2.0-only */
/* Why a guest stopped, in neutral terms: what a vendor's decoder fills and exit_handlers[] takes.
 */
#ifndef ASM_HVM_EXIT_H
#define ASM_HVM_EXIT_H

#include <xen/types.h>

enum vm_exit_kind {
    EXIT_UNKNOWN,
    EXIT_NONE,      /* nothing to do (interrupt already taken) */
    EXIT_EXCEPTION, /* vector, error_code, qual (CR2 for #PF) */
    EXIT_INTERRUPT,
    EXIT_NMI,
    EXIT_IRQ_WINDOW,
    EXIT_CPUID,
    EXIT_HLT,
    EXIT_PAUSE,
    EXIT_IO,  /* io.* */
    EXIT_MSR, /* write */
    EXIT_CR,  /* cr.* */
    EXIT_DR,  /* cr.* */
    EXIT_HYPERCALL,
    EXIT_XSETBV,
    EXIT_WBINVD,
    EXIT_INVD,
    EXIT_RDTSC, /* qual: 1 for RDTSCP */
    EXIT_RDPMC,
    EXIT_MONITOR,      /* MONITOR, MWAIT */
    EXIT_NESTED_FAULT, /* stage 2: gpa, npf.* */
    EXIT_TASK_SWITCH,
    EXIT_TRIPLE_FAULT,
    EXIT_UD_INSN,      /* an instruction guests do not have (VMRUN, VMXON, SKINIT ...): #UD */
    EXIT_ENTRY_FAILED, /* the CPU refused the vCPU's state: code says why */
    NR_EXIT_KINDS
};

struct vm_exit {
    enum vm_exit_kind kind;
    u32 code;       /* the hardware's own number, for logs */
    u8 insn_len;    /* 0: not known */
    bool write;     /* MSR, CR, DR: guest writes */
    bool irq_taken; /* the vector offered at entry was delivered */
    u8 vector;
    s32 error_code;
    u64 qual; /* CR2, raw exit information */
    union {
        struct {
            u16 port;
            u8 size, addr_size, seg;
            bool in, string, rep;
            u64 next_rip;
        } io;
        struct {
            u8 nr, gpr;
            bool gpr_known; /* false: decode the instruction */
            bool lmsw, clts;
        } cr;
        struct {
            u64 gpa, gla;
            bool gla_valid, read, write, exec, present, table_walk;
        } npf;
    };
};

#endif
