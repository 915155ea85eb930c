/* SPDX-License-Identifier: GPL-2.0-only */
/* The logger interface of the tools' libraries and its writer to a stdio stream. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <xentoollog.h>

struct xentoollog_logger_stdiostream {
    xentoollog_logger vtable;
    FILE *f;
    xentoollog_level min_level;
    unsigned int flags;
    bool in_progress; /* the cursor is behind a progress text */
};

const char *xtl_level_to_string(xentoollog_level level)
{
    static const char *const names[] = {"none", "debug",  "verbose", "detail", "progress",
                                        "info", "notice", "warning", "error",  "critical"};

    return level >= 0 && level < XTL_NUM_LEVELS ? names[level] : "?";
}

void xtl_logv(xentoollog_logger *logger, xentoollog_level level, int errnoval, const char *context,
              const char *format, va_list al)
{
    logger->vmessage(logger, level, errnoval, context, format, al);
}

void xtl_log(xentoollog_logger *logger, xentoollog_level level, int errnoval, const char *context,
             const char *format, ...)
{
    va_list al;

    va_start(al, format);
    xtl_logv(logger, level, errnoval, context, format, al);
    va_end(al);
}

void xtl_progress(xentoollog_logger *logger, const char *context, const char *doing_what,
                  unsigned long done, unsigned long total)
{
    int percent = total ? (int)((double)done * 100 / total) : 0;

    if (logger->progress)
        logger->progress(logger, context, doing_what, percent, done, total);
}

void xtl_logger_destroy(xentoollog_logger *logger)
{
    if (logger)
        logger->destroy(logger);
}

static void line_start(xentoollog_logger_stdiostream *lg)
{
    char when[32];
    time_t now = time(NULL);
    struct tm tm;

    if (lg->in_progress)
        fputc('\n', lg->f);
    lg->in_progress = false;
    if (lg->flags & XTL_STDIOSTREAM_SHOW_DATE && localtime_r(&now, &tm) &&
        strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S %Z ", &tm))
        fputs(when, lg->f);
    if (lg->flags & XTL_STDIOSTREAM_SHOW_PID)
        fprintf(lg->f, "[%d] ", (int)getpid());
}

static void stream_vmessage(xentoollog_logger *logger, xentoollog_level level, int errnoval,
                            const char *context, const char *format, va_list al)
{
    xentoollog_logger_stdiostream *lg = (xentoollog_logger_stdiostream *)logger;

    if (level < lg->min_level)
        return;
    flockfile(lg->f);
    line_start(lg);
    fprintf(lg->f, "%s: %s: ", context ? context : "xtl", xtl_level_to_string(level));
    vfprintf(lg->f, format, al);
    if (errnoval >= 0)
        fprintf(lg->f, ": %s", strerror(errnoval));
    fputc('\n', lg->f);
    fflush(lg->f);
    funlockfile(lg->f);
}

static void stream_progress(xentoollog_logger *logger, const char *context, const char *doing_what,
                            int percent, unsigned long done, unsigned long total)
{
    xentoollog_logger_stdiostream *lg = (xentoollog_logger_stdiostream *)logger;
    bool cr = lg->flags & XTL_STDIOSTREAM_PROGRESS_USE_CR;

    if (lg->min_level > XTL_PROGRESS || lg->flags & XTL_STDIOSTREAM_HIDE_PROGRESS)
        return;
    flockfile(lg->f);
    fprintf(lg->f, "%s%s: %s: %lu/%lu %3d%%%s", cr ? "\r" : "", context ? context : "xtl",
            doing_what, done, total, percent, cr && done < total ? "" : "\n");
    lg->in_progress = cr && done < total;
    fflush(lg->f);
    funlockfile(lg->f);
}

static void stream_destroy(xentoollog_logger *logger)
{
    free(logger);
}

xentoollog_logger_stdiostream *xtl_createlogger_stdiostream(FILE *f, xentoollog_level min_level,
                                                            unsigned int flags)
{
    xentoollog_logger_stdiostream *lg = calloc(1, sizeof(*lg));

    if (!lg)
        return NULL;
    lg->vtable.vmessage = stream_vmessage;
    lg->vtable.progress = stream_progress;
    lg->vtable.destroy = stream_destroy;
    lg->f = f;
    lg->min_level = min_level;
    if (!(flags & (XTL_STDIOSTREAM_PROGRESS_USE_CR | XTL_STDIOSTREAM_PROGRESS_NO_CR)) &&
        isatty(fileno(f)))
        flags |= XTL_STDIOSTREAM_PROGRESS_USE_CR;
    lg->flags = flags;
    return lg;
}

void xtl_stdiostream_set_minlevel(xentoollog_logger_stdiostream *lg, xentoollog_level min_level)
{
    lg->min_level = min_level;
}

void xtl_stdiostream_adjust_flags(xentoollog_logger_stdiostream *lg, unsigned int set_flags,
                                  unsigned int clear_flags)
{
    lg->flags = (lg->flags & ~clear_flags) | set_flags;
}
