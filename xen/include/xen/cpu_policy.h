/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CPU policies: which CPUID leaves and feature MSRs a machine has, a kind of guest may have, or one
 * domain does have. A policy is plain data. Nothing here touches the hardware, locks or allocates;
 * hypervisor and unit tests compile the same files. At 2 KiB, a policy is too big for the
 * hypervisor's stack: allocate it.
 *
 * Sources: AMD APM vol. 3 app. E, Intel SDM vol. 2 "CPUID", public/arch-x86/cpuid.h.
 */
#ifndef XEN_CPU_POLICY_H
#define XEN_CPU_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <public/arch-x86/xen.h>
#include <public/arch-x86/cpufeatureset.h>

/* The widest policy that Xen 4.17's tools can take; leaves beyond are never given to a guest. */
#define POLICY_NR_BASIC  (0xdu + 1)
#define POLICY_NR_CACHE  6u  /* subleaves of leaf 4 */
#define POLICY_NR_FEAT   3u  /* subleaves of leaf 7 */
#define POLICY_NR_TOPO   2u  /* subleaves of leaf 0xb */
#define POLICY_NR_XSTATE 63u /* subleaves of leaf 0xd */
#define POLICY_NR_EXTD   (0x21u + 1)
#define POLICY_NR_HV     2u /* 0x40000000 and 0x40000100: the highest leaf of each range */
#define POLICY_NR_MSRS   2u

/* Leaves that cpu_policy_to_leaves() can write: the four with subleaves are not counted twice. */
#define POLICY_MAX_LEAVES                                                                         \
    (POLICY_NR_BASIC - 4 + POLICY_NR_CACHE + POLICY_NR_FEAT + POLICY_NR_TOPO + POLICY_NR_XSTATE + \
     POLICY_NR_EXTD + POLICY_NR_HV)

#define FEATURESET_WORDS         19u

#define POLICY_MSR_PLATFORM_INFO 0x000000ceu
#define POLICY_MSR_ARCH_CAPS     0x0000010au

struct cpuid_leaf {
    uint32_t a, b, c, d;
};

struct cpu_policy {
    struct cpuid_leaf basic[POLICY_NR_BASIC]; /* entries 4, 7, 0xb, 0xd are unused */
    struct cpuid_leaf cache[POLICY_NR_CACHE];
    struct cpuid_leaf feat[POLICY_NR_FEAT];
    struct cpuid_leaf topo[POLICY_NR_TOPO];
    struct cpuid_leaf xstate[POLICY_NR_XSTATE];
    struct cpuid_leaf extd[POLICY_NR_EXTD];
    uint32_t hv_limit, hv2_limit; /* EAX of 0x40000000 and 0x40000100 as set by tools; 0: ours */
    uint64_t platform_info;       /* bit 31: CPUID faulting */
    uint64_t arch_caps;           /* 0 unless feature ARCH_CAPS */
};

enum cpu_vendor { CPU_VENDOR_OTHER, CPU_VENDOR_INTEL, CPU_VENDOR_AMD };

/* Where cpu_policy_from_host() reads. @rdmsr returns false for an MSR that does not exist. */
struct cpu_policy_source {
    void (*cpuid)(void *ctx, uint32_t leaf, uint32_t subleaf, struct cpuid_leaf *out);
    bool (*rdmsr)(void *ctx, uint32_t msr, uint64_t *val);
    void *ctx;
};

/* State that some features need the hypervisor to keep for each vCPU: what it does keep. */
#define CPU_ABILITY_SPEC_CTRL  (1u << 0) /* MSR 0x48 switched with the vCPU */
#define CPU_ABILITY_PRED_CMD   (1u << 1) /* MSR 0x49 reaches the hardware */
#define CPU_ABILITY_TSC_AUX    (1u << 2) /* MSR 0xc0000103 switched */
#define CPU_ABILITY_TSC_ADJUST (1u << 3) /* MSR 0x3b kept */
#define CPU_ABILITY_XSS        (1u << 4) /* MSR 0xda0 kept */
#define CPU_ABILITY_PKU        (1u << 5) /* PKRU switched whatever XCR0 says */
#define CPU_ABILITY_MTRR       (1u << 6) /* MTRRs emulated */
#define CPU_ABILITY_ARCH_CAPS  (1u << 7) /* MSR 0x10a readable */
#define CPU_ABILITY_FLUSH_CMD  (1u << 8) /* MSR 0x10b reaches the hardware */
#define CPU_ABILITY_DBEXT      (1u << 9) /* MSRs 0xc0011027, 0xc0011019-1b switched */

/* What an audit or a deserialisation objects to. Fields that do not apply are ~0. */
struct cpu_policy_error {
    uint32_t leaf, subleaf, msr;
};

/* --- features (cpu_features.c) --- */

/* @feature: XEN_X86_FEATURE_*. */
bool cpu_policy_has(const struct cpu_policy *p, unsigned int feature);
void cpu_policy_set_feature(struct cpu_policy *p, unsigned int feature, bool on);
/* The bitmap of XEN_SYSCTL_get_cpu_featureset. */
void cpu_policy_to_featureset(const struct cpu_policy *p, uint32_t fs[FEATURESET_WORDS]);
void cpu_policy_from_featureset(struct cpu_policy *p, const uint32_t fs[FEATURESET_WORDS]);
/* Features of @host that HVM and PVH guests may have (max) or have unless told otherwise. */
void featureset_hvm_max(uint32_t fs[FEATURESET_WORDS], const uint32_t host[FEATURESET_WORDS],
                        uint32_t abilities);
void featureset_hvm_default(uint32_t fs[FEATURESET_WORDS], const uint32_t host[FEATURESET_WORDS],
                            uint32_t abilities);
/* Puts back what a guest must know of the machine, whoever asked to hide it. */
void featureset_inherit(uint32_t fs[FEATURESET_WORDS], const uint32_t max[FEATURESET_WORDS]);
/* Switches off each feature whose requirements are missing. */
void featureset_apply_dependencies(uint32_t fs[FEATURESET_WORDS]);

/* --- policies (cpu_policy.c) --- */

enum cpu_vendor cpu_policy_vendor(const struct cpu_policy *p);
/* What the machine has, without what differs between CPUs or changes at run time. */
void cpu_policy_from_host(struct cpu_policy *p, const struct cpu_policy_source *src);
/* The most, and the usual, that an HVM or PVH guest can have on @host. */
void cpu_policy_hvm_max(struct cpu_policy *p, const struct cpu_policy *host, uint32_t abilities);
void cpu_policy_hvm_default(struct cpu_policy *p, const struct cpu_policy *host,
                            uint32_t abilities);
/*
 * Describes one package of @nr_vcpus cores, for a domain whose builder does not (the control
 * domain). Assumes APIC ids of 2 * vcpu_id.
 */
void cpu_policy_set_topology(struct cpu_policy *p, unsigned int nr_vcpus);
/* Makes @p, as tools wrote it, one that a guest limited to @max can really have. */
void cpu_policy_sanitise(struct cpu_policy *p, const struct cpu_policy *max);
/* 0, or -EINVAL with @err: @guest asks for what @max has not, and cannot be trimmed to it. */
int cpu_policy_check(const struct cpu_policy *max, const struct cpu_policy *guest,
                     struct cpu_policy_error *err);

/* --- as domctl and sysctl carry them (cpu_policy_serial.c) --- */

/* @nr: room in, entries out. -ENOBUFS if there is too little room. */
int cpu_policy_to_leaves(const struct cpu_policy *p, xen_cpuid_leaf_t *leaves, uint32_t *nr);
int cpu_policy_to_msrs(const struct cpu_policy *p, xen_msr_entry_t *msrs, uint32_t *nr);
/*
 * Overwrites what the entries name and leaves the rest. -ERANGE with @err: a leaf or MSR that
 * policies do not hold. -EINVAL: entry flags that are not 0. -EOVERFLOW: an MSR value too wide.
 */
int cpu_policy_from_leaves(struct cpu_policy *p, const xen_cpuid_leaf_t *leaves, uint32_t nr,
                           struct cpu_policy_error *err);
int cpu_policy_from_msrs(struct cpu_policy *p, const xen_msr_entry_t *msrs, uint32_t nr,
                         struct cpu_policy_error *err);

/*
 * XEN_DOMCTL_set_cpu_policy: reads the entries over a copy of the domain's policy, checks and trims
 * the result. On failure @p holds garbage: the caller drops it and keeps the old policy.
 */
int cpu_policy_update(struct cpu_policy *p, const struct cpu_policy *max,
                      const xen_cpuid_leaf_t *leaves, uint32_t nr_leaves,
                      const xen_msr_entry_t *msrs, uint32_t nr_msrs, struct cpu_policy_error *err);

/* --- the CPUID instruction (guest_cpuid.c) --- */

/* What the answer depends on besides the policy. */
struct cpuid_vcpu_state {
    uint32_t vcpu_id, domain_id, apic_id;
    uint64_t cr4, xcr0, xss;
    bool apic_enabled;  /* APIC_BASE bit 11 */
    bool long_mode;     /* executing 64-bit code */
    uint32_t hvm_flags; /* XEN_HVM_CPUID_* beyond vCPU and domain id */
    bool tsc_emulated, tsc_reliable;
    uint32_t tsc_mode, tsc_khz, tsc_incarnation, host_tsc_khz;
    uint64_t tsc_offset;
    uint32_t tsc_to_ns_mul;
    int8_t tsc_to_ns_shift;
};

/* What CPUID returns to the guest in EAX..EDX. Leaves it does not have are zero. */
void guest_cpuid(const struct cpu_policy *p, const struct cpuid_vcpu_state *s, uint32_t leaf,
                 uint32_t subleaf, struct cpuid_leaf *out);
/* Bits of XCR0 that the guest may set. */
uint64_t cpu_policy_xcr0_max(const struct cpu_policy *p);
/* Bytes of a standard-format XSAVE area for the components in @xcr0. */
uint32_t cpu_policy_xsave_size(const struct cpu_policy *p, uint64_t xcr0);

#endif
