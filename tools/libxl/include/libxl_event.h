/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events of libxl and how an application's main loop drives them. Included by libxl.h.
 *
 * Work happens on the application's threads: libxl_event_wait(), libxl_event_check(),
 * libxl_osevent_afterpoll() and libxl_osevent_occurred_*() read what has happened, queue events and
 * call callbacks. Nothing is called from a worker thread.
 */
#ifndef LIBXL_EVENT_H
#define LIBXL_EVENT_H

#include <libxl.h>
#include <poll.h>
#include <sys/time.h>

#define LIBXL_EVENTMASK_ALL (~(unsigned long)0)

typedef int libxl_event_predicate(const libxl_event *event, void *user);

/** Takes the first queued event whose type's bit is in typemask and that the predicate (may be
 * NULL) likes. ERROR_NOT_READY: none. The event is freed with libxl_event_free. */
int libxl_event_check(libxl_ctx *ctx, libxl_event **event_r, uint64_t typemask,
                      libxl_event_predicate *predicate, void *predicate_user);
/** As libxl_event_check, but waits. */
int libxl_event_wait(libxl_ctx *ctx, libxl_event **event_r, uint64_t typemask,
                     libxl_event_predicate *predicate, void *predicate_user);
void libxl_event_free(libxl_ctx *ctx, libxl_event *event);

typedef struct libxl_event_hooks {
    uint64_t event_occurs_mask; /**< types handed to event_occurs instead of the queue */
    void (*event_occurs)(void *user, libxl_event *event); /**< owns the event */
    /** Events may have been lost; NULL: the process exits. */
    void (*disaster)(void *user, libxl_event_type type, const char *msg, int errnoval);
} libxl_event_hooks;

/** The hooks must stay valid; not to be called while events are enabled. */
void libxl_event_register_callbacks(libxl_ctx *ctx, const libxl_event_hooks *hooks, void *user);

/** DOMAIN_SHUTDOWN once when the guest stops, DOMAIN_DEATH once when the domain is gone (then the
 * generator is spent, but must still be disabled). */
typedef struct libxl__evgen_domain_death libxl_evgen_domain_death;
int libxl_evenable_domain_death(libxl_ctx *ctx, uint32_t domid, libxl_ev_user user,
                                libxl_evgen_domain_death **evgen_out);
void libxl_evdisable_domain_death(libxl_ctx *ctx, libxl_evgen_domain_death *evgen);

/* ---- for a main loop around poll() ---- */

/** Fills fds with what libxl waits for; *nfds_io is the room and then the number.
 * ERROR_BUFFERFULL: too small, *nfds_io is what is needed. *timeout_upd may be lowered. */
int libxl_osevent_beforepoll(libxl_ctx *ctx, int *nfds_io, struct pollfd *fds, int *timeout_upd,
                             struct timeval now);
void libxl_osevent_afterpoll(libxl_ctx *ctx, int nfds, const struct pollfd *fds,
                             struct timeval now);

/* ---- for a main loop with registrations, as libvirt's ---- */

typedef struct libxl_osevent_hooks {
    int (*fd_register)(void *user, int fd, void **for_app_registration_out, short events,
                       void *for_libxl);
    int (*fd_modify)(void *user, int fd, void **for_app_registration_update, short events);
    void (*fd_deregister)(void *user, int fd, void *for_app_registration);
    int (*timeout_register)(void *user, void **for_app_registration_out, struct timeval abs,
                            void *for_libxl);
    int (*timeout_modify)(void *user, void **for_app_registration_update, struct timeval abs);
    void (*timeout_deregister)(void *user, void *for_app_registration);
} libxl_osevent_hooks;

/** Before any other use of the context; the hooks must stay valid. */
void libxl_osevent_register_hooks(libxl_ctx *ctx, const libxl_osevent_hooks *hooks, void *user);
void libxl_osevent_occurred_fd(libxl_ctx *ctx, void *for_libxl, int fd, short events,
                               short revents);
void libxl_osevent_occurred_timeout(libxl_ctx *ctx, void *for_libxl);

/* ---- child processes ---- */

typedef enum {
    libxl_sigchld_owner_libxl,
    libxl_sigchld_owner_mainloop,
    libxl_sigchld_owner_libxl_always,
    libxl_sigchld_owner_libxl_always_selective_reap,
} libxl_sigchld_owner;

typedef struct {
    libxl_sigchld_owner chldowner;
    pid_t (*fork_replacement)(void *user);
    int (*reaped_callback)(pid_t pid, int status, void *user);
} libxl_childproc_hooks;

/** libxl reaps only children it started itself, by number, so any owner is fine. */
void libxl_childproc_setmode(libxl_ctx *ctx, const libxl_childproc_hooks *hooks, void *user);
/** ERROR_UNKNOWN_CHILD: not one of ours. */
int libxl_childproc_reaped(libxl_ctx *ctx, pid_t pid, int status);
void libxl_childproc_sigchld_occurred(libxl_ctx *ctx);
/** In a child that will not exec: the context's descriptors are closed, the context is dead. */
void libxl_postfork_child_noexec(libxl_ctx *ctx);

#endif
