/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The smallest PVH guest: an ELF kernel whose entry point idles for ever. It lets tests create and
 * destroy many domains in little time; it needs no memory beyond its page and no interrupt.
 */
    .section .note.pvh, "a", @note
    .long 2f - 1f, 4f - 3f, 18 /* XEN_ELFNOTE_PHYS32_ENTRY */
1:  .asciz "Xen"
2:  .balign 4
3:  .long start
4:  .balign 4

    .text
    .code32
    .globl start
start:
    sti
    hlt
    jmp start
