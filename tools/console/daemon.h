/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of xenconsoled and what they share. One thread; everything hangs off struct daemon. */
#ifndef CONSOLE_DAEMON_H
#define CONSOLE_DAEMON_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include <xenctrl.h>
#include <xenevtchn.h>
#include <xenforeignmemory.h>
#include <xengnttab.h>
#include <xenstore.h>

#include "bytes.h"
#include "logfile.h"
#include "ring.h"

struct settings {
    bool log_guests, log_hypervisor;
    struct logfile_policy guest_log, hypervisor_log;
    size_t buffer_bytes; /* output kept for a terminal that is not read */
    bool keep_oldest;    /* at that limit stop the guest instead of dropping its oldest output */
};

/* A guest's console. */
struct guest {
    struct guest *next;
    unsigned int domid;
    bool seen;         /* in the list of domains last time it was asked for */
    char *path;        /* its console directory in xenstore */
    uint64_t ring_ref; /* frame of the page, as xenstore told it */
    uint32_t remote_port;
    bool by_grant;            /* how the page was mapped */
    struct console_ring ring; /* ring.page NULL: not connected */
    int port;                 /* our event channel, -1: none */
    unsigned int budget;      /* events it may still cause in this period */
    bool throttled;           /* its event stays masked until the next period */
    bool stalled;             /* its output waits for room in the buffer */
    int master, slave;        /* the pseudo terminal */
    char tty[64];             /* name of the slave */
    bool published;           /* the name was written to xenstore, by us */
    struct bytes output;      /* on the way to the terminal */
    struct logfile *log;
    bool log_failed, warned_violation;
    uint64_t deadline_ms; /* dead: time to give up on whoever still reads */
    struct pollfd *poll;  /* this round's entry, or NULL */
};

struct daemon {
    struct settings set;
    xc_interface *xch;
    xenevtchn_handle *xce;
    xengnttab_handle *xgt; /* NULL: no driver, frames are mapped as foreign */
    struct xs_handle *xs;  /* NULL: lost, being reconnected */
    struct guest *guests;
    struct guest *dead; /* no domain any more, output still being read */
    struct hvlog *hvlog;
    uint64_t next_period_ms;
    uint64_t next_reconnect_ms;
};

uint64_t now_ms(void);

/* ---- guest.c: a guest's console from its appearance to its end ---- */

struct guest *guest_find(struct daemon *d, unsigned int domid);
struct guest *guest_new(struct daemon *d, unsigned int domid);
/* Reads its entries in xenstore and connects if they are complete and new. */
void guest_configure(struct daemon *d, struct guest *g);
/* The domain is gone: last output is saved, the terminal stays until it is read or 2 s. */
void guest_end(struct daemon *d, struct guest *g);
/* Frees those of d->dead that are done. */
void guest_bury(struct daemon *d);
void guest_free(struct daemon *d, struct guest *g);
void guest_event(struct daemon *d, int port);
/* A new period: those that were throttled may go on. */
void guest_new_period(struct daemon *d);
/* What to poll its terminal for; 0: nothing. */
short guest_poll_events(struct daemon *d, struct guest *g);
void guest_terminal(struct daemon *d, struct guest *g, short revents);
void guest_reopen_log(struct daemon *d, struct guest *g);

/* ---- hvlog.c: the hypervisor's console ring into a file ---- */

struct hvlog *hvlog_new(struct daemon *d);
void hvlog_free(struct daemon *d, struct hvlog *h);
/* true: the event was ours. */
bool hvlog_event(struct daemon *d, struct hvlog *h, int port);
void hvlog_reopen(struct hvlog *h);

/* ---- store.c: xenstore and the list of domains ---- */

/* Connects and sets the watches; false (logged once) if there is no xenstored. */
bool store_connect(struct daemon *d);
void store_disconnect(struct daemon *d);
/* Handles the watches that fired. */
void store_events(struct daemon *d);
/* Compares the domains there are with the guests we have. */
void store_enumerate(struct daemon *d);
/* A number at path/node; false: none. */
bool store_number(struct daemon *d, const char *path, const char *node, uint64_t *value);
/* The text at path/node, for free(); NULL: none. */
char *store_text(struct daemon *d, const char *path, const char *node);
/* Publishes the terminal's name, for the control domain to write and the guest to read. */
void store_publish_tty(struct daemon *d, struct guest *g);

#endif
