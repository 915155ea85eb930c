/* SPDX-License-Identifier: GPL-2.0-only */
/* Rules for control registers: APM vol. 2, 3.1 and 14.1; SDM vol. 3, 2.5. Pure. */
#include <asm/hvm/cr_checks.h>
#include <asm/hvm/xstate.h>
#include <asm/msr_index.h>
#include <asm/regs.h>
#include <xen/cpu_policy.h>

int cr0_check(const struct cr_state *s, u64 val)
{
    bool long_mode = (s->efer & EFER_LME) && (val & CR0_PG);

    if (val >> 32)
        return 1;
    if ((val & CR0_PG) && !(val & CR0_PE))
        return 1;
    if ((val & CR0_NW) && !(val & CR0_CD))
        return 1;
    if (long_mode && !(s->cr0 & CR0_PG) && (!(s->cr4 & CR4_PAE) || s->cs_long))
        return 1;
    /* 64-bit code cannot switch its own paging off, nor keep PCIDs without paging. */
    if (!(val & CR0_PG) && (s->cr0 & CR0_PG) &&
        ((s->cs_long && (s->efer & EFER_LMA)) || (s->cr4 & CR4_PCIDE)))
        return 1;
    return 0;
}

int cr4_check(const struct cr_state *s, u64 val)
{
    u64 changed = s->cr4 ^ val;
    bool lma = s->efer & EFER_LMA;

    if (val & ~s->cr4_valid)
        return 1;
    if (lma && (!(val & CR4_PAE) || (changed & CR4_LA57)))
        return 1;
    /* Paging with LME and without PAE never came about on a real processor. */
    if ((s->efer & EFER_LME) && !lma && (s->cr0 & CR0_PG) && (changed & CR4_PAE))
        return 1;
    if ((changed & val & CR4_PCIDE) && (!lma || (s->cr3 & 0xfff)))
        return 1;
    return 0;
}

int efer_check(const struct cr_state *s, u64 val)
{
    if (val & ~s->efer_valid)
        return 1;
    /* LME may not change while paging is on. */
    if ((s->cr0 & CR0_PG) && ((s->efer ^ val) & EFER_LME))
        return 1;
    return 0;
}

u64 efer_with_lma(u64 efer, u64 cr0)
{
    efer &= ~EFER_LMA;
    return (efer & EFER_LME) && (cr0 & CR0_PG) ? efer | EFER_LMA : efer;
}

int xcr0_check(u64 val, u64 max)
{
    u64 avx512 = val & XCR0_AVX512, mpx = val & (XCR0_BNDREGS | XCR0_BNDCSR);

    if ((val & ~max) || !(val & XCR0_X87))
        return 1;
    if ((val & XCR0_AVX) && !(val & XCR0_SSE))
        return 1;
    if (avx512 && (avx512 != XCR0_AVX512 || !(val & XCR0_AVX)))
        return 1;
    if (mpx && mpx != (XCR0_BNDREGS | XCR0_BNDCSR))
        return 1;
    return 0;
}

struct feature_bit {
    u16 feature;
    u64 bits;
};

static u64 bits_of(const struct cpu_policy *p, const struct feature_bit *t, unsigned int n)
{
    u64 bits = 0;

    for (unsigned int i = 0; i < n; i++)
        if (cpu_policy_has(p, t[i].feature))
            bits |= t[i].bits;
    return bits;
}

#define F(x) XEN_X86_FEATURE_##x

u64 cr4_valid_bits(const struct cpu_policy *p)
{
    static const struct feature_bit t[] = {
        {F(VME), CR4_VME | CR4_PVI}, {F(TSC), CR4_TSD},           {F(DE), CR4_DE},
        {F(PSE), CR4_PSE},           {F(PAE), CR4_PAE},           {F(MCE), CR4_MCE},
        {F(PGE), CR4_PGE},           {F(FXSR), CR4_OSFXSR},       {F(SSE), CR4_OSXMMEXCPT},
        {F(UMIP), CR4_UMIP},         {F(FSGSBASE), CR4_FSGSBASE}, {F(PCID), CR4_PCIDE},
        {F(XSAVE), CR4_OSXSAVE},     {F(SMEP), CR4_SMEP},         {F(SMAP), CR4_SMAP},
        {F(PKU), CR4_PKE},
    };

    return CR4_PCE | bits_of(p, t, ARRAY_SIZE(t));
}

u64 efer_valid_bits(const struct cpu_policy *p)
{
    static const struct feature_bit t[] = {
        {F(SYSCALL), EFER_SCE},
        {F(LM), EFER_LME | EFER_LMA},
        {F(NX), EFER_NXE},
        {F(FFXSR), EFER_FFXSE},
    };

    return bits_of(p, t, ARRAY_SIZE(t));
}
