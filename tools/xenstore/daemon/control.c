/* SPDX-License-Identifier: GPL-2.0-only */
/* CONTROL commands: help, checks, logging, quotas, statistics. */
#include "journal.h"
#include "log.h"
#include "path.h"
#include "record.h"
#include "request.h"
#include "store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct control {
    const char *name, *usage;
    int (*run)(struct store *s, const char **args, unsigned int count, struct buf *reply);
    unsigned int min, max; /* arguments after the command */
};

static void say(struct buf *reply, const char *text)
{
    buf_add(reply, text, strlen(text));
}

/* -- check -- */

static int control_check(struct store *s, const char **args, unsigned int count, struct buf *reply)
{
    uint64_t nodes;
    const char *fault = tree_check(s->tree.root, &nodes);

    if (!fault && nodes != (uint64_t)s->account.nodes)
        fault = "the number of accounted nodes is wrong";
    if (fault) {
        log_line("check: %s", fault);
        buf_printf(reply, "FAULT: %s", fault);
        return 0;
    }
    say(reply, "OK");
    return 0;
}

/* -- logging -- */

static int control_log(struct store *s, const char **args, unsigned int count, struct buf *reply)
{
    if (strcmp(args[0], "on") && strcmp(args[0], "off"))
        return EINVAL;
    s->trace = !strcmp(args[0], "on");
    say(reply, "OK");
    return 0;
}

static int control_logfile(struct store *s, const char **args, unsigned int count,
                           struct buf *reply)
{
    int err = trace_open(args[0]);

    if (err) {
        log_line("cannot open %s: %s", args[0], strerror(err));
        return err;
    }
    say(reply, "OK");
    return 0;
}

static int control_print(struct store *s, const char **args, unsigned int count, struct buf *reply)
{
    log_line("%s", args[0]);
    say(reply, "OK");
    return 0;
}

/* -- quotas -- */

static void show_quotas(const struct store *s, struct buf *reply)
{
    say(reply, "Quota settings:\n");
    for (int q = 0; q < QUOTA_COUNT; q++)
        buf_printf(reply, "%-17s: %8lu %s\n", quota_info[q].name, s->quota[q], quota_info[q].text);
}

static int show_domain_quota(struct store *s, const char *text, struct buf *reply)
{
    const struct usage *usage;
    struct domain *d;
    unsigned long domid;

    if (!parse_number(text, 0xffff, &domid))
        return EINVAL;
    d = domain_find(s, (uint32_t)domid);
    if (!d && domid)
        return ENOENT;
    usage = account_get(&s->account, (uint32_t)domid);
    buf_printf(reply,
               "Domain %lu:\n%-16s: %8" PRId64 "\n%-16s: %8u\n%-16s: %8u\n%-16s: %8u\n%-16s: "
               "%8" PRId64 "\n",
               domid, "nodes", usage->nodes, "watches", d ? d->conn.watch_count : 0, "transactions",
               d ? d->conn.transaction_count : 0, "outstanding", d ? d->conn.out_replies : 0,
               "memory", usage->bytes + (d ? (int64_t)d->conn.out_bytes : 0));
    return 0;
}

static int control_quota(struct store *s, const char **args, unsigned int count, struct buf *reply)
{
    unsigned long value;
    int quota;

    if (!count) {
        show_quotas(s, reply);
        return 0;
    }
    if (count == 1)
        return show_domain_quota(s, args[0], reply);
    if (count != 3 || strcmp(args[0], "set") || (quota = quota_by_name(args[1])) < 0 ||
        !parse_number(args[2], INT64_MAX, &value))
        return EINVAL;
    s->quota[quota] = value;
    record_quota(s, quota);
    say(reply, "OK");
    return 0;
}

static int control_quota_soft(struct store *s, const char **args, unsigned int count,
                              struct buf *reply)
{
    unsigned long value;

    if (!count) {
        buf_printf(reply, "Quota settings:\n%-17s: %8lu %s\n", "memory", s->soft_memory,
                   "Bytes per domain that are worth a warning");
        return 0;
    }
    if (count != 3 || strcmp(args[0], "set") || strcmp(args[1], "memory") ||
        !parse_number(args[2], INT64_MAX, &value))
        return EINVAL;
    s->soft_memory = value;
    record_quota(s, -1);
    say(reply, "OK");
    return 0;
}

/* -- statistics -- */

static void json_requests(const struct store *s, struct buf *b)
{
    const char *comma = "";

    say(b, "\"requests\":{");
    for (uint32_t type = 0; type < XS_TYPE_COUNT; type++) {
        if (!s->stats.requests[type])
            continue;
        buf_printf(b, "%s\"%s\":%" PRIu64, comma, request_name(type), s->stats.requests[type]);
        comma = ",";
    }
    say(b, "},");
}

static void json_quotas(const struct store *s, struct buf *b)
{
    say(b, "\"quotas\":{");
    for (int q = 0; q < QUOTA_COUNT; q++)
        buf_printf(b, "%s\"%s\":{\"limit\":%lu,\"hits\":%" PRIu64 "}", q ? "," : "",
                   quota_info[q].name, s->quota[q], s->stats.quota_hits[q]);
    say(b, "},");
}

static void json_journal(const struct store *s, struct buf *b)
{
    static const struct journal_stats none;
    const struct journal_stats *j = s->journal ? journal_stats(s->journal) : &none;

    buf_printf(b,
               "\"journal\":{\"enabled\":%s,\"records\":%" PRIu64 ",\"bytes\":%" PRIu64
               ",\"compactions\":%" PRIu64 ",\"failures\":%" PRIu64 ",\"used\":%zu,\"mapped\":%zu}",
               s->journal ? "true" : "false", j->records, j->bytes, j->compactions, j->failures,
               j->used, j->mapped);
}

static void json_store(const struct store *s, struct buf *b)
{
    buf_printf(b,
               "{\"uptime\":%" PRId64 ",\"nodes\":%" PRId64 ",\"bytes\":%" PRId64
               ",\"watches\":%u,\"connections\":%u,\"domains\":%u,\"generation\":%" PRIu64 ",",
               s->now - s->started, s->account.nodes, s->account.bytes, s->watches.count,
               s->conn_count, s->domain_count, s->gen);
    buf_printf(b,
               "\"transactions\":{\"open\":%u,\"committed\":%" PRIu64 ",\"conflicts\":%" PRIu64
               ",\"aborted\":%" PRIu64 "},",
               s->transaction_count, s->stats.commits, s->stats.conflicts, s->stats.aborts);
    buf_printf(b,
               "\"events\":{\"sent\":%" PRIu64 ",\"merged\":%" PRIu64 ",\"dropped\":%" PRIu64
               "},\"errors\":%" PRIu64 ",",
               s->stats.events, s->stats.events_merged, s->stats.events_dropped, s->stats.errors);
    json_requests(s, b);
    json_quotas(s, b);
    json_journal(s, b);
    say(b, "}");
}

static void json_domain(const struct store *s, const struct domain *d, struct buf *b)
{
    const struct usage *usage = account_get(&s->account, d->domid);

    buf_printf(b,
               "{\"domid\":%u,\"frame\":%" PRIu64 ",\"remote_port\":%u,\"port\":%d,\"shutdown\":%s,"
               "\"stopped\":%s,\"nodes\":%" PRId64 ",\"bytes\":%" PRId64
               ",\"watches\":%u,\"transactions\":%u,\"replies_waiting\":%u,\"events_waiting\":%u,"
               "\"output_bytes\":%zu",
               d->domid, d->gfn, d->remote_port, d->port, d->shutdown ? "true" : "false",
               d->conn.broken ? "true" : "false", usage->nodes, usage->bytes, d->conn.watch_count,
               d->conn.transaction_count, d->conn.out_replies, d->conn.out_events,
               d->conn.out_bytes);
    if (d->conn.who.target != DOMID_NONE)
        buf_printf(b, ",\"target\":%u", d->conn.who.target);
    say(b, "}");
}

static int control_stats(struct store *s, const char **args, unsigned int count, struct buf *reply)
{
    unsigned long domid;
    struct domain *d;

    if (!count) {
        json_store(s, reply);
        return 0;
    }
    if (!parse_number(args[0], 0xffff, &domid))
        return EINVAL;
    d = domain_find(s, (uint32_t)domid);
    if (!d)
        return ENOENT;
    json_domain(s, d, reply);
    return 0;
}

static int control_memreport(struct store *s, const char **args, unsigned int count,
                             struct buf *reply)
{
    struct buf text = {0};
    FILE *file;

    json_store(s, &text);
    say(&text, "\n");
    for (unsigned int i = 0; i < DOMAIN_CHAINS; i++)
        for (const struct domain *d = s->domains[i]; d; d = d->next) {
            json_domain(s, d, &text);
            say(&text, "\n");
        }
    buf_u8(&text, 0);
    if (!count) {
        trace_text(text.data);
    } else if ((file = fopen(args[0], "we"))) {
        fputs(text.data, file);
        fclose(file);
    } else {
        int err = errno;

        buf_free(&text);
        return err;
    }
    buf_free(&text);
    say(reply, "OK");
    return 0;
}

/* -- the table -- */

static int control_help(struct store *s, const char **args, unsigned int count, struct buf *reply);

static const struct control controls[] = {
    {"check", "", control_check, 0, 0},
    {"log", "on|off", control_log, 1, 1},
    {"logfile", "<file>", control_logfile, 1, 1},
    {"memreport", "[<file>]", control_memreport, 0, 1},
    {"print", "<string>", control_print, 1, 1},
    {"quota", "[set <name> <val>|<domid>]", control_quota, 0, 3},
    {"quota-soft", "[set <name> <val>]", control_quota_soft, 0, 3},
    {"stats", "[<domid>]", control_stats, 0, 1},
    {"help", "", control_help, 0, 0},
};

static int control_help(struct store *s, const char **args, unsigned int count, struct buf *reply)
{
    for (size_t i = 0; i < sizeof(controls) / sizeof(controls[0]); i++)
        buf_printf(reply, "%s\t%s\n", controls[i].name, controls[i].usage);
    return 0;
}

int control_command(struct store *s, struct conn *c, const char **args, unsigned int count,
                    struct buf *reply)
{
    for (size_t i = 0; i < sizeof(controls) / sizeof(controls[0]); i++) {
        int err;

        if (strcmp(controls[i].name, args[0]))
            continue;
        if (count - 1 < controls[i].min || count - 1 > controls[i].max)
            return EINVAL;
        err = controls[i].run(s, args + 1, count - 1, reply);
        if (!err)
            buf_u8(reply, 0);
        return err;
    }
    return EINVAL;
}
