/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Control operations on the hypervisor and its domains, with the names that Xen's users know.
 *
 * Unless said otherwise a function returns 0, or -1 with errno the hypervisor's answer. Common to
 * all: EPERM (not a privileged domain), EACCES (interface version, see xc_interface_open), ESRCH
 * (no such domain), ENOMEM, EFAULT; what each adds is said beside it. EOPNOTSUPP and ENOSYS: this
 * hypervisor does not do that. The text of the last failure is kept, see xc_last_failure.
 * A handle may be shared by threads. Memory sizes are in KiB where a name ends in kb, in pages of
 * 4 KiB otherwise; cpu and node maps are little-endian bitmaps of xc_get_cpumap_size() or
 * xc_get_nodemap_size() bytes.
 */
#ifndef XENCTRL_H
#define XENCTRL_H

#ifndef __XEN_TOOLS__
#define __XEN_TOOLS__ 1
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <public/xen.h>
#include <public/domctl.h>
#include <public/sysctl.h>
#include <public/version.h>
#include <public/event_channel.h>
#include <public/grant_table.h>
#include <public/memory.h>
#include <public/platform.h>
#include <public/sched.h>
#include <public/hvm/hvm_op.h>
#include <public/hvm/params.h>

#include <xentoollog.h>

#define XC_PAGE_SHIFT 12
#define XC_PAGE_SIZE  (1UL << XC_PAGE_SHIFT)
#define XC_PAGE_MASK  (~(XC_PAGE_SIZE - 1))

typedef struct xc_interface_core xc_interface;

enum xc_open_flags {
    XC_OPENFLAG_DUMMY = 1 << 0,         /* no hypervisor behind it: every operation gives ENOSYS */
    XC_OPENFLAG_NON_REENTRANT = 1 << 1, /* the caller serialises */
};

/*
 * Opens the hypervisor. Asks which interface it speaks and refuses (EACCES) one that these tools
 * do not, saying both numbers. An unprivileged domain gets a handle whose control operations give
 * EPERM. dombuild_logger is for domain builders. Errors: those of xencall_open, EACCES.
 */
xc_interface *xc_interface_open(xentoollog_logger *logger, xentoollog_logger *dombuild_logger,
                                unsigned open_flags);
/* NULL is accepted. */
int xc_interface_close(xc_interface *xch);
struct xencall_handle *xc_interface_xcall_handle(xc_interface *xch);
/* Opened with the handle, so that every user maps through one descriptor. */
struct xenforeignmemory_handle *xc_interface_fmem_handle(xc_interface *xch);
xentoollog_logger *xc_interface_logger(xc_interface *xch);
/* What failed last in this thread, e.g. "domctl max_mem of domain 3: Invalid argument"; never NULL.
 */
const char *xc_last_failure(void);

/* ---- raw operations: the structure is copied in and out, handles in it are the caller's ---- */

/* Fills in interface_version. The hypervisor's result (mostly 0) or -1. */
int xc_domctl(xc_interface *xch, struct xen_domctl *domctl);
int xc_sysctl(xc_interface *xch, struct xen_sysctl *sysctl);
int xc_platform_op(xc_interface *xch, struct xen_platform_op *op);
long xc_memory_op(xc_interface *xch, unsigned int cmd, void *arg, size_t len);
/* len bytes at arg; arg may be NULL. */
int xc_hvm_op(xc_interface *xch, unsigned int op, void *arg, size_t len);
int xc_evtchn_op(xc_interface *xch, unsigned int cmd, void *arg, size_t len);
int xc_sched_op(xc_interface *xch, unsigned int cmd, void *arg, size_t len);

/*
 * Memory that an operation's handle may point to. bounce_begin gives a hypercall-safe copy of
 * user[0..size) (b->safe), bounce_end copies back what the hypervisor wrote (if ok) and frees it.
 */
enum xc_bounce_dir { XC_BOUNCE_IN = 1, XC_BOUNCE_OUT = 2, XC_BOUNCE_BOTH = 3 };
struct xc_bounce {
    void *user; /* NULL: the handle is NULL too */
    size_t size;
    enum xc_bounce_dir dir;
    void *safe;
};
#define XC_BOUNCE(user_, size_, dir_)                           \
    {                                                           \
        .user = (void *)(user_), .size = (size_), .dir = (dir_) \
    }
int xc_bounce_begin(xc_interface *xch, struct xc_bounce *b);
void xc_bounce_end(xc_interface *xch, struct xc_bounce *b, bool ok);

/* ---- the host ---- */

/* XENVER_*: what the command returns, arg filled in. errno as the hypervisor's. */
int xc_version(xc_interface *xch, int cmd, void *arg);
/* The build id in hexadecimal. ENODATA: it has none; ENOBUFS: len too small. */
int xc_build_id(xc_interface *xch, char *hex, size_t len);

typedef struct xen_sysctl_physinfo xc_physinfo_t;
typedef struct xen_sysctl_cputopo xc_cputopo_t;
typedef struct xen_sysctl_meminfo xc_meminfo_t;
typedef struct xen_sysctl_cpuinfo xc_cpuinfo_t;
int xc_physinfo(xc_interface *xch, xc_physinfo_t *info);
/* *max_cpus entries at cputopo; receives the number there are. cputopo NULL: only the number. */
int xc_cputopoinfo(xc_interface *xch, unsigned *max_cpus, xc_cputopo_t *cputopo);
/* meminfo: *max_nodes entries, distance: *max_nodes squared; both NULL: only the number. */
int xc_numainfo(xc_interface *xch, unsigned *max_nodes, xc_meminfo_t *meminfo, uint32_t *distance);
/* nodes[i]: XEN_INVALID_NODE_ID or XEN_INVALID_DEV for a device the hypervisor does not know. */
int xc_pcitopoinfo(xc_interface *xch, unsigned num_devs, physdev_pci_device_t *devs,
                   uint32_t *nodes);
int xc_sched_id(xc_interface *xch, int *sched_id);
/* Idle time of each CPU, in ns. */
int xc_getcpuinfo(xc_interface *xch, int max_cpus, xc_cpuinfo_t *info, int *nr_cpus);
/* Free memory in bytes; widths in address bits, 0: any; node -1: all. */
int xc_availheap(xc_interface *xch, int min_width, int max_width, int node, uint64_t *bytes);
/*
 * The hypervisor's console ring: reads at most *pnr_chars (out: read) bytes, from *pindex on if
 * incremental (out: where to go on). clear empties the ring.
 */
int xc_readconsolering(xc_interface *xch, char *buffer, unsigned int *pnr_chars, int clear,
                       int incremental, uint32_t *pindex);
int xc_send_debug_keys(xc_interface *xch, const char *keys);
int xc_maximum_ram_page(xc_interface *xch, unsigned long *max_mfn);
/* Pages that sharing saved, and shared pages: the number, or -1 (ENOSYS). */
long xc_sharing_freed_pages(xc_interface *xch);
long xc_sharing_used_frames(xc_interface *xch);
/* Load microcode from buf. */
int xc_microcode_update(xc_interface *xch, const void *buf, size_t len);
int xc_cpu_online(xc_interface *xch, int cpu);
int xc_cpu_offline(xc_interface *xch, int cpu);
int xc_smt_enable(xc_interface *xch);
int xc_smt_disable(xc_interface *xch);

typedef uint8_t *xc_cpumap_t;
typedef uint8_t *xc_nodemap_t;
/* One more than the largest possible id; -1. Asked once and remembered. */
int xc_get_max_cpus(xc_interface *xch);
int xc_get_online_cpus(xc_interface *xch);
int xc_get_max_nodes(xc_interface *xch);
/* In bytes, or -1. */
int xc_get_cpumap_size(xc_interface *xch);
int xc_get_nodemap_size(xc_interface *xch);
/* Zeroed, for free(). NULL with errno. */
xc_cpumap_t xc_cpumap_alloc(xc_interface *xch);
xc_nodemap_t xc_nodemap_alloc(xc_interface *xch);
void xc_cpumap_clearcpu(int cpu, xc_cpumap_t map);
void xc_cpumap_setcpu(int cpu, xc_cpumap_t map);
int xc_cpumap_testcpu(int cpu, xc_cpumap_t map);

/* ---- life of a domain ---- */

/* *pdomid 0 or DOMID_INVALID: choose one. EEXIST: taken; EINVAL: the configuration (see the log).
 */
int xc_domain_create(xc_interface *xch, uint32_t *pdomid, struct xen_domctl_createdomain *config);
/* Continues by itself until the domain's memory is back, which can take seconds. */
int xc_domain_destroy(xc_interface *xch, uint32_t domid);
int xc_domain_pause(xc_interface *xch, uint32_t domid);
int xc_domain_unpause(xc_interface *xch, uint32_t domid);
/* reason SHUTDOWN_*: the domain is stopped as if it had shut down so. */
int xc_domain_shutdown(xc_interface *xch, uint32_t domid, int reason);
/* Lets a domain run on that shut down with SHUTDOWN_suspend. */
int xc_domain_resume(xc_interface *xch, uint32_t domid, int fast);
int xc_domain_soft_reset(xc_interface *xch, uint32_t domid);
int xc_domain_max_vcpus(xc_interface *xch, uint32_t domid, unsigned int max);
int xc_domain_sethandle(xc_interface *xch, uint32_t domid, xen_domain_handle_t handle);
int xc_domain_setdebugging(xc_interface *xch, uint32_t domid, unsigned int enable);
int xc_domain_set_target(xc_interface *xch, uint32_t domid, uint32_t target);
int xc_domain_set_virq_handler(xc_interface *xch, uint32_t domid, int virq);
int xc_domain_subscribe_for_suspend(xc_interface *xch, uint32_t domid, evtchn_port_t port);
/* trigger XEN_DOMCTL_SENDTRIGGER_*. */
int xc_domain_send_trigger(xc_interface *xch, uint32_t domid, uint32_t trigger, uint32_t vcpu);
/* Arms this domain's watchdog: id 0 makes one and returns its id, timeout 0 stops it. */
int xc_watchdog(xc_interface *xch, uint32_t id, uint32_t timeout);

typedef xen_domctl_getdomaininfo_t xc_domaininfo_t;
typedef struct xc_dominfo {
    uint32_t domid;
    uint32_t ssidref;
    unsigned int dying : 1, crashed : 1, shutdown : 1, paused : 1, blocked : 1, running : 1,
        hvm : 1, debugged : 1, xenstore : 1, hap : 1;
    unsigned int shutdown_reason; /* valid if shutdown */
    unsigned long nr_pages;
    unsigned long nr_outstanding_pages;
    unsigned long nr_shared_pages;
    unsigned long nr_paged_pages;
    unsigned long shared_info_frame;
    uint64_t cpu_time; /* ns */
    unsigned long max_memkb;
    unsigned int nr_online_vcpus;
    unsigned int max_vcpu_id;
    xen_domain_handle_t handle;
    unsigned int cpupool;
    uint8_t gpaddr_bits;
    struct xen_arch_domainconfig arch_config;
} xc_dominfo_t;
/* At most max domains from first on, in order of their ids: how many were found, or -1. */
int xc_domain_getinfo(xc_interface *xch, uint32_t first_domid, unsigned int max_doms,
                      xc_dominfo_t *info);
int xc_domain_getinfolist(xc_interface *xch, uint32_t first_domain, unsigned int max_domains,
                          xc_domaininfo_t *info);
/* This domain and no other (ESRCH). */
int xc_domain_getinfo_single(xc_interface *xch, uint32_t domid, xc_domaininfo_t *info);

/* ---- its vCPUs ---- */

typedef struct xen_domctl_getvcpuinfo xc_vcpuinfo_t;
/* EINVAL/ESRCH: no such vCPU. */
int xc_vcpu_getinfo(xc_interface *xch, uint32_t domid, uint32_t vcpu, xc_vcpuinfo_t *info);
/* CPU time used in ns, or -1. */
long long xc_domain_get_cpu_usage(xc_interface *xch, uint32_t domid, int vcpu);
/* flags XEN_VCPUAFFINITY_HARD, _SOFT, _FORCE; set: the maps receive the effective affinity. */
int xc_vcpu_setaffinity(xc_interface *xch, uint32_t domid, int vcpu, xc_cpumap_t cpumap_hard_inout,
                        xc_cpumap_t cpumap_soft_inout, uint32_t flags);
int xc_vcpu_getaffinity(xc_interface *xch, uint32_t domid, int vcpu, xc_cpumap_t cpumap_hard,
                        xc_cpumap_t cpumap_soft, uint32_t flags);
int xc_domain_node_setaffinity(xc_interface *xch, uint32_t domid, xc_nodemap_t nodemap);
int xc_domain_node_getaffinity(xc_interface *xch, uint32_t domid, xc_nodemap_t nodemap);

/* ---- CPU policy ---- */

/* Largest numbers of leaves and MSRs of any policy. */
int xc_get_cpu_policy_size(xc_interface *xch, uint32_t *nr_leaves, uint32_t *nr_msrs);
/* index XEN_SYSCTL_cpu_policy_*; the counts are capacity in, number out. ENOBUFS: too small. */
int xc_get_system_cpu_policy(xc_interface *xch, uint32_t index, uint32_t *nr_leaves,
                             xen_cpuid_leaf_t *leaves, uint32_t *nr_msrs, xen_msr_entry_t *msrs);
int xc_get_domain_cpu_policy(xc_interface *xch, uint32_t domid, uint32_t *nr_leaves,
                             xen_cpuid_leaf_t *leaves, uint32_t *nr_msrs, xen_msr_entry_t *msrs);
/* On refusal the err_* (may be NULL) name the leaf or MSR at fault, or hold ~0. */
int xc_set_domain_cpu_policy(xc_interface *xch, uint32_t domid, uint32_t nr_leaves,
                             xen_cpuid_leaf_t *leaves, uint32_t nr_msrs, xen_msr_entry_t *msrs,
                             uint32_t *err_leaf_p, uint32_t *err_subleaf_p, uint32_t *err_msr_p);
/* index XEN_SYSCTL_cpu_featureset_*; featureset NULL: only the number. */
int xc_get_cpu_featureset(xc_interface *xch, uint32_t index, uint32_t *nr_features,
                          uint32_t *featureset);

/* ---- time ---- */

int xc_domain_set_time_offset(xc_interface *xch, uint32_t domid, int32_t time_offset_seconds);
int xc_domain_set_tsc_info(xc_interface *xch, uint32_t domid, uint32_t tsc_mode,
                           uint64_t elapsed_nsec, uint32_t gtsc_khz, uint32_t incarnation);
int xc_domain_get_tsc_info(xc_interface *xch, uint32_t domid, uint32_t *tsc_mode,
                           uint64_t *elapsed_nsec, uint32_t *gtsc_khz, uint32_t *incarnation);

/* ---- memory ---- */

#ifndef CRATON_HAVE_E820ENTRY
#define CRATON_HAVE_E820ENTRY
struct e820entry {
    uint64_t addr;
    uint64_t size;
    uint32_t type; /* 1 RAM, 2 reserved, 3 ACPI tables, 4 ACPI NVS, 5 unusable */
} __attribute__((packed));
#endif

int xc_domain_setmaxmem(xc_interface *xch, uint32_t domid, uint64_t max_memkb);
/* Reserves nr_pages for the domain's coming allocations; 0 gives the rest back. ENOMEM. */
int xc_domain_claim_pages(xc_interface *xch, uint32_t domid, unsigned long nr_pages);
/* Size in bytes of the pool for page tables. */
int xc_get_paging_mempool_size(xc_interface *xch, uint32_t domid, uint64_t *size);
int xc_set_paging_mempool_size(xc_interface *xch, uint32_t domid, uint64_t size);
/*
 * extent_start: first frame of each extent of 2^order pages. How many extents were done (possibly
 * fewer than asked for) or -1 if none. _exact: 0, or -1 with ENOMEM/EBUSY if not all were.
 */
int xc_domain_populate_physmap(xc_interface *xch, uint32_t domid, unsigned long nr_extents,
                               unsigned int extent_order, unsigned int mem_flags,
                               xen_pfn_t *extent_start);
int xc_domain_populate_physmap_exact(xc_interface *xch, uint32_t domid, unsigned long nr_extents,
                                     unsigned int extent_order, unsigned int mem_flags,
                                     xen_pfn_t *extent_start);
int xc_domain_increase_reservation(xc_interface *xch, uint32_t domid, unsigned long nr_extents,
                                   unsigned int extent_order, unsigned int mem_flags,
                                   xen_pfn_t *extent_start);
int xc_domain_decrease_reservation(xc_interface *xch, uint32_t domid, unsigned long nr_extents,
                                   unsigned int extent_order, xen_pfn_t *extent_start);
int xc_domain_decrease_reservation_exact(xc_interface *xch, uint32_t domid,
                                         unsigned long nr_extents, unsigned int extent_order,
                                         xen_pfn_t *extent_start);
/* space XENMAPSPACE_*. */
int xc_domain_add_to_physmap(xc_interface *xch, uint32_t domid, unsigned int space,
                             unsigned long idx, xen_pfn_t gpfn);
int xc_domain_add_to_physmap_batch(xc_interface *xch, uint32_t domid, uint32_t foreign_domid,
                                   unsigned int space, unsigned int size, xen_ulong_t *idxs,
                                   xen_pfn_t *gpfns, int *errs);
int xc_domain_remove_from_physmap(xc_interface *xch, uint32_t domid, xen_pfn_t gpfn);
int xc_domain_set_memory_map(xc_interface *xch, uint32_t domid, struct e820entry entries[],
                             uint32_t nr_entries);
/* The machine's memory map: number of entries, or -1. */
int xc_get_machine_memory_map(xc_interface *xch, struct e820entry entries[], uint32_t max_entries);
/* ENOBUFS with *max_entries the number needed; flags XENMEM_RDM_ALL: of all devices. */
int xc_reserved_device_memory_map(xc_interface *xch, uint32_t flags, uint16_t seg, uint8_t bus,
                                  uint8_t devfn, struct xen_reserved_device_memory entries[],
                                  uint32_t *max_entries);
/* The highest frame number in use, and one more. */
int xc_domain_maximum_gpfn(xc_interface *xch, uint32_t domid, xen_pfn_t *gpfns);
int xc_domain_nr_gpfns(xc_interface *xch, uint32_t domid, xen_pfn_t *gpfns);
/* Pages the domain has: the number, or -1. */
long xc_get_tot_pages(xc_interface *xch, uint32_t domid);
/* The out pointers may be NULL. */
int xc_domain_set_pod_target(xc_interface *xch, uint32_t domid, uint64_t target_pages,
                             uint64_t *tot_pages, uint64_t *pod_cache_pages, uint64_t *pod_entries);
int xc_domain_get_pod_target(xc_interface *xch, uint32_t domid, uint64_t *tot_pages,
                             uint64_t *pod_cache_pages, uint64_t *pod_entries);
int xc_domain_setvnuma(xc_interface *xch, uint32_t domid, uint32_t nr_vnodes, uint32_t nr_regions,
                       uint32_t nr_vcpus, xen_vmemrange_t *vmemrange, unsigned int *vdistance,
                       unsigned int *vcpu_to_vnode, unsigned int *vnode_to_pnode);
/* Through a foreign mapping. */
int xc_copy_to_domain_page(xc_interface *xch, uint32_t domid, unsigned long dst_pfn,
                           const char *src_page);
int xc_clear_domain_pages(xc_interface *xch, uint32_t domid, unsigned long dst_pfn, int num);

/* ---- hardware-virtualised state ---- */

/* param HVM_PARAM_*. EINVAL: unknown; EEXIST: set already and may not change. */
int xc_hvm_param_set(xc_interface *xch, uint32_t domid, uint32_t param, uint64_t value);
int xc_hvm_param_get(xc_interface *xch, uint32_t domid, uint32_t param, uint64_t *value);
/* ctxt_buf NULL: the size needed. Otherwise the bytes written, or -1 (ENOSPC: too small). */
int xc_domain_hvm_getcontext(xc_interface *xch, uint32_t domid, uint8_t *ctxt_buf, uint32_t size);
int xc_domain_hvm_getcontext_partial(xc_interface *xch, uint32_t domid, uint16_t typecode,
                                     uint16_t instance, void *ctxt_buf, uint32_t size);
/* EINVAL: the hypervisor refuses the records. */
int xc_domain_hvm_setcontext(xc_interface *xch, uint32_t domid, uint8_t *hvm_ctxt, uint32_t size);

/* ---- event channels and grants on another domain's behalf ---- */

typedef int xc_evtchn_port_or_error_t;
/* A port of dom that remote_dom may bind. */
xc_evtchn_port_or_error_t xc_evtchn_alloc_unbound(xc_interface *xch, uint32_t dom,
                                                  uint32_t remote_dom);
int xc_evtchn_reset(xc_interface *xch, uint32_t dom);
typedef struct evtchn_status xc_evtchn_status_t;
int xc_evtchn_status(xc_interface *xch, xc_evtchn_status_t *status);
/*
 * Enters into a new domain's grant table what its drivers expect: console and xenstore pages
 * granted to the domains that serve them, under GNTTAB_RESERVED_CONSOLE and _XENSTORE. A gfn of
 * (xen_pfn_t)-1 is left out. Errors as xenforeignmemory_map_resource.
 */
int xc_dom_gnttab_seed(xc_interface *xch, uint32_t guest_domid, bool is_hvm, xen_pfn_t console_gfn,
                       xen_pfn_t xenstore_gfn, uint32_t console_domid, uint32_t xenstore_domid);
int xc_gnttab_query_size(xc_interface *xch, struct gnttab_query_size *query);
int xc_gnttab_get_version(xc_interface *xch, uint32_t domid);

/* ---- scheduling ---- */

int xc_sched_credit_domain_set(xc_interface *xch, uint32_t domid,
                               struct xen_domctl_sched_credit *sdom);
int xc_sched_credit_domain_get(xc_interface *xch, uint32_t domid,
                               struct xen_domctl_sched_credit *sdom);
int xc_sched_credit2_domain_set(xc_interface *xch, uint32_t domid,
                                struct xen_domctl_sched_credit2 *sdom);
int xc_sched_credit2_domain_get(xc_interface *xch, uint32_t domid,
                                struct xen_domctl_sched_credit2 *sdom);
int xc_sched_credit_params_set(xc_interface *xch, uint32_t cpupool_id,
                               struct xen_sysctl_credit_schedule *schedule);
int xc_sched_credit_params_get(xc_interface *xch, uint32_t cpupool_id,
                               struct xen_sysctl_credit_schedule *schedule);
int xc_sched_credit2_params_set(xc_interface *xch, uint32_t cpupool_id,
                                struct xen_sysctl_credit2_schedule *schedule);
int xc_sched_credit2_params_get(xc_interface *xch, uint32_t cpupool_id,
                                struct xen_sysctl_credit2_schedule *schedule);

typedef struct xc_cpupoolinfo {
    uint32_t cpupool_id;
    uint32_t sched_id;
    uint32_t n_dom;
    xc_cpumap_t cpumap;
} xc_cpupoolinfo_t;
/* *ppoolid XEN_SYSCTL_CPUPOOL_PAR_ANY: choose one. */
int xc_cpupool_create(xc_interface *xch, uint32_t *ppoolid, uint32_t sched_id);
int xc_cpupool_destroy(xc_interface *xch, uint32_t poolid);
/* The first pool whose id is at least poolid, for xc_cpupool_infofree; NULL (ENOENT: none). */
xc_cpupoolinfo_t *xc_cpupool_getinfo(xc_interface *xch, uint32_t poolid);
void xc_cpupool_infofree(xc_interface *xch, xc_cpupoolinfo_t *info);
/* cpu -1: any. */
int xc_cpupool_addcpu(xc_interface *xch, uint32_t poolid, int cpu);
int xc_cpupool_removecpu(xc_interface *xch, uint32_t poolid, int cpu);
int xc_cpupool_movedomain(xc_interface *xch, uint32_t poolid, uint32_t domid);
/* CPUs in no pool, for free(). */
xc_cpumap_t xc_cpupool_freeinfo(xc_interface *xch);

/* ---- devices of the host for a domain ---- */

int xc_domain_ioport_permission(xc_interface *xch, uint32_t domid, uint32_t first_port,
                                uint32_t nr_ports, uint32_t allow_access);
int xc_domain_irq_permission(xc_interface *xch, uint32_t domid, uint32_t pirq, bool allow_access);
int xc_domain_iomem_permission(xc_interface *xch, uint32_t domid, unsigned long first_mfn,
                               unsigned long nr_mfns, uint8_t allow_access);
/* In as many parts as the hypervisor wants. */
int xc_domain_memory_mapping(xc_interface *xch, uint32_t domid, unsigned long first_gfn,
                             unsigned long first_mfn, unsigned long nr_mfns, uint32_t add_mapping);
int xc_domain_ioport_mapping(xc_interface *xch, uint32_t domid, uint32_t first_gport,
                             uint32_t first_mport, uint32_t nr_ports, uint32_t add_mapping);

#endif
