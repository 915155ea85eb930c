/* SPDX-License-Identifier: GPL-2.0-only */
/* HYPERVISOR_platform_op: what the control domain does to the machine on our behalf. */
#include <asm/cpu.h>
#include <xen/errno.h>
#include <xen/guest_access.h>
#include <xen/lib.h>
#include <xen/sched.h>
#include <xen/shutdown.h>
#include <public/platform.h>

static long settime64(struct xen_platform_op *op, bool *copyback)
{
    const struct xenpf_settime64 *t = &op->u.settime64;

    if (t->mbz)
        return -EINVAL;
    wallclock_set(t->secs, t->nsecs, t->system_time);
    for (struct domain *d = domain_iterate(NULL); d; d = domain_iterate(d))
        update_domain_wallclock_time(d);
    return 0;
}

static long settime32(struct xen_platform_op *op, bool *copyback)
{
    struct xenpf_settime32 t = op->u.settime32;

    op->u.settime64 = (struct xenpf_settime64){t.secs, t.nsecs, 0, t.system_time};
    return settime64(op, copyback);
}

static long get_cpuinfo(struct xen_platform_op *op, bool *copyback)
{
    struct xenpf_pcpuinfo *p = &op->u.pcpu_info;
    u32 cpu = p->xen_cpuid;

    p->max_present = nr_cpu_ids - 1;
    *copyback = true;
    if (cpu >= nr_cpu_ids || !cpumask_test(&cpu_present_map, cpu)) {
        p->flags = XEN_PCPU_FLAGS_INVALID;
        return 0;
    }
    p->flags = cpu_online(cpu) ? XEN_PCPU_FLAGS_ONLINE : 0;
    p->apic_id = cpu_apic_id[cpu];
    p->acpi_id = cpu_acpi_id(cpu);
    return 0;
}

static long enter_acpi_sleep(struct xen_platform_op *op, bool *copyback)
{
    const struct xenpf_enter_acpi_sleep *s = &op->u.enter_acpi_sleep;

    if (s->flags & ~XENPF_ACPI_SLEEP_EXTENDED)
        return -EINVAL;
    if (s->flags & XENPF_ACPI_SLEEP_EXTENDED)
        return -EOPNOTSUPP;
    return acpi_enter_sleep(s->sleep_state, s->val_a, s->val_b);
}

static long op_cpu_online(struct xen_platform_op *op, bool *copyback)
{
    u32 cpu = op->u.cpu_ol.cpuid;

    if (cpu >= nr_cpu_ids || !cpumask_test(&cpu_present_map, cpu))
        return -EINVAL;
    return cpu_online(cpu) ? 0 : cpu_up(cpu);
}

static long op_cpu_offline(struct xen_platform_op *op, bool *copyback)
{
    u32 cpu = op->u.cpu_ol.cpuid;

    if (cpu == 0)
        return -EOPNOTSUPP;
    if (cpu >= nr_cpu_ids || !cpumask_test(&cpu_present_map, cpu))
        return -EINVAL;
    return cpu_online(cpu) ? cpu_down(cpu) : 0;
}

static long getidletime(struct xen_platform_op *op, bool *copyback)
{
    struct xenpf_getidletime *g = &op->u.getidletime;
    cpumask_t map;
    unsigned int cpu, bytes = min((u32)sizeof(map), DIV_ROUND_UP(g->cpumap_nr_cpus, 8));

    cpumask_zero(&map);
    if (raw_copy_from_guest(&map, guest_handle_va(g->cpumap_bitmap), bytes))
        return -EFAULT;
    for_each_cpu(cpu, &map)
    {
        u64 idle;

        if (cpu >= g->cpumap_nr_cpus || !cpu_online(cpu))
            continue;
        idle = get_cpu_idle_time(cpu);
        if (copy_to_guest_offset(g->idletime, cpu, &idle, 1))
            return -EFAULT;
    }
    g->now = NOW();
    *copyback = true;
    return 0;
}

typedef long platform_fn(struct xen_platform_op *op, bool *copyback);

static platform_fn *const platform_table[] = {
    [XENPF_settime32] = settime32,      [XENPF_settime64] = settime64,
    [XENPF_get_cpuinfo] = get_cpuinfo,  [XENPF_enter_acpi_sleep] = enter_acpi_sleep,
    [XENPF_cpu_online] = op_cpu_online, [XENPF_cpu_offline] = op_cpu_offline,
    [XENPF_getidletime] = getidletime,
};

long do_platform_op(unsigned long arg)
{
    struct xen_platform_op op;
    bool copyback = false;
    long rc;

    if (raw_copy_from_guest(&op, arg, sizeof(op)))
        return -EFAULT;
    if (op.interface_version != XENPF_INTERFACE_VERSION)
        return -EACCES;
    if (op.cmd >= ARRAY_SIZE(platform_table) || !platform_table[op.cmd])
        return -ENOSYS;
    rc = platform_table[op.cmd](&op, &copyback);
    if (copyback && raw_copy_to_guest(arg, &op, sizeof(op)))
        rc = -EFAULT;
    return rc;
}
