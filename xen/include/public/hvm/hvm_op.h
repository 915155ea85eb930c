/* SPDX-License-Identifier: MIT */
/* hvm_op: operations for and on hardware virtualised domains. */
#ifndef CRATON_PUBLIC_HVM_HVM_OP_H
#define CRATON_PUBLIC_HVM_HVM_OP_H

#include "../xen.h"
#include "../trace.h"
#include "../event_channel.h"

/* HVM_PARAM_* of a domain (params.h). Guests may read most and write few. */
#define HVMOP_set_param 0
#define HVMOP_get_param 1

struct xen_hvm_param {
    domid_t domid;
    uint16_t pad;
    uint32_t index;
    uint64_t value;
};
typedef struct xen_hvm_param xen_hvm_param_t;
DEFINE_XEN_GUEST_HANDLE(xen_hvm_param_t);

struct xen_hvm_altp2m_suppress_ve {
    uint16_t view;
    uint8_t suppress_ve;
    uint8_t pad1;
    uint32_t pad2;
    uint64_t gfn;
};

struct xen_hvm_altp2m_suppress_ve_multi {
    uint16_t view;
    uint8_t suppress_ve;
    uint8_t pad1;
    int32_t first_error;
    uint64_t first_gfn;
    uint64_t last_gfn;
    uint64_t first_error_gfn;
};

#define HVMOP_flush_tlbs 5

typedef enum {
    HVMMEM_ram_rw,
    HVMMEM_ram_ro,
    HVMMEM_mmio_dm,
    HVMMEM_unused,
    HVMMEM_ioreq_server
} hvmmem_type_t;

#define HVMOP_pagetable_dying 9

struct xen_hvm_pagetable_dying {
    domid_t domid;
    uint16_t pad[3];
    uint64_t gpa;
};
typedef struct xen_hvm_pagetable_dying xen_hvm_pagetable_dying_t;
DEFINE_XEN_GUEST_HANDLE(xen_hvm_pagetable_dying_t);

/* Current time of the guest's platform timers, ns. */
#define HVMOP_get_time 10

struct xen_hvm_get_time {
    uint64_t now;
};
typedef struct xen_hvm_get_time xen_hvm_get_time_t;
DEFINE_XEN_GUEST_HANDLE(xen_hvm_get_time_t);

#define HVMOP_xentrace 11

struct xen_hvm_xentrace {
    uint16_t event, extra_bytes;
    uint8_t extra[TRACE_EXTRA_MAX * sizeof(uint32_t)];
};
typedef struct xen_hvm_xentrace xen_hvm_xentrace_t;
DEFINE_XEN_GUEST_HANDLE(xen_hvm_xentrace_t);

#define HVMOP_set_mem_access 12
#define HVMOP_get_mem_access 13

/* What is at a guest frame (hvmmem_type_t). */
#define HVMOP_get_mem_type 15

struct xen_hvm_get_mem_type {
    domid_t domid;
    uint16_t mem_type;
    uint16_t pad[2];
    uint64_t pfn;
};
typedef struct xen_hvm_get_mem_type xen_hvm_get_mem_type_t;
DEFINE_XEN_GUEST_HANDLE(xen_hvm_get_mem_type_t);

/* Whether a device model takes posted writes, and if so with atomic pointer updates. */
#define HVM_IOREQSRV_BUFIOREQ_OFF    0
#define HVM_IOREQSRV_BUFIOREQ_LEGACY 1
#define HVM_IOREQSRV_BUFIOREQ_ATOMIC 2

/*
 * Events for this vCPU arrive as this vector of its local APIC, instead of through
 * HVM_PARAM_CALLBACK_IRQ. Vectors below 16 fail with -EINVAL.
 */
#define HVMOP_set_evtchn_upcall_vector 23

struct xen_hvm_evtchn_upcall_vector {
    uint32_t vcpu;
    uint8_t vector;
};
typedef struct xen_hvm_evtchn_upcall_vector xen_hvm_evtchn_upcall_vector_t;
DEFINE_XEN_GUEST_HANDLE(xen_hvm_evtchn_upcall_vector_t);

/* The guest asks its monitor for attention. */
#define HVMOP_guest_request_vm_event 24

/* Alternative views of guest memory for introspection; sub-operations below. */
#define HVMOP_altp2m                   25
#define HVMOP_ALTP2M_INTERFACE_VERSION 0x00000001

struct xen_hvm_altp2m_domain_state {
    uint8_t state;
};
typedef struct xen_hvm_altp2m_domain_state xen_hvm_altp2m_domain_state_t;
DEFINE_XEN_GUEST_HANDLE(xen_hvm_altp2m_domain_state_t);

struct xen_hvm_altp2m_vcpu_enable_notify {
    uint32_t vcpu_id;
    uint32_t pad;
    uint64_t gfn;
};
typedef struct xen_hvm_altp2m_vcpu_enable_notify xen_hvm_altp2m_vcpu_enable_notify_t;
DEFINE_XEN_GUEST_HANDLE(xen_hvm_altp2m_vcpu_enable_notify_t);

struct xen_hvm_altp2m_vcpu_disable_notify {
    uint32_t vcpu_id;
};
typedef struct xen_hvm_altp2m_vcpu_disable_notify xen_hvm_altp2m_vcpu_disable_notify_t;
DEFINE_XEN_GUEST_HANDLE(xen_hvm_altp2m_vcpu_disable_notify_t);

struct xen_hvm_altp2m_view {
    uint16_t view;
    uint16_t hvmmem_default_access;
};
typedef struct xen_hvm_altp2m_view xen_hvm_altp2m_view_t;
DEFINE_XEN_GUEST_HANDLE(xen_hvm_altp2m_view_t);

struct xen_hvm_altp2m_mem_access {
    uint16_t view;
    uint16_t access;
    uint32_t pad;
    uint64_t gfn;
};
typedef struct xen_hvm_altp2m_mem_access xen_hvm_altp2m_mem_access_t;
DEFINE_XEN_GUEST_HANDLE(xen_hvm_altp2m_mem_access_t);

struct xen_hvm_altp2m_set_mem_access_multi {
    uint16_t view;
    uint16_t pad;
    uint32_t nr;
    uint64_t opaque;
    XEN_GUEST_HANDLE(const_uint64) pfn_list;
    XEN_GUEST_HANDLE(const_uint8) access_list;
};

struct xen_hvm_altp2m_change_gfn {
    uint16_t view;
    uint16_t pad1;
    uint32_t pad2;
    uint64_t old_gfn;
    uint64_t new_gfn;
};
typedef struct xen_hvm_altp2m_change_gfn xen_hvm_altp2m_change_gfn_t;
DEFINE_XEN_GUEST_HANDLE(xen_hvm_altp2m_change_gfn_t);

struct xen_hvm_altp2m_get_vcpu_p2m_idx {
    uint32_t vcpu_id;
    uint16_t altp2m_idx;
};

struct xen_hvm_altp2m_set_visibility {
    uint16_t altp2m_idx;
    uint8_t visible;
    uint8_t pad;
};

#define HVMOP_altp2m_get_domain_state      1
#define HVMOP_altp2m_set_domain_state      2
#define HVMOP_altp2m_vcpu_enable_notify    3
#define HVMOP_altp2m_create_p2m            4
#define HVMOP_altp2m_destroy_p2m           5
#define HVMOP_altp2m_switch_p2m            6
#define HVMOP_altp2m_set_mem_access        7
#define HVMOP_altp2m_change_gfn            8
#define HVMOP_altp2m_set_mem_access_multi  9
#define HVMOP_altp2m_set_suppress_ve       10
#define HVMOP_altp2m_get_suppress_ve       11
#define HVMOP_altp2m_get_mem_access        12
#define HVMOP_altp2m_vcpu_disable_notify   13
#define HVMOP_altp2m_get_p2m_idx           14
#define HVMOP_altp2m_set_suppress_ve_multi 15
#define HVMOP_altp2m_set_visibility        16

struct xen_hvm_altp2m_op {
    uint32_t version;
    uint32_t cmd;
    domid_t domain;
    uint16_t pad1;
    uint32_t pad2;
    union {
        struct xen_hvm_altp2m_domain_state domain_state;
        struct xen_hvm_altp2m_vcpu_enable_notify enable_notify;
        struct xen_hvm_altp2m_view view;
        struct xen_hvm_altp2m_mem_access mem_access;
        struct xen_hvm_altp2m_change_gfn change_gfn;
        struct xen_hvm_altp2m_set_mem_access_multi set_mem_access_multi;
        struct xen_hvm_altp2m_suppress_ve suppress_ve;
        struct xen_hvm_altp2m_suppress_ve_multi suppress_ve_multi;
        struct xen_hvm_altp2m_vcpu_disable_notify disable_notify;
        struct xen_hvm_altp2m_get_vcpu_p2m_idx get_vcpu_p2m_idx;
        struct xen_hvm_altp2m_set_visibility set_visibility;
        uint8_t pad[64];
    } u;
};
typedef struct xen_hvm_altp2m_op xen_hvm_altp2m_op_t;
DEFINE_XEN_GUEST_HANDLE(xen_hvm_altp2m_op_t);

/* Sizes are part of the interface. */
_Static_assert(sizeof(struct xen_hvm_param) == 16, "xen_hvm_param");
_Static_assert(sizeof(struct xen_hvm_altp2m_suppress_ve) == 16, "xen_hvm_altp2m_suppress_ve");
_Static_assert(sizeof(struct xen_hvm_altp2m_suppress_ve_multi) == 32,
               "xen_hvm_altp2m_suppress_ve_multi");
_Static_assert(sizeof(struct xen_hvm_pagetable_dying) == 16, "xen_hvm_pagetable_dying");
_Static_assert(sizeof(struct xen_hvm_get_time) == 8, "xen_hvm_get_time");
_Static_assert(sizeof(struct xen_hvm_xentrace) == 32, "xen_hvm_xentrace");
_Static_assert(sizeof(struct xen_hvm_get_mem_type) == 16, "xen_hvm_get_mem_type");
_Static_assert(sizeof(struct xen_hvm_evtchn_upcall_vector) == 8, "xen_hvm_evtchn_upcall_vector");
_Static_assert(sizeof(struct xen_hvm_altp2m_domain_state) == 1, "xen_hvm_altp2m_domain_state");
_Static_assert(sizeof(struct xen_hvm_altp2m_vcpu_enable_notify) == 16,
               "xen_hvm_altp2m_vcpu_enable_notify");
_Static_assert(sizeof(struct xen_hvm_altp2m_vcpu_disable_notify) == 4,
               "xen_hvm_altp2m_vcpu_disable_notify");
_Static_assert(sizeof(struct xen_hvm_altp2m_view) == 4, "xen_hvm_altp2m_view");
_Static_assert(sizeof(struct xen_hvm_altp2m_mem_access) == 16, "xen_hvm_altp2m_mem_access");
_Static_assert(sizeof(struct xen_hvm_altp2m_change_gfn) == 24, "xen_hvm_altp2m_change_gfn");
_Static_assert(sizeof(struct xen_hvm_altp2m_get_vcpu_p2m_idx) == 8,
               "xen_hvm_altp2m_get_vcpu_p2m_idx");
_Static_assert(sizeof(struct xen_hvm_altp2m_set_visibility) == 4, "xen_hvm_altp2m_set_visibility");
_Static_assert(sizeof(struct xen_hvm_altp2m_op) == 80, "xen_hvm_altp2m_op");
#ifndef __i386__
_Static_assert(sizeof(struct xen_hvm_altp2m_set_mem_access_multi) == 32,
               "xen_hvm_altp2m_set_mem_access_multi");
#endif

#endif /* CRATON_PUBLIC_HVM_HVM_OP_H */
