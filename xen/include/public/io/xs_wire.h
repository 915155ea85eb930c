/* SPDX-License-Identifier: MIT */
/*
 * Xenstore's wire protocol: a header and a payload, the same over the daemon's socket and over the
 * page that a domain shares with it. The payload is mostly a list of NUL-terminated strings.
 */
#ifndef CRATON_PUBLIC_IO_XS_WIRE_H
#define CRATON_PUBLIC_IO_XS_WIRE_H

#include "../xen.h"

/* Message types. A reply repeats the type of its request, or is XS_ERROR with a name from below. */
enum xsd_sockmsg_type {
    XS_CONTROL = 0,
    XS_DEBUG = XS_CONTROL, /* the older name */
    XS_DIRECTORY = 1,
    XS_READ = 2,
    XS_GET_PERMS = 3,
    XS_WATCH = 4,
    XS_UNWATCH = 5,
    XS_TRANSACTION_START = 6,
    XS_TRANSACTION_END = 7,
    XS_INTRODUCE = 8,
    XS_RELEASE = 9,
    XS_GET_DOMAIN_PATH = 10,
    XS_WRITE = 11,
    XS_MKDIR = 12,
    XS_RM = 13,
    XS_SET_PERMS = 14,
    XS_WATCH_EVENT = 15, /* daemon to client, unasked; req_id and tx_id are 0 */
    XS_ERROR = 16,
    XS_IS_DOMAIN_INTRODUCED = 17,
    XS_RESUME = 18,
    XS_SET_TARGET = 19, /* 20 is no longer used */
    XS_RESET_WATCHES = 21,
    XS_DIRECTORY_PART = 22,

    XS_TYPE_COUNT, /* one more than the last valid type */

    XS_INVALID = 0xffff /* will never be a type */
};

#define XS_WRITE_NONE        "NONE"
#define XS_WRITE_CREATE      "CREATE"
#define XS_WRITE_CREATE_EXCL "CREATE|EXCL"

/* Errors travel by name, as errno values differ between systems. */
struct xsd_errors {
    int errnum;
    const char *errstring;
};

/* The table needs the includer's <errno.h>. The first entry is what an unknown name means. */
#ifdef EINVAL
#define XSD_ERROR(x) \
    {                \
        x, #x        \
    }
static const struct xsd_errors xsd_errors[] __attribute__((unused)) = {
    XSD_ERROR(EINVAL),    XSD_ERROR(EACCES),  XSD_ERROR(EEXIST), XSD_ERROR(EISDIR),
    XSD_ERROR(ENOENT),    XSD_ERROR(ENOMEM),  XSD_ERROR(ENOSPC), XSD_ERROR(EIO),
    XSD_ERROR(ENOTEMPTY), XSD_ERROR(ENOSYS),  XSD_ERROR(EROFS),  XSD_ERROR(EBUSY),
    XSD_ERROR(EAGAIN),    XSD_ERROR(EISCONN), XSD_ERROR(E2BIG),  XSD_ERROR(EPERM),
};
#endif

struct xsd_sockmsg {
    uint32_t type;   /* enum xsd_sockmsg_type */
    uint32_t req_id; /* chosen by the client, repeated in the reply */
    uint32_t tx_id;  /* transaction, 0 for none */
    uint32_t len;    /* bytes of payload that follow */
};

/* Order of the strings in an XS_WATCH_EVENT. */
enum xs_watch_type { XS_WATCH_PATH = 0, XS_WATCH_TOKEN = 1 };

/* The shared page: a ring of bytes each way, with free-running indices. */
#define XENSTORE_RING_SIZE 1024
typedef uint32_t XENSTORE_RING_IDX;
#define MASK_XENSTORE_IDX(idx) ((idx) & (XENSTORE_RING_SIZE - 1))

struct xenstore_domain_interface {
    char req[XENSTORE_RING_SIZE]; /* domain to daemon */
    char rsp[XENSTORE_RING_SIZE]; /* daemon to domain: replies and watch events */
    XENSTORE_RING_IDX req_cons, req_prod;
    XENSTORE_RING_IDX rsp_cons, rsp_prod;
    uint32_t server_features; /* XENSTORE_SERVER_FEATURE_*, set before the domain starts */
    uint32_t connection;      /* XENSTORE_CONNECTED, XENSTORE_RECONNECT */
    uint32_t error;           /* XENSTORE_ERROR_*: why the daemon stopped reading */
};

/* A longer payload makes the daemon drop the connection. */
#define XENSTORE_PAYLOAD_MAX 4096

/* Longer paths are refused. */
#define XENSTORE_ABS_PATH_MAX 3072
#define XENSTORE_REL_PATH_MAX 2048

/* server_features: the ring can be reset by the domain; the error field is in use. */
#define XENSTORE_SERVER_FEATURE_RECONNECTION 1
#define XENSTORE_SERVER_FEATURE_ERROR        2

/* connection: normal; the domain asks to start afresh and waits for the daemon to say so. */
#define XENSTORE_CONNECTED 0
#define XENSTORE_RECONNECT 1

/* error: none, transport failed, indices make no sense, message breaks the protocol. */
#define XENSTORE_ERROR_NONE    0
#define XENSTORE_ERROR_COMM    1
#define XENSTORE_ERROR_RINGIDX 2
#define XENSTORE_ERROR_PROTO   3

_Static_assert(sizeof(struct xsd_sockmsg) == 16, "xenstore header");
_Static_assert(sizeof(struct xenstore_domain_interface) == 2076, "xenstore page");
_Static_assert(XS_TYPE_COUNT == 23, "xenstore message types");

#endif /* CRATON_PUBLIC_IO_XS_WIRE_H */
