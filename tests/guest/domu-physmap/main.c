/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An unprivileged domain asks for frames at absurd places and of absurd sizes, and strews one page
 * over its whole address space, so that each place needs tables of its own. It is refused without
 * harm, and before it has taken the host's memory.
 */
#include <public/memory.h>
#include "../lib/domu.h"

const char test_title[] = "domu-physmap";

#define SPARE 0x2000ul /* a frame that the image does not use */

static xen_pfn_t gfn;

static long reservation(unsigned int cmd, xen_pfn_t at, unsigned long nr, unsigned int order,
                        unsigned int domid)
{
    struct xen_memory_reservation r = {.nr_extents = nr, .extent_order = order, .domid = domid};

    gfn = at;
    set_xen_guest_handle(r.extent_start, &gfn);
    return hypercall(__HYPERVISOR_memory_op, cmd, PTR(&r), 0);
}

static long move(xen_pfn_t from, xen_pfn_t to)
{
    struct xen_add_to_physmap a = {
        .domid = DOMID_SELF, .space = XENMAPSPACE_gmfn, .idx = from, .gpfn = to};

    return hypercall(__HYPERVISOR_memory_op, XENMEM_add_to_physmap, PTR(&a), 0);
}

static void child(void)
{
    static const xen_pfn_t absurd[] = {1ul << 36, (1ul << 36) + 5, 1ul << 40, 1ul << 52, 1ul << 63,
                                       ~0ul,      ~0ul - 511};
    xen_pfn_t at = SPARE;
    unsigned int moves = 0;
    bool wrong = false;

    for (unsigned int i = 0; i < sizeof(absurd) / sizeof(absurd[0]); i++)
        for (unsigned int order = 0; order < 10; order += 3) {
            wrong |= reservation(XENMEM_populate_physmap, absurd[i], 1, order > 5 ? 5 : order,
                                 DOMID_SELF) != 0;
            wrong |= reservation(XENMEM_decrease_reservation, absurd[i], 1, order, DOMID_SELF) != 0;
            wrong |= move(SPARE + 1, absurd[i]) == 0;
            wrong |= move(absurd[i], SPARE + 1) == 0;
        }
    mailbox[1] = wrong;
    mailbox[2] = reservation(XENMEM_populate_physmap, 0x100000, 1, 10, DOMID_SELF);
    mailbox[3] = reservation(XENMEM_populate_physmap, 0x100000, 1, 77, DOMID_SELF);
    mailbox[4] = reservation(XENMEM_populate_physmap, 0x100000, ~0ul, 0, DOMID_SELF);
    mailbox[5] = reservation(XENMEM_decrease_reservation, SPARE, 1, 0, 0); /* another's memory */
    while (moves < 200000) {
        xen_pfn_t next = ((xen_pfn_t)moves + 1) << 18; /* 1 GiB on */

        if (move(at, next))
            break;
        at = next;
        moves++;
    }
    mailbox[6] = moves;
    mailbox[0] = 1;
    for (;;)
        hypercall(__HYPERVISOR_sched_op, 0 /* yield */, 0, 0);
}

void test_main(void)
{
    uint64_t before = 0;

    for (unsigned int i = 0; i < 3; i++) {
        uint64_t mine;
        struct domu d;

        if (i == 1) /* whatever is set up once */
            before = free_pages();
        domu_create(&d, 1);
        mine = free_pages();
        domu_start(&d, 0, child);
        domu_unpause(&d);
        EXPECT(domu_wait(&d, 0, 1, 30), "it did not come to the end: %d", domu_shutdown_reason(&d));
        EXPECT(!d.mailbox[1], "an absurd frame was accepted");
        EXPECT((long)d.mailbox[2] == -XEN_EPERM, "order 10: %ld", (long)d.mailbox[2]);
        EXPECT((long)d.mailbox[3] == -XEN_EPERM, "order 77: %ld", (long)d.mailbox[3]);
        EXPECT((long)d.mailbox[4] < 0, "so many extents: %ld", (long)d.mailbox[4]);
        EXPECT((long)d.mailbox[5] == -XEN_EPERM, "another domain's memory: %ld",
               (long)d.mailbox[5]);
        print("%lu moves, %ld pages of the host\n", d.mailbox[6], (long)(mine - free_pages()));
        EXPECT(d.mailbox[6] < 200000, "its tables have no limit");
        EXPECT((long)(mine - free_pages()) < 2048, "%ld pages for its tables",
               (long)(mine - free_pages()));
        domu_destroy(&d);
    }
    EXPECT(free_pages() == before, "%ld pages lost", (long)(before - free_pages()));
}
