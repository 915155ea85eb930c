/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages of a program: to stderr while it runs on a terminal or under systemd, to syslog once it
 * has become a daemon. A message is one line; control characters of strangers are escaped.
 */
#ifndef UTIL_LOG_H
#define UTIL_LOG_H

#include <stdbool.h>

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* name is kept, not copied. Messages beyond level are dropped. */
void log_open(const char *name, enum log_level level);
void log_to_syslog(void);
bool log_wanted(enum log_level level);
void log_msg(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define log_error(...) log_msg(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warn(...)  log_msg(LOG_LEVEL_WARN, __VA_ARGS__)
#define log_info(...)  log_msg(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...) log_msg(LOG_LEVEL_DEBUG, __VA_ARGS__)

#endif
