/* SPDX-License-Identifier: MIT */
/*
 * CPUID leaves in which a guest finds the hypervisor. They start at 0x40000000, or at the next
 * multiple of 0x100 when another hypervisor's interface is shown there.
 */
#ifndef CRATON_PUBLIC_ARCH_X86_CPUID_H
#define CRATON_PUBLIC_ARCH_X86_CPUID_H

#define XEN_CPUID_FIRST_LEAF 0x40000000
#define XEN_CPUID_LEAF(i)    (XEN_CPUID_FIRST_LEAF + (i))

/* Base + 0: EAX is the highest leaf; EBX, ECX, EDX spell "XenVMMXenVMM". */
#define XEN_CPUID_SIGNATURE_EBX 0x566e6558
#define XEN_CPUID_SIGNATURE_ECX 0x65584d4d
#define XEN_CPUID_SIGNATURE_EDX 0x4d4d566e

/* Base + 1: EAX is the version, major in the high half and minor in the low one. */

/*
 * Base + 2: EAX counts hypercall pages (1), EBX is the MSR that places one, ECX holds the flags
 * below, EDX is 0.
 */
#define _XEN_CPUID_FEAT1_MMU_PT_UPDATE_PRESERVE_AD 0
#define XEN_CPUID_FEAT1_MMU_PT_UPDATE_PRESERVE_AD  (1u << 0)

/*
 * Base + 3, time. Subleaf 0: EAX bit 0 TSC is emulated, bit 1 host TSC is reliable, bit 2 RDTSCP
 * exists; EBX tsc_mode; ECX guest kHz; EDX incarnation. Subleaf 1: EAX, EBX the offset (low, high),
 * ECX and EDX multiplier and shift from ticks to nanoseconds. Subleaf 2: EAX host kHz.
 */

/* Base + 4, hardware virtualised domains: EAX the flags below, EBX vCPU id, ECX domain id. */
#define XEN_HVM_CPUID_APIC_ACCESS_VIRT (1u << 0) /* xAPIC page accesses need no exit */
#define XEN_HVM_CPUID_X2APIC_VIRT      (1u << 1) /* x2APIC MSR accesses need no exit */
#define XEN_HVM_CPUID_IOMMU_MAPPINGS   (1u << 2) /* devices can reach foreign and granted pages */
#define XEN_HVM_CPUID_VCPU_ID_PRESENT  (1u << 3) /* EBX is valid */
#define XEN_HVM_CPUID_DOMID_PRESENT    (1u << 4) /* ECX is valid */
#define XEN_HVM_CPUID_EXT_DEST_ID      (1u << 5) /* 15-bit APIC ids in IO-APIC entries and MSIs */
#define XEN_HVM_CPUID_UPCALL_VECTOR    (1u << 6) /* per-vCPU upcalls work with physical interrupts */

/* Base + 5, PV domains: EBX bits 7..0 are the width of machine addresses. */
#define XEN_CPUID_MACHINE_ADDRESS_WIDTH_MASK (0xffu << 0)

#define XEN_CPUID_MAX_NUM_LEAVES             5

#endif /* CRATON_PUBLIC_ARCH_X86_CPUID_H */
