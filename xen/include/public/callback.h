/* SPDX-License-Identifier: MIT */
/* callback_op: entry points of PV guests. */
#ifndef CRATON_PUBLIC_CALLBACK_H
#define CRATON_PUBLIC_CALLBACK_H

#include "xen.h"

#define CALLBACKTYPE_event               0
#define CALLBACKTYPE_failsafe            1
#define CALLBACKTYPE_syscall             2
#define CALLBACKTYPE_sysenter_deprecated 3
#define CALLBACKTYPE_nmi                 4
#define CALLBACKTYPE_sysenter            5
#define CALLBACKTYPE_syscall32           7
#define _CALLBACKF_mask_events           0
#define CALLBACKF_mask_events            (1U << _CALLBACKF_mask_events)
#define CALLBACKOP_register              0

struct callback_register {
    uint16_t type;
    uint16_t flags;
    xen_callback_t address;
};
typedef struct callback_register callback_register_t;
DEFINE_XEN_GUEST_HANDLE(callback_register_t);

#define CALLBACKOP_unregister 1

struct callback_unregister {
    uint16_t type;
    uint16_t _unused;
};
typedef struct callback_unregister callback_unregister_t;
DEFINE_XEN_GUEST_HANDLE(callback_unregister_t);

/* Sizes are part of the interface. */
_Static_assert(sizeof(struct callback_unregister) == 4, "callback_unregister");
#ifndef __i386__
_Static_assert(sizeof(struct callback_register) == 16, "callback_register");
#endif

#endif /* CRATON_PUBLIC_CALLBACK_H */
