/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The journal file: an append-only log of checksummed records in a memory-mapped file, meant for a
 * tmpfs. It protects against the death of the daemon at any instruction (what is in the mapping
 * belongs to the kernel), not against loss of power: after a reboot a store starts empty anyway,
 * and the boot id in the header makes sure of it.
 *
 *   file:   header (64 bytes), records, zeroes
 *   record: length of data, CRC-32 of what follows it, sequence number, data, padding to 8 bytes
 *
 * Reading stops at the first record that is incomplete, damaged or out of sequence.
 */
#ifndef XENSTORED_JOURNAL_H
#define XENSTORED_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct journal;

struct journal_stats {
    uint64_t records, bytes, compactions, failures;
    size_t used, mapped;
};

/*
 * Opens or creates DIR/state. Every sound record of this boot (@boot_id) is handed to @replay; its
 * refusal ends the reading as damage would. *recovered tells how many there were; *lost that
 * something followed the last good one. NULL with errno on failure.
 */
typedef bool (*journal_replay)(void *arg, const char *data, size_t len);
struct journal *journal_open(const char *dir, const char *boot_id, journal_replay replay, void *arg,
                             uint64_t *recovered, bool *lost);
void journal_close(struct journal *j);

/*
 * Appends one record. When the file system is full this fails: the daemon goes on working, says so
 * in the log, and a later compaction makes the journal complete again.
 */
bool journal_append(struct journal *j, const void *data, size_t len);

/* Has the journal grown far beyond the state it describes? */
bool journal_wants_compaction(const struct journal *j);

/* Replaces the whole journal by one record with the complete state, atomically. */
bool journal_compact(struct journal *j, const void *data, size_t len);

const struct journal_stats *journal_stats(const struct journal *j);

#endif
