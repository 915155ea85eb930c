/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A log file that rotates: NAME becomes NAME.1, NAME.1 becomes NAME.2 and so on up to a number.
 * It is opened without following links, so that nobody can point it elsewhere.
 */
#ifndef CONSOLE_LOGFILE_H
#define CONSOLE_LOGFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

struct logfile_policy {
    const char *dir;
    size_t max_bytes; /* rotate before growing beyond; 0: never */
    unsigned keep;    /* rotated files that stay */
    bool timestamps;  /* in front of every line */
};

struct logfile;

/* NULL with errno: no memory. A file that cannot be opened is tried again at each write. */
struct logfile *logfile_new(const struct logfile_policy *policy, const char *name);
/* -1 with errno if bytes were lost (they are: a full disk must not stop a guest). */
int logfile_write(struct logfile *log, const char *data, size_t len, time_t now);
/* After someone else moved the file away. */
void logfile_reopen(struct logfile *log);
void logfile_free(struct logfile *log);

/* A file name for a guest's own idea of its name: no path, no control characters, no dot first. */
void logfile_safe_name(char *out, size_t size, const char *prefix, const char *name);

#endif
