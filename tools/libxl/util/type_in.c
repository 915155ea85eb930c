/* SPDX-License-Identifier: GPL-2.0-only */
/* A tree in libxl's own vocabulary to structures. Everything wrong is recorded, nothing guessed. */
#include <inttypes.h>
#include <libxl_utils.h>
#include <stdlib.h>

#include "util/cfg.h"
#include "util/message.h"
#include "util/mem.h"
#include "util/type.h"

static bool want(libxl_cfg *cfg, const libxl_cfg_node *n, libxl_cfg_kind kind)
{
    if (n->kind == kind)
        return true;
    libxl_cfg_fault(cfg, n, "is %s, but should be %s", libxl__cfg_kind_name(n->kind),
                    libxl__cfg_kind_name(kind));
    return false;
}

static void get_number(libxl_cfg *cfg, const struct type_field *f, void *at,
                       const libxl_cfg_node *n)
{
    int bits = f->size * 8;

    if (!want(cfg, n, LIBXL_CFG_INT))
        return;
    if (f->kind == T_UINT && bits < 64 && (uint64_t)n->i >> bits)
        libxl_cfg_fault(cfg, n, "%" PRId64 " is not between 0 and %" PRIu64, n->i,
                        (UINT64_C(1) << bits) - 1);
    else if (f->kind == T_INT && bits < 64 &&
             (n->i < -(INT64_C(1) << (bits - 1)) || n->i >= INT64_C(1) << (bits - 1)))
        libxl_cfg_fault(cfg, n, "%" PRId64 " does not fit into %d bits", n->i, bits);
    else
        memcpy(at, &n->i, f->size);
}

static void get_enum(libxl_cfg *cfg, const struct type_field *f, void *at, const libxl_cfg_node *n)
{
    char list[400] = "";

    if (n->kind == LIBXL_CFG_STRING && !libxl__enum_from_string(f->values, n->s, at))
        return;
    for (const libxl_enum_string_table *v = f->values; v->s; v++)
        snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s", *list ? ", " : "", v->s);
    if (n->kind == LIBXL_CFG_STRING)
        libxl_cfg_fault(cfg, n, "\"%s\" is none of %s", n->s, list);
    else
        libxl_cfg_fault(cfg, n, "should be one of %s", list);
}

static void get_bitmap(libxl_cfg *cfg, libxl_bitmap *map, const libxl_cfg_node *n)
{
    int64_t top = -1;

    if (!want(cfg, n, LIBXL_CFG_LIST))
        return;
    for (const libxl_cfg_node *e = n->first; e; e = e->next) {
        if (!want(cfg, e, LIBXL_CFG_INT))
            return;
        if (e->i < 0 || e->i > 65535) {
            libxl_cfg_fault(cfg, e, "%" PRId64 " is not between 0 and 65535", e->i);
            return;
        }
        if (e->i > top)
            top = e->i;
    }
    libxl_bitmap_dispose(map);
    libxl_bitmap_alloc(NULL, map, top + 1);
    for (const libxl_cfg_node *e = n->first; e; e = e->next)
        libxl_bitmap_set(map, e->i);
}

static void get_list(libxl_cfg *cfg, char ***list, const libxl_cfg_node *n, bool pairs)
{
    int count = 0, i = 0;

    if (!want(cfg, n, pairs ? LIBXL_CFG_MAP : LIBXL_CFG_LIST))
        return;
    for (const libxl_cfg_node *e = n->first; e; e = e->next, count++)
        if (!want(cfg, e, LIBXL_CFG_STRING))
            return;
    libxl_string_list_dispose(list);
    *list = libxl__alloc((count * (pairs ? 2 : 1) + 1) * sizeof(**list));
    for (const libxl_cfg_node *e = n->first; e; e = e->next) {
        if (pairs)
            (*list)[i++] = libxl__strdup(e->key);
        (*list)[i++] = libxl__strdup(e->s);
    }
}

static void get_bytes(libxl_cfg *cfg, void *at, const libxl_cfg_node *n, int count, size_t size)
{
    const libxl_cfg_node *e;
    int i = 0;

    if (!want(cfg, n, LIBXL_CFG_LIST))
        return;
    for (e = n->first; e && i < count; e = e->next, i++) {
        if (!want(cfg, e, LIBXL_CFG_INT))
            return;
        memcpy((char *)at + i * size, &e->i, size);
    }
    if (e || i != count)
        libxl_cfg_fault(cfg, n, "should have %d elements", count);
}

static void get_text(libxl_cfg *cfg, const struct type_field *f, void *at, const libxl_cfg_node *n)
{
    if (n->kind == LIBXL_CFG_NULL && f->kind == T_STRING)
        return;
    if (!want(cfg, n, LIBXL_CFG_STRING))
        return;
    if (f->kind == T_STRING) {
        free(*(char **)at);
        *(char **)at = libxl__strdup(n->s);
    } else if (f->kind == T_UUID) {
        if (libxl_uuid_from_string(at, n->s))
            libxl_cfg_fault(cfg, n, "\"%s\" is no UUID", n->s);
    } else {
        uint8_t *m = at;
        int end = 0;

        if (sscanf(n->s, LIBXL_MAC_FMT "%n", m, m + 1, m + 2, m + 3, m + 4, m + 5, &end) != 6 ||
            n->s[end])
            libxl_cfg_fault(cfg, n, "\"%s\" is no MAC address", n->s);
    }
}

static void get_defbool(libxl_cfg *cfg, libxl_defbool *at, const libxl_cfg_node *n)
{
    if (n->kind == LIBXL_CFG_STRING && !strcmp(n->s, "<default>"))
        libxl_defbool_unset(at);
    else if (n->kind == LIBXL_CFG_STRING && (!strcmp(n->s, "True") || !strcmp(n->s, "False")))
        libxl_defbool_set(at, n->s[0] == 'T');
    else if (n->kind == LIBXL_CFG_INT && (n->i == 0 || n->i == 1))
        libxl_defbool_set(at, n->i);
    else if (want(cfg, n, LIBXL_CFG_BOOL))
        libxl_defbool_set(at, n->b);
}

static void get_value(libxl_cfg *cfg, const struct type_field *f, void *at, const libxl_cfg_node *n)
{
    switch (f->kind) {
    case T_BOOL:
        if (want(cfg, n, LIBXL_CFG_BOOL))
            *(bool *)at = n->b;
        break;
    case T_INT:
    case T_UINT:
        get_number(cfg, f, at, n);
        break;
    case T_DEFBOOL:
        get_defbool(cfg, at, n);
        break;
    case T_ENUM:
        get_enum(cfg, f, at, n);
        break;
    case T_STRING:
    case T_UUID:
    case T_MAC:
        get_text(cfg, f, at, n);
        break;
    case T_BITMAP:
        get_bitmap(cfg, at, n);
        break;
    case T_STRING_LIST:
    case T_CPUID_LIST:
        get_list(cfg, at, n, false);
        break;
    case T_KV_LIST:
        get_list(cfg, at, n, true);
        break;
    case T_HWCAP:
        get_bytes(cfg, at, n, 8, 4);
        break;
    case T_GENID:
        get_bytes(cfg, at, n, LIBXL_MS_VM_GENID_LEN, 1);
        break;
    case T_STRUCT:
        if (want(cfg, n, LIBXL_CFG_MAP))
            libxl__type_from_node(cfg, f->sub, at, n);
        break;
    case T_OPAQUE:
        break;
    }
}

static void init_element(const struct type_field *f, void *at)
{
    if (f->kind == T_STRUCT)
        libxl__type_init(f->sub, at);
}

void libxl__field_from_node(libxl_cfg *cfg, const struct type_field *f, void *p,
                            const libxl_cfg_node *node)
{
    char *at = (char *)p + f->offset, *elements;
    int n = 0;

    if (!f->array) {
        get_value(cfg, f, at, node);
        return;
    }
    if (!want(cfg, node, LIBXL_CFG_LIST))
        return;
    for (const libxl_cfg_node *e = node->first; e; e = e->next)
        n++;
    elements = n ? libxl__alloc(n * f->size) : NULL;
    *(char **)at = elements;
    memcpy((char *)p + f->count_offset, &n, sizeof(n));
    n = 0;
    for (const libxl_cfg_node *e = node->first; e; e = e->next, n++) {
        init_element(f, elements + n * f->size);
        get_value(cfg, f, elements + n * f->size, e);
    }
}

static const struct type_field *find(const struct libxl_type *type, const char *key)
{
    for (size_t i = 0; i < type->nr_fields; i++)
        if (!strcmp(type->fields[i].name, key) && type->fields[i].kind != T_OPAQUE)
            return &type->fields[i];
    return NULL;
}

static void unknown(libxl_cfg *cfg, const struct libxl_type *type, const libxl_cfg_node *n)
{
    const char **names = libxl__alloc((type->nr_fields + 1) * sizeof(*names)), *near;

    for (size_t i = 0; i < type->nr_fields; i++)
        names[i] = type->fields[i].name;
    near = libxl__nearest(n->key, names);
    if (near)
        libxl_cfg_fault(cfg, n, "%s has no such field; did you mean %s?", type->name, near);
    else
        libxl_cfg_fault(cfg, n, "%s has no such field", type->name);
    free(names);
}

/* "type.pvh" without "type" says the type as well. */
static void infer_keys(const struct libxl_type *type, void *p, const libxl_cfg_node *map)
{
    for (const libxl_cfg_node *n = map->first; n; n = n->next) {
        const struct type_field *f = find(type, n->key);

        if (f && f->keyed)
            memcpy((char *)p + f->key_offset, &f->key_value, sizeof(f->key_value));
    }
}

int libxl__type_from_node(libxl_cfg *cfg, const struct libxl_type *type, void *p,
                          const libxl_cfg_node *map)
{
    int before = cfg->nr_faults;

    infer_keys(type, p, map);
    /* First what stands outside of unions: it decides which member of a union is live. */
    for (const libxl_cfg_node *n = map->first; n; n = n->next) {
        const struct type_field *f = find(type, n->key);

        if (!f)
            unknown(cfg, type, n);
        else if (!f->keyed)
            libxl__field_from_node(cfg, f, p, n);
    }
    libxl__type_init_union(type, p);
    for (const libxl_cfg_node *n = map->first; n; n = n->next) {
        const struct type_field *f = find(type, n->key);

        if (!f || !f->keyed)
            continue;
        if (*(const int *)((char *)p + f->key_offset) != f->key_value)
            libxl_cfg_fault(cfg, n, "does not belong to this kind of %s", type->name);
        else
            libxl__field_from_node(cfg, f, p, n);
    }
    return cfg->nr_faults == before ? 0 : ERROR_INVAL;
}

int libxl__type_from_json(libxl_ctx *ctx, const struct libxl_type *type, void *p, const char *s)
{
    libxl_cfg *cfg = libxl_cfg_parse_json("JSON", s, strlen(s));
    int rc;

    if (!cfg)
        return ERROR_NOMEM;
    libxl__type_init(type, p);
    if (!cfg->nr_faults)
        libxl__type_from_node(cfg, type, p, cfg->root);
    rc = cfg->nr_faults ? ERROR_INVAL : 0;
    for (int i = 0; ctx && i < cfg->nr_faults; i++)
        LOG(ctx, ERROR, "%s, line %u: %s: %s", type->name, cfg->faults[i].line, cfg->faults[i].key,
            cfg->faults[i].problem);
    if (rc)
        libxl__type_dispose(type, p);
    libxl_cfg_free(cfg);
    return rc;
}
