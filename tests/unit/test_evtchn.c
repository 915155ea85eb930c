/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Event channels: binding and closing, limits, both ABIs as a guest sees them, guests that write
 * nonsense into the pages they share. The FIFO consumer is written after the protocol's
 * description: whatever order sends, moves and consumption come in, no event may get lost.
 */
#include "fake.h"

#include <xen/errno.h>
#include <xen/event.h>
#include "../../xen/common/evtchn/internal.h"

#define CONTROL_GFN 0x20UL
#define ARRAY_GFN   0x30UL

static struct domain *guest, *peer;

static struct domain *event_domain(domid_t id, unsigned int vcpus, unsigned int max_port)
{
    struct domain *d = fake_domain(id, vcpus);

    assert_int_equal(evtchn_init(d, max_port), 0);
    for (unsigned int i = 0; i < vcpus; i++)
        assert_int_equal(evtchn_init_vcpu(d->vcpu[i]), 0);
    return d;
}

static int setup(void **state)
{
    fake_reset();
    guest = event_domain(1, 4, ~0U);
    peer = event_domain(2, 1, ~0U);
    fake_switch_to(guest->vcpu[0]);
    return 0;
}

static void free_event_domain(struct domain *d)
{
    evtchn_destroy(d);
    while (!list_empty(&d->page_list)) {
        struct page_info *pg = list_first_entry(&d->page_list, struct page_info, list);

        assert_int_equal(pg->count_info & PGC_count_mask, 1);
        put_page_alloc_ref(pg);
    }
    evtchn_destroy_final(d);
}

static int teardown(void **state)
{
    free_event_domain(guest);
    free_event_domain(peer);
    assert_int_equal(atomic_read(&guest->refcnt), 1);
    assert_int_equal(atomic_read(&peer->refcnt), 1);
    fake_domain_free(guest);
    fake_domain_free(peer);
    fake_check_leaks(0);
    return 0;
}

/* --- calls --- */

static long call(struct domain *d, unsigned int cmd, void *arg, size_t size)
{
    struct vcpu *v = current;
    long rc;

    fake_switch_to(d->vcpu[0]);
    memcpy(fake_guest, arg, size);
    rc = do_event_channel_op(cmd, FAKE_GUEST_VA);
    memcpy(arg, fake_guest, size);
    fake_switch_to(v);
    assert_int_equal(fake_locks_held, 0);
    return rc;
}
#define CALL(d, op, ...)                           \
    ({                                             \
        struct evtchn_##op op_ = {__VA_ARGS__};    \
        call(d, EVTCHNOP_##op, &op_, sizeof(op_)); \
    })

static long unbound(struct domain *d, domid_t remote, u32 *port)
{
    struct evtchn_alloc_unbound op = {DOMID_SELF, remote, 0};
    long rc = call(d, EVTCHNOP_alloc_unbound, &op, sizeof(op));

    *port = op.port;
    return rc;
}

static long bind(struct domain *d, domid_t remote, u32 rport, u32 *port)
{
    struct evtchn_bind_interdomain op = {remote, rport, 0};
    long rc = call(d, EVTCHNOP_bind_interdomain, &op, sizeof(op));

    *port = op.local_port;
    return rc;
}

/* A port of the guest that the peer can signal on: its number; the peer's in *rport. */
static u32 pair(u32 *rport)
{
    u32 port;

    assert_int_equal(unbound(guest, 2, &port), 0);
    assert_int_equal(bind(peer, 1, port, rport), 0);
    return port;
}

static u32 status(struct domain *d, u32 port)
{
    struct evtchn_status op = {DOMID_SELF, port, 77, 0, {{0}}};

    assert_int_equal(call(d, EVTCHNOP_status, &op, sizeof(op)), 0);
    return op.status;
}

static bool pending_2l(struct domain *d, u32 port)
{
    return test_bit(port, d->shared_info->evtchn_pending);
}

/* --- binding and closing --- */

static void pairs(void **state)
{
    u32 port, rport, other;

    assert_int_equal(unbound(guest, 2, &port), 0);
    assert_int_equal(status(guest, port), EVTCHNSTAT_unbound);
    assert_int_equal(bind(peer, 1, port + 1, &rport), -EINVAL);
    assert_int_equal(bind(peer, 9, port, &rport), -ESRCH);
    assert_int_equal(bind(guest, 1, port, &rport), -EINVAL); /* meant for the peer */
    assert_int_equal(bind(peer, 1, port, &rport), 0);
    assert_int_equal(bind(peer, 1, port, &other), -EINVAL); /* taken */
    assert_int_equal(status(guest, port), EVTCHNSTAT_interdomain);
    assert_true(pending_2l(peer, rport)); /* binding tells the binder to look */

    assert_int_equal(CALL(peer, send, rport), 0);
    assert_true(pending_2l(guest, port));
    assert_int_equal(fake_kicks, 2);

    /* One side closes: the other can be bound again. */
    assert_int_equal(CALL(peer, close, rport), 0);
    assert_int_equal(status(guest, port), EVTCHNSTAT_unbound);
    assert_int_equal(status(peer, rport), EVTCHNSTAT_closed);
    assert_int_equal(CALL(peer, send, rport), -EINVAL);
    assert_int_equal(CALL(guest, send, port), 0); /* nobody there: nothing happens */
    assert_int_equal(CALL(peer, close, rport), -EINVAL);
    assert_int_equal(bind(peer, 1, port, &rport), 0);
    assert_int_equal(CALL(guest, close, port), 0);
    assert_int_equal(status(peer, rport), EVTCHNSTAT_unbound);
    assert_int_equal(atomic_read(&guest->refcnt), 1);
    assert_int_equal(atomic_read(&peer->refcnt), 1);
}

static void own_pair(void **state)
{
    u32 a, b;

    assert_int_equal(unbound(guest, DOMID_SELF, &a), 0);
    assert_int_equal(bind(guest, DOMID_SELF, a, &b), 0);
    assert_int_equal(CALL(guest, send, a), 0);
    assert_true(pending_2l(guest, b));
    assert_int_equal(CALL(guest, close, b), 0);
    assert_int_equal(status(guest, a), EVTCHNSTAT_unbound);
    assert_int_equal(CALL(guest, close, a), 0);
    assert_int_equal(atomic_read(&guest->refcnt), 1);
}

/* The peer dies with pairs open. */
static void dying_peer(void **state)
{
    u32 port, rport;

    port = pair(&rport);
    evtchn_destroy(peer);
    assert_int_equal(status(guest, port), EVTCHNSTAT_unbound);
    assert_int_equal(CALL(guest, send, port), 0);
    assert_int_equal(unbound(peer, 1, &rport), -EINVAL);
    assert_int_equal(atomic_read(&peer->refcnt), 1);
}

static void virqs_and_ipis(void **state)
{
    struct evtchn_bind_virq b = {VIRQ_TIMER, 2, 0}, again = b, global = {VIRQ_DOM_EXC, 1, 0};
    struct evtchn_bind_ipi ipi = {3, 0};

    assert_int_equal(call(guest, EVTCHNOP_bind_virq, &b, sizeof(b)), 0);
    assert_int_equal(call(guest, EVTCHNOP_bind_virq, &again, sizeof(again)), -EEXIST);
    assert_int_equal(call(guest, EVTCHNOP_bind_virq, &global, sizeof(global)), -EINVAL);
    assert_int_equal(CALL(guest, bind_virq, 24, 0, 0), -EINVAL);
    assert_int_equal(CALL(guest, bind_virq, VIRQ_TIMER, 4, 0), -ENOENT);
    assert_int_equal(CALL(guest, bind_ipi, 4, 0), -ENOENT);
    send_guest_vcpu_virq(guest->vcpu[1], VIRQ_TIMER);
    assert_int_equal(fake_kicks, 0);
    send_guest_vcpu_virq(guest->vcpu[2], VIRQ_TIMER);
    assert_true(pending_2l(guest, b.port));
    assert_true(guest->vcpu[2]->vcpu_info->evtchn_upcall_pending);
    assert_false(guest->vcpu[0]->vcpu_info->evtchn_upcall_pending);
    assert_int_equal(CALL(guest, bind_vcpu, b.port, 1), -EINVAL); /* stays on its vCPU */

    assert_int_equal(call(guest, EVTCHNOP_bind_ipi, &ipi, sizeof(ipi)), 0);
    assert_int_equal(CALL(guest, send, ipi.port), 0);
    assert_true(guest->vcpu[3]->vcpu_info->evtchn_upcall_pending);
    assert_int_equal(CALL(guest, send, b.port), -EINVAL); /* a guest cannot raise its VIRQs */

    assert_int_equal(CALL(guest, close, b.port), 0);
    send_guest_vcpu_virq(guest->vcpu[2], VIRQ_TIMER);
    assert_false(pending_2l(guest, b.port));
    assert_int_equal(call(guest, EVTCHNOP_bind_virq, &again, sizeof(again)), 0);
}

/* A global VIRQ that moved to another vCPU still closes cleanly. */
static void moved_virq(void **state)
{
    struct evtchn_bind_virq b = {VIRQ_DOM_EXC, 0, 0};

    assert_int_equal(call(guest, EVTCHNOP_bind_virq, &b, sizeof(b)), 0);
    assert_int_equal(CALL(guest, bind_vcpu, b.port, 3), 0);
    send_guest_global_virq(guest, VIRQ_DOM_EXC);
    assert_true(guest->vcpu[3]->vcpu_info->evtchn_upcall_pending);
    assert_int_equal(CALL(guest, close, b.port), 0);
    assert_int_equal(guest->vcpu[0]->virq_to_evtchn[VIRQ_DOM_EXC], 0);
}

static unsigned int xen_calls;
static void on_event(struct vcpu *v, unsigned int port)
{
    xen_calls++;
}

/* The hypervisor's own end: the guest that it belongs to can neither close nor send on it. */
static void xen_ports(void **state)
{
    int port = alloc_unbound_xen_event_channel(guest, 1, 2, on_event);
    u32 rport;

    xen_calls = 0;
    assert_true(port > 0);
    assert_int_equal(CALL(guest, close, port), -EINVAL);
    assert_int_equal(CALL(guest, send, port), -EINVAL);
    assert_int_equal(CALL(guest, bind_vcpu, port, 0), -EINVAL);
    assert_int_equal(bind(peer, 1, port, &rport), 0);
    assert_int_equal(CALL(peer, send, rport), 0);
    assert_int_equal(xen_calls, 1);
    peer->shared_info->evtchn_pending[0] = 0;
    notify_via_xen_event_channel(guest, port);
    assert_true(pending_2l(peer, rport));
    assert_int_equal(CALL(guest, reset, DOMID_SELF), 0);
    assert_int_equal(status(peer, rport), EVTCHNSTAT_interdomain);
    free_xen_event_channel(guest, port);
    assert_int_equal(status(peer, rport), EVTCHNSTAT_unbound);
}

static void only_control_domains(void **state)
{
    struct evtchn_alloc_unbound op = {1, 2, 0};

    assert_int_equal(call(peer, EVTCHNOP_alloc_unbound, &op, sizeof(op)), -EPERM);
    assert_int_equal(CALL(peer, status, 1, 1), -EPERM);
    assert_int_equal(CALL(peer, reset, 1), -EPERM);
    peer->is_privileged = true;
    assert_int_equal(call(peer, EVTCHNOP_alloc_unbound, &op, sizeof(op)), 0);
    assert_int_equal(status(guest, op.port), EVTCHNSTAT_unbound);
}

static void bad_ports(void **state)
{
    static const u32 ports[] = {0, 5, 63, 64, 4095, 4096, 131071, 131072, ~0U};

    for (unsigned int i = 0; i < ARRAY_SIZE(ports); i++) {
        assert_true(CALL(guest, close, ports[i]) < 0);
        assert_true(CALL(guest, send, ports[i]) < 0);
        assert_true(CALL(guest, bind_vcpu, ports[i], 0) < 0);
        CALL(guest, unmask, ports[i]);
        assert_true(CALL(guest, set_priority, ports[i], 0) < 0);
    }
    assert_int_equal(do_event_channel_op(99, FAKE_GUEST_VA), -ENOSYS);
    assert_int_equal(do_event_channel_op(EVTCHNOP_send, 0), -EFAULT);
    assert_int_equal(CALL(guest, expand_array, ARRAY_GFN), -EOPNOTSUPP); /* not FIFO yet */
}

/* --- limits --- */

static void limits(void **state)
{
    struct domain *d = event_domain(3, 1, 100);
    u32 port, n = 0;
    long rc;

    while (!(rc = unbound(d, 2, &port)))
        n++;
    assert_int_equal(rc, -ENOSPC);
    assert_int_equal(n, 100); /* 1..100 */
    assert_int_equal(CALL(d, close, 37), 0);
    assert_int_equal(unbound(d, 2, &port), 0);
    assert_int_equal(port, 37);
    fake_switch_to(guest->vcpu[0]);
    free_event_domain(d);
    fake_domain_free(d);

    n = 0;
    while (!(rc = unbound(guest, 2, &port)))
        n++;
    assert_int_equal(rc, -ENOSPC);
    assert_int_equal(n, 4095); /* all that 2-level has */
    d = event_domain(3, 1, ~0U);
    d->has_32bit_shinfo = true;
    for (n = 0; !unbound(d, 2, &port); n++)
        ;
    assert_int_equal(n, 1023);
    free_event_domain(d);
    fake_domain_free(d);
}

static void no_memory(void **state)
{
    u32 port;

    for (unsigned int i = 1; i < 64; i++)
        assert_int_equal(unbound(guest, 2, &port), 0);
    fake_alloc_fails = true;
    assert_int_equal(unbound(guest, 2, &port), -ENOMEM);
    fake_alloc_fails = false;
    assert_int_equal(unbound(guest, 2, &port), 0);
    assert_int_equal(port, 64);
}

/* --- the 2-level ABI --- */

static void two_level(void **state)
{
    struct vcpu_info *info = guest->vcpu[0]->vcpu_info;
    u32 port, rport;

    for (unsigned int i = 0; i < 70; i++)
        port = pair(&rport);
    assert_true(port > 64);
    assert_int_equal(CALL(peer, send, rport), 0);
    assert_int_equal(info->evtchn_pending_sel, BIT(port / 64));
    assert_int_equal(info->evtchn_upcall_pending, 1);
    fake_kicks = 0;
    assert_int_equal(CALL(peer, send, rport), 0); /* again: nothing new */
    assert_int_equal(fake_kicks, 0);

    /* Masked: pending, but no upcall until it is unmasked. */
    memset(info, 0, sizeof(*info));
    guest->shared_info->evtchn_pending[port / 64] = 0;
    guest->shared_info->evtchn_mask[port / 64] = BIT(port % 64);
    assert_int_equal(CALL(peer, send, rport), 0);
    assert_true(pending_2l(guest, port));
    assert_int_equal(info->evtchn_upcall_pending, 0);
    assert_int_equal(CALL(guest, unmask, port), 0);
    assert_int_equal(guest->shared_info->evtchn_mask[port / 64], 0);
    assert_int_equal(info->evtchn_pending_sel, BIT(port / 64));
    assert_int_equal(info->evtchn_upcall_pending, 1);

    /* Closing takes the pending bit along. */
    assert_int_equal(CALL(guest, close, port), 0);
    assert_false(pending_2l(guest, port));
}

/* A 32-bit guest: half the word size, other places. */
static void two_level_32(void **state)
{
    u32 *pending = (u32 *)((u8 *)guest->shared_info + 2048), *mask = pending + 32;
    struct {
        u8 upcall, upcall_mask;
        u32 sel;
    } *info = (void *)guest->shared_info;
    u32 port, rport;

    guest->has_32bit_shinfo = true;
    for (unsigned int i = 0; i < 40; i++)
        port = pair(&rport);
    mask[port / 32] = 1U << port % 32;
    assert_int_equal(CALL(peer, send, rport), 0);
    assert_int_equal(pending[port / 32], 1U << port % 32);
    assert_int_equal(info->upcall, 0);
    assert_int_equal(CALL(guest, unmask, port), 0);
    assert_int_equal(info->sel, 1U << port / 32);
    assert_int_equal(info->upcall, 1);
}

static void pollers(void **state)
{
    struct vcpu *v = guest->vcpu[1];
    u32 port, rport;

    port = pair(&rport);
    set_bit(VPF_blocked, &v->pause_flags);
    v->poll_evtchn = port + 1;
    atomic_set(&guest->nr_polling, 1);
    assert_int_equal(CALL(peer, send, rport), 0);
    assert_true(v->pause_flags & BIT(VPF_blocked));
    guest->shared_info->evtchn_pending[0] = 0;
    v->poll_evtchn = port;
    assert_int_equal(CALL(peer, send, rport), 0);
    assert_false(v->pause_flags & BIT(VPF_blocked));
}

/* --- the FIFO ABI --- */

static struct evtchn_fifo_control_block *control(unsigned int vcpu)
{
    return fake_page(guest, CONTROL_GFN + vcpu);
}

static u32 *word(u32 port)
{
    return (u32 *)fake_page(guest, ARRAY_GFN + port / 1024) + port % 1024;
}

static long init_control(unsigned int vcpu, u64 gfn, u32 offset)
{
    return CALL(guest, init_control, gfn, offset, vcpu);
}

static void fifo_on(unsigned int vcpus, unsigned int pages)
{
    for (unsigned int i = 0; i < vcpus; i++) {
        fake_populate(guest, CONTROL_GFN + i);
        assert_int_equal(init_control(i, CONTROL_GFN + i, 0), 0);
    }
    for (unsigned int i = 0; i < pages; i++) {
        fake_populate(guest, ARRAY_GFN + i);
        assert_int_equal(CALL(guest, expand_array, ARRAY_GFN + i), 0);
    }
}

static u32 guest_head[4][EVTCHN_FIFO_MAX_QUEUES]; /* where the guest's consumer is */
static unsigned int seen[256];

/* Takes one event off the most urgent ready queue of the vCPU; 0: none. As the protocol describes.
 */
static u32 consume(unsigned int vcpu, u32 *ready)
{
    struct evtchn_fifo_control_block *c = control(vcpu);
    unsigned int q;
    u32 port, *w, link;

    *ready |= __atomic_exchange_n(&c->ready, 0, __ATOMIC_SEQ_CST);
    if (!*ready)
        return 0;
    q = __builtin_ctz(*ready);
    if (!guest_head[vcpu][q])
        guest_head[vcpu][q] = c->head[q];
    port = guest_head[vcpu][q];
    assert_true(port > 0 && port < 256);
    w = word(port);
    link = *w & EVTCHN_FIFO_LINK_MASK;
    *w &= ~((1U << EVTCHN_FIFO_LINKED) | EVTCHN_FIFO_LINK_MASK);
    if (!link)
        *ready &= ~(1U << q);
    guest_head[vcpu][q] = link;
    if ((*w & (1U << EVTCHN_FIFO_PENDING)) && !(*w & (1U << EVTCHN_FIFO_MASKED))) {
        *w &= ~(1U << EVTCHN_FIFO_PENDING);
        seen[port]++;
    }
    return port;
}

static unsigned int consume_all(void)
{
    unsigned int n = 0;

    for (unsigned int v = 0; v < 4; v++) {
        u32 ready = 0;

        if (!guest->vcpu[v]->evtchn->control_block)
            continue;
        while (consume(v, &ready) || ready)
            assert_true(++n < 10000);
    }
    return n;
}

static void fifo_order(void **state)
{
    u32 port[5], rport[5], ready = 0;

    memset(guest_head, 0, sizeof(guest_head));
    fifo_on(1, 1);
    for (unsigned int i = 0; i < 5; i++)
        port[i] = pair(&rport[i]);
    assert_int_equal(CALL(guest, set_priority, port[3], 0), 0);
    assert_int_equal(CALL(guest, set_priority, port[4], 16), -EINVAL);
    for (unsigned int i = 0; i < 5; i++)
        assert_int_equal(CALL(peer, send, rport[i]), 0);
    assert_int_equal(CALL(peer, send, rport[1]), 0); /* already on the queue */
    assert_int_equal(control(0)->ready, (1U << 0) | (1U << EVTCHN_FIFO_PRIORITY_DEFAULT));
    assert_int_equal(guest->vcpu[0]->vcpu_info->evtchn_upcall_pending, 1);
    assert_int_equal(consume(0, &ready), port[3]);
    assert_int_equal(consume(0, &ready), port[0]);
    assert_int_equal(consume(0, &ready), port[1]);
    assert_int_equal(consume(0, &ready), port[2]);
    assert_int_equal(consume(0, &ready), port[4]);
    assert_int_equal(consume(0, &ready), 0);
    /* The empty queue starts anew. */
    assert_int_equal(CALL(peer, send, rport[2]), 0);
    assert_int_equal(consume(0, &ready), port[2]);
}

static void fifo_setup_errors(void **state)
{
    struct page_info *pg;

    fake_populate(guest, CONTROL_GFN);
    assert_int_equal(init_control(9, CONTROL_GFN, 0), -ENOENT);
    assert_int_equal(init_control(0, CONTROL_GFN, 4), -EINVAL);
    assert_int_equal(init_control(0, CONTROL_GFN, PAGE_SIZE - 64), -EINVAL);
    assert_int_equal(init_control(0, 0x99, 0), -EINVAL);
    pg = fake_populate(guest, 0x40);
    p2m_set_entry(guest, _gfn(0x40), page_to_mfn(pg), 0, p2m_ram_ro);
    assert_int_equal(init_control(0, 0x40, 0), -EINVAL);
    assert_int_equal(init_control(0, CONTROL_GFN, 8), 0);
    assert_int_equal(init_control(0, CONTROL_GFN, 8), -EINVAL); /* once only */
    assert_int_equal(CALL(guest, expand_array, 0x99), -EINVAL);
    for (unsigned int i = 0; i < EVTCHN_FIFO_NR_CHANNELS / 1024; i++) {
        fake_populate(guest, ARRAY_GFN + i + 0x100);
        assert_int_equal(CALL(guest, expand_array, ARRAY_GFN + i + 0x100), 0);
    }
    assert_int_equal(CALL(guest, expand_array, CONTROL_GFN), -ENOSPC);
}

/* Pending under 2-level, or sent before there was a word: told when the word appears. */
static void early_events(void **state)
{
    u32 port[3], rport[3];

    memset(guest_head, 0, sizeof(guest_head));
    memset(seen, 0, sizeof(seen));
    for (unsigned int i = 0; i < 3; i++)
        port[i] = pair(&rport[i]);
    assert_int_equal(CALL(peer, send, rport[0]), 0);
    fifo_on(1, 0);
    assert_int_equal(CALL(peer, send, rport[1]), 0);
    assert_int_equal(control(0)->ready, 0);
    fake_populate(guest, ARRAY_GFN);
    assert_int_equal(CALL(guest, expand_array, ARRAY_GFN), 0);
    consume_all();
    assert_int_equal(seen[port[0]], 1);
    assert_int_equal(seen[port[1]], 1);
    assert_int_equal(seen[port[2]], 0);
}

static void fifo_mask(void **state)
{
    u32 port, rport;

    memset(guest_head, 0, sizeof(guest_head));
    memset(seen, 0, sizeof(seen));
    fifo_on(1, 1);
    port = pair(&rport);
    *word(port) = 1U << EVTCHN_FIFO_MASKED;
    assert_int_equal(CALL(peer, send, rport), 0);
    assert_int_equal(control(0)->ready, 0);
    assert_int_equal(*word(port), (1U << EVTCHN_FIFO_MASKED) | (1U << EVTCHN_FIFO_PENDING));
    assert_int_equal(CALL(guest, unmask, port), 0);
    consume_all();
    assert_int_equal(seen[port], 1);
}

/*
 * Random sends, moves between vCPUs and priorities, masking and partial consumption, then all is
 * unmasked and consumed: every event that was sent since it was last seen has been seen.
 */
static void fifo_never_loses(void **state)
{
    u32 port[20], rport[20], ready[4] = {0};
    bool owed[20] = {false};

    srand(4711);
    memset(guest_head, 0, sizeof(guest_head));
    fifo_on(4, 1);
    for (unsigned int i = 0; i < 20; i++)
        port[i] = pair(&rport[i]);
    for (unsigned int round = 0; round < 20000; round++) {
        unsigned int i = rand() % 20, v = rand() % 4;

        memset(seen, 0, sizeof(seen));
        switch (rand() % 6) {
        case 0:
        case 1:
            assert_int_equal(CALL(peer, send, rport[i]), 0);
            owed[i] = true;
            break;
        case 2:
            assert_int_equal(CALL(guest, bind_vcpu, port[i], v), 0);
            break;
        case 3:
            assert_int_equal(CALL(guest, set_priority, port[i], rand() % 16), 0);
            break;
        case 4:
            if (rand() % 2)
                __atomic_fetch_or(word(port[i]), 1U << EVTCHN_FIFO_MASKED, __ATOMIC_SEQ_CST);
            else
                assert_int_equal(CALL(guest, unmask, port[i]), 0);
            break;
        case 5:
            consume(v, &ready[v]);
            break;
        }
        if (round % 500 == 499) {
            for (unsigned int j = 0; j < 20; j++)
                assert_int_equal(CALL(guest, unmask, port[j]), 0);
            for (v = 0; v < 4; v++)
                for (unsigned int n = 0; (consume(v, &ready[v]) || ready[v]); n++)
                    assert_true(n < 1000);
        }
        for (unsigned int j = 0; j < 20; j++)
            if (seen[port[j]])
                owed[j] = false;
        if (round % 500 == 499)
            for (unsigned int j = 0; j < 20; j++)
                if (owed[j])
                    fail_msg("event %u lost in round %u", port[j], round);
    }
}

/* A guest that scribbles over its event words and control blocks. */
static void fifo_hostile(void **state)
{
    u32 port[20], rport[20];

    srand(42);
    fifo_on(2, 1);
    for (unsigned int i = 0; i < 20; i++)
        port[i] = pair(&rport[i]);
    for (unsigned int round = 0; round < 20000; round++) {
        unsigned int i = rand() % 20;

        *word(port[rand() % 20]) = (u32)rand() << 8 ^ rand();
        ((u32 *)control(rand() % 2))[rand() % 18] = (u32)rand() << 8 ^ rand();
        assert_int_equal(CALL(peer, send, rport[i]), 0);
        CALL(guest, unmask, port[rand() % 20]);
        CALL(guest, bind_vcpu, port[rand() % 20], rand() % 4);
        CALL(guest, set_priority, port[rand() % 20], rand() % 16);
        if (rand() % 16 == 0) {
            CALL(guest, close, port[i]);
            CALL(peer, close, rport[i]);
            port[i] = pair(&rport[i]);
        }
    }
    assert_int_equal(fake_crashes, 0);
}

/* A port whose word is still on a queue is not given out again; later it is. */
static void busy_ports(void **state)
{
    u32 port, rport, other, p, n = 0, ready = 0;

    memset(guest_head, 0, sizeof(guest_head));
    fifo_on(1, 1);
    port = pair(&rport);
    assert_int_equal(CALL(peer, send, rport), 0);
    assert_int_equal(CALL(guest, close, port), 0);
    assert_int_equal(unbound(guest, 2, &other), 0);
    assert_true(other != port);
    assert_int_equal(consume(0, &ready), port);
    guest->evtchn->max_port = 200;
    for (bool again = false; !unbound(guest, 2, &p);) {
        n++;
        again |= p == port;
        if (n == 199)
            assert_true(again);
    }
    assert_int_equal(n, 199); /* 1..200 but @other */
}

/* kexec: back to 2-level, then FIFO again, with the pages given back in between. */
static void reset(void **state)
{
    u32 port, rport, ready = 0;

    memset(guest_head, 0, sizeof(guest_head));
    fifo_on(2, 1);
    port = pair(&rport);
    assert_int_equal(CALL(peer, send, rport), 0);
    assert_int_equal(CALL(guest, reset, DOMID_SELF), 0);
    assert_int_equal(status(guest, port), EVTCHNSTAT_closed);
    assert_int_equal(status(peer, rport), EVTCHNSTAT_unbound);
    for (unsigned long gfn = CONTROL_GFN; gfn < CONTROL_GFN + 2; gfn++)
        assert_int_equal(virt_to_page(fake_page(guest, gfn))->count_info & PGC_count_mask, 1);
    port = pair(&rport);
    assert_int_equal(CALL(peer, send, rport), 0);
    assert_true(pending_2l(guest, port));
    memset(control(0), 0, PAGE_SIZE);
    memset(word(0), 0, PAGE_SIZE);
    assert_int_equal(init_control(0, CONTROL_GFN, 0), 0);
    assert_int_equal(CALL(guest, expand_array, ARRAY_GFN), 0);
    assert_int_equal(consume(0, &ready), port);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(pairs),
        T(own_pair),
        T(dying_peer),
        T(virqs_and_ipis),
        T(moved_virq),
        T(xen_ports),
        T(only_control_domains),
        T(bad_ports),
        T(limits),
        T(no_memory),
        T(two_level),
        T(two_level_32),
        T(pollers),
        T(fifo_order),
        T(fifo_setup_errors),
        T(early_events),
        T(fifo_mask),
        T(fifo_never_loses),
        T(fifo_hostile),
        T(busy_ports),
        T(reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
