/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CPU policies on two made-up machines, an AMD one without RDTSCP and MONITOR and an Intel one with
 * AVX-512: what guests get, how tools read and write it, and what CPUID finally says.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include <xen/cpu_policy.h>
#include <public/arch-x86/cpuid.h>
#include <public/errno.h>

#define F(name)   XEN_X86_FEATURE_##name
#define B(name)   (1u << F(name) % 32)
#define ALL       0xffffffffu /* every ability */
#define NOSUB     XEN_CPUID_NO_SUBLEAF
#define PAGE_SIZE 4096

struct row {
    uint32_t leaf, subleaf;
    struct cpuid_leaf l;
};

static const struct row amd[] = {
    {0x0, 0, {0xd, 0x68747541, 0x444d4163, 0x69746e65}},
    {0x1, 0, {0x00800f12, 0x05020800, 0xfef83203 | B(OSXSAVE), 0x178bfbff}},
    {0x5, 0, {0x40, 0x40, 3, 0}},
    {0x7, 0, {0, 0x209c01a9 | B(PQM), B(OSPKE), 0}},
    {0xd, 0, {7, 832, 832, 0}},
    {0xd, 1, {0xf, 832, 0, 0}},
    {0xd, 2, {256, 576, 0, 0}},
    {0x80000000, 0, {0x8000001f, 0x68747541, 0x444d4163, 0x69746e65}},
    {0x80000001,
     0,
     {0x00800f12, 0, B(LAHF_LM) | B(SVM) | B(SSE4A) | B(IBS) | B(TOPOEXT) | B(ABM), 0x27d3fbff}},
    {0x80000007, 0, {1, 2, 3, B(ITSC) | B(HW_PSTATE)}},
    {0x80000008, 0, {0x00303030, B(CLZERO) | B(IBPB) | B(AMD_PPIN), 0x3007, 5}},
    {0x8000000a, 0, {1, 16, 0, 1}},
    {0x8000001e, 0, {5, 6, 7, 8}},
};

static const struct row intel[] = {
    {0x0, 0, {0x16, 0x756e6547, 0x6c65746e, 0x49656e69}},
    {0x1, 0, {0x000506e3, 0x07100800, 0x7ffafbbf, 0xbfebfbff}},
    {0x4, 0, {0x1c004121, 0x01c0003f, 0x3f, 0}},
    {0x4, 1, {0x1c004122, 0x01c0003f, 0x3f, 0}},
    {0x4, 2, {0x1c004143, 0x00c0003f, 0x3ff, 0}},
    {0x4, 3, {0x1c03c163, 0x03c0003f, 0x1fff, 6}},
    {0x7, 0, {2, 0xd39ffffb, B(PKU) | B(UMIP), B(IBRSB) | B(STIBP) | B(SSBD) | B(ARCH_CAPS)}},
    {0x7, 2, {1, 1, 1, B(INTEL_PSFD)}},
    {0xd, 0, {0x2e7, 2696, 2696, 0}},
    {0xd, 1, {0xf, 2696, 0x100, 0}},
    {0xd, 2, {256, 576, 0, 0}},
    {0xd, 5, {64, 1088, 0, 0}},
    {0xd, 6, {512, 1152, 0, 0}},
    {0xd, 7, {1024, 1664, 0, 0}},
    {0xd, 9, {8, 2688, 0, 0}},
    {0x80000000, 0, {0x80000008, 0, 0, 0}},
    {0x80000001, 0, {0, 0, B(LAHF_LM), B(SYSCALL) | B(NX) | B(PAGE1GB) | B(RDTSCP) | B(LM)}},
    {0x80000008, 0, {0x3027, 0, 0, 0}},
};

struct machine {
    const struct row *rows;
    size_t nr;
};

static void fake_cpuid(void *ctx, uint32_t leaf, uint32_t subleaf, struct cpuid_leaf *out)
{
    const struct machine *m = ctx;

    memset(out, 0, sizeof(*out));
    for (size_t i = 0; i < m->nr; i++)
        if (m->rows[i].leaf == leaf && m->rows[i].subleaf == subleaf)
            *out = m->rows[i].l;
}

static bool fake_rdmsr(void *ctx, uint32_t msr, uint64_t *val)
{
    const struct machine *m = ctx;

    *val = msr == POLICY_MSR_ARCH_CAPS ? 0x4b : 0x80000000;
    return m->rows == intel;
}

static struct cpu_policy host_of(const struct row *rows, size_t nr)
{
    struct machine m = {rows, nr};
    struct cpu_policy_source src = {fake_cpuid, fake_rdmsr, &m};
    struct cpu_policy p;

    cpu_policy_from_host(&p, &src);
    return p;
}

#define AMD   host_of(amd, sizeof(amd) / sizeof(amd[0]))
#define INTEL host_of(intel, sizeof(intel) / sizeof(intel[0]))

static void test_host(void **state)
{
    struct cpu_policy p = AMD;

    assert_int_equal(cpu_policy_vendor(&p), CPU_VENDOR_AMD);
    assert_true(cpu_policy_has(&p, F(SVM)));
    /* Neither this CPU's id nor what the hypervisor switched on is a property of the machine. */
    assert_int_equal(p.basic[1].b >> 24, 0);
    assert_false(cpu_policy_has(&p, F(OSXSAVE)));
    assert_false(cpu_policy_has(&p, F(OSPKE)));
    assert_int_equal(p.platform_info, 0);

    p = INTEL;
    assert_int_equal(cpu_policy_vendor(&p), CPU_VENDOR_INTEL);
    assert_int_equal(p.platform_info, 0x80000000);
    assert_int_equal(p.arch_caps, 0x4b);
    assert_true(cpu_policy_has(&p, F(RDCL_NO)));
    assert_int_equal(p.cache[3].a, 0x1c03c163);
    assert_int_equal(p.basic[0].a, 0x16);
}

static void test_guest_amd(void **state)
{
    struct cpu_policy host = AMD, p;

    cpu_policy_hvm_default(&p, &host, ALL);
    assert_int_equal(p.basic[0].a, 0xd);
    assert_int_equal(p.extd[0].a, 0x8000001f);
    assert_true(cpu_policy_has(&p, F(LM)));
    assert_true(cpu_policy_has(&p, F(AVX2)));
    assert_true(cpu_policy_has(&p, F(X2APIC))); /* emulated, the machine has none */
    assert_true(cpu_policy_has(&p, F(HYPERVISOR)));
    assert_false(cpu_policy_has(&p, F(RDTSCP))); /* the machine has none */
    assert_false(cpu_policy_has(&p, F(MONITOR)));
    assert_false(cpu_policy_has(&p, F(SVM)));
    assert_false(cpu_policy_has(&p, F(IBS)));
    assert_false(cpu_policy_has(&p, F(PQM)));
    assert_false(cpu_policy_has(&p, F(TOPOEXT)));
    assert_false(cpu_policy_has(&p, F(ITSC)));
    assert_false(cpu_policy_has(&p, F(HW_PSTATE)));
    assert_false(cpu_policy_has(&p, F(AMD_PPIN)));
    assert_true(cpu_policy_has(&p, F(IBPB)));
    /* Leaves that describe what is not offered are empty; widths and XSAVE are kept. */
    assert_int_equal(p.basic[5].a, 0);
    assert_int_equal(p.extd[7].a | p.extd[7].b | p.extd[7].c, 0);
    assert_int_equal(p.extd[0xa].b, 0);
    assert_int_equal(p.extd[0x1e].b, 0);
    assert_int_equal(p.extd[8].a, 0x3030);
    assert_int_equal(p.xstate[0].a, 7);
    assert_int_equal(p.xstate[0].c, 832);
    /* 0x80000001 EDX repeats leaf 1 EDX. */
    assert_int_equal(p.extd[1].d & 0x0183f3ff, p.basic[1].d & 0x0183f3ff);

    cpu_policy_hvm_max(&p, &host, ALL);
    assert_true(cpu_policy_has(&p, F(ITSC)));
    assert_true(cpu_policy_has(&p, F(HTT)));
    assert_false(cpu_policy_has(&p, F(SVM)));
}

static void test_guest_intel(void **state)
{
    struct cpu_policy host = INTEL, p;

    cpu_policy_hvm_default(&p, &host, ALL);
    assert_int_equal(p.basic[0].a, 0xd);
    assert_true(cpu_policy_has(&p, F(AVX512F)));
    assert_int_equal(p.xstate[0].a, 0x2e7);
    assert_int_equal(p.xstate[0].c, 2696);
    assert_int_equal(p.xstate[1].c, 0); /* no supervisor components */
    assert_false(cpu_policy_has(&p, F(RTM)));
    assert_false(cpu_policy_has(&p, F(VMX)));
    assert_int_equal(p.platform_info, 0);
    assert_true(cpu_policy_has(&p, F(RDCL_NO)));
    assert_int_equal(p.feat[2].d, B(INTEL_PSFD));
    assert_int_equal(p.feat[2].a, 0);
    assert_int_equal(p.extd[1].d & 0x0183f3ff, 0); /* nothing repeated here */

    cpu_policy_hvm_max(&p, &host, ALL);
    assert_true(cpu_policy_has(&p, F(RTM)));
}

/* What the hypervisor does not keep for a vCPU, no guest is told to have. */
static void test_abilities(void **state)
{
    struct cpu_policy host = INTEL, p;

    cpu_policy_hvm_max(&p, &host, 0);
    assert_false(cpu_policy_has(&p, F(IBRSB)));
    assert_false(cpu_policy_has(&p, F(STIBP)));
    assert_false(cpu_policy_has(&p, F(MTRR)));
    assert_false(cpu_policy_has(&p, F(RDTSCP)));
    assert_false(cpu_policy_has(&p, F(ARCH_CAPS)));
    assert_false(cpu_policy_has(&p, F(PKU)));
    assert_int_equal(p.arch_caps, 0);
    assert_int_equal(p.xstate[0].a, 0xe7);
    /* IBRSB takes both MSRs: one alone is not enough. */
    cpu_policy_hvm_max(&p, &host, CPU_ABILITY_SPEC_CTRL);
    assert_false(cpu_policy_has(&p, F(IBRSB)));
    cpu_policy_hvm_max(&p, &host, CPU_ABILITY_SPEC_CTRL | CPU_ABILITY_PRED_CMD);
    assert_true(cpu_policy_has(&p, F(STIBP)));
}

static void test_dependencies(void **state)
{
    struct cpu_policy host = INTEL, p;
    uint32_t fs[FEATURESET_WORDS];

    cpu_policy_hvm_max(&p, &host, ALL);
    cpu_policy_to_featureset(&p, fs);
    fs[F(XSAVE) / 32] &= ~B(XSAVE);
    featureset_apply_dependencies(fs);
    cpu_policy_from_featureset(&p, fs);
    /* A chain: XSAVE, AVX, AVX2, AVX512F, AVX512BW. */
    assert_false(cpu_policy_has(&p, F(AVX)));
    assert_false(cpu_policy_has(&p, F(AVX512BW)));
    assert_false(cpu_policy_has(&p, F(XSAVEOPT)));
    assert_false(cpu_policy_has(&p, F(PKU)));
    assert_true(cpu_policy_has(&p, F(SSE4_2)));
}

static void test_sanitise(void **state)
{
    struct cpu_policy host = AMD, max, p;

    cpu_policy_hvm_max(&max, &host, ALL);
    p = max;
    cpu_policy_set_feature(&p, F(SVM), true);
    cpu_policy_set_feature(&p, F(AVX), false);
    cpu_policy_set_feature(&p, F(VME), false);
    cpu_policy_set_feature(&p, F(OSXSAVE), true);
    p.basic[0].a = 0x20;
    p.extd[0].a = 0x80000100;
    p.extd[8].a = 0x3034; /* wider than the machine */
    p.xstate[0].a = 0xffffffff;
    p.xstate[0].c = 1;
    p.basic[5].a = 1;
    cpu_policy_sanitise(&p, &max);
    assert_false(cpu_policy_has(&p, F(SVM)));
    assert_false(cpu_policy_has(&p, F(AVX2)));
    assert_false(cpu_policy_has(&p, F(OSXSAVE)));
    assert_int_equal(p.extd[1].d & B(VME), 0);
    assert_int_equal(p.basic[0].a, 0xd);
    assert_int_equal(p.extd[0].a, 0x8000001f);
    assert_int_equal(p.extd[8].a, 0x3030);
    assert_int_equal(p.xstate[0].a, 3);
    assert_int_equal(p.xstate[0].c, 576);
    assert_int_equal(p.xstate[2].a, 0);
    assert_int_equal(p.basic[5].a, 0);

    /* Hiding leaf 0xd hides XSAVE and all that stands on it. */
    p = max;
    p.basic[0].a = 7;
    cpu_policy_sanitise(&p, &max);
    assert_false(cpu_policy_has(&p, F(XSAVE)));
    assert_false(cpu_policy_has(&p, F(AVX)));
    assert_true(cpu_policy_has(&p, F(SMEP)));

    /* Sanitising is idempotent. */
    struct cpu_policy again = p;
    cpu_policy_sanitise(&again, &max);
    assert_memory_equal(&again, &p, sizeof(p));
}

static void test_inherited(void **state)
{
    struct cpu_policy host = INTEL, max, p;

    cpu_policy_set_feature(&host, F(NO_FPU_SEL), true);
    cpu_policy_hvm_max(&max, &host, ALL);
    p = max;
    cpu_policy_set_feature(&p, F(NO_FPU_SEL), false);
    cpu_policy_sanitise(&p, &max);
    assert_true(cpu_policy_has(&p, F(NO_FPU_SEL)));
}

static void test_check(void **state)
{
    struct cpu_policy host = INTEL, max, p;
    struct cpu_policy_error err;

    cpu_policy_hvm_max(&max, &host, ALL);
    p = max;
    assert_int_equal(cpu_policy_check(&max, &p, &err), 0);
    assert_int_equal(err.leaf & err.subleaf & err.msr, 0xffffffff);
    p.basic[0].a++;
    assert_int_equal(cpu_policy_check(&max, &p, &err), -XEN_EINVAL);
    assert_int_equal(err.leaf, 0);
    assert_int_equal(err.subleaf, NOSUB);
    p = max;
    p.feat[0].a++;
    assert_int_equal(cpu_policy_check(&max, &p, &err), -XEN_EINVAL);
    assert_int_equal(err.leaf, 7);
    assert_int_equal(err.subleaf, 0);
    p = max;
    p.extd[0].a++;
    assert_int_equal(cpu_policy_check(&max, &p, &err), -XEN_EINVAL);
    assert_int_equal(err.leaf, 0x80000000);
    p = max;
    p.arch_caps = ~0ull;
    assert_int_equal(cpu_policy_check(&max, &p, &err), -XEN_EINVAL);
    assert_int_equal(err.msr, POLICY_MSR_ARCH_CAPS);
    assert_int_equal(err.leaf, 0xffffffff);
}

static void test_serial(void **state)
{
    struct cpu_policy hosts[2] = {AMD, INTEL}, p, q;
    xen_cpuid_leaf_t leaves[POLICY_MAX_LEAVES];
    xen_msr_entry_t msrs[POLICY_NR_MSRS];
    struct cpu_policy_error err;
    uint32_t nr, msr_nr;

    for (unsigned int i = 0; i < 2; i++) {
        cpu_policy_hvm_max(&p, &hosts[i], ALL);
        p.hv_limit = 0x40000003;
        nr = POLICY_MAX_LEAVES;
        assert_int_equal(cpu_policy_to_leaves(&p, leaves, &nr), 0);
        msr_nr = POLICY_NR_MSRS;
        assert_int_equal(cpu_policy_to_msrs(&p, msrs, &msr_nr), 0);
        memset(&q, 0, sizeof(q));
        assert_int_equal(cpu_policy_from_leaves(&q, leaves, nr, &err), 0);
        assert_int_equal(cpu_policy_from_msrs(&q, msrs, msr_nr, &err), 0);
        assert_memory_equal(&p, &q, sizeof(p));

        uint32_t small = nr - 1;
        assert_int_equal(cpu_policy_to_leaves(&p, leaves, &small), -XEN_ENOBUFS);
    }
    msr_nr = 1;
    assert_int_equal(cpu_policy_to_msrs(&p, msrs, &msr_nr), -XEN_ENOBUFS);

    /* The fullest policy there can be fits exactly. */
    memset(&p, 0xff, sizeof(p));
    p.basic[0].a = 0xd;
    p.feat[0].a = 2;
    p.extd[0].a = 0x80000021;
    nr = POLICY_MAX_LEAVES;
    assert_int_equal(cpu_policy_to_leaves(&p, leaves, &nr), 0);
    assert_int_equal(nr, POLICY_MAX_LEAVES);
}

static void test_serial_errors(void **state)
{
    static const uint32_t bad[][2] = {{0xe, NOSUB},
                                      {1, 0},
                                      {4, 6},
                                      {7, 3},
                                      {0xb, 2},
                                      {0xd, 63},
                                      {0xd, NOSUB},
                                      {0x40000001, NOSUB},
                                      {0x40000000, 0},
                                      {0x80000022, NOSUB},
                                      {0x7fffffff, NOSUB},
                                      {0xffffffff, NOSUB}};
    struct cpu_policy p = {0};
    struct cpu_policy_error err;
    xen_msr_entry_t msr = {.idx = 0x10};

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        xen_cpuid_leaf_t leaf = {.leaf = bad[i][0], .subleaf = bad[i][1]};

        assert_int_equal(cpu_policy_from_leaves(&p, &leaf, 1, &err), -XEN_ERANGE);
        assert_int_equal(err.leaf, bad[i][0]);
        assert_int_equal(err.subleaf, bad[i][1]);
    }
    assert_int_equal(cpu_policy_from_msrs(&p, &msr, 1, &err), -XEN_ERANGE);
    assert_int_equal(err.msr, 0x10);
    msr.idx = POLICY_MSR_ARCH_CAPS;
    msr.flags = 1;
    assert_int_equal(cpu_policy_from_msrs(&p, &msr, 1, &err), -XEN_EINVAL);
    msr.flags = 0;
    msr.idx = POLICY_MSR_PLATFORM_INFO;
    msr.val = 1ull << 32;
    assert_int_equal(cpu_policy_from_msrs(&p, &msr, 1, &err), -XEN_EOVERFLOW);
}

static void test_update(void **state)
{
    struct cpu_policy host = AMD, max, p;
    struct cpu_policy_error err;
    xen_cpuid_leaf_t leaf;

    cpu_policy_hvm_max(&max, &host, ALL);
    cpu_policy_hvm_default(&p, &host, ALL);
    leaf = (xen_cpuid_leaf_t){
        1, NOSUB, p.basic[1].a, 0x00040800, p.basic[1].c & ~B(AVX), p.basic[1].d | B(HTT)};
    assert_int_equal(cpu_policy_update(&p, &max, &leaf, 1, NULL, 0, &err), 0);
    assert_false(cpu_policy_has(&p, F(AVX2)));
    assert_true(cpu_policy_has(&p, F(HTT)));
    assert_int_equal(p.basic[1].b, 0x00040800);

    leaf = (xen_cpuid_leaf_t){0, NOSUB, 0x40, 0, 0, 0};
    assert_int_equal(cpu_policy_update(&p, &max, &leaf, 1, NULL, 0, &err), -XEN_EINVAL);
    assert_int_equal(err.leaf, 0);
}

static struct cpuid_leaf ask(const struct cpu_policy *p, const struct cpuid_vcpu_state *s,
                             uint32_t leaf, uint32_t subleaf)
{
    struct cpuid_leaf out;

    memset(&out, 0xa5, sizeof(out));
    guest_cpuid(p, s, leaf, subleaf, &out);
    return out;
}

static void test_cpuid_dynamic(void **state)
{
    struct cpu_policy host = AMD, p;
    struct cpuid_vcpu_state s = {.vcpu_id = 3, .apic_id = 6, .domain_id = 9, .xcr0 = 3};
    struct cpuid_leaf l;

    cpu_policy_hvm_default(&p, &host, ALL);
    l = ask(&p, &s, 1, 0);
    assert_int_equal(l.b >> 24, 6);
    assert_false(l.c & B(OSXSAVE));
    assert_false(l.d & B(APIC));
    assert_false(ask(&p, &s, 0x80000001, 0).d & B(APIC));
    s.apic_enabled = true;
    s.cr4 = 1 << 18;
    l = ask(&p, &s, 1, 0);
    assert_true(l.c & B(OSXSAVE));
    assert_true(l.d & B(APIC));
    assert_true(ask(&p, &s, 0x80000001, 0).d & B(APIC));

    assert_int_equal(ask(&p, &s, 0xd, 0).b, 576);
    assert_int_equal(ask(&p, &s, 0xd, 0).c, 832);
    s.xcr0 = 7;
    assert_int_equal(ask(&p, &s, 0xd, 0).b, 832);
    assert_int_equal(ask(&p, &s, 0xd, 1).b, 832);
    assert_int_equal(ask(&p, &s, 0xd, 2).a, 256);
    assert_int_equal(ask(&p, &s, 0xd, 63).a, 0);

    cpu_policy_set_topology(&p, 4);
    l = ask(&p, &s, 0xb, 1);
    assert_int_equal(l.d, 6);
    assert_int_equal(l.c, 2 << 8 | 1);
    assert_int_equal(l.b, 4);
    l = ask(&p, &s, 0xb, 7);
    assert_int_equal(l.a | l.b, 0);
    assert_int_equal(l.c, 7);
    assert_int_equal(l.d, 6);
    assert_int_equal(ask(&p, &s, 0x80000008, 0).c, 3 << 12 | 7);
    assert_int_equal(ask(&p, &s, 1, 0).b >> 16 & 0xff, 8);

    /* Beyond the last leaf of each range: nothing. */
    static const uint32_t beyond[] = {0xe,        0xffff,     0x10000,    0x40000005, 0x40000100,
                                      0x4000ffff, 0x80000020, 0x8000ffff, 0xc0000000, 0xffffffff};
    for (size_t i = 0; i < sizeof(beyond) / sizeof(beyond[0]); i++) {
        l = ask(&p, &s, beyond[i], 0);
        assert_int_equal(l.a | l.b | l.c | l.d, 0);
    }
}

static void test_cpuid_intel(void **state)
{
    struct cpu_policy host = INTEL, p;
    struct cpuid_vcpu_state s = {.xcr0 = 0xe7, .apic_enabled = true};

    cpu_policy_hvm_default(&p, &host, ALL);
    assert_false(ask(&p, &s, 0x80000001, 0).d & B(SYSCALL));
    s.long_mode = true;
    assert_true(ask(&p, &s, 0x80000001, 0).d & B(SYSCALL));
    assert_int_equal(ask(&p, &s, 0xd, 0).b, 2688);
    assert_int_equal(ask(&p, &s, 0xd, 1).b, 576 + 256 + 64 + 512 + 1024);
    assert_int_equal(ask(&p, &s, 4, 3).b, 0x03c0003f);
    assert_int_equal(ask(&p, &s, 4, 4).a, 0);
    cpu_policy_set_topology(&p, 2);
    assert_int_equal(ask(&p, &s, 4, 0).a >> 26, 3);
    assert_false(ask(&p, &s, 7, 0).c & B(OSPKE));
    s.cr4 = 1 << 22;
    assert_true(ask(&p, &s, 7, 0).c & B(OSPKE));
    assert_int_equal(ask(&p, &s, 7, 3).d, 0);
}

static void test_cpuid_hypervisor(void **state)
{
    struct cpu_policy host = AMD, p;
    struct cpuid_vcpu_state s = {.vcpu_id = 3,
                                 .domain_id = 9,
                                 .hvm_flags = XEN_HVM_CPUID_IOMMU_MAPPINGS,
                                 .tsc_emulated = true,
                                 .tsc_mode = 2,
                                 .tsc_khz = 1234567,
                                 .tsc_incarnation = 4,
                                 .host_tsc_khz = 7654321,
                                 .tsc_offset = 0x1122334455667788,
                                 .tsc_to_ns_mul = 99,
                                 .tsc_to_ns_shift = -1};
    struct cpuid_leaf l;
    char name[13] = "";

    cpu_policy_hvm_default(&p, &host, ALL);
    l = ask(&p, &s, 0x40000000, 0);
    assert_int_equal(l.a, 0x40000004);
    memcpy(name, &l.b, 12);
    assert_string_equal(name, "XenVMMXenVMM");
    assert_int_equal(ask(&p, &s, 0x40000001, 0).a, 0x00040011);
    l = ask(&p, &s, 0x40000002, 0);
    assert_int_equal(l.a, 1);
    assert_int_equal(l.b, 0x40000000);
    assert_int_equal(l.c | l.d, 0);
    l = ask(&p, &s, 0x40000003, 0);
    assert_int_equal(l.a, 1);
    assert_int_equal(l.b, 2);
    assert_int_equal(l.c, 1234567);
    assert_int_equal(l.d, 4);
    l = ask(&p, &s, 0x40000003, 1);
    assert_int_equal(l.a, 0x55667788);
    assert_int_equal(l.b, 0x11223344);
    assert_int_equal(l.c, 99);
    assert_int_equal(l.d, 0xff);
    assert_int_equal(ask(&p, &s, 0x40000003, 2).a, 7654321);
    assert_int_equal(ask(&p, &s, 0x40000003, 3).a, 0);
    l = ask(&p, &s, 0x40000004, 0);
    assert_int_equal(l.a, 8 | 16 | 4);
    assert_int_equal(l.b, 3);
    assert_int_equal(l.c, 9);
    assert_int_equal(ask(&p, &s, 0x40000004, 1).a, 0);

    p.hv_limit = 0x40000002;
    assert_int_equal(ask(&p, &s, 0x40000000, 0).a, 0x40000002);
    assert_int_equal(ask(&p, &s, 0x40000003, 0).c, 0);
    p.hv_limit = 0x4000ffff;
    assert_int_equal(ask(&p, &s, 0x40000000, 0).a, 0x40000004);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_host),         cmocka_unit_test(test_guest_amd),
        cmocka_unit_test(test_guest_intel),  cmocka_unit_test(test_abilities),
        cmocka_unit_test(test_dependencies), cmocka_unit_test(test_sanitise),
        cmocka_unit_test(test_inherited),    cmocka_unit_test(test_check),
        cmocka_unit_test(test_serial),       cmocka_unit_test(test_serial_errors),
        cmocka_unit_test(test_update),       cmocka_unit_test(test_cpuid_dynamic),
        cmocka_unit_test(test_cpuid_intel),  cmocka_unit_test(test_cpuid_hypervisor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
