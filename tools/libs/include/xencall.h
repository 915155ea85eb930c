/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hypercalls from a process of a privileged domain, through the kernel's /dev/xen/privcmd.
 * A pointer handed to the hypervisor must point into a buffer from here: such memory is neither
 * paged out nor copied on write while the hypervisor writes to it. A handle may be shared by
 * threads unless it was opened XENCALL_OPENFLAG_NON_REENTRANT. After fork() a child may only
 * close the handle; exec closes it.
 */
#ifndef XENCALL_H
#define XENCALL_H

#include <stddef.h>
#include <stdint.h>

struct xentoollog_logger;
typedef struct xencall_handle xencall_handle;

/* The handle is used by one thread at a time: its buffer cache takes no lock. */
#define XENCALL_OPENFLAG_NON_REENTRANT (1U << 0)

/* NULL with errno: ENOENT no such device (not on Xen), EACCES, ENOMEM. Logs the reason. */
xencall_handle *xencall_open(struct xentoollog_logger *logger, unsigned open_flags);
/* Accepts NULL. 0. */
int xencall_close(xencall_handle *xcall);
/* The descriptor of privcmd, or -1. Not to be closed. */
int xencall_fd(xencall_handle *xcall);

/*
 * The hypervisor's non-negative result, or -1 with errno the hypervisor's error.
 * Interrupted calls are continued by the hypervisor itself.
 */
int xencall0(xencall_handle *xcall, unsigned int op);
int xencall1(xencall_handle *xcall, unsigned int op, uint64_t arg1);
int xencall2(xencall_handle *xcall, unsigned int op, uint64_t arg1, uint64_t arg2);
int xencall3(xencall_handle *xcall, unsigned int op, uint64_t arg1, uint64_t arg2, uint64_t arg3);
int xencall4(xencall_handle *xcall, unsigned int op, uint64_t arg1, uint64_t arg2, uint64_t arg3,
             uint64_t arg4);
int xencall5(xencall_handle *xcall, unsigned int op, uint64_t arg1, uint64_t arg2, uint64_t arg3,
             uint64_t arg4, uint64_t arg5);
/* As xencall2, for results that exceed an int. */
long xencall2L(xencall_handle *xcall, unsigned int op, uint64_t arg1, uint64_t arg2);

/*
 * Hypercall-safe memory, zero-filled on 4096-byte pages, or of any size with 64-byte alignment.
 * NULL with errno ENOMEM or EAGAIN (RLIMIT_MEMLOCK). Free accepts NULL and keeps errno.
 */
void *xencall_alloc_buffer_pages(xencall_handle *xcall, size_t nr_pages);
void xencall_free_buffer_pages(xencall_handle *xcall, void *p, size_t nr_pages);
void *xencall_alloc_buffer(xencall_handle *xcall, size_t size);
void xencall_free_buffer(xencall_handle *xcall, void *p);
/* 1 if the kernel's hypercall device keeps buffers from faulting at all, 0 if they are only
 * locked and the kernel may still migrate them for a moment. */
int xencall_buffers_never_fault(xencall_handle *xcall);

#endif
