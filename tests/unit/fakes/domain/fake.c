/* SPDX-License-Identifier: GPL-2.0-only */
/* The fake machine: see fake.h. */
#include "fake.h"

#include <stdio.h>
#include <sys/mman.h>
#include <xen/console.h>
#include <xen/errno.h>
#include <xen/event.h>
#include <xen/grant_table.h>
#include <xen/guest_access.h>
#include <xen/memory.h>
#include <xen/param.h>
#include <xen/smp.h>
#include <xen/softirq.h>
#include <xen/time.h>

#define WEAK __attribute__((weak))

/* --- CPUs --- */

unsigned long per_cpu_offset[NR_CPUS];
unsigned int fake_cpu;
cpumask_t cpu_online_map = {{1}};
WEAK DEFINE_PER_CPU(struct vcpu *, curr_vcpu);
DEFINE_PER_CPU(unsigned long, softirq_pending_mask);
extern char __start_data_percpu[], __stop_data_percpu[];
static char cpu_areas[8][65536] __aligned(64);

/* --- failing --- */

void bug(const char *what, const char *file, int line)
{
    fail_msg("BUG at %s:%d: %s", file, line, what);
    abort();
}

void panic(const char *fmt, ...)
{
    char text[256];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    fail_msg("panic: %s", text);
    abort();
}

void printk(const char *fmt, ...)
{
    va_list ap;

    if (!getenv("FAKE_LOG"))
        return;
    va_start(ap, fmt);
    vprintf(fmt, ap);
    va_end(ap);
}

size_t strlcpy(char *d, const char *s, size_t size)
{
    size_t n = strlen(s);

    if (size) {
        memcpy(d, s, n < size ? n : size - 1);
        d[n < size ? n : size - 1] = 0;
    }
    return n;
}

/* --- locks --- */

unsigned int fake_locks_held, fake_locks_allowed;

void spin_lock(spinlock_t *l)
{
    if (l->head)
        fail_msg("lock taken twice");
    l->head = 1;
    fake_locks_held++;
}

void spin_unlock(spinlock_t *l)
{
    if (!l->head)
        fail_msg("lock was not held");
    l->head = 0;
    fake_locks_held--;
}

bool spin_trylock(spinlock_t *l)
{
    if (l->head)
        return false;
    spin_lock(l);
    return true;
}

bool spin_is_locked(const spinlock_t *l)
{
    return l->head;
}

void spin_lock_recursive(spinlock_t *l)
{
    l->depth++;
    fake_locks_held++;
}

void spin_unlock_recursive(spinlock_t *l)
{
    if (!l->depth)
        fail_msg("recursive lock was not held");
    l->depth--;
    fake_locks_held--;
}

void read_lock(rwlock_t *l)
{
    if (l->count < 0)
        fail_msg("reader meets a writer");
    l->count++;
    fake_locks_held++;
}

void read_unlock(rwlock_t *l)
{
    l->count--;
    fake_locks_held--;
}

void write_lock(rwlock_t *l)
{
    if (l->count)
        fail_msg("writer meets another");
    l->count = -1;
    fake_locks_held++;
}

void write_unlock(rwlock_t *l)
{
    l->count = 0;
    fake_locks_held--;
}

/* --- memory --- */

static bool frame_used[FAKE_FRAMES];
unsigned long max_page = FAKE_FRAMES, total_pages = FAKE_FRAMES - 1;
WEAK unsigned long outstanding_claims_total;
struct e820_map e820;
bool fake_alloc_fails;
unsigned int fake_chunks_left, fake_allocs_left;

static bool may_allocate(void)
{
    if (fake_alloc_fails || !fake_allocs_left)
        return false;
    fake_allocs_left--;
    return true;
}

static void map_at(unsigned long va, size_t size)
{
    void *p = mmap((void *)va, size, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE | MAP_NORESERVE, -1, 0);

    assert_ptr_equal(p, va);
}

static void map_ram(void)
{
    static bool mapped;

    if (mapped)
        return;
    map_at(DIRECTMAP_VIRT_START, FAKE_FRAMES * PAGE_SIZE);
    map_at(FRAMETABLE_VIRT_START, FAKE_FRAMES * sizeof(struct page_info));
    mapped = true;
}

bool mfn_valid(mfn_t mfn)
{
    return mfn_x(mfn) < FAKE_FRAMES;
}

paddr_t virt_to_maddr(const void *va)
{
    paddr_t a = (paddr_t)va - DIRECTMAP_VIRT_START;

    assert_true(a < FAKE_FRAMES * PAGE_SIZE);
    return a;
}

/* First fit; frame 0 is never given out. */
static unsigned long take_frames(unsigned int order)
{
    unsigned long n = 1UL << order;

    if (!fake_chunks_left || !may_allocate())
        return 0;
    for (unsigned long at = n; at + n <= FAKE_FRAMES; at += n) {
        unsigned long i;

        for (i = 0; i < n && !frame_used[at + i]; i++)
            ;
        if (i < n)
            continue;
        for (i = 0; i < n; i++) {
            frame_used[at + i] = true;
            memset(&frame_table[at + i], 0, sizeof(frame_table[0]));
            memset(mfn_to_virt(_mfn(at + i)), 0, PAGE_SIZE);
        }
        fake_chunks_left--;
        return at;
    }
    return 0;
}

static void give_frames(unsigned long mfn, unsigned int order)
{
    for (unsigned long i = mfn; i < mfn + (1UL << order); i++) {
        if (!frame_used[i])
            fail_msg("frame %#lx freed twice", i);
        frame_used[i] = false;
        frame_table[i] = (struct page_info){.count_info = PGC_free};
    }
}

struct page_info *alloc_domheap_pages(struct domain *d, unsigned int order, unsigned int memflags)
{
    unsigned long mfn = take_frames(order);

    if (!mfn)
        return NULL;
    if (d && assign_pages(&frame_table[mfn], 1U << order, d, memflags)) {
        give_frames(mfn, order);
        return NULL;
    }
    return &frame_table[mfn];
}

void free_domheap_pages(struct page_info *pg, unsigned int order)
{
    give_frames(pg - frame_table, order);
}

void *alloc_xenheap_pages(unsigned int order, unsigned int memflags)
{
    unsigned long mfn = take_frames(order);

    return mfn ? mfn_to_virt(_mfn(mfn)) : NULL;
}

void free_xenheap_pages(void *va, unsigned int order)
{
    give_frames(mfn_x(virt_to_mfn(va)), order);
}

unsigned long fake_frames_used(void)
{
    unsigned long n = 0;

    for (unsigned long i = 0; i < FAKE_FRAMES; i++)
        n += frame_used[i];
    return n;
}

unsigned long avail_domheap_pages(void)
{
    return FAKE_FRAMES - 1 - fake_frames_used();
}

unsigned long avail_node_heap_pages(unsigned int node)
{
    return avail_domheap_pages();
}

void *_xzalloc(size_t size, size_t align)
{
    return !may_allocate() ? NULL : calloc(1, size);
}

void *_xmalloc(size_t size, size_t align)
{
    return !may_allocate() ? NULL : malloc(size);
}

void *xzalloc_array_(size_t size, size_t n)
{
    return !may_allocate() ? NULL : calloc(n, size);
}

void xfree(void *p)
{
    free(p);
}

/* --- ownership: in short, where pages.c is not under test --- */

WEAK int assign_pages(struct page_info *pg, unsigned int nr, struct domain *d,
                      unsigned int memflags)
{
    for (unsigned int i = 0; i < nr; i++) {
        pg[i].owner = d;
        pg[i].count_info = PGC_allocated | 1;
        list_add_tail(&pg[i].list, &d->page_list);
        d->tot_pages++;
    }
    return 0;
}

WEAK bool get_page_any(struct page_info *pg)
{
    if (!(pg->count_info & PGC_count_mask))
        return false;
    pg->count_info++;
    return true;
}

WEAK bool get_page(struct page_info *pg, const struct domain *d)
{
    return pg->owner == d && get_page_any(pg);
}

WEAK void put_page(struct page_info *pg)
{
    assert_true(pg->count_info & PGC_count_mask);
    if (--pg->count_info & PGC_count_mask)
        return;
    if (!(pg->count_info & PGC_xen_heap) && pg->owner) {
        list_del(&pg->list);
        pg->owner->tot_pages--;
    }
    give_frames(pg - frame_table, 0);
}

WEAK void put_page_alloc_ref(struct page_info *pg)
{
    if (!(pg->count_info & PGC_allocated))
        return;
    pg->count_info &= ~PGC_allocated;
    put_page(pg);
}

WEAK void share_xen_page_with_guest(struct page_info *pg, struct domain *d)
{
    pg->owner = d;
    pg->count_info = PGC_xen_heap | PGC_allocated | 1;
    list_add_tail(&pg->list, &d->xenpage_list);
}

WEAK void unshare_xen_page_with_guest(struct page_info *pg)
{
    list_del(&pg->list);
    put_page_alloc_ref(pg);
}

WEAK bool claims_allow(const struct domain *d, unsigned long nr)
{
    return true;
}

WEAK int domain_set_outstanding_pages(struct domain *d, unsigned long pages)
{
    return 0;
}

/* --- guest-physical map: an array --- */

#define FAKE_GFNS 4096
struct fake_p2m {
    struct {
        mfn_t mfn;
        p2m_type_t t;
    } e[FAKE_GFNS];
};
unsigned int fake_tlb_flushes;

static struct fake_p2m *fake_p2m(struct domain *d)
{
    if (!d->arch.p2m.root)
        d->arch.p2m.root = calloc(1, sizeof(struct fake_p2m));
    return (struct fake_p2m *)d->arch.p2m.root;
}

WEAK mfn_t p2m_lookup(struct domain *d, gfn_t gfn, p2m_type_t *t, unsigned int *order)
{
    *t = p2m_invalid;
    if (order)
        *order = 0;
    if (gfn_x(gfn) >= FAKE_GFNS)
        return INVALID_MFN;
    *t = fake_p2m(d)->e[gfn_x(gfn)].t;
    return *t == p2m_invalid ? INVALID_MFN : fake_p2m(d)->e[gfn_x(gfn)].mfn;
}

WEAK int p2m_set_entry_noflush(struct domain *d, gfn_t gfn, mfn_t mfn, unsigned int order,
                               p2m_type_t t)
{
    int changed = 0;

    if (gfn_x(gfn) + (1UL << order) > FAKE_GFNS)
        return -EINVAL;
    for (unsigned long i = 0; i < 1UL << order; i++) {
        p2m_type_t old = fake_p2m(d)->e[gfn_x(gfn) + i].t;
        mfn_t old_mfn = fake_p2m(d)->e[gfn_x(gfn) + i].mfn;

        changed |= old != p2m_invalid;
        fake_p2m(d)->e[gfn_x(gfn) + i].t = t;
        fake_p2m(d)->e[gfn_x(gfn) + i].mfn = mfn_eq(mfn, INVALID_MFN) ? mfn : mfn_add(mfn, i);
        if (old == p2m_map_foreign)
            put_page(mfn_to_page(old_mfn));
    }
    if (t != p2m_invalid && gfn_x(gfn) > d->arch.p2m.max_mapped_gfn)
        d->arch.p2m.max_mapped_gfn = gfn_x(gfn);
    return changed;
}

WEAK int p2m_set_entry(struct domain *d, gfn_t gfn, mfn_t mfn, unsigned int order, p2m_type_t t)
{
    int rc = p2m_set_entry_noflush(d, gfn, mfn, order, t);

    if (rc > 0)
        p2m_flush_tlb(d);
    return rc < 0 ? rc : 0;
}

WEAK void p2m_flush_tlb(struct domain *d)
{
    fake_tlb_flushes++;
}

WEAK struct page_info *get_page_from_gfn(struct domain *d, gfn_t gfn, p2m_type_t *t)
{
    p2m_type_t local;
    mfn_t mfn = p2m_lookup(d, gfn, t ?: &local, NULL);
    p2m_type_t type = t ? *t : local;

    if (!p2m_has_page(type) || !mfn_valid(mfn))
        return NULL;
    if (p2m_is_ram(type))
        return get_page(mfn_to_page(mfn), d) ? mfn_to_page(mfn) : NULL;
    return get_page_any(mfn_to_page(mfn)) ? mfn_to_page(mfn) : NULL;
}

WEAK int guest_physmap_add_page(struct domain *d, gfn_t gfn, mfn_t mfn, unsigned int order)
{
    return p2m_set_entry(d, gfn, mfn, order, p2m_ram_rw);
}

WEAK int guest_physmap_remove_page(struct domain *d, gfn_t gfn, mfn_t mfn, unsigned int order)
{
    p2m_type_t t;

    if (!mfn_eq(p2m_lookup(d, gfn, &t, NULL), mfn))
        return -EINVAL;
    return p2m_set_entry(d, gfn, INVALID_MFN, order, p2m_invalid);
}

/* --- the current guest's linear memory --- */

u8 fake_guest[FAKE_GUEST_SIZE];

static u8 *guest_bytes(unsigned long va, size_t n)
{
    /* Locks of the guest-physical map are taken on this way: none of ours may be held. */
    if (fake_locks_held > fake_locks_allowed)
        fail_msg("guest memory accessed with a lock held");
    if (va < FAKE_GUEST_VA || va - FAKE_GUEST_VA > FAKE_GUEST_SIZE ||
        n > FAKE_GUEST_SIZE - (va - FAKE_GUEST_VA))
        return NULL;
    return fake_guest + (va - FAKE_GUEST_VA);
}

WEAK unsigned long raw_copy_from_guest(void *to, unsigned long va, size_t n)
{
    u8 *p = guest_bytes(va, n);

    if (!p)
        return n;
    memcpy(to, p, n);
    return 0;
}

WEAK unsigned long raw_copy_to_guest(unsigned long va, const void *from, size_t n)
{
    u8 *p = guest_bytes(va, n);

    if (!p)
        return n;
    memcpy(p, from, n);
    return 0;
}

WEAK unsigned long raw_clear_guest(unsigned long va, size_t n)
{
    u8 *p = guest_bytes(va, n);

    if (!p)
        return n;
    memset(p, 0, n);
    return 0;
}

/* --- domains --- */

WEAK struct domain *hardware_domain, *idle_domain, *dom_xen, *dom_io;
static struct domain *fake_domains[16];

WEAK bool get_domain(struct domain *d)
{
    atomic_inc(&d->refcnt);
    return true;
}

WEAK void put_domain(struct domain *d)
{
    assert_true(atomic_read(&d->refcnt) > 0);
    atomic_dec(&d->refcnt);
}

WEAK struct domain *get_domain_by_id(domid_t id)
{
    for (unsigned int i = 0; i < ARRAY_SIZE(fake_domains); i++)
        if (fake_domains[i] && fake_domains[i]->domain_id == id && get_domain(fake_domains[i]))
            return fake_domains[i];
    return NULL;
}

WEAK struct domain *get_domain_or_self(domid_t id)
{
    if (id != DOMID_SELF)
        return get_domain_by_id(id);
    get_domain(current->domain);
    return current->domain;
}

WEAK struct domain *domain_iterate(struct domain *prev)
{
    for (unsigned int i = 0; i < ARRAY_SIZE(fake_domains); i++) {
        struct domain *d = fake_domains[i];

        if (d && (!prev || d->domain_id > prev->domain_id)) {
            if (prev)
                put_domain(prev);
            get_domain(d);
            return d;
        }
    }
    if (prev)
        put_domain(prev);
    return NULL;
}

struct domain *fake_domain(domid_t id, unsigned int vcpus)
{
    struct domain *d = calloc(1, sizeof(*d));
    unsigned int slot = 0;

    while (fake_domains[slot])
        slot++;
    fake_domains[slot] = d;
    d->domain_id = id;
    d->max_vcpus = vcpus;
    d->max_pages = ~0U;
    d->shutdown_code = -1;
    d->vcpu = calloc(vcpus, sizeof(*d->vcpu));
    atomic_set(&d->refcnt, 1);
    INIT_LIST_HEAD(&d->list);
    INIT_LIST_HEAD(&d->page_list);
    INIT_LIST_HEAD(&d->xenpage_list);
    INIT_LIST_HEAD(&d->held_list);
    d->shared_info = calloc(1, PAGE_SIZE);
    for (unsigned int i = 0; i < vcpus; i++) {
        struct vcpu *v = calloc(1, sizeof(*v));

        v->domain = d;
        v->vcpu_id = i;
        v->vcpu_info = &d->shared_info->vcpu_info[i];
        cpumask_fill(&v->hard_affinity);
        cpumask_fill(&v->soft_affinity);
        d->vcpu[i] = v;
    }
    return d;
}

void fake_domain_free(struct domain *d)
{
    for (unsigned int i = 0; i < ARRAY_SIZE(fake_domains); i++)
        if (fake_domains[i] == d)
            fake_domains[i] = NULL;
    for (unsigned int i = 0; i < d->max_vcpus; i++)
        free(d->vcpu[i]);
    free(d->vcpu);
    free(d->shared_info);
    if (!d->arch.p2m.fmt)
        free(d->arch.p2m.root);
    free(d);
}

struct page_info *fake_populate(struct domain *d, unsigned long gfn)
{
    struct page_info *pg = alloc_domheap_pages(d, 0, 0);

    assert_non_null(pg);
    assert_int_equal(guest_physmap_add_page(d, _gfn(gfn), page_to_mfn(pg), 0), 0);
    return pg;
}

void *fake_page(struct domain *d, unsigned long gfn)
{
    p2m_type_t t;
    mfn_t mfn = p2m_lookup(d, _gfn(gfn), &t, NULL);

    assert_true(p2m_has_page(t));
    return mfn_to_virt(mfn);
}

void fake_reset(void)
{
    map_ram();
    assert_true(__stop_data_percpu - __start_data_percpu <= (long)sizeof(cpu_areas[0]));
    for (unsigned int cpu = 1; cpu < 8; cpu++)
        per_cpu_offset[cpu] = (unsigned long)cpu_areas[cpu] - (unsigned long)__start_data_percpu;
    for (unsigned int cpu = 0; cpu < 8; cpu++)
        memset(__start_data_percpu + per_cpu_offset[cpu], 0,
               __stop_data_percpu - __start_data_percpu);
    fake_cpu = 0;
    fake_now = 0;
    fake_locks_allowed = 0;
    fake_locks_held = fake_tlb_flushes = fake_kicks = fake_crashes = 0;
    fake_alloc_fails = false;
    fake_chunks_left = fake_allocs_left = ~0U;
    memset(fake_domains, 0, sizeof(fake_domains));
    memset(frame_used, 0, sizeof(frame_used));
    for (unsigned long i = 0; i < FAKE_FRAMES; i++)
        frame_table[i] = (struct page_info){.count_info = PGC_free};
    memset(fake_guest, 0, sizeof(fake_guest));
}

void fake_check_leaks(unsigned long n)
{
    assert_int_equal(fake_locks_held, 0);
    assert_int_equal(fake_frames_used(), n);
}

WEAK void __domain_crash(struct domain *d, const char *file, int line)
{
    fake_crashes++;
}

WEAK void domain_shutdown(struct domain *d, int reason)
{
    d->is_shutting_down = true;
    d->shutdown_code = reason;
}

unsigned int fake_crashes, fake_kicks;

WEAK void arch_evtchn_kick(struct vcpu *v)
{
    fake_kicks++;
}

WEAK void vcpu_unblock(struct vcpu *v)
{
    clear_bit(VPF_blocked, &v->pause_flags);
}

WEAK void send_global_virq(u32 virq)
{
}

/* --- time, softirqs, other CPUs --- */

s_time_t fake_now;
static struct timer *timers[256];
static struct tasklet *tasklets[64];

s_time_t get_s_time(void)
{
    return fake_now;
}

void init_timer(struct timer *t, void (*fn)(void *), void *data, unsigned int cpu)
{
    *t = (struct timer){.fn = fn, .data = data, .cpu = cpu};
}

void stop_timer(struct timer *t)
{
    t->active = false;
    for (unsigned int i = 0; i < ARRAY_SIZE(timers); i++)
        if (timers[i] == t)
            timers[i] = NULL;
}

void set_timer(struct timer *t, s_time_t expires)
{
    stop_timer(t);
    t->node.key = expires;
    t->active = true;
    for (unsigned int i = 0; i < ARRAY_SIZE(timers); i++)
        if (!timers[i]) {
            timers[i] = t;
            return;
        }
    fail_msg("too many timers");
}

void kill_timer(struct timer *t)
{
    stop_timer(t);
    t->killed = true;
}

void migrate_timer(struct timer *t, unsigned int new_cpu)
{
    t->cpu = new_cpu;
}

static struct timer *first_timer(void)
{
    struct timer *first = NULL;

    for (unsigned int i = 0; i < ARRAY_SIZE(timers); i++)
        if (timers[i] && (!first || timers[i]->node.key < first->node.key))
            first = timers[i];
    return first;
}

s_time_t fake_next_timer(void)
{
    struct timer *t = first_timer();

    return t ? (s_time_t)t->node.key : STIME_MAX;
}

void fake_run_timers(s_time_t until)
{
    struct timer *t;

    while ((t = first_timer()) && (s_time_t)t->node.key <= until) {
        unsigned int cpu = fake_cpu;

        fake_now = max(fake_now, (s_time_t)t->node.key);
        stop_timer(t);
        fake_cpu = t->cpu;
        t->fn(t->data);
        fake_cpu = cpu;
    }
    fake_now = max(fake_now, until);
}

void tasklet_init(struct tasklet *t, void (*fn)(void *), void *data)
{
    *t = (struct tasklet){.fn = fn, .data = data};
}

void tasklet_schedule(struct tasklet *t)
{
    for (unsigned int i = 0; i < ARRAY_SIZE(tasklets); i++)
        if (tasklets[i] == t)
            return;
    for (unsigned int i = 0; i < ARRAY_SIZE(tasklets); i++)
        if (!tasklets[i]) {
            tasklets[i] = t;
            return;
        }
}

void fake_run_tasklets(void)
{
    for (unsigned int i = 0; i < ARRAY_SIZE(tasklets); i++) {
        struct tasklet *t = tasklets[i];

        tasklets[i] = NULL;
        if (t)
            t->fn(t->data);
    }
}

static softirq_fn_t *softirq_fn[NR_SOFTIRQS];

void open_softirq(enum softirq nr, softirq_fn_t *fn)
{
    softirq_fn[nr] = fn;
}

void cpu_raise_softirq(unsigned int cpu, enum softirq nr)
{
    per_cpu(softirq_pending_mask, cpu) |= 1UL << nr;
}

void raise_softirq(enum softirq nr)
{
    cpu_raise_softirq(fake_cpu, nr);
}

void do_softirq(void)
{
    for (unsigned int nr = 0; nr < NR_SOFTIRQS; nr++)
        if (this_cpu(softirq_pending_mask) & (1UL << nr)) {
            this_cpu(softirq_pending_mask) &= ~(1UL << nr);
            if (softirq_fn[nr])
                softirq_fn[nr]();
        }
}

void on_selected_cpus(const cpumask_t *mask, void (*fn)(void *), void *data, bool wait)
{
    unsigned int me = fake_cpu;

    for_each_cpu(fake_cpu, mask) fn(data);
    fake_cpu = me;
}

void smp_send_event_check(unsigned int cpu)
{
}

void register_keyhandler(unsigned char key, keyhandler_fn_t *fn, const char *desc)
{
}

WEAK void fake_relax(void)
{
    fail_msg("nobody to wait for");
}
