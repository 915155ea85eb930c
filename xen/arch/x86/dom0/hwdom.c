/* SPDX-License-Identifier: GPL-2.0-only */
/* Creates the control domain at the end of the boot: domain 0, PVH, all devices its own. */
#include <asm/boot.h>
#include <xen/domain.h>
#include <xen/dom0.h>
#include <xen/lib.h>
#include <xen/param.h>
#include <xen/sched.h>

/* dom0_max_vcpus=: as many as the machine has CPUs unless told otherwise. */
static unsigned int opt_dom0_max_vcpus;
integer_param("dom0_max_vcpus", opt_dom0_max_vcpus);

static unsigned int __init dom0_vcpus(void)
{
    unsigned int n = opt_dom0_max_vcpus ?: cpumask_weight(&cpu_online_map);

    return min(n, (unsigned int)HVM_MAX_VCPUS);
}

/* The kernel's own arguments follow its name in the boot entry. */
static const struct boot_module *__init find_module(unsigned int i)
{
    return i < boot_info.nr_modules ? &boot_info.module[i] : NULL;
}

void __init create_dom0(void)
{
    struct xen_domctl_createdomain config = {
        .flags = XEN_DOMCTL_CDF_hvm | XEN_DOMCTL_CDF_hap,
        .max_vcpus = dom0_vcpus(),
        .max_evtchn_port = ~0U >> 1,
        .max_grant_frames = -1,
        .max_maptrack_frames = -1,
        .grant_opts = XEN_DOMCTL_GRANT_version(2),
        .arch.emulation_flags = XEN_X86_EMU_LAPIC | XEN_X86_EMU_IOAPIC,
    };
    const struct boot_module *kernel = find_module(0), *initrd = find_module(1);
    struct domain *d;
    int rc;

    if (!kernel)
        panic("No control domain kernel: the boot entry needs a module with one");
    d = domain_create(0, &config, true);
    if (IS_ERR(d))
        panic("Cannot create the control domain: error %ld", PTR_ERR(d));
    hardware_domain = d;
    d->arch.direct_mapped = true;
    d->max_pages = ~0U;
    for (unsigned int i = 0; i < config.max_vcpus; i++)
        if (!vcpu_create(d, i))
            panic("No memory for the control domain's vCPU %u", i);
    rc = dom0_build_pvh(d, kernel, initrd, kernel->cmdline);
    if (rc)
        panic("Cannot build the control domain: error %d", rc);
    d->vcpu[0]->is_initialised = true;
    clear_bit(VPF_down, &d->vcpu[0]->pause_flags);
    domain_unpause_by_controller(d);
}
