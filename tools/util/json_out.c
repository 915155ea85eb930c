/* SPDX-License-Identifier: GPL-2.0-only */
/* JSON output over yajl's generator. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_gen.h>

#include "util/json_out.h"

struct json_out {
    yajl_gen gen;
};

struct json_out *json_out_new(void)
{
    struct json_out *j = calloc(1, sizeof(*j));

    if (!j || !(j->gen = yajl_gen_alloc(NULL))) {
        fputs("out of memory\n", stderr);
        exit(1);
    }
    yajl_gen_config(j->gen, yajl_gen_beautify, 1);
    yajl_gen_config(j->gen, yajl_gen_indent_string, "    ");
    return j;
}

/* Length of the UTF-8 sequence at s, 0 if there is none. */
static size_t utf8_length(const unsigned char *s)
{
    size_t n = s[0] < 0x80                   ? 1
               : s[0] >= 0xc2 && s[0] < 0xe0 ? 2
               : (s[0] & 0xf0) == 0xe0       ? 3
               : s[0] >= 0xf0 && s[0] < 0xf5 ? 4
                                             : 0;
    size_t i;

    for (i = 1; i < n; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    return n;
}

static void put_string(struct json_out *j, const char *s)
{
    size_t len = strlen(s), i = 0;
    unsigned char *copy = malloc(len + 1);

    if (!copy) {
        fputs("out of memory\n", stderr);
        exit(1);
    }
    memcpy(copy, s, len + 1);
    while (i < len) {
        size_t n = utf8_length(copy + i);

        if (!n)
            copy[i] = '?';
        i += n ? n : 1;
    }
    yajl_gen_string(j->gen, copy, len);
    free(copy);
}

static void put_key(struct json_out *j, const char *key)
{
    if (key)
        put_string(j, key);
}

void json_open_object(struct json_out *j, const char *key)
{
    put_key(j, key);
    yajl_gen_map_open(j->gen);
}

void json_close_object(struct json_out *j)
{
    yajl_gen_map_close(j->gen);
}

void json_open_array(struct json_out *j, const char *key)
{
    put_key(j, key);
    yajl_gen_array_open(j->gen);
}

void json_close_array(struct json_out *j)
{
    yajl_gen_array_close(j->gen);
}

void json_string(struct json_out *j, const char *key, const char *value)
{
    put_key(j, key);
    if (value)
        put_string(j, value);
    else
        yajl_gen_null(j->gen);
}

void json_printf(struct json_out *j, const char *key, const char *format, ...)
{
    char *s = NULL;
    va_list al;
    int n;

    va_start(al, format);
    n = vasprintf(&s, format, al);
    va_end(al);
    json_string(j, key, n < 0 ? NULL : s);
    if (n >= 0)
        free(s);
}

/* yajl's own integers are signed: numbers go out as their digits. */
static void put_digits(struct json_out *j, const char *key, const char *digits)
{
    put_key(j, key);
    yajl_gen_number(j->gen, digits, strlen(digits));
}

void json_int(struct json_out *j, const char *key, int64_t value)
{
    char s[24];

    snprintf(s, sizeof(s), "%" PRId64, value);
    put_digits(j, key, s);
}

void json_uint(struct json_out *j, const char *key, uint64_t value)
{
    char s[24];

    snprintf(s, sizeof(s), "%" PRIu64, value);
    put_digits(j, key, s);
}

void json_double(struct json_out *j, const char *key, double value)
{
    char text[32];

    put_key(j, key);
    /* 15 digits are what a double surely holds: 2603.379 stays as it was written. */
    snprintf(text, sizeof(text), "%.15g", value);
    if (value - value == 0)
        yajl_gen_number(j->gen, text, strlen(text));
    else
        yajl_gen_null(j->gen); /* not a number: JSON has no word for it */
}

void json_bool(struct json_out *j, const char *key, bool value)
{
    put_key(j, key);
    yajl_gen_bool(j->gen, value);
}

void json_null(struct json_out *j, const char *key)
{
    put_key(j, key);
    yajl_gen_null(j->gen);
}

int json_out_finish(struct json_out *j, FILE *f)
{
    const unsigned char *text;
    size_t len;
    int rc = 0;

    yajl_gen_get_buf(j->gen, &text, &len);
    /* yajl ends a whole value with a newline when it beautifies. */
    if (fwrite(text, 1, len, f) != len || fflush(f))
        rc = -1;
    yajl_gen_free(j->gen);
    free(j);
    return rc;
}
