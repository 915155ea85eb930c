/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Domains, vCPUs and who runs where.
 * Locks: domain list: domlist_lock; a domain's fields as noted; vCPU run state: its scheduler lock.
 */
#ifndef XEN_SCHED_H
#define XEN_SCHED_H

#include <xen/types.h>
#include <xen/atomic.h>
#include <xen/cpumask.h>
#include <xen/hypercall.h>
#include <xen/list.h>
#include <xen/mm.h>
#include <xen/percpu.h>
#include <xen/smp.h>
#include <xen/spinlock.h>
#include <xen/time.h>
#include <public/xen.h>
#include <public/domctl.h>
#include <public/vcpu.h>
#include <public/grant_table.h>
#include <asm/domain.h>

struct grant_table;
struct evtchn_domain;
struct evtchn_vcpu;
struct xen_sysctl;

/* Why a vCPU does not run: bits of pause_flags; runnable when 0 (and its pause counts are 0). */
enum {
    VPF_blocked, /* waits for an event */
    VPF_down,    /* not yet started, or stopped */
    VPF_blocked_in_xen,
    VPF_migrating,
};

struct vcpu {
    unsigned int vcpu_id;
    unsigned int processor; /* where it runs or last ran; protects: sched lock */
    struct domain *domain;
    struct hypercall_state hypercall;

    /* scheduling (common/sched) */
    void *sched_priv;
    bool is_running; /* on a CPU now */
    bool is_initialised;
    volatile unsigned long pause_flags; /* VPF_* bits */
    atomic_t pause_count;
    int controller_pause_count; /* by domctl; protects: domain_lock */
    cpumask_t hard_affinity, soft_affinity;
    struct vcpu_runstate_info runstate; /* protects: sched lock */
    s_time_t last_run_time;

    /* areas in guest memory; virtual address kept for runstate, mapped page for vcpu_info */
    struct vcpu_info *vcpu_info; /* always valid: shared_info's, registered page's, or a dummy */
    struct page_info *vcpu_info_page;
    unsigned long runstate_guest_va; /* 0: none */
    bool runstate_compat;

    /* events */
    struct evtchn_vcpu *evtchn;
    u32 virq_to_evtchn[24];
    int poll_evtchn; /* SCHEDOP_poll: port waited for, -1 any of several, 0 none */
    struct timer poll_timer;

    /* PV timers */
    struct timer singleshot_timer, periodic_timer;
    s_time_t periodic_period, periodic_last_event;

    struct arch_vcpu arch;
};

enum domain_dying { DOMDYING_alive, DOMDYING_dying, DOMDYING_dead };

struct domain {
    domid_t domain_id;
    unsigned int max_vcpus;
    struct vcpu **vcpu;
    struct list_head list; /* domlist_lock */
    atomic_t refcnt;
    u32 createflags;          /* XEN_DOMCTL_CDF_* */
    bool is_privileged;       /* may use domctl/sysctl/platform and map foreign memory */
    bool creation_finished;
    xen_domain_handle_t handle;
    u32 ssidref;
    struct domain *target; /* whose device model this is */

    spinlock_t domain_lock;
    enum domain_dying is_dying;
    unsigned int destroy_progress; /* which step of domain_kill() runs */

    /* pausing and shutdown */
    int controller_pause_count; /* domain_lock */
    atomic_t pause_count;
    spinlock_t shutdown_lock;
    bool is_shutting_down, is_shut_down;
    int shutdown_code; /* SHUTDOWN_*, or -1 */

    /* memory; protects: page_alloc_lock */
    spinlock_t page_alloc_lock;
    struct list_head page_list;    /* RAM */
    struct list_head xenpage_list; /* shared hypervisor pages */
    struct list_head
        held_list; /* of a dying domain: RAM that it gave up and others still refer to */
    unsigned int tot_pages, max_pages, extra_pages, outstanding_pages;

    struct shared_info *shared_info;
    bool has_32bit_shinfo; /* its layout follows the mode in which the guest set up its hypercall
                              page */
    atomic_t nr_polling;   /* vCPUs in SCHEDOP_poll */
    struct evtchn_domain *evtchn;
    struct grant_table *grant_table;

    /* time */
    s64 time_offset_seconds;

    /* device access for the control domain and passthrough */
    struct timer watchdog_timer[2];
    u32 watchdog_inuse_map;

    u32 suspend_evtchn; /* signalled when the domain suspends (XEN_DOMCTL_subscribe); 0: none */
    bool debugger_attached;
    unsigned long node_affinity[1]; /* what the toolstack set; informative */

    void *sched_priv;
    struct arch_domain arch;
};

DECLARE_PER_CPU(struct vcpu *, curr_vcpu);
#define current (this_cpu(curr_vcpu))
extern struct domain *hardware_domain; /* the control domain, or NULL before it is built */
extern struct domain *idle_domain, *dom_xen, *dom_io;
#define is_hardware_domain(d) ((d) == hardware_domain)
#define is_control_domain(d)  ((d)->is_privileged)
#define is_idle_domain(d)     ((d)->domain_id == DOMID_IDLE)
#define is_idle_vcpu(v)       is_idle_domain((v)->domain)

#define for_each_vcpu(d, v)                              \
    for (unsigned int i_ = 0; i_ < (d)->max_vcpus; i_++) \
        if (((v) = (d)->vcpu[i_]) != NULL)
static inline struct vcpu *domain_vcpu(const struct domain *d, unsigned int id)
{
    return id < d->max_vcpus ? d->vcpu[id] : NULL;
}

/* --- domains (common/domain) --- */
struct domain *domain_create(domid_t domid, struct xen_domctl_createdomain *config,
                             bool privileged); /* ERR_PTR on failure */
struct vcpu *vcpu_create(struct domain *d, unsigned int id);
/* With a reference; NULL: no such domain. DOMID_SELF is the caller's business (rcu-free lookups).
 */
struct domain *get_domain_by_id(domid_t id);
/* As above; DOMID_SELF means the current domain. */
struct domain *get_domain_or_self(domid_t id);
/* A remote domain the caller may control: ERR_PTR(-ESRCH/-EPERM). */
bool get_domain(struct domain *d);
void put_domain(struct domain *d);
/* The next domain by id after @prev (NULL: the first), with a reference; drops @prev's. */
struct domain *domain_iterate(struct domain *prev);
/* Destroys step by step: 0 done, -ERESTART call again. domctl lock held. */
int domain_kill(struct domain *d);
void domain_shutdown(struct domain *d, int reason);
void domain_resume(struct domain *d);
/* The domain did something no correct guest does, or something failed under it: logs why, and stops
 * it. */
void __domain_crash(struct domain *d, const char *file, int line);
#define domain_crash(d, fmt, ...)                                                     \
    do {                                                                              \
        gprintk(XENLOG_ERR, "d%d crashed: " fmt "\n", (d)->domain_id, ##__VA_ARGS__); \
        __domain_crash(d, __FILE__, __LINE__);                                        \
    } while (0)
static inline void domain_lock(struct domain *d)
{
    spin_lock_recursive(&d->domain_lock);
}
static inline void domain_unlock(struct domain *d)
{
    spin_unlock_recursive(&d->domain_lock);
}
void vcpu_info_reset(struct vcpu *v);

/* Errors in pointers. */
static inline void *ERR_PTR(long e)
{
    return (void *)e;
}
static inline long PTR_ERR(const void *p)
{
    return (long)p;
}
static inline bool IS_ERR(const void *p)
{
    return (unsigned long)p >= (unsigned long)-4095;
}

/* --- scheduling (common/sched) --- */
void sched_init(void); /* creates the idle domain and this CPU's idle vCPU */
int sched_cpu_prepare(
    unsigned int cpu);               /* before another CPU comes up: its idle vCPU; 0 or -ENOMEM */
int sched_init_vcpu(struct vcpu *v); /* places it on a CPU; not runnable until woken */
void sched_destroy_vcpu(struct vcpu *v);
int sched_init_domain(struct domain *d);
void sched_destroy_domain(struct domain *d);
void vcpu_wake(struct vcpu *v);         /* look again at whether it can run */
void vcpu_sleep_nosync(struct vcpu *v); /* look again at whether it must stop */
void vcpu_sleep_sync(struct vcpu *v);   /* and wait until it is off its CPU */
void vcpu_block(void);                  /* current: until an event */
void vcpu_block_enable_events(void);
void vcpu_unblock(struct vcpu *v);
void vcpu_yield(void);
void vcpu_pause(struct vcpu *v); /* nests; waits */
void vcpu_pause_nosync(struct vcpu *v);
void vcpu_unpause(struct vcpu *v);
void domain_pause(struct domain *d);
void domain_pause_nosync(struct domain *d);
void domain_unpause(struct domain *d);
int domain_pause_by_controller(struct domain *d);
int domain_unpause_by_controller(struct domain *d);
/* Makes a running vCPU leave the guest soon, so that it looks at pending work; wakes no one. */
void vcpu_kick(struct vcpu *v);
int vcpu_set_hard_affinity(struct vcpu *v, const cpumask_t *mask);
int vcpu_set_soft_affinity(struct vcpu *v, const cpumask_t *mask);
long sched_adjust(struct domain *d, struct xen_domctl_scheduler_op *op);
int sched_id(void);
u64 get_cpu_idle_time(unsigned int cpu);
/* Snapshot with the running state counted up to now. */
void vcpu_runstate_get(struct vcpu *v, struct vcpu_runstate_info *out);
static inline bool vcpu_runnable(const struct vcpu *v)
{
    return !(v->pause_flags | atomic_read(&v->pause_count) | atomic_read(&v->domain->pause_count));
}

/* --- arch side --- */
int arch_domain_create(struct domain *d, struct xen_domctl_createdomain *config);
void arch_domain_destroy(struct domain *d);
int arch_vcpu_create(struct vcpu *v);
void arch_vcpu_destroy(struct vcpu *v);
int arch_domain_relinquish(struct domain *d); /* -ERESTART */
void arch_domain_shutdown(struct domain *d);
/* Switches this CPU's loaded state; scheduler's softirq, interrupts off. */
void arch_context_switch(struct vcpu *prev, struct vcpu *next);
/* The endless loop of each CPU: softirqs, then run current (a guest, or idle). */
void vcpu_loop(void) __noreturn;
/* Brings pvclock data of @v up to date. */
void update_vcpu_system_time(struct vcpu *v);
void update_domain_wallclock_time(struct domain *d);
/* Writes runstate to the guest's registered area. current only. */
void update_runstate_area(struct vcpu *v);
/* VCPUOP_initialise of a hardware-virtualised vCPU: 0 or -EINVAL. */
struct vcpu_hvm_context;
int arch_set_info_hvm_guest(struct vcpu *v, const struct vcpu_hvm_context *ctx);
long arch_do_domctl(struct xen_domctl *op, struct domain *d, bool *copyback);
long arch_do_sysctl(struct xen_sysctl *op, bool *copyback);

#endif
