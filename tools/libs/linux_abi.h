/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the Linux drivers behind /dev/xen/ take: ioctl numbers and their arguments, as in the
 * kernel's user interface headers (include/uapi/xen/). Restated here because the kernel's headers
 * and the hypervisor's share the name <xen/...>.
 */
#ifndef CRATON_LIBS_LINUX_ABI_H
#define CRATON_LIBS_LINUX_ABI_H

#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>

#define XEN_DEV(name) "/dev/xen/" name

struct privcmd_hypercall {
    uint64_t op;
    uint64_t arg[5];
};
struct privcmd_mmapbatch_v2 {
    uint32_t num;
    uint16_t dom;
    uint64_t addr;
    const uint64_t *arr;
    int *err;
};
struct privcmd_mmap_resource {
    uint16_t dom;
    uint32_t type;
    uint32_t id;
    uint32_t idx;
    uint64_t num;
    uint64_t addr;
};
#define PRIVCMD_HYPERCALL     _IOC(_IOC_NONE, 'P', 0, sizeof(struct privcmd_hypercall))
#define PRIVCMD_MMAPBATCH_V2  _IOC(_IOC_NONE, 'P', 4, sizeof(struct privcmd_mmapbatch_v2))
#define PRIVCMD_RESTRICT      _IOC(_IOC_NONE, 'P', 6, sizeof(uint16_t))
#define PRIVCMD_MMAP_RESOURCE _IOC(_IOC_NONE, 'P', 7, sizeof(struct privcmd_mmap_resource))

struct evtchn_bind_virq_arg {
    uint32_t virq;
};
struct evtchn_bind_interdomain_arg {
    uint32_t remote_domain, remote_port;
};
struct evtchn_bind_unbound_arg {
    uint32_t remote_domain;
};
struct evtchn_port_arg {
    uint32_t port;
};
struct evtchn_restrict_arg {
    uint16_t domid;
};
#define EVTCHN_DEV_BIND_VIRQ _IOC(_IOC_NONE, 'E', 0, sizeof(struct evtchn_bind_virq_arg))
#define EVTCHN_DEV_BIND_INTERDOMAIN \
    _IOC(_IOC_NONE, 'E', 1, sizeof(struct evtchn_bind_interdomain_arg))
#define EVTCHN_DEV_BIND_UNBOUND _IOC(_IOC_NONE, 'E', 2, sizeof(struct evtchn_bind_unbound_arg))
#define EVTCHN_DEV_UNBIND       _IOC(_IOC_NONE, 'E', 3, sizeof(struct evtchn_port_arg))
#define EVTCHN_DEV_NOTIFY       _IOC(_IOC_NONE, 'E', 4, sizeof(struct evtchn_port_arg))
#define EVTCHN_DEV_RESTRICT     _IOC(_IOC_NONE, 'E', 6, sizeof(struct evtchn_restrict_arg))

struct gntdev_ref {
    uint32_t domid;
    uint32_t ref;
};
struct gntdev_map {
    uint32_t count;
    uint32_t pad;
    uint64_t index; /* out: offset for mmap */
    struct gntdev_ref refs[1];
};
struct gntdev_unmap {
    uint64_t index;
    uint32_t count;
    uint32_t pad;
};
struct gntdev_get_offset {
    uint64_t vaddr;
    uint64_t offset;
    uint32_t count;
    uint32_t pad;
};
struct gntdev_set_max {
    uint32_t count;
};
struct gnt_unmap_notify {
    uint64_t index;
    uint32_t action;
    uint32_t event_channel_port;
};
#define GNT_NOTIFY_CLEAR_BYTE 1
#define GNT_NOTIFY_SEND_EVENT 2
struct gntdev_copy {
    uint32_t count;
    void *segments;
};
#define GNTDEV_MAP        _IOC(_IOC_NONE, 'G', 0, sizeof(struct gntdev_map))
#define GNTDEV_UNMAP      _IOC(_IOC_NONE, 'G', 1, sizeof(struct gntdev_unmap))
#define GNTDEV_GET_OFFSET _IOC(_IOC_NONE, 'G', 2, sizeof(struct gntdev_get_offset))
#define GNTDEV_SET_MAX    _IOC(_IOC_NONE, 'G', 3, sizeof(struct gntdev_set_max))
#define GNT_SET_NOTIFY    _IOC(_IOC_NONE, 'G', 7, sizeof(struct gnt_unmap_notify))
#define GNTDEV_COPY       _IOC(_IOC_NONE, 'G', 8, sizeof(struct gntdev_copy))

struct gntalloc_alloc {
    uint16_t domid;
    uint16_t flags; /* GNTALLOC_WRITABLE */
    uint32_t count;
    uint64_t index; /* out: offset for mmap */
    uint32_t gref_ids[1];
};
struct gntalloc_dealloc {
    uint64_t index;
    uint32_t count;
};
#define GNTALLOC_WRITABLE 1
#define GNTALLOC_ALLOC    _IOC(_IOC_NONE, 'G', 5, sizeof(struct gntalloc_alloc))
#define GNTALLOC_DEALLOC  _IOC(_IOC_NONE, 'G', 6, sizeof(struct gntalloc_dealloc))

#endif
