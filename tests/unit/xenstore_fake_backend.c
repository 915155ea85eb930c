/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A hypervisor for a whole xenstored on the host. The test program owns shared memory with ring
 * pages, and a pair of pipes as event channels; all of it outlives the daemon, which runs in a
 * child process and is killed at will.
 */
#include "xenstore_fake_backend.h"

#include <fcntl.h>
#include <unistd.h>

struct fake_host *fake_host;

static struct xenstore_domain_interface *fake_map(void *arg, uint32_t domid, uint64_t gfn)
{
    return domid < FAKE_DOMAINS ? (void *)fake_host->page[domid] : NULL;
}

static void fake_unmap(void *arg, uint32_t domid, struct xenstore_domain_interface *ring)
{
}

/* Our port for a domain is simply its id and one. */
static int fake_bind(void *arg, uint32_t domid, uint32_t remote_port)
{
    return (int)domid + 1;
}

static void fake_unbind(void *arg, int port)
{
}

static void fake_notify(void *arg, int port)
{
    char byte = 'e';

    (void)!write(fake_host->to_guest[port - 1][1], &byte, 1);
}

static void fake_pause(void *arg, unsigned int ms)
{
}

static bool fake_alive(void *arg, uint32_t domid, bool *shutdown)
{
    *shutdown = false;
    return domid < FAKE_DOMAINS && fake_host->exists[domid];
}

const struct platform *domain_backend_open(int *fd, const char **why)
{
    static const struct platform platform = {
        .map = fake_map,
        .unmap = fake_unmap,
        .bind = fake_bind,
        .unbind = fake_unbind,
        .notify = fake_notify,
        .alive = fake_alive,
        .pause = fake_pause,
    };

    *fd = fake_host->to_daemon[0];
    return &platform;
}

void domain_backend_events(struct store *s)
{
    unsigned char port;
    struct domain *d;

    if (read(fake_host->to_daemon[0], &port, 1) != 1)
        return;
    if (port == FAKE_VIRQ)
        domains_check(s);
    else if ((d = domain_by_port(s, port)))
        domain_wake(s, d);
}
