/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Making policies: from the machine, for a kind of guest, and from what tools ask for one domain.
 * The order is always: features first, then the leaves that follow from them.
 */
#include <xen/cpu_policy.h>
#include <public/errno.h>

#define F(name) XEN_X86_FEATURE_##name

/* Bits of 0x80000001 EDX that repeat leaf 1 EDX on AMD (APM vol. 3, E.4.2). */
#define EXTD_COMMON_EDX              0x0183f3ffu

#define XCR0_X87_SSE                 0x3u
#define XCR0_AVX                     0x4u
#define XCR0_AVX512                  0xe0u
#define XCR0_PKRU                    0x200u
#define XSAVE_LEGACY                 576u /* 512 bytes and the header */

#define PLATFORM_INFO_CPUID_FAULTING (1ull << 31)

static void zero(void *p, size_t n)
{
    for (unsigned char *c = p; n--; c++)
        *c = 0;
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

enum cpu_vendor cpu_policy_vendor(const struct cpu_policy *p)
{
    const struct cpuid_leaf *l = &p->basic[0];

    if (l->b == 0x756e6547 && l->d == 0x49656e69 && l->c == 0x6c65746e) /* GenuineIntel */
        return CPU_VENDOR_INTEL;
    if (l->b == 0x68747541 && l->d == 0x69746e65 && l->c == 0x444d4163) /* AuthenticAMD */
        return CPU_VENDOR_AMD;
    if (l->b == 0x6f677948 && l->d == 0x6e65476e && l->c == 0x656e6975) /* HygonGenuine */
        return CPU_VENDOR_AMD;
    return CPU_VENDOR_OTHER;
}

/* --- XSAVE --- */

uint64_t cpu_policy_xcr0_max(const struct cpu_policy *p)
{
    return p->xstate[0].a | (uint64_t)p->xstate[0].d << 32;
}

uint32_t cpu_policy_xsave_size(const struct cpu_policy *p, uint64_t xcr0)
{
    uint32_t size = XSAVE_LEGACY;

    for (unsigned int i = 2; i < POLICY_NR_XSTATE; i++) {
        uint32_t end = p->xstate[i].a + p->xstate[i].b;

        if ((xcr0 & (1ull << i)) && end > size)
            size = end;
    }
    return size;
}

/* Components follow from features; where each lies in the area follows from the machine. */
static void derive_xstate(struct cpu_policy *p, const struct cpu_policy *host)
{
    uint32_t features = p->xstate[1].a;
    uint64_t xcr0 = XCR0_X87_SSE;

    zero(p->xstate, sizeof(p->xstate));
    if (!cpu_policy_has(p, F(XSAVE)))
        return;
    if (cpu_policy_has(p, F(AVX)))
        xcr0 |= XCR0_AVX;
    if (cpu_policy_has(p, F(AVX512F)))
        xcr0 |= XCR0_AVX512;
    if (cpu_policy_has(p, F(PKU)))
        xcr0 |= XCR0_PKRU;
    xcr0 &= cpu_policy_xcr0_max(host);

    for (unsigned int i = 2; i < POLICY_NR_XSTATE; i++)
        if (xcr0 & (1ull << i))
            p->xstate[i] = host->xstate[i];
    p->xstate[0].a = xcr0;
    p->xstate[0].d = xcr0 >> 32;
    p->xstate[0].c = cpu_policy_xsave_size(p, xcr0);
    p->xstate[1].a = features;
}

/* --- the machine --- */

/* Clears what CPUs disagree on (their ids) and what the operating system switches. */
static void clear_dynamic(struct cpu_policy *p)
{
    p->basic[1].b &= 0x00ffffff;
    cpu_policy_set_feature(p, F(OSXSAVE), false);
    cpu_policy_set_feature(p, F(OSPKE), false);
    for (unsigned int i = 0; i < POLICY_NR_TOPO; i++)
        p->topo[i].d = 0;
    p->xstate[0].b = p->xstate[1].b = 0;
    p->extd[0x1e].a = 0;
}

static void read_subleaves(const struct cpu_policy_source *src, uint32_t leaf,
                           struct cpuid_leaf *to, unsigned int nr)
{
    for (unsigned int i = 0; i < nr; i++)
        src->cpuid(src->ctx, leaf, i, &to[i]);
}

static void read_basic(struct cpu_policy *p, const struct cpu_policy_source *src)
{
    uint32_t max;

    src->cpuid(src->ctx, 0, 0, &p->basic[0]);
    max = least(p->basic[0].a, POLICY_NR_BASIC - 1);
    for (uint32_t i = 1; i <= max; i++)
        if (i != 4 && i != 7 && i != 0xb && i != 0xd)
            src->cpuid(src->ctx, i, 0, &p->basic[i]);

    if (max >= 4 && cpu_policy_vendor(p) == CPU_VENDOR_INTEL) {
        for (unsigned int i = 0; i < POLICY_NR_CACHE; i++) {
            src->cpuid(src->ctx, 4, i, &p->cache[i]);
            if (!(p->cache[i].a & 0x1f))
                break; /* type 0 ends the list */
        }
    }
    if (max >= 7) {
        src->cpuid(src->ctx, 7, 0, &p->feat[0]);
        read_subleaves(src, 7, p->feat, least(p->feat[0].a, POLICY_NR_FEAT - 1) + 1);
    }
    if (max >= 0xb)
        read_subleaves(src, 0xb, p->topo, POLICY_NR_TOPO);
    if (max >= 0xd)
        read_subleaves(src, 0xd, p->xstate, POLICY_NR_XSTATE);
}

void cpu_policy_from_host(struct cpu_policy *p, const struct cpu_policy_source *src)
{
    uint32_t max;

    zero(p, sizeof(*p));
    read_basic(p, src);

    src->cpuid(src->ctx, 0x80000000, 0, &p->extd[0]);
    if (p->extd[0].a >> 16 == 0x8000) {
        max = least(p->extd[0].a & 0xffff, POLICY_NR_EXTD - 1);
        for (uint32_t i = 1; i <= max; i++)
            src->cpuid(src->ctx, 0x80000000 + i, 0, &p->extd[i]);
    } else {
        zero(&p->extd[0], sizeof(p->extd[0]));
    }

    if (!src->rdmsr(src->ctx, POLICY_MSR_PLATFORM_INFO, &p->platform_info))
        p->platform_info = 0;
    p->platform_info &= PLATFORM_INFO_CPUID_FAULTING;
    if (!cpu_policy_has(p, F(ARCH_CAPS)) ||
        !src->rdmsr(src->ctx, POLICY_MSR_ARCH_CAPS, &p->arch_caps))
        p->arch_caps = 0;
    clear_dynamic(p);
}

/* --- kinds of guests --- */

/* Brings leaf counts into the range that policies hold and @max has. */
static void limit_leaves(struct cpu_policy *p, const struct cpu_policy *max)
{
    p->basic[0].a = least(p->basic[0].a, least(max->basic[0].a, POLICY_NR_BASIC - 1));
    p->feat[0].a = least(p->feat[0].a, least(max->feat[0].a, POLICY_NR_FEAT - 1));
    if (p->extd[0].a >> 16 == 0x8000)
        p->extd[0].a = least(p->extd[0].a, least(max->extd[0].a, 0x80000000 + POLICY_NR_EXTD - 1));
    else
        p->extd[0].a = 0;

    for (uint32_t i = p->basic[0].a + 1; i < POLICY_NR_BASIC; i++)
        zero(&p->basic[i], sizeof(p->basic[i]));
    for (uint32_t i = p->feat[0].a + 1; i < POLICY_NR_FEAT; i++)
        zero(&p->feat[i], sizeof(p->feat[i]));
    for (uint32_t i = (p->extd[0].a & 0xffff) + 1; i < POLICY_NR_EXTD; i++)
        zero(&p->extd[i], sizeof(p->extd[i]));
    if (p->basic[0].a < 4)
        zero(p->cache, sizeof(p->cache));
    if (p->basic[0].a < 7)
        zero(p->feat, sizeof(p->feat));
    if (p->basic[0].a < 0xb)
        zero(p->topo, sizeof(p->topo));
    if (p->basic[0].a < 0xd) {
        cpu_policy_set_feature(p, F(XSAVE), false);
        zero(p->xstate, sizeof(p->xstate));
    }
}

/* Leaves that describe what guests never get: monitors, power, counters, traces, security guests.
 */
static void clear_unoffered(struct cpu_policy *p)
{
    static const uint8_t basic[] = {3, 5, 6, 8, 9, 0xa, 0xc};
    static const uint8_t extd[] = {9,    0xa,  0xb,  0xc,  0xd,  0xe,  0xf,  0x10,
                                   0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18,
                                   0x1b, 0x1c, 0x1d, 0x1e, 0x1f, 0x20};

    for (size_t i = 0; i < sizeof(basic); i++)
        zero(&p->basic[basic[i]], sizeof(p->basic[0]));
    for (size_t i = 0; i < sizeof(extd); i++)
        zero(&p->extd[extd[i]], sizeof(p->extd[0]));
    p->extd[7].a = p->extd[7].b = p->extd[7].c = 0;
    p->extd[8].a &= 0xffff; /* no separate width of guest physical addresses */
    p->extd[8].d = 0;
    p->extd[0x1a].a &= 7;
    p->extd[0x1a].b = p->extd[0x1a].c = p->extd[0x1a].d = 0;
    p->extd[0x21].b = p->extd[0x21].d = 0;
    p->feat[1].c = p->feat[1].d = 0;
    p->feat[2].a = p->feat[2].b = p->feat[2].c = 0;
    p->platform_info = 0;
}

/* Everything that follows from the features, once they are final. */
static void derive(struct cpu_policy *p, const struct cpu_policy *max)
{
    limit_leaves(p, max);
    clear_unoffered(p);
    clear_dynamic(p);
    derive_xstate(p, max);

    p->extd[1].d &= ~EXTD_COMMON_EDX;
    if (cpu_policy_vendor(p) == CPU_VENDOR_AMD)
        p->extd[1].d |= p->basic[1].d & EXTD_COMMON_EDX;
    /* An address width beyond the machine's would let a guest build page tables that fault. */
    if (p->extd[0].a >= 0x80000008) {
        uint32_t width = least(p->extd[8].a & 0xff, max->extd[8].a & 0xff);

        p->extd[8].a = (p->extd[8].a & 0xff00) | (width < 32 ? 32 : width);
    }
}

static void drop_features_without_leaf(struct cpu_policy *p, uint32_t *fs)
{
    if (p->basic[0].a < 0xd)
        fs[F(XSAVE) / 32] &= ~(1u << F(XSAVE) % 32);
    featureset_apply_dependencies(fs);
}

static void make_guest(struct cpu_policy *p, const struct cpu_policy *host, uint32_t abilities,
                       void (*select)(uint32_t *, const uint32_t *, uint32_t))
{
    uint32_t have[FEATURESET_WORDS], fs[FEATURESET_WORDS];

    *p = *host;
    cpu_policy_to_featureset(host, have);
    select(fs, have, abilities);
    drop_features_without_leaf(p, fs);
    cpu_policy_from_featureset(p, fs);
    p->hv_limit = p->hv2_limit = 0;
    derive(p, host);
}

void cpu_policy_hvm_max(struct cpu_policy *p, const struct cpu_policy *host, uint32_t abilities)
{
    make_guest(p, host, abilities, featureset_hvm_max);
}

void cpu_policy_hvm_default(struct cpu_policy *p, const struct cpu_policy *host, uint32_t abilities)
{
    make_guest(p, host, abilities, featureset_hvm_default);
}

void cpu_policy_sanitise(struct cpu_policy *p, const struct cpu_policy *max)
{
    uint32_t fs[FEATURESET_WORDS], may[FEATURESET_WORDS];

    limit_leaves(p, max);
    cpu_policy_to_featureset(p, fs);
    cpu_policy_to_featureset(max, may);
    for (unsigned int w = 0; w < FEATURESET_WORDS; w++)
        fs[w] &= may[w];
    featureset_inherit(fs, may);
    drop_features_without_leaf(p, fs);
    cpu_policy_from_featureset(p, fs);
    derive(p, max);
}

/* --- topology --- */

static unsigned int order_of(unsigned int n)
{
    unsigned int order = 0;

    while ((1u << order) < n)
        order++;
    return order;
}

void cpu_policy_set_topology(struct cpu_policy *p, unsigned int nr_vcpus)
{
    unsigned int ids = 2 * nr_vcpus, order = order_of(ids);

    cpu_policy_set_feature(p, F(HTT), true);
    p->basic[1].b = (p->basic[1].b & 0xff00ffff) | least(1u << order, 255) << 16;

    if (cpu_policy_vendor(p) == CPU_VENDOR_AMD) {
        cpu_policy_set_feature(p, F(CMP_LEGACY), true);
        if (p->extd[0].a >= 0x80000008)
            p->extd[8].c = order << 12 | least(ids - 1, 255);
    } else {
        for (unsigned int i = 0; i < POLICY_NR_CACHE && (p->cache[i].a & 0x1f); i++) {
            unsigned int level = p->cache[i].a >> 5 & 7;
            unsigned int sharing = level < 3 ? 1 : (1u << order) - 1;

            p->cache[i].a = (p->cache[i].a & 0x3fff) | least(sharing, 4095) << 14 |
                            least((1u << order) - 1, 63) << 26;
        }
    }
    if (p->basic[0].a >= 0xb) {
        p->topo[0] = (struct cpuid_leaf){.a = 1, .b = 1, .c = 1 << 8};
        p->topo[1] = (struct cpuid_leaf){.a = order, .b = nr_vcpus, .c = 2 << 8 | 1};
    }
}

/* --- can a guest have it? --- */

static int object(struct cpu_policy_error *err, uint32_t leaf, uint32_t subleaf, uint32_t msr)
{
    *err = (struct cpu_policy_error){leaf, subleaf, msr};
    return -XEN_EINVAL;
}

int cpu_policy_check(const struct cpu_policy *max, const struct cpu_policy *guest,
                     struct cpu_policy_error *err)
{
    const uint32_t none = XEN_CPUID_NO_SUBLEAF;

    *err = (struct cpu_policy_error){~0u, ~0u, ~0u};
    /* Excess features are trimmed by cpu_policy_sanitise(). Excess leaves would leave holes. */
    if (guest->basic[0].a > max->basic[0].a)
        return object(err, 0, none, ~0u);
    if (guest->feat[0].a > max->feat[0].a)
        return object(err, 7, 0, ~0u);
    if (guest->extd[0].a > max->extd[0].a)
        return object(err, 0x80000000, none, ~0u);
    if (guest->platform_info & ~max->platform_info)
        return object(err, ~0u, ~0u, POLICY_MSR_PLATFORM_INFO);
    if (guest->arch_caps & ~max->arch_caps)
        return object(err, ~0u, ~0u, POLICY_MSR_ARCH_CAPS);
    return 0;
}
