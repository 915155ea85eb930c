/* SPDX-License-Identifier: GPL-2.0-only */
/* The platform without a hypervisor: there are no other domains. */
#include "domain_backend.h"

static struct xenstore_domain_interface *none_map(void *arg, uint32_t domid, uint64_t gfn)
{
    errno = ENODEV;
    return NULL;
}

static void none_unmap(void *arg, uint32_t domid, struct xenstore_domain_interface *ring)
{
}

static int none_bind(void *arg, uint32_t domid, uint32_t remote_port)
{
    errno = ENODEV;
    return -1;
}

static void none_port(void *arg, int port)
{
}

static bool none_alive(void *arg, uint32_t domid, bool *shutdown)
{
    return false;
}

static void none_pause(void *arg, unsigned int ms)
{
}

const struct platform *domain_backend_none(void)
{
    static const struct platform none = {
        .map = none_map,
        .unmap = none_unmap,
        .bind = none_bind,
        .unbind = none_port,
        .notify = none_port,
        .alive = none_alive,
        .pause = none_pause,
    };

    return &none;
}
