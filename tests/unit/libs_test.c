/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The xc_* wrappers against a hypervisor of this file: what they hand over, what they make of the
 * answers, and that every buffer they take is given back.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xencall.h"
#include "xenctrl.h"
#include "xenforeignmemory.h"

/* ---- the fake: one handler answers every hypercall ---- */

struct xencall_handle {
    int unused;
};
static struct xencall_handle fake_xcall;
static int buffers;
static int calls;
static long (*answer)(unsigned int op, uint64_t a1, uint64_t a2, uint64_t a3);

xencall_handle *xencall_open(struct xentoollog_logger *logger, unsigned open_flags)
{
    return &fake_xcall;
}
int xencall_close(xencall_handle *xcall)
{
    return 0;
}
void *xencall_alloc_buffer(xencall_handle *xcall, size_t size)
{
    buffers++;
    return calloc(1, size ? size : 1);
}
void xencall_free_buffer(xencall_handle *xcall, void *p)
{
    buffers -= !!p;
    free(p);
}
int xencall1(xencall_handle *xcall, unsigned int op, uint64_t arg1)
{
    calls++;
    return (int)answer(op, arg1, 0, 0);
}
int xencall2(xencall_handle *xcall, unsigned int op, uint64_t arg1, uint64_t arg2)
{
    calls++;
    return (int)answer(op, arg1, arg2, 0);
}
long xencall2L(xencall_handle *xcall, unsigned int op, uint64_t arg1, uint64_t arg2)
{
    calls++;
    return answer(op, arg1, arg2, 0);
}
int xencall3(xencall_handle *xcall, unsigned int op, uint64_t arg1, uint64_t arg2, uint64_t arg3)
{
    calls++;
    return (int)answer(op, arg1, arg2, arg3);
}

static unsigned char grant_frame[4096];
xenforeignmemory_handle *xenforeignmemory_open(struct xentoollog_logger *logger, unsigned flags)
{
    return (void *)&fake_xcall;
}
int xenforeignmemory_close(xenforeignmemory_handle *fmem)
{
    return 0;
}
void *xenforeignmemory_map(xenforeignmemory_handle *fmem, uint32_t dom, int prot, size_t pages,
                           const xen_pfn_t arr[], int err[])
{
    errno = EINVAL;
    return NULL;
}
int xenforeignmemory_unmap(xenforeignmemory_handle *fmem, void *addr, size_t pages)
{
    return 0;
}
xenforeignmemory_resource_handle *
xenforeignmemory_map_resource(xenforeignmemory_handle *fmem, domid_t domid, unsigned int type,
                              unsigned int id, unsigned long frame, unsigned long nr_frames,
                              void **paddr, int prot, int flags)
{
    assert_int_equal(type, XENMEM_resource_grant_table);
    *paddr = grant_frame;
    return (void *)grant_frame;
}
int xenforeignmemory_unmap_resource(xenforeignmemory_handle *fmem,
                                    xenforeignmemory_resource_handle *fres)
{
    return 0;
}

static long fail_with(int err)
{
    errno = err;
    return -1;
}

static long accept_all(unsigned int op, uint64_t a1, uint64_t a2, uint64_t a3)
{
    return 0;
}

/* Messages of the library. */
static char logged[1024];
static void keep_message(struct xentoollog_logger *logger, xentoollog_level level, int errnoval,
                         const char *context, const char *format, va_list al)
{
    if (level >= XTL_WARN)
        vsnprintf(logged, sizeof(logged), format, al);
}
static xentoollog_logger logger = {.vmessage = keep_message};

static xc_interface *open_fake(void)
{
    xc_interface *xch;

    answer = accept_all;
    xch = xc_interface_open(&logger, NULL, 0);
    assert_non_null(xch);
    calls = 0;
    return xch;
}

/* ---- tests ---- */

static long speaks_0x14(unsigned int op, uint64_t a1, uint64_t a2, uint64_t a3)
{
    if (op == __HYPERVISOR_domctl)
        return ((struct xen_domctl *)(uintptr_t)a1)->interface_version == 0x14 ? 0
                                                                               : fail_with(EACCES);
    return 0;
}

static void a_wrong_version_is_named(void **state)
{
    answer = speaks_0x14;
    *logged = '\0';
    assert_null(xc_interface_open(&logger, NULL, 0));
    assert_int_equal(errno, EACCES);
    assert_string_equal(logged,
                        "this hypervisor speaks domctl interface 0x14, these tools need 0x15");
    assert_int_equal(buffers, 0);
}

static long unprivileged(unsigned int op, uint64_t a1, uint64_t a2, uint64_t a3)
{
    return fail_with(EPERM);
}

static void an_unprivileged_domain_gets_a_handle(void **state)
{
    xc_interface *xch;

    answer = unprivileged;
    xch = xc_interface_open(&logger, NULL, 0);
    assert_non_null(xch);
    assert_int_equal(xc_domain_pause(xch, 3), -1);
    assert_int_equal(errno, EPERM);
    assert_string_equal(xc_last_failure(),
                        "domctl pausedomain of domain 3: Operation not permitted");
    xc_interface_close(xch);
}

static int destroy_calls;
static long destroy_slowly(unsigned int op, uint64_t a1, uint64_t a2, uint64_t a3)
{
    struct xen_domctl *d = (void *)(uintptr_t)a1;

    assert_int_equal(op, __HYPERVISOR_domctl);
    assert_int_equal(d->cmd, XEN_DOMCTL_destroydomain);
    assert_int_equal(d->interface_version, 0x15);
    assert_int_equal(d->domain, 7);
    return ++destroy_calls < 4 ? fail_with(85) : 0;
}

static void destroying_goes_on_until_done(void **state)
{
    xc_interface *xch = open_fake();

    answer = destroy_slowly;
    assert_int_equal(xc_domain_destroy(xch, 7), 0);
    assert_int_equal(destroy_calls, 4);
    xc_interface_close(xch);
}

static long list_two(unsigned int op, uint64_t a1, uint64_t a2, uint64_t a3)
{
    struct xen_sysctl *s = (void *)(uintptr_t)a1;
    xen_domctl_getdomaininfo_t *out = s->u.getdomaininfolist.buffer.p;

    assert_int_equal(s->cmd, XEN_SYSCTL_getdomaininfolist);
    assert_int_equal(s->u.getdomaininfolist.first_domain, 1);
    assert_int_equal(s->u.getdomaininfolist.max_domains, 4);
    out[0].domain = 1;
    out[0].flags =
        XEN_DOMINF_hvm_guest | XEN_DOMINF_shutdown | SHUTDOWN_crash << XEN_DOMINF_shutdownshift;
    out[0].max_pages = 256;
    out[1].domain = 5;
    out[1].flags = XEN_DOMINF_running;
    s->u.getdomaininfolist.num_domains = 2;
    return 0;
}

static void domains_are_listed(void **state)
{
    xc_interface *xch = open_fake();
    xc_dominfo_t info[4];

    answer = list_two;
    assert_int_equal(xc_domain_getinfo(xch, 1, 4, info), 2);
    assert_int_equal(info[0].domid, 1);
    assert_true(info[0].crashed && !info[0].shutdown && info[0].hvm);
    assert_int_equal(info[0].max_memkb, 1024);
    assert_int_equal(info[1].domid, 5);
    assert_true(info[1].running);
    assert_int_equal(buffers, 0);
    xc_interface_close(xch);
}

static long next_domain(unsigned int op, uint64_t a1, uint64_t a2, uint64_t a3)
{
    ((struct xen_domctl *)(uintptr_t)a1)->u.getdomaininfo.domain = 9;
    return 0;
}

static void a_missing_domain_is_not_its_neighbour(void **state)
{
    xc_interface *xch = open_fake();
    xc_domaininfo_t info;

    answer = next_domain;
    assert_int_equal(xc_domain_getinfo_single(xch, 8, &info), -1);
    assert_int_equal(errno, ESRCH);
    assert_int_equal(xc_domain_getinfo_single(xch, 9, &info), 0);
    xc_interface_close(xch);
}

/* Takes 10000 extents and no more. */
static unsigned long populated;
static long populate_some(unsigned int op, uint64_t a1, uint64_t a2, uint64_t a3)
{
    struct xen_memory_reservation *r = (void *)(uintptr_t)a2;
    xen_pfn_t *list = r->extent_start.p;
    unsigned long i, n = r->nr_extents;

    assert_int_equal(op, __HYPERVISOR_memory_op);
    assert_int_equal(a1, XENMEM_populate_physmap);
    if (populated + n > 10000)
        n = 10000 - populated;
    for (i = 0; i < n; i++)
        assert_int_equal(list[i], populated + i);
    populated += n;
    return (long)n;
}

static void populating_is_cut_and_counted(void **state)
{
    static xen_pfn_t list[20000];
    xc_interface *xch = open_fake();
    unsigned long i;

    for (i = 0; i < 20000; i++)
        list[i] = i;
    answer = populate_some;
    populated = 0;
    assert_int_equal(xc_domain_populate_physmap(xch, 1, 20000, 0, 0, list), 10000);
    assert_int_equal(calls, 2);
    populated = 0;
    assert_int_equal(xc_domain_populate_physmap_exact(xch, 1, 20000, 0, 0, list), -1);
    assert_int_equal(errno, ENOMEM);
    assert_non_null(strstr(xc_last_failure(), "only 10000 done"));
    populated = 0;
    assert_int_equal(xc_domain_populate_physmap_exact(xch, 1, 9000, 0, 0, list), 0);
    assert_int_equal(buffers, 0);
    xc_interface_close(xch);
}

static long refuse_leaf(unsigned int op, uint64_t a1, uint64_t a2, uint64_t a3)
{
    struct xen_domctl *d = (void *)(uintptr_t)a1;

    assert_int_equal(d->u.cpu_policy.err_leaf, ~0u);
    assert_int_equal(((xen_cpuid_leaf_t *)d->u.cpu_policy.leaves.p)[1].leaf, 0x40000000);
    d->u.cpu_policy.err_leaf = 0x40000000;
    d->u.cpu_policy.err_subleaf = 2;
    return fail_with(ERANGE);
}

static void a_refused_policy_names_its_leaf(void **state)
{
    xc_interface *xch = open_fake();
    xen_cpuid_leaf_t leaves[2] = {{.leaf = 1}, {.leaf = 0x40000000}};
    uint32_t leaf, subleaf, msr;

    answer = refuse_leaf;
    assert_int_equal(xc_set_domain_cpu_policy(xch, 1, 2, leaves, 0, NULL, &leaf, &subleaf, &msr),
                     -1);
    assert_int_equal(errno, ERANGE);
    assert_int_equal(leaf, 0x40000000);
    assert_int_equal(subleaf, 2);
    assert_int_equal(msr, ~0u);
    assert_int_equal(buffers, 0);
    xc_interface_close(xch);
}

static long host_of_12_cpus(unsigned int op, uint64_t a1, uint64_t a2, uint64_t a3)
{
    if (op == __HYPERVISOR_sysctl) {
        struct xen_sysctl *s = (void *)(uintptr_t)a1;

        s->u.physinfo.max_cpu_id = 11;
        s->u.physinfo.nr_cpus = 10;
        s->u.physinfo.max_node_id = 1;
        return 0;
    } else {
        struct xen_domctl *d = (void *)(uintptr_t)a1;
        uint8_t *hard = d->u.vcpuaffinity.cpumap_hard.bitmap.p;

        assert_int_equal(d->u.vcpuaffinity.cpumap_hard.nr_bits, 16);
        assert_null(d->u.vcpuaffinity.cpumap_soft.bitmap.p);
        assert_int_equal(hard[1], 8);
        hard[1] = 0;
        hard[0] = 1;
        return 0;
    }
}

static void affinity_goes_in_and_out(void **state)
{
    xc_interface *xch = open_fake();
    xc_cpumap_t map;

    answer = host_of_12_cpus;
    map = xc_cpumap_alloc(xch);
    assert_non_null(map);
    assert_int_equal(xc_get_cpumap_size(xch), 2);
    assert_int_equal(xc_get_max_nodes(xch), 2);
    xc_cpumap_setcpu(11, map);
    assert_int_equal(xc_vcpu_setaffinity(xch, 1, 0, map, NULL, XEN_VCPUAFFINITY_HARD), 0);
    assert_true(xc_cpumap_testcpu(0, map));
    assert_false(xc_cpumap_testcpu(11, map));
    free(map);
    assert_int_equal(buffers, 0);
    xc_interface_close(xch);
}

static void grants_are_seeded(void **state)
{
    xc_interface *xch = open_fake();
    grant_entry_v1_t *entries = (void *)grant_frame;

    memset(grant_frame, 0, sizeof(grant_frame));
    assert_int_equal(xc_dom_gnttab_seed(xch, 4, true, 0xfeffe, (xen_pfn_t)-1, 3, 2), 0);
    assert_int_equal(entries[GNTTAB_RESERVED_CONSOLE].frame, 0xfeffe);
    assert_int_equal(entries[GNTTAB_RESERVED_CONSOLE].domid, 3);
    assert_int_equal(entries[GNTTAB_RESERVED_CONSOLE].flags, GTF_permit_access);
    assert_int_equal(entries[GNTTAB_RESERVED_XENSTORE].flags, 0);
    xc_interface_close(xch);
}

static long map_at_most_100(unsigned int op, uint64_t a1, uint64_t a2, uint64_t a3)
{
    struct xen_domctl *d = (void *)(uintptr_t)a1;

    if (d->u.memory_mapping.nr_mfns > 100)
        return fail_with(E2BIG);
    assert_int_equal(d->u.memory_mapping.first_gfn - d->u.memory_mapping.first_mfn, 1000);
    populated += d->u.memory_mapping.nr_mfns;
    return 0;
}

static void a_large_mapping_is_halved(void **state)
{
    xc_interface *xch = open_fake();

    answer = map_at_most_100;
    populated = 0;
    assert_int_equal(xc_domain_memory_mapping(xch, 1, 6000, 5000, 1000, 1), 0);
    assert_int_equal(populated, 1000);
    xc_interface_close(xch);
}

static void a_dummy_handle_says_enosys(void **state)
{
    xc_interface *xch = xc_interface_open(&logger, NULL, XC_OPENFLAG_DUMMY);
    xc_physinfo_t info = {0};

    assert_non_null(xch);
    assert_int_equal(xc_physinfo(xch, &info), -1);
    assert_int_equal(errno, ENOSYS);
    assert_int_equal(xc_version(xch, XENVER_version, NULL), -1);
    assert_int_equal(errno, ENOSYS);
    xc_interface_close(xch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_version_is_named),
        cmocka_unit_test(an_unprivileged_domain_gets_a_handle),
        cmocka_unit_test(destroying_goes_on_until_done),
        cmocka_unit_test(domains_are_listed),
        cmocka_unit_test(a_missing_domain_is_not_its_neighbour),
        cmocka_unit_test(populating_is_cut_and_counted),
        cmocka_unit_test(a_refused_policy_names_its_leaf),
        cmocka_unit_test(affinity_goes_in_and_out),
        cmocka_unit_test(grants_are_seeded),
        cmocka_unit_test(a_large_mapping_is_halved),
        cmocka_unit_test(a_dummy_handle_says_enosys),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
