/* SPDX-License-Identifier: GPL-2.0-only */
/* What can be done with any structure that has a description: init, dispose, copy. */
#include "util/type.h"

#include <stdlib.h>
#include <strings.h>

#include "util/mem.h"

static void field_init(const struct type_field *f, void *at)
{
    memset(at, 0, f->size);
    if (f->kind == T_STRUCT)
        libxl__type_init(f->sub, at);
    else if (f->kind == T_INT || f->kind == T_UINT || f->kind == T_ENUM)
        memcpy(at, &f->def, f->size); /* little endian */
}

static bool live(const struct type_field *f, const void *p)
{
    int key;

    if (!f->keyed)
        return true;
    memcpy(&key, (const char *)p + f->key_offset, sizeof(key));
    return key == f->key_value;
}

static int count_of(const struct type_field *f, const void *p)
{
    int n;

    memcpy(&n, (const char *)p + f->count_offset, sizeof(n));
    return n;
}

void libxl__type_init(const struct libxl_type *type, void *p)
{
    memset(p, 0, type->size);
    for (size_t i = 0; i < type->nr_fields; i++) {
        const struct type_field *f = &type->fields[i];

        if (!f->array && !f->keyed)
            field_init(f, (char *)p + f->offset);
    }
}

void libxl__type_init_union(const struct libxl_type *type, void *p)
{
    for (size_t i = 0; i < type->nr_fields; i++) {
        const struct type_field *f = &type->fields[i];

        if (f->keyed && live(f, p))
            field_init(f, (char *)p + f->offset);
    }
}

static void value_dispose(const struct type_field *f, void *at)
{
    switch (f->kind) {
    case T_STRING:
        free(*(char **)at);
        break;
    case T_STRING_LIST:
        libxl_string_list_dispose(at);
        break;
    case T_KV_LIST:
        libxl_key_value_list_dispose(at);
        break;
    case T_CPUID_LIST:
        libxl_cpuid_dispose(at);
        break;
    case T_BITMAP:
        libxl_bitmap_dispose(at);
        break;
    case T_STRUCT:
        libxl__type_dispose(f->sub, at);
        break;
    default:
        break;
    }
}

void libxl__type_dispose(const struct libxl_type *type, void *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < type->nr_fields; i++) {
        const struct type_field *f = &type->fields[i];
        char *at = (char *)p + f->offset;

        if (!live(f, p))
            continue;
        if (!f->array) {
            value_dispose(f, at);
            continue;
        }
        char *elements = *(char **)at;
        int n = count_of(f, p);

        for (int e = 0; e < n; e++)
            value_dispose(f, elements + e * f->size);
        free(elements);
    }
    libxl__type_init(type, p);
}

static void value_copy(const struct type_field *f, void *dst, const void *src)
{
    switch (f->kind) {
    case T_STRING:
        *(char **)dst = libxl__strdup(*(char *const *)src);
        break;
    case T_STRING_LIST:
        libxl_string_list_copy(NULL, dst, src);
        break;
    case T_KV_LIST:
        libxl_key_value_list_copy(NULL, dst, src);
        break;
    case T_CPUID_LIST:
        libxl_cpuid_policy_list_copy(NULL, dst, src);
        break;
    case T_BITMAP: {
        const libxl_bitmap *from = src;
        libxl_bitmap *to = dst;

        to->size = from->size;
        to->map = from->size ? libxl__alloc(from->size) : NULL;
        if (from->size)
            memcpy(to->map, from->map, from->size);
        break;
    }
    case T_STRUCT:
        libxl__type_copy(f->sub, dst, src);
        break;
    case T_OPAQUE:
        memset(dst, 0, f->size);
        break;
    default:
        memcpy(dst, src, f->size);
    }
}

void libxl__type_copy(const struct libxl_type *type, void *dst, const void *src)
{
    memset(dst, 0, type->size);
    for (size_t i = 0; i < type->nr_fields; i++) {
        const struct type_field *f = &type->fields[i];
        const char *from = (const char *)src + f->offset;
        char *to = (char *)dst + f->offset;

        if (!live(f, src))
            continue;
        if (!f->array) {
            value_copy(f, to, from);
            continue;
        }
        int n = count_of(f, src);
        const char *elements = *(char *const *)from;
        char *copy = n ? libxl__alloc(n * f->size) : NULL;

        for (int e = 0; e < n; e++)
            value_copy(f, copy + e * f->size, elements + e * f->size);
        *(char **)to = copy;
        memcpy((char *)dst + f->count_offset, &n, sizeof(n));
    }
}

const char *libxl__enum_to_string(const libxl_enum_string_table *t, int v)
{
    for (; t->s; t++)
        if (t->v == v)
            return t->s;
    return NULL;
}

int libxl__enum_from_string(const libxl_enum_string_table *t, const char *s, int *v)
{
    for (; t->s; t++) {
        const char *a = t->s, *b = s;

        for (; *a && *b; a++, b++) {
            char c = *b == '-' ? '_' : *b;

            if (strncasecmp(a, &c, 1))
                break;
        }
        if (!*a && !*b) {
            *v = t->v;
            return 0;
        }
    }
    return ERROR_INVAL;
}
