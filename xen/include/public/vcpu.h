/* SPDX-License-Identifier: MIT */
/*
 * vcpu_op: start and stop vCPUs, their timers, and the areas in which the hypervisor tells a guest
 * what its vCPUs do.
 */
#ifndef CRATON_PUBLIC_VCPU_H
#define CRATON_PUBLIC_VCPU_H

#include "xen.h"

/*
 * Operations: vcpu_op(command, vCPU number, argument). initialise sets the state of a vCPU that is
 * down (struct vcpu_hvm_context); up and down start and stop it; is_up returns 1 or 0.
 */
#define VCPUOP_initialise        0
#define VCPUOP_up                1
#define VCPUOP_down              2
#define VCPUOP_is_up             3
#define VCPUOP_get_runstate_info 4

/*
 * In state_entry_time while the area is being written, if the guest asked for it with
 * VMASST_TYPE_runstate_update_flag.
 */
#define XEN_RUNSTATE_UPDATE (xen_mk_ullong(1) << 63)

/* What a vCPU is doing, since when, and the total time in each state, all in ns of system time. */
struct vcpu_runstate_info {
    int state; /* RUNSTATE_* */
    uint64_t state_entry_time;
    uint64_t time[4];
};
typedef struct vcpu_runstate_info vcpu_runstate_info_t;
DEFINE_XEN_GUEST_HANDLE(vcpu_runstate_info_t);

/* On a CPU; waiting for one; asleep; down or paused. */
#define RUNSTATE_running  0
#define RUNSTATE_runnable 1
#define RUNSTATE_blocked  2
#define RUNSTATE_offline  3

/*
 * Keeps such a record current at a linear address of the guest. Several registrations replace each
 * other.
 */
#define VCPUOP_register_runstate_memory_area 5

struct vcpu_register_runstate_memory_area {
    union {
        XEN_GUEST_HANDLE(vcpu_runstate_info_t) h;
        struct vcpu_runstate_info *v;
        uint64_t p;
    } addr;
};
typedef struct vcpu_register_runstate_memory_area vcpu_register_runstate_memory_area_t;
DEFINE_XEN_GUEST_HANDLE(vcpu_register_runstate_memory_area_t);

/* VIRQ_TIMER every period_ns (at least 1 ms). */
#define VCPUOP_set_periodic_timer  6
#define VCPUOP_stop_periodic_timer 7

struct vcpu_set_periodic_timer {
    uint64_t period_ns;
};
typedef struct vcpu_set_periodic_timer vcpu_set_periodic_timer_t;
DEFINE_XEN_GUEST_HANDLE(vcpu_set_periodic_timer_t);

/*
 * VIRQ_TIMER once, at a system time. With VCPU_SSHOTTMR_future a time in the past fails with
 * -ETIME.
 */
#define VCPUOP_set_singleshot_timer  8
#define VCPUOP_stop_singleshot_timer 9

struct vcpu_set_singleshot_timer {
    uint64_t timeout_abs_ns;
    uint32_t flags;
};
typedef struct vcpu_set_singleshot_timer vcpu_set_singleshot_timer_t;
DEFINE_XEN_GUEST_HANDLE(vcpu_set_singleshot_timer_t);

#define _VCPU_SSHOTTMR_future (0)
#define VCPU_SSHOTTMR_future  (1U << _VCPU_SSHOTTMR_future)

/* Moves the vcpu_info to offset in guest frame mfn: once per vCPU, and not across a page. */
#define VCPUOP_register_vcpu_info 10

struct vcpu_register_vcpu_info {
    uint64_t mfn;
    uint32_t offset;
    uint32_t rsvd;
};
typedef struct vcpu_register_vcpu_info vcpu_register_vcpu_info_t;
DEFINE_XEN_GUEST_HANDLE(vcpu_register_vcpu_info_t);

/* Sends an NMI to the vCPU. */
#define VCPUOP_send_nmi 11

/* APIC and ACPI ids of the physical CPU to which a control domain's vCPU is pinned. */
#define VCPUOP_get_physid 12

struct vcpu_get_physid {
    uint64_t phys_id;
};
typedef struct vcpu_get_physid vcpu_get_physid_t;
DEFINE_XEN_GUEST_HANDLE(vcpu_get_physid_t);

#define xen_vcpu_physid_to_x86_apicid(physid) ((uint32_t)(physid))
#define xen_vcpu_physid_to_x86_acpiid(physid) ((uint32_t)((physid) >> 32))

/* A second copy of vcpu_time_info at a linear address, which the guest may show to its programs. */
#define VCPUOP_register_vcpu_time_memory_area 13
DEFINE_XEN_GUEST_HANDLE(vcpu_time_info_t);

struct vcpu_register_time_memory_area {
    union {
        XEN_GUEST_HANDLE(vcpu_time_info_t) h;
        struct vcpu_time_info *v;
        uint64_t p;
    } addr;
};
typedef struct vcpu_register_time_memory_area vcpu_register_time_memory_area_t;
DEFINE_XEN_GUEST_HANDLE(vcpu_register_time_memory_area_t);

/* Sizes are part of the interface. */
_Static_assert(sizeof(struct vcpu_register_runstate_memory_area) == 8,
               "vcpu_register_runstate_memory_area");
_Static_assert(sizeof(struct vcpu_set_periodic_timer) == 8, "vcpu_set_periodic_timer");
_Static_assert(sizeof(struct vcpu_register_vcpu_info) == 16, "vcpu_register_vcpu_info");
_Static_assert(sizeof(struct vcpu_get_physid) == 8, "vcpu_get_physid");
_Static_assert(sizeof(struct vcpu_register_time_memory_area) == 8,
               "vcpu_register_time_memory_area");
#ifndef __i386__
_Static_assert(sizeof(struct vcpu_runstate_info) == 48, "vcpu_runstate_info");
_Static_assert(sizeof(struct vcpu_set_singleshot_timer) == 16, "vcpu_set_singleshot_timer");
#endif

#endif /* CRATON_PUBLIC_VCPU_H */
