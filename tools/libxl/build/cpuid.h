/* SPDX-License-Identifier: GPL-2.0-only */
/* Changes to a domain's CPUID policy: its topology, and what the configuration asks for. Pure. */
#ifndef LIBXL_BUILD_CPUID_H
#define LIBXL_BUILD_CPUID_H

#include <stdbool.h>
#include <stdint.h>

#include "public/xen.h"

/* Makes the leaves describe a package of that many vCPUs, each a core of its own, with APIC ids as
 * vcpu_apic_id() gives them. */
void cpuid_topology(xen_cpuid_leaf_t *leaves, uint32_t nr, unsigned int vcpus);

/* Applies "host,feature=value,...": value 0 hides the feature, 1 and x show it, k and s keep it.
 * leaves NULL: only checks. NULL, or the part that is wrong (malloc). */
char *cpuid_apply(const char *text, xen_cpuid_leaf_t *leaves, uint32_t nr);

#endif
