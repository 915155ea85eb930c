/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Requests of the wire protocol: one table row per message type, decoding of the payload, and the
 * reply. A handler returns 0 or a positive errno, which goes back by name.
 */
#include "log.h"
#include "path.h"
#include "record.h"
#include "request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Domain ids from here on are special values, not domains (public/xen.h: DOMID_FIRST_RESERVED). */
#define DOMID_FIRST_SPECIAL 0x7ff0u

struct request {
    struct store *store;
    struct conn *conn;
    struct transaction *t; /* NULL outside of one */
    const struct xsd_sockmsg *header;
    const char *payload; /* header->len bytes and a NUL */
    struct buf reply;
    bool replied;        /* the handler has queued its reply itself */
    char path[PATH_BUF]; /* scratch: canonical path */
};

/* -- decoding -- */

/* Splits the payload into its NUL-terminated strings; their number, or -1 if the last has no NUL.
 */
static int strings(const struct request *r, const char **out, int max)
{
    size_t len = r->header->len, pos = 0;
    int count = 0;

    if (!len || r->payload[len - 1] != '\0')
        return -1;
    while (pos < len) {
        if (count < max)
            out[count] = r->payload + pos;
        count++;
        pos += strlen(r->payload + pos) + 1;
    }
    return count;
}

/* The payload must be exactly @count strings. */
static bool exactly(const struct request *r, const char **out, int count)
{
    return strings(r, out, count) == count;
}

/* Decodes a path into r->path. */
static int take_path(struct request *r, const char *path)
{
    if (!path_canonical(r->path, r->conn->who.domid, path))
        return EINVAL;
    return quota_allows(r->store, r->conn, QUOTA_PATH_MAX, (int64_t)strlen(r->path)) ? 0 : EINVAL;
}

static int only_path(struct request *r)
{
    const char *arg;

    return exactly(r, &arg, 1) ? take_path(r, arg) : EINVAL;
}

static bool take_domid(const char *text, uint32_t *domid)
{
    unsigned long v;

    if (!parse_number(text, 0xffff, &v))
        return false;
    *domid = (uint32_t)v;
    return true;
}

/* -- replies -- */

static void reply_ok(struct request *r)
{
    buf_add(&r->reply, "OK", 3);
}

static void send_reply(struct request *r, uint32_t type, const void *payload, size_t len)
{
    struct xsd_sockmsg header = {
        .type = type, .req_id = r->header->req_id, .tx_id = r->header->tx_id, .len = (uint32_t)len};

    r->replied = true;
    conn_queue(r->store, r->conn, &header, payload);
}

/* -- reading -- */

static int do_directory(struct request *r)
{
    const struct node *node;
    int err = only_path(r);

    if (!err)
        err = nodes_read(r->store, r->conn, r->t, r->path, ACCESS_NODE | ACCESS_LIST, &node);
    if (err)
        return err;
    if (node_list_bytes(node) > XENSTORE_PAYLOAD_MAX)
        return E2BIG;
    node_list(node, 0, XENSTORE_PAYLOAD_MAX, &r->reply);
    return 0;
}

static int do_directory_part(struct request *r)
{
    const struct node *node;
    const char *args[2];
    unsigned long offset;
    int err;

    if (!exactly(r, args, 2) || !parse_number(args[1], UINT32_MAX, &offset))
        return EINVAL;
    err = take_path(r, args[0]);
    if (!err)
        err = nodes_read(r->store, r->conn, r->t, r->path, ACCESS_NODE | ACCESS_LIST, &node);
    if (err)
        return err;
    buf_printf(&r->reply, "%llu", (unsigned long long)node->list_gen);
    buf_u8(&r->reply, 0);
    /* One byte is kept for the empty name that marks the end of the list. */
    if (node_list(node, (uint32_t)offset, XENSTORE_PAYLOAD_MAX - 1 - r->reply.len, &r->reply))
        buf_u8(&r->reply, 0);
    return 0;
}

static int do_read(struct request *r)
{
    const struct node *node;
    int err = only_path(r);

    if (!err)
        err = nodes_read(r->store, r->conn, r->t, r->path, ACCESS_NODE, &node);
    if (!err)
        buf_add(&r->reply, node_value(node), node->data->value_len);
    return err;
}

static int special_by_name(const char *name)
{
    for (int i = 0; i < SPECIAL_COUNT; i++)
        if (!strcmp(special_name[i], name))
            return i;
    return -1;
}

static int do_get_perms(struct request *r)
{
    const struct perms *perms;
    const struct node *node;
    const char *arg;
    char text[16];
    int err;

    if (!exactly(r, &arg, 1))
        return EINVAL;
    if (path_is_special(arg)) {
        int special = special_by_name(arg);

        if (special < 0)
            return EINVAL;
        perms = r->store->special[special];
        if (!(perms_access(perms, &r->conn->who) & PERM_READ))
            return EACCES;
    } else {
        err = take_path(r, arg);
        if (!err)
            err = nodes_read(r->store, r->conn, r->t, r->path, ACCESS_NODE, &node);
        if (err)
            return err;
        perms = node->data->perms;
    }
    for (unsigned int i = 0; i < perms->count; i++)
        buf_add(&r->reply, text, (size_t)perm_format(&perms->entry[i], text, sizeof(text)) + 1);
    return r->reply.len > XENSTORE_PAYLOAD_MAX ? E2BIG : 0;
}

/* -- changing -- */

static int do_write(struct request *r)
{
    size_t path_len = strlen(r->payload);
    int err;

    if (path_len >= r->header->len)
        return EINVAL; /* no NUL after the path */
    err = take_path(r, r->payload);
    if (!err)
        err = nodes_write(r->store, r->conn, r->t, r->path, r->payload + path_len + 1,
                          (uint32_t)(r->header->len - path_len - 1));
    if (!err)
        reply_ok(r);
    return err;
}

static int do_mkdir(struct request *r)
{
    int err = only_path(r);

    if (!err)
        err = nodes_mkdir(r->store, r->conn, r->t, r->path);
    if (!err)
        reply_ok(r);
    return err;
}

static int do_rm(struct request *r)
{
    int err = only_path(r);

    if (!err)
        err = nodes_rm(r->store, r->conn, r->t, r->path);
    if (!err)
        reply_ok(r);
    return err;
}

static bool owner_exists(struct store *s, uint32_t domid)
{
    bool shutdown;

    return domid == 0 || domain_find(s, domid) ||
           (domid < DOMID_FIRST_SPECIAL && s->platform->alive(s->platform->arg, domid, &shutdown));
}

static int set_special_perms(struct request *r, const char *name, struct perms *perms)
{
    int special = special_by_name(name);

    if (special < 0)
        return EINVAL;
    if (!r->conn->who.privileged)
        return EACCES;
    perms_unref(r->store->special[special]);
    r->store->special[special] = perms_ref(perms);
    record_special(r->store, (enum special)special);
    return 0;
}

/* The permissions behind the path in the payload; NULL if malformed. */
static struct perms *take_perms(const struct request *r)
{
    size_t pos = strlen(r->payload) + 1, len = r->header->len;
    struct buf entries = {0};
    struct perms *perms = NULL;
    struct perm entry;

    for (; pos < len; pos += strlen(r->payload + pos) + 1) {
        if (!perm_parse(r->payload + pos, &entry)) {
            entries.len = 0;
            break;
        }
        buf_add(&entries, &entry, sizeof(entry));
    }
    if (entries.len)
        perms = perms_new((struct perm *)entries.data, (unsigned int)(entries.len / sizeof(entry)));
    buf_free(&entries);
    return perms;
}

static int do_set_perms(struct request *r)
{
    bool special = path_is_special(r->payload);
    struct perms *perms;
    int err = 0;

    if (strings(r, NULL, 0) < 2)
        return EINVAL;
    if (!special)
        err = take_path(r, r->payload);
    if (err)
        return err;
    perms = take_perms(r);
    if (!perms)
        return EINVAL;
    if (!owner_exists(r->store, perms->entry[0].domid))
        err = ENOENT;
    else if (special)
        err = set_special_perms(r, r->payload, perms);
    else
        err = nodes_set_perms(r->store, r->conn, r->t, r->path, perms);
    perms_unref(perms);
    if (!err)
        reply_ok(r);
    return err;
}

/* -- watches -- */

static int do_watch(struct request *r)
{
    const char *args[3];
    unsigned long depth;
    int count = strings(r, args, 3), err;

    if (count < 2 || count > 3)
        return EINVAL;
    if (count == 3 && !parse_number(args[2], PATH_ABS_MAX, &depth))
        return EINVAL;
    err = watch_add(r->store, r->conn, args[0], args[1], count == 3 ? (long)depth : -1);
    if (err)
        return err;
    send_reply(r, XS_WATCH, "OK", 3);
    /* Every watch fires once, so that its owner looks at what is there already. */
    conn_queue_event(r->store, r->conn, args[0], args[1]);
    return 0;
}

static int do_unwatch(struct request *r)
{
    const char *args[2];
    int err;

    if (!exactly(r, args, 2))
        return EINVAL;
    err = watch_remove(r->store, r->conn, args[0], args[1]);
    if (!err)
        reply_ok(r);
    return err;
}

static int do_reset_watches(struct request *r)
{
    conn_reset(r->store, r->conn);
    reply_ok(r);
    return 0;
}

/* -- transactions -- */

static int do_transaction_start(struct request *r)
{
    uint32_t id;
    int err;

    if (r->t)
        return EBUSY;
    err = transaction_start(r->store, r->conn, &id);
    if (err)
        return err;
    buf_printf(&r->reply, "%u", id);
    buf_u8(&r->reply, 0);
    return 0;
}

static int do_transaction_end(struct request *r)
{
    const char *arg;
    int err;

    if (!exactly(r, &arg, 1) || (strcmp(arg, "T") && strcmp(arg, "F")))
        return EINVAL;
    if (!r->t)
        return ENOENT;
    err = transaction_end(r->store, r->conn, r->t, arg[0] == 'T');
    if (!err)
        reply_ok(r);
    return err;
}

/* -- domains -- */

static int do_introduce(struct request *r)
{
    const char *args[3];
    char *end;
    uint32_t domid;
    unsigned long port;
    uint64_t gfn;
    int err;

    if (!exactly(r, args, 3) || !take_domid(args[0], &domid) || domid >= DOMID_FIRST_SPECIAL ||
        !parse_number(args[2], UINT32_MAX, &port))
        return EINVAL;
    gfn = strtoull(args[1], &end, 10); /* by tradition signed: "-1" is legal */
    if (end == args[1] || *end)
        return EINVAL;
    err = domain_introduce(r->store, domid, gfn, (uint32_t)port);
    if (!err)
        reply_ok(r);
    return err;
}

/* A domain other than the control domain; NULL with *err set. */
static struct domain *take_domain(struct request *r, const char *text, int *err)
{
    struct domain *d;
    uint32_t domid;

    *err = EINVAL;
    if (!take_domid(text, &domid) || domid == 0)
        return NULL;
    *err = ENOENT;
    d = domain_find(r->store, domid);
    if (d)
        *err = 0;
    return d;
}

static int do_release(struct request *r)
{
    const char *arg;
    struct domain *d;
    int err;

    if (!exactly(r, &arg, 1))
        return EINVAL;
    d = take_domain(r, arg, &err);
    if (!d)
        return err;
    domain_release(r->store, d);
    reply_ok(r);
    return 0;
}

static int do_resume(struct request *r)
{
    const char *arg;
    struct domain *d;
    int err;

    if (!exactly(r, &arg, 1))
        return EINVAL;
    d = take_domain(r, arg, &err);
    if (!d)
        return err;
    d->shutdown = false;
    record_shutdown(r->store, d);
    reply_ok(r);
    return 0;
}

static int do_set_target(struct request *r)
{
    const char *args[2];
    struct domain *d, *target;
    int err;

    if (!exactly(r, args, 2))
        return EINVAL;
    d = take_domain(r, args[0], &err);
    if (!d)
        return err == EINVAL && !strcmp(args[0], "0") ? ENOENT : err;
    target = take_domain(r, args[1], &err);
    if (!target)
        return err;
    d->conn.who.target = target->domid;
    record_target(r->store, d);
    reply_ok(r);
    return 0;
}

static int do_get_domain_path(struct request *r)
{
    const char *arg;
    uint32_t domid;

    if (!exactly(r, &arg, 1) || !take_domid(arg, &domid))
        return EINVAL;
    buf_printf(&r->reply, "/local/domain/%u", domid);
    buf_u8(&r->reply, 0);
    return 0;
}

static int do_is_domain_introduced(struct request *r)
{
    const char *arg;
    uint32_t domid;
    bool known;

    if (!exactly(r, &arg, 1) || !take_domid(arg, &domid))
        return EINVAL;
    /* The first special id means the asking domain itself: it is here, obviously. */
    known = domid == DOMID_FIRST_SPECIAL || domid == 0 || domain_find(r->store, domid);
    buf_add(&r->reply, known ? "T" : "F", 2);
    return 0;
}

static int do_control(struct request *r)
{
    const char *args[8];
    int count = strings(r, args, 8);

    if (count < 1 || count > 8)
        return EINVAL;
    return control_command(r->store, r->conn, args, (unsigned int)count, &r->reply);
}

/* -- the table -- */

struct operation {
    const char *name;
    int (*handler)(struct request *r);
    bool privileged;    /* only for the control domain */
    bool transactional; /* looks at tx_id */
};

static const struct operation operations[XS_TYPE_COUNT] = {
    [XS_CONTROL] = {"CONTROL", do_control, true, false},
    [XS_DIRECTORY] = {"DIRECTORY", do_directory, false, true},
    [XS_READ] = {"READ", do_read, false, true},
    [XS_GET_PERMS] = {"GET_PERMS", do_get_perms, false, true},
    [XS_WATCH] = {"WATCH", do_watch, false, false},
    [XS_UNWATCH] = {"UNWATCH", do_unwatch, false, false},
    [XS_TRANSACTION_START] = {"TRANSACTION_START", do_transaction_start, false, true},
    [XS_TRANSACTION_END] = {"TRANSACTION_END", do_transaction_end, false, true},
    [XS_INTRODUCE] = {"INTRODUCE", do_introduce, true, false},
    [XS_RELEASE] = {"RELEASE", do_release, true, false},
    [XS_GET_DOMAIN_PATH] = {"GET_DOMAIN_PATH", do_get_domain_path, false, false},
    [XS_WRITE] = {"WRITE", do_write, false, true},
    [XS_MKDIR] = {"MKDIR", do_mkdir, false, true},
    [XS_RM] = {"RM", do_rm, false, true},
    [XS_SET_PERMS] = {"SET_PERMS", do_set_perms, false, true},
    [XS_IS_DOMAIN_INTRODUCED] = {"IS_DOMAIN_INTRODUCED", do_is_domain_introduced, false, false},
    [XS_RESUME] = {"RESUME", do_resume, true, false},
    [XS_SET_TARGET] = {"SET_TARGET", do_set_target, true, false},
    [XS_RESET_WATCHES] = {"RESET_WATCHES", do_reset_watches, false, false},
    [XS_DIRECTORY_PART] = {"DIRECTORY_PART", do_directory_part, false, true},
};

const char *request_name(uint32_t type)
{
    return type < XS_TYPE_COUNT && operations[type].name ? operations[type].name : "UNKNOWN";
}

static int run(struct request *r)
{
    const struct operation *op;

    if (r->header->type >= XS_TYPE_COUNT || !operations[r->header->type].handler)
        return ENOSYS;
    op = &operations[r->header->type];
    r->store->stats.requests[r->header->type]++;
    if (op->privileged && !r->conn->who.privileged)
        return EACCES;
    if (op->transactional && r->header->tx_id) {
        r->t = transaction_find(r->conn, r->header->tx_id);
        if (!r->t)
            return ENOENT;
    }
    return op->handler(r);
}

static const char *error_name(int err)
{
    for (size_t i = 0; i < sizeof(xsd_errors) / sizeof(xsd_errors[0]); i++)
        if (xsd_errors[i].errnum == err)
            return xsd_errors[i].errstring;
    return "EINVAL";
}

void store_request(struct store *s, struct conn *conn, const struct xsd_sockmsg *header,
                   const char *payload)
{
    struct request r = {.store = s, .conn = conn, .header = header, .payload = payload};
    int err;

    if (s->trace)
        trace_message("IN", conn->serial, conn->who.domid, request_name(header->type),
                      header->tx_id, payload, header->len);
    err = run(&r);
    if (!err && !r.replied && r.reply.len > XENSTORE_PAYLOAD_MAX)
        err = E2BIG;
    if (err) {
        s->stats.errors++;
        send_reply(&r, XS_ERROR, error_name(err), strlen(error_name(err)) + 1);
    } else if (!r.replied) {
        send_reply(&r, header->type, r.reply.data, r.reply.len);
    }
    if (s->trace)
        trace_message("OUT", conn->serial, conn->who.domid,
                      err ? "ERROR" : request_name(header->type), header->tx_id,
                      err ? error_name(err) : r.reply.data,
                      err ? strlen(error_name(err)) : r.reply.len);
    buf_free(&r.reply);
}
