/* SPDX-License-Identifier: GPL-2.0-only */
/* What the readers of xl.cfg's short forms share. */
#ifndef LIBXL_UTIL_SPEC_H
#define LIBXL_UTIL_SPEC_H

#include <stddef.h>

/* Sets *problem (malloc) and returns ERROR_INVAL. */
int spec_wrong(char **problem, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The text without white space around it, malloc. */
char *spec_trimmed(const char *s, size_t len);
/* Replaces a string by a copy of value. */
void spec_set(char **field, const char *value);

#endif
