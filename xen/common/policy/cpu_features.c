/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CPU features: where each bit lives, who may have it, and which need which. Everything about a
 * single feature is a row in a table here.
 */
#include <xen/cpu_policy.h>

#define F(name)  XEN_X86_FEATURE_##name
#define ARRAY(a) (sizeof(a) / sizeof((a)[0]))

/* --- where a word of the featureset lives --- */

#define WORD_AT(group, i, reg) offsetof(struct cpu_policy, group[i].reg)

static const uint16_t word_offset[FEATURESET_WORDS] = {
    [0] = WORD_AT(basic, 1, d),
    [1] = WORD_AT(basic, 1, c),
    [2] = WORD_AT(extd, 1, d),
    [3] = WORD_AT(extd, 1, c),
    [4] = WORD_AT(xstate, 1, a),
    [5] = WORD_AT(feat, 0, b),
    [6] = WORD_AT(feat, 0, c),
    [7] = WORD_AT(extd, 7, d),
    [8] = WORD_AT(extd, 8, b),
    [9] = WORD_AT(feat, 0, d),
    [10] = WORD_AT(feat, 1, a),
    [11] = WORD_AT(extd, 0x21, a),
    [12] = WORD_AT(feat, 1, b),
    [13] = WORD_AT(feat, 2, d),
    [14] = WORD_AT(feat, 1, c),
    [15] = WORD_AT(feat, 1, d),
    [16] = offsetof(struct cpu_policy, arch_caps),
    [17] = offsetof(struct cpu_policy, arch_caps) + 4,
    [18] = WORD_AT(extd, 0x21, c),
};

static uint32_t *word(struct cpu_policy *p, unsigned int w)
{
    return (uint32_t *)((char *)p + word_offset[w]);
}

void cpu_policy_to_featureset(const struct cpu_policy *p, uint32_t fs[FEATURESET_WORDS])
{
    for (unsigned int w = 0; w < FEATURESET_WORDS; w++)
        fs[w] = *word((struct cpu_policy *)p, w);
}

void cpu_policy_from_featureset(struct cpu_policy *p, const uint32_t fs[FEATURESET_WORDS])
{
    for (unsigned int w = 0; w < FEATURESET_WORDS; w++)
        *word(p, w) = fs[w];
}

bool cpu_policy_has(const struct cpu_policy *p, unsigned int feature)
{
    return *word((struct cpu_policy *)p, feature / 32) & (1u << feature % 32);
}

void cpu_policy_set_feature(struct cpu_policy *p, unsigned int feature, bool on)
{
    if (on)
        *word(p, feature / 32) |= 1u << feature % 32;
    else
        *word(p, feature / 32) &= ~(1u << feature % 32);
}

static bool test(const uint32_t *fs, unsigned int feature)
{
    return fs[feature / 32] & (1u << feature % 32);
}

static void set(uint32_t *fs, unsigned int feature)
{
    fs[feature / 32] |= 1u << feature % 32;
}

/* --- who may have a feature --- */

/* Given to every guest when the machine has it: instructions and modes with no state of their own.
 */
static const uint16_t given[] = {
    F(FPU),
    F(VME),
    F(DE),
    F(PSE),
    F(TSC),
    F(MSR),
    F(PAE),
    F(MCE),
    F(CX8),
    F(SEP),
    F(MTRR),
    F(PGE),
    F(MCA),
    F(CMOV),
    F(PAT),
    F(PSE36),
    F(CLFLUSH),
    F(ACPI),
    F(MMX),
    F(FXSR),
    F(SSE),
    F(SSE2),
    F(SS),
    F(SSE3),
    F(PCLMULQDQ),
    F(SSSE3),
    F(FMA),
    F(CX16),
    F(PCID),
    F(SSE4_1),
    F(SSE4_2),
    F(MOVBE),
    F(POPCNT),
    F(AESNI),
    F(XSAVE),
    F(AVX),
    F(F16C),
    F(RDRAND),
    F(SYSCALL),
    F(NX),
    F(MMXEXT),
    F(FFXSR),
    F(PAGE1GB),
    F(RDTSCP),
    F(LM),
    F(3DNOWEXT),
    F(3DNOW),
    F(LAHF_LM),
    F(CR8_LEGACY),
    F(ABM),
    F(SSE4A),
    F(MISALIGNSSE),
    F(3DNOWPREFETCH),
    F(XOP),
    F(FMA4),
    F(TBM),
    F(DBEXT),
    F(XSAVEOPT),
    F(XSAVEC),
    F(XGETBV1),
    F(XSAVES),
    F(FSGSBASE),
    F(TSC_ADJUST),
    F(BMI1),
    F(AVX2),
    F(SMEP),
    F(BMI2),
    F(ERMS),
    F(INVPCID),
    F(AVX512F),
    F(AVX512DQ),
    F(RDSEED),
    F(ADX),
    F(SMAP),
    F(AVX512_IFMA),
    F(CLFLUSHOPT),
    F(CLWB),
    F(AVX512CD),
    F(SHA),
    F(AVX512BW),
    F(AVX512VL),
    F(PREFETCHWT1),
    F(AVX512_VBMI),
    F(UMIP),
    F(PKU),
    F(AVX512_VBMI2),
    F(GFNI),
    F(VAES),
    F(VPCLMULQDQ),
    F(AVX512_VNNI),
    F(AVX512_BITALG),
    F(AVX512_VPOPCNTDQ),
    F(RDPID),
    F(CLDEMOTE),
    F(CLZERO),
    F(RSTR_FP_ERR_PTRS),
    F(IBPB),
    F(IBRS),
    F(AMD_STIBP),
    F(IBRS_ALWAYS),
    F(STIBP_ALWAYS),
    F(IBRS_FAST),
    F(IBRS_SAME_MODE),
    F(NO_LMSL),
    F(AMD_SSBD),
    F(SSB_NO),
    F(PSFD),
    F(BTC_NO),
    F(IBPB_RET),
    F(AVX512_4VNNIW),
    F(AVX512_4FMAPS),
    F(FSRM),
    F(MD_CLEAR),
    F(SERIALIZE),
    F(IBRSB),
    F(STIBP),
    F(L1D_FLUSH),
    F(ARCH_CAPS),
    F(SSBD),
    F(AVX_VNNI),
    F(AVX512_BF16),
    F(FZRM),
    F(FSRS),
    F(FSRCS),
    F(LFENCE_DISPATCH),
    F(VERW_CLEAR),
    F(NSCB),
    F(SBPB),
    F(IBPB_BRTYPE),
    F(SRSO_NO),
    F(SRSO_US_NO),
    F(INTEL_PSFD),
    F(IPRED_CTRL),
    F(RRSBA_CTRL),
    F(BHI_CTRL),
    F(MCDT_NO),
    F(RDCL_NO),
    F(EIBRS),
    F(INTEL_SSB_NO),
    F(MDS_NO),
    F(IF_PSCHANGE_MC_NO),
    F(TAA_NO),
    F(SBDR_SSDP_NO),
    F(FBSDP_NO),
    F(PSDP_NO),
    F(FB_CLEAR),
    F(BHI_NO),
    F(PBRSB_NO),
    F(GDS_NO),
    F(RFDS_NO),
    F(RFDS_CLEAR),
    F(ITS_NO),
    F(TSA_SQ_NO),
    F(TSA_L1_NO),
};

/* Given on request: TSX invites side channels, an invariant TSC forbids migration, and so on. */
static const uint16_t on_request[] = {
    F(HLE), F(RTM), F(TSXLDTRK), F(ITSC), F(MOVDIRI), F(MOVDIR64B), F(AVX512_VP2INTERSECT),
};

/* Ours: provided by emulation, whatever the machine has. */
static const uint16_t emulated[] = {F(APIC), F(X2APIC), F(TSC_DEADLINE), F(HYPERVISOR)};

/* Says how leaves that describe the topology are to be read, so tools may set it at will. */
static const uint16_t descriptive[] = {F(HTT), F(CMP_LEGACY)};

/* Warnings rather than features: a guest on such a machine must see them, and only there. */
static const uint16_t inherited[] = {
    F(FDP_EXCP_ONLY), F(NO_FPU_SEL), F(RSBA), F(RRSBA), F(RTM_ALWAYS_ABORT),
};

/* Features with state that the hypervisor must keep for the guest. */
static const struct {
    uint16_t feature, ability;
} needs_ability[] = {
    {F(MTRR), CPU_ABILITY_MTRR},
    {F(RDTSCP), CPU_ABILITY_TSC_AUX},
    {F(RDPID), CPU_ABILITY_TSC_AUX},
    {F(TSC_ADJUST), CPU_ABILITY_TSC_ADJUST},
    {F(XSAVES), CPU_ABILITY_XSS},
    {F(PKU), CPU_ABILITY_PKU},
    {F(DBEXT), CPU_ABILITY_DBEXT},
    {F(IBPB), CPU_ABILITY_PRED_CMD},
    {F(IBRSB), CPU_ABILITY_PRED_CMD},
    {F(IBRSB), CPU_ABILITY_SPEC_CTRL},
    {F(IBRS), CPU_ABILITY_SPEC_CTRL},
    {F(AMD_STIBP), CPU_ABILITY_SPEC_CTRL},
    {F(AMD_SSBD), CPU_ABILITY_SPEC_CTRL},
    {F(PSFD), CPU_ABILITY_SPEC_CTRL},
    {F(STIBP), CPU_ABILITY_SPEC_CTRL},
    {F(SSBD), CPU_ABILITY_SPEC_CTRL},
    {F(INTEL_PSFD), CPU_ABILITY_SPEC_CTRL},
    {F(IPRED_CTRL), CPU_ABILITY_SPEC_CTRL},
    {F(RRSBA_CTRL), CPU_ABILITY_SPEC_CTRL},
    {F(BHI_CTRL), CPU_ABILITY_SPEC_CTRL},
    {F(L1D_FLUSH), CPU_ABILITY_FLUSH_CMD},
    {F(ARCH_CAPS), CPU_ABILITY_ARCH_CAPS},
};

static void grant(uint32_t *fs, const uint32_t *host, const uint16_t *list, size_t nr)
{
    for (size_t i = 0; i < nr; i++)
        if (!host || test(host, list[i]))
            set(fs, list[i]);
}

/* The parts that max and default share, then what the hypervisor cannot back, is taken away. */
static void grant_common(uint32_t *fs, const uint32_t *host)
{
    for (unsigned int w = 0; w < FEATURESET_WORDS; w++)
        fs[w] = 0;
    grant(fs, host, given, ARRAY(given));
    grant(fs, NULL, emulated, ARRAY(emulated));
    grant(fs, host, inherited, ARRAY(inherited));
}

void featureset_inherit(uint32_t fs[FEATURESET_WORDS], const uint32_t max[FEATURESET_WORDS])
{
    grant(fs, max, inherited, ARRAY(inherited));
}

static void withdraw_unbacked(uint32_t *fs, uint32_t abilities)
{
    for (size_t i = 0; i < ARRAY(needs_ability); i++) {
        unsigned int f = needs_ability[i].feature;

        if (!(abilities & needs_ability[i].ability))
            fs[f / 32] &= ~(1u << f % 32);
    }
    featureset_apply_dependencies(fs);
}

void featureset_hvm_max(uint32_t fs[FEATURESET_WORDS], const uint32_t host[FEATURESET_WORDS],
                        uint32_t abilities)
{
    grant_common(fs, host);
    grant(fs, host, on_request, ARRAY(on_request));
    grant(fs, NULL, descriptive, ARRAY(descriptive));
    withdraw_unbacked(fs, abilities);
}

void featureset_hvm_default(uint32_t fs[FEATURESET_WORDS], const uint32_t host[FEATURESET_WORDS],
                            uint32_t abilities)
{
    grant_common(fs, host);
    grant(fs, host, descriptive, ARRAY(descriptive));
    withdraw_unbacked(fs, abilities);
}

/* --- which feature needs which --- */

static const struct {
    uint16_t feature, needs;
} dependencies[] = {
    {F(VME), F(FPU)},
    {F(MMX), F(FPU)},
    {F(FXSR), F(FPU)},
    {F(PSE36), F(PSE)},
    {F(MCA), F(MCE)},
    {F(RDTSCP), F(TSC)},
    {F(TSC_ADJUST), F(TSC)},
    {F(TSC_DEADLINE), F(TSC)},
    {F(TSC_DEADLINE), F(APIC)},
    {F(ITSC), F(TSC)},
    {F(X2APIC), F(APIC)},
    {F(LM), F(PAE)},
    {F(NX), F(PAE)},
    {F(CX16), F(CX8)},
    {F(CX16), F(LM)},
    {F(LAHF_LM), F(LM)},
    {F(PCID), F(LM)},
    {F(PAGE1GB), F(LM)},
    {F(FSGSBASE), F(LM)},
    {F(PKU), F(LM)},
    {F(NO_LMSL), F(LM)},
    {F(INVPCID), F(PCID)},
    {F(SMAP), F(PAE)},
    {F(SMEP), F(PAE)},
    {F(MMXEXT), F(MMX)},
    {F(3DNOW), F(MMX)},
    {F(3DNOWEXT), F(3DNOW)},
    {F(SSE), F(FXSR)},
    {F(FFXSR), F(FXSR)},
    {F(SSE2), F(SSE)},
    {F(MISALIGNSSE), F(SSE)},
    {F(SSE3), F(SSE2)},
    {F(SSE4A), F(SSE3)},
    {F(SSSE3), F(SSE3)},
    {F(SSE4_1), F(SSSE3)},
    {F(SSE4_2), F(SSE4_1)},
    {F(PCLMULQDQ), F(SSE2)},
    {F(AESNI), F(SSE2)},
    {F(SHA), F(SSE2)},
    {F(GFNI), F(SSE2)},
    {F(XSAVE), F(FXSR)},
    {F(XSAVEOPT), F(XSAVE)},
    {F(XSAVEC), F(XSAVE)},
    {F(XGETBV1), F(XSAVE)},
    {F(XSAVES), F(XSAVEC)},
    {F(AVX), F(XSAVE)},
    {F(AVX), F(SSE2)},
    {F(PKU), F(XSAVE)},
    {F(FMA), F(AVX)},
    {F(FMA4), F(AVX)},
    {F(F16C), F(AVX)},
    {F(XOP), F(AVX)},
    {F(AVX2), F(AVX)},
    {F(VAES), F(AVX)},
    {F(VAES), F(AESNI)},
    {F(VPCLMULQDQ), F(AVX)},
    {F(VPCLMULQDQ), F(PCLMULQDQ)},
    {F(AVX_VNNI), F(AVX2)},
    {F(AVX512F), F(AVX2)},
    {F(AVX512F), F(FMA)},
    {F(AVX512DQ), F(AVX512F)},
    {F(AVX512CD), F(AVX512F)},
    {F(AVX512BW), F(AVX512F)},
    {F(AVX512VL), F(AVX512F)},
    {F(AVX512_IFMA), F(AVX512F)},
    {F(AVX512_VNNI), F(AVX512F)},
    {F(AVX512_VPOPCNTDQ), F(AVX512F)},
    {F(AVX512_4VNNIW), F(AVX512F)},
    {F(AVX512_4FMAPS), F(AVX512F)},
    {F(AVX512_VP2INTERSECT), F(AVX512F)},
    {F(AVX512_VBMI), F(AVX512BW)},
    {F(AVX512_VBMI2), F(AVX512BW)},
    {F(AVX512_BITALG), F(AVX512BW)},
    {F(AVX512_BF16), F(AVX512BW)},
    {F(TSXLDTRK), F(RTM)},
    {F(STIBP), F(IBRSB)},
    {F(SSBD), F(IBRSB)},
    {F(INTEL_PSFD), F(IBRSB)},
    {F(IPRED_CTRL), F(IBRSB)},
    {F(RRSBA_CTRL), F(IBRSB)},
    {F(BHI_CTRL), F(IBRSB)},
    {F(AMD_STIBP), F(IBRS)},
    {F(AMD_SSBD), F(IBRS)},
    {F(PSFD), F(IBRS)},
    {F(IBRS_ALWAYS), F(IBRS)},
    {F(IBRS_FAST), F(IBRS)},
    {F(IBRS_SAME_MODE), F(IBRS)},
    {F(STIBP_ALWAYS), F(AMD_STIBP)},
    {F(IBPB_RET), F(IBPB)},
    {F(SBPB), F(IBPB)},
    {F(IBPB_BRTYPE), F(IBPB)},
};

void featureset_apply_dependencies(uint32_t fs[FEATURESET_WORDS])
{
    bool changed;

    do {
        changed = false;
        for (size_t i = 0; i < ARRAY(dependencies); i++) {
            unsigned int f = dependencies[i].feature;

            if (!test(fs, f) || test(fs, dependencies[i].needs))
                continue;
            fs[f / 32] &= ~(1u << f % 32);
            changed = true;
        }
    } while (changed);

    /* The bits of an MSR that is not there are not there either. */
    if (!test(fs, F(ARCH_CAPS)))
        fs[16] = fs[17] = 0;
}
