/* SPDX-License-Identifier: GPL-2.0-only */
/* A domain that is being created: create.c is the step list, create_store.c what it writes into
 * xenstore. */
#ifndef LIBXL_DOMAIN_CREATE_H
#define LIBXL_DOMAIN_CREATE_H

#include "build/guest.h"
#include "device/device.h"
#include "util/steps.h"

struct create {
    struct operation op; /* first */
    libxl_domain_config *config;
    uint32_t *domid_out;
    libxl_asyncprogress_how console_how;
    bool have_console_how;

    uint32_t domid;
    bool has_home; /* in xenstore */
    bool introduced;
    struct guest guest;
    struct disk_node *disks; /* config->num_disks of them, opened */
    int disks_open;
};

/* Bodies of transactions; arg is the struct create. */
int create_home_body(struct store *s, void *arg);
int create_devices_body(struct store *s, void *arg);

#endif
