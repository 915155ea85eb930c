/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * freepages [--settle]: print the hypervisor's own count of free pages (XEN_SYSCTL_physinfo), those
 * being scrubbed included. --settle waits until the count has not changed for half a second, as
 * destroyed domains are dismantled in the background.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define __XEN_TOOLS__ 1
#include <xen/xen.h>
#include <xen/sysctl.h>

/* Linux's privcmd interface, as in its uapi header xen/privcmd.h. */
struct privcmd_hypercall {
    uint64_t op, arg[5];
};
#define IOCTL_PRIVCMD_HYPERCALL _IOC(_IOC_NONE, 'P', 0, sizeof(struct privcmd_hypercall))

static int64_t free_pages(int fd)
{
    struct xen_sysctl *op = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED | MAP_POPULATE, -1, 0);
    struct privcmd_hypercall call = {.op = __HYPERVISOR_sysctl, .arg = {(uintptr_t)op}};
    int64_t pages = -1;

    if (op == MAP_FAILED)
        return -1;
    op->cmd = XEN_SYSCTL_physinfo;
    op->interface_version = XEN_SYSCTL_INTERFACE_VERSION;
    if (ioctl(fd, IOCTL_PRIVCMD_HYPERCALL, &call) == 0)
        pages = (int64_t)(op->u.physinfo.free_pages + op->u.physinfo.scrub_pages);
    munmap(op, 4096);
    return pages;
}

int main(int argc, char **argv)
{
    int fd = open("/dev/xen/privcmd", O_RDWR | O_CLOEXEC);
    int64_t pages = fd < 0 ? -1 : free_pages(fd), before;

    if (pages >= 0 && argc > 1 && !strcmp(argv[1], "--settle")) {
        int tries = 0;
        do {
            before = pages;
            usleep(500000);
            pages = free_pages(fd);
        } while (pages != before && ++tries < 60);
    }
    if (pages < 0) {
        perror("freepages");
        return 1;
    }
    printf("%" PRId64 "\n", pages);
    return 0;
}
