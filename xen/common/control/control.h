/* SPDX-License-Identifier: GPL-2.0-only */
/* Between the control operations (domctl, sysctl, platform). */
#ifndef XEN_CONTROL_H
#define XEN_CONTROL_H

#include <xen/sched.h>
#include <public/sysctl.h>

void getdomaininfo(struct domain *d, struct xen_domctl_getdomaininfo *info);
/* CPU sets as the interface carries them: bytes, lowest CPU first. 0, -EFAULT, -EINVAL. */
int xenctl_bitmap_to_cpumask(cpumask_t *m, const struct xenctl_bitmap *b);
int cpumask_to_xenctl_bitmap(struct xenctl_bitmap *b, const cpumask_t *m);
int bits_to_xenctl_bitmap(struct xenctl_bitmap *b, const unsigned long *bits, unsigned int nr);
int bits_from_xenctl_bitmap(unsigned long *bits, unsigned int nr, const struct xenctl_bitmap *b);
/* HVM/PVH, pools: the one CPU pool there is. */
long cpupool_op(struct xen_sysctl_cpupool_op *op, bool *copyback);

#endif
