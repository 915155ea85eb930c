/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * xenconsoled and xenstore: which domains there are, where their consoles are described, and where
 * the terminal's name goes. A lost xenstored is waited for: consoles go on meanwhile.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <util/log.h>

#include "daemon.h"

#define DOMAINS_AT_ONCE 24
#define TOKEN_DOMAINS   "domains"
#define TOKEN_CONSOLE   "console"

static bool lost(int err)
{
    return err == EPIPE || err == ECONNRESET || err == ENOTCONN || err == EBADF || err == EIO ||
           err == ECONNREFUSED;
}

void store_disconnect(struct daemon *d)
{
    if (!d->xs)
        return;
    xs_close(d->xs);
    d->xs = NULL;
    d->next_reconnect_ms = now_ms() + 1000;
    log_warn("xenstored is gone: waiting for it (consoles that exist go on)");
}

/* After a failed call: true if it failed because the connection did. */
static bool check_connection(struct daemon *d)
{
    if (!lost(errno))
        return false;
    store_disconnect(d);
    return true;
}

bool store_connect(struct daemon *d)
{
    struct guest *g;

    d->xs = xs_open(0);
    if (!d->xs)
        return false;
    if (!xs_watch(d->xs, "@introduceDomain", TOKEN_DOMAINS) ||
        !xs_watch(d->xs, "@releaseDomain", TOKEN_DOMAINS)) {
        log_error("cannot watch for domains: %s", strerror(errno));
        xs_close(d->xs);
        d->xs = NULL;
        return false;
    }
    for (g = d->guests; g; g = g->next)
        if (!xs_watch(d->xs, g->path, TOKEN_CONSOLE))
            log_warn("cannot watch %s: %s", g->path, strerror(errno));
    return true;
}

char *store_text(struct daemon *d, const char *path, const char *node)
{
    char full[256];
    unsigned int len;
    char *text;

    if (!d->xs)
        return NULL;
    snprintf(full, sizeof(full), "%s/%s", path, node);
    text = xs_read(d->xs, XBT_NULL, full, &len);
    if (!text)
        check_connection(d);
    return text;
}

bool store_number(struct daemon *d, const char *path, const char *node, uint64_t *value)
{
    char *text = store_text(d, path, node);
    char *end = NULL;
    bool ok = false;

    if (text && *text >= '0' && *text <= '9') {
        errno = 0;
        *value = strtoull(text, &end, 10);
        ok = !errno && !*end;
    }
    free(text);
    return ok;
}

void store_publish_tty(struct daemon *d, struct guest *g)
{
    struct xs_permissions perms[2] = {
        {.id = 0, .perms = XS_PERM_NONE}, /* the owner, and nothing for the rest */
        {.id = g->domid, .perms = XS_PERM_READ},
    };
    char *have = store_text(d, g->path, "tty");
    bool same = have && !strcmp(have, g->tty);
    char full[256];

    free(have);
    /* A predecessor's terminal may have had this very name: clients wait for it to be written. */
    if ((same && g->published) || !d->xs)
        return;
    snprintf(full, sizeof(full), "%s/tty", g->path);
    /* The guest must not be able to name a file that our client then opens. */
    if (!xs_write(d->xs, XBT_NULL, full, g->tty, (unsigned int)strlen(g->tty)) ||
        !xs_set_permissions(d->xs, XBT_NULL, full, perms, 2)) {
        log_warn("domain %u: cannot write %s: %s", g->domid, full, strerror(errno));
        check_connection(d);
        return;
    }
    g->published = true;
}

static void unwatch(struct daemon *d, struct guest *g)
{
    if (d->xs && !xs_unwatch(d->xs, g->path, TOKEN_CONSOLE))
        check_connection(d);
}

static void take_domain(struct daemon *d, const xc_domaininfo_t *info)
{
    struct guest *g = guest_find(d, info->domain);

    /* The control domain's own console is the hypervisor's business. */
    if (info->domain == 0 || (info->flags & XEN_DOMINF_dying))
        return;
    if (!g) {
        g = guest_new(d, info->domain);
        if (!g)
            return;
        /* The watch fires at once, and the guest is configured then. */
        if (d->xs && !xs_watch(d->xs, g->path, TOKEN_CONSOLE)) {
            log_warn("cannot watch %s: %s", g->path, strerror(errno));
            check_connection(d);
        }
    }
    g->seen = true;
}

void store_enumerate(struct daemon *d)
{
    xc_domaininfo_t list[DOMAINS_AT_ONCE];
    uint32_t first = 0;
    struct guest *g, *next;
    int i, n;

    for (g = d->guests; g; g = g->next)
        g->seen = false;
    do {
        n = xc_domain_getinfolist(d->xch, first, DOMAINS_AT_ONCE, list);
        if (n < 0) {
            log_error("cannot list the domains: %s", strerror(errno));
            return;
        }
        for (i = 0; i < n; i++)
            take_domain(d, &list[i]);
        if (n)
            first = list[n - 1].domain + 1u;
    } while (n == DOMAINS_AT_ONCE);
    for (g = d->guests; g; g = next) {
        next = g->next;
        if (!g->seen) {
            unwatch(d, g);
            guest_end(d, g);
        }
    }
}

static void handle_watch(struct daemon *d, const char *path, const char *token)
{
    unsigned int domid;
    const char *leaf;
    struct guest *g;

    if (!strcmp(token, TOKEN_DOMAINS)) {
        store_enumerate(d);
        return;
    }
    if (sscanf(path, "/local/domain/%u/console", &domid) != 1)
        return;
    /* Of all that is written there only these make a difference. */
    leaf = strrchr(path, '/') + 1;
    if (strcmp(leaf, "console") && strcmp(leaf, "ring-ref") && strcmp(leaf, "port") &&
        strcmp(leaf, "type"))
        return;
    g = guest_find(d, domid);
    if (g)
        guest_configure(d, g);
}

void store_events(struct daemon *d)
{
    char **event;

    while (d->xs && (event = xs_check_watch(d->xs))) {
        handle_watch(d, event[XS_WATCH_PATH], event[XS_WATCH_TOKEN]);
        free(event);
    }
    if (d->xs && errno != EAGAIN && errno != EINTR)
        check_connection(d);
}
