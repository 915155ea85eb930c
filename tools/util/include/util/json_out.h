/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * JSON for --json: a stream of values over yajl, indented, written out at the end. In an object a
 * key precedes each value; NULL as key stands for "in an array, or at the top".
 */
#ifndef UTIL_JSON_OUT_H
#define UTIL_JSON_OUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct json_out;

struct json_out *json_out_new(void);
void json_open_object(struct json_out *j, const char *key);
void json_close_object(struct json_out *j);
void json_open_array(struct json_out *j, const char *key);
void json_close_array(struct json_out *j);
/* NULL gives null. Bytes that are not UTF-8 become '?'. */
void json_string(struct json_out *j, const char *key, const char *value);
void json_printf(struct json_out *j, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void json_int(struct json_out *j, const char *key, int64_t value);
void json_uint(struct json_out *j, const char *key, uint64_t value);
void json_double(struct json_out *j, const char *key, double value);
void json_bool(struct json_out *j, const char *key, bool value);
void json_null(struct json_out *j, const char *key);
/* Writes the text and a newline to f and frees j. -1 with errno: not all could be written. */
int json_out_finish(struct json_out *j, FILE *f);

#endif
