/* SPDX-License-Identifier: GPL-2.0-only */
/* x86 parts of domains and vCPUs. */
#ifndef ASM_DOMAIN_H
#define ASM_DOMAIN_H

#include <xen/types.h>
#include <xen/list.h>
#include <asm/regs.h>
#include <asm/p2m.h>
#include <asm/hvm/hvm.h>
#include <asm/hvm/vlapic.h>
#include <asm/hvm/vioapic.h>
#include <public/hvm/params.h>

struct cpu_policy;
struct svm_vcpu;

struct hvm_vcpu {
    /* What the guest sees or set, where the hardware's copy differs or does not exist. */
    u64 cr4_valid; /* CR4 bits that the CPU policy allows; 0: to be worked out */
    u64 xcr0, xss;
    u64 tsc_offset, tsc_adjust;
    u64 pat, mtrr_def_type;
    u64 mtrr_fixed[11], mtrr_var[16];
    u64 tsc_aux;
    u64 msr_misc_enable, spec_ctrl;
    u64 dr[4], dr6, dr7;
    struct vlapic vlapic;
    int irq_offered;         /* vector offered at the last entry, -1: none */
    bool irq_is_callback;    /* that one is the event callback, not the local APIC's */
    u8 evtchn_upcall_vector; /* HVMOP_set_evtchn_upcall_vector; 0: none */
    bool nmi_masked;
    u32 p2m_generation; /* last p2m flush this vCPU saw */
    struct {
        bool valid;
        u8 vector, type;
        s32 error_code;
        u64 cr2;
    } pending_event; /* exception waiting to be injected, by shared code */
};

struct arch_vcpu {
    struct cpu_regs
        regs; /* guest's general registers, RIP, RSP, RFLAGS: true whenever it does not run */
    struct hvm_vcpu hvm;
    union {
        struct svm_vcpu *svm; /* a back end's own */
        struct vmx_vcpu *vmx;
    };
    unsigned int fpu_cpu;  /* whose registers hold what is in xsave_area (NR_CPUS: nobody's) */
    unsigned int time_cpu; /* where its pvclock data was made (NR_CPUS: renew) */
    void *xsave_area;      /* 64-byte aligned, of the size that the host's XCR0 needs */
};

struct hvm_domain {
    u64 params[HVM_NR_PARAMS];
    struct vioapic *vioapic;
    spinlock_t vioapic_lock;
    unsigned int nr_vioapics;
    u32 emulation_flags; /* XEN_X86_EMU_* */
    u8 callback_via_type;
    u8 callback_vector;
    u32 callback_gsi;
    bool callback_line;       /* level of callback_gsi as last set */
    unsigned long *io_bitmap; /* 64K bits, 1: intercept; domain's own or the shared deny-all */
    u64 *msr_bitmap;
    void *svm;
};

struct arch_domain {
    struct p2m_domain p2m;
    struct hvm_domain hvm;
    struct cpu_policy *cpu_policy;
    u32 tsc_mode, tsc_khz, tsc_incarnation;
    bool vtsc;       /* RDTSC is emulated, counting tsc_khz from vtsc_offset on */
    s64 vtsc_offset; /* system time at which the guest's time began */
    u64 tsc_offset;  /* native TSC: what new vCPUs add to the machine's */
    u32 hvm_mempool_pages;
    bool direct_mapped;   /* guest frame = machine frame; frames given up stay reserved for it */
    unsigned int nr_e820; /* what XENMEM_memory_map answers; protects: e820_lock */
    struct xen_e820_entry *e820;
    spinlock_t e820_lock;
};

#endif
