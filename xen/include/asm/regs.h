/* SPDX-License-Identifier: GPL-2.0-only */
/* A guest's (and, in traps, the host's) general registers, in the order the entry code pushes them.
 */
#ifndef ASM_REGS_H
#define ASM_REGS_H

#include <xen/types.h>

struct cpu_regs {
    u64 r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8;
    u64 rax, rcx, rdx, rsi, rdi;
    u32 error_code, entry_vector;
    u64 rip, cs, rflags, rsp, ss;
};

#define X86_TRAP_DE       0
#define X86_TRAP_DB       1
#define X86_TRAP_NMI      2
#define X86_TRAP_BP       3
#define X86_TRAP_OF       4
#define X86_TRAP_BR       5
#define X86_TRAP_UD       6
#define X86_TRAP_NM       7
#define X86_TRAP_DF       8
#define X86_TRAP_TS       10
#define X86_TRAP_NP       11
#define X86_TRAP_SS       12
#define X86_TRAP_GP       13
#define X86_TRAP_PF       14
#define X86_TRAP_MF       16
#define X86_TRAP_AC       17
#define X86_TRAP_MC       18
#define X86_TRAP_XM       19
#define X86_TRAP_CP       21
#define X86_NO_ERROR_CODE (-1)

#define CR0_PE            (1UL << 0)
#define CR0_MP            (1UL << 1)
#define CR0_EM            (1UL << 2)
#define CR0_TS            (1UL << 3)
#define CR0_ET            (1UL << 4)
#define CR0_NE            (1UL << 5)
#define CR0_WP            (1UL << 16)
#define CR0_AM            (1UL << 18)
#define CR0_NW            (1UL << 29)
#define CR0_CD            (1UL << 30)
#define CR0_PG            (1UL << 31)
#define CR4_VME           (1UL << 0)
#define CR4_PVI           (1UL << 1)
#define CR4_TSD           (1UL << 2)
#define CR4_DE            (1UL << 3)
#define CR4_PSE           (1UL << 4)
#define CR4_PAE           (1UL << 5)
#define CR4_MCE           (1UL << 6)
#define CR4_PGE           (1UL << 7)
#define CR4_PCE           (1UL << 8)
#define CR4_OSFXSR        (1UL << 9)
#define CR4_OSXMMEXCPT    (1UL << 10)
#define CR4_UMIP          (1UL << 11)
#define CR4_LA57          (1UL << 12)
#define CR4_VMXE          (1UL << 13)
#define CR4_SMXE          (1UL << 14)
#define CR4_FSGSBASE      (1UL << 16)
#define CR4_PCIDE         (1UL << 17)
#define CR4_OSXSAVE       (1UL << 18)
#define CR4_SMEP          (1UL << 20)
#define CR4_SMAP          (1UL << 21)
#define CR4_PKE           (1UL << 22)
#define CR4_CET           (1UL << 23)
#define EFLAGS_CF         (1UL << 0)
#define EFLAGS_PF         (1UL << 2)
#define EFLAGS_ZF         (1UL << 6)
#define EFLAGS_TF         (1UL << 8)
#define EFLAGS_IF         (1UL << 9)
#define EFLAGS_DF         (1UL << 10)
#define EFLAGS_NT         (1UL << 14)
#define EFLAGS_RF         (1UL << 16)
#define EFLAGS_VM         (1UL << 17)

#endif
