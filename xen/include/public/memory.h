/* SPDX-License-Identifier: MIT */
/* memory_op: reserve, place, describe and share guest memory. */
#ifndef CRATON_PUBLIC_MEMORY_H
#define CRATON_PUBLIC_MEMORY_H

#include "xen.h"
#include "physdev.h"

/*
 * Give the domain, or take from it, nr_extents blocks of 1 << extent_order pages. populate_physmap
 * reads guest frame numbers from extent_start; increase_reservation writes machine frame numbers
 * there. Returns the number of blocks done, which can be fewer than asked.
 */
#define XENMEM_increase_reservation 0
#define XENMEM_decrease_reservation 1
#define XENMEM_populate_physmap     6

/* mem_flags: width of machine addresses, NUMA node, and how strictly to keep to it. */
#define XENMEMF_address_bits(x)     (x)
#define XENMEMF_get_address_bits(x) ((x)&0xffu)
#define XENMEMF_node(x)             (((x) + 1) << 8)
#define XENMEMF_get_node(x)         ((((x) >> 8) - 1) & 0xffu)
#define XENMEMF_populate_on_demand  (1 << 16)
#define XENMEMF_exact_node_request  (1 << 17)
#define XENMEMF_exact_node(n)       (XENMEMF_node(n) | XENMEMF_exact_node_request)
#define XENMEMF_vnode               (1 << 18)

/* Argument of the three calls above. domid: DOMID_SELF, or a domain the caller controls. */
struct xen_memory_reservation {
    XEN_GUEST_HANDLE(xen_pfn_t) extent_start;
    xen_ulong_t nr_extents;
    unsigned int extent_order;
    unsigned int mem_flags;
    domid_t domid;
};
typedef struct xen_memory_reservation xen_memory_reservation_t;
DEFINE_XEN_GUEST_HANDLE(xen_memory_reservation_t);

/* Swap pages for others with wanted properties (PV). */
#define XENMEM_exchange 11

struct xen_memory_exchange {
    struct xen_memory_reservation in;
    struct xen_memory_reservation out;
    xen_ulong_t nr_exchanged;
};
typedef struct xen_memory_exchange xen_memory_exchange_t;
DEFINE_XEN_GUEST_HANDLE(xen_memory_exchange_t);

/* Returns the highest machine frame number plus one. No argument. */
#define XENMEM_maximum_ram_page 2

struct xen_memory_domain {
    domid_t domid;
};

/*
 * Return pages that a domain has, or may have, or its highest guest frame number. Argument: struct
 * xen_memory_domain.
 */
#define XENMEM_current_reservation 3
#define XENMEM_maximum_reservation 4
#define XENMEM_maximum_gpfn        14

/* Where the machine-to-physical table lies (PV). */
#define XENMEM_machphys_mfn_list 5

struct xen_machphys_mfn_list {
    unsigned int max_extents;
    XEN_GUEST_HANDLE(xen_pfn_t) extent_start;
    unsigned int nr_extents;
};
typedef struct xen_machphys_mfn_list xen_machphys_mfn_list_t;
DEFINE_XEN_GUEST_HANDLE(xen_machphys_mfn_list_t);

#define XENMEM_machphys_compat_mfn_list 25
#define XENMEM_machphys_mapping         12

struct xen_machphys_mapping {
    xen_ulong_t v_start, v_end;
    xen_ulong_t max_mfn;
};
typedef struct xen_machphys_mapping xen_machphys_mapping_t;
DEFINE_XEN_GUEST_HANDLE(xen_machphys_mapping_t);

/*
 * What XENMEM_add_to_physmap can place: the shared page; grant table frame idx (with
 * XENMAPIDX_grant_table_status: its status frames); guest frame idx moved from elsewhere in the
 * same domain, one or a range; a frame of another domain (batch only); a page of device memory
 * (control domain).
 */
#define XENMAPSPACE_shared_info  0
#define XENMAPSPACE_grant_table  1
#define XENMAPSPACE_gmfn         2
#define XENMAPSPACE_gmfn_range   3
#define XENMAPSPACE_gmfn_foreign 4
#define XENMAPSPACE_dev_mmio     5

/*
 * Places one page (or size pages of gmfn_range) at guest frame gpfn. -ERESTART does not show: a
 * range is resumed inside the hypervisor.
 */
#define XENMEM_add_to_physmap        7
#define XENMAPIDX_grant_table_status 0x80000000

struct xen_add_to_physmap {
    domid_t domid;
    uint16_t size; /* gmfn_range only: pages */
    unsigned int space;
    xen_ulong_t idx;
    xen_pfn_t gpfn;
};
typedef struct xen_add_to_physmap xen_add_to_physmap_t;
DEFINE_XEN_GUEST_HANDLE(xen_add_to_physmap_t);

/*
 * The same for size pages of any space, each with an error of its own in errs. For gmfn_foreign
 * the caller must control foreign_domid.
 */
#define XENMEM_add_to_physmap_batch 23

/* Source indices and guest frames are arrays of size elements. */
struct xen_add_to_physmap_batch {
    domid_t domid;
    uint16_t space;
    uint16_t size;
    union xen_add_to_physmap_batch_extra {
        domid_t foreign_domid;
        uint16_t res0;
    } u;
    XEN_GUEST_HANDLE(xen_ulong_t) idxs;
    XEN_GUEST_HANDLE(xen_pfn_t) gpfns;
    XEN_GUEST_HANDLE(int) errs;
};
typedef struct xen_add_to_physmap_batch xen_add_to_physmap_batch_t;
DEFINE_XEN_GUEST_HANDLE(xen_add_to_physmap_batch_t);

/* Unplaces the page at guest frame gpfn. If it was the domain's own, it is gone. */
#define XENMEM_remove_from_physmap 15

struct xen_remove_from_physmap {
    domid_t domid;
    xen_pfn_t gpfn;
};
typedef struct xen_remove_from_physmap xen_remove_from_physmap_t;
DEFINE_XEN_GUEST_HANDLE(xen_remove_from_physmap_t);

/*
 * The E820-style map of the calling domain, or (machine_memory_map) of the machine for the control
 * domain: nr_entries is room in, count out. set_memory_map writes another domain's.
 */
#define XENMEM_memory_map 9

struct xen_memory_map {
    unsigned int nr_entries;
    XEN_GUEST_HANDLE(void) buffer;
};
typedef struct xen_memory_map xen_memory_map_t;
DEFINE_XEN_GUEST_HANDLE(xen_memory_map_t);

#define XENMEM_machine_memory_map 10
#define XENMEM_set_memory_map     13

struct xen_foreign_memory_map {
    domid_t domid;
    struct xen_memory_map map;
};
typedef struct xen_foreign_memory_map xen_foreign_memory_map_t;
DEFINE_XEN_GUEST_HANDLE(xen_foreign_memory_map_t);

/* Populate-on-demand cache of a domain that booted with less memory than its maximum. */
#define XENMEM_set_pod_target 16
#define XENMEM_get_pod_target 17

struct xen_pod_target {
    uint64_t target_pages;
    uint64_t tot_pages;
    uint64_t pod_cache_pages;
    uint64_t pod_entries;
    domid_t domid;
};
typedef struct xen_pod_target xen_pod_target_t;

/* Statistics of page sharing. */
#define XENMEM_get_sharing_freed_pages  18
#define XENMEM_get_sharing_shared_pages 19

/* Paging of guest memory to disk by a helper. */
#define XENMEM_paging_op          20
#define XENMEM_paging_op_nominate 0
#define XENMEM_paging_op_evict    1
#define XENMEM_paging_op_prep     2

struct xen_mem_paging_op {
    uint8_t op;
    domid_t domain;
    XEN_GUEST_HANDLE_64(const_uint8) buffer;
    uint64_aligned_t gfn;
};
typedef struct xen_mem_paging_op xen_mem_paging_op_t;
DEFINE_XEN_GUEST_HANDLE(xen_mem_paging_op_t);

/* Restrict access to guest frames, for introspection: forbidden accesses become vm_events. */
#define XENMEM_access_op                  21
#define XENMEM_access_op_set_access       0
#define XENMEM_access_op_get_access       1
#define XENMEM_access_op_set_access_multi 4

typedef enum {
    XENMEM_access_n,
    XENMEM_access_r,
    XENMEM_access_w,
    XENMEM_access_rw,
    XENMEM_access_x,
    XENMEM_access_rx,
    XENMEM_access_wx,
    XENMEM_access_rwx,
    XENMEM_access_rx2rw,
    XENMEM_access_n2rwx,
    XENMEM_access_default
} xenmem_access_t;

struct xen_mem_access_op {
    uint8_t op;
    uint8_t access;
    domid_t domid;
    uint32_t nr;
    uint64_aligned_t pfn;
    XEN_GUEST_HANDLE(const_uint64) pfn_list;
    XEN_GUEST_HANDLE(const_uint8) access_list;
};
typedef struct xen_mem_access_op xen_mem_access_op_t;
DEFINE_XEN_GUEST_HANDLE(xen_mem_access_op_t);

/* Page sharing between domains, and forks of a domain. */
#define XENMEM_sharing_op                    22
#define XENMEM_sharing_op_nominate_gfn       0
#define XENMEM_sharing_op_nominate_gref      1
#define XENMEM_sharing_op_share              2
#define XENMEM_sharing_op_debug_gfn          3
#define XENMEM_sharing_op_debug_mfn          4
#define XENMEM_sharing_op_debug_gref         5
#define XENMEM_sharing_op_add_physmap        6
#define XENMEM_sharing_op_audit              7
#define XENMEM_sharing_op_range_share        8
#define XENMEM_sharing_op_fork               9
#define XENMEM_sharing_op_fork_reset         10
#define XENMEM_SHARING_OP_S_HANDLE_INVALID   (-10)
#define XENMEM_SHARING_OP_C_HANDLE_INVALID   (-9)
#define XENMEM_SHARING_OP_FIELD_IS_GREF_FLAG (xen_mk_ullong(1) << 62)
#define XENMEM_SHARING_OP_FIELD_MAKE_GREF(field, val) \
    (field) = (XENMEM_SHARING_OP_FIELD_IS_GREF_FLAG | val)
#define XENMEM_SHARING_OP_FIELD_IS_GREF(field)  ((field)&XENMEM_SHARING_OP_FIELD_IS_GREF_FLAG)
#define XENMEM_SHARING_OP_FIELD_GET_GREF(field) ((field) & (~XENMEM_SHARING_OP_FIELD_IS_GREF_FLAG))
#define XENMEM_FORK_WITH_IOMMU_ALLOWED          (1u << 0)
#define XENMEM_FORK_BLOCK_INTERRUPTS            (1u << 1)
#define XENMEM_FORK_RESET_STATE                 (1u << 2)
#define XENMEM_FORK_RESET_MEMORY                (1u << 3)

struct xen_mem_sharing_op {
    uint8_t op;
    domid_t domain;
    union {
        struct mem_sharing_op_nominate {
            union {
                uint64_aligned_t gfn;
                uint32_t grant_ref;
            } u;
            uint64_aligned_t handle;
        } nominate;
        struct mem_sharing_op_share {
            uint64_aligned_t source_gfn;
            uint64_aligned_t source_handle;
            uint64_aligned_t client_gfn;
            uint64_aligned_t client_handle;
            domid_t client_domain;
        } share;
        struct mem_sharing_op_range {
            uint64_aligned_t first_gfn;
            uint64_aligned_t last_gfn;
            uint64_aligned_t opaque;
            domid_t client_domain;
            uint16_t _pad[3];
        } range;
        struct mem_sharing_op_debug {
            union {
                uint64_aligned_t gfn;
                uint64_aligned_t mfn;
                uint32_t gref;
            } u;
        } debug;
        struct mem_sharing_op_fork {
            domid_t parent_domain;
            uint16_t flags;
            uint32_t pad;
        } fork;
    } u;
};
typedef struct xen_mem_sharing_op xen_mem_sharing_op_t;
DEFINE_XEN_GUEST_HANDLE(xen_mem_sharing_op_t);

/*
 * Sets pages aside for a domain that is about to be built, so that populating cannot fail for lack
 * of memory. nr_extents is the total, 0 gives the rest back. -ENOMEM if there are not enough.
 */
#define XENMEM_claim_pages 24

/*
 * Regions that firmware reserved for devices (RMRRs); nr_entries is room in, count out, -ENOBUFS
 * if too small.
 */
#define XENMEM_reserved_device_memory_map 27

struct xen_reserved_device_memory {
    xen_pfn_t start_pfn;
    xen_ulong_t nr_pages;
};
typedef struct xen_reserved_device_memory xen_reserved_device_memory_t;
DEFINE_XEN_GUEST_HANDLE(xen_reserved_device_memory_t);

#define XENMEM_RDM_ALL 1

struct xen_reserved_device_memory_map {
    uint32_t flags;
    unsigned int nr_entries;
    XEN_GUEST_HANDLE(xen_reserved_device_memory_t) buffer;
    union {
        physdev_pci_device_t pci;
    } dev;
};
typedef struct xen_reserved_device_memory_map xen_reserved_device_memory_map_t;
DEFINE_XEN_GUEST_HANDLE(xen_reserved_device_memory_map_t);

/*
 * Pages that the hypervisor keeps for a domain, to be mapped by its controller: emulation rings,
 * grant tables, trace buffers. With a null frame_list nr_frames returns how many there are. For
 * hardware virtualised callers frame_list says where to place them.
 */
#define XENMEM_acquire_resource                     28
#define XENMEM_resource_ioreq_server                0
#define XENMEM_resource_grant_table                 1
#define XENMEM_resource_vmtrace_buf                 2
#define XENMEM_resource_grant_table_id_shared       0
#define XENMEM_resource_grant_table_id_status       1
#define XENMEM_resource_ioreq_server_frame_bufioreq 0
#define XENMEM_resource_ioreq_server_frame_ioreq(n) (1 + (n))

struct xen_mem_acquire_resource {
    domid_t domid;
    uint16_t type;
    uint32_t id;
    uint32_t nr_frames;
    uint32_t pad;
    uint64_t frame;
    XEN_GUEST_HANDLE(xen_pfn_t) frame_list;
};
typedef struct xen_mem_acquire_resource xen_mem_acquire_resource_t;
DEFINE_XEN_GUEST_HANDLE(xen_mem_acquire_resource_t);

/*
 * The calling domain's virtual NUMA layout: arrays have room for the counts given, -ENOBUFS (with
 * the right counts) if too small.
 */
#define XENMEM_get_vnumainfo 26

/* A range of guest physical addresses and the virtual node it belongs to. */
struct xen_vmemrange {
    uint64_t start, end;
    unsigned int flags;
    unsigned int nid;
};
typedef struct xen_vmemrange xen_vmemrange_t;
DEFINE_XEN_GUEST_HANDLE(xen_vmemrange_t);

struct xen_vnuma_topology_info {
    domid_t domid;
    uint16_t pad;
    unsigned int nr_vnodes;
    unsigned int nr_vcpus;
    unsigned int nr_vmemranges;
    union {
        XEN_GUEST_HANDLE(uint) h;
        uint64_t pad;
    } vdistance;
    union {
        XEN_GUEST_HANDLE(uint) h;
        uint64_t pad;
    } vcpu_to_vnode;
    union {
        XEN_GUEST_HANDLE(xen_vmemrange_t) h;
        uint64_t pad;
    } vmemrange;
};
typedef struct xen_vnuma_topology_info xen_vnuma_topology_info_t;
DEFINE_XEN_GUEST_HANDLE(xen_vnuma_topology_info_t);

/* Sizes are part of the interface. */
_Static_assert(sizeof(struct xen_memory_domain) == 2, "xen_memory_domain");
_Static_assert(sizeof(struct xen_mem_paging_op) == 24, "xen_mem_paging_op");
_Static_assert(sizeof(struct xen_mem_sharing_op) == 48, "xen_mem_sharing_op");
_Static_assert(sizeof(struct xen_vmemrange) == 24, "xen_vmemrange");
_Static_assert(sizeof(struct xen_vnuma_topology_info) == 40, "xen_vnuma_topology_info");
#ifndef __i386__
_Static_assert(sizeof(struct xen_memory_reservation) == 32, "xen_memory_reservation");
_Static_assert(sizeof(struct xen_memory_exchange) == 72, "xen_memory_exchange");
_Static_assert(sizeof(struct xen_machphys_mfn_list) == 24, "xen_machphys_mfn_list");
_Static_assert(sizeof(struct xen_machphys_mapping) == 24, "xen_machphys_mapping");
_Static_assert(sizeof(struct xen_add_to_physmap) == 24, "xen_add_to_physmap");
_Static_assert(sizeof(struct xen_add_to_physmap_batch) == 32, "xen_add_to_physmap_batch");
_Static_assert(sizeof(struct xen_remove_from_physmap) == 16, "xen_remove_from_physmap");
_Static_assert(sizeof(struct xen_memory_map) == 16, "xen_memory_map");
_Static_assert(sizeof(struct xen_foreign_memory_map) == 24, "xen_foreign_memory_map");
_Static_assert(sizeof(struct xen_pod_target) == 40, "xen_pod_target");
_Static_assert(sizeof(struct xen_mem_access_op) == 32, "xen_mem_access_op");
_Static_assert(sizeof(struct xen_reserved_device_memory) == 16, "xen_reserved_device_memory");
_Static_assert(sizeof(struct xen_reserved_device_memory_map) == 24,
               "xen_reserved_device_memory_map");
_Static_assert(sizeof(struct xen_mem_acquire_resource) == 32, "xen_mem_acquire_resource");
#endif

#endif /* CRATON_PUBLIC_MEMORY_H */
