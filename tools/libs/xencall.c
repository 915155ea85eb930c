/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hypercalls through /dev/xen/privcmd and memory that is safe to hand to the hypervisor: pages
 * of /dev/xen/hypercall where the kernel has it, locked anonymous pages otherwise. Single pages
 * are kept in a small cache, because every control operation needs one or two.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "xencall.h"
#include "xentoollog.h"
#include "linux_abi.h"

#define PAGE_BYTES  4096UL
#define CACHE_PAGES 8
/* In front of a buffer of any size; keeps what follows aligned to a cache line. */
#define HEADER_BYTES 64UL

struct buffer_header {
    size_t nr_pages;
};

struct xencall_handle {
    int privcmd_fd;
    int buffer_fd; /* /dev/xen/hypercall, -1: use locked memory */
    unsigned flags;
    xentoollog_logger *logger;
    xentoollog_logger *own_logger;
    pthread_mutex_t lock; /* protects: cache, nr_cached */
    void *cache[CACHE_PAGES];
    unsigned nr_cached;
};

static void unmap_pages(xencall_handle *xcall, void *p, size_t nr_pages)
{
    int saved = errno;

    if (xcall->buffer_fd < 0) {
        madvise(p, nr_pages * PAGE_BYTES, MADV_DOFORK);
        munlock(p, nr_pages * PAGE_BYTES);
    }
    munmap(p, nr_pages * PAGE_BYTES);
    errno = saved;
}

static void *map_pages(xencall_handle *xcall, size_t nr_pages)
{
    size_t size = nr_pages * PAGE_BYTES;
    void *p;

    if (xcall->buffer_fd >= 0) {
        p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, xcall->buffer_fd, 0);
        if (p == MAP_FAILED)
            return NULL;
        return p;
    }
    p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        return NULL;
    /* A fork would make the pages copy-on-write under a running hypercall: keep them from it. */
    if (madvise(p, size, MADV_DONTFORK) || mlock(p, size)) {
        int saved = errno;

        munmap(p, size);
        errno = saved;
        return NULL;
    }
    memset(p, 0, size);
    return p;
}

static void cache_lock(xencall_handle *xcall)
{
    if (!(xcall->flags & XENCALL_OPENFLAG_NON_REENTRANT))
        pthread_mutex_lock(&xcall->lock);
}

static void cache_unlock(xencall_handle *xcall)
{
    if (!(xcall->flags & XENCALL_OPENFLAG_NON_REENTRANT))
        pthread_mutex_unlock(&xcall->lock);
}

xencall_handle *xencall_open(struct xentoollog_logger *logger, unsigned open_flags)
{
    xencall_handle *xcall = calloc(1, sizeof(*xcall));

    if (!xcall)
        return NULL;
    xcall->flags = open_flags;
    xcall->buffer_fd = -1;
    xcall->privcmd_fd = -1;
    pthread_mutex_init(&xcall->lock, NULL);
    if (!logger)
        logger = xcall->own_logger = (xentoollog_logger *)xtl_createlogger_stdiostream(
            stderr, XTL_WARN, XTL_STDIOSTREAM_HIDE_PROGRESS);
    xcall->logger = logger;
    xcall->privcmd_fd = open(XEN_DEV("privcmd"), O_RDWR | O_CLOEXEC);
    if (xcall->privcmd_fd < 0 && errno == ENOENT)
        xcall->privcmd_fd = open("/proc/xen/privcmd", O_RDWR | O_CLOEXEC);
    if (xcall->privcmd_fd < 0) {
        int saved = errno;

        xtl_log(logger, XTL_ERROR, saved, "xencall",
                "cannot open " XEN_DEV("privcmd") " (is this the control domain, with the "
                                                  "xen-privcmd module, and are you root?)");
        xencall_close(xcall);
        errno = saved;
        return NULL;
    }
    xcall->buffer_fd = open(XEN_DEV("hypercall"), O_RDWR | O_CLOEXEC);
    return xcall;
}

int xencall_close(xencall_handle *xcall)
{
    if (!xcall)
        return 0;
    while (xcall->nr_cached)
        unmap_pages(xcall, xcall->cache[--xcall->nr_cached], 1);
    if (xcall->buffer_fd >= 0)
        close(xcall->buffer_fd);
    if (xcall->privcmd_fd >= 0)
        close(xcall->privcmd_fd);
    pthread_mutex_destroy(&xcall->lock);
    xtl_logger_destroy(xcall->own_logger);
    free(xcall);
    return 0;
}

int xencall_fd(xencall_handle *xcall)
{
    return xcall->privcmd_fd;
}

static long hypercall(xencall_handle *xcall, struct privcmd_hypercall call)
{
    return ioctl(xcall->privcmd_fd, PRIVCMD_HYPERCALL, &call);
}

int xencall0(xencall_handle *xcall, unsigned int op)
{
    return (int)hypercall(xcall, (struct privcmd_hypercall){.op = op});
}

int xencall1(xencall_handle *xcall, unsigned int op, uint64_t arg1)
{
    return (int)hypercall(xcall, (struct privcmd_hypercall){.op = op, .arg = {arg1}});
}

int xencall2(xencall_handle *xcall, unsigned int op, uint64_t arg1, uint64_t arg2)
{
    return (int)hypercall(xcall, (struct privcmd_hypercall){.op = op, .arg = {arg1, arg2}});
}

int xencall3(xencall_handle *xcall, unsigned int op, uint64_t arg1, uint64_t arg2, uint64_t arg3)
{
    return (int)hypercall(xcall, (struct privcmd_hypercall){.op = op, .arg = {arg1, arg2, arg3}});
}

int xencall4(xencall_handle *xcall, unsigned int op, uint64_t arg1, uint64_t arg2, uint64_t arg3,
             uint64_t arg4)
{
    return (int)hypercall(xcall,
                          (struct privcmd_hypercall){.op = op, .arg = {arg1, arg2, arg3, arg4}});
}

int xencall5(xencall_handle *xcall, unsigned int op, uint64_t arg1, uint64_t arg2, uint64_t arg3,
             uint64_t arg4, uint64_t arg5)
{
    return (int)hypercall(
        xcall, (struct privcmd_hypercall){.op = op, .arg = {arg1, arg2, arg3, arg4, arg5}});
}

long xencall2L(xencall_handle *xcall, unsigned int op, uint64_t arg1, uint64_t arg2)
{
    return hypercall(xcall, (struct privcmd_hypercall){.op = op, .arg = {arg1, arg2}});
}

void *xencall_alloc_buffer_pages(xencall_handle *xcall, size_t nr_pages)
{
    void *p = NULL;

    if (!nr_pages || nr_pages > SIZE_MAX / PAGE_BYTES) {
        errno = EINVAL;
        return NULL;
    }
    if (nr_pages == 1) {
        cache_lock(xcall);
        if (xcall->nr_cached)
            p = xcall->cache[--xcall->nr_cached];
        cache_unlock(xcall);
        if (p) {
            memset(p, 0, PAGE_BYTES);
            return p;
        }
    }
    return map_pages(xcall, nr_pages);
}

void xencall_free_buffer_pages(xencall_handle *xcall, void *p, size_t nr_pages)
{
    if (!p)
        return;
    if (nr_pages == 1) {
        cache_lock(xcall);
        if (xcall->nr_cached < CACHE_PAGES) {
            xcall->cache[xcall->nr_cached++] = p;
            p = NULL;
        }
        cache_unlock(xcall);
    }
    if (p)
        unmap_pages(xcall, p, nr_pages);
}

void *xencall_alloc_buffer(xencall_handle *xcall, size_t size)
{
    struct buffer_header *header;
    size_t nr_pages;

    if (size > SIZE_MAX - HEADER_BYTES - PAGE_BYTES) {
        errno = ENOMEM;
        return NULL;
    }
    nr_pages = (size + HEADER_BYTES + PAGE_BYTES - 1) / PAGE_BYTES;
    header = xencall_alloc_buffer_pages(xcall, nr_pages);
    if (!header)
        return NULL;
    header->nr_pages = nr_pages;
    return (char *)header + HEADER_BYTES;
}

void xencall_free_buffer(xencall_handle *xcall, void *p)
{
    struct buffer_header *header;

    if (!p)
        return;
    header = (struct buffer_header *)((char *)p - HEADER_BYTES);
    xencall_free_buffer_pages(xcall, header, header->nr_pages);
}

int xencall_buffers_never_fault(xencall_handle *xcall)
{
    return xcall->buffer_fd >= 0;
}
