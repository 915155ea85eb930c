/* SPDX-License-Identifier: GPL-2.0-only */
/* Log and trace of the daemon. */
#include "log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <time.h>

static void to_stderr(const char *line)
{
    fprintf(stderr, "xenstored: %s\n", line);
}

static void to_syslog(const char *line)
{
    syslog(LOG_NOTICE, "%s", line);
}

void (*log_sink)(const char *line) = to_stderr;
static FILE *trace;

void log_to_syslog(void)
{
    openlog("xenstored", LOG_PID, LOG_DAEMON);
    log_sink = to_syslog;
}

void log_line(const char *format, ...)
{
    char line[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    log_sink(line);
    if (trace)
        fprintf(trace, "LOG %s\n", line);
}

int trace_open(const char *path)
{
    FILE *file = NULL;

    if (path && !(file = fopen(path, "ae")))
        return errno;
    if (trace)
        fclose(trace);
    trace = file;
    if (trace)
        setvbuf(trace, NULL, _IOLBF, 4096);
    return 0;
}

void trace_message(const char *direction, uint64_t conn, uint32_t domid, const char *type,
                   uint32_t tx, const char *payload, size_t len)
{
    char line[512], when[32];
    size_t n = 0;
    time_t now = time(NULL);
    struct tm tm;

    /* NULs become spaces; what cannot be printed becomes a dot; long values are cut. */
    for (size_t i = 0; i < len && n < sizeof(line) - 4; i++) {
        unsigned char c = (unsigned char)payload[i];

        line[n++] = c == 0 ? ' ' : (c < 32 || c > 126) ? '.' : (char)c;
    }
    if (n < len)
        n += (size_t)snprintf(line + n, 4, "...");
    line[n] = '\0';
    if (!trace) {
        log_line("%s conn %llu dom %u tx %u %s (%.400s)", direction, (unsigned long long)conn,
                 domid, tx, type, line);
        return;
    }
    strftime(when, sizeof(when), "%Y%m%d %H:%M:%S", localtime_r(&now, &tm));
    fprintf(trace, "%s conn %llu dom %u %s tx %u %s (%s)\n", direction, (unsigned long long)conn,
            domid, when, tx, type, line);
}

void trace_text(const char *text)
{
    if (trace) {
        fputs(text, trace);
        fflush(trace);
    } else {
        log_line("%s", text);
    }
}
