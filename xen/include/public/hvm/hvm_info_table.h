/* SPDX-License-Identifier: MIT */
/* The table in which the toolstack tells guest firmware the size and shape of the machine. */
#ifndef CRATON_PUBLIC_HVM_HVM_INFO_TABLE_H
#define CRATON_PUBLIC_HVM_HVM_INFO_TABLE_H

#include "../xen.h"

/* Its place in guest memory. */
#define HVM_INFO_PFN    0x09F
#define HVM_INFO_OFFSET 0x800
#define HVM_INFO_PADDR  ((HVM_INFO_PFN << 12) + HVM_INFO_OFFSET)
#define HVM_MAX_VCPUS   128

struct hvm_info_table {
    char signature[8]; /* "HVM INFO" */
    uint32_t length;
    uint8_t checksum; /* makes the sum of all bytes 0 */
    uint8_t apic_mode;
    uint32_t nr_vcpus;
    uint32_t low_mem_pgend;                       /* frame after the last one below 4 GiB */
    uint32_t reserved_mem_pgstart;                /* frames from here on belong to the hypervisor */
    uint32_t high_mem_pgend;                      /* the same above, or 0 */
    uint8_t vcpu_online[(HVM_MAX_VCPUS + 7) / 8]; /* bitmap */
};

/* Sizes are part of the interface. */
_Static_assert(sizeof(struct hvm_info_table) == 48, "hvm_info_table");

#endif /* CRATON_PUBLIC_HVM_HVM_INFO_TABLE_H */
