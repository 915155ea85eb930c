/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The door to the hypervisor. domain_xen.c implements it with the devices in /dev/xen; tests
 * replace it.
 */
#ifndef XENSTORED_DOMAIN_BACKEND_H
#define XENSTORED_DOMAIN_BACKEND_H

#include "store.h"

/* Opens everything; *fd becomes readable when events wait. NULL: errno is set, *why names it. */
const struct platform *domain_backend_open(int *fd, const char **why);

/* Takes waiting events: wakes domains, and checks all of them when one changed its state. */
void domain_backend_events(struct store *s);

/* A platform without any domain. */
const struct platform *domain_backend_none(void);

#endif
