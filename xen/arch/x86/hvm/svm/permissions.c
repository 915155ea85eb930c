/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Permission maps: which MSRs and I/O ports a domain reaches without an exit. All guests share one
 * I/O map that denies everything; the control domain's own lets it have the machine's ports but
 * for those the hypervisor uses. MSRs that VMLOAD/VMSAVE carry are open to everybody.
 */
#include <xen/bitmap.h>
#include <xen/console.h>
#include <xen/errno.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include "svm.h"

#define IOPM_ORDER  2 /* 12 KiB are needed */
#define MSRPM_ORDER 1
#define MSRPM_SIZE  (PAGE_SIZE << MSRPM_ORDER)
#define IOPM_SIZE   (PAGE_SIZE << IOPM_ORDER)

static unsigned long *deny_all_ports;
static u8 *guest_msrpm;

static const u32 open_msrs[] = {
    MSR_FS_BASE, MSR_GS_BASE, MSR_KERNEL_GS_BASE, MSR_STAR,         MSR_LSTAR,
    MSR_CSTAR,   MSR_SFMASK,  MSR_SYSENTER_CS,    MSR_SYSENTER_ESP, MSR_SYSENTER_EIP,
};

/* The interrupt controllers and the interval timer are the hypervisor's. */
static const struct {
    u16 first, last;
} own_ports[] = {{0x20, 0x21}, {0x40, 0x43}, {0xa0, 0xa1}, {0x4d0, 0x4d1}};

/* Two bits per MSR (read, write) in three ranges of 8192 MSRs, 2 KiB each. */
static void msrpm_open(u8 *map, u32 msr)
{
    static const u32 bases[] = {0, 0xc0000000, 0xc0010000};

    for (unsigned int i = 0; i < ARRAY_SIZE(bases); i++) {
        u32 n = msr - bases[i];
        if (n < 8192)
            map[i * 2048 + n / 4] &= ~(3U << (n % 4 * 2));
    }
}

int svm_permissions_init(void)
{
    if (guest_msrpm)
        return 0;
    deny_all_ports = alloc_xenheap_pages(IOPM_ORDER, 0);
    guest_msrpm = alloc_xenheap_pages(MSRPM_ORDER, 0);
    if (!deny_all_ports || !guest_msrpm)
        return -ENOMEM;
    memset(deny_all_ports, 0xff, IOPM_SIZE);
    memset(guest_msrpm, 0xff, MSRPM_SIZE);
    for (unsigned int i = 0; i < ARRAY_SIZE(open_msrs); i++)
        msrpm_open(guest_msrpm, open_msrs[i]);
    return 0;
}

int svm_domain_init(struct domain *d)
{
    struct hvm_domain *h = &d->arch.hvm;

    h->msr_bitmap = (u64 *)guest_msrpm;
    h->io_bitmap = deny_all_ports;
    if (!d->is_privileged)
        return 0;
    h->io_bitmap = alloc_xenheap_pages(IOPM_ORDER, 0);
    if (!h->io_bitmap) {
        h->io_bitmap = deny_all_ports;
        return -ENOMEM;
    }
    /* Accesses that run over port 0xffff look at the bits behind it. */
    memset((u8 *)h->io_bitmap + 65536 / 8, 0xff, IOPM_SIZE - 65536 / 8);
    for (unsigned int i = 0; i < ARRAY_SIZE(own_ports); i++)
        for (unsigned int p = own_ports[i].first; p <= own_ports[i].last; p++)
            __set_bit(p, h->io_bitmap);
    for (unsigned int p = 0; p < 65536; p++)
        if (console_owns_port(p))
            __set_bit(p, h->io_bitmap);
    return 0;
}

void svm_domain_destroy(struct domain *d)
{
    struct hvm_domain *h = &d->arch.hvm;

    if (h->io_bitmap && h->io_bitmap != deny_all_ports)
        free_xenheap_pages(h->io_bitmap, IOPM_ORDER);
    h->io_bitmap = NULL;
}
