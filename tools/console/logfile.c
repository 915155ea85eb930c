/* SPDX-License-Identifier: GPL-2.0-only */
/* A rotating log file with optional time stamps. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "logfile.h"

struct logfile {
    struct logfile_policy policy;
    char *path;
    int fd;
    size_t size;  /* with what is collected */
    bool in_line; /* the last byte written was not a newline */
    /* Lines of one logfile_write are collected here, so that each need not be a call of its own. */
    char collected[4096];
    size_t used;
};

static void open_file(struct logfile *log)
{
    struct stat st;

    log->size = 0;
    log->fd =
        open(log->path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, 0640);
    if (log->fd >= 0 && !fstat(log->fd, &st))
        log->size = (size_t)st.st_size;
}

static void close_file(struct logfile *log)
{
    if (log->fd >= 0)
        close(log->fd);
    log->fd = -1;
}

struct logfile *logfile_new(const struct logfile_policy *policy, const char *name)
{
    struct logfile *log = calloc(1, sizeof(*log));

    if (!log)
        return NULL;
    log->policy = *policy;
    log->fd = -1;
    if (asprintf(&log->path, "%s/%s", policy->dir, name) < 0) {
        free(log);
        errno = ENOMEM;
        return NULL;
    }
    open_file(log);
    return log;
}

void logfile_free(struct logfile *log)
{
    if (!log)
        return;
    close_file(log);
    free(log->path);
    free(log);
}

void logfile_reopen(struct logfile *log)
{
    close_file(log);
    open_file(log);
}

static int write_all(struct logfile *log, const char *data, size_t len)
{
    while (len) {
        ssize_t n = write(log->fd, data, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            log->size -= len;
            return -1;
        }
        data += n;
        len -= (size_t)n;
    }
    return 0;
}

static int flush(struct logfile *log)
{
    size_t used = log->used;

    log->used = 0;
    return used ? write_all(log, log->collected, used) : 0;
}

static int collect(struct logfile *log, const char *data, size_t len)
{
    int rc = 0;

    log->size += len;
    if (len > sizeof(log->collected) - log->used)
        rc = flush(log);
    if (len > sizeof(log->collected))
        return write_all(log, data, len) ? -1 : rc;
    memcpy(log->collected + log->used, data, len);
    log->used += len;
    return rc;
}

/* path.number, or path itself for 0; NULL without memory. */
static char *rotated_name(const struct logfile *log, unsigned number)
{
    char *name = NULL;

    if (number ? asprintf(&name, "%s.%u", log->path, number) < 0 : !(name = strdup(log->path)))
        return NULL;
    return name;
}

static void rotate(struct logfile *log)
{
    unsigned i;

    flush(log); /* what is lost then is lost with the old file */
    close_file(log);
    for (i = log->policy.keep; i > 0; i--) {
        char *from = rotated_name(log, i - 1);
        char *to = rotated_name(log, i);

        if (from && to)
            rename(from, to);
        free(from);
        free(to);
    }
    if (!log->policy.keep)
        unlink(log->path);
    open_file(log);
}

/* Lines stay whole over a rotation, but a guest that never ends its line must not fill the disk. */
static bool must_rotate(const struct logfile *log, size_t more)
{
    if (!log->policy.max_bytes || !log->size)
        return false;
    if (log->in_line)
        return log->size + more > 2 * log->policy.max_bytes;
    return log->size + more > log->policy.max_bytes;
}

/* One line, or the part of it that has come. */
static int write_part(struct logfile *log, const char *data, size_t len, const char *stamp)
{
    size_t total = len + (log->in_line ? 0 : strlen(stamp));

    if (log->fd < 0)
        open_file(log);
    if (must_rotate(log, total))
        rotate(log);
    if (log->fd < 0)
        return -1;
    if (!log->in_line && collect(log, stamp, strlen(stamp)))
        return -1;
    log->in_line = data[len - 1] != '\n';
    return collect(log, data, len);
}

int logfile_write(struct logfile *log, const char *data, size_t len, time_t now)
{
    char stamp[40] = "";
    int rc = 0;

    if (log->policy.timestamps) {
        struct tm tm;

        localtime_r(&now, &tm);
        strftime(stamp, sizeof(stamp), "[%Y-%m-%d %H:%M:%S] ", &tm);
    }
    while (len) {
        const char *end = memchr(data, '\n', len);
        size_t part = end ? (size_t)(end - data) + 1 : len;

        if (write_part(log, data, part, stamp))
            rc = -1;
        data += part;
        len -= part;
    }
    return flush(log) ? -1 : rc;
}

void logfile_safe_name(char *out, size_t size, const char *prefix, const char *name)
{
    char *p;

    /* ".log" must fit behind, and a rotation's number behind that. */
    snprintf(out, size > 5 ? size - 5 : 0, "%s%s", prefix, name);
    for (p = out; *p; p++)
        if (*p == '/' || (unsigned char)*p < ' ' || *p == 0x7f)
            *p = '_';
    if (*out == '.')
        *out = '_';
    strcat(out, ".log");
}
