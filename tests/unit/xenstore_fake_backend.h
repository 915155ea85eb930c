/* SPDX-License-Identifier: GPL-2.0-only */
/* Shared between the test that plays the guests and the daemon in its child process. */
#ifndef XENSTORE_FAKE_BACKEND_H
#define XENSTORE_FAKE_BACKEND_H

#include "domain_backend.h"

#define FAKE_DOMAINS 8
#define FAKE_VIRQ    200

struct fake_host {
    char page[FAKE_DOMAINS][4096];
    bool exists[FAKE_DOMAINS];
    int to_daemon[2];              /* pipe: one byte, the port */
    int to_guest[FAKE_DOMAINS][2]; /* pipes: one byte for each notification */
};
extern struct fake_host *fake_host; /* in shared memory */

/* main() of the daemon, renamed. */
int xenstored_main(int argc, char **argv);

#endif
