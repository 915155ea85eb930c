/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory of the toolstack; see mem.h. */
#include "util/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *must(void *p)
{
    if (!p) {
        fputs("libxl: out of memory\n", stderr);
        abort();
    }
    return p;
}

void *libxl__alloc(size_t size)
{
    return must(calloc(1, size ? size : 1));
}

void *libxl__realloc(void *p, size_t size)
{
    return must(realloc(p, size ? size : 1));
}

char *libxl__strdup(const char *s)
{
    return s ? must(strdup(s)) : NULL;
}

char *libxl__strndup(const char *s, size_t n)
{
    return must(strndup(s, n));
}

char *libxl__vsprintf(const char *fmt, va_list al)
{
    char *s;

    if (vasprintf(&s, fmt, al) < 0)
        s = NULL;
    return must(s);
}

char *libxl__sprintf(const char *fmt, ...)
{
    va_list al;
    char *s;

    va_start(al, fmt);
    s = libxl__vsprintf(fmt, al);
    va_end(al);
    return s;
}
