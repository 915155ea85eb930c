/* SPDX-License-Identifier: MIT */
/* Pages through which the hypervisor hands I/O accesses of a guest to a device model. */
#ifndef CRATON_PUBLIC_HVM_IOREQ_H
#define CRATON_PUBLIC_HVM_IOREQ_H

#include "../xen.h"

/* dir */
#define IOREQ_READ  1
#define IOREQ_WRITE 0

/*
 * state: free, waiting for the device model, being worked on, answered. Either side changes it
 * only from the state it is responsible for.
 */
#define STATE_IOREQ_NONE      0
#define STATE_IOREQ_READY     1
#define STATE_IOREQ_INPROCESS 2
#define STATE_IORESP_READY    3

/*
 * type: port; memory; PCI configuration space (addr: segment, bus, device, function and register);
 * guest changed its clock; drop caches of guest memory.
 */
#define IOREQ_TYPE_PIO        0
#define IOREQ_TYPE_COPY       1
#define IOREQ_TYPE_PCI_CONFIG 2
#define IOREQ_TYPE_TIMEOFFSET 7
#define IOREQ_TYPE_INVALIDATE 8

/*
 * One access of one vCPU. With data_is_ptr it is a string operation and data a guest physical
 * address.
 */
struct ioreq {
    uint64_t addr; /* port or guest physical address */
    uint64_t data;
    uint32_t count;    /* repetitions */
    uint32_t size;     /* bytes: 1, 2, 4, 8 */
    uint32_t vp_eport; /* event channel of this vCPU */
    uint16_t _pad0;
    uint8_t state : 4; /* STATE_* */
    uint8_t data_is_ptr : 1;
    uint8_t dir : 1;
    uint8_t df : 1; /* addresses go down */
    uint8_t _pad1 : 1;
    uint8_t type; /* IOREQ_TYPE_* */
};
typedef struct ioreq ioreq_t;

/* The synchronous page: really one ioreq per vCPU. */
struct shared_iopage {
    struct ioreq vcpu_ioreq[1];
};
typedef struct shared_iopage shared_iopage_t;

/* A posted write. 64-bit data takes two slots. */
struct buf_ioreq {
    uint8_t type;
    uint8_t pad : 1;
    uint8_t dir : 1;
    uint8_t size : 2; /* log2 of bytes */
    uint32_t addr : 20;
    uint32_t data;
};
typedef struct buf_ioreq buf_ioreq_t;

#define IOREQ_BUFFER_SLOT_NUM 511

/* The page of posted writes; pointers run freely. */
struct buffered_iopage {
    uint32_t read_pointer;
    uint32_t write_pointer;
    buf_ioreq_t buf_ioreq[IOREQ_BUFFER_SLOT_NUM];
};
typedef struct buffered_iopage buffered_iopage_t;

/* Ports of emulated power management, in the two layouts of HVM_PARAM_ACPI_IOPORTS_LOCATION. */
#define ACPI_PM1A_EVT_BLK_ADDRESS_V0 0x1f40
#define ACPI_PM1A_CNT_BLK_ADDRESS_V0 (ACPI_PM1A_EVT_BLK_ADDRESS_V0 + 0x04)
#define ACPI_PM_TMR_BLK_ADDRESS_V0   (ACPI_PM1A_EVT_BLK_ADDRESS_V0 + 0x08)
#define ACPI_GPE0_BLK_ADDRESS_V0     (ACPI_PM_TMR_BLK_ADDRESS_V0 + 0x20)
#define ACPI_GPE0_BLK_LEN_V0         0x08
#define ACPI_PM1A_EVT_BLK_ADDRESS_V1 0xb000
#define ACPI_PM1A_CNT_BLK_ADDRESS_V1 (ACPI_PM1A_EVT_BLK_ADDRESS_V1 + 0x04)
#define ACPI_PM_TMR_BLK_ADDRESS_V1   (ACPI_PM1A_EVT_BLK_ADDRESS_V1 + 0x08)
#define ACPI_GPE0_BLK_ADDRESS_V1     0xafe0
#define ACPI_GPE0_BLK_LEN_V1         0x04
#define ACPI_PM1A_EVT_BLK_ADDRESS    ACPI_PM1A_EVT_BLK_ADDRESS_V0
#define ACPI_PM1A_CNT_BLK_ADDRESS    ACPI_PM1A_CNT_BLK_ADDRESS_V0
#define ACPI_PM_TMR_BLK_ADDRESS      ACPI_PM_TMR_BLK_ADDRESS_V0
#define ACPI_GPE0_BLK_ADDRESS        ACPI_GPE0_BLK_ADDRESS_V0
#define ACPI_GPE0_BLK_LEN            ACPI_GPE0_BLK_LEN_V0

/* Sizes are part of the interface. */
_Static_assert(sizeof(struct ioreq) == 32, "ioreq");
_Static_assert(sizeof(struct shared_iopage) == 32, "shared_iopage");
_Static_assert(sizeof(struct buf_ioreq) == 8, "buf_ioreq");
_Static_assert(sizeof(struct buffered_iopage) == 4096, "buffered_iopage");

#endif /* CRATON_PUBLIC_HVM_IOREQ_H */
