/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The image: text, init text | read-only data | data, per-CPU template | bss, stacks of the boot
 * CPU. Each part is page-aligned, because arch/x86/mm maps each with its own rights (W^X).
 * Load addresses are link addresses - XEN_VIRT_START: GRUB puts the flat file at XEN_PHYS_START.
 */
#include <asm/config.h>

OUTPUT_FORMAT("elf64-x86-64")
ENTRY(start_phys)

PHDRS
{
    text PT_LOAD FLAGS(5);
    rodata PT_LOAD FLAGS(4);
    data PT_LOAD FLAGS(6);
}

SECTIONS
{
    . = XEN_VIRT_START + XEN_PHYS_START;
    _start = .;
    start_phys = start32 - XEN_VIRT_START;

    .text : AT(ADDR(.text) - XEN_VIRT_START) {
        _stext = .;
        KEEP(*(.multiboot))
        *(.text.entry)
        *(EXCLUDE_FILE(*.a:*) .text EXCLUDE_FILE(*.a:*) .text.*)
        . = ALIGN(4096);
        _sinittext = .;
        *(.init.text .init.text.*)
        *(.text .text.*)
        . = ALIGN(4096);
        _einittext = .;
        _etext = .;
    } :text

    .rodata : AT(ADDR(.rodata) - XEN_VIRT_START) {
        _srodata = .;
        *(.rodata .rodata.*)
        *(.init.rodata .init.rodata.*)
        *(.data.rel.ro .data.rel.ro.*)
        *(.got .got.plt)
        . = ALIGN(32);
        __start_ex_table = .;
        KEEP(*(.ex_table))
        __stop_ex_table = .;
        . = ALIGN(32);
        __start_params = .;
        KEEP(*(.init.setup))
        __stop_params = .;
        . = ALIGN(8);
        __note_build_id_start = .;
        *(.note.gnu.build-id)
        __note_build_id_end = .;
        . = ALIGN(16);
        *(.rodata.symbols)
        . = ALIGN(4096);
        _erodata = .;
    } :rodata

    .data : AT(ADDR(.data) - XEN_VIRT_START) {
        _sdata = .;
        __percpu_start = .;
        KEEP(*(.data.percpu.anchor))
        . = ALIGN(64);
        *(.data.percpu .data.percpu.*)
        . = ALIGN(64);
        __percpu_end = .;
        . = ALIGN(4096);
        *(.data.page_aligned)
        *(.data.read_mostly)
        *(.data .data.*)
        . = ALIGN(4096);
        __init_data_start = .;
        *(.init.data .init.data.*)
        . = ALIGN(4096);
        __init_data_end = .;
        _edata = .;
    } :data

    .bss : AT(ADDR(.bss) - XEN_VIRT_START) {
        . = ALIGN(4096);
        __bsp_percpu = .;
        . += __percpu_end - __percpu_start;
        . = ALIGN(4096);
        *(.bss.page_aligned)
        *(.bss .bss.* COMMON)
        . = ALIGN(4096);
        _end = .;
    } :data

    /DISCARD/ : {
        *(.comment .note .note.GNU-stack .note.gnu.property .eh_frame .eh_frame_hdr)
        *(.dynamic .dynsym .dynstr .hash .gnu.hash .interp)
    }
}

ASSERT(_end - _start < 0x3e00000, "the image no longer fits before 64 MiB")
