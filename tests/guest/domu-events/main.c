/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An unprivileged domain scribbles over its FIFO event words and control block, and moves its
 * vcpu_info and runstate area to odd places, while it sends itself events. The host follows no link
 * it did not check: it goes on, and no page is lost.
 */
#include <public/event_channel.h>
#include <public/vcpu.h>
#include "../lib/domu.h"

const char test_title[] = "domu-events";

#define PORTS 24
#define SENDS 20000u

static volatile uint32_t control[1024] __attribute__((aligned(4096))),
    words[1024] __attribute__((aligned(4096)));
static char spare[3][4096] __attribute__((aligned(4096)));
static uint32_t port[PORTS];

static long evtchn(unsigned int cmd, void *arg)
{
    return hypercall(__HYPERVISOR_event_channel_op, cmd, PTR(arg), 0);
}

static void bind(unsigned int i)
{
    struct evtchn_alloc_unbound a = {.dom = DOMID_SELF, .remote_dom = DOMID_SELF};
    struct evtchn_bind_interdomain b = {.remote_dom = DOMID_SELF};

    if (evtchn(EVTCHNOP_alloc_unbound, &a))
        return;
    b.remote_port = a.port;
    if (!evtchn(EVTCHNOP_bind_interdomain, &b))
        port[i] = a.port;
}

static void odd_places(void)
{
    struct vcpu_register_vcpu_info vi = {
        .mfn = rng_below(2) ? PTR(spare[0]) >> 12 : rng() >> rng_below(64),
        .offset = rng_below(2) ? rng_below(64) * 64 : rng_below(8192)};
    struct vcpu_register_runstate_memory_area rs;

    hypercall(__HYPERVISOR_vcpu_op, VCPUOP_register_vcpu_info, 0, PTR(&vi));
    /* Over the end of a page, unaligned, nowhere. */
    rs.addr.p = rng_below(3) ? PTR(spare[1]) + 4096 - rng_below(64) : rng();
    hypercall(__HYPERVISOR_vcpu_op, VCPUOP_register_runstate_memory_area, 0, PTR(&rs));
}

static void child(void)
{
    struct evtchn_init_control c = {.control_gfn = PTR(control) >> 12, .vcpu = 0};
    struct evtchn_expand_array e = {.array_gfn = PTR(words) >> 12};

    mailbox[1] = evtchn(EVTCHNOP_init_control, &c);
    mailbox[2] = evtchn(EVTCHNOP_expand_array, &e);
    for (unsigned int i = 0; i < PORTS; i++)
        bind(i);
    for (;;) {
        unsigned int i = rng_below(PORTS);
        struct evtchn_send send = {port[i]};
        struct evtchn_unmask unmask = {port[i]};
        struct evtchn_set_priority priority = {port[i], rng_below(18)};
        struct evtchn_close close = {port[i]};

        words[rng_below(3) ? rng_below(64) : rng_below(1024)] = rng();
        if (!rng_below(3)) /* a link to a port that is there */
            words[rng_below(64)] = 1u << 29 | rng_below(64);
        control[rng_below(24)] = rng_below(2) ? rng() : rng_below(64);
        evtchn(EVTCHNOP_send, &send);
        if (!rng_below(4))
            evtchn(EVTCHNOP_unmask, &unmask);
        if (!rng_below(8))
            evtchn(EVTCHNOP_set_priority, &priority);
        if (!rng_below(32) && !evtchn(EVTCHNOP_close, &close))
            bind(i);
        if (!rng_below(64))
            odd_places();
        mailbox[0]++;
    }
}

void test_main(void)
{
    uint64_t before = 0;

    for (unsigned int i = 0; i < 3; i++) {
        struct domu d;

        if (i == 1) /* whatever is set up once */
            before = free_pages();
        domu_create(&d, 1);
        d.mailbox[511] = 91 * i + 5;
        domu_start(&d, 0, child);
        domu_unpause(&d);
        EXPECT(domu_wait(&d, 0, SENDS, 30), "%lu rounds only; shut down: %d", d.mailbox[0],
               domu_shutdown_reason(&d));
        if (d.mailbox[1] || d.mailbox[2])
            error("init_control %ld, expand_array %ld", (long)d.mailbox[1], (long)d.mailbox[2]);
        domu_destroy(&d);
    }
    EXPECT(free_pages() == before, "%ld pages lost", (long)(before - free_pages()));
}
