/* SPDX-License-Identifier: GPL-2.0-only */
/* May a guest load this value into a control register? Pure; 0 yes, 1 #GP is due. */
#ifndef ASM_HVM_CR_CHECKS_H
#define ASM_HVM_CR_CHECKS_H

#include <xen/types.h>

struct cpu_policy;

/* All that the rules look at. */
struct cr_state {
    u64 cr0, cr3, cr4, efer; /* as the guest sees them now */
    bool cs_long;            /* executing in a segment with CS.L */
    u64 cr4_valid;
    u64 efer_valid;
};
int cr0_check(const struct cr_state *s, u64 val);
int cr4_check(const struct cr_state *s, u64 val);
int efer_check(const struct cr_state *s, u64 val);
/* EFER with LMA as @cr0 demands. */
u64 efer_with_lma(u64 efer, u64 cr0);
/* XCR0: @max is what the policy allows. */
int xcr0_check(u64 val, u64 max);
u64 cr4_valid_bits(const struct cpu_policy *p);
u64 efer_valid_bits(const struct cpu_policy *p);

#endif
