/* SPDX-License-Identifier: GPL-2.0-only */
/* The daemon's log (syslog, or standard error in the foreground) and its trace file. */
#ifndef XENSTORED_LOG_H
#define XENSTORED_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where log lines go; tests replace it. */
extern void (*log_sink)(const char *line);

void log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Sends lines to syslog from now on instead of standard error. */
void log_to_syslog(void);

/* Trace of messages. trace_open: 0 or a positive errno. NULL closes. */
int trace_open(const char *path);
/* Without a trace file, the trace goes to the log. */
void trace_message(const char *direction, uint64_t conn, uint32_t domid, const char *type,
                   uint32_t tx, const char *payload, size_t len);
/* Report text for "memreport": to the trace file, or the log. */
void trace_text(const char *text);

#endif
