/* SPDX-License-Identifier: GPL-2.0-only */
/* Strings, printing and the failure ladder: error -> crash the domain -> BUG -> ASSERT. */
#ifndef XEN_LIB_H
#define XEN_LIB_H

#include <xen/types.h>

void *memcpy(void *d, const void *s, size_t n);
void *memmove(void *d, const void *s, size_t n);
void *memset(void *d, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memchr(const void *s, int c, size_t n);
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t max);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
char *strchr(const char *s, int c);
char *strstr(const char *s, const char *sub);
/* Copies at most @size - 1 bytes and always terminates; returns strlen(s). */
size_t strlcpy(char *d, const char *s, size_t size);
size_t strlcat(char *d, const char *s, size_t size);
unsigned long simple_strtoul(const char *s, const char **end, unsigned int base);
/* A number with an optional K, M, G or T suffix (default unit: bytes). */
u64 parse_size(const char *s, const char **end);

int snprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);
int scnprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);
int vsnprintf(char *buf, size_t size, const char *fmt, va_list ap);

/*
 * Log levels: a message is printed when its level is below the threshold that loglvl= (host
 * messages) or guest_loglvl= (messages that a guest can provoke) sets; the ring keeps the same.
 */
#define XENLOG_ERR     "<0>"
#define XENLOG_WARNING "<1>"
#define XENLOG_INFO    "<2>"
#define XENLOG_DEBUG   "<3>"
#define XENLOG_GUEST   "<G>" /* before one of the above: guest-provoked, rate-limited */
void printk(const char *fmt, ...) __printf(1, 2);
void vprintk(const char *fmt, va_list ap);
/* Guest-provoked messages: prefix "(dN)", rate-limited. */
#define gprintk(lvl, fmt, ...) printk(XENLOG_GUEST lvl fmt, ##__VA_ARGS__)

void panic(const char *fmt, ...) __noreturn __printf(1, 2);
void bug(const char *what, const char *file, int line) __noreturn;
#define BUG() bug("BUG", __FILE__, __LINE__)
#define BUG_ON(c)                        \
    do {                                 \
        if (unlikely(c))                 \
            bug(#c, __FILE__, __LINE__); \
    } while (0)
#ifdef NDEBUG
#define ASSERT(c) ((void)sizeof(c))
#else
#define ASSERT(c) BUG_ON(!(c))
#endif

#endif
