/* SPDX-License-Identifier: GPL-2.0-only */
/* Readiness for the service manager: one datagram to the socket named by $NOTIFY_SOCKET. */
#ifndef XENSTORED_NOTIFY_H
#define XENSTORED_NOTIFY_H

void notify_ready(void);

#endif
