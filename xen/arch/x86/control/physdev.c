/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * HYPERVISOR_physdev_op. A PVH control domain drives its devices itself: it tells us what it found,
 * and has no PIRQs to map.
 */
#include <xen/errno.h>
#include <xen/guest_access.h>
#include <xen/lib.h>
#include <xen/sched.h>
#include <public/physdev.h>

static long pci_mmcfg_reserved(unsigned long arg)
{
    struct physdev_pci_mmcfg_reserved r;

    if (raw_copy_from_guest(&r, arg, sizeof(r)))
        return -EFAULT;
    printk(XENLOG_INFO "PCI: segment %04x buses %02x-%02x have config space at %#lx\n", r.segment,
           r.start_bus, r.end_bus, (unsigned long)r.address);
    return 0;
}

static long pci_device_add(unsigned long arg)
{
    struct physdev_pci_device_add a;

    if (raw_copy_from_guest(&a, arg, offsetof(struct physdev_pci_device_add, optarr)))
        return -EFAULT;
    printk(XENLOG_DEBUG "PCI: %04x:%02x:%02x.%u added\n", a.seg, a.bus, a.devfn >> 3, a.devfn & 7);
    return 0;
}

static long pci_device_remove(unsigned long arg)
{
    struct physdev_pci_device r;

    if (raw_copy_from_guest(&r, arg, sizeof(r)))
        return -EFAULT;
    printk(XENLOG_DEBUG "PCI: %04x:%02x:%02x.%u removed\n", r.seg, r.bus, r.devfn >> 3,
           r.devfn & 7);
    return 0;
}

/* MSIs of a device that lost power: the control domain programmed them, and does so again. */
static long restore_msi_ext(unsigned long arg)
{
    struct physdev_pci_device r;

    return raw_copy_from_guest(&r, arg, sizeof(r)) ? -EFAULT : 0;
}

/* The EHCI debug port is going to be reset, or was: we have no console on it. */
static long dbgp_op(unsigned long arg)
{
    struct physdev_dbgp_op op;

    return raw_copy_from_guest(&op, arg, sizeof(op)) ? -EFAULT : 0;
}

long do_physdev_op(unsigned int cmd, unsigned long arg)
{
    static const struct {
        u8 cmd;
        long (*fn)(unsigned long arg);
    } ops[] = {
        {PHYSDEVOP_pci_mmcfg_reserved, pci_mmcfg_reserved},
        {PHYSDEVOP_pci_device_add, pci_device_add},
        {PHYSDEVOP_pci_device_remove, pci_device_remove},
        {PHYSDEVOP_restore_msi_ext, restore_msi_ext},
        {PHYSDEVOP_dbgp_op, dbgp_op},
    };

    for (unsigned int i = 0; i < ARRAY_SIZE(ops); i++) {
        if (ops[i].cmd == cmd)
            return is_hardware_domain(current->domain) ? ops[i].fn(arg) : -EPERM;
    }
    return -ENOSYS;
}
