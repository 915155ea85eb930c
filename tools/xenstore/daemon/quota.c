/* SPDX-License-Identifier: GPL-2.0-only */
/* Quotas: their names and presets, and the log line when one bites. */
#include "log.h"
#include "store.h"

#include <string.h>

const struct quota_info quota_info[QUOTA_COUNT] = {
    [QUOTA_NODES] = {"nodes", "Nodes per domain", 1000},
    [QUOTA_WATCHES] = {"watches", "Watches per domain", 128},
    [QUOTA_TRANSACTIONS] = {"transactions", "Transactions per domain", 10},
    [QUOTA_OUTSTANDING] = {"outstanding", "Outstanding requests per domain", 20},
    [QUOTA_TRANSACTION_NODES] = {"transaction-nodes", "Nodes accessed per transaction", 1024},
    [QUOTA_MEMORY] = {"memory", "Bytes per domain for nodes, watches and messages", 2560 * 1024},
    [QUOTA_NODE_SIZE] = {"node-size", "Size of a node in bytes", 2048},
    [QUOTA_PATH_MAX] = {"path-max", "Length of a path", 2048},
    [QUOTA_PERMISSIONS] = {"permissions", "Permissions per node", 5},
};

/* One line per domain and quota in this many seconds. */
#define LOG_INTERVAL 10

int quota_by_name(const char *name)
{
    for (int q = 0; q < QUOTA_COUNT; q++)
        if (!strcmp(quota_info[q].name, name))
            return q;
    return -1;
}

bool quota_allows(struct store *s, struct conn *conn, enum quota quota, int64_t value)
{
    if (conn->who.privileged || !s->quota[quota] || value <= (int64_t)s->quota[quota])
        return true;
    s->stats.quota_hits[quota]++;
    if (conn->quota_logged[quota] && s->now - conn->quota_logged[quota] < LOG_INTERVAL) {
        conn->quota_hidden[quota]++;
        return false;
    }
    log_line("domain %u: quota %s (%s) of %lu exceeded: %lld wanted; %u more of these before",
             conn->who.domid, quota_info[quota].name, quota_info[quota].text, s->quota[quota],
             (long long)value, conn->quota_hidden[quota]);
    conn->quota_logged[quota] = s->now ? s->now : 1;
    conn->quota_hidden[quota] = 0;
    return false;
}

void quota_soft_memory(struct store *s, struct conn *conn, int64_t value)
{
    bool over = s->soft_memory && value > (int64_t)s->soft_memory && !conn->who.privileged;

    if (over && !conn->soft_memory_warned)
        log_line("domain %u: uses %lld bytes, more than the soft quota of %lu", conn->who.domid,
                 (long long)value, s->soft_memory);
    conn->soft_memory_warned = over;
}
