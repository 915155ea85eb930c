/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The life of a domain: created with a reference of its own, found by number, killed step by step,
 * and freed when the last reference (perhaps another domain's mapping of its memory) is gone.
 */
#include <xen/sched.h>
#include <xen/domain.h>
#include <xen/errno.h>
#include <xen/event.h>
#include <xen/grant_table.h>
#include <xen/lib.h>
#include <xen/memory.h>
#include <public/sched.h>

struct domain *hardware_domain, *idle_domain, *dom_xen, *dom_io;
DEFINE_PER_CPU(struct vcpu *, curr_vcpu);

static LIST_HEAD(domain_list); /* by id; protects: domlist_lock */
static DEFINE_RWLOCK(domlist_lock);

/* --- finding --- */

bool get_domain(struct domain *d)
{
    int old, x = atomic_read(&d->refcnt);

    do {
        old = x;
        if (old <= 0)
            return false;
        x = cmpxchg(&d->refcnt.counter, old, old + 1);
    } while (x != old);
    return true;
}

struct domain *get_domain_by_id(domid_t id)
{
    struct domain *d, *found = NULL;

    read_lock(&domlist_lock);
    list_for_each_entry (d, &domain_list, list) {
        if (d->domain_id < id)
            continue;
        if (d->domain_id == id && get_domain(d))
            found = d;
        break;
    }
    read_unlock(&domlist_lock);
    return found;
}

struct domain *get_domain_or_self(domid_t id)
{
    if (id != DOMID_SELF)
        return get_domain_by_id(id);
    get_domain(current->domain);
    return current->domain;
}

struct domain *domain_iterate(struct domain *prev)
{
    struct domain *d, *found = NULL;

    read_lock(&domlist_lock);
    list_for_each_entry (d, &domain_list, list) {
        if (prev && d->domain_id <= prev->domain_id)
            continue;
        if (get_domain(d)) {
            found = d;
            break;
        }
    }
    read_unlock(&domlist_lock);
    if (prev)
        put_domain(prev);
    return found;
}

static int domain_list_add(struct domain *d)
{
    struct domain *each;
    int rc = 0;

    write_lock(&domlist_lock);
    list_for_each_entry (each, &domain_list, list) {
        if (each->domain_id >= d->domain_id)
            break;
    }
    if (&each->list != &domain_list && each->domain_id == d->domain_id)
        rc = -EEXIST;
    else
        list_add_tail(&d->list, &each->list);
    write_unlock(&domlist_lock);
    return rc;
}

/* --- creating --- */

static void vcpu_free(struct vcpu *v)
{
    arch_vcpu_destroy(v);
    if (v->evtchn)
        XFREE(v->evtchn);
    xfree(v);
}

/* Everything a domain_create() or a whole life built up; works on a half-built domain too. */
static void domain_free(struct domain *d)
{
    struct vcpu *v;

    grant_table_destroy(d);
    evtchn_destroy_final(d);
    for_each_vcpu (d, v) {
        sched_destroy_vcpu(v);
        vcpu_free(v);
    }
    sched_destroy_domain(d);
    arch_domain_destroy(d);
    if (d->shared_info)
        unshare_xen_page_with_guest(virt_to_page(d->shared_info));
    xfree(d->arch.e820);
    xfree(d->vcpu);
    xfree(d);
}

static struct domain *domain_alloc(domid_t domid, unsigned int max_vcpus)
{
    struct domain *d = xzalloc(struct domain);

    if (!d)
        return NULL;
    d->domain_id = domid;
    d->max_vcpus = max_vcpus;
    d->vcpu = xzalloc_array(struct vcpu *, max_vcpus);
    if (!d->vcpu) {
        xfree(d);
        return NULL;
    }
    atomic_set(&d->refcnt, 1);
    atomic_set(&d->pause_count, 0);
    spin_lock_init(&d->domain_lock);
    spin_lock_init(&d->shutdown_lock);
    spin_lock_init(&d->page_alloc_lock);
    spin_lock_init(&d->arch.e820_lock);
    INIT_LIST_HEAD(&d->page_list);
    INIT_LIST_HEAD(&d->xenpage_list);
    INIT_LIST_HEAD(&d->held_list);
    INIT_LIST_HEAD(&d->list);
    d->shutdown_code = -1;
    return d;
}

static int domain_build_common(struct domain *d, struct xen_domctl_createdomain *config)
{
    void *page;
    int rc;

    page = alloc_xenheap_page();
    if (!page)
        return -ENOMEM;
    d->shared_info = page;
    share_xen_page_with_guest(virt_to_page(page), d);
    rc = evtchn_init(d, config->max_evtchn_port);
    if (!rc)
        rc = grant_table_init(d, config->max_grant_frames, config->max_maptrack_frames,
                              config->grant_opts);
    if (!rc)
        rc = sched_init_domain(d);
    if (!rc)
        rc = watchdog_domain_init(d);
    return rc;
}

static int sanitise_config(const struct xen_domctl_createdomain *config)
{
    if (config->flags & ~(XEN_DOMCTL_CDF_MAX | (XEN_DOMCTL_CDF_MAX - 1)))
        return -EINVAL;
    if (!(config->flags & XEN_DOMCTL_CDF_hvm) || !(config->flags & XEN_DOMCTL_CDF_hap))
        return -EINVAL; /* classic PV and shadow paging do not exist here */
    if (config->flags & (XEN_DOMCTL_CDF_nested_virt | XEN_DOMCTL_CDF_vpmu))
        return -EINVAL;
    if (!config->max_vcpus || config->max_vcpus > HVM_MAX_VCPUS)
        return -EINVAL;
    return 0;
}

struct domain *domain_create(domid_t domid, struct xen_domctl_createdomain *config, bool privileged)
{
    struct domain *d;
    int rc = domid < DOMID_FIRST_RESERVED ? sanitise_config(config) : -EINVAL;

    if (rc)
        return ERR_PTR(rc);
    d = domain_alloc(domid, config->max_vcpus);
    if (!d)
        return ERR_PTR(-ENOMEM);
    d->createflags = config->flags;
    d->is_privileged = privileged;
    d->ssidref = config->ssidref;
    memcpy(d->handle, config->handle, sizeof(d->handle));
    atomic_set(&d->pause_count, 1); /* until the builder unpauses it */
    d->controller_pause_count = 1;

    rc = domain_build_common(d, config);
    if (!rc)
        rc = arch_domain_create(d, config);
    if (!rc)
        rc = domain_list_add(d);
    if (rc) {
        d->is_dying = DOMDYING_dead;
        domain_free(d);
        return ERR_PTR(rc);
    }
    return d;
}

/* Where a vCPU's info lives until (and unless) the guest registers a place of its own. */
void vcpu_info_reset(struct vcpu *v)
{
    static struct vcpu_info dummy;

    v->vcpu_info = v->vcpu_id < XEN_LEGACY_MAX_VCPUS && v->domain->shared_info
                       ? &v->domain->shared_info->vcpu_info[v->vcpu_id]
                       : &dummy;
    v->vcpu_info_page = NULL;
}

struct vcpu *vcpu_create(struct domain *d, unsigned int id)
{
    struct vcpu *v;

    ASSERT(id < d->max_vcpus && !d->vcpu[id]);
    v = xzalloc(struct vcpu);
    if (!v)
        return NULL;
    v->domain = d;
    v->vcpu_id = id;
    v->runstate.state = RUNSTATE_offline;
    v->runstate.state_entry_time = NOW();
    cpumask_fill(&v->hard_affinity);
    cpumask_fill(&v->soft_affinity);
    set_bit(VPF_down, &v->pause_flags);
    if (is_idle_domain(d)) {
        d->vcpu[id] = v;
        return v;
    }
    vcpu_info_reset(v);
    if (evtchn_init_vcpu(v))
        goto fail;
    vcpu_timers_init(v);
    if (arch_vcpu_create(v))
        goto fail;
    d->vcpu[id] = v;
    if (sched_init_vcpu(v)) {
        d->vcpu[id] = NULL;
        goto fail;
    }
    return v;
fail:
    vcpu_free(v);
    return NULL;
}

/* The domain of the idle vCPUs, and those that own what belongs to no guest. */
struct domain *system_domain_create(domid_t domid, unsigned int max_vcpus)
{
    struct domain *d = domain_alloc(domid, max_vcpus ?: 1);

    if (!d)
        panic("No memory for system domain %u", domid);
    d->max_pages = 0;
    return d;
}

/* --- ending --- */

void put_domain(struct domain *d)
{
    if (!atomic_dec_and_test(&d->refcnt))
        return;
    write_lock(&domlist_lock);
    list_del(&d->list);
    write_unlock(&domlist_lock);
    domain_free_later(d);
}

/* Freeing waits for timers and other CPUs, so it happens where that is allowed. */
static LIST_HEAD(free_list); /* protects: free_lock */
static DEFINE_SPINLOCK(free_lock);
static struct tasklet free_tasklet;

static void free_dead_domains(void *unused)
{
    for (;;) {
        struct domain *d = NULL;
        unsigned long flags;

        spin_lock_irqsave(&free_lock, flags);
        if (!list_empty(&free_list)) {
            d = list_first_entry(&free_list, struct domain, list);
            list_del(&d->list);
        }
        spin_unlock_irqrestore(&free_lock, flags);
        if (!d)
            return;
        domain_free(d);
    }
}

void domain_free_later(struct domain *d)
{
    unsigned long flags;

    spin_lock_irqsave(&free_lock, flags);
    if (!free_tasklet.fn)
        tasklet_init(&free_tasklet, free_dead_domains, NULL);
    list_add_tail(&d->list, &free_list);
    spin_unlock_irqrestore(&free_lock, flags);
    tasklet_schedule(&free_tasklet);
}

static int kill_stop(struct domain *d)
{
    struct vcpu *v;

    domain_pause(d);
    spin_lock(&d->page_alloc_lock);
    d->is_dying = DOMDYING_dying;
    spin_unlock(&d->page_alloc_lock);
    domain_set_outstanding_pages(d, 0);
    watchdog_domain_destroy(d);
    for_each_vcpu (d, v)
        vcpu_timers_kill(v);
    return 0;
}

static int kill_events(struct domain *d)
{
    evtchn_destroy(d);
    return 0;
}

static int kill_areas(struct domain *d)
{
    struct vcpu *v;

    for_each_vcpu (d, v)
        unmap_vcpu_info(v);
    return 0;
}

/* In this order: nothing runs; nothing is signalled; nothing is mapped; memory goes. */
static int (*const kill_steps[])(struct domain *d) = {
    kill_stop,
    kill_events,
    gnttab_release_mappings,
    kill_areas,
    arch_domain_relinquish,
    p2m_teardown,
    domain_relinquish_pages,
};

int domain_kill(struct domain *d)
{
    if (d->is_dying == DOMDYING_dead)
        return 0;
    while (d->destroy_progress < ARRAY_SIZE(kill_steps)) {
        int rc = kill_steps[d->destroy_progress](d);

        if (rc)
            return rc;
        d->destroy_progress++;
        if (hypercall_preempt_check())
            return -ERESTART;
    }
    d->is_dying = DOMDYING_dead;
    if (d->target) {
        put_domain(d->target);
        d->target = NULL;
    }
    send_global_virq(VIRQ_DOM_EXC);
    put_domain(d);
    return 0;
}

/* --- shutting down --- */

/* All vCPUs have stopped: the domain is shut down, and the toolstack hears of it. */
static void finish_shutdown(struct domain *d)
{
    struct vcpu *v;

    spin_lock(&d->shutdown_lock);
    if (!d->is_shutting_down || d->is_shut_down) {
        spin_unlock(&d->shutdown_lock);
        return;
    }
    d->is_shut_down = true;
    for_each_vcpu (d, v)
        vcpu_pause_nosync(v);
    arch_domain_shutdown(d);
    spin_unlock(&d->shutdown_lock);
    if (d->shutdown_code == SHUTDOWN_suspend && d->suspend_evtchn)
        evtchn_send(d, d->suspend_evtchn);
    else
        send_global_virq(VIRQ_DOM_EXC);
}

void domain_shutdown(struct domain *d, int reason)
{
    spin_lock(&d->shutdown_lock);
    if (d->shutdown_code == -1)
        d->shutdown_code = reason;
    reason = d->shutdown_code;
    spin_unlock(&d->shutdown_lock);
    if (is_hardware_domain(d))
        hwdom_shutdown(reason);
    spin_lock(&d->shutdown_lock);
    if (d->is_shutting_down) {
        spin_unlock(&d->shutdown_lock);
        return;
    }
    d->is_shutting_down = true;
    spin_unlock(&d->shutdown_lock);
    finish_shutdown(d);
}

void domain_resume(struct domain *d)
{
    struct vcpu *v;

    domain_pause(d);
    spin_lock(&d->shutdown_lock);
    if (d->is_shut_down)
        for_each_vcpu (d, v)
            vcpu_unpause(v);
    d->is_shutting_down = d->is_shut_down = false;
    d->shutdown_code = -1;
    spin_unlock(&d->shutdown_lock);
    domain_unpause(d);
}

void __domain_crash(struct domain *d, const char *file, int line)
{
    if (d->is_shutting_down)
        return;
    printk(XENLOG_ERR "d%u crashed (reported at %s:%d)\n", d->domain_id, file, line);
    if (current->domain == d && hvm_vendor->dump)
        hvm_vendor->dump(current);
    domain_shutdown(d, SHUTDOWN_crash);
}
