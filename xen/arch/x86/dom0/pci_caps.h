/* SPDX-License-Identifier: GPL-2.0-only */
/* What the control domain may not see in a PCI function's configuration space. Pure. */
#ifndef DOM0_PCI_CAPS_H
#define DOM0_PCI_CAPS_H

#include <xen/types.h>

typedef u8 pci_read8_fn(void *ctx, unsigned int reg);
/*
 * Filters what was read from @reg, @size bytes: the identifiers of the MSI and MSI-X capabilities
 * become 0, the "null capability" of PCI 3.0, so that no driver finds them.
 */
void pci_hide_msi(pci_read8_fn *read8, void *ctx, unsigned int reg, unsigned int size, u32 *val);

#endif
