/* SPDX-License-Identifier: GPL-2.0-only */
/* JSON through yajl: a generator for each type, to embed libxl's structures in larger documents.
 * Fields that have their default value are left out. */
#ifndef LIBXL_JSON_H
#define LIBXL_JSON_H

#include <libxl.h>
#include <yajl/yajl_gen.h>

yajl_gen_status libxl_defbool_gen_json(yajl_gen hand, libxl_defbool *p);
yajl_gen_status libxl_uuid_gen_json(yajl_gen hand, libxl_uuid *p);
yajl_gen_status libxl_mac_gen_json(yajl_gen hand, libxl_mac *p);
yajl_gen_status libxl_bitmap_gen_json(yajl_gen hand, libxl_bitmap *p);
yajl_gen_status libxl_cpuid_policy_list_gen_json(yajl_gen hand, libxl_cpuid_policy_list *p);
yajl_gen_status libxl_string_list_gen_json(yajl_gen hand, libxl_string_list *p);
yajl_gen_status libxl_key_value_list_gen_json(yajl_gen hand, libxl_key_value_list *p);
yajl_gen_status libxl_hwcap_gen_json(yajl_gen hand, libxl_hwcap *p);
yajl_gen_status libxl_ms_vm_genid_gen_json(yajl_gen hand, libxl_ms_vm_genid *p);

/** A generator that indents. */
static inline yajl_gen libxl_yajl_gen_alloc(const yajl_alloc_funcs *allocFuncs)
{
    yajl_gen g = yajl_gen_alloc(allocFuncs);

    if (g)
        yajl_gen_config(g, yajl_gen_beautify, 1);
    return g;
}

#include <libxl_types_json.h>

#endif
