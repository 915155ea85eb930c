/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the libraries send their messages. A caller passes a logger, or NULL for one that writes
 * warnings and errors to stderr. A logger of one's own is a structure that begins with
 * struct xentoollog_logger; names and meaning follow the interface that Xen's users know.
 */
#ifndef XENTOOLLOG_H
#define XENTOOLLOG_H

#include <stdarg.h>
#include <stdio.h>

typedef enum xentoollog_level {
    XTL_NONE, /* never used for a message */
    XTL_DEBUG,
    XTL_VERBOSE,
    XTL_DETAIL,
    XTL_PROGRESS,
    XTL_INFO,
    XTL_NOTICE,
    XTL_WARN,
    XTL_ERROR,
    XTL_CRITICAL,
    XTL_NUM_LEVELS
} xentoollog_level;

typedef struct xentoollog_logger xentoollog_logger;
struct xentoollog_logger {
    /* errnoval is an errno to append as text, or -1; context names the subsystem, or is NULL. */
    void (*vmessage)(struct xentoollog_logger *logger, xentoollog_level level, int errnoval,
                     const char *context, const char *format, va_list al)
        __attribute__((format(printf, 5, 0)));
    /* May be NULL. Called with done == 0 at the start of each activity. */
    void (*progress)(struct xentoollog_logger *logger, const char *context, const char *doing_what,
                     int percent, unsigned long done, unsigned long total);
    /* Frees the logger. */
    void (*destroy)(struct xentoollog_logger *logger);
};

#define XTL_STDIOSTREAM_SHOW_PID        001u
#define XTL_STDIOSTREAM_SHOW_DATE       002u
#define XTL_STDIOSTREAM_HIDE_PROGRESS   004u
#define XTL_STDIOSTREAM_PROGRESS_USE_CR 010u /* overwrite the line; default on a terminal */
#define XTL_STDIOSTREAM_PROGRESS_NO_CR  020u

typedef struct xentoollog_logger_stdiostream xentoollog_logger_stdiostream;

/* A logger to a stdio stream, which stays the caller's. NULL (errno ENOMEM) if out of memory. */
xentoollog_logger_stdiostream *xtl_createlogger_stdiostream(FILE *f, xentoollog_level min_level,
                                                            unsigned flags);
void xtl_stdiostream_set_minlevel(xentoollog_logger_stdiostream *lg, xentoollog_level min_level);
/* A flag in both masks ends up set. */
void xtl_stdiostream_adjust_flags(xentoollog_logger_stdiostream *lg, unsigned set_flags,
                                  unsigned clear_flags);
/* NULL is accepted. */
void xtl_logger_destroy(struct xentoollog_logger *logger);

/* Messages keep errno. They carry neither level nor newline in the format. */
void xtl_logv(struct xentoollog_logger *logger, xentoollog_level level, int errnoval,
              const char *context, const char *format, va_list al)
    __attribute__((format(printf, 5, 0)));
void xtl_log(struct xentoollog_logger *logger, xentoollog_level level, int errnoval,
             const char *context, const char *format, ...) __attribute__((format(printf, 5, 6)));
void xtl_progress(struct xentoollog_logger *logger, const char *context, const char *doing_what,
                  unsigned long done, unsigned long total);
/* Never fails; an unknown level is "unknown". */
const char *xtl_level_to_string(xentoollog_level level);

#endif
