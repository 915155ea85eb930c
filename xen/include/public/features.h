/* SPDX-License-Identifier: MIT */
/* Feature bits that XENVER_get_features reports and that a kernel's ELF notes can ask for. */
#ifndef CRATON_PUBLIC_FEATURES_H
#define CRATON_PUBLIC_FEATURES_H

/* The guest writes its page and descriptor tables directly. */
#define XENFEAT_writable_page_tables       0
#define XENFEAT_writable_descriptor_tables 1

/* Guest frame numbers are not machine frame numbers. */
#define XENFEAT_auto_translated_physmap 2

/* The kernel runs in ring 0. */
#define XENFEAT_supervisor_mode_kernel 3

/* Details of PV page-table calls. */
#define XENFEAT_pae_pgdir_above_4gb       4
#define XENFEAT_mmu_pt_update_preserve_ad 5
#define XENFEAT_highmem_assist            6
#define XENFEAT_gnttab_map_avail_bits     7

/* Events can arrive as an interrupt vector (HVM_PARAM_CALLBACK_IRQ). */
#define XENFEAT_hvm_callback_vector 8

/* vcpu_time_info can be trusted in hardware virtualised guests. */
#define XENFEAT_hvm_safe_pvclock 9

/* Physical interrupts can be mapped to event channels by hardware virtualised guests. */
#define XENFEAT_hvm_pirqs 10

/* The caller is, or the kernel can be, the control domain. */
#define XENFEAT_dom0 11

/* XENMEMF_vnode is understood. */
#define XENFEAT_memory_op_vnode_supported 13
#define XENFEAT_ARM_SMCCC_supported       14

/* The kernel takes the ACPI root pointer at any address. */
#define XENFEAT_linux_rsdp_unrestricted 15

/*
 * Guest frame numbers of the caller are, or are not, its machine frame numbers. Exactly one of the
 * two is set.
 */
#define XENFEAT_not_direct_mapped 16
#define XENFEAT_direct_mapped     17

/* Valid indices are below this. */
#define XENFEAT_NR_SUBMAPS 1

#endif /* CRATON_PUBLIC_FEATURES_H */
