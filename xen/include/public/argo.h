/* SPDX-License-Identifier: MIT */
/* argo_op: message rings between domains that the hypervisor mediates. */
#ifndef CRATON_PUBLIC_ARGO_H
#define CRATON_PUBLIC_ARGO_H

#include "xen.h"

#define XEN_ARGO_DOMID_ANY     DOMID_INVALID
#define XEN_ARGO_MAX_RING_SIZE (0x1000000ULL)
typedef uint32_t xen_argo_port_t;
typedef uint64_t xen_argo_gfn_t;

#define XEN_ARGO_MAXIOV 8U

typedef struct xen_argo_iov {
    XEN_GUEST_HANDLE(uint8) iov_hnd;
    uint32_t iov_len;
    uint32_t pad;
} xen_argo_iov_t;

typedef struct xen_argo_addr {
    xen_argo_port_t aport;
    domid_t domain_id;
    uint16_t pad;
} xen_argo_addr_t;

typedef struct xen_argo_send_addr {
    xen_argo_addr_t src;
    xen_argo_addr_t dst;
} xen_argo_send_addr_t;

typedef struct xen_argo_ring {
    uint32_t rx_ptr;
    uint32_t tx_ptr;
    uint8_t reserved[56];
    uint8_t ring[XEN_FLEX_ARRAY_DIM];
} xen_argo_ring_t;

typedef struct xen_argo_register_ring {
    xen_argo_port_t aport;
    domid_t partner_id;
    uint16_t pad;
    uint32_t len;
} xen_argo_register_ring_t;

typedef struct xen_argo_unregister_ring {
    xen_argo_port_t aport;
    domid_t partner_id;
    uint16_t pad;
} xen_argo_unregister_ring_t;

#define XEN_ARGO_MSG_SLOT_SIZE   0x10
#define XEN_ARGO_RING_EXISTS     (1U << 0)
#define XEN_ARGO_RING_SHARED     (1U << 1)
#define XEN_ARGO_RING_EMPTY      (1U << 2)
#define XEN_ARGO_RING_SUFFICIENT (1U << 3)
#define XEN_ARGO_RING_EMSGSIZE   (1U << 4)
#define XEN_ARGO_RING_EBUSY      (1U << 5)

typedef struct xen_argo_ring_data_ent {
    xen_argo_addr_t ring;
    uint16_t flags;
    uint16_t pad;
    uint32_t space_required;
    uint32_t max_message_size;
} xen_argo_ring_data_ent_t;

typedef struct xen_argo_ring_data {
    uint32_t nent;
    uint32_t pad;
    xen_argo_ring_data_ent_t data[XEN_FLEX_ARRAY_DIM];
} xen_argo_ring_data_t;

struct xen_argo_ring_message_header {
    uint32_t len;
    xen_argo_addr_t source;
    uint32_t message_type;
    uint8_t data[XEN_FLEX_ARRAY_DIM];
};

#define XEN_ARGO_OP_register_ring         1
#define XEN_ARGO_REGISTER_FLAG_FAIL_EXIST 0x1
#define XEN_ARGO_OP_unregister_ring       2
#define XEN_ARGO_OP_sendv                 3
#define XEN_ARGO_OP_notify                4

/* Sizes are part of the interface. */
_Static_assert(sizeof(struct xen_argo_addr) == 8, "xen_argo_addr");
_Static_assert(sizeof(struct xen_argo_send_addr) == 16, "xen_argo_send_addr");
_Static_assert(sizeof(struct xen_argo_ring) == 64, "xen_argo_ring");
_Static_assert(sizeof(struct xen_argo_register_ring) == 12, "xen_argo_register_ring");
_Static_assert(sizeof(struct xen_argo_unregister_ring) == 8, "xen_argo_unregister_ring");
_Static_assert(sizeof(struct xen_argo_ring_data_ent) == 20, "xen_argo_ring_data_ent");
_Static_assert(sizeof(struct xen_argo_ring_data) == 8, "xen_argo_ring_data");
_Static_assert(sizeof(struct xen_argo_ring_message_header) == 16, "xen_argo_ring_message_header");
#ifndef __i386__
_Static_assert(sizeof(struct xen_argo_iov) == 16, "xen_argo_iov");
#endif

#endif /* CRATON_PUBLIC_ARGO_H */
