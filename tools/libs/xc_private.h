/* SPDX-License-Identifier: GPL-2.0-only */
/* Shared by the xc_*.c files: the handle, and the way a failure is recorded. */
#ifndef CRATON_LIBS_XC_PRIVATE_H
#define CRATON_LIBS_XC_PRIVATE_H

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "xenctrl.h"
#include "xencall.h"
#include "xenforeignmemory.h"

struct xc_interface_core {
    unsigned flags;
    xencall_handle *xcall;
    xenforeignmemory_handle *fmem;
    xentoollog_logger *logger;
    xentoollog_logger *own_logger;
    int max_cpus; /* 0: not asked yet. Racing threads write the same value. */
    int max_nodes;
};

/* Records "<what>: <errno>" for xc_last_failure, logs it as debug; keeps errno. Returns -1. */
int xc_failed(xc_interface *xch, const char *format, ...)
    __attribute__((format(printf, 2, 3), visibility("hidden")));

/* A domctl of no more than a command and a domain. */
static inline struct xen_domctl xc_domctl_of(uint32_t cmd, uint32_t domid)
{
    struct xen_domctl op = {.cmd = cmd, .domain = (domid_t)domid};

    return op;
}

#endif
