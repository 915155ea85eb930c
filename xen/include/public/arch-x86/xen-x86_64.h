/* SPDX-License-Identifier: MIT */
/* 64-bit x86: PV segment selectors, the M2P window and the register frame of a 64-bit guest. */
#ifndef CRATON_PUBLIC_ARCH_X86_XEN_X86_64_H
#define CRATON_PUBLIC_ARCH_X86_XEN_X86_64_H

#define FLAT_RING3_CS32         0xe023
#define FLAT_RING3_CS64         0xe033
#define FLAT_RING3_DS32         0xe02b
#define FLAT_RING3_DS64         0x0000
#define FLAT_RING3_SS32         0xe02b
#define FLAT_RING3_SS64         0xe02b
#define FLAT_KERNEL_DS64        FLAT_RING3_DS64
#define FLAT_KERNEL_DS32        FLAT_RING3_DS32
#define FLAT_KERNEL_DS          FLAT_KERNEL_DS64
#define FLAT_KERNEL_CS64        FLAT_RING3_CS64
#define FLAT_KERNEL_CS32        FLAT_RING3_CS32
#define FLAT_KERNEL_CS          FLAT_KERNEL_CS64
#define FLAT_KERNEL_SS64        FLAT_RING3_SS64
#define FLAT_KERNEL_SS32        FLAT_RING3_SS32
#define FLAT_KERNEL_SS          FLAT_KERNEL_SS64
#define FLAT_USER_DS64          FLAT_RING3_DS64
#define FLAT_USER_DS32          FLAT_RING3_DS32
#define FLAT_USER_DS            FLAT_USER_DS64
#define FLAT_USER_CS64          FLAT_RING3_CS64
#define FLAT_USER_CS32          FLAT_RING3_CS32
#define FLAT_USER_CS            FLAT_USER_CS64
#define FLAT_USER_SS64          FLAT_RING3_SS64
#define FLAT_USER_SS32          FLAT_RING3_SS32
#define FLAT_USER_SS            FLAT_USER_SS64
#define __HYPERVISOR_VIRT_START 0xFFFF800000000000
#define __HYPERVISOR_VIRT_END   0xFFFF880000000000
#define __MACH2PHYS_VIRT_START  0xFFFF800000000000
#define __MACH2PHYS_VIRT_END    0xFFFF804000000000
#define HYPERVISOR_VIRT_START   xen_mk_ulong(__HYPERVISOR_VIRT_START)
#define HYPERVISOR_VIRT_END     xen_mk_ulong(__HYPERVISOR_VIRT_END)
#define MACH2PHYS_VIRT_START    xen_mk_ulong(__MACH2PHYS_VIRT_START)
#define MACH2PHYS_VIRT_END      xen_mk_ulong(__MACH2PHYS_VIRT_END)
#define MACH2PHYS_NR_ENTRIES    ((MACH2PHYS_VIRT_END - MACH2PHYS_VIRT_START) >> 3)
#define machine_to_phys_mapping ((unsigned long *)HYPERVISOR_VIRT_START)
#define SEGBASE_FS              0
#define SEGBASE_GS_USER         1
#define SEGBASE_GS_KERNEL       2
#define SEGBASE_GS_USER_SEL     3
#define _VGCF_in_syscall        8
#define VGCF_in_syscall         (1 << _VGCF_in_syscall)
#define VGCF_IN_SYSCALL         VGCF_in_syscall
#ifndef __ASSEMBLY__
struct iret_context {
    uint64_t rax, r11, rcx, flags, rip, cs, rflags, rsp, ss;
};

/* A register under all its names, by what its narrower parts are called. */
#define REG_ABCD_(c)      \
    union {               \
        uint64_t r##c##x; \
        uint32_t e##c##x; \
        uint16_t c##x;    \
        struct {          \
            uint8_t c##l; \
            uint8_t c##h; \
        };                \
    }
#define REG_BYTE_(n)   \
    union {            \
        uint64_t r##n; \
        uint32_t e##n; \
        uint16_t n;    \
        uint8_t n##l;  \
    }
#define REG_WORD_(n)   \
    union {            \
        uint64_t r##n; \
        uint32_t e##n; \
        uint16_t n;    \
    }
#define REG_NUM_(n)       \
    union {               \
        uint64_t r##n;    \
        uint32_t r##n##d; \
        uint16_t r##n##w; \
        uint8_t r##n##b;  \
    }

struct cpu_user_regs {
    REG_NUM_(15);
    REG_NUM_(14);
    REG_NUM_(13);
    REG_NUM_(12);
    REG_BYTE_(bp);
    REG_ABCD_(b);
    REG_NUM_(11);
    REG_NUM_(10);
    REG_NUM_(9);
    REG_NUM_(8);
    REG_ABCD_(a);
    REG_ABCD_(c);
    REG_ABCD_(d);
    REG_BYTE_(si);
    REG_BYTE_(di);
    uint32_t error_code;
    uint32_t entry_vector;
    REG_WORD_(ip);
    uint16_t cs, _pad0[1];
    uint8_t saved_upcall_mask;
    uint8_t _pad1[3];
    REG_WORD_(flags);
    REG_BYTE_(sp);
    uint16_t ss, _pad2[3];
    uint16_t es, _pad3[3];
    uint16_t ds, _pad4[3];
    uint16_t fs, _pad5[3];
    uint16_t gs, _pad6[3];
};
typedef struct cpu_user_regs cpu_user_regs_t;
DEFINE_XEN_GUEST_HANDLE(cpu_user_regs_t);

#undef REG_ABCD_
#undef REG_BYTE_
#undef REG_WORD_
#undef REG_NUM_

#define xen_pfn_to_cr3(pfn) ((unsigned long)(pfn) << 12)
#define xen_cr3_to_pfn(cr3) ((unsigned long)(cr3) >> 12)

struct arch_vcpu_info {
    unsigned long cr2;
    unsigned long pad;
};
typedef struct arch_vcpu_info arch_vcpu_info_t;
typedef unsigned long xen_callback_t;
#endif

/* Sizes are part of the interface. */
#ifndef __ASSEMBLY__
_Static_assert(sizeof(struct iret_context) == 72, "iret_context");
_Static_assert(sizeof(struct cpu_user_regs) == 200, "cpu_user_regs");
_Static_assert(sizeof(struct arch_vcpu_info) == 16, "arch_vcpu_info");
#endif

#endif /* CRATON_PUBLIC_ARCH_X86_XEN_X86_64_H */
