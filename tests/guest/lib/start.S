/* SPDX-License-Identifier: GPL-2.0-only */
/* A PVH kernel's first steps: from flat 32-bit mode to 64-bit mode with the first 4 GiB mapped 1:1. */
        .section .note.xen, "a", @note
        .align 4
        .long 4, 4, 18          /* XEN_ELFNOTE_PHYS32_ENTRY */
        .asciz "Xen"
        .long _start

        .text
        .code32
        .global _start
_start:
        cli
        lgdt    gdt_desc
        mov     $boot_stack_end, %esp
        mov     %ebx, start_info_gpa
        mov     $l4, %eax
        mov     %eax, %cr3
        mov     %cr4, %eax
        or      $0x620, %eax    /* PAE, OSFXSR, OSXMMEXCPT */
        mov     %eax, %cr4
        mov     $0xc0000080, %ecx
        rdmsr
        or      $0x900, %eax    /* LME, NXE */
        wrmsr
        mov     %cr0, %eax
        or      $0x80010001, %eax /* PG, WP, PE */
        mov     %eax, %cr0
        ljmp    $8, $1f
        .code64
1:      mov     $16, %eax
        mov     %eax, %ds
        mov     %eax, %es
        mov     %eax, %ss
        mov     $boot_stack_end, %rsp
        call    guest_main
2:      cli
        hlt
        jmp     2b

/* Another CPU: real mode at ap_start (copied below 1 MB), then as above with its own stack. */
        .global ap_start, ap_start_end, ap_stack_top, ap_entry
        .balign 16
        .code16
ap_start:
        cli
        xor     %ax, %ax
        mov     %ax, %ds
        lgdtl   %cs:(ap_gdt_desc - ap_start)
        mov     %cr0, %eax
        or      $1, %eax
        mov     %eax, %cr0
        ljmpl   $24, $ap32
ap_gdt_desc:
        .word   gdt_end - gdt - 1
        .long   gdt
ap_start_end:
        .code32
ap32:   mov     $16, %eax
        mov     %eax, %ds
        mov     %eax, %ss
        mov     $l4, %eax
        mov     %eax, %cr3
        mov     %cr4, %eax
        or      $0x620, %eax
        mov     %eax, %cr4
        mov     $0xc0000080, %ecx
        rdmsr
        or      $0x900, %eax
        wrmsr
        mov     %cr0, %eax
        or      $0x80010001, %eax
        mov     %eax, %cr0
        ljmp    $8, $1f
        .code64
1:      mov     ap_stack_top, %rsp
        call    *ap_entry
2:      cli
        hlt
        jmp     2b

/* Exceptions and interrupts: 256 stubs of 16 bytes that push vector and (if the CPU did not) an error code. */
        .global idt_stubs
        .balign 16
idt_stubs:
        vector = 0
        .rept   256
        .balign 16
        .if     !(vector == 8 || (vector >= 10 && vector <= 14) || vector == 17 || vector == 21)
        push    $0
        .endif
        push    $vector
        jmp     idt_common
        vector = vector + 1
        .endr
idt_common:
        push    %rax
        push    %rcx
        push    %rdx
        push    %rbx
        push    %rbp
        push    %rsi
        push    %rdi
        push    %r8
        push    %r9
        push    %r10
        push    %r11
        push    %r12
        push    %r13
        push    %r14
        push    %r15
        mov     %rsp, %rdi
        cld
        call    guest_trap
        pop     %r15
        pop     %r14
        pop     %r13
        pop     %r12
        pop     %r11
        pop     %r10
        pop     %r9
        pop     %r8
        pop     %rdi
        pop     %rsi
        pop     %rbp
        pop     %rbx
        pop     %rdx
        pop     %rcx
        pop     %rax
        add     $16, %rsp
        iretq

/*
 * A hypercall from 32-bit code: number, five arguments and the result are in call32. Compatibility mode
 * is entered for the call alone; all that is touched lies below 4 GB.
 */
        .global hypercall32_go, call32
hypercall32_go:
        push    %rbx
        push    %rbp
        push    %r12
        push    %r13
        push    %r14
        push    %r15
        ljmp    *far32
        .code32
in32:   mov     call32, %eax
        mov     call32 + 4, %ebx
        mov     call32 + 8, %ecx
        mov     call32 + 12, %edx
        mov     call32 + 16, %esi
        mov     call32 + 20, %edi
        xor     %ebp, %ebp
        shl     $5, %eax
        add     $hypercall_page, %eax
        call    *%eax
        mov     %eax, call32 + 24
        ljmp    $8, $1f
        .code64
1:      pop     %r15
        pop     %r14
        pop     %r13
        pop     %r12
        pop     %rbp
        pop     %rbx
        ret

        .data
        .balign 8
far32:  .long   in32
        .word   24
        .balign 8
call32: .fill   7, 4, 0
        .global start_info_gpa, l4, gdt
start_info_gpa: .quad 0
ap_stack_top: .quad 0
ap_entry: .quad 0
        .balign 8
gdt:    .quad   0
        .quad   0x00af9b000000ffff /* 64-bit code */
        .quad   0x00cf93000000ffff /* data */
        .quad   0x00cf9b000000ffff /* 32-bit code */
gdt_end:
gdt_desc:
        .word   gdt_end - gdt - 1
        .long   gdt, 0
        .balign 4096
l4:     .quad   l3 + 7
        .fill   511, 8, 0
l3:     .quad   l2 + 7, l2 + 0x1007, l2 + 0x2007, l2 + 0x3007
        .fill   508, 8, 0
l2:     addr = 0
        .rept   2048
        .quad   addr + 0xe7
        addr = addr + 0x200000
        .endr

        .bss
        .balign 4096
        .global hypercall_page
hypercall_page: .skip 4096
        .skip   16384
boot_stack_end:
