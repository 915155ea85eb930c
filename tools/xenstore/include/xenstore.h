/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libxenstore: client of xenstored, over its socket or the kernel's /dev/xen/xenbus.
 *
 * Names and semantics are those that users of Xen's library know. All functions are thread-safe:
 * several threads may use one handle, each waits for its own reply only. On failure a function
 * returns NULL, false or -1 and sets errno; EAGAIN from xs_transaction_end() means "do it again".
 *
 * A daemon that is restarted continues where it ended, and so does a handle: requests wait for the
 * daemon (up to 5 s) and are sent again, watches are set again and fire once more. Transactions
 * that were open cannot be continued: their end fails with EAGAIN, as after a conflict.
 *
 * Paths are absolute, or relative to the caller's /local/domain/DOMID.
 */
#ifndef XENSTORE_H
#define XENSTORE_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct xs_handle;
typedef uint32_t xs_transaction_t;

/* No transaction. */
#define XBT_NULL 0

/* Flags of xs_open(). */
#define XS_OPEN_READONLY   (1UL << 0) /* has no effect */
#define XS_OPEN_SOCKETONLY (1UL << 1) /* do not fall back to the kernel's device */
/* After xs_unwatch() no event of that watch is delivered any more, not even a pending one. */
#define XS_UNWATCH_FILTER (1UL << 2)

struct xs_permissions {
    unsigned int id;    /* domain */
    unsigned int perms; /* XS_PERM_* */
};
#define XS_PERM_NONE  0x00
#define XS_PERM_READ  0x01
#define XS_PERM_WRITE 0x02

/* -- connection -- */

/*
 * Connects: $XENSTORED_PATH if set, else the daemon's socket, else (outside of the control domain)
 * /dev/xen/xenbus.
 * Waits up to a second for a daemon that died to be started again.
 * A handle must not be used by parent and child of a fork() both.
 */
struct xs_handle *xs_open(unsigned long flags);
/* Closes and frees; NULL is allowed. No other thread may be using the handle. */
void xs_close(struct xs_handle *h);
/* Frees the handle in a forked child without disturbing the parent's connection. */
void xs_daemon_destroy_postfork(struct xs_handle *h);

/* Older names of xs_open(0) and xs_close(). */
struct xs_handle *xs_daemon_open(void);
struct xs_handle *xs_domain_open(void);
struct xs_handle *xs_daemon_open_readonly(void);
void xs_daemon_close(struct xs_handle *h);

/* Where the daemon is; $XENSTORED_RUNDIR changes the directory. */
const char *xs_daemon_rundir(void);
const char *xs_daemon_socket(void);
const char *xs_daemon_socket_ro(void);

/* -- nodes -- */

/* Names of the children, *num of them; one block of memory to be freed with free(). */
char **xs_directory(struct xs_handle *h, xs_transaction_t t, const char *path, unsigned int *num);
/* The value, with a NUL behind its *len bytes (@len may be NULL); to be freed with free(). */
void *xs_read(struct xs_handle *h, xs_transaction_t t, const char *path, unsigned int *len);
/* Sets the value; creates the node and its parents if they are missing. */
bool xs_write(struct xs_handle *h, xs_transaction_t t, const char *path, const void *data,
              unsigned int len);
/* Creates the node and missing parents; success too if it exists. */
bool xs_mkdir(struct xs_handle *h, xs_transaction_t t, const char *path);
/* Removes the node and all below it; success too if it does not exist but its parent does. */
bool xs_rm(struct xs_handle *h, xs_transaction_t t, const char *path);
/* Permissions, the owner's entry first; to be freed with free(). */
struct xs_permissions *xs_get_permissions(struct xs_handle *h, xs_transaction_t t, const char *path,
                                          unsigned int *num);
bool xs_set_permissions(struct xs_handle *h, xs_transaction_t t, const char *path,
                        struct xs_permissions *perms, unsigned int num_perms);

/* -- watches -- */

/* Reports changes at @path and below it as events with @token; the first one comes at once. */
bool xs_watch(struct xs_handle *h, const char *path, const char *token);
/* The same, at most @depth levels below @path (0: the node itself). */
bool xs_watch_depth(struct xs_handle *h, const char *path, const char *token, unsigned int depth);
bool xs_unwatch(struct xs_handle *h, const char *path, const char *token);
/* Becomes readable when events may wait: then call xs_check_watch() until it gives NULL. */
int xs_fileno(struct xs_handle *h);
/* The next event {path, token}, to be freed with one free(); NULL with EAGAIN if there is none. */
char **xs_check_watch(struct xs_handle *h);
/* The same, but waits. *num becomes 2. */
char **xs_read_watch(struct xs_handle *h, unsigned int *num);

/* -- transactions -- */

/* 0 on failure. */
xs_transaction_t xs_transaction_start(struct xs_handle *h);
/* EAGAIN: somebody changed what the transaction saw or wrote; nothing of it was done. */
bool xs_transaction_end(struct xs_handle *h, xs_transaction_t t, bool abort);

/* -- domains: for the toolstack -- */

bool xs_introduce_domain(struct xs_handle *h, unsigned int domid, unsigned long gfn,
                         unsigned int eventchn);
bool xs_set_target(struct xs_handle *h, unsigned int domid, unsigned int target);
bool xs_resume_domain(struct xs_handle *h, unsigned int domid);
bool xs_release_domain(struct xs_handle *h, unsigned int domid);
/* "/local/domain/DOMID", to be freed. */
char *xs_get_domain_path(struct xs_handle *h, unsigned int domid);
bool xs_is_domain_introduced(struct xs_handle *h, unsigned int domid);
/* The event channel on which the domain wants to be told to suspend, or -1. */
int xs_suspend_evtchn_port(int domid);
/* Not supported by any daemon: always fails with ENOSYS. */
bool xs_restrict(struct xs_handle *h, unsigned int domid);

/* -- control -- */

/* Sends "cmd" with @len bytes of further arguments, each with its NUL; the answer is to be freed.
 */
char *xs_control_command(struct xs_handle *h, const char *cmd, void *data, unsigned int len);
char *xs_debug_command(struct xs_handle *h, const char *cmd, void *data, unsigned int len);

/* -- helpers -- */

/* True if @child is @parent or below it, judged by the strings. */
bool xs_path_is_subpath(const char *parent, const char *child);
bool xs_write_all(int fd, const void *data, unsigned int len);
/* @num strings in a row ("n0", "r5" ...) to permissions, and one back (@size >= 16). */
bool xs_strings_to_perms(struct xs_permissions *perms, unsigned int num, const char *strings);
bool xs_perm_to_string(const struct xs_permissions *perm, char *buffer, unsigned long size);

#ifdef __cplusplus
}
#endif

/* Wire constants, XS_WATCH_PATH and XS_WATCH_TOKEN among them. */
#if defined(__has_include)
#if __has_include(<public/io/xs_wire.h>)
#include <public/io/xs_wire.h>
#else
#include <xen/io/xs_wire.h>
#endif
#else
#include <xen/io/xs_wire.h>
#endif

#endif
