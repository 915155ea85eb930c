/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Grants: mapping pages that other domains grant us (gntdev), copying to and from them, and
 * granting pages of our own (gntalloc). After fork() a child may only close inherited handles.
 */
#ifndef XENGNTTAB_H
#define XENGNTTAB_H

#include <stddef.h>
#include <stdint.h>

#include <public/grant_table.h>
#include <public/event_channel.h>

struct xentoollog_logger;
typedef struct xengntdev_handle xengnttab_handle;
typedef struct xengntdev_handle xengntshr_handle;

/* ---- pages of others ---- */

/* NULL with errno (ENOENT: not on Xen or no xen-gntdev module); logs the reason. */
xengnttab_handle *xengnttab_open(struct xentoollog_logger *logger, unsigned open_flags);
int xengnttab_close(xengnttab_handle *xgt);
int xengnttab_fd(xengnttab_handle *xgt);

/*
 * Maps count grants as consecutive pages, prot PROT_READ with or without PROT_WRITE.
 * NULL with errno: EINVAL (a bad reference), ENOMEM (limit of the driver), EACCES.
 */
void *xengnttab_map_grant_ref(xengnttab_handle *xgt, uint32_t domid, uint32_t ref, int prot);
void *xengnttab_map_grant_refs(xengnttab_handle *xgt, uint32_t count, uint32_t *domids,
                               uint32_t *refs, int prot);
void *xengnttab_map_domain_grant_refs(xengnttab_handle *xgt, uint32_t count, uint32_t domid,
                                      uint32_t *refs, int prot);
/*
 * One page; when it is unmapped, by us or by our death, the byte at notify_offset is zeroed
 * (unless notify_offset is (uint32_t)-1) and notify_port signalled (unless (evtchn_port_t)-1).
 */
void *xengnttab_map_grant_ref_notify(xengnttab_handle *xgt, uint32_t domid, uint32_t ref, int prot,
                                     uint32_t notify_offset, evtchn_port_t notify_port);
/* Unmaps what one map call mapped. -1 with errno ENOENT/EINVAL: no such mapping. */
int xengnttab_unmap(xengnttab_handle *xgt, void *start_address, uint32_t count);
int xengnttab_set_max_grants(xengnttab_handle *xgt, uint32_t nr_grants);

struct xengnttab_grant_copy_segment {
    union xengnttab_copy_ptr {
        void *virt;
        struct {
            uint32_t ref;
            uint16_t offset;
            uint16_t domid;
        } foreign;
    } source, dest;
    uint16_t len;
    uint16_t flags; /* GNTCOPY_source_gref, GNTCOPY_dest_gref */
    int16_t status; /* out: GNTST_* */
};
typedef struct xengnttab_grant_copy_segment xengnttab_grant_copy_segment_t;
/* 0 once every segment was tried (see their status), -1 with errno otherwise. */
int xengnttab_grant_copy(xengnttab_handle *xgt, uint32_t count,
                         xengnttab_grant_copy_segment_t *segs);

/* ---- pages of ours ---- */

xengntshr_handle *xengntshr_open(struct xentoollog_logger *logger, unsigned open_flags);
int xengntshr_close(xengntshr_handle *xgs);
int xengntshr_fd(xengntshr_handle *xgs);
/* Allocates count zeroed pages, grants them to domid, writes the references. NULL with errno. */
void *xengntshr_share_pages(xengntshr_handle *xgs, uint32_t domid, int count, uint32_t *refs,
                            int writable);
void *xengntshr_share_page_notify(xengntshr_handle *xgs, uint32_t domid, uint32_t *ref,
                                  int writable, uint32_t notify_offset, evtchn_port_t notify_port);
/* The pages live on until the other domain has unmapped them. */
int xengntshr_unshare(xengntshr_handle *xgs, void *start_address, uint32_t count);

#endif
