/* SPDX-License-Identifier: GPL-2.0-only */
/* HVM parameters: who may read and write which, and what setting them does. One row per parameter. */
#include <xen/errno.h>
#include <xen/lib.h>
#include <public/hvm/params.h>
#include "hvm_priv.h"

enum {
    GUEST_GET = 1,
    GUEST_SET = 2,
    TOOLS_GET = 4,
    TOOLS_SET = 8,
    ONCE = 16, /* once not 0, it stays as it is */
    TOOLS = TOOLS_GET | TOOLS_SET,
    GUEST_READS = TOOLS | GUEST_GET,
    BOTH = TOOLS | GUEST_GET | GUEST_SET,
};

struct param_row {
    u8 who;
    u64 max; /* 0: any value */
    int (*set)(struct domain *d, u64 value);
};

static int set_callback(struct domain *d, u64 value)
{
    hvm_set_callback_via(d, value);
    return 0;
}

static int set_s_state(struct domain *d, u64 value)
{
    return value == 0 || value == 3 ? 0 : -EINVAL;
}

static int set_fip_width(struct domain *d, u64 value)
{
    return value == 0 || value == 4 || value == 8 ? 0 : -EINVAL;
}

/* Neither Hyper-V's interface, nested virtualisation nor alternate views exist yet. */
static int set_unsupported(struct domain *d, u64 value)
{
    return value ? -EOPNOTSUPP : 0;
}

static const struct param_row rows[HVM_NR_PARAMS] = {
    [HVM_PARAM_CALLBACK_IRQ] = {BOTH, 0, set_callback},
    [HVM_PARAM_STORE_PFN] = {GUEST_READS},
    [HVM_PARAM_STORE_EVTCHN] = {BOTH},
    [HVM_PARAM_PAE_ENABLED] = {GUEST_READS},
    [HVM_PARAM_IOREQ_PFN] = {TOOLS},
    [HVM_PARAM_BUFIOREQ_PFN] = {TOOLS},
    [HVM_PARAM_VIRIDIAN] = {GUEST_READS | ONCE, 0, set_unsupported},
    [HVM_PARAM_TIMER_MODE] = {GUEST_READS, HVMPTM_one_missed_tick_pending},
    [HVM_PARAM_HPET_ENABLED] = {GUEST_READS},
    [HVM_PARAM_IDENT_PT] = {GUEST_READS},
    [HVM_PARAM_DM_DOMAIN] = {GUEST_READS},
    [HVM_PARAM_ACPI_S_STATE] = {GUEST_READS, 0, set_s_state},
    [HVM_PARAM_VM86_TSS] = {BOTH},
    [HVM_PARAM_VPT_ALIGN] = {GUEST_READS},
    [HVM_PARAM_CONSOLE_PFN] = {GUEST_READS},
    [HVM_PARAM_CONSOLE_EVTCHN] = {BOTH},
    [HVM_PARAM_ACPI_IOPORTS_LOCATION] = {BOTH, 1},
    [HVM_PARAM_NESTEDHVM] = {GUEST_READS, 0, set_unsupported},
    [HVM_PARAM_BUFIOREQ_EVTCHN] = {TOOLS_GET},
    [HVM_PARAM_PAGING_RING_PFN] = {TOOLS},
    [HVM_PARAM_MONITOR_RING_PFN] = {TOOLS},
    [HVM_PARAM_SHARING_RING_PFN] = {TOOLS},
    [HVM_PARAM_TRIPLE_FAULT_REASON] = {GUEST_READS, 5},
    [HVM_PARAM_IOREQ_SERVER_PFN] = {TOOLS | ONCE},
    [HVM_PARAM_NR_IOREQ_SERVER_PAGES] = {TOOLS | ONCE, 64},
    [HVM_PARAM_VM_GENERATION_ID_ADDR] = {BOTH},
    [HVM_PARAM_ALTP2M] = {GUEST_READS | ONCE, XEN_ALTP2M_limited, set_unsupported},
    [HVM_PARAM_X87_FIP_WIDTH] = {GUEST_READS, 0, set_fip_width},
    [HVM_PARAM_VM86_TSS_SIZED] = {BOTH},
    [HVM_PARAM_MCA_CAP] = {GUEST_READS | ONCE, XEN_HVM_MCA_CAP_MASK, set_unsupported},
};

/* 0; -EINVAL: no such parameter; -EPERM: not for the caller. */
static int check_access(const struct domain *d, u32 index, unsigned int guest, unsigned int tools)
{
    if (index >= HVM_NR_PARAMS || !rows[index].who)
        return -EINVAL;
    if (rows[index].who & (current->domain == d ? guest : tools))
        return 0;
    return -EPERM;
}

int hvm_get_param(struct domain *d, u32 index, u64 *value)
{
    int rc = check_access(d, index, GUEST_GET, TOOLS_GET);

    if (!rc)
        *value = d->arch.hvm.params[index];
    return rc;
}

int hvm_set_param(struct domain *d, u32 index, u64 value)
{
    int rc = check_access(d, index, GUEST_SET, TOOLS_SET);
    const struct param_row *row;
    u64 old;

    if (rc)
        return rc;
    row = &rows[index];
    old = d->arch.hvm.params[index];
    if (row->max && value > row->max)
        return -EINVAL;
    if ((row->who & ONCE) && old && old != value)
        return -EEXIST;
    if (row->set) {
        rc = row->set(d, value);
        if (rc)
            return rc;
    }
    d->arch.hvm.params[index] = value;
    return 0;
}
