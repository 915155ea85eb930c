/* SPDX-License-Identifier: GPL-2.0-only */
/* A second domain made of the test kernel's own image: see domu.h. */
#include "domu.h"
#include <public/memory.h>
#include <public/sched.h>
#include <public/sysctl.h>

#define SLOTS       8
#define IMAGE_START 0x1000000ul

extern char _end[], l4[], gdt[];

struct xen_domctl op;
volatile uint64_t mailbox[512] __attribute__((aligned(4096)));
uint64_t rng_state = 1;

/* Frames of other domains appear here; what RAM was here before waits in its owner's hands. */
static char window[SLOTS][4096] __attribute__((aligned(4096)));
static char stack[DOMU_VCPUS][16384] __attribute__((aligned(16)));
static void (*volatile entry[DOMU_VCPUS])(void);

long domctl(unsigned int cmd, unsigned int domid)
{
    op.cmd = cmd;
    op.domain = domid;
    op.interface_version = XEN_DOMCTL_INTERFACE_VERSION;
    return hypercall(__HYPERVISOR_domctl, PTR(&op), 0, 0);
}

uint64_t free_pages(void)
{
    struct xen_sysctl s = {.cmd = XEN_SYSCTL_physinfo,
                           .interface_version = XEN_SYSCTL_INTERFACE_VERSION};

    if (hypercall(__HYPERVISOR_sysctl, PTR(&s), 0, 0))
        error("physinfo");
    return s.u.physinfo.free_pages + s.u.physinfo.scrub_pages;
}

void *domu_map(const struct domu *d, unsigned int slot, unsigned long gfn)
{
    xen_ulong_t idx = gfn;
    xen_pfn_t at = PTR(window[slot]) >> 12;
    int err = -1;
    struct xen_add_to_physmap_batch b = {.domid = DOMID_SELF,
                                         .space = XENMAPSPACE_gmfn_foreign,
                                         .size = 1,
                                         .u.foreign_domid = d->domid};

    set_xen_guest_handle(b.idxs, &idx);
    set_xen_guest_handle(b.gpfns, &at);
    set_xen_guest_handle(b.errs, &err);
    if (hypercall(__HYPERVISOR_memory_op, XENMEM_add_to_physmap_batch, PTR(&b), 0) || err)
        return NULL;
    return window[slot];
}

static void must(long rc, const char *what)
{
    if (rc)
        error("%s: %ld", what, rc);
}

static void populate(unsigned int domid)
{
    xen_pfn_t gfn[DOMU_PAGES >> 9];
    struct xen_memory_reservation r = {
        .nr_extents = DOMU_PAGES >> 9, .extent_order = 9, .domid = domid};

    for (unsigned int i = 0; i < DOMU_PAGES >> 9; i++)
        gfn[i] = (xen_pfn_t)i << 9;
    set_xen_guest_handle(r.extent_start, gfn);
    if (hypercall(__HYPERVISOR_memory_op, XENMEM_populate_physmap, PTR(&r), 0) != DOMU_PAGES >> 9)
        error("populate");
}

void domu_create(struct domu *d, unsigned int vcpus)
{
    memset(&op, 0, sizeof(op));
    op.u.createdomain.flags = XEN_DOMCTL_CDF_hvm | XEN_DOMCTL_CDF_hap;
    op.u.createdomain.max_vcpus = vcpus;
    op.u.createdomain.max_evtchn_port = 1023;
    op.u.createdomain.max_grant_frames = 4;
    op.u.createdomain.max_maptrack_frames = 4;
    op.u.createdomain.grant_opts = XEN_DOMCTL_GRANT_version(2);
    op.u.createdomain.arch.emulation_flags = XEN_X86_EMU_LAPIC;
    must(domctl(XEN_DOMCTL_createdomain, 0), "createdomain");
    d->domid = op.domain;
    op.u.max_vcpus.max = vcpus;
    must(domctl(XEN_DOMCTL_max_vcpus, d->domid), "max_vcpus");
    op.u.max_mem.max_memkb = (DOMU_PAGES + 64) * 4;
    must(domctl(XEN_DOMCTL_max_mem, d->domid), "max_mem");
    populate(d->domid);
    for (unsigned long a = IMAGE_START; a < PTR(_end); a += 4096) {
        void *page;

        if (a >= PTR(window) && a < PTR(window) + sizeof(window))
            continue;
        page = domu_map(d, 1, a >> 12);
        if (!page)
            error("no foreign mapping of frame %lx", a >> 12);
        memcpy(page, (void *)a, 4096);
    }
    d->mailbox = domu_map(d, 0, PTR(mailbox) >> 12);
}

static void child_entry(unsigned int vcpu)
{
    in_domu = true;
    shared_info_mapped = false;
    trap_resume = 0;
    load_idt();
    rng_state = mailbox[511] + vcpu;
    entry[vcpu]();
    domu_exit(SHUTDOWN_poweroff);
}

void domu_cpu_record(struct hvm_hw_cpu *c, unsigned int vcpu)
{
    memset(c, 0, sizeof(*c));
    c->rip = PTR(child_entry);
    c->rdi = vcpu;
    /* As if called: the ABI wants the stack 8 bytes off a multiple of 16. */
    c->rsp = PTR(stack[vcpu]) + sizeof(stack[0]) - 8;
    c->rflags = 2;
    c->cr0 = 0x80010011;
    c->cr3 = PTR(l4);
    c->cr4 = 0x620;
    c->msr_efer = 0xd00;
    c->dr6 = 0xffff0ff0;
    c->dr7 = 0x400;
    c->cs_sel = 8;
    c->ds_sel = c->es_sel = c->ss_sel = 16;
    c->cs_limit = c->ds_limit = c->es_limit = c->ss_limit = c->fs_limit = c->gs_limit = ~0u;
    c->cs_arbytes = 0xa9b;
    c->ds_arbytes = c->es_arbytes = c->ss_arbytes = c->fs_arbytes = c->gs_arbytes = 0xc93;
    c->tr_limit = 0x67;
    c->tr_arbytes = 0x8b;
    c->ldtr_arbytes = 0x82;
    c->gdtr_base = PTR(gdt);
    c->gdtr_limit = 31;
}

long domu_load_cpu(const struct domu *d, unsigned int vcpu, const struct hvm_hw_cpu *c)
{
    static struct {
        struct hvm_save_descriptor header_desc;
        struct hvm_save_header header;
        struct hvm_save_descriptor cpu_desc;
        struct hvm_hw_cpu cpu;
        struct hvm_save_descriptor end;
    } r;

    r.header_desc = (struct hvm_save_descriptor){HVM_SAVE_CODE(HEADER), 0, sizeof(r.header)};
    r.header = (struct hvm_save_header){.magic = HVM_FILE_MAGIC, .version = HVM_FILE_VERSION};
    r.cpu_desc = (struct hvm_save_descriptor){HVM_SAVE_CODE(CPU), vcpu, sizeof(r.cpu)};
    r.cpu = *c;
    r.end = (struct hvm_save_descriptor){HVM_SAVE_CODE(END), 0, 0};
    op.u.hvmcontext.size = sizeof(r);
    set_xen_guest_handle(op.u.hvmcontext.buffer, (void *)&r);
    return domctl(XEN_DOMCTL_sethvmcontext, d->domid);
}

void domu_start(const struct domu *d, unsigned int vcpu, void (*fn)(void))
{
    struct hvm_hw_cpu c;
    void (**there)(void) = domu_map(d, 1, PTR(entry) >> 12);

    if (!there)
        error("cannot reach the second domain's entry");
    there[(PTR(entry) & 4095) / sizeof(*there) + vcpu] = fn;
    domu_cpu_record(&c, vcpu);
    must(domu_load_cpu(d, vcpu, &c), "sethvmcontext");
}

void domu_unpause(const struct domu *d)
{
    must(domctl(XEN_DOMCTL_unpausedomain, d->domid), "unpausedomain");
}

int domu_shutdown_reason(const struct domu *d)
{
    uint32_t flags;

    must(domctl(XEN_DOMCTL_getdomaininfo, d->domid), "getdomaininfo");
    flags = op.u.getdomaininfo.flags;
    if (!(flags & XEN_DOMINF_shutdown))
        return -1;
    return flags >> XEN_DOMINF_shutdownshift & XEN_DOMINF_shutdownmask;
}

/* The pvclock protocol: what was read while the version changed or was odd is torn. */
static uint64_t system_time(void)
{
    const volatile struct vcpu_time_info *t = &shared_info()->vcpu_info[0].time;
    uint64_t delta, at;
    uint32_t version;

    do {
        version = t->version;
        delta = rdtsc() - t->tsc_timestamp;
        delta = t->tsc_shift < 0 ? delta >> -t->tsc_shift : delta << t->tsc_shift;
        at = t->system_time + (uint64_t)((unsigned __int128)delta * t->tsc_to_system_mul >> 32);
    } while ((version & 1) || version != t->version);
    return at;
}

bool domu_wait(const struct domu *d, unsigned int word, uint64_t value, unsigned int seconds)
{
    uint64_t end = system_time() + seconds * 1000000000ull;

    while (d->mailbox[word] < value) {
        if (system_time() > end || domu_shutdown_reason(d) >= 0)
            return d->mailbox[word] >= value;
        hypercall(__HYPERVISOR_sched_op, SCHEDOP_yield, 0, 0);
        /* No PAUSE: with it the emulator hands its one thread to the other CPU for a whole slice.
         */
        for (unsigned int i = 0; i < 20000; i++)
            __asm__ volatile("");
    }
    return true;
}

void domu_destroy(struct domu *d)
{
    long rc;

    /* Nothing of it may stay mapped here, or its pages stay. */
    for (unsigned int i = 0; i < SLOTS; i++) {
        struct xen_remove_from_physmap r = {.domid = DOMID_SELF, .gpfn = PTR(window[i]) >> 12};

        hypercall(__HYPERVISOR_memory_op, XENMEM_remove_from_physmap, PTR(&r), 0);
    }
    while ((rc = domctl(XEN_DOMCTL_destroydomain, d->domid)) == -XEN_ERESTART)
        ;
    must(rc, "destroydomain");
    d->mailbox = NULL;
}

uint64_t rng(void)
{
    uint64_t z = rng_state += 0x9e3779b97f4a7c15;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

void domu_exit(unsigned int reason)
{
    struct sched_shutdown off = {reason};

    hypercall(__HYPERVISOR_sched_op, SCHEDOP_shutdown, PTR(&off), 0);
    for (;;)
        __asm__ volatile("cli; hlt");
}
