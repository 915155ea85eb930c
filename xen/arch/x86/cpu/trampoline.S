/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where another CPU starts. The 16-bit part is copied to a page below 640 KiB and entered there
 * in real mode at page:0; all else runs in the image, at its physical address until paging is on.
 */
#include <asm/config.h>
#include <generated/asm_offsets.h>

#define phys(sym) ((sym) - XEN_VIRT_START)

    .section .rodata.trampoline, "a", @progbits
    .balign 16
    .globl trampoline_start, trampoline_end
    .hidden trampoline_start
    .hidden trampoline_end
    .code16
trampoline_start:
    cli
    cld
    mov %cs, %ax
    mov %ax, %ds
    lgdtl (tr_gdtr - trampoline_start)
    mov %cr0, %eax
    or $1, %eax
    mov %eax, %cr0
    ljmpl $0x18, $phys(ap_start32)
    .balign 4
tr_gdtr:
    .word 31
    .long phys(boot_gdt)
trampoline_end:

    .section .text.entry, "ax", @progbits
    .code32
ap_start32:
    mov $0x10, %eax
    mov %eax, %ds
    mov %eax, %es
    mov %eax, %ss
    mov $0x20, %eax /* PAE */
    mov %eax, %cr4
    mov $phys(boot_l4), %eax
    mov %eax, %cr3
    mov $0xc0000080, %ecx
    rdmsr
    or phys(ap_start_efer), %eax
    wrmsr
    mov $0x80010033, %eax /* PG WP NE ET MP PE; also ends the cache-off state after INIT */
    mov %eax, %cr0
    ljmp $0x08, $phys(1f)

    .code64
1:  movabs $ap_start64, %rax
    jmp *%rax
ap_start64:
    lgdt boot_gdtr64(%rip) /* by its linear address: the physical one goes away now */
    /* The final tables: only they have the stack and the per-CPU area. */
    mov ap_start_cr3(%rip), %rax
    mov %rax, %cr3
    xor %eax, %eax
    mov %eax, %fs
    mov %eax, %gs
    mov $XEN_DS, %eax
    mov %eax, %ds
    mov %eax, %es
    mov %eax, %ss
    mov ap_start_percpu(%rip), %rbx
    mov $0xc0000101, %ecx
    mov %ebx, %eax
    mov %rbx, %rdx
    shr $32, %rdx
    wrmsr
    mov ANCHOR_stack_top(%rbx), %rsp
    xor %ebp, %ebp
    push $0
    push $0
    call start_secondary
    ud2

    .section .data, "aw", @progbits
    .balign 8
    .globl ap_start_cr3, ap_start_percpu, ap_start_efer
    .hidden ap_start_cr3
    .hidden ap_start_percpu
    .hidden ap_start_efer
ap_start_cr3:
    .quad 0
ap_start_percpu:
    .quad 0
ap_start_efer:
    .long 0

    .section .note.GNU-stack, "", @progbits
