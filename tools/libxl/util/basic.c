/* SPDX-License-Identifier: GPL-2.0-only */
/* Functions of libxl's basic types: lists, tri-state booleans, UUIDs. */
#include <assert.h>
#include <libxl_utils.h>
#include <stdlib.h>
#include <uuid/uuid.h>

#include "util/mem.h"

static int length(char *const *list)
{
    int n = 0;

    while (list && list[n])
        n++;
    return n;
}

void libxl_string_list_dispose(libxl_string_list *sl)
{
    for (char **s = *sl; s && *s; s++)
        free(*s);
    free(*sl);
    *sl = NULL;
}

int libxl_string_list_length(const libxl_string_list *sl)
{
    return length(*sl);
}

/* A pair's value may be NULL, so pairs are counted by their keys. */
static void copy_list(char ***dst, char *const *src, int n)
{
    if (!src) {
        *dst = NULL;
        return;
    }
    *dst = libxl__alloc((n + 1) * sizeof(**dst));
    for (int i = 0; i < n; i++)
        (*dst)[i] = libxl__strdup(src[i]);
}

void libxl_string_list_copy(libxl_ctx *ctx, libxl_string_list *dst, const libxl_string_list *src)
{
    copy_list(dst, *src, length(*src));
}

void libxl_key_value_list_dispose(libxl_key_value_list *kvl)
{
    int n = libxl_key_value_list_length(kvl) * 2;

    for (int i = 0; i < n; i++)
        free((*kvl)[i]);
    free(*kvl);
    *kvl = NULL;
}

int libxl_key_value_list_length(const libxl_key_value_list *kvl)
{
    int n = 0;

    while (*kvl && (*kvl)[n * 2])
        n++;
    return n;
}

void libxl_key_value_list_copy(libxl_ctx *ctx, libxl_key_value_list *dst,
                               const libxl_key_value_list *src)
{
    copy_list(dst, *src, libxl_key_value_list_length(src) * 2);
}

void libxl_cpuid_dispose(libxl_cpuid_policy_list *list)
{
    libxl_string_list_dispose((libxl_string_list *)list);
}

int libxl_cpuid_policy_list_length(const libxl_cpuid_policy_list *list)
{
    return length((char **)*list);
}

void libxl_cpuid_policy_list_copy(libxl_ctx *ctx, libxl_cpuid_policy_list *dst,
                                  const libxl_cpuid_policy_list *src)
{
    libxl_string_list_copy(ctx, (libxl_string_list *)dst, (const libxl_string_list *)src);
}

void libxl_defbool_set(libxl_defbool *db, bool b)
{
    db->val = b ? 1 : -1;
}

void libxl_defbool_unset(libxl_defbool *db)
{
    db->val = 0;
}

void libxl_defbool_setdefault(libxl_defbool *db, bool b)
{
    if (!db->val)
        libxl_defbool_set(db, b);
}

bool libxl_defbool_is_default(libxl_defbool db)
{
    return !db.val;
}

bool libxl_defbool_val(libxl_defbool db)
{
    assert(db.val);
    return db.val > 0;
}

const char *libxl_defbool_to_string(libxl_defbool b)
{
    return b.val < 0 ? "False" : b.val > 0 ? "True" : "<default>";
}

int libxl_uuid_is_nil(const libxl_uuid *uuid)
{
    return uuid_is_null(uuid->uuid);
}

void libxl_uuid_generate(libxl_uuid *uuid)
{
    uuid_generate(uuid->uuid);
}

int libxl_uuid_from_string(libxl_uuid *uuid, const char *in)
{
    return uuid_parse(in, uuid->uuid) ? -1 : 0;
}

void libxl_uuid_copy(libxl_ctx *ctx_opt, libxl_uuid *dst, const libxl_uuid *src)
{
    *dst = *src;
}

void libxl_uuid_clear(libxl_uuid *uuid)
{
    uuid_clear(uuid->uuid);
}

int libxl_uuid_compare(const libxl_uuid *uuid1, const libxl_uuid *uuid2)
{
    return uuid_compare(uuid1->uuid, uuid2->uuid);
}

const uint8_t *libxl_uuid_bytearray_const(const libxl_uuid *uuid)
{
    return uuid->uuid;
}

uint8_t *libxl_uuid_bytearray(libxl_uuid *uuid)
{
    return uuid->uuid;
}

void libxl_string_copy(libxl_ctx *ctx, char **dst, char *const *src)
{
    *dst = libxl__strdup(*src);
}
