/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mapping another domain's memory, or a resource the hypervisor keeps for it (grant table frames,
 * I/O request pages), into this process. After fork() a child may only close an inherited handle;
 * mappings are unmapped before their handle is closed.
 */
#ifndef XENFOREIGNMEMORY_H
#define XENFOREIGNMEMORY_H

#include <stddef.h>
#include <stdint.h>

#include <public/xen.h>

struct xentoollog_logger;
typedef struct xenforeignmemory_handle xenforeignmemory_handle;
typedef struct xenforeignmemory_resource_handle xenforeignmemory_resource_handle;

/* NULL with errno (ENOENT: not on Xen; EACCES; ENOMEM); logs the reason. open_flags: 0. */
xenforeignmemory_handle *xenforeignmemory_open(struct xentoollog_logger *logger,
                                               unsigned open_flags);
int xenforeignmemory_close(xenforeignmemory_handle *fmem);

/*
 * Maps pages frames of dom, arr[i] at page i, with prot as for mmap(2).
 * With err == NULL all pages are mapped or none: NULL with errno the first failure.
 * With err != NULL a pointer comes back even if single pages failed: err[i] is 0 or a negative
 * errno (-EINVAL, -ENOENT: no such frame). NULL then means that nothing was tried.
 */
void *xenforeignmemory_map(xenforeignmemory_handle *fmem, uint32_t dom, int prot, size_t pages,
                           const xen_pfn_t arr[/*pages*/], int err[/*pages*/]);
/* As above, at the address hint addr and with further mmap(2) flags. */
void *xenforeignmemory_map2(xenforeignmemory_handle *fmem, uint32_t dom, void *addr, int prot,
                            int flags, size_t pages, const xen_pfn_t arr[/*pages*/],
                            int err[/*pages*/]);
/* 0, or -1 with errno EINVAL. */
int xenforeignmemory_unmap(xenforeignmemory_handle *fmem, void *addr, size_t pages);

/* From now on this handle reaches domain domid only. -1 with errno EINVAL: restricted already. */
int xenforeignmemory_restrict(xenforeignmemory_handle *fmem, domid_t domid);

/*
 * Maps nr_frames frames, from frame on, of resource (type, id) of domid: XENMEM_resource_*.
 * *paddr is the address hint (NULL: anywhere) and receives the address. NULL with errno:
 * EINVAL, EOPNOTSUPP (the kernel or hypervisor lacks it), ESRCH, EPERM, ENOMEM.
 */
xenforeignmemory_resource_handle *
xenforeignmemory_map_resource(xenforeignmemory_handle *fmem, domid_t domid, unsigned int type,
                              unsigned int id, unsigned long frame, unsigned long nr_frames,
                              void **paddr, int prot, int flags);
int xenforeignmemory_unmap_resource(xenforeignmemory_handle *fmem,
                                    xenforeignmemory_resource_handle *fres);
/* *size in bytes. 0, or -1 with errno as for map_resource. */
int xenforeignmemory_resource_size(xenforeignmemory_handle *fmem, domid_t domid, unsigned int type,
                                   unsigned int id, size_t *size);

#endif
