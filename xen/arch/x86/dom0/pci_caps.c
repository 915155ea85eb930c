/* SPDX-License-Identifier: GPL-2.0-only */
/* The capability list of a PCI function (PCI Local Bus 3.0, 6.7), and who is left out of it. */
#include <xen/lib.h>
#include "pci_caps.h"

#define PCI_STATUS          0x06
#define PCI_STATUS_CAP_LIST 0x10
#define PCI_HEADER_TYPE     0x0e
#define PCI_CAP_PTR         0x34
#define PCI_CB_CAP_PTR      0x14 /* of a CardBus bridge */
#define PCI_CAP_ID_MSI      0x05
#define PCI_CAP_ID_MSIX     0x11
#define PCI_MAX_CAPS        48 /* what fits behind the header: a longer list is a loop */

void pci_hide_msi(pci_read8_fn *read8, void *ctx, unsigned int reg, unsigned int size, u32 *val)
{
    if (reg + size <= 0x40 || reg >= 0x100 || !(read8(ctx, PCI_STATUS) & PCI_STATUS_CAP_LIST))
        return;
    bool cardbus = (read8(ctx, PCI_HEADER_TYPE) & 0x7f) == 2;
    unsigned int at = read8(ctx, cardbus ? PCI_CB_CAP_PTR : PCI_CAP_PTR) & 0xfc;
    for (unsigned int i = 0; at >= 0x40 && i < PCI_MAX_CAPS; i++) {
        u8 id = read8(ctx, at);
        if ((id == PCI_CAP_ID_MSI || id == PCI_CAP_ID_MSIX) && at >= reg && at < reg + size)
            *val &= ~(0xffU << ((at - reg) * 8));
        at = read8(ctx, at + 1) & 0xfc;
    }
}
