/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The world switch. VMRUN itself exchanges RAX, RSP, RIP, RFLAGS, CR*, EFER, CS/DS/ES/SS and the
 * descriptor tables; VMLOAD/VMSAVE exchange FS, GS, TR, LDTR and the system-call MSRs; the other
 * general registers are ours to carry. The host's %gs leads to its per-CPU data, so its half is
 * loaded back before anything else runs.
 *
 * void svm_enter(struct cpu_regs *regs, paddr_t vmcb_pa, paddr_t host_vmcb_pa)
 * Interrupts are off on entry and on at return. GIF is clear from the check for pending work until
 * after the exit, so a physical interrupt or NMI makes VMRUN exit at once instead of being lost.
 */
#include <generated/asm_offsets.h>

        .text
        .globl  svm_enter
        .type   svm_enter, @function
        .align  16
svm_enter:
        push    %rbp
        push    %rbx
        push    %r12
        push    %r13
        push    %r14
        push    %r15
        push    %rdx
        push    %rdi
        mov     %rsi, %rax
        clgi
        /* Not adjacent to VMRUN: some processors let the STI shadow reach the guest. */
        sti
        mov     REGS_r15(%rdi), %r15
        mov     REGS_r14(%rdi), %r14
        mov     REGS_r13(%rdi), %r13
        mov     REGS_r12(%rdi), %r12
        mov     REGS_rbp(%rdi), %rbp
        mov     REGS_rbx(%rdi), %rbx
        mov     REGS_r11(%rdi), %r11
        mov     REGS_r10(%rdi), %r10
        mov     REGS_r9(%rdi), %r9
        mov     REGS_r8(%rdi), %r8
        mov     REGS_rcx(%rdi), %rcx
        mov     REGS_rdx(%rdi), %rdx
        mov     REGS_rsi(%rdi), %rsi
        mov     REGS_rdi(%rdi), %rdi
        vmload  %rax
        vmrun   %rax
        vmsave  %rax
        /* RAX and RSP are the host's again. */
        push    %rdi
        mov     8(%rsp), %rdi
        mov     16(%rsp), %rax
        vmload  %rax
        pop     REGS_rdi(%rdi)
        mov     %r15, REGS_r15(%rdi)
        mov     %r14, REGS_r14(%rdi)
        mov     %r13, REGS_r13(%rdi)
        mov     %r12, REGS_r12(%rdi)
        mov     %rbp, REGS_rbp(%rdi)
        mov     %rbx, REGS_rbx(%rdi)
        mov     %r11, REGS_r11(%rdi)
        mov     %r10, REGS_r10(%rdi)
        mov     %r9, REGS_r9(%rdi)
        mov     %r8, REGS_r8(%rdi)
        mov     %rcx, REGS_rcx(%rdi)
        mov     %rdx, REGS_rdx(%rdi)
        mov     %rsi, REGS_rsi(%rdi)
        add     $16, %rsp
        pop     %r15
        pop     %r14
        pop     %r13
        pop     %r12
        pop     %rbx
        pop     %rbp
        /* Nothing the guest left in a register steers speculation from here on. */
        xor     %ecx, %ecx
        xor     %edx, %edx
        xor     %esi, %esi
        xor     %r8d, %r8d
        xor     %r9d, %r9d
        xor     %r10d, %r10d
        xor     %r11d, %r11d
        stgi
        ret
        .size   svm_enter, . - svm_enter
        .section .note.GNU-stack, "", @progbits
