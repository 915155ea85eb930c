/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory with one owner: everything allocated from an arena goes with it. One arena per request
 * (a command, a message, a configuration) replaces a free for every path out of a function.
 * Running out of memory ends the program with a message. Not for sharing between threads.
 */
#ifndef UTIL_ARENA_H
#define UTIL_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_new(void);
/* NULL is accepted. */
void arena_free(struct arena *a);
/* Zeroed, aligned for any type; size 0 gives a valid pointer. */
void *arena_alloc(struct arena *a, size_t size);
/* count * size, with the product checked. */
void *arena_calloc(struct arena *a, size_t count, size_t size);
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t len);
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *format, va_list al)
    __attribute__((format(printf, 2, 0)));

#endif
