/* SPDX-License-Identifier: GPL-2.0-only */
/* Descriptions of libxl's structures, as gentypes.py writes them, and what can be done with any
 * structure that has one: initialise, dispose, copy, turn into JSON and into or from a tree. */
#ifndef LIBXL_UTIL_TYPE_H
#define LIBXL_UTIL_TYPE_H

#include <libxl_cfg.h>
#include <stddef.h>
#include <yajl/yajl_gen.h>

enum type_kind {
    T_BOOL,
    T_INT,  /* signed, size bytes */
    T_UINT, /* unsigned, size bytes */
    T_DEFBOOL,
    T_STRING,
    T_ENUM,
    T_UUID,
    T_MAC,
    T_BITMAP,
    T_STRING_LIST,
    T_KV_LIST,
    T_CPUID_LIST,
    T_HWCAP,
    T_GENID,
    T_OPAQUE, /* the library's own: neither copied nor shown */
    T_STRUCT,
};

struct libxl_type;

struct type_field {
    const char *name;
    enum type_kind kind;
    bool array; /* pointer to int-at-count_offset elements of size bytes */
    bool keyed; /* in a union: live if the enum at key_offset equals key_value */
    int key_value;
    size_t offset, size, count_offset, key_offset;
    int64_t def;                           /* default of numbers */
    const libxl_enum_string_table *values; /* of an enum */
    const struct libxl_type *sub;          /* of a struct */
};

struct libxl_type {
    const char *name;
    size_t size;
    const struct type_field *fields;
    size_t nr_fields;
    bool sparse; /* a configuration: JSON leaves out all that has its default */
};

void libxl__type_init(const struct libxl_type *type, void *p);
/* Gives the live member of the structure's union its defaults. */
void libxl__type_init_union(const struct libxl_type *type, void *p);
/* Leaves the structure initialised, so that disposing twice is harmless. */
void libxl__type_dispose(const struct libxl_type *type, void *p);
void libxl__type_copy(const struct libxl_type *type, void *dst, const void *src);
yajl_gen_status libxl__type_gen_json(yajl_gen hand, const struct libxl_type *type, const void *p);
char *libxl__type_to_json(const struct libxl_type *type, const void *p);
int libxl__type_from_json(libxl_ctx *ctx, const struct libxl_type *type, void *p, const char *s);
/* Fills an initialised structure from a map; faults go to the tree. 0 or ERROR_INVAL. */
int libxl__type_from_node(libxl_cfg *cfg, const struct libxl_type *type, void *p,
                          const libxl_cfg_node *map);
/* Sets one field (or array) from a node. */
void libxl__field_from_node(libxl_cfg *cfg, const struct type_field *f, void *p,
                            const libxl_cfg_node *node);

const char *libxl__enum_to_string(const libxl_enum_string_table *t, int v);
/* Case does not matter, '-' is '_'. 0 or ERROR_INVAL. */
int libxl__enum_from_string(const libxl_enum_string_table *t, const char *s, int *v);
yajl_gen_status libxl__enum_gen_json(yajl_gen hand, const libxl_enum_string_table *t, int v);

extern const struct libxl_type libxl__domain_config_type;
extern const struct libxl_type libxl__domain_create_info_type;
extern const struct libxl_type libxl__domain_build_info_type;

#endif
