/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages of the libraries: the dispatch to a caller's logger and the one ready-made logger,
 * which writes lines to a stdio stream.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "xentoollog.h"

struct xentoollog_logger_stdiostream {
    xentoollog_logger vtable;
    FILE *file;
    xentoollog_level min_level;
    unsigned flags;
    int progress_percent;      /* last shown, -1 after an ordinary line */
    const char *progress_what; /* activity of that percentage */
    int line_open;             /* a progress line without newline is on the screen */
};

static const char *const level_names[XTL_NUM_LEVELS] = {
    [XTL_NONE] = "none",         [XTL_DEBUG] = "debug",       [XTL_VERBOSE] = "verbose",
    [XTL_DETAIL] = "detail",     [XTL_PROGRESS] = "progress", [XTL_INFO] = "info",
    [XTL_NOTICE] = "notice",     [XTL_WARN] = "warning",      [XTL_ERROR] = "error",
    [XTL_CRITICAL] = "critical",
};

const char *xtl_level_to_string(xentoollog_level level)
{
    return (unsigned)level < XTL_NUM_LEVELS ? level_names[level] : "unknown";
}

void xtl_logv(struct xentoollog_logger *logger, xentoollog_level level, int errnoval,
              const char *context, const char *format, va_list al)
{
    int saved = errno;

    if (logger && logger->vmessage)
        logger->vmessage(logger, level, errnoval, context, format, al);
    errno = saved;
}

void xtl_log(struct xentoollog_logger *logger, xentoollog_level level, int errnoval,
             const char *context, const char *format, ...)
{
    va_list al;

    va_start(al, format);
    xtl_logv(logger, level, errnoval, context, format, al);
    va_end(al);
}

void xtl_progress(struct xentoollog_logger *logger, const char *context, const char *doing_what,
                  unsigned long done, unsigned long total)
{
    int saved = errno;
    int percent = 0;

    if (!logger || !logger->progress)
        return;
    if (total)
        percent = (int)((double)done * 100.0 / (double)total);
    logger->progress(logger, context, doing_what, percent, done, total);
    errno = saved;
}

void xtl_logger_destroy(struct xentoollog_logger *logger)
{
    if (logger && logger->destroy)
        logger->destroy(logger);
}

static void print_prefix(xentoollog_logger_stdiostream *lg, xentoollog_level level,
                         const char *context)
{
    if (lg->flags & XTL_STDIOSTREAM_SHOW_DATE) {
        char when[64];
        time_t now = time(NULL);
        struct tm tm;

        localtime_r(&now, &tm);
        if (strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S %Z", &tm))
            fprintf(lg->file, "%s ", when);
    }
    if (lg->flags & XTL_STDIOSTREAM_SHOW_PID)
        fprintf(lg->file, "[%ld] ", (long)getpid());
    if (context)
        fprintf(lg->file, "%s: ", context);
    fprintf(lg->file, "%s: ", xtl_level_to_string(level));
}

static void close_line(xentoollog_logger_stdiostream *lg)
{
    if (lg->line_open)
        fputc('\n', lg->file);
    lg->line_open = 0;
}

static void stdiostream_vmessage(struct xentoollog_logger *logger, xentoollog_level level,
                                 int errnoval, const char *context, const char *format, va_list al)
{
    xentoollog_logger_stdiostream *lg = (void *)logger;

    if (level < lg->min_level)
        return;
    close_line(lg);
    lg->progress_percent = -1;
    print_prefix(lg, level, context);
    vfprintf(lg->file, format, al);
    if (errnoval >= 0)
        fprintf(lg->file, ": %s", strerror(errnoval));
    fputc('\n', lg->file);
    fflush(lg->file);
}

static void stdiostream_progress(struct xentoollog_logger *logger, const char *context,
                                 const char *doing_what, int percent, unsigned long done,
                                 unsigned long total)
{
    xentoollog_logger_stdiostream *lg = (void *)logger;

    if (lg->flags & XTL_STDIOSTREAM_HIDE_PROGRESS || XTL_PROGRESS < lg->min_level)
        return;
    /* Only a change is worth a line: callers report as often as they like. */
    if (percent == lg->progress_percent && lg->progress_what == doing_what)
        return;
    lg->progress_percent = percent;
    lg->progress_what = doing_what;
    if (lg->flags & XTL_STDIOSTREAM_PROGRESS_USE_CR) {
        fprintf(lg->file, "\r%s%s%s: %3d%%", context ? context : "", context ? ": " : "",
                doing_what, percent);
        lg->line_open = done < total;
        if (!lg->line_open)
            fputc('\n', lg->file);
    } else {
        fprintf(lg->file, "%s%s%s: %d%%\n", context ? context : "", context ? ": " : "", doing_what,
                percent);
    }
    fflush(lg->file);
}

static void stdiostream_destroy(struct xentoollog_logger *logger)
{
    xentoollog_logger_stdiostream *lg = (void *)logger;

    close_line(lg);
    free(lg);
}

xentoollog_logger_stdiostream *xtl_createlogger_stdiostream(FILE *f, xentoollog_level min_level,
                                                            unsigned flags)
{
    xentoollog_logger_stdiostream *lg = calloc(1, sizeof(*lg));

    if (!lg)
        return NULL;
    lg->vtable.vmessage = stdiostream_vmessage;
    lg->vtable.progress = stdiostream_progress;
    lg->vtable.destroy = stdiostream_destroy;
    lg->file = f;
    lg->min_level = min_level;
    lg->flags = flags;
    lg->progress_percent = -1;
    if (!(flags & (XTL_STDIOSTREAM_PROGRESS_USE_CR | XTL_STDIOSTREAM_PROGRESS_NO_CR)) &&
        isatty(fileno(f)) > 0)
        lg->flags |= XTL_STDIOSTREAM_PROGRESS_USE_CR;
    return lg;
}

void xtl_stdiostream_set_minlevel(xentoollog_logger_stdiostream *lg, xentoollog_level min_level)
{
    lg->min_level = min_level;
}

void xtl_stdiostream_adjust_flags(xentoollog_logger_stdiostream *lg, unsigned set_flags,
                                  unsigned clear_flags)
{
    lg->flags = (lg->flags & ~clear_flags) | set_flags;
}
