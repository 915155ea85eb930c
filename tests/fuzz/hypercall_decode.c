/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sequences of hypercalls with made-up arguments, by a control domain and a guest, 32-bit and
 * 64-bit, preempted or not, against the real common code: domains, memory, grants, event channels,
 * control operations. Nothing may crash or write where it should not (the sanitizers see that), no
 * lock may stay taken, and when both domains have been destroyed every page must be back.
 *
 * Input, for each call: caller and mode, hypercall, command, three argument bytes, and the bytes of
 * a structure (length first) at the start of the guest's memory. Words that end in 0x5a become
 * pointers to guest memory, so that structures have somewhere to point.
 */
#include "fake.h"

#include <xen/errno.h>
#include <xen/event.h>
#include <xen/grant_table.h>
#include <xen/hypercall.h>
#include <xen/memory.h>
#include <public/sysctl.h>

#define GUEST_ID 1

/* --- input --- */

static const uint8_t *in;
static size_t left;

static uint8_t next_byte(void)
{
    if (!left)
        return 0;
    left--;
    return *in++;
}

/* The structure, with its pointers made good. */
static void read_structure(void)
{
    size_t n = next_byte();
    u64 *word = (u64 *)(void *)fake_guest;

    n = n < left ? n : left;
    memset(fake_guest, 0, 512);
    memcpy(fake_guest, in, n);
    in += n;
    left -= n;
    for (unsigned int i = 0; i < 64; i++)
        if ((word[i] & 0xff) == 0x5a)
            word[i] = FAKE_GUEST_VA + (word[i] >> 8 & 0xfff) * 8;
}

/* Not a call: the guest writes into pages that it shares with the hypervisor. */
#define SCRIBBLE 0xff

static const u8 calls[] = {
    __HYPERVISOR_memory_op,        __HYPERVISOR_grant_table_op,
    __HYPERVISOR_event_channel_op, __HYPERVISOR_domctl,
    __HYPERVISOR_sysctl,           __HYPERVISOR_sched_op,
    __HYPERVISOR_vcpu_op,          __HYPERVISOR_xen_version,
    __HYPERVISOR_multicall,        SCRIBBLE,
};

/* Arguments in the form that each call has them. */
static void set_arguments(struct hypercall_state *h, unsigned int nr, u8 cmd, const u8 arg[3])
{
    u32 *header = (u32 *)(void *)fake_guest;

    h->arg[0] = cmd;
    h->arg[1] = FAKE_GUEST_VA + arg[1] * 8UL;
    h->arg[2] = arg[2];
    switch (nr) {
    case __HYPERVISOR_domctl:
        h->arg[0] = FAKE_GUEST_VA;
        header[0] = cmd;
        header[1] = XEN_DOMCTL_INTERFACE_VERSION;
        header[2] = arg[0] < 250 ? arg[0] % 4 : DOMID_SELF;
        break;
    case __HYPERVISOR_sysctl:
        h->arg[0] = FAKE_GUEST_VA;
        header[0] = cmd;
        header[1] = XEN_SYSCTL_INTERFACE_VERSION;
        break;
    case __HYPERVISOR_vcpu_op:
        h->arg[1] = arg[0] % 5;
        h->arg[2] = FAKE_GUEST_VA;
        break;
    case __HYPERVISOR_multicall:
        h->arg[0] = FAKE_GUEST_VA;
        h->arg[1] = arg[0];
        break;
    }
}

/* The structure's bytes go to a grant (or status) frame, or a page of the domain. */
static void scribble(struct domain *d, u8 cmd, const u8 arg[3])
{
    unsigned int offset = arg[1] * 16U;
    p2m_type_t t;
    mfn_t mfn;

    if (cmd & 1)
        mfn = p2m_lookup(d, _gfn(arg[0]), &t, NULL);
    else if (gnttab_map_frame(d, (arg[0] & 3) | (cmd & 2 ? XENMAPIDX_grant_table_status : 0), &mfn))
        return;
    if (mfn_valid(mfn))
        memcpy((char *)mfn_to_virt(mfn) + offset, fake_guest,
               PAGE_SIZE - offset < 64 ? PAGE_SIZE - offset : 64);
}

static void one_call(struct vcpu *caller[2])
{
    u8 how = next_byte(), which = next_byte(), cmd = next_byte();
    u8 arg[3] = {next_byte(), next_byte(), next_byte()};
    struct vcpu *v = caller[how & 1];
    unsigned int nr = calls[which % sizeof(calls)];

    if (v->domain->is_dying) /* it destroyed the guest: only the control domain calls now */
        v = caller[0];
    caller[0]->is_running = caller[1]->is_running = false;
    v->is_running = true;
    fake_switch_to(v);
    v->hypercall.compat = how & 2;
    read_structure();
    if (nr == SCRIBBLE) {
        scribble(v->domain, cmd, arg);
        return;
    }
    set_arguments(&v->hypercall, nr, cmd, arg);
    fake_preempt(how & 4);
    fake_locks_allowed = nr == __HYPERVISOR_domctl || nr == __HYPERVISOR_multicall;
    fake_chunks_left = how & 8 ? how >> 4 : ~0U;
    for (unsigned int tries = 0; tries < 64 && hypercall_dispatch(nr) == -ERESTART; tries++)
        if (v->hypercall.nr != nr)
            abort(); /* the guest would make another call than it did */
    fake_chunks_left = ~0U;
    fake_preempt(false);
    v->pause_flags = 0;
    if (fake_locks_held)
        abort();
    fake_run_tasklets();
}

static struct domain *make_domain(domid_t id, bool privileged)
{
    struct xen_domctl_createdomain config = {.flags = XEN_DOMCTL_CDF_hvm | XEN_DOMCTL_CDF_hap,
                                             .max_vcpus = 2,
                                             .max_evtchn_port = 1023,
                                             .max_grant_frames = 4,
                                             .max_maptrack_frames = 4,
                                             .grant_opts = 2};
    struct domain *d = domain_create(id, &config, privileged);

    if (IS_ERR(d) || !vcpu_create(d, 0) || !vcpu_create(d, 1))
        abort();
    d->max_pages = 1024;
    for (unsigned long gfn = 0; gfn < 16; gfn++)
        fake_populate(d, gfn);
    return d;
}

static void destroy_all(void)
{
    struct domain *d;

    while ((d = domain_iterate(NULL))) {
        unsigned int tries = 0;

        fake_switch_to(idle_domain->vcpu[0]);
        do {
            /* A dying domain stays on the list until all references are gone, perhaps others'
             * mappings. */
            while (d && d->is_dying == DOMDYING_dead)
                d = domain_iterate(d);
            if (!d)
                return;
        } while (domain_kill(d) == -ERESTART && ++tries < 1000);
        put_domain(d);
        fake_run_tasklets();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool ready;
    static unsigned long idle_frames;
    struct domain *control, *guest;
    struct vcpu *caller[2];

    if (!ready) {
        fake_reset();
        sched_init();
        fake_switch_to(idle_domain->vcpu[0]);
        idle_frames = fake_frames_used();
        ready = true;
    }
    in = data;
    left = size;
    control = make_domain(0, true);
    guest = make_domain(GUEST_ID, false);
    caller[0] = control->vcpu[0];
    caller[1] = guest->vcpu[0];
    get_domain(control); /* however often it destroys itself */
    get_domain(guest);
    for (unsigned int n = 0; left && n < 32; n++)
        one_call(caller);
    caller[0]->is_running = caller[1]->is_running = false;
    fake_switch_to(idle_domain->vcpu[0]);
    put_domain(guest);
    put_domain(control);
    destroy_all();
    fake_run_tasklets();
    if (domain_iterate(NULL) || fake_frames_used() != idle_frames || outstanding_claims_total ||
        fake_locks_held)
        abort();
    return 0;
}
