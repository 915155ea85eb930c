/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the journal says: every change of state that must survive the daemon, as entries in
 * store->record. All entries of one request form one journal record, so that a request, its reply
 * and the events it caused become durable together or not at all.
 *
 * Only ring connections are recorded: sockets die with the daemon.
 */
#ifndef XENSTORED_RECORD_H
#define XENSTORED_RECORD_H

#include "store.h"

void record_change(struct store *s, const struct change *change);
void record_watch(struct store *s, const struct watch *watch);
void record_unwatch(struct store *s, const struct watch *watch);
void record_reset(struct store *s, const struct conn *conn);
void record_transaction(struct store *s, const struct conn *conn, uint32_t id, bool start);
void record_introduce(struct store *s, const struct domain *d);
void record_release(struct store *s, uint32_t domid);
void record_target(struct store *s, const struct domain *d);
void record_shutdown(struct store *s, const struct domain *d);
void record_special(struct store *s, enum special special);
void record_quota(struct store *s, int quota); /* -1: soft memory */

/* Rings. Positions are stream offsets as in the shared page. */
void record_ring_reset(struct store *s, const struct domain *d);
/* @bytes of an incomplete request were taken; the consumer is now at d->req_cons. */
void record_ring_in(struct store *s, const struct domain *d, const void *bytes, size_t len);
/* A request was completed; the consumer is now at d->req_cons. */
void record_ring_done(struct store *s, const struct domain *d);
/* A message was queued for the domain. */
void record_ring_out(struct store *s, const struct domain *d, const struct message *message);

/* Writes what was recorded since the last call as one journal record. */
void record_commit(struct store *s);

/* The whole state as entries (what a compacted journal starts with). */
void record_snapshot(struct store *s, struct buf *out);

/* Applies the entries of one journal record; false if they make no sense. */
bool record_replay(struct store *s, const char *data, size_t len);

#endif
