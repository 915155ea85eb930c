/* SPDX-License-Identifier: MIT */
/*
 * Values shared between the ACPI tables of a guest and the hypervisor's emulation of the hardware
 * they describe.
 */
#ifndef CRATON_PUBLIC_ARCH_X86_GUEST_ACPI_H
#define CRATON_PUBLIC_ARCH_X86_GUEST_ACPI_H

#define XEN_ACPI_CPU_MAP        0xaf00
#define XEN_ACPI_CPU_MAP_LEN    ((HVM_MAX_VCPUS + 7) / 8)
#define XEN_ACPI_GPE0_CPUHP_BIT 2

#endif /* CRATON_PUBLIC_ARCH_X86_GUEST_ACPI_H */
