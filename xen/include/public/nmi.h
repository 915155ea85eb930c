/* SPDX-License-Identifier: MIT */
/* nmi_op: how a PV control domain hears about non-maskable interrupts. */
#ifndef CRATON_PUBLIC_NMI_H
#define CRATON_PUBLIC_NMI_H

#include "xen.h"

#define _XEN_NMIREASON_io_error  0
#define XEN_NMIREASON_io_error   (1UL << _XEN_NMIREASON_io_error)
#define _XEN_NMIREASON_pci_serr  1
#define XEN_NMIREASON_pci_serr   (1UL << _XEN_NMIREASON_pci_serr)
#define _XEN_NMIREASON_unknown   2
#define XEN_NMIREASON_unknown    (1UL << _XEN_NMIREASON_unknown)
#define XENNMI_register_callback 0

struct xennmi_callback {
    unsigned long handler_address;
    unsigned long pad;
};
typedef struct xennmi_callback xennmi_callback_t;
DEFINE_XEN_GUEST_HANDLE(xennmi_callback_t);

#define XENNMI_unregister_callback 1

/* Sizes are part of the interface. */
#ifndef __i386__
_Static_assert(sizeof(struct xennmi_callback) == 16, "xennmi_callback");
#endif

#endif /* CRATON_PUBLIC_NMI_H */
