/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Grants through /dev/xen/gntdev (pages of other domains) and /dev/xen/gntalloc (pages of ours).
 * Both drivers name a set of pages by an offset, which is then given to mmap.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "xengnttab.h"
#include "xentoollog.h"
#include "linux_abi.h"

#define PAGE_BYTES 4096UL
#define MAX_PAGES  (1U << 20)

struct xengntdev_handle {
    int fd;
};

static struct xengntdev_handle *open_device(xentoollog_logger *logger, const char *path,
                                            const char *module)
{
    struct xengntdev_handle *handle = calloc(1, sizeof(*handle));
    int saved;

    if (!handle)
        return NULL;
    handle->fd = open(path, O_RDWR | O_CLOEXEC);
    if (handle->fd >= 0)
        return handle;
    saved = errno;
    if (logger)
        xtl_log(logger, XTL_ERROR, saved, "gnttab", "cannot open %s (is the %s module loaded?)",
                path, module);
    free(handle);
    errno = saved;
    return NULL;
}

static int close_device(struct xengntdev_handle *handle)
{
    if (handle) {
        close(handle->fd);
        free(handle);
    }
    return 0;
}

xengnttab_handle *xengnttab_open(struct xentoollog_logger *logger, unsigned open_flags)
{
    return open_device(logger, XEN_DEV("gntdev"), "xen-gntdev");
}

int xengnttab_close(xengnttab_handle *xgt)
{
    return close_device(xgt);
}

int xengnttab_fd(xengnttab_handle *xgt)
{
    return xgt->fd;
}

/* Asks for the end of the mapping to be told: see xengnttab_map_grant_ref_notify. */
static int set_notify(int fd, uint64_t index, uint32_t offset, evtchn_port_t port)
{
    struct gnt_unmap_notify notify = {.index = index};

    if (offset < PAGE_BYTES) {
        notify.index += offset;
        notify.action |= GNT_NOTIFY_CLEAR_BYTE;
    }
    if (port != (evtchn_port_t)-1) {
        notify.event_channel_port = port;
        notify.action |= GNT_NOTIFY_SEND_EVENT;
    }
    return notify.action ? ioctl(fd, GNT_SET_NOTIFY, &notify) : 0;
}

static void forget_mapping(int fd, uint64_t index, uint32_t count)
{
    struct gntdev_unmap unmap = {.index = index, .count = count};
    int saved = errno;

    ioctl(fd, GNTDEV_UNMAP, &unmap);
    errno = saved;
}

/* domids holds count ids, or a single one for all if same_domain. */
static void *map_refs(xengnttab_handle *xgt, uint32_t count, const uint32_t *domids,
                      int same_domain, const uint32_t *refs, int prot, uint32_t notify_offset,
                      evtchn_port_t notify_port)
{
    struct gntdev_map *map;
    void *p;
    uint32_t i;
    int rc;

    if (!count || count > MAX_PAGES) {
        errno = EINVAL;
        return NULL;
    }
    map = calloc(1, sizeof(*map) + (count - 1) * sizeof(map->refs[0]));
    if (!map)
        return NULL;
    map->count = count;
    for (i = 0; i < count; i++) {
        map->refs[i].domid = domids[same_domain ? 0 : i];
        map->refs[i].ref = refs[i];
    }
    rc = ioctl(xgt->fd, GNTDEV_MAP, map);
    if (rc) {
        int saved = errno;

        free(map);
        errno = saved;
        return NULL;
    }
    p = mmap(NULL, count * PAGE_BYTES, prot, MAP_SHARED, xgt->fd, (off_t)map->index);
    if (p == MAP_FAILED) {
        forget_mapping(xgt->fd, map->index, count);
        p = NULL;
    } else if (set_notify(xgt->fd, map->index, notify_offset, notify_port)) {
        int saved = errno;

        munmap(p, count * PAGE_BYTES);
        forget_mapping(xgt->fd, map->index, count);
        errno = saved;
        p = NULL;
    }
    rc = errno;
    free(map);
    errno = rc;
    return p;
}

void *xengnttab_map_grant_ref(xengnttab_handle *xgt, uint32_t domid, uint32_t ref, int prot)
{
    return map_refs(xgt, 1, &domid, 1, &ref, prot, UINT32_MAX, (evtchn_port_t)-1);
}

void *xengnttab_map_grant_refs(xengnttab_handle *xgt, uint32_t count, uint32_t *domids,
                               uint32_t *refs, int prot)
{
    return map_refs(xgt, count, domids, 0, refs, prot, UINT32_MAX, (evtchn_port_t)-1);
}

void *xengnttab_map_domain_grant_refs(xengnttab_handle *xgt, uint32_t count, uint32_t domid,
                                      uint32_t *refs, int prot)
{
    return map_refs(xgt, count, &domid, 1, refs, prot, UINT32_MAX, (evtchn_port_t)-1);
}

void *xengnttab_map_grant_ref_notify(xengnttab_handle *xgt, uint32_t domid, uint32_t ref, int prot,
                                     uint32_t notify_offset, evtchn_port_t notify_port)
{
    return map_refs(xgt, 1, &domid, 1, &ref, prot, notify_offset, notify_port);
}

int xengnttab_unmap(xengnttab_handle *xgt, void *start_address, uint32_t count)
{
    struct gntdev_get_offset where = {.vaddr = (uintptr_t)start_address};
    struct gntdev_unmap unmap = {.count = count};

    /* The offset must be asked for while the mapping still exists. */
    if (ioctl(xgt->fd, GNTDEV_GET_OFFSET, &where))
        return -1;
    if (where.count != count) {
        errno = EINVAL;
        return -1;
    }
    unmap.index = where.offset;
    if (munmap(start_address, count * PAGE_BYTES))
        return -1;
    return ioctl(xgt->fd, GNTDEV_UNMAP, &unmap);
}

int xengnttab_set_max_grants(xengnttab_handle *xgt, uint32_t nr_grants)
{
    struct gntdev_set_max max = {.count = nr_grants};

    return ioctl(xgt->fd, GNTDEV_SET_MAX, &max);
}

int xengnttab_grant_copy(xengnttab_handle *xgt, uint32_t count,
                         xengnttab_grant_copy_segment_t *segs)
{
    struct gntdev_copy copy = {.count = count, .segments = segs};

    return ioctl(xgt->fd, GNTDEV_COPY, &copy);
}

xengntshr_handle *xengntshr_open(struct xentoollog_logger *logger, unsigned open_flags)
{
    return open_device(logger, XEN_DEV("gntalloc"), "xen-gntalloc");
}

int xengntshr_close(xengntshr_handle *xgs)
{
    return close_device(xgs);
}

int xengntshr_fd(xengntshr_handle *xgs)
{
    return xgs->fd;
}

static void *share(xengntshr_handle *xgs, uint32_t domid, uint32_t count, uint32_t *refs,
                   int writable, uint32_t notify_offset, evtchn_port_t notify_port)
{
    struct gntalloc_alloc *alloc;
    struct gntalloc_dealloc dealloc;
    void *p = NULL;
    int saved;

    if (!count || count > MAX_PAGES) {
        errno = EINVAL;
        return NULL;
    }
    alloc = calloc(1, sizeof(*alloc) + (count - 1) * sizeof(alloc->gref_ids[0]));
    if (!alloc)
        return NULL;
    alloc->domid = (uint16_t)domid;
    alloc->flags = writable ? GNTALLOC_WRITABLE : 0;
    alloc->count = count;
    if (ioctl(xgs->fd, GNTALLOC_ALLOC, alloc))
        goto out;
    p = mmap(NULL, count * PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, xgs->fd,
             (off_t)alloc->index);
    if (p == MAP_FAILED)
        p = NULL;
    else if (set_notify(xgs->fd, alloc->index, notify_offset, notify_port)) {
        saved = errno;
        munmap(p, count * PAGE_BYTES);
        errno = saved;
        p = NULL;
    }
    /*
     * The pages stay as long as they are mapped. Without a notification the driver's own reference
     * can go at once, so that munmap frees them; otherwise it goes with the descriptor.
     */
    saved = errno;
    if (!p || (notify_offset >= PAGE_BYTES && notify_port == (evtchn_port_t)-1)) {
        dealloc = (struct gntalloc_dealloc){.index = alloc->index, .count = count};
        ioctl(xgs->fd, GNTALLOC_DEALLOC, &dealloc);
    }
    errno = saved;
    if (p)
        memcpy(refs, alloc->gref_ids, count * sizeof(*refs));
out:
    saved = errno;
    free(alloc);
    errno = saved;
    return p;
}

void *xengntshr_share_pages(xengntshr_handle *xgs, uint32_t domid, int count, uint32_t *refs,
                            int writable)
{
    return share(xgs, domid, count > 0 ? (uint32_t)count : 0, refs, writable, UINT32_MAX,
                 (evtchn_port_t)-1);
}

void *xengntshr_share_page_notify(xengntshr_handle *xgs, uint32_t domid, uint32_t *ref,
                                  int writable, uint32_t notify_offset, evtchn_port_t notify_port)
{
    return share(xgs, domid, 1, ref, writable, notify_offset, notify_port);
}

int xengntshr_unshare(xengntshr_handle *xgs, void *start_address, uint32_t count)
{
    return munmap(start_address, count * PAGE_BYTES);
}
