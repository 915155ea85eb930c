/* SPDX-License-Identifier: GPL-2.0-only */
/* Messages of a program: one line each, to stderr or syslog; errno is kept. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <syslog.h>

#include "util/log.h"

static struct {
    const char *name;
    enum log_level level;
    bool syslog;
    bool prefixes; /* systemd reads "<3>" as the priority of a line */
} log_state = {.name = "?", .level = LOG_LEVEL_INFO};

static const struct {
    int priority;
    const char *word;
} levels[] = {
    [LOG_LEVEL_ERROR] = {LOG_ERR, "error: "},
    [LOG_LEVEL_WARN] = {LOG_WARNING, "warning: "},
    [LOG_LEVEL_INFO] = {LOG_INFO, ""},
    [LOG_LEVEL_DEBUG] = {LOG_DEBUG, ""},
};

void log_open(const char *name, enum log_level level)
{
    log_state.name = name;
    log_state.level = level;
    log_state.prefixes = getenv("JOURNAL_STREAM") != NULL;
}

void log_to_syslog(void)
{
    openlog(log_state.name, LOG_PID, LOG_DAEMON);
    log_state.syslog = true;
}

bool log_wanted(enum log_level level)
{
    return level <= log_state.level;
}

/* A name that a guest chose must not forge lines or move a cursor. */
static void escape_control(char *s)
{
    for (; *s; s++)
        if ((unsigned char)*s < ' ' || *s == 0x7f)
            *s = '?';
}

void log_msg(enum log_level level, const char *format, ...)
{
    int saved = errno;
    char line[1024];
    va_list al;

    if (!log_wanted(level))
        return;
    va_start(al, format);
    vsnprintf(line, sizeof(line), format, al);
    va_end(al);
    escape_control(line);
    if (log_state.syslog)
        syslog(levels[level].priority, "%s%s", levels[level].word, line);
    else if (log_state.prefixes)
        fprintf(stderr, "<%d>%s%s\n", levels[level].priority, levels[level].word, line);
    else
        fprintf(stderr, "%s: %s%s\n", log_state.name, levels[level].word, line);
    errno = saved;
}
