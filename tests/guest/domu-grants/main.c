/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An unprivileged domain scribbles over its grant table, entries and status words alike, in both
 * versions, while the control domain maps, copies and unmaps its grants. What is refused has a
 * status, what was mapped can be unmapped, and no page is lost.
 */
#include <public/grant_table.h>
#include <public/memory.h>
#include "../lib/domu.h"

const char test_title[] = "domu-grants";

#define ROUNDS 3000
#define REFS   256

static char table[2][4096] __attribute__((aligned(4096)));
static char landing[4096] __attribute__((aligned(4096))),
    buffer[4096] __attribute__((aligned(4096)));

static void map_table(unsigned int i, uint64_t idx)
{
    struct xen_add_to_physmap a = {.domid = DOMID_SELF,
                                   .space = XENMAPSPACE_grant_table,
                                   .idx = idx,
                                   .gpfn = PTR(table[i]) >> 12};

    if (hypercall(__HYPERVISOR_memory_op, XENMEM_add_to_physmap, PTR(&a), 0))
        mailbox[1] = 1 + i;
}

static void scribble(uint32_t version)
{
    volatile uint64_t *words = (uint64_t *)table[0];
    struct gnttab_set_version v = {.version = version};

    if (hypercall(__HYPERVISOR_grant_table_op, GNTTABOP_set_version, PTR(&v), 1) ||
        v.version != version)
        mailbox[1] = 10 + version;
    map_table(0, 0);
    if (version == 2)
        map_table(1, XENMAPIDX_grant_table_status);
    for (;;) {
        unsigned int i = rng_below(512);
        /* A good entry now and then: frame, domain 0 and flags. */
        uint64_t good = rng_below(4) | rng_below(2) << 2 | (uint64_t)(0x2000 + rng_below(64)) << 32;

        if (version == 2 && (i & 1))
            good = 0x2000 + rng_below(64);
        words[i] = rng_below(3) ? good : rng();
        if (version == 2 && !rng_below(4))
            ((volatile uint16_t *)table[1])[rng_below(REFS)] = rng();
        mailbox[0]++;
    }
}

static void version1(void)
{
    scribble(1);
}

static void version2(void)
{
    scribble(2);
}

static unsigned int mapped, copied, refused;

static void map_one(const struct domu *d)
{
    struct gnttab_map_grant_ref m = {
        .host_addr = PTR(landing), .dom = d->domid, .ref = rng_below(REFS + 8)};
    struct gnttab_unmap_grant_ref u = {.host_addr = PTR(landing)};

    m.flags = GNTMAP_host_map | (rng_below(2) ? GNTMAP_readonly : 0);
    EXPECT(!hypercall(__HYPERVISOR_grant_table_op, GNTTABOP_map_grant_ref, PTR(&m), 1), "map");
    if (m.status) {
        refused++;
        return;
    }
    mapped++;
    (void)*(volatile char *)landing;
    u.handle = m.handle;
    EXPECT(!hypercall(__HYPERVISOR_grant_table_op, GNTTABOP_unmap_grant_ref, PTR(&u), 1) &&
               !u.status,
           "unmap of reference %u: %d", m.ref, u.status);
}

static void copy_one(const struct domu *d)
{
    struct gnttab_copy c = {.len = rng_below(4200), .flags = GNTCOPY_source_gref};

    c.source.u.ref = rng_below(REFS + 8);
    c.source.domid = d->domid;
    c.source.offset = rng_below(2) ? 0 : rng();
    c.dest.u.gmfn = PTR(buffer) >> 12;
    c.dest.domid = DOMID_SELF;
    if (rng_below(2)) {
        __typeof__(c.source) other = c.source;

        memcpy(&c.source, &c.dest, sizeof(other));
        memcpy(&c.dest, &other, sizeof(other));
        c.flags = GNTCOPY_dest_gref;
    }
    EXPECT(!hypercall(__HYPERVISOR_grant_table_op, GNTTABOP_copy, PTR(&c), 1), "copy");
    if (c.status)
        refused++;
    else
        copied++;
}

void test_main(void)
{
    uint64_t before = 0;
    xen_pfn_t gfn = PTR(landing) >> 12;
    struct xen_memory_reservation r = {.nr_extents = 1, .domid = DOMID_SELF};

    /* Grants are mapped where nothing is. */
    set_xen_guest_handle(r.extent_start, &gfn);
    if (hypercall(__HYPERVISOR_memory_op, XENMEM_decrease_reservation, PTR(&r), 0) != 1)
        error("no room for a mapping");
    for (unsigned int i = 0; i < 4; i++) {
        struct domu d;

        if (i == 2) /* whatever is set up once */
            before = free_pages();
        domu_create(&d, 1);
        d.mailbox[511] = 31 * i + 5;
        domu_start(&d, 0, i & 1 ? version2 : version1);
        domu_unpause(&d);
        if (!domu_wait(&d, 0, 1000, 20))
            error("the second domain does not run: %d", domu_shutdown_reason(&d));
        if (d.mailbox[1])
            error("the second domain's grant table: %lu", d.mailbox[1]);
        for (unsigned int n = 0; n < ROUNDS; n++) {
            map_one(&d);
            copy_one(&d);
        }
        EXPECT(domu_shutdown_reason(&d) < 0, "the second domain ended: %d",
               domu_shutdown_reason(&d));
        domu_destroy(&d);
    }
    print("%u mapped, %u copied, %u refused\n", mapped, copied, refused);
    EXPECT(free_pages() == before, "%ld pages lost", (long)(before - free_pages()));
    EXPECT(mapped && copied && refused, "%u mapped, %u copied, %u refused", mapped, copied,
           refused);
}
