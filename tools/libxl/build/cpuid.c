/* SPDX-License-Identifier: GPL-2.0-only */
/* Changes to a domain's CPUID policy; see cpuid.h. */
#include "build/cpuid.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/mem.h"

enum { EAX, EBX, ECX, EDX };
#define ANY 0xffffffffu /* XEN_CPUID_NO_SUBLEAF */

static const struct feature {
    const char *name;
    uint32_t leaf, subleaf;
    uint8_t reg, bit;
} features[] = {
    {"sse3", 1, ANY, ECX, 0},
    {"pclmulqdq", 1, ANY, ECX, 1},
    {"monitor", 1, ANY, ECX, 3},
    {"vmx", 1, ANY, ECX, 5},
    {"ssse3", 1, ANY, ECX, 9},
    {"fma", 1, ANY, ECX, 12},
    {"cmpxchg16", 1, ANY, ECX, 13},
    {"pcid", 1, ANY, ECX, 17},
    {"sse4_1", 1, ANY, ECX, 19},
    {"sse4_2", 1, ANY, ECX, 20},
    {"sse4.1", 1, ANY, ECX, 19},
    {"sse4.2", 1, ANY, ECX, 20},
    {"x2apic", 1, ANY, ECX, 21},
    {"movbe", 1, ANY, ECX, 22},
    {"popcnt", 1, ANY, ECX, 23},
    {"tsc-deadline", 1, ANY, ECX, 24},
    {"aes", 1, ANY, ECX, 25},
    {"xsave", 1, ANY, ECX, 26},
    {"avx", 1, ANY, ECX, 28},
    {"f16c", 1, ANY, ECX, 29},
    {"rdrand", 1, ANY, ECX, 30},
    {"hypervisor", 1, ANY, ECX, 31},
    {"fpu", 1, ANY, EDX, 0},
    {"vme", 1, ANY, EDX, 1},
    {"de", 1, ANY, EDX, 2},
    {"pse", 1, ANY, EDX, 3},
    {"tsc", 1, ANY, EDX, 4},
    {"msr", 1, ANY, EDX, 5},
    {"pae", 1, ANY, EDX, 6},
    {"mce", 1, ANY, EDX, 7},
    {"cmpxchg8", 1, ANY, EDX, 8},
    {"apic", 1, ANY, EDX, 9},
    {"sysenter", 1, ANY, EDX, 11},
    {"mtrr", 1, ANY, EDX, 12},
    {"pge", 1, ANY, EDX, 13},
    {"mca", 1, ANY, EDX, 14},
    {"cmov", 1, ANY, EDX, 15},
    {"pat", 1, ANY, EDX, 16},
    {"pse36", 1, ANY, EDX, 17},
    {"clfsh", 1, ANY, EDX, 19},
    {"mmx", 1, ANY, EDX, 23},
    {"fxsr", 1, ANY, EDX, 24},
    {"sse", 1, ANY, EDX, 25},
    {"sse2", 1, ANY, EDX, 26},
    {"htt", 1, ANY, EDX, 28},
    {"arat", 6, ANY, EAX, 2},
    {"fsgsbase", 7, 0, EBX, 0},
    {"tsc_adjust", 7, 0, EBX, 1},
    {"bmi1", 7, 0, EBX, 3},
    {"hle", 7, 0, EBX, 4},
    {"avx2", 7, 0, EBX, 5},
    {"smep", 7, 0, EBX, 7},
    {"bmi2", 7, 0, EBX, 8},
    {"erms", 7, 0, EBX, 9},
    {"invpcid", 7, 0, EBX, 10},
    {"rtm", 7, 0, EBX, 11},
    {"mpx", 7, 0, EBX, 14},
    {"avx512f", 7, 0, EBX, 16},
    {"avx512dq", 7, 0, EBX, 17},
    {"rdseed", 7, 0, EBX, 18},
    {"adx", 7, 0, EBX, 19},
    {"smap", 7, 0, EBX, 20},
    {"clflushopt", 7, 0, EBX, 23},
    {"clwb", 7, 0, EBX, 24},
    {"sha", 7, 0, EBX, 29},
    {"avx512bw", 7, 0, EBX, 30},
    {"avx512vl", 7, 0, EBX, 31},
    {"umip", 7, 0, ECX, 2},
    {"pku", 7, 0, ECX, 3},
    {"vaes", 7, 0, ECX, 9},
    {"vpclmulqdq", 7, 0, ECX, 10},
    {"rdpid", 7, 0, ECX, 22},
    {"md-clear", 7, 0, EDX, 10},
    {"ibrsb", 7, 0, EDX, 26},
    {"stibp", 7, 0, EDX, 27},
    {"ssbd", 7, 0, EDX, 31},
    {"xsaveopt", 0xd, 1, EAX, 0},
    {"xsavec", 0xd, 1, EAX, 1},
    {"xsaves", 0xd, 1, EAX, 3},
    {"lahfsahf", 0x80000001, ANY, ECX, 0},
    {"svm", 0x80000001, ANY, ECX, 2},
    {"altmovcr8", 0x80000001, ANY, ECX, 4},
    {"abm", 0x80000001, ANY, ECX, 5},
    {"sse4a", 0x80000001, ANY, ECX, 6},
    {"misalignsse", 0x80000001, ANY, ECX, 7},
    {"3dnowprefetch", 0x80000001, ANY, ECX, 8},
    {"osvw", 0x80000001, ANY, ECX, 9},
    {"ibs", 0x80000001, ANY, ECX, 10},
    {"xop", 0x80000001, ANY, ECX, 11},
    {"fma4", 0x80000001, ANY, ECX, 16},
    {"tbm", 0x80000001, ANY, ECX, 21},
    {"syscall", 0x80000001, ANY, EDX, 11},
    {"nx", 0x80000001, ANY, EDX, 20},
    {"mmxext", 0x80000001, ANY, EDX, 22},
    {"ffxsr", 0x80000001, ANY, EDX, 25},
    {"page1gb", 0x80000001, ANY, EDX, 26},
    {"rdtscp", 0x80000001, ANY, EDX, 27},
    {"lm", 0x80000001, ANY, EDX, 29},
    {"invtsc", 0x80000007, ANY, EDX, 8},
    {"clzero", 0x80000008, ANY, EBX, 0},
    {"ibpb", 0x80000008, ANY, EBX, 12},
};

static xen_cpuid_leaf_t *find(xen_cpuid_leaf_t *leaves, uint32_t nr, uint32_t leaf, uint32_t sub)
{
    for (uint32_t i = 0; i < nr; i++)
        if (leaves[i].leaf == leaf && leaves[i].subleaf == sub)
            return &leaves[i];
    return NULL;
}

void cpuid_topology(xen_cpuid_leaf_t *leaves, uint32_t nr, unsigned int vcpus)
{
    unsigned int ids = vcpus * 2, bits = 0; /* APIC ids are even */
    xen_cpuid_leaf_t *l;

    while (1u << bits < ids)
        bits++;
    l = find(leaves, nr, 1, ANY);
    if (l) {
        l->b = (l->b & ~0x00ff0000u) | (ids < 255 ? ids : 255) << 16;
        l->d |= 1u << 28; /* HTT: more than one logical processor */
    }
    for (uint32_t i = 0; i < nr; i++) {
        if (leaves[i].leaf != 4 || !(leaves[i].a & 0x1f))
            continue;
        /* Intel: each cache is one core's, but the last belongs to the package. */
        leaves[i].a &= 0x3fffu;
        leaves[i].a |= (ids > 64 ? 63 : ids - 1) << 26;
        leaves[i].a |= ((leaves[i].a >> 5 & 7) == 3 ? (ids > 4096 ? 4095 : ids - 1) : 0) << 14;
    }
    l = find(leaves, nr, 0x80000001, ANY);
    if (l && l->c & 1u << 2)
        l->c &= ~(1u << 2); /* SVM: nothing nested unless asked for */
    l = find(leaves, nr, 0x80000008, ANY);
    if (l && l->c) /* AMD: threads in the package, width of APIC ids */
        l->c = (l->c & ~0xf0ffu) | (ids > 256 ? 255 : ids - 1) | bits << 12;
}

static const struct feature *feature(const char *name, size_t len)
{
    for (size_t i = 0; i < sizeof(features) / sizeof(features[0]); i++)
        if (strlen(features[i].name) == len && !strncmp(features[i].name, name, len))
            return &features[i];
    return NULL;
}

static void set(const struct feature *f, bool on, xen_cpuid_leaf_t *leaves, uint32_t nr)
{
    xen_cpuid_leaf_t *l = find(leaves, nr, f->leaf, f->subleaf);
    uint32_t *reg;

    if (!l)
        return;
    reg = f->reg == EAX ? &l->a : f->reg == EBX ? &l->b : f->reg == ECX ? &l->c : &l->d;
    *reg = on ? *reg | 1u << f->bit : *reg & ~(1u << f->bit);
}

char *cpuid_apply(const char *text, xen_cpuid_leaf_t *leaves, uint32_t nr)
{
    const char *p = text;

    if (!strncmp(p, "host", 4) && (!p[4] || p[4] == ','))
        p += p[4] ? 5 : 4;
    while (*p) {
        size_t part = strcspn(p, ","), len = strcspn(p, "=,");
        const struct feature *f = feature(p, len);

        if (!f)
            return libxl__sprintf("no CPU feature is called \"%.*s\"", (int)len, p);
        if (part != len + 2 || !strchr("01xks", p[len + 1]))
            return libxl__sprintf("\"%.*s\": should be %s=0, 1, x, k or s", (int)part, p, f->name);
        if (leaves && (p[len + 1] == '0' || p[len + 1] == '1'))
            set(f, p[len + 1] == '1', leaves, nr);
        p += part + (p[part] == ',');
    }
    return NULL;
}
