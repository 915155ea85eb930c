/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Foreign mappings through /dev/xen/privcmd: frames of a guest (MMAPBATCH_V2) and resources that
 * the hypervisor keeps for it (MMAP_RESOURCE).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "xenforeignmemory.h"
#include "xentoollog.h"
#include "linux_abi.h"

#define PAGE_BYTES 4096UL
/* A frame that is being fetched from the pager is reported ENOENT: ask again, up to 2 s. */
#define PAGED_RETRIES  2000
#define PAGED_SLEEP_US 1000

struct xenforeignmemory_handle {
    int fd;
    xentoollog_logger *logger;
    xentoollog_logger *own_logger;
};

struct xenforeignmemory_resource_handle {
    void *addr;
    size_t size;
};

xenforeignmemory_handle *xenforeignmemory_open(struct xentoollog_logger *logger,
                                               unsigned open_flags)
{
    xenforeignmemory_handle *fmem = calloc(1, sizeof(*fmem));

    if (!fmem)
        return NULL;
    if (!logger)
        logger = fmem->own_logger = (xentoollog_logger *)xtl_createlogger_stdiostream(
            stderr, XTL_WARN, XTL_STDIOSTREAM_HIDE_PROGRESS);
    fmem->logger = logger;
    fmem->fd = open(XEN_DEV("privcmd"), O_RDWR | O_CLOEXEC);
    if (fmem->fd < 0 && errno == ENOENT)
        fmem->fd = open("/proc/xen/privcmd", O_RDWR | O_CLOEXEC);
    if (fmem->fd < 0) {
        int saved = errno;

        xtl_log(logger, XTL_ERROR, saved, "foreignmemory", "cannot open " XEN_DEV("privcmd"));
        xenforeignmemory_close(fmem);
        errno = saved;
        return NULL;
    }
    return fmem;
}

int xenforeignmemory_close(xenforeignmemory_handle *fmem)
{
    if (!fmem)
        return 0;
    if (fmem->fd >= 0)
        close(fmem->fd);
    xtl_logger_destroy(fmem->own_logger);
    free(fmem);
    return 0;
}

static int map_batch(int fd, uint32_t dom, void *addr, size_t pages, const xen_pfn_t *arr, int *err)
{
    struct privcmd_mmapbatch_v2 batch = {
        .num = (uint32_t)pages,
        .dom = (uint16_t)dom,
        .addr = (uintptr_t)addr,
        .arr = arr,
        .err = err,
    };

    return ioctl(fd, PRIVCMD_MMAPBATCH_V2, &batch);
}

/* Maps again, one by one, the frames that a pager has to bring back first. */
static void retry_paged(int fd, uint32_t dom, char *addr, size_t pages, const xen_pfn_t *arr,
                        int *err)
{
    unsigned int tries = 0;
    size_t i;

    for (i = 0; i < pages; i++) {
        while (err[i] == -ENOENT && tries++ < PAGED_RETRIES) {
            usleep(PAGED_SLEEP_US);
            if (map_batch(fd, dom, addr + i * PAGE_BYTES, 1, &arr[i], &err[i]) && errno != ENOENT)
                err[i] = -errno;
        }
    }
}

void *xenforeignmemory_map2(xenforeignmemory_handle *fmem, uint32_t dom, void *addr, int prot,
                            int flags, size_t pages, const xen_pfn_t arr[], int err[])
{
    int *errors = err;
    int saved;
    void *p;
    size_t i;

    if (!pages || pages > UINT32_MAX) {
        errno = EINVAL;
        return NULL;
    }
    if (!errors && !(errors = calloc(pages, sizeof(*errors))))
        return NULL;
    p = mmap(addr, pages * PAGE_BYTES, prot, flags | MAP_SHARED, fmem->fd, 0);
    if (p == MAP_FAILED)
        goto out_errors;
    if (map_batch(fmem->fd, dom, p, pages, arr, errors)) {
        /* ENOENT says that some frame is paged out; every other failure is the whole call's. */
        if (errno != ENOENT)
            goto out_unmap;
        retry_paged(fmem->fd, dom, p, pages, arr, errors);
    }
    if (err)
        return p;
    for (i = 0; i < pages; i++) {
        if (errors[i]) {
            errno = -errors[i];
            goto out_unmap;
        }
    }
    free(errors);
    return p;

out_unmap:
    saved = errno;
    munmap(p, pages * PAGE_BYTES);
    errno = saved;
out_errors:
    saved = errno;
    if (!err)
        free(errors);
    errno = saved;
    return NULL;
}

void *xenforeignmemory_map(xenforeignmemory_handle *fmem, uint32_t dom, int prot, size_t pages,
                           const xen_pfn_t arr[], int err[])
{
    return xenforeignmemory_map2(fmem, dom, NULL, prot, 0, pages, arr, err);
}

int xenforeignmemory_unmap(xenforeignmemory_handle *fmem, void *addr, size_t pages)
{
    return munmap(addr, pages * PAGE_BYTES);
}

int xenforeignmemory_restrict(xenforeignmemory_handle *fmem, domid_t domid)
{
    return ioctl(fmem->fd, PRIVCMD_RESTRICT, &domid);
}

static int map_resource(int fd, struct privcmd_mmap_resource *res)
{
    int rc = ioctl(fd, PRIVCMD_MMAP_RESOURCE, res);

    /* A kernel without the operation answers as for any unknown ioctl. */
    if (rc && errno == ENOTTY)
        errno = EOPNOTSUPP;
    return rc;
}

xenforeignmemory_resource_handle *
xenforeignmemory_map_resource(xenforeignmemory_handle *fmem, domid_t domid, unsigned int type,
                              unsigned int id, unsigned long frame, unsigned long nr_frames,
                              void **paddr, int prot, int flags)
{
    struct privcmd_mmap_resource res = {
        .dom = domid,
        .type = type,
        .id = id,
        .idx = (uint32_t)frame,
        .num = nr_frames,
    };
    xenforeignmemory_resource_handle *fres;
    int saved;

    if (!nr_frames || frame > UINT32_MAX) {
        errno = EINVAL;
        return NULL;
    }
    fres = calloc(1, sizeof(*fres));
    if (!fres)
        return NULL;
    fres->size = nr_frames * PAGE_BYTES;
    fres->addr = mmap(*paddr, fres->size, prot, flags | MAP_SHARED, fmem->fd, 0);
    if (fres->addr == MAP_FAILED)
        goto out_free;
    res.addr = (uintptr_t)fres->addr;
    if (map_resource(fmem->fd, &res))
        goto out_unmap;
    *paddr = fres->addr;
    return fres;

out_unmap:
    saved = errno;
    munmap(fres->addr, fres->size);
    errno = saved;
out_free:
    saved = errno;
    free(fres);
    errno = saved;
    return NULL;
}

int xenforeignmemory_unmap_resource(xenforeignmemory_handle *fmem,
                                    xenforeignmemory_resource_handle *fres)
{
    int rc = fres ? munmap(fres->addr, fres->size) : 0;

    free(fres);
    return rc;
}

int xenforeignmemory_resource_size(xenforeignmemory_handle *fmem, domid_t domid, unsigned int type,
                                   unsigned int id, size_t *size)
{
    struct privcmd_mmap_resource res = {.dom = domid, .type = type, .id = id};

    if (map_resource(fmem->fd, &res))
        return -1;
    *size = res.num * PAGE_BYTES;
    return 0;
}
