/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory of the toolstack: running out of it ends the process with a message, because nothing
 * useful can be done then. Whoever undoes a half-made domain is the next command. */
#ifndef LIBXL_UTIL_MEM_H
#define LIBXL_UTIL_MEM_H

#include <stdarg.h>
#include <stddef.h>

void *libxl__alloc(size_t size); /* zeroed; size 0 gives a pointer too */
void *libxl__realloc(void *p, size_t size);
char *libxl__strdup(const char *s); /* NULL stays NULL */
char *libxl__strndup(const char *s, size_t n);
char *libxl__sprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
char *libxl__vsprintf(const char *fmt, va_list al) __attribute__((format(printf, 1, 0)));

#endif
