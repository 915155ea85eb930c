/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The virtual machine control block as the processor lays it out (AMD APM vol. 2, appendix B),
 * its bits, and the exit codes (appendix C). Private to svm/.
 */
#ifndef HVM_SVM_VMCB_H
#define HVM_SVM_VMCB_H

#include <xen/types.h>
#include <asm/msr_index.h>
#include <asm/hvm/hvm.h>

struct vmcb {
    /* control area */
    u32 intercept_cr; /* reads 15:0, writes 31:16 */
    u32 intercept_dr;
    u32 intercept_exceptions;
    u32 intercept1;
    u32 intercept2;
    u32 intercept3;
    u8 reserved_18[0x3c - 0x18];
    u16 pause_filter_threshold;
    u16 pause_filter_count;
    u64 iopm_base;
    u64 msrpm_base;
    u64 tsc_offset;
    u32 asid;
    u8 tlb_control;
    u8 reserved_5d[3];
    u64 vintr;
    u64 interrupt_shadow;
    u64 exitcode;
    u64 exitinfo1;
    u64 exitinfo2;
    u64 exitintinfo;
    u64 np_enable;
    u64 avic_apic_bar;
    u64 ghcb;
    u64 eventinj;
    u64 n_cr3;
    u64 lbr_virt;
    u32 clean;
    u32 reserved_c4;
    u64 nrip;
    u8 insn_bytes_fetched;
    u8 insn_bytes[15];
    u8 reserved_e0[0x400 - 0xe0];
    /* state save area */
    struct segment_register es, cs, ss, ds, fs, gs, gdtr, ldtr, idtr, tr;
    u8 reserved_4a0[0x4cb - 0x4a0];
    u8 cpl;
    u32 reserved_4cc;
    u64 efer;
    u8 reserved_4d8[0x548 - 0x4d8];
    u64 cr4, cr3, cr0, dr7, dr6, rflags, rip;
    u8 reserved_580[0x5d8 - 0x580];
    u64 rsp, s_cet, ssp, isst;
    u64 rax;
    u64 star, lstar, cstar, sfmask, kernel_gs_base;
    u64 sysenter_cs, sysenter_esp, sysenter_eip;
    u64 cr2;
    u8 reserved_648[0x668 - 0x648];
    u64 g_pat;
    u64 debugctl;
    u64 lbr[4];
    u8 reserved_698[0x1000 - 0x698];
};
#define VMCB_AT(field, off) \
    _Static_assert(offsetof(struct vmcb, field) == (off), "VMCB layout: " #field)
VMCB_AT(pause_filter_count, 0x3e);
VMCB_AT(iopm_base, 0x40);
VMCB_AT(tsc_offset, 0x50);
VMCB_AT(asid, 0x58);
VMCB_AT(tlb_control, 0x5c);
VMCB_AT(vintr, 0x60);
VMCB_AT(exitcode, 0x70);
VMCB_AT(exitintinfo, 0x88);
VMCB_AT(np_enable, 0x90);
VMCB_AT(eventinj, 0xa8);
VMCB_AT(n_cr3, 0xb0);
VMCB_AT(clean, 0xc0);
VMCB_AT(nrip, 0xc8);
VMCB_AT(es, 0x400);
VMCB_AT(gdtr, 0x460);
VMCB_AT(tr, 0x490);
VMCB_AT(cpl, 0x4cb);
VMCB_AT(efer, 0x4d0);
VMCB_AT(cr4, 0x548);
VMCB_AT(cr0, 0x558);
VMCB_AT(rflags, 0x570);
VMCB_AT(rip, 0x578);
VMCB_AT(rsp, 0x5d8);
VMCB_AT(rax, 0x5f8);
VMCB_AT(star, 0x600);
VMCB_AT(sysenter_cs, 0x628);
VMCB_AT(cr2, 0x640);
VMCB_AT(g_pat, 0x668);
VMCB_AT(lbr, 0x678);
_Static_assert(sizeof(struct vmcb) == 0x1000, "a VMCB is one page");
_Static_assert(sizeof(struct segment_register) == 16, "a VMCB segment is 16 bytes");

#define CR_READ(n)  (1U << (n))
#define CR_WRITE(n) (1U << ((n) + 16))

/* intercept1 (offset 0x0c) */
#define I1_INTR        (1U << 0)
#define I1_NMI         (1U << 1)
#define I1_INIT        (1U << 3)
#define I1_RDTSC       (1U << 14)
#define I1_RDPMC       (1U << 15)
#define I1_CPUID       (1U << 18)
#define I1_IRET        (1U << 20)
#define I1_INVD        (1U << 22)
#define I1_PAUSE       (1U << 23)
#define I1_HLT         (1U << 24)
#define I1_INVLPGA     (1U << 26)
#define I1_IOIO        (1U << 27)
#define I1_MSR         (1U << 28)
#define I1_TASK_SWITCH (1U << 29)
#define I1_FERR        (1U << 30)
#define I1_SHUTDOWN    (1U << 31)
/* intercept2 (offset 0x10) */
#define I2_VMRUN       (1U << 0)
#define I2_VMMCALL     (1U << 1)
#define I2_VMLOAD      (1U << 2)
#define I2_VMSAVE      (1U << 3)
#define I2_STGI        (1U << 4)
#define I2_CLGI        (1U << 5)
#define I2_SKINIT      (1U << 6)
#define I2_RDTSCP      (1U << 7)
#define I2_WBINVD      (1U << 9)
#define I2_MONITOR     (1U << 10)
#define I2_MWAIT       (1U << 11)
#define I2_MWAIT_ARMED (1U << 12)
#define I2_XSETBV      (1U << 13)
#define I2_RDPRU       (1U << 14)

/* vintr (offset 0x60) */
#define VINTR_TPR_MASK     0xfUL
#define VINTR_IRQ          (1UL << 8)
#define VINTR_PRIO_SHIFT   16
#define VINTR_IGN_TPR      (1UL << 20)
#define VINTR_INTR_MASKING (1UL << 24)
#define VINTR_VECTOR_SHIFT 32

#define TLB_FLUSH_NONE     0
#define TLB_FLUSH_ALL      1

/* EVENTINJ and EXITINTINFO */
#define EVENT_VALID       (1UL << 31)
#define EVENT_ERROR_VALID (1UL << 11)
#define EVENT_TYPE_SHIFT  8
#define EVENT_VECTOR(e)   ((u8)(e))
#define EVENT_TYPE(e)     (((e) >> 8) & 7)
#define EVENT_ERROR(e)    ((u32)((e) >> 32))

/* Clean bits: what the processor may keep from the last VMRUN of this VMCB on this CPU. */
#define CLEAN_INTERCEPTS (1U << 0)
#define CLEAN_IOPM       (1U << 1)
#define CLEAN_ASID       (1U << 2)
#define CLEAN_TPR        (1U << 3)
#define CLEAN_NP         (1U << 4)
#define CLEAN_CR         (1U << 5)
#define CLEAN_DR         (1U << 6)
#define CLEAN_DT         (1U << 7)
#define CLEAN_SEG        (1U << 8)
#define CLEAN_CR2        (1U << 9)
#define CLEAN_LBR        (1U << 10)
#define CLEAN_ALL        0x7ffU

enum svm_exitcode {
    VMEXIT_CR0_READ = 0x00,
    VMEXIT_CR0_WRITE = 0x10,
    VMEXIT_DR0_READ = 0x20,
    VMEXIT_DR0_WRITE = 0x30,
    VMEXIT_EXCEPTION_0 = 0x40,
    VMEXIT_INTR = 0x60,
    VMEXIT_NMI = 0x61,
    VMEXIT_SMI = 0x62,
    VMEXIT_INIT = 0x63,
    VMEXIT_VINTR = 0x64,
    VMEXIT_RDTSC = 0x6e,
    VMEXIT_RDPMC = 0x6f,
    VMEXIT_CPUID = 0x72,
    VMEXIT_IRET = 0x74,
    VMEXIT_INVD = 0x76,
    VMEXIT_PAUSE = 0x77,
    VMEXIT_HLT = 0x78,
    VMEXIT_INVLPGA = 0x7a,
    VMEXIT_IOIO = 0x7b,
    VMEXIT_MSR = 0x7c,
    VMEXIT_TASK_SWITCH = 0x7d,
    VMEXIT_FERR_FREEZE = 0x7e,
    VMEXIT_SHUTDOWN = 0x7f,
    VMEXIT_VMRUN = 0x80,
    VMEXIT_VMMCALL = 0x81,
    VMEXIT_VMLOAD = 0x82,
    VMEXIT_VMSAVE = 0x83,
    VMEXIT_STGI = 0x84,
    VMEXIT_CLGI = 0x85,
    VMEXIT_SKINIT = 0x86,
    VMEXIT_RDTSCP = 0x87,
    VMEXIT_ICEBP = 0x88,
    VMEXIT_WBINVD = 0x89,
    VMEXIT_MONITOR = 0x8a,
    VMEXIT_MWAIT = 0x8b,
    VMEXIT_MWAIT_ARMED = 0x8c,
    VMEXIT_XSETBV = 0x8d,
    VMEXIT_RDPRU = 0x8e,
    NR_VMEXIT_LOW,
    VMEXIT_NPF = 0x400,
};
#define VMEXIT_INVALID (~0UL)

/* CPUID 8000000A EDX */
#define SVM_FEAT_NPT          (1U << 0)
#define SVM_FEAT_NRIP         (1U << 3)
#define SVM_FEAT_CLEAN        (1U << 5)
#define SVM_FEAT_FLUSH_ASID   (1U << 6)
#define SVM_FEAT_DECODE       (1U << 7)
#define SVM_FEAT_PAUSE_FILTER (1U << 10)

#endif
