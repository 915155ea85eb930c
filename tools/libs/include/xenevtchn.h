/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Event channels of this domain in a process, through /dev/xen/evtchn. A port belongs to the
 * handle that bound it and is closed with it. An event arrives masked: xenevtchn_unmask() asks
 * for the next one. After fork() a child may only close an inherited handle.
 */
#ifndef XENEVTCHN_H
#define XENEVTCHN_H

#include <stdint.h>

#include <public/event_channel.h>

/* A port number, or -1 with errno. */
typedef int xenevtchn_port_or_error_t;

struct xentoollog_logger;
typedef struct xenevtchn_handle xenevtchn_handle;

/* Keep the descriptor over exec (for a daemon that restarts itself). */
#define XENEVTCHN_NO_CLOEXEC (1 << 0)

/* NULL with errno (ENOENT: not on Xen; EACCES; ENOMEM; EINVAL: unknown flag); logs the reason. */
xenevtchn_handle *xenevtchn_open(struct xentoollog_logger *logger, unsigned int flags);
/* Takes over an open descriptor of the device; XENEVTCHN_NO_CLOEXEC is refused (EINVAL). */
xenevtchn_handle *xenevtchn_fdopen(struct xentoollog_logger *logger, int fd, unsigned open_flags);
int xenevtchn_close(xenevtchn_handle *xce);
/* Readable when an event is pending. Not to be closed or read by the caller. */
int xenevtchn_fd(xenevtchn_handle *xce);

/* Signals the other end of port. -1 with errno ENOTCONN: not a port of this handle. */
int xenevtchn_notify(xenevtchn_handle *xce, evtchn_port_t port);
/* A new port that domain domid may connect to. */
xenevtchn_port_or_error_t xenevtchn_bind_unbound_port(xenevtchn_handle *xce, uint32_t domid);
/* A new port connected to remote_port of domid. errno EINVAL: that port is not offered to us. */
xenevtchn_port_or_error_t xenevtchn_bind_interdomain(xenevtchn_handle *xce, uint32_t domid,
                                                     evtchn_port_t remote_port);
/* A new port that receives virtual interrupt virq (VIRQ_*). EEXIST: it has an owner. */
xenevtchn_port_or_error_t xenevtchn_bind_virq(xenevtchn_handle *xce, unsigned int virq);
/* Closes port. -1 with errno ENOTCONN or EINVAL: not a port of this handle. */
int xenevtchn_unbind(xenevtchn_handle *xce, evtchn_port_t port);
/* Waits for an event and returns its port, which is masked now. EAGAIN on a non-blocking fd. */
xenevtchn_port_or_error_t xenevtchn_pending(xenevtchn_handle *xce);
int xenevtchn_unmask(xenevtchn_handle *xce, evtchn_port_t port);
/* From now on only channels to domid can be bound. -1 with errno EINVAL/EACCES. */
int xenevtchn_restrict(xenevtchn_handle *xce, domid_t domid);

#endif
