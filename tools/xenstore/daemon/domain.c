/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Domains: introduced by the toolstack, each with a shared ring page and an event channel; released
 * by the toolstack or when they die.
 */
#include "log.h"
#include "record.h"
#include "store.h"

#include <stdlib.h>
#include <string.h>

struct domain *domain_find(struct store *s, uint32_t domid)
{
    struct domain *d = s->domains[domid % DOMAIN_CHAINS];

    while (d && d->domid != domid)
        d = d->next;
    return d;
}

struct domain *domain_by_port(struct store *s, int port)
{
    return port >= 0 && (unsigned int)port < s->port_count ? s->by_port[port] : NULL;
}

static void set_port(struct store *s, struct domain *d, int port)
{
    if (d->port >= 0)
        s->by_port[d->port] = NULL;
    d->port = port;
    if (port < 0)
        return;
    if ((unsigned int)port >= s->port_count) {
        unsigned int count = (unsigned int)port * 2 + 64;

        s->by_port = xrealloc(s->by_port, count * sizeof(*s->by_port));
        memset(s->by_port + s->port_count, 0, (count - s->port_count) * sizeof(*s->by_port));
        s->port_count = count;
    }
    s->by_port[port] = d;
}

struct domain *domain_new(struct store *s, uint32_t domid, uint64_t gfn, uint32_t port)
{
    struct domain *d = xzalloc(sizeof(*d));

    conn_init(s, &d->conn, domid, domid == 0);
    d->conn.domain = d;
    d->domid = domid;
    d->gfn = gfn;
    d->remote_port = port;
    d->port = -1;
    list_init(&d->active);
    d->next = s->domains[domid % DOMAIN_CHAINS];
    s->domains[domid % DOMAIN_CHAINS] = d;
    s->domain_count++;
    return d;
}

/* Gives ring page and event channel back. */
static void detach(struct store *s, struct domain *d)
{
    if (d->port >= 0) {
        int port = d->port;

        set_port(s, d, -1);
        s->platform->unbind(s->platform->arg, port);
    }
    if (d->ring)
        s->platform->unmap(s->platform->arg, d->domid, d->ring);
    d->ring = NULL;
}

void domain_disconnect(struct store *s, struct domain *d)
{
    struct domain **link = &s->domains[d->domid % DOMAIN_CHAINS];

    while (*link != d)
        link = &(*link)->next;
    *link = d->next;
    s->domain_count--;
    detach(s, d);
    list_del(&d->active);
    conn_close(s, &d->conn);
    buf_free(&d->in);
    free(d);
}

/* Maps and binds; NULL, or what could not be done (errno says why). */
static const char *try_attach(struct store *s, struct domain *d)
{
    const struct platform *p = s->platform;
    int port;

    d->ring = p->map(p->arg, d->domid, d->gfn);
    if (!d->ring)
        return "map its ring page";
    port = p->bind(p->arg, d->domid, d->remote_port);
    if (port < 0) {
        int err = errno;

        p->unmap(p->arg, d->domid, d->ring);
        d->ring = NULL;
        errno = err;
        return "bind its event channel";
    }
    set_port(s, d, port);
    return NULL;
}

static int attach(struct store *s, struct domain *d)
{
    const char *fault = try_attach(s, d);

    if (!fault)
        return 0;
    log_line("domain %u: cannot %s (frame %#llx, channel %u): %s", d->domid, fault,
             (unsigned long long)d->gfn, d->remote_port, strerror(errno));
    return EINVAL;
}

int domain_introduce(struct store *s, uint32_t domid, uint64_t gfn, uint32_t port)
{
    struct domain *d = domain_find(s, domid);
    bool shutdown, known = d;
    int err;

    if (d && domid == 0)
        return 0; /* introduced itself at our start */
    if (!s->platform->alive(s->platform->arg, domid, &shutdown))
        return ENOENT;
    if (known) {
        /* Again, as after a resume: the guest's side starts anew. */
        conn_reset(s, &d->conn);
        conn_drop_output(&d->conn);
        detach(s, d);
        d->gfn = gfn;
        d->remote_port = port;
        d->conn.broken = false;
        d->shutdown = false;
    } else {
        d = domain_new(s, domid, gfn, port);
    }
    err = attach(s, d);
    if (err) {
        if (known)
            record_release(s, domid);
        domain_disconnect(s, d);
        return err;
    }
    ring_attach(s, d);
    record_introduce(s, d);
    /* Perhaps it has written already: look at the ring even without an event. */
    domain_wake(s, d);
    watch_fire_special(s, SPECIAL_INTRODUCE, domid);
    return 0;
}

int domain_attach_own(struct store *s)
{
    struct domain *d = domain_new(s, 0, 0, 0);
    int err = attach(s, d);

    if (err) {
        domain_disconnect(s, d);
        return err;
    }
    ring_attach(s, d);
    record_introduce(s, d);
    record_commit(s);
    domain_wake(s, d);
    return 0;
}

void domain_wake(struct store *s, struct domain *d)
{
    if (list_empty(&d->active))
        list_add_tail(&d->active, &s->active);
}

void domain_release(struct store *s, struct domain *d)
{
    uint32_t domid = d->domid;

    record_release(s, domid);
    for (unsigned int i = 0; i < DOMAIN_CHAINS; i++)
        for (struct domain *other = s->domains[i]; other; other = other->next)
            if (other->conn.who.target == domid)
                other->conn.who.target = DOMID_NONE;
    domain_disconnect(s, d);
    nodes_forget_domain(s, domid);
    watch_fire_special(s, SPECIAL_RELEASE, domid);
}

void domains_check(struct store *s)
{
    for (unsigned int i = 0; i < DOMAIN_CHAINS; i++) {
        struct domain *d = s->domains[i], *next;

        for (; d; d = next) {
            bool shutdown = false;

            next = d->next;
            if (d->domid == 0)
                continue;
            if (!s->platform->alive(s->platform->arg, d->domid, &shutdown)) {
                domain_release(s, d);
            } else if (shutdown && !d->shutdown) {
                d->shutdown = true;
                record_shutdown(s, d);
                watch_fire_special(s, SPECIAL_RELEASE, d->domid);
            }
        }
    }
    record_commit(s);
}

/* So long the page and the event channel may still be in the hands of the daemon before us. */
#define PATIENCE_MS 2000
#define PAUSE_MS    20

static void reconnect(struct store *s, struct domain *d)
{
    bool shutdown, own = d->domid == 0;
    const char *fault = NULL;

    for (int i = 0; i < PATIENCE_MS / PAUSE_MS; i++) {
        if (!own && !s->platform->alive(s->platform->arg, d->domid, &shutdown)) {
            domain_release(s, d); /* died while nobody looked */
            return;
        }
        fault = try_attach(s, d);
        if (!fault) {
            ring_reattach(s, d);
            domain_wake(s, d);
            return;
        }
        s->platform->pause(s->platform->arg, PAUSE_MS);
    }
    /* Its nodes stay; introducing it again repairs the connection. */
    log_line("domain %u: not connected after the restart: cannot %s: %s", d->domid, fault,
             strerror(errno));
}

void domains_reconnect(struct store *s)
{
    for (unsigned int i = 0; i < DOMAIN_CHAINS; i++) {
        struct domain *d = s->domains[i], *next;

        for (; d; d = next) {
            next = d->next;
            /* What was begun before the restart cannot be finished: its end says "try again". */
            list_for_each_entry (t, &d->conn.transactions, struct transaction, of_conn) {
                node_unref(t->base);
                t->base = node_ref(s->tree.root);
                node_unref(t->tree.root);
                t->tree.root = node_ref(s->tree.root);
                t->doomed = true;
            }
            reconnect(s, d);
        }
    }
    record_commit(s);
}
