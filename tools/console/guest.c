/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest's console: its page is mapped (by grant, or as a foreign frame), its event channel bound,
 * and bytes move between the page's rings, a pseudo terminal and a log file. A guest that sends
 * events without end is given a share of each period; one whose terminal nobody reads keeps its
 * latest output.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <util/log.h>

#include "daemon.h"

#define EVENTS_PER_PERIOD 200
#define DEAD_LINGER_MS    2000

static int open_terminal(struct guest *g)
{
    struct termios term;
    int saved;

    g->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (g->master < 0)
        return -1;
    if (grantpt(g->master) || unlockpt(g->master) || ptsname_r(g->master, g->tty, sizeof(g->tty)))
        goto fail;
    /* Kept open: otherwise every client that leaves would hang up the terminal. */
    g->slave = open(g->tty, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (g->slave < 0 || tcgetattr(g->slave, &term))
        goto fail;
    cfmakeraw(&term);
    if (tcsetattr(g->slave, TCSANOW, &term))
        goto fail;
    return 0;

fail:
    saved = errno;
    close(g->master);
    if (g->slave >= 0)
        close(g->slave);
    g->master = g->slave = -1;
    errno = saved;
    return -1;
}

static void open_log(struct daemon *d, struct guest *g)
{
    char path[64], name[160], file[256];
    char *text;

    if (!d->set.log_guests)
        return;
    snprintf(path, sizeof(path), "/local/domain/%u", g->domid);
    text = store_text(d, path, "name");
    if (text && *text)
        snprintf(name, sizeof(name), "%s", text);
    else
        snprintf(name, sizeof(name), "dom%u", g->domid);
    free(text);
    logfile_safe_name(file, sizeof(file), "guest-", name);
    g->log = logfile_new(&d->set.guest_log, file);
}

struct guest *guest_find(struct daemon *d, unsigned int domid)
{
    struct guest *g = d->guests;

    while (g && g->domid != domid)
        g = g->next;
    return g;
}

struct guest *guest_new(struct daemon *d, unsigned int domid)
{
    struct guest *g = calloc(1, sizeof(*g));

    if (!g || asprintf(&g->path, "/local/domain/%u/console", domid) < 0) {
        free(g);
        log_error("domain %u: out of memory for its console", domid);
        return NULL;
    }
    g->domid = domid;
    g->port = g->master = g->slave = -1;
    g->budget = EVENTS_PER_PERIOD;
    g->output.max = d->set.buffer_bytes;
    g->next = d->guests;
    d->guests = g;
    return g;
}

static void unmap_page(struct daemon *d, struct guest *g)
{
    if (!g->ring.page)
        return;
    if (g->by_grant)
        xengnttab_unmap(d->xgt, g->ring.page, 1);
    else
        xenforeignmemory_unmap(xc_interface_fmem_handle(d->xch), g->ring.page, 1);
    g->ring.page = NULL;
}

static void disconnect(struct daemon *d, struct guest *g)
{
    if (g->port >= 0)
        xenevtchn_unbind(d->xce, (evtchn_port_t)g->port);
    g->port = -1;
    unmap_page(d, g);
}

static struct xencons_interface *map_page(struct daemon *d, struct guest *g)
{
    xen_pfn_t gfn = g->ring_ref;
    void *page = NULL;

    g->by_grant = true;
    if (d->xgt)
        page = xengnttab_map_grant_ref(d->xgt, g->domid, GNTTAB_RESERVED_CONSOLE,
                                       PROT_READ | PROT_WRITE);
    if (page)
        return page;
    g->by_grant = false;
    page = xenforeignmemory_map(xc_interface_fmem_handle(d->xch), g->domid, PROT_READ | PROT_WRITE,
                                1, &gfn, NULL);
    if (!page)
        log_warn("domain %u: cannot map its console page 0x%llx: %s", g->domid,
                 (unsigned long long)g->ring_ref, strerror(errno));
    return page;
}

/* Moves what the guest wrote to log and terminal. False: it is to wait for room (unless last). */
static bool take_output(struct daemon *d, struct guest *g, bool last)
{
    char buf[2048];
    size_t n, room = sizeof(buf);

    if (d->set.keep_oldest && !last) {
        room = g->output.max - g->output.len;
        if (room > sizeof(buf))
            room = sizeof(buf);
        if (!room)
            return false;
    }
    n = console_ring_read(&g->ring, buf, room);
    if (g->ring.violations && !g->warned_violation) {
        g->warned_violation = true;
        log_warn("domain %u: impossible index in its console ring, output skipped", g->domid);
    }
    if (!n)
        return true;
    if (g->log && logfile_write(g->log, buf, n, time(NULL)) && !g->log_failed) {
        g->log_failed = true;
        log_warn("domain %u: cannot write its console log: %s", g->domid, strerror(errno));
    }
    if (g->master >= 0)
        bytes_put(&g->output, buf, n);
    if (g->port >= 0)
        xenevtchn_notify(d->xce, (evtchn_port_t)g->port);
    return true;
}

/* One ring's worth, and as much as the terminal takes at once. */
static void pump(struct daemon *d, struct guest *g)
{
    bool waiting = g->output.len;

    if (!g->ring.page)
        return;
    g->stalled = !take_output(d, g, false);
    /* A terminal that is full is polled for; before that trying again is in vain. */
    if (!waiting)
        guest_terminal(d, g, POLLOUT);
}

static void connect_guest(struct daemon *d, struct guest *g)
{
    struct xencons_interface *page = map_page(d, g);

    if (!page)
        return;
    console_ring_attach(&g->ring, page);
    g->port = xenevtchn_bind_interdomain(d->xce, g->domid, g->remote_port);
    if (g->port < 0) {
        log_warn("domain %u: cannot bind its console's event channel %u: %s", g->domid,
                 g->remote_port, strerror(errno));
        unmap_page(d, g);
        return;
    }
    if (g->master < 0) {
        if (open_terminal(g))
            log_error("domain %u: no terminal for its console: %s", g->domid, strerror(errno));
        open_log(d, g);
    }
    log_info("domain %u: console on %s", g->domid, g->master >= 0 ? g->tty : "(no terminal)");
    pump(d, g);
}

void guest_configure(struct daemon *d, struct guest *g)
{
    uint64_t ring_ref, port;
    char *type = store_text(d, g->path, "type");
    bool ours = !type || !strcmp(type, "xenconsoled");

    free(type);
    /* Another program serves this console, or the toolstack has not written it yet. */
    if (!ours || !store_number(d, g->path, "ring-ref", &ring_ref) ||
        !store_number(d, g->path, "port", &port))
        return;
    if (!g->ring.page || g->ring_ref != ring_ref || g->remote_port != port) {
        disconnect(d, g);
        g->ring_ref = ring_ref;
        g->remote_port = (uint32_t)port;
        connect_guest(d, g);
    }
    if (g->master >= 0)
        store_publish_tty(d, g);
}

void guest_event(struct daemon *d, int port)
{
    struct guest *g = d->guests;

    while (g && g->port != port)
        g = g->next;
    if (!g)
        return;
    pump(d, g);
    if (g->budget)
        g->budget--;
    g->throttled = !g->budget;
    if (!g->throttled)
        xenevtchn_unmask(d->xce, (evtchn_port_t)g->port);
}

void guest_new_period(struct daemon *d)
{
    struct guest *g;

    for (g = d->guests; g; g = g->next) {
        g->budget = EVENTS_PER_PERIOD;
        if (!g->throttled)
            continue;
        g->throttled = false;
        pump(d, g);
        if (g->port >= 0)
            xenevtchn_unmask(d->xce, (evtchn_port_t)g->port);
    }
}

short guest_poll_events(struct daemon *d, struct guest *g)
{
    short events = 0;

    if (g->master < 0)
        return 0;
    if (g->output.len)
        events |= POLLOUT;
    /* Input the guest has no room for stays with whoever types it. */
    if (g->ring.page && console_ring_space(&g->ring))
        events |= POLLIN;
    return events;
}

static void write_terminal(struct daemon *d, struct guest *g)
{
    while (g->output.len) {
        ssize_t n = write(g->master, bytes_peek(&g->output), g->output.len);

        if (n <= 0)
            return;
        bytes_consume(&g->output, (size_t)n);
    }
    if (g->stalled && g->ring.page)
        g->stalled = !take_output(d, g, false);
}

void guest_terminal(struct daemon *d, struct guest *g, short revents)
{
    char buf[1024];
    size_t room;
    ssize_t n;

    if (g->master < 0)
        return;
    if (revents & POLLOUT)
        write_terminal(d, g);
    if (!(revents & POLLIN) || !g->ring.page)
        return;
    room = console_ring_space(&g->ring);
    n = read(g->master, buf, room < sizeof(buf) ? room : sizeof(buf));
    if (n > 0) {
        /* The guest can take back room between two looks, so what is refused is lost with it. */
        console_ring_write(&g->ring, buf, (size_t)n);
        if (g->port >= 0)
            xenevtchn_notify(d->xce, (evtchn_port_t)g->port);
    }
}

void guest_reopen_log(struct daemon *d, struct guest *g)
{
    if (g->log)
        logfile_reopen(g->log);
    g->log_failed = false;
}

static void unlink_guest(struct guest **list, struct guest *g)
{
    while (*list && *list != g)
        list = &(*list)->next;
    if (*list)
        *list = g->next;
}

void guest_end(struct daemon *d, struct guest *g)
{
    unlink_guest(&d->guests, g);
    /* Its page outlives it as long as it is mapped: the last words are still there. */
    if (g->ring.page)
        take_output(d, g, true);
    disconnect(d, g);
    logfile_free(g->log);
    g->log = NULL;
    log_info("domain %u: gone", g->domid);
    g->deadline_ms = now_ms() + DEAD_LINGER_MS;
    g->next = d->dead;
    d->dead = g;
}

void guest_free(struct daemon *d, struct guest *g)
{
    disconnect(d, g);
    logfile_free(g->log);
    if (g->master >= 0)
        close(g->master);
    if (g->slave >= 0)
        close(g->slave);
    bytes_free(&g->output);
    free(g->path);
    free(g);
}

void guest_bury(struct daemon *d)
{
    struct guest *g, *next;

    for (g = d->dead; g; g = next) {
        int unread = 0;

        next = g->next;
        guest_terminal(d, g, POLLOUT);
        if (g->slave >= 0)
            ioctl(g->slave, FIONREAD, &unread);
        if (g->master < 0 || (!g->output.len && !unread) || now_ms() >= g->deadline_ms) {
            unlink_guest(&d->dead, g);
            guest_free(d, g);
        }
    }
}
