/* SPDX-License-Identifier: GPL-2.0-only */
/* ACPI tables of a PVH guest: RSDP, XSDT, FADT (hardware-reduced), MADT and a DSDT that names its
 * processors. */
#ifndef LIBXL_BUILD_ACPI_H
#define LIBXL_BUILD_ACPI_H

#include <stddef.h>
#include <stdint.h>

/* The APIC id of a vCPU: the hypervisor's rule. */
static inline uint32_t vcpu_apic_id(unsigned int vcpu)
{
    return vcpu * 2;
}

/* Bytes that acpi_make needs for that many vCPUs. */
size_t acpi_size(unsigned int vcpus);
/* Writes the tables for guest physical base into out[0..acpi_size). The RSDP comes first, so that
 * its address is base. Returns the bytes used. */
size_t acpi_make(uint8_t *out, uint32_t base, unsigned int vcpus);

#endif
