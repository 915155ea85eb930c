/* SPDX-License-Identifier: GPL-2.0-only */
/* A tree in xl.cfg's vocabulary to a libxl_domain_config and back, by the table of keys. */
#include <inttypes.h>
#include <libxl_utils.h>
#include <stdlib.h>

#include "util/cfg_keys.h"
#include "util/mem.h"
#include "util/type.h"

/* ---- fields by path ---- */

struct field_at {
    const struct type_field *field;
    char *base; /* of the structure that contains it */
};

static bool field_live(const struct type_field *f, const char *base)
{
    return !f->keyed || *(const int *)(base + f->key_offset) == f->key_value;
}

/* "b_info.type.hvm.boot": a union's member has a name with a dot in it. False: not in this kind of
 * domain. */
static bool resolve(const char *path, libxl_domain_config *c, struct field_at *at)
{
    const struct libxl_type *type = &libxl__domain_config_type;

    at->base = (char *)c;
    for (;;) {
        const struct type_field *found = NULL;
        size_t len = 0;

        for (size_t i = 0; i < type->nr_fields; i++) {
            const struct type_field *f = &type->fields[i];
            size_t n = strlen(f->name);

            if (!strncmp(path, f->name, n) && (!path[n] || path[n] == '.') && n > len) {
                found = f;
                len = n;
            }
        }
        if (!found || !field_live(found, at->base))
            return false;
        at->field = found;
        if (!path[len])
            return true;
        at->base += found->offset;
        type = found->sub;
        path += len + 1;
    }
}

/* Where xl.cfg has another word than the type. */
static const struct {
    const char *key, *word, *name;
} aliases[] = {{"vga", "stdvga", "std"}};

/* What the word is in the other language; the same where both agree. */
static const char *enum_word(const char *key, const char *word, bool to_name)
{
    for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
        if (!strcmp(aliases[i].key, key) &&
            !strcmp(to_name ? aliases[i].word : aliases[i].name, word))
            return to_name ? aliases[i].name : aliases[i].word;
    return word;
}

static void get_path(libxl_cfg *cfg, const libxl_cfg_node *n, const struct cfg_key *k,
                     libxl_domain_config *c)
{
    libxl_cfg_node number = cfg_as_number(n), list = *n, element = *n;
    struct field_at at;

    if (!resolve(k->path, c, &at)) {
        libxl_cfg_fault(cfg, n, "has no meaning for a %s guest",
                        libxl_domain_type_to_string(c->c_info.type));
        return;
    }
    if (at.field->kind == T_INT || at.field->kind == T_UINT || at.field->kind == T_BOOL) {
        if (k->unit && number.kind == LIBXL_CFG_INT) {
            if (number.i < 0 || number.i > INT64_MAX / k->unit) {
                libxl_cfg_fault(cfg, n, "%" PRId64 " is out of range", number.i);
                return;
            }
            number.i *= k->unit;
        }
        n = &number;
    } else if (at.field->kind == T_DEFBOOL) {
        n = &number;
    } else if (at.field->kind == T_ENUM && number.kind == LIBXL_CFG_INT) {
        /* Enumerations by number, as old files do. */
        const char *name = libxl__enum_to_string(at.field->values, number.i);

        if (name) {
            number.kind = LIBXL_CFG_STRING;
            number.s = name;
            n = &number;
        }
    } else if (at.field->kind == T_ENUM && n->kind == LIBXL_CFG_STRING) {
        number.s = enum_word(k->key, n->s, true);
        n = &number;
    } else if (at.field->kind == T_STRING_LIST && n->kind == LIBXL_CFG_STRING) {
        /* One string where a list may be. */
        list.kind = LIBXL_CFG_LIST;
        element.next = NULL;
        list.first = list.last = &element;
        n = &list;
    }
    libxl__field_from_node(cfg, at.field, at.base, n);
}

static void put_number(libxl_cfg *cfg, const struct cfg_key *k, const struct type_field *f,
                       const void *at)
{
    int64_t v = 0;

    memcpy(&v, at, f->size);
    if (!memcmp(at, &f->def, f->size))
        return;
    if (f->kind == T_INT && f->size == 4)
        v = (int32_t)v;
    libxl_cfg_add_int(cfg, cfg->root, k->key, k->unit ? v / k->unit : v, 0);
}

static void put_path(libxl_cfg *cfg, const struct cfg_key *k, const libxl_domain_config *c)
{
    struct field_at at;
    const void *p;
    char uuid[LIBXL_UUID_FMTLEN + 1];

    if (!resolve(k->path, (libxl_domain_config *)c, &at))
        return;
    p = at.base + at.field->offset;
    switch (at.field->kind) {
    case T_STRING:
        if (*(char *const *)p)
            libxl_cfg_add_string(cfg, cfg->root, k->key, *(char *const *)p, 0);
        break;
    case T_DEFBOOL:
        if (!libxl_defbool_is_default(*(const libxl_defbool *)p))
            libxl_cfg_add_int(cfg, cfg->root, k->key, libxl_defbool_val(*(const libxl_defbool *)p),
                              0);
        break;
    case T_INT:
    case T_UINT:
        put_number(cfg, k, at.field, p);
        break;
    case T_ENUM:
        if (*(const int *)p != (int)at.field->def &&
            libxl__enum_to_string(at.field->values, *(const int *)p))
            libxl_cfg_add_string(
                cfg, cfg->root, k->key,
                enum_word(k->key, libxl__enum_to_string(at.field->values, *(const int *)p), false),
                0);
        break;
    case T_STRING_LIST:
        cfg_put_strings(cfg, k->key, *(char **const *)p);
        break;
    case T_UUID:
        if (!libxl_uuid_is_nil(p)) {
            snprintf(uuid, sizeof(uuid), LIBXL_UUID_FMT, LIBXL_UUID_BYTES(*(const libxl_uuid *)p));
            libxl_cfg_add_string(cfg, cfg->root, k->key, uuid, 0);
        }
        break;
    default:
        break;
    }
}

/* ---- tree to configuration ---- */

static void read_type(libxl_cfg *cfg, libxl_domain_config *c)
{
    const libxl_cfg_node *n = libxl_cfg_get(cfg->root, "type");
    const libxl_cfg_node *old = libxl_cfg_get(cfg->root, "builder");
    libxl_domain_type type = LIBXL_DOMAIN_TYPE_PVH;

    if (n && (n->kind != LIBXL_CFG_STRING || libxl_domain_type_from_string(n->s, &type) ||
              type == LIBXL_DOMAIN_TYPE_INVALID)) {
        libxl_cfg_fault(cfg, n, "should be pvh, hvm or pv");
        type = LIBXL_DOMAIN_TYPE_PVH;
    } else if (!n && old) {
        if (old->kind == LIBXL_CFG_STRING && !strcmp(old->s, "hvm"))
            type = LIBXL_DOMAIN_TYPE_HVM;
        else if (old->kind == LIBXL_CFG_STRING && !strcmp(old->s, "generic"))
            type = LIBXL_DOMAIN_TYPE_PV;
        else
            libxl_cfg_fault(cfg, old, "should be hvm or generic");
    }
    c->c_info.type = type;
    libxl_domain_build_info_init_type(&c->b_info, type);
}

static void unknown(libxl_cfg *cfg, const libxl_cfg_node *n)
{
    const char *names[256], *near;
    int i;

    for (i = 0; i < 255 && cfg_keys[i].key; i++)
        names[i] = cfg_keys[i].key;
    names[i] = NULL;
    near = libxl__nearest(n->key, names);
    if (near)
        libxl_cfg_fault(cfg, n, "no such key; did you mean %s?", near);
    else
        libxl_cfg_fault(cfg, n, "no such key");
}

int libxl_cfg_to_domain_config(libxl_cfg *cfg, libxl_domain_config *c)
{
    const libxl_cfg_node *n;

    if (cfg->nr_faults)
        return ERROR_INVAL;
    if (libxl_cfg_get(cfg->root, "c_info") || libxl_cfg_get(cfg->root, "b_info"))
        return libxl__type_from_node(cfg, &libxl__domain_config_type, c, cfg->root);
    read_type(cfg, c);
    for (n = cfg->root->first; n; n = n->next) {
        const struct cfg_key *k = cfg_keys;

        while (k->key && strcmp(k->key, n->key))
            k++;
        if (!k->key)
            unknown(cfg, n);
        else if (k->path)
            get_path(cfg, n, k, c);
        else
            k->get(cfg, n, c);
    }
    if (!libxl_cfg_get(cfg->root, "name"))
        libxl_cfg_fault(cfg, NULL, "name is missing");
    if (c->b_info.max_memkb == LIBXL_MEMKB_DEFAULT)
        c->b_info.max_memkb = c->b_info.target_memkb;
    n = libxl_cfg_get(cfg->root, "maxmem");
    if (n && c->b_info.target_memkb != LIBXL_MEMKB_DEFAULT &&
        c->b_info.max_memkb < c->b_info.target_memkb)
        libxl_cfg_fault(cfg, n, "is less than memory");
    return cfg->nr_faults ? ERROR_INVAL : 0;
}

/* ---- configuration to tree ---- */

/* Records as faults what the original says and the copy does not. */
static void compare(libxl_cfg *report, libxl_cfg *where, const libxl_cfg_node *want,
                    const libxl_cfg_node *have)
{
    const char *path = libxl__cfg_path(where, want);
    bool same = have && have->kind == want->kind;

    if (same && want->kind == LIBXL_CFG_MAP) {
        for (const libxl_cfg_node *n = want->first; n; n = n->next)
            compare(report, where, n, libxl_cfg_get(have, n->key));
        return;
    }
    if (same && want->kind == LIBXL_CFG_LIST) {
        const libxl_cfg_node *h = have->first;

        for (const libxl_cfg_node *n = want->first; n; n = n->next, h = h ? h->next : NULL)
            compare(report, where, n, h);
        return;
    }
    if (same)
        same = want->kind == LIBXL_CFG_STRING ? !strcmp(want->s, have->s)
               : want->kind == LIBXL_CFG_INT  ? want->i == have->i
               : want->kind == LIBXL_CFG_BOOL ? want->b == have->b
                                              : true;
    if (!same)
        libxl_cfg_fault_at(report, 0, "%s cannot be said in xl.cfg", path);
}

static void report_losses(libxl_cfg *cfg, const libxl_domain_config *c)
{
    libxl_domain_config copy;
    char *a, *b;
    libxl_cfg *want, *have;

    libxl_domain_config_init(&copy);
    libxl_cfg_to_domain_config(cfg, &copy);
    a = libxl__type_to_json(&libxl__domain_config_type, c);
    b = libxl__type_to_json(&libxl__domain_config_type, &copy);
    want = libxl_cfg_parse_json("", a, strlen(a));
    have = libxl_cfg_parse_json("", b, strlen(b));
    compare(cfg, want, want->root, have->root);
    libxl_cfg_free(want);
    libxl_cfg_free(have);
    free(a);
    free(b);
    libxl_domain_config_dispose(&copy);
}

libxl_cfg *libxl_cfg_from_domain_config(const libxl_domain_config *c, const char *file)
{
    libxl_cfg *cfg = libxl_cfg_new(file);

    for (const struct cfg_key *k = cfg_keys; k->key; k++) {
        if (k->path)
            put_path(cfg, k, c);
        else if (k->put)
            k->put(cfg, k->key, c);
    }
    /* maxmem says something only where it differs. */
    if (c->b_info.max_memkb == c->b_info.target_memkb)
        libxl_cfg_remove(cfg->root, "maxmem");
    report_losses(cfg, c);
    return cfg;
}
