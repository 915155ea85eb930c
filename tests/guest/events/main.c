/* SPDX-License-Identifier: GPL-2.0-only */
/* Event channels of the 2-level ABI: binding, sending, masks, closing, both ends in one domain. */
#include <public/event_channel.h>
#include "../lib/guest.h"

const char test_title[] = "events";

static long evtchn(unsigned int cmd, void *arg)
{
    return hypercall(__HYPERVISOR_event_channel_op, cmd, PTR(arg), 0);
}

static bool pending(unsigned int port)
{
    return shared_info()->evtchn_pending[port / 64] >> (port % 64) & 1;
}

static void clear(unsigned int port)
{
    shared_info()->evtchn_pending[port / 64] &= ~(1ul << (port % 64));
}

void test_main(void)
{
    struct evtchn_alloc_unbound a = {.dom = DOMID_SELF, .remote_dom = DOMID_SELF};
    struct evtchn_bind_interdomain b = {.remote_dom = DOMID_SELF};
    struct evtchn_bind_ipi ipi = {.vcpu = 0};
    struct evtchn_bind_virq virq = {.virq = VIRQ_DEBUG, .vcpu = 0}, again = virq;
    struct evtchn_send send;
    struct evtchn_status st = {.dom = DOMID_SELF};
    struct evtchn_close close;
    struct vcpu_info *vi = &shared_info()->vcpu_info[0];

    EXPECT(!evtchn(EVTCHNOP_alloc_unbound, &a), "alloc_unbound");
    b.remote_port = a.port;
    EXPECT(!evtchn(EVTCHNOP_bind_interdomain, &b), "bind_interdomain");
    EXPECT(b.local_port != a.port, "both ends are port %u", a.port);
    clear(a.port);
    clear(b.local_port);
    vi->evtchn_upcall_pending = 0;
    vi->evtchn_pending_sel = 0;
    shared_info()->evtchn_mask[0] = 0;

    send.port = a.port;
    EXPECT(!evtchn(EVTCHNOP_send, &send), "send");
    EXPECT(pending(b.local_port) && !pending(a.port), "wrong end pending");
    EXPECT(vi->evtchn_upcall_pending && (vi->evtchn_pending_sel & 1), "no upcall pending");

    st.port = b.local_port;
    EXPECT(!evtchn(EVTCHNOP_status, &st) && st.status == EVTCHNSTAT_interdomain, "status %u",
           st.status);
    close.port = a.port;
    EXPECT(!evtchn(EVTCHNOP_close, &close), "close");
    EXPECT(!evtchn(EVTCHNOP_status, &st) && st.status == EVTCHNSTAT_unbound,
           "status after close %u", st.status);

    EXPECT(!evtchn(EVTCHNOP_bind_ipi, &ipi), "bind_ipi");
    shared_info()->evtchn_mask[0] = 1ul << ipi.port;
    vi->evtchn_upcall_pending = 0;
    vi->evtchn_pending_sel = 0;
    send.port = ipi.port;
    EXPECT(!evtchn(EVTCHNOP_send, &send) && pending(ipi.port), "IPI not pending");
    EXPECT(!vi->evtchn_upcall_pending, "a masked event made an upcall");

    EXPECT(!evtchn(EVTCHNOP_bind_virq, &virq), "bind_virq");
    EXPECT(evtchn(EVTCHNOP_bind_virq, &again) == -XEN_EEXIST, "bound twice");
    send.port = virq.port;
    EXPECT(evtchn(EVTCHNOP_send, &send) == -XEN_EINVAL, "a guest sent a VIRQ");
}
