/* SPDX-License-Identifier: GPL-2.0-only */
/* Structures to JSON. What has its default value is left out, so that a reader sees what was said.
 */
#include <inttypes.h>
#include <libxl_json.h>
#include <libxl_utils.h>
#include <stdlib.h>

#include "util/mem.h"
#include "util/type.h"

#define TRY(call)                     \
    do {                              \
        yajl_gen_status s_ = (call);  \
        if (s_ != yajl_gen_status_ok) \
            return s_;                \
    } while (0)

static yajl_gen_status gen_str(yajl_gen hand, const char *s)
{
    return s ? yajl_gen_string(hand, (const unsigned char *)s, strlen(s)) : yajl_gen_null(hand);
}

static yajl_gen_status gen_u64(yajl_gen hand, uint64_t v)
{
    char text[24];
    int len = snprintf(text, sizeof(text), "%" PRIu64, v);

    return yajl_gen_number(hand, text, len);
}

yajl_gen_status libxl__enum_gen_json(yajl_gen hand, const libxl_enum_string_table *t, int v)
{
    const char *s = libxl__enum_to_string(t, v);

    return s ? gen_str(hand, s) : yajl_gen_integer(hand, v);
}

yajl_gen_status libxl_defbool_gen_json(yajl_gen hand, libxl_defbool *p)
{
    return libxl_defbool_is_default(*p) ? gen_str(hand, "<default>")
                                        : yajl_gen_bool(hand, libxl_defbool_val(*p));
}

yajl_gen_status libxl_uuid_gen_json(yajl_gen hand, libxl_uuid *p)
{
    char text[LIBXL_UUID_FMTLEN + 1];

    snprintf(text, sizeof(text), LIBXL_UUID_FMT, LIBXL_UUID_BYTES(*p));
    return gen_str(hand, text);
}

yajl_gen_status libxl_mac_gen_json(yajl_gen hand, libxl_mac *p)
{
    char text[LIBXL_MAC_FMTLEN + 1];

    snprintf(text, sizeof(text), LIBXL_MAC_FMT, LIBXL_MAC_BYTES((*p)));
    return gen_str(hand, text);
}

yajl_gen_status libxl_bitmap_gen_json(yajl_gen hand, libxl_bitmap *p)
{
    int bit;

    TRY(yajl_gen_array_open(hand));
    libxl_for_each_set_bit(bit, *p) TRY(yajl_gen_integer(hand, bit));
    return yajl_gen_array_close(hand);
}

yajl_gen_status libxl_string_list_gen_json(yajl_gen hand, libxl_string_list *p)
{
    TRY(yajl_gen_array_open(hand));
    for (char **s = *p; s && *s; s++)
        TRY(gen_str(hand, *s));
    return yajl_gen_array_close(hand);
}

yajl_gen_status libxl_cpuid_policy_list_gen_json(yajl_gen hand, libxl_cpuid_policy_list *p)
{
    return libxl_string_list_gen_json(hand, (libxl_string_list *)p);
}

yajl_gen_status libxl_key_value_list_gen_json(yajl_gen hand, libxl_key_value_list *p)
{
    TRY(yajl_gen_map_open(hand));
    for (char **s = *p; s && s[0]; s += 2) {
        TRY(gen_str(hand, s[0]));
        TRY(gen_str(hand, s[1]));
    }
    return yajl_gen_map_close(hand);
}

yajl_gen_status libxl_hwcap_gen_json(yajl_gen hand, libxl_hwcap *p)
{
    TRY(yajl_gen_array_open(hand));
    for (int i = 0; i < 8; i++)
        TRY(gen_u64(hand, (*p)[i]));
    return yajl_gen_array_close(hand);
}

yajl_gen_status libxl_ms_vm_genid_gen_json(yajl_gen hand, libxl_ms_vm_genid *p)
{
    TRY(yajl_gen_array_open(hand));
    for (int i = 0; i < LIBXL_MS_VM_GENID_LEN; i++)
        TRY(yajl_gen_integer(hand, p->bytes[i]));
    return yajl_gen_array_close(hand);
}

static int64_t signed_value(const void *at, size_t size)
{
    return size == 8 ? *(const int64_t *)at : *(const int32_t *)at;
}

static uint64_t unsigned_value(const void *at, size_t size)
{
    uint64_t v = 0;

    memcpy(&v, at, size);
    return v;
}

static yajl_gen_status gen_value(yajl_gen hand, const struct type_field *f, void *at)
{
    switch (f->kind) {
    case T_BOOL:
        return yajl_gen_bool(hand, *(bool *)at);
    case T_INT:
        return yajl_gen_integer(hand, signed_value(at, f->size));
    case T_UINT:
        return gen_u64(hand, unsigned_value(at, f->size));
    case T_DEFBOOL:
        return libxl_defbool_gen_json(hand, at);
    case T_STRING:
        return gen_str(hand, *(char **)at);
    case T_ENUM:
        return libxl__enum_gen_json(hand, f->values, *(int *)at);
    case T_UUID:
        return libxl_uuid_gen_json(hand, at);
    case T_MAC:
        return libxl_mac_gen_json(hand, at);
    case T_BITMAP:
        return libxl_bitmap_gen_json(hand, at);
    case T_STRING_LIST:
    case T_CPUID_LIST:
        return libxl_string_list_gen_json(hand, at);
    case T_KV_LIST:
        return libxl_key_value_list_gen_json(hand, at);
    case T_HWCAP:
        return libxl_hwcap_gen_json(hand, at);
    case T_GENID:
        return libxl_ms_vm_genid_gen_json(hand, at);
    case T_STRUCT:
        return libxl__type_gen_json(hand, f->sub, at);
    case T_OPAQUE:
        break;
    }
    return yajl_gen_null(hand);
}

static bool all_zero(const void *at, size_t size)
{
    const char *c = at;

    while (size--)
        if (*c++)
            return false;
    return true;
}

static bool live(const struct type_field *f, const char *p)
{
    return !f->keyed || *(const int *)(p + f->key_offset) == f->key_value;
}

static bool is_default(const struct libxl_type *type, const struct type_field *f, const void *p);

static bool all_default(const struct libxl_type *type, const void *p)
{
    for (size_t i = 0; i < type->nr_fields; i++)
        if (!is_default(type, &type->fields[i], p))
            return false;
    return true;
}

/* Does the field say nothing that leaving it out does not say? In results a 0 says something (a
 * CPU's number, free memory) and in configurations it is the default, unless types.idl has another.
 */
static bool is_default(const struct libxl_type *type, const struct type_field *f, const void *p)
{
    const void *at = (const char *)p + f->offset;

    if (!live(f, p))
        return true;
    if (f->array)
        return !*(const int *)((const char *)p + f->count_offset);
    switch (f->kind) {
    case T_INT:
    case T_UINT:
    case T_ENUM:
        return (f->def || type->sparse) && !memcmp(at, &f->def, f->size);
    case T_BOOL:
        return type->sparse && !*(const bool *)at;
    case T_STRING:
    case T_STRING_LIST:
    case T_KV_LIST:
    case T_CPUID_LIST:
        return !*(void *const *)at;
    case T_BITMAP:
        return !((const libxl_bitmap *)at)->size;
    case T_DEFBOOL:
    case T_MAC:
    case T_GENID:
        return all_zero(at, f->size);
    case T_UUID:
        return type->sparse && all_zero(at, f->size);
    case T_STRUCT: /* a union's member is shown always: it tells the kind */
        return type->sparse && !f->keyed && all_default(f->sub, at);
    case T_OPAQUE:
        return true;
    default:
        return false;
    }
}

static yajl_gen_status gen_field(yajl_gen hand, const struct libxl_type *type,
                                 const struct type_field *f, const char *p)
{
    char *at = (char *)p + f->offset;

    if (is_default(type, f, p))
        return yajl_gen_status_ok;
    if (!f->array) {
        TRY(gen_str(hand, f->name));
        return gen_value(hand, f, at);
    }
    int n = *(const int *)(p + f->count_offset);

    TRY(gen_str(hand, f->name));
    TRY(yajl_gen_array_open(hand));
    for (int e = 0; e < n; e++)
        TRY(gen_value(hand, f, *(char **)at + e * f->size));
    return yajl_gen_array_close(hand);
}

yajl_gen_status libxl__type_gen_json(yajl_gen hand, const struct libxl_type *type, const void *p)
{
    TRY(yajl_gen_map_open(hand));
    for (size_t i = 0; i < type->nr_fields; i++)
        TRY(gen_field(hand, type, &type->fields[i], p));
    return yajl_gen_map_close(hand);
}

char *libxl__type_to_json(const struct libxl_type *type, const void *p)
{
    yajl_gen hand = libxl_yajl_gen_alloc(NULL);
    const unsigned char *text;
    char *result = NULL;
    size_t len;

    if (!hand)
        return NULL;
    if (libxl__type_gen_json(hand, type, p) == yajl_gen_status_ok &&
        yajl_gen_get_buf(hand, &text, &len) == yajl_gen_status_ok)
        result = libxl__strndup((const char *)text, len);
    yajl_gen_free(hand);
    return result;
}
