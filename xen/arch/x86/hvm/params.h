/* SPDX-License-Identifier: GPL-2.0-only */
/* HVM parameters apart from who asks. */
#ifndef HVM_PARAMS_H
#define HVM_PARAMS_H

#include <xen/types.h>

struct domain;

/* May it be read or set, by the domain itself or by tools? 0; -EINVAL no such one; -EPERM. */
int hvm_param_check(u32 index, bool set, bool self);
/* Sets one that exists: 0, -EINVAL bad value, -EEXIST set already, -EOPNOTSUPP. */
int hvm_param_apply(struct domain *d, u32 index, u64 value);

#endif
