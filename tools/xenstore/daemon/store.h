/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The state of the daemon: tree, connections, watches, transactions, domains and quotas, and the
 * functions through which requests change it. Everything declared here is independent of sockets,
 * hypervisor and files: those are reached through struct platform and struct journal.
 */
#ifndef XENSTORED_STORE_H
#define XENSTORED_STORE_H

#include "account.h"
#include "perms.h"
#include "tree.h"
#include "util.h"

#include <errno.h> /* before xs_wire.h: its table of error names wants the values */
#include <public/io/xs_wire.h>

struct conn;
struct domain;
struct store;

/* -- quotas: bounds for unprivileged domains; 0 means none -- */
enum quota {
    QUOTA_NODES,
    QUOTA_WATCHES,
    QUOTA_TRANSACTIONS,
    QUOTA_OUTSTANDING,
    QUOTA_TRANSACTION_NODES,
    QUOTA_MEMORY,
    QUOTA_NODE_SIZE,
    QUOTA_PATH_MAX,
    QUOTA_PERMISSIONS,
    QUOTA_COUNT
};
struct quota_info {
    const char *name, *text;
    unsigned long preset;
};
extern const struct quota_info quota_info[QUOTA_COUNT];
int quota_by_name(const char *name); /* -1 if unknown */
/* True if @value is within bounds for @conn; otherwise counts and logs that the quota bites. */
bool quota_allows(struct store *s, struct conn *conn, enum quota quota, int64_t value);
/* Logs (once per episode) when the soft memory quota is passed. */
void quota_soft_memory(struct store *s, struct conn *conn, int64_t value);

/* -- watches -- */
struct watch {
    struct list of_conn;
    struct watch *next; /* in the hash chain of its path */
    struct conn *conn;
    uint64_t hash;
    size_t hidden; /* leading bytes that events do not show: home path of a relative watch */
    long depth;    /* levels below the path that match; -1: all */
    char *token;
    char path[];
};
struct watch_index {
    struct watch **chain;
    unsigned int size, count; /* size is a power of two */
};

/* -- transactions -- */
enum change_kind { CHANGE_WRITE, CHANGE_MKDIR, CHANGE_RM, CHANGE_PERMS, CHANGE_KINDS };
struct change {
    enum change_kind kind;
    uint32_t len;
    const char *path;
    const void *value;   /* CHANGE_WRITE */
    struct perms *perms; /* CHANGE_PERMS: the new ones; WRITE, MKDIR: of created nodes */
};

#define ACCESS_NODE    1u /* existence, value or permissions matter */
#define ACCESS_LIST    2u /* the list of children matters */
#define ACCESS_SUBTREE 4u /* everything below matters */
#define ACCESS_CHANGED 8u /* changed by the transaction: watch events are due */
struct access {
    struct access *next;    /* hash chain */
    struct access *ordered; /* in order of first access */
    unsigned int flags;
    char path[];
};
#define ACCESS_CHAINS 64
struct transaction {
    struct list of_conn;
    uint32_t id;
    bool doomed; /* survived a restart of the daemon: its end must fail with EAGAIN */
    struct node *base;
    struct tree tree;
    struct account account; /* what it adds to and takes from the store's */
    struct access *chain[ACCESS_CHAINS], *first, **last;
    unsigned int accesses;
    struct change *changes;
    size_t count, cap;
};

/* -- connections -- */
struct message {
    struct message *next;
    uint32_t len, sent;
    bool event;
    char bytes[]; /* header and payload */
};
struct conn {
    struct list of_store;
    struct list dirty; /* on store->dirty while output waits for its transport */
    struct caller who;
    struct domain *domain; /* of a ring connection; NULL for sockets */
    uint64_t serial;
    struct list watches, transactions;
    unsigned int watch_count, transaction_count;
    struct message *out, **out_last;
    size_t out_bytes;
    unsigned int out_replies, out_events;
    bool broken; /* must be closed by its transport */
    int64_t quota_logged[QUOTA_COUNT];
    unsigned int quota_hidden[QUOTA_COUNT];
    bool soft_memory_warned;
};
void conn_init(struct store *s, struct conn *conn, uint32_t domid, bool privileged);
/* Drops watches and transactions, as RESET_WATCHES does. */
void conn_reset(struct store *s, struct conn *conn);
/* conn_reset, drops output and takes the connection out of the store. */
void conn_close(struct store *s, struct conn *conn);
void conn_drop_output(struct conn *conn);
/* Queues a message (payload copied) and puts the connection on the dirty list. */
void conn_queue(struct store *s, struct conn *conn, const struct xsd_sockmsg *header,
                const void *payload);
void conn_queue_event(struct store *s, struct conn *conn, const char *path, const char *token);
/* Queues a message as it was recorded; false if it is none. */
bool conn_restore_output(struct store *s, struct conn *conn, const char *bytes, size_t len);
/* Takes @bytes of sent output from the queue. */
void conn_sent(struct conn *conn, size_t bytes);

/* -- domains -- */
struct domain {
    struct conn conn;
    struct domain *next;
    uint32_t domid;
    uint64_t gfn;
    uint32_t remote_port;
    int port;           /* ours; -1: not bound */
    bool shutdown;      /* reported by @releaseDomain already */
    bool notify;        /* the other side is to be told of new positions */
    struct list active; /* on store->active while its ring is to be looked at */
    struct xenstore_domain_interface *ring;
    uint32_t req_cons, rsp_prod; /* positions that hold after the last record (see ring.c) */
    struct buf in; /* .len: consumed part of an incomplete request; room for a whole one */
};
#define DOMAIN_CHAINS 256

/* What the surroundings supply; see domain_xen.c for the real one. @arg is the first argument. */
struct platform {
    void *arg;
    /* Maps the ring page of a domain; NULL and errno on failure. Domain 0's is our kernel's. */
    struct xenstore_domain_interface *(*map)(void *arg, uint32_t domid, uint64_t gfn);
    void (*unmap)(void *arg, uint32_t domid, struct xenstore_domain_interface *ring);
    /* Binds to the domain's event channel; our port or -1 and errno. */
    int (*bind)(void *arg, uint32_t domid, uint32_t remote_port);
    void (*unbind)(void *arg, int port);
    void (*notify)(void *arg, int port);
    /* Does the domain exist and is it not dying? *shutdown: it has shut down or crashed. */
    bool (*alive)(void *arg, uint32_t domid, bool *shutdown);
    /* Waits. */
    void (*pause)(void *arg, unsigned int ms);
};

/* -- the store -- */
enum special { SPECIAL_INTRODUCE, SPECIAL_RELEASE, SPECIAL_COUNT };
extern const char *const special_name[SPECIAL_COUNT];

struct store_stats {
    uint64_t requests[XS_TYPE_COUNT], errors, events, events_merged, events_dropped;
    uint64_t commits, conflicts, aborts, quota_hits[QUOTA_COUNT];
};

/*
 * A transaction of the control domain that collided is done again at once. Until it has succeeded,
 * or the time is over, guests wait: none can keep the toolstack from its work by writing all the
 * time to what a transaction touches.
 */
#define RIGHT_OF_WAY_MS 100
struct right_of_way {
    uint64_t serial; /* of the connection; 0: nobody has it */
    int64_t until;   /* in now_ms */
};

struct journal;
struct store {
    struct tree tree;
    struct account account;
    uint64_t gen;
    struct watch_index watches;
    struct list conns, dirty;
    unsigned int conn_count, transaction_count;
    uint64_t conn_serial;
    uint32_t next_transaction;
    struct domain *domains[DOMAIN_CHAINS];
    unsigned int domain_count, port_count;
    struct domain **by_port; /* indexed by our event channel */
    struct list active;
    struct perms *special[SPECIAL_COUNT];
    unsigned long quota[QUOTA_COUNT], soft_memory;
    int64_t now, started; /* monotonic seconds, set by the main loop */
    int64_t now_ms;       /* the same clock */
    struct right_of_way right_of_way;
    struct store_stats stats;
    const struct platform *platform;
    struct journal *journal; /* NULL: nothing is recorded */
    struct buf record;       /* entries of the request in work */
    bool trace;
};
void store_init(struct store *s, const struct platform *platform);
void store_free(struct store *s);
/* First contents of a store that was not recovered. */
void store_populate(struct store *s);

/* One request: changes the store, queues reply and events. @payload has header->len bytes. */
void store_request(struct store *s, struct conn *conn, const struct xsd_sockmsg *header,
                   const char *payload);

/* nodes.c: operations on nodes, with permissions and quotas; 0 or a positive errno. */
int nodes_read(struct store *s, struct conn *c, struct transaction *t, const char *path,
               unsigned int access, const struct node **node);
int nodes_write(struct store *s, struct conn *c, struct transaction *t, const char *path,
                const void *value, uint32_t len);
int nodes_mkdir(struct store *s, struct conn *c, struct transaction *t, const char *path);
int nodes_rm(struct store *s, struct conn *c, struct transaction *t, const char *path);
int nodes_set_perms(struct store *s, struct conn *c, struct transaction *t, const char *path,
                    struct perms *perms);
/* Applies one change outside of a transaction and fires its watches. */
void nodes_change(struct store *s, const struct change *change);
/* Applies a decided change to a tree; the removed node (to be unref'd) for CHANGE_RM. */
struct node *change_apply(struct tree *tree, const struct change *change, uint64_t gen);
/* Removes what a dead domain owns and the permissions it had. */
void nodes_forget_domain(struct store *s, uint32_t domid);

/* transaction.c */
struct transaction *transaction_find(struct conn *conn, uint32_t id);
int transaction_start(struct store *s, struct conn *conn, uint32_t *id);
int transaction_end(struct store *s, struct conn *conn, struct transaction *t, bool commit);
struct transaction *transaction_new(struct store *s, struct conn *conn, uint32_t id);
void transaction_free(struct store *s, struct transaction *t);
/* Notes what the result of the transaction depends on; false: too many nodes. */
bool transaction_note(struct store *s, struct conn *conn, struct transaction *t, const char *path,
                      unsigned int flags);
void transaction_add(struct transaction *t, const struct change *change);

/* watch.c */
int watch_add(struct store *s, struct conn *conn, const char *path, const char *token, long depth);
struct watch *watch_insert(struct store *s, struct conn *conn, const char *path, const char *token,
                           long depth, size_t hidden);
int watch_remove(struct store *s, struct conn *conn, const char *path, const char *token);
void watch_free(struct store *s, struct watch *watch);
/* Event on @path for all who may read by one of the two (NULL: none) permission lists. */
void watch_fire(struct store *s, const char *path, const struct perms *now,
                const struct perms *before);
/* The subtree @node (which was at @path) is gone: tells those who watched below it. */
void watch_fire_below(struct store *s, const char *path, const struct node *node);
void watch_fire_special(struct store *s, enum special special, uint32_t domid);
bool watch_is_relative(const struct watch *watch);

/* domain.c */
struct domain *domain_find(struct store *s, uint32_t domid);
int domain_introduce(struct store *s, uint32_t domid, uint64_t gfn, uint32_t port);
/* Connects domain 0, where this daemon runs; 0 or a positive errno. */
int domain_attach_own(struct store *s);
void domain_release(struct store *s, struct domain *d);
/* Asks the platform about every domain: releases the dead, reports those that shut down. */
void domains_check(struct store *s);
/* After recovery: maps rings and binds ports again. */
void domains_reconnect(struct store *s);
struct domain *domain_new(struct store *s, uint32_t domid, uint64_t gfn, uint32_t port);
void domain_disconnect(struct store *s, struct domain *d);
struct domain *domain_by_port(struct store *s, int port);
/* Has the main loop look at the domain's ring. */
void domain_wake(struct store *s, struct domain *d);

/* ring.c: transport over a shared page. */
void ring_attach(struct store *s, struct domain *d);
void ring_reattach(struct store *s, struct domain *d);
/* Handles at most @limit requests of the ring; true if there may be more. */
bool ring_input(struct store *s, struct domain *d, unsigned int limit);
/* Moves queued output into the ring as far as it fits, and notifies the domain if due. */
void ring_output(struct store *s, struct domain *d);
/*
 * One round over all active rings and all ring connections with output. RINGS_MORE: there is more
 * to do at once; RINGS_LATER: in some milliseconds, as somebody else has the right of way.
 */
enum rings { RINGS_IDLE, RINGS_LATER, RINGS_MORE };
enum rings rings_run(struct store *s);

/* control.c: CONTROL commands. */
int control_command(struct store *s, struct conn *c, const char **args, unsigned int count,
                    struct buf *reply);

#endif
