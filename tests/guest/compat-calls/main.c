/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hypercalls of 32-bit code, with every structure in the 32-bit layout: versions, memory, events,
 * timers, grants and lists of calls give what 64-bit code gets, and a failure is a negative 32-bit
 * number.
 */
#include <public/event_channel.h>
#include <public/grant_table.h>
#include <public/hvm/hvm_op.h>
#include <public/hvm/params.h>
#include <public/memory.h>
#include <public/sched.h>
#include <public/vcpu.h>
#include <public/version.h>
#include "../lib/guest.h"

const char test_title[] = "compat-calls";

static char page[2][4096] __attribute__((aligned(4096)));
static char other[4096] __attribute__((aligned(4096)));
static uint32_t frames[4];

/* The layouts of a 32-bit caller, by hand. */
struct reservation32 {
    uint32_t extent_start, nr_extents, extent_order, mem_flags;
    uint16_t domid;
};
struct add32 {
    uint16_t domid, size;
    uint32_t space, idx, gpfn;
};
struct map32 {
    uint32_t nr_entries, buffer;
};
struct setup32 {
    uint16_t dom;
    uint32_t nr_frames;
    int16_t status;
    uint32_t frame_list;
};
struct copy_ptr32 {
    uint32_t ref_or_gmfn;
    uint16_t domid, offset;
};
struct copy32 {
    struct copy_ptr32 source, dest;
    uint16_t len, flags;
    int16_t status;
};
struct call32_entry {
    uint32_t op, result, args[6];
};
struct poll32 {
    uint32_t ports, nr_ports;
    uint64_t timeout;
} __attribute__((packed, aligned(4)));
struct timer32 {
    uint64_t at;
    uint32_t flags;
} __attribute__((packed, aligned(4)));
struct runstate32 {
    int32_t state;
    uint64_t entry, time[4];
} __attribute__((packed, aligned(4)));

static void versions(void)
{
    static char wide[1200], narrow[1200];
    static const unsigned int same[] = {
        XENVER_extraversion, XENVER_compile_info, XENVER_capabilities, XENVER_changeset,
        XENVER_get_features, XENVER_guest_handle, XENVER_commandline};

    EXPECT(hypercall32(__HYPERVISOR_xen_version, XENVER_version, 0, 0) ==
               hypercall(__HYPERVISOR_xen_version, 0, 0, 0),
           "version");
    EXPECT(hypercall32(__HYPERVISOR_xen_version, XENVER_pagesize, 0, 0) == 4096, "page size");
    for (unsigned int i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
        long a, b;

        memset(wide, 0, sizeof(wide));
        memset(narrow, 0, sizeof(narrow));
        a = hypercall(__HYPERVISOR_xen_version, same[i], PTR(wide), 0);
        b = hypercall32(__HYPERVISOR_xen_version, same[i], PTR32(narrow), 0);
        EXPECT(a == b && !memcmp(wide, narrow, sizeof(wide)), "command %u: %ld and %ld", same[i], a,
               b);
    }
    memset(narrow, 0xaa, 16);
    EXPECT(!hypercall32(__HYPERVISOR_xen_version, XENVER_platform_parameters, PTR32(narrow), 0),
           "platform_parameters");
    EXPECT((uint8_t)narrow[4] == 0xaa && (uint8_t)narrow[3] != 0xaa,
           "platform_parameters has the wrong size");
    EXPECT(hypercall32(__HYPERVISOR_xen_version, 77, 0, 0) == -XEN_ENOSYS,
           "unknown version command");
    EXPECT(hypercall32(63, 0, 0, 0) == -XEN_ENOSYS, "unknown call");
    EXPECT(hypercall32(__HYPERVISOR_event_channel_op, EVTCHNOP_close, 0xfffffffe, 0) ==
                   -XEN_EFAULT ||
               hypercall32(__HYPERVISOR_event_channel_op, EVTCHNOP_close, 0xfffffffe, 0) ==
                   -XEN_EINVAL,
           "pointer at the end of 4 GB");
}

static void memory(void)
{
    struct add32 a = {
        .domid = DOMID_SELF, .space = XENMAPSPACE_shared_info, .gpfn = PTR32(page[0]) >> 12};
    uint32_t gfn = PTR32(page[1]) >> 12;
    struct reservation32 r = {PTR32(&gfn), 1, 0, 0, DOMID_SELF};
    static struct xen_e820_entry_like {
        uint64_t addr, size;
        uint32_t type;
    } __attribute__((packed)) e820[128], e820_wide[128];
    struct map32 m = {128, PTR32(e820)};
    struct xen_memory_map wide = {.nr_entries = 128};
    long rc;

    EXPECT(!hypercall32(__HYPERVISOR_memory_op, XENMEM_add_to_physmap, PTR32(&a), 0),
           "shared_info");
    rc = hypercall32(__HYPERVISOR_memory_op, XENMEM_memory_map, PTR32(&m), 0);
    set_xen_guest_handle(wide.buffer, (void *)e820_wide);
    EXPECT(rc == hypercall(__HYPERVISOR_memory_op, XENMEM_memory_map, PTR(&wide), 0),
           "memory_map: %ld", rc);
    EXPECT(m.nr_entries == wide.nr_entries && !memcmp(e820, e820_wide, sizeof(e820)),
           "memory maps differ");
    rc = hypercall32(__HYPERVISOR_memory_op, XENMEM_decrease_reservation, PTR32(&r), 0);
    EXPECT(rc == 1, "decrease: %ld", rc);
    rc = hypercall32(__HYPERVISOR_memory_op, XENMEM_populate_physmap, PTR32(&r), 0);
    EXPECT(rc == 1, "populate: %ld", rc);
    page[1][0] = 1;
}

static void events(void)
{
    struct evtchn_alloc_unbound u = {.dom = DOMID_SELF, .remote_dom = DOMID_SELF};
    struct evtchn_bind_interdomain b = {.remote_dom = DOMID_SELF};
    struct evtchn_send send;
    uint32_t port;
    struct poll32 p = {.nr_ports = 1, .timeout = 1};
    struct call32_entry list[3] = {{__HYPERVISOR_xen_version, 7, {XENVER_pagesize}},
                                   {63, 7, {0}},
                                   {__HYPERVISOR_event_channel_op, 7, {EVTCHNOP_send, 0}}};

    EXPECT(!hypercall32(__HYPERVISOR_event_channel_op, EVTCHNOP_alloc_unbound, PTR32(&u), 0),
           "alloc_unbound");
    b.remote_port = u.port;
    EXPECT(!hypercall32(__HYPERVISOR_event_channel_op, EVTCHNOP_bind_interdomain, PTR32(&b), 0),
           "bind_interdomain");
    port = b.local_port;
    p.ports = PTR32(&port);
    /* Nothing is pending: the poll ends by its time, which is over. */
    EXPECT(!hypercall32(__HYPERVISOR_sched_op, SCHEDOP_poll, PTR32(&p), 0), "poll by time");
    send.port = u.port;
    list[2].args[1] = PTR32(&send);
    EXPECT(!hypercall32(__HYPERVISOR_multicall, PTR32(list), 3, 0), "multicall");
    EXPECT(list[0].result == 4096 && list[1].result == (uint32_t)-XEN_ENOSYS && !list[2].result,
           "multicall results %x %x %x", list[0].result, list[1].result, list[2].result);
    p.timeout = 0; /* no end: the event must be seen */
    EXPECT(!hypercall32(__HYPERVISOR_sched_op, SCHEDOP_poll, PTR32(&p), 0), "poll for an event");
}

static void vcpu(void)
{
    struct vcpu_register_vcpu_info vi = {.mfn = PTR32(other) >> 12, .offset = 1024};
    struct timer32 t = {.at = 1};
    static struct runstate32 rs;
    uint32_t area[2] = {PTR32(&rs), 0xdeadbeef};
    struct xen_hvm_param hp = {.domid = DOMID_SELF, .index = HVM_PARAM_CALLBACK_IRQ, .value = 0};

    EXPECT(!hypercall32(__HYPERVISOR_vcpu_op, VCPUOP_get_runstate_info, 0, PTR32(&rs)),
           "get_runstate_info");
    EXPECT(!rs.state && rs.entry && rs.time[0], "runstate %d since %lu", rs.state, rs.entry);
    memset(&rs, 0xff, sizeof(rs));
    EXPECT(!hypercall32(__HYPERVISOR_vcpu_op, VCPUOP_register_runstate_memory_area, 0, PTR32(area)),
           "runstate area");
    EXPECT(!rs.state, "runstate area says %d", rs.state);
    EXPECT(!hypercall32(__HYPERVISOR_vcpu_op, VCPUOP_register_vcpu_info, 0, PTR32(&vi)),
           "register_vcpu_info");
    EXPECT(!hypercall32(__HYPERVISOR_vcpu_op, VCPUOP_set_singleshot_timer, 0, PTR32(&t)),
           "set_singleshot_timer");
    t.flags = VCPU_SSHOTTMR_future;
    EXPECT(hypercall32(__HYPERVISOR_vcpu_op, VCPUOP_set_singleshot_timer, 0, PTR32(&t)) ==
               -XEN_ETIME,
           "a timer in the past");
    EXPECT(!hypercall32(__HYPERVISOR_hvm_op, HVMOP_set_param, PTR32(&hp), 0), "set_param");
    EXPECT(!hypercall32(__HYPERVISOR_hvm_op, HVMOP_get_param, PTR32(&hp), 0) && !hp.value,
           "get_param");
}

static void grants(void)
{
    long rc;
    struct gnttab_query_size q = {.dom = DOMID_SELF};
    struct setup32 s = {.dom = DOMID_SELF, .nr_frames = 1, .frame_list = PTR32(frames)};
    struct copy32 c = {
        {PTR32(page[1]) >> 12, DOMID_SELF, 8}, {PTR32(other) >> 12, DOMID_SELF, 16}, 5, 0, 99};

    EXPECT(!hypercall32(__HYPERVISOR_grant_table_op, GNTTABOP_query_size, PTR32(&q), 1) &&
               !q.status,
           "query_size");
    rc = hypercall32(__HYPERVISOR_grant_table_op, GNTTABOP_setup_table, PTR32(&s), 1);
    EXPECT(!rc && !s.status, "setup_table: %ld, status %d", rc, s.status);
    memcpy(page[1] + 8, "hello", 5);
    EXPECT(!hypercall32(__HYPERVISOR_grant_table_op, GNTTABOP_copy, PTR32(&c), 1), "copy");
    EXPECT(!c.status && !memcmp(other + 16, "hello", 5), "copy: status %d", c.status);
    EXPECT(sizeof(c) == 24, "the copy has %u bytes", (unsigned int)sizeof(c));
}

void test_main(void)
{
    EXPECT(!hypercall32(__HYPERVISOR_console_io, CONSOLEIO_write, 15, PTR32("32-bit console\n")),
           "console_io");
    versions();
    memory();
    events();
    vcpu();
    grants();
}
