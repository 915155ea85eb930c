/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Grants between two domains: what is mapped or copied is the other's page, the granter sees that
 * its entries are in use, read-only is read-only, and a mapped page outlives its owner by as long
 * as the mapping, and no longer.
 */
#include <public/grant_table.h>
#include <public/memory.h>
#include <public/sched.h>
#include "../lib/domu.h"

const char test_title[] = "grants";

#define RW_REF 8u
#define RO_REF 9u
/* Where nothing is in the control domain; the test's page tables reach it. */
#define PLACE(i) (0x50000000ul + (i)*4096ul)

static struct grant_entry_v1 table[512] __attribute__((aligned(4096)));
static char page[2][4096] __attribute__((aligned(4096)));

static long grant_op(unsigned int cmd, void *arg, unsigned int n)
{
    return hypercall(__HYPERVISOR_grant_table_op, cmd, PTR(arg), n);
}

/* --- the granter --- */

static void wait_for(uint64_t step)
{
    while (mailbox[1] < step)
        __asm__ volatile("pause");
}

static void granter(void)
{
    struct xen_add_to_physmap a = {
        .domid = DOMID_SELF, .space = XENMAPSPACE_grant_table, .idx = 0, .gpfn = PTR(table) >> 12};
    volatile struct grant_entry_v1 *e = table;

    if (hypercall(__HYPERVISOR_memory_op, XENMEM_add_to_physmap, PTR(&a), 0))
        return;
    memset(page[0], 'w', 4096);
    memset(page[1], 'r', 4096);
    for (unsigned int i = 0; i < 2; i++) {
        e[RW_REF + i].domid = 0;
        e[RW_REF + i].frame = PTR(page[i]) >> 12;
        e[RW_REF + i].flags = GTF_permit_access | (i ? GTF_readonly : 0);
    }
    mailbox[0] = 1;
    wait_for(1);
    mailbox[2] = e[RW_REF].flags;
    mailbox[3] = e[RO_REF].flags;
    mailbox[4] = *(volatile char *)&page[0][100];
    mailbox[0] = 2;
    wait_for(2);
    mailbox[2] = e[RW_REF].flags;
    mailbox[3] = e[RO_REF].flags;
    mailbox[0] = 3;
    wait_for(3);
}

/* --- the mapper --- */

static struct gnttab_map_grant_ref m[2];

static void map(unsigned int i, unsigned int domid, unsigned int ref, unsigned int flags)
{
    m[i] = (struct gnttab_map_grant_ref){
        .host_addr = PLACE(i), .flags = GNTMAP_host_map | flags, .ref = ref, .dom = domid};
    if (grant_op(GNTTABOP_map_grant_ref, &m[i], 1))
        failure("map_grant_ref");
}

static int unmap(unsigned int i)
{
    struct gnttab_unmap_grant_ref u = {.host_addr = PLACE(i), .handle = m[i].handle};

    if (grant_op(GNTTABOP_unmap_grant_ref, &u, 1))
        failure("unmap_grant_ref");
    return u.status;
}

static int copy(unsigned int domid, unsigned int ref, bool to_ref, unsigned int len)
{
    struct gnttab_copy_ptr there = {.u.ref = ref, .domid = domid, .offset = 10};
    struct gnttab_copy_ptr here = {.u.gmfn = PTR(page[0]) >> 12, .domid = DOMID_SELF, .offset = 20};
    struct gnttab_copy c = {.source = to_ref ? here : there,
                            .dest = to_ref ? there : here,
                            .len = len,
                            .flags = to_ref ? GNTCOPY_dest_gref : GNTCOPY_source_gref};

    if (grant_op(GNTTABOP_copy, &c, 1))
        failure("copy");
    return c.status;
}

/* Returns the host's free pages when all is gone again. */
static uint64_t round(void)
{
    uint64_t before = free_pages();
    volatile char *rw = (char *)PLACE(0), *ro = (char *)PLACE(1);
    struct domu d;

    domu_create(&d, 1);
    domu_start(&d, 0, granter);
    domu_unpause(&d);
    EXPECT(domu_wait(&d, 0, 1, 20), "the granter did not start");

    map(0, d.domid, RO_REF, 0);
    EXPECT(m[0].status == GNTST_general_error, "wrote to a read-only grant: %d", m[0].status);
    map(0, d.domid, RO_REF + 1, 0);
    EXPECT(m[0].status == GNTST_general_error, "no such grant: %d", m[0].status);
    map(0, d.domid, RW_REF, 0);
    EXPECT(m[0].status == GNTST_okay, "map: %d", m[0].status);
    map(1, d.domid, RO_REF, GNTMAP_readonly);
    EXPECT(m[1].status == GNTST_okay, "map read-only: %d", m[1].status);
    EXPECT(rw[0] == 'w' && rw[4095] == 'w' && ro[0] == 'r' && ro[4095] == 'r',
           "not the granted pages");
    rw[100] = 'x';
    d.mailbox[1] = 1;
    EXPECT(domu_wait(&d, 0, 2, 20), "the granter is gone");
    EXPECT(d.mailbox[2] == (GTF_permit_access | GTF_reading | GTF_writing), "flags %lx",
           (long)d.mailbox[2]);
    EXPECT(d.mailbox[3] == (GTF_permit_access | GTF_readonly | GTF_reading), "flags %lx",
           (long)d.mailbox[3]);
    EXPECT(d.mailbox[4] == 'x', "the granter does not see what was written");

    EXPECT(unmap(0) == GNTST_okay && unmap(1) == GNTST_okay, "unmap");
    EXPECT(unmap(0) == GNTST_bad_handle, "unmapped twice");
    EXPECT(copy(d.domid, RW_REF, false, 100) == GNTST_okay, "copy");
    EXPECT(page[0][20] == 'w' && page[0][110] == 'x' && page[0][120] == 0,
           "copied the wrong bytes");
    EXPECT(copy(d.domid, RO_REF, true, 100) == GNTST_general_error, "copied to a read-only grant");
    EXPECT(copy(d.domid, RW_REF, true, 4080) == GNTST_bad_copy_arg, "copied beyond the page");
    d.mailbox[1] = 2;
    EXPECT(domu_wait(&d, 0, 3, 20), "the granter is gone");
    EXPECT(d.mailbox[2] == GTF_permit_access, "flags after unmap %lx", (long)d.mailbox[2]);
    EXPECT(d.mailbox[3] == (GTF_permit_access | GTF_readonly), "flags after unmap %lx",
           (long)d.mailbox[3]);

    map(0, d.domid, RW_REF, 0);
    EXPECT(m[0].status == GNTST_okay, "map again: %d", m[0].status);
    domu_destroy(&d);
    EXPECT(free_pages() < before, "the domain is gone with its page still mapped");
    EXPECT(rw[0] == 'w' && rw[100] == 'x', "the page was given to somebody else");
    rw[200] = 'y';
    EXPECT(unmap(0) == GNTST_okay, "unmap of a dead domain's page");
    hypercall(__HYPERVISOR_sched_op, SCHEDOP_yield, 0,
              0); /* the rest of the domain goes when its last page is gone */
    return free_pages();
}

void test_main(void)
{
    uint64_t first = round(), second; /* page tables and handles that are made on first use stay */

    second = round();
    EXPECT(second == first, "%ld pages lost", (long)(first - second));
}
