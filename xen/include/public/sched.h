/* SPDX-License-Identifier: MIT */
/* sched_op: yield, block, poll and the ways to stop a domain. */
#ifndef CRATON_PUBLIC_SCHED_H
#define CRATON_PUBLIC_SCHED_H

#include "event_channel.h"

/*
 * Operations. yield: let others run. block: sleep until an event; events are unmasked for it.
 * shutdown_code: announce the reason of a coming shutdown. watchdog: see below. pin_override: pin
 * the calling vCPU to a physical CPU (control domain), or -1 to undo.
 */
#define SCHEDOP_yield           0
#define SCHEDOP_block           1
#define SCHEDOP_shutdown        2
#define SCHEDOP_poll            3
#define SCHEDOP_remote_shutdown 4
#define SCHEDOP_shutdown_code   5
#define SCHEDOP_watchdog        6
#define SCHEDOP_pin_override    7

/* Stops the calling domain for a reason; the toolstack decides what follows. */
struct sched_shutdown {
    unsigned int reason;
};
typedef struct sched_shutdown sched_shutdown_t;
DEFINE_XEN_GUEST_HANDLE(sched_shutdown_t);

/*
 * Sleeps until one of the ports is pending or system time timeout (ns, 0 for never) is reached. At
 * most 128 ports; the ports stay masked.
 */
struct sched_poll {
    XEN_GUEST_HANDLE(evtchn_port_t) ports;
    unsigned int nr_ports;
    uint64_t timeout;
};
typedef struct sched_poll sched_poll_t;
DEFINE_XEN_GUEST_HANDLE(sched_poll_t);

/* The same for another domain that the caller controls (its device model does so). */
struct sched_remote_shutdown {
    domid_t domain_id;
    unsigned int reason;
};
typedef struct sched_remote_shutdown sched_remote_shutdown_t;
DEFINE_XEN_GUEST_HANDLE(sched_remote_shutdown_t);

/*
 * id 0 makes a watchdog and returns its id; otherwise re-arms that one for timeout seconds, 0
 * removes it. When it runs out the domain is shut down with SHUTDOWN_watchdog.
 */
struct sched_watchdog {
    uint32_t id;
    uint32_t timeout;
};
typedef struct sched_watchdog sched_watchdog_t;
DEFINE_XEN_GUEST_HANDLE(sched_watchdog_t);

struct sched_pin_override {
    int32_t pcpu;
};
typedef struct sched_pin_override sched_pin_override_t;
DEFINE_XEN_GUEST_HANDLE(sched_pin_override_t);

/* Reasons. */
#define SHUTDOWN_poweroff   0
#define SHUTDOWN_reboot     1
#define SHUTDOWN_suspend    2
#define SHUTDOWN_crash      3
#define SHUTDOWN_watchdog   4
#define SHUTDOWN_soft_reset 5
#define SHUTDOWN_MAX        5

/* Sizes are part of the interface. */
_Static_assert(sizeof(struct sched_shutdown) == 4, "sched_shutdown");
_Static_assert(sizeof(struct sched_remote_shutdown) == 8, "sched_remote_shutdown");
_Static_assert(sizeof(struct sched_watchdog) == 8, "sched_watchdog");
_Static_assert(sizeof(struct sched_pin_override) == 4, "sched_pin_override");
#ifndef __i386__
_Static_assert(sizeof(struct sched_poll) == 24, "sched_poll");
#endif

#endif /* CRATON_PUBLIC_SCHED_H */
