/* SPDX-License-Identifier: GPL-2.0-only */
/* The hypervisor's console ring, appended to hypervisor.log as it grows (VIRQ_CON_RING). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <util/log.h>

#include "daemon.h"

struct hvlog {
    struct logfile *log;
    int port;
    uint32_t index; /* where to go on in the ring */
    bool failed;
};

static void drain(struct daemon *d, struct hvlog *h)
{
    char buf[3072];
    unsigned int n;

    do {
        n = sizeof(buf);
        if (xc_readconsolering(d->xch, buf, &n, 0, 1, &h->index)) {
            log_warn("cannot read the hypervisor's console: %s", strerror(errno));
            return;
        }
        if (n && logfile_write(h->log, buf, n, time(NULL)) && !h->failed) {
            h->failed = true;
            log_warn("cannot write hypervisor.log: %s", strerror(errno));
        }
    } while (n);
}

struct hvlog *hvlog_new(struct daemon *d)
{
    struct hvlog *h = calloc(1, sizeof(*h));

    if (!h || !(h->log = logfile_new(&d->set.hypervisor_log, "hypervisor.log"))) {
        free(h);
        return NULL;
    }
    h->port = xenevtchn_bind_virq(d->xce, VIRQ_CON_RING);
    if (h->port < 0) {
        log_error("cannot bind the hypervisor console's event: %s", strerror(errno));
        hvlog_free(d, h);
        return NULL;
    }
    drain(d, h);
    return h;
}

void hvlog_free(struct daemon *d, struct hvlog *h)
{
    if (!h)
        return;
    if (h->port >= 0)
        xenevtchn_unbind(d->xce, (evtchn_port_t)h->port);
    logfile_free(h->log);
    free(h);
}

bool hvlog_event(struct daemon *d, struct hvlog *h, int port)
{
    if (!h || port != h->port)
        return false;
    drain(d, h);
    xenevtchn_unmask(d->xce, (evtchn_port_t)port);
    return true;
}

void hvlog_reopen(struct hvlog *h)
{
    logfile_reopen(h->log);
    h->failed = false;
}
