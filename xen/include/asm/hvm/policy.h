/* SPDX-License-Identifier: GPL-2.0-only */
/* The machine's CPU policies, made once at boot by hvm_detect() from the boot CPU. */
#ifndef ASM_HVM_POLICY_H
#define ASM_HVM_POLICY_H

#include <xen/cpu_policy.h>

struct domain;
struct vcpu;

extern struct cpu_policy host_cpu_policy;    /* what the machine has */
extern struct cpu_policy hvm_max_cpu_policy; /* the most that a domain can be given */
extern struct cpu_policy hvm_def_cpu_policy; /* what a domain gets unless its builder changes it */

void hvm_policy_init(void);
/* d->arch.cpu_policy: a copy of the default one. 0 or -ENOMEM. */
int hvm_domain_policy_init(struct domain *d);
/* After d->arch.cpu_policy was changed; @d does not run. */
void hvm_policy_changed(struct domain *d);
static inline bool domain_has_feature(const struct cpu_policy *p, unsigned int feature)
{
    return cpu_policy_has(p, feature);
}

#endif
