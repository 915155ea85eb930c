/* SPDX-License-Identifier: GPL-2.0-only */
/* x86 parts of domains and vCPUs, switching between them, and the loop that every CPU ends up in.
 */
#include <asm/hvm/hvm.h>
#include <asm/hvm/policy.h>
#include <asm/idle.h>
#include <asm/msr.h>
#include <asm/p2m.h>
#include <xen/errno.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/sched.h>
#include <xen/softirq.h>

#define EMU_PVH            XEN_X86_EMU_LAPIC
#define EMU_CONTROL_DOMAIN (XEN_X86_EMU_LAPIC | XEN_X86_EMU_IOAPIC | XEN_X86_EMU_VPCI)

/* PVH only so far: with a device model's set of devices the domain could not work. */
static int check_config(const struct domain *d, const struct xen_domctl_createdomain *config)
{
    u32 emu = config->arch.emulation_flags;

    if ((config->flags & (XEN_DOMCTL_CDF_hvm | XEN_DOMCTL_CDF_hap)) !=
        (XEN_DOMCTL_CDF_hvm | XEN_DOMCTL_CDF_hap)) {
        printk(XENLOG_WARNING "d%d: neither PV domains nor shadow paging exist here\n",
               d->domain_id);
        return -EINVAL;
    }
    if (config->arch.misc_flags & ~XEN_X86_MISC_FLAGS_MAX)
        return -EINVAL;
    if (d->is_privileged ? emu & ~EMU_CONTROL_DOMAIN : emu != EMU_PVH) {
        printk(XENLOG_WARNING "d%d: emulation flags %#x are not supported\n", d->domain_id, emu);
        return -EOPNOTSUPP;
    }
    return 0;
}

int arch_domain_create(struct domain *d, struct xen_domctl_createdomain *config)
{
    struct arch_domain *a = &d->arch;
    int rc;

    if (!config) /* idle and other special domains have no memory and no vCPUs in guest mode */
        return 0;
    rc = check_config(d, config);
    if (rc)
        return rc;
    spin_lock_init(&a->e820_lock);
    a->hvm.emulation_flags = config->arch.emulation_flags;
    a->tsc_khz = cpu_khz;
    /* The control domain's TSC is the machine's; others start from 0. */
    a->tsc_offset = d->is_privileged ? 0 : -rdtsc();
    a->vtsc_offset = NOW();
    rc = p2m_init(d);
    if (rc)
        return rc;
    rc = hvm_domain_policy_init(d);
    if (rc)
        goto free_p2m;
    rc = hvm_domain_init(d);
    if (rc)
        goto free_policy;
    update_domain_wallclock_time(d);
    return 0;

free_policy:
    XFREE(a->cpu_policy);
free_p2m:
    p2m_free(d);
    return rc;
}

void arch_domain_destroy(struct domain *d)
{
    if (!d->arch.cpu_policy) /* never made, or a special one */
        return;
    hvm_domain_destroy(d);
    p2m_free(d);
    XFREE(d->arch.cpu_policy);
}

int arch_vcpu_create(struct vcpu *v)
{
    if (is_idle_vcpu(v))
        return 0;
    return hvm_vcpu_init(v);
}

void arch_vcpu_destroy(struct vcpu *v)
{
    if (v->arch.xsave_area) /* else it was never made */
        hvm_vcpu_destroy(v);
}

int arch_domain_relinquish(struct domain *d)
{
    return p2m_teardown(d);
}

void arch_domain_shutdown(struct domain *d)
{
}

void arch_context_switch(struct vcpu *prev, struct vcpu *next)
{
    if (!is_idle_vcpu(prev))
        hvm_ctxt_switch_from(prev);
    if (!is_idle_vcpu(next))
        hvm_ctxt_switch_to(next);
}

void vcpu_loop(void)
{
    for (;;) {
        struct vcpu *v;

        do_softirq();
        v = current;
        if (is_idle_vcpu(v))
            arch_idle();
        else
            hvm_run_current(v);
    }
}
