/* SPDX-License-Identifier: GPL-2.0-only */
/* HVM parameters: who may read and write which, and what setting them does. One row per parameter.
 */
#include <xen/errno.h>
#include <xen/lib.h>
#include <public/hvm/params.h>
#include "hvm_priv.h"
#include "params.h"

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

int hvm_param_check(u32 index, bool set, bool self)
{
    unsigned int need = set ? (self ? GUEST_SET : TOOLS_SET) : (self ? GUEST_GET : TOOLS_GET);

    if (index >= HVM_NR_PARAMS || !rows[index].who)
        return -EINVAL;
    return rows[index].who & need ? 0 : -EPERM;
}

int hvm_param_apply(struct domain *d, u32 index, u64 value)
{
    const struct param_row *row = &rows[index];
    u64 old = d->arch.hvm.params[index];
    int rc;

    if (row->max && value > row->max)
        return -EINVAL;
    if ((row->who & ONCE) && old && old != value)
        return -EEXIST;
    rc = row->set ? row->set(d, value) : 0;
    if (!rc)
        d->arch.hvm.params[index] = value;
    return rc;
}
