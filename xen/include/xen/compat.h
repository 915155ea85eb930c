/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * 32-bit callers: structures whose i386 layout differs from the native one, and their translation.
 *
 * A 32-bit (or PAE) guest passes structures in its own layout: long, pointers and handles have 4
 * bytes, and 64-bit fields need no more than 4-byte alignment. For each such structure there is a
 * `struct compat_NAME` with the same fields as the public `struct NAME`, and a `compat_layout` that
 * lists which field is where on either side. One pair of functions works on all of them. Structures
 * that are not here are the same for both kinds of callers (tests/abi proves both statements).
 *
 * Only what guests call is here. domctl, sysctl and platform_op have one layout by design.
 */
#ifndef XEN_COMPAT_H
#define XEN_COMPAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <public/xen.h>
#include <public/memory.h>
#include <public/grant_table.h>
#include <public/vcpu.h>
#include <public/sched.h>
#include <public/physdev.h>
#include <public/version.h>
#include <public/hvm/dm_op.h>

typedef uint32_t compat_ulong_t;
typedef uint32_t compat_pfn_t;
typedef uint32_t compat_handle_t; /* linear address in the guest */
typedef uint64_t compat_u64_t __attribute__((aligned(4)));

/* --- xen.h --- */

struct compat_arch_vcpu_info {
    compat_ulong_t cr2;
    compat_ulong_t pad[5];
};

struct compat_vcpu_info {
    uint8_t evtchn_upcall_pending;
    uint8_t evtchn_upcall_mask;
    compat_ulong_t evtchn_pending_sel;
    struct compat_arch_vcpu_info arch;
    struct vcpu_time_info time;
};

struct compat_arch_shared_info {
    compat_ulong_t max_pfn;
    compat_pfn_t pfn_to_mfn_frame_list_list;
    compat_ulong_t nmi_reason;
    compat_ulong_t p2m_cr3;
    compat_ulong_t p2m_vaddr;
    compat_ulong_t p2m_generation;
    uint32_t wc_sec_hi;
};

struct compat_shared_info {
    struct compat_vcpu_info vcpu_info[XEN_LEGACY_MAX_VCPUS];
    compat_ulong_t evtchn_pending[32];
    compat_ulong_t evtchn_mask[32];
    uint32_t wc_version;
    uint32_t wc_sec;
    uint32_t wc_nsec;
    struct compat_arch_shared_info arch;
};

/* Event channels that the 2-level ABI gives a 32-bit guest. */
#define COMPAT_EVTCHN_2L_NR_CHANNELS (32u * 32u)

struct compat_multicall_entry {
    compat_ulong_t op, result;
    compat_ulong_t args[6];
};

/* --- memory.h --- */

struct compat_xen_memory_reservation {
    compat_handle_t extent_start;
    compat_ulong_t nr_extents;
    unsigned int extent_order;
    unsigned int mem_flags;
    domid_t domid;
};

struct compat_xen_add_to_physmap {
    domid_t domid;
    uint16_t size;
    unsigned int space;
    compat_ulong_t idx;
    compat_pfn_t gpfn;
};

struct compat_xen_add_to_physmap_batch {
    domid_t domid;
    uint16_t space;
    uint16_t size;
    union xen_add_to_physmap_batch_extra u;
    compat_handle_t idxs;
    compat_handle_t gpfns;
    compat_handle_t errs;
};

struct compat_xen_remove_from_physmap {
    domid_t domid;
    compat_pfn_t gpfn;
};

struct compat_xen_memory_map {
    unsigned int nr_entries;
    compat_handle_t buffer;
};

struct compat_xen_foreign_memory_map {
    domid_t domid;
    struct compat_xen_memory_map map;
};

struct compat_xen_pod_target {
    compat_u64_t target_pages;
    compat_u64_t tot_pages;
    compat_u64_t pod_cache_pages;
    compat_u64_t pod_entries;
    domid_t domid;
};

struct compat_xen_reserved_device_memory {
    compat_pfn_t start_pfn;
    compat_ulong_t nr_pages;
};

struct compat_xen_reserved_device_memory_map {
    uint32_t flags;
    unsigned int nr_entries;
    compat_handle_t buffer;
    union {
        physdev_pci_device_t pci;
    } dev;
};

struct compat_xen_mem_acquire_resource {
    domid_t domid;
    uint16_t type;
    uint32_t id;
    uint32_t nr_frames;
    uint32_t pad;
    compat_u64_t frame;
    compat_handle_t frame_list;
};

struct compat_xen_vnuma_topology_info {
    domid_t domid;
    uint16_t pad;
    unsigned int nr_vnodes;
    unsigned int nr_vcpus;
    unsigned int nr_vmemranges;
    union {
        compat_handle_t h;
        compat_u64_t pad;
    } vdistance, vcpu_to_vnode, vmemrange;
};

/* --- grant_table.h --- */

struct compat_gnttab_setup_table {
    domid_t dom;
    uint32_t nr_frames;
    int16_t status;
    compat_handle_t frame_list;
};

struct compat_gnttab_transfer {
    compat_pfn_t mfn;
    domid_t domid;
    grant_ref_t ref;
    int16_t status;
};

struct compat_gnttab_copy {
    struct compat_gnttab_copy_ptr {
        union {
            grant_ref_t ref;
            compat_pfn_t gmfn;
        } u;
        domid_t domid;
        uint16_t offset;
    } source, dest;
    uint16_t len;
    uint16_t flags;
    int16_t status;
};

struct compat_gnttab_get_status_frames {
    uint32_t nr_frames;
    domid_t dom;
    int16_t status;
    compat_handle_t frame_list;
};

/* --- vcpu.h, sched.h, physdev.h, version.h, dm_op.h --- */

struct compat_vcpu_runstate_info {
    int state;
    compat_u64_t state_entry_time;
    compat_u64_t time[4];
};

struct compat_vcpu_register_runstate_memory_area {
    union {
        compat_handle_t h;
        compat_u64_t p;
    } addr;
};

struct compat_vcpu_register_time_memory_area {
    union {
        compat_handle_t h;
        compat_u64_t p;
    } addr;
};

struct compat_vcpu_set_singleshot_timer {
    compat_u64_t timeout_abs_ns;
    uint32_t flags;
};

struct compat_sched_poll {
    compat_handle_t ports;
    unsigned int nr_ports;
    compat_u64_t timeout;
};

struct compat_physdev_map_pirq {
    domid_t domid;
    int type;
    int index;
    int pirq;
    int bus;
    int devfn;
    int entry_nr;
    compat_u64_t table_base;
};

struct compat_physdev_pirq_eoi_gmfn {
    compat_pfn_t gmfn;
};

struct compat_physdev_apic {
    compat_ulong_t apic_physbase;
    uint32_t reg;
    uint32_t value;
};

struct compat_xen_platform_parameters {
    compat_ulong_t virt_start;
};

struct compat_xen_dm_op_buf {
    compat_handle_t h;
    compat_ulong_t size;
};

/* --- translation --- */

struct compat_field {
    uint16_t native, compat; /* offsets */
    uint16_t native_size, compat_size;
};

struct compat_layout {
    uint16_t native_size, compat_size;
    uint16_t nr_fields;
    const struct compat_field *fields;
};

/* Largest compat structure in a layout: room that a buffer for any of them needs. */
#define COMPAT_MAX_SIZE 64

/*
 * Fills @native from @compat. Narrow fields are extended with zeros, as 32-bit values are
 * addresses, frame numbers and counts; padding of @native becomes zero.
 */
void compat_widen(const struct compat_layout *l, void *native, const void *compat);
/* The other way. False if a value does not fit; @compat then holds its low half. */
bool compat_narrow(const struct compat_layout *l, void *compat, const void *native);

#define COMPAT_LAYOUT(name) compat_layout_##name

extern const struct compat_layout COMPAT_LAYOUT(multicall_entry);
extern const struct compat_layout COMPAT_LAYOUT(xen_memory_reservation);
extern const struct compat_layout COMPAT_LAYOUT(xen_add_to_physmap);
extern const struct compat_layout COMPAT_LAYOUT(xen_add_to_physmap_batch);
extern const struct compat_layout COMPAT_LAYOUT(xen_remove_from_physmap);
extern const struct compat_layout COMPAT_LAYOUT(xen_memory_map);
extern const struct compat_layout COMPAT_LAYOUT(xen_foreign_memory_map);
extern const struct compat_layout COMPAT_LAYOUT(xen_pod_target);
extern const struct compat_layout COMPAT_LAYOUT(xen_reserved_device_memory);
extern const struct compat_layout COMPAT_LAYOUT(xen_reserved_device_memory_map);
extern const struct compat_layout COMPAT_LAYOUT(xen_mem_acquire_resource);
extern const struct compat_layout COMPAT_LAYOUT(xen_vnuma_topology_info);
extern const struct compat_layout COMPAT_LAYOUT(gnttab_setup_table);
extern const struct compat_layout COMPAT_LAYOUT(gnttab_transfer);
extern const struct compat_layout COMPAT_LAYOUT(gnttab_copy);
extern const struct compat_layout COMPAT_LAYOUT(gnttab_get_status_frames);
extern const struct compat_layout COMPAT_LAYOUT(vcpu_runstate_info);
extern const struct compat_layout COMPAT_LAYOUT(vcpu_register_runstate_memory_area);
extern const struct compat_layout COMPAT_LAYOUT(vcpu_register_time_memory_area);
extern const struct compat_layout COMPAT_LAYOUT(vcpu_set_singleshot_timer);
extern const struct compat_layout COMPAT_LAYOUT(sched_poll);
extern const struct compat_layout COMPAT_LAYOUT(physdev_map_pirq);
extern const struct compat_layout COMPAT_LAYOUT(physdev_pirq_eoi_gmfn);
extern const struct compat_layout COMPAT_LAYOUT(physdev_apic);
extern const struct compat_layout COMPAT_LAYOUT(xen_platform_parameters);
extern const struct compat_layout COMPAT_LAYOUT(xen_dm_op_buf);

_Static_assert(sizeof(struct compat_vcpu_info) == 64, "vCPU info has one size for all");
_Static_assert(sizeof(struct compat_shared_info) == 2344, "32-bit shared page");
_Static_assert(offsetof(struct compat_shared_info, evtchn_pending) == 2048, "32-bit shared page");
_Static_assert(sizeof(struct compat_xen_memory_reservation) == 20, "memory_op");
_Static_assert(sizeof(struct compat_gnttab_copy) == 24, "grant_table_op");
_Static_assert(sizeof(struct compat_vcpu_runstate_info) == 44, "vcpu_op");
_Static_assert(sizeof(struct compat_sched_poll) == 16, "sched_op");
_Static_assert(sizeof(struct compat_multicall_entry) == 32, "multicall");

#endif
