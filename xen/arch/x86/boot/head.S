/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Entry from the boot loader (multiboot 1 and 2: 32-bit protected mode, paging off): builds nothing,
 * all tables are assembled in; turns on long mode and calls start_xen(magic, info).
 * Multiboot 0.6.96, Multiboot2 2.0 specifications.
 */
#include <asm/config.h>
#include <generated/asm_offsets.h>

#define phys(sym) ((sym) - XEN_VIRT_START)

    .section .multiboot, "ax", @progbits
    .balign 8
multiboot1_header:
#define MB1_FLAGS 0x00010003 /* align modules, memory information, addresses below are valid */
    .long 0x1badb002
    .long MB1_FLAGS
    .long -(0x1badb002 + MB1_FLAGS)
    .long phys(multiboot1_header)
    .long phys(_start)
    .long phys(_edata)
    .long phys(_end)
    .long phys(start32)

    .balign 8
multiboot2_header:
    .long 0xe85250d6
    .long 0
    .long multiboot2_end - multiboot2_header
    .long -(0xe85250d6 + (multiboot2_end - multiboot2_header))

    .balign 8 /* information that we need: command line, memory map */
    .short 1, 0
    .long 16
    .long 1, 6
    .balign 8 /* addresses */
    .short 2, 0
    .long 24
    .long phys(multiboot2_header)
    .long phys(_start)
    .long phys(_edata)
    .long phys(_end)
    .balign 8 /* entry */
    .short 3, 0
    .long 12
    .long phys(start32)
    .balign 8 /* modules on page boundaries */
    .short 6, 0
    .long 8
    .balign 8 /* end */
    .short 0, 0
    .long 8
multiboot2_end:

    .section .text.entry, "ax", @progbits
    .code32
    .globl start32
    .hidden start32
start32:
    cli
    cld
    mov %eax, %edi
    mov %ebx, %esi
    lgdt phys(boot_gdtr)
    ljmp $0x18, $phys(1f)
1:  mov $0x10, %eax
    mov %eax, %ds
    mov %eax, %es
    mov %eax, %ss
    mov $phys(boot_stack_top), %esp

    mov $0x80000000, %eax
    cpuid
    cmp $0x80000001, %eax
    jb no_long_mode
    mov $0x80000001, %eax
    cpuid
    bt $29, %edx
    jnc no_long_mode
    mov %edx, %ebx /* bit 20: NX */

    mov $0x20, %eax /* PAE */
    mov %eax, %cr4
    mov $phys(boot_l4), %eax
    mov %eax, %cr3
    mov $0xc0000080, %ecx
    rdmsr
    or $0x100, %eax
    bt $20, %ebx
    jnc 2f
    or $0x800, %eax
2:  wrmsr
    mov $0x80010033, %eax /* PG WP NE ET MP PE */
    mov %eax, %cr0
    ljmp $0x08, $phys(3f)

no_long_mode:
    mov $phys(no_long_mode_text), %esi
4:  lodsb
    test %al, %al
    jz 6f
    mov %al, %bl
    mov $0x3fd, %dx
5:  inb %dx, %al
    test $0x20, %al
    jz 5b
    mov %bl, %al
    mov $0x3f8, %dx
    outb %al, %dx
    jmp 4b
6:  hlt
    jmp 6b

    .code64
3:  movabs $start64, %rax
    jmp *%rax

start64:
    lgdt boot_gdtr64(%rip)
    xor %eax, %eax
    mov %eax, %fs
    mov %eax, %gs
    mov $XEN_DS, %eax
    mov %eax, %ds
    mov %eax, %es
    mov %eax, %ss
    lea boot_stack_top(%rip), %rsp
    mov %edi, %r12d
    mov %esi, %r13d

    /* This CPU's per-CPU area is a copy of the template; its head is what %gs points to. */
    lea __percpu_start(%rip), %rsi
    lea __bsp_percpu(%rip), %rdi
    lea __percpu_end(%rip), %rcx
    sub %rsi, %rcx
    mov %rdi, %rbx
    rep movsb
    mov %rbx, %rax
    lea __percpu_start(%rip), %rdx
    sub %rdx, %rax
    mov %rax, ANCHOR_offset(%rbx)
    mov %rsp, ANCHOR_stack_top(%rbx)
    rdtsc
    shl $32, %rax
    xor %rdx, %rax
    xor %rbx, %rax
    xor %al, %al /* a zero byte stops string overruns */
    mov %rax, ANCHOR_canary(%rbx)
    mov $0xc0000101, %ecx
    mov %ebx, %eax
    mov %rbx, %rdx
    shr $32, %rdx
    wrmsr

    mov %r12d, %edi
    mov %r13d, %esi
    xor %ebp, %ebp
    push $0
    push $0
    call start_xen
    ud2

    .section .rodata.boot, "a", @progbits
no_long_mode_text:
    .asciz "Craton needs a 64-bit CPU.\r\n"

    .section .data.page_aligned, "aw", @progbits
    .balign 16
    .globl boot_gdt
    .hidden boot_gdt
boot_gdt:
    .quad 0
    .quad 0x00af9b000000ffff /* 0x08: code, 64 bit */
    .quad 0x00cf93000000ffff /* 0x10: data */
    .quad 0x00cf9b000000ffff /* 0x18: code, 32 bit */
boot_gdt_end:
boot_gdtr:
    .word boot_gdt_end - boot_gdt - 1
    .long phys(boot_gdt)
    .balign 8
    .globl boot_gdtr64
    .hidden boot_gdtr64
boot_gdtr64:
    .word boot_gdt_end - boot_gdt - 1
    .quad boot_gdt

#define TABLE 0x63 /* present, writable, accessed, dirty */
#define LEAF_2M 0xe3
#define L4_INDEX(va) (((va) >> 39) & 511)
#define L3_INDEX(va) (((va) >> 30) & 511)
    .balign 4096
    .globl boot_l4
    .hidden boot_l4
boot_l4:
    .quad phys(boot_l3) + TABLE
    .fill L4_INDEX(XEN_VIRT_START) - 1, 8, 0
    .quad phys(boot_l3_image) + TABLE
    .fill L4_INDEX(DIRECTMAP_VIRT_START) - L4_INDEX(XEN_VIRT_START) - 1, 8, 0
    .quad phys(boot_l3) + TABLE
    .fill 511 - L4_INDEX(DIRECTMAP_VIRT_START), 8, 0
boot_l3:
    .quad phys(boot_l2) + TABLE
    .quad phys(boot_l2) + 0x1000 + TABLE
    .quad phys(boot_l2) + 0x2000 + TABLE
    .quad phys(boot_l2) + 0x3000 + TABLE
    .fill 508, 8, 0
boot_l3_image:
    .fill L3_INDEX(XEN_VIRT_START), 8, 0
    .quad phys(boot_l2) + TABLE
    .fill 511 - L3_INDEX(XEN_VIRT_START), 8, 0
boot_l2:
    .set addr, 0
    .rept 2048
    .quad addr + LEAF_2M
    .set addr, addr + 0x200000
    .endr

    .section .bss.page_aligned, "aw", @nobits
    .balign 4096
    .globl boot_stacks, boot_stack_top
    .hidden boot_stacks
    .hidden boot_stack_top
boot_stacks: /* struct of cpu/stacks.h: guarded stacks; mm/ unmaps the guards */
    .skip 18 * 4096 /* STACKS_PAGES */
boot_stack_top:

    .section .note.GNU-stack, "", @progbits
