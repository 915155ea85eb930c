/* SPDX-License-Identifier: GPL-2.0-only */
/* CPU policies on their way to tools. */
#ifndef ASM_CPU_POLICY_H
#define ASM_CPU_POLICY_H

#include <xen/cpu_policy.h>
#include <xen/types.h>

/* Leaves and MSRs to arrays at guest addresses (0: only count). 0, -ENOBUFS, -EFAULT, -ENOMEM. */
long copy_policy_to_guest(const struct cpu_policy *p, unsigned long leaves_va, u32 *nr_leaves,
                          unsigned long msrs_va, u32 *nr_msrs);

#endif
