/* SPDX-License-Identifier: GPL-2.0-only */
/* Where messages of the tools' libraries go: a logger is given by the application. */
#ifndef XENTOOLLOG_H
#define XENTOOLLOG_H

#include <stdarg.h>
#include <stdio.h>

typedef enum xentoollog_level {
    XTL_NONE, /**< "no message": as a minimum level it lets everything through */
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
    /** errnoval -1: none. context, for instance "libxl", may be NULL. format has no newline. */
    void (*vmessage)(xentoollog_logger *logger, xentoollog_level level, int errnoval,
                     const char *context, const char *format, va_list al)
        __attribute__((format(printf, 5, 0)));
    /** May be NULL. */
    void (*progress)(xentoollog_logger *logger, const char *context, const char *doing_what,
                     int percent, unsigned long done, unsigned long total);
    void (*destroy)(xentoollog_logger *logger);
};

#define XTL_STDIOSTREAM_SHOW_PID 001u
#define XTL_STDIOSTREAM_SHOW_DATE 002u
#define XTL_STDIOSTREAM_HIDE_PROGRESS 004u
#define XTL_STDIOSTREAM_PROGRESS_USE_CR 010u
#define XTL_STDIOSTREAM_PROGRESS_NO_CR 020u

/** A logger that writes lines to a stream (which stays the caller's). Cast it to
 * xentoollog_logger. */
typedef struct xentoollog_logger_stdiostream xentoollog_logger_stdiostream;
xentoollog_logger_stdiostream *xtl_createlogger_stdiostream(FILE *f, xentoollog_level min_level,
                                                            unsigned int flags);
void xtl_stdiostream_set_minlevel(xentoollog_logger_stdiostream *logger,
                                  xentoollog_level min_level);
void xtl_stdiostream_adjust_flags(xentoollog_logger_stdiostream *logger, unsigned int set_flags,
                                  unsigned int clear_flags);
void xtl_logger_destroy(xentoollog_logger *logger);

void xtl_logv(xentoollog_logger *logger, xentoollog_level level, int errnoval, const char *context,
              const char *format, va_list al) __attribute__((format(printf, 5, 0)));
void xtl_log(xentoollog_logger *logger, xentoollog_level level, int errnoval, const char *context,
             const char *format, ...) __attribute__((format(printf, 5, 6)));
void xtl_progress(xentoollog_logger *logger, const char *context, const char *doing_what,
                  unsigned long done, unsigned long total);
const char *xtl_level_to_string(xentoollog_level level);

#endif
