/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One stub per vector, all of 16 bytes, which makes the frame look the same with and without an
 * error code; then struct cpu_regs is completed and do_trap() called.
 */
#include <generated/asm_offsets.h>

    .section .text.entry, "ax", @progbits
    .balign 16
    .globl trap_stubs
    .hidden trap_stubs
trap_stubs:
    .set vec, 0
    .rept 256
    .balign 16
    /* 8 #DF, 10 #TS, 11 #NP, 12 #SS, 13 #GP, 14 #PF, 17 #AC, 21 #CP, 29 #VC, 30 #SX push one. */
    .if (vec < 32) && ((0x60227d00 >> vec) & 1)
    movl $vec, 4(%rsp)
    .else
    pushq $0
    movl $vec, 4(%rsp)
    .endif
    jmp trap_common
    .set vec, vec + 1
    .endr

    .balign 16
trap_common:
    cld
    push %rdi
    push %rsi
    push %rdx
    push %rcx
    push %rax
    push %r8
    push %r9
    push %r10
    push %r11
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    mov %rsp, %rdi
    sub $8, %rsp /* the ABI's alignment */
    call do_trap
    add $8, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    pop %r11
    pop %r10
    pop %r9
    pop %r8
    pop %rax
    pop %rcx
    pop %rdx
    pop %rsi
    pop %rdi
    add $8, %rsp
    iretq

    .section .note.GNU-stack, "", @progbits
