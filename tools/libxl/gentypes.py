#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Turns types.idl (format: its first lines) into C and into a JSON schema.

usage: gentypes.py types.idl header|json-header|source|schema > output
"""
import json
import re
import sys

# IDL word: (C type, kind in util/type.h, JSON schema)
BUILTIN = {
    "bool": ("bool", "BOOL", {"type": "boolean"}),
    "int": ("int", "INT", {"type": "integer"}),
    "u8": ("uint8_t", "UINT", {"type": "integer", "minimum": 0, "maximum": 255}),
    "u16": ("uint16_t", "UINT", {"type": "integer", "minimum": 0, "maximum": 65535}),
    "u32": ("uint32_t", "UINT", {"type": "integer", "minimum": 0, "maximum": 4294967295}),
    "u64": ("uint64_t", "UINT", {"type": "integer", "minimum": 0}),
    "domid": ("libxl_domid", "UINT", {"type": "integer", "minimum": 0, "maximum": 4294967295}),
    "devid": ("libxl_devid", "INT", {"type": "integer"}),
    "defbool": ("libxl_defbool", "DEFBOOL", {"type": "boolean"}),
    "string": ("char *", "STRING", {"type": "string"}),
    "uuid": ("libxl_uuid", "UUID", {"type": "string", "format": "uuid"}),
    "mac": ("libxl_mac", "MAC", {"type": "string", "pattern": "^([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}$"}),
    "bitmap": ("libxl_bitmap", "BITMAP", {"type": "array", "items": {"type": "integer", "minimum": 0}}),
    "string_list": ("libxl_string_list", "STRING_LIST", {"type": "array", "items": {"type": "string"}}),
    "kv_list": ("libxl_key_value_list", "KV_LIST", {"type": "object", "additionalProperties": {"type": "string"}}),
    "cpuid_list": ("libxl_cpuid_policy_list", "CPUID_LIST", {"type": "array", "items": {"type": "string"}}),
    "hwcap": ("libxl_hwcap", "HWCAP", {"type": "array", "items": {"type": "integer"}}),
    "genid": ("libxl_ms_vm_genid", "GENID", {"type": "array", "items": {"type": "integer"}}),
    "ev_link": ("libxl_ev_link", "OPAQUE", None),
}


class Enum:
    def __init__(self, name, prefix, doc):
        self.name, self.doc, self.values = name, doc, []
        self.prefix = prefix or "LIBXL_" + name.upper()


class Field:
    def __init__(self, base, name, default, doc, count=None, key=None, value=None):
        self.base, self.name, self.default, self.doc = base, name, default, doc
        self.count, self.key, self.value = count, key, value


class Struct:
    def __init__(self, name, doc):
        self.name, self.doc, self.fields = name, doc, []


def parse(path):
    """Reads the IDL; returns the list of Enum and Struct in the order of the file."""
    items = []
    for number, line in enumerate(open(path), 1):
        line = line.rstrip()
        if not line or line.startswith("#"):
            continue
        text, _, doc = line.partition(" : ")
        words = text.split()
        if not line.startswith(" "):
            if words[0] == "enum":
                prefix = words[2].split("=")[1] if len(words) > 2 else None
                items.append(Enum(words[1], prefix, doc))
            elif words[0] == "struct":
                items.append(Struct(words[1], doc))
            else:
                sys.exit(f"{path}:{number}: neither enum nor struct")
        elif isinstance(items[-1], Enum):
            items[-1].values.append((words[0], int(words[1]), doc))
        elif words[0] == "union":
            for member in words[3:]:
                value, base = member.split(":")
                items[-1].fields.append(Field(base, words[1], None, doc, key=words[2], value=value))
        else:
            m = re.match(r"(\w+)(\[(\w*)\])?\s+(\w+)(?:\s+\[(\w+)\])?(?:\s*=\s*(\S+))?$", text.strip())
            if not m:
                sys.exit(f"{path}:{number}: not a field: {text}")
            count = (m[3] or m[5] or "num_" + m[4]) if m[2] else None
            items[-1].fields.append(Field(m[1], m[4], m[6], doc, count=count))
    return items


def by_name(items):
    return {i.name: i for i in items}


def ctype(base):
    return BUILTIN[base][0] if base in BUILTIN else "libxl_" + base


def declare(base, name):
    t = ctype(base)
    return f"{t}{name}" if t.endswith("*") else f"{t} {name}"


def comment(doc):
    return f" /**< {doc} */" if doc else ""


def header(items):
    out = ["/* SPDX-License-Identifier: GPL-2.0-only */",
           "/* libxl's public types, made by gentypes.py from types.idl. Included by libxl.h. For every",
           " * structure: _init gives defaults, _dispose frees what it owns (not itself), _copy makes an",
           " * independent copy, _to_json returns text from malloc, _from_json reads it (0 or ERROR_INVAL). */",
           "#ifndef LIBXL_TYPES_H", "#define LIBXL_TYPES_H", ""]
    for i in items:
        if isinstance(i, Enum):
            out += [f"/** {i.doc} */", f"typedef enum libxl_{i.name} {{"]
            out += [f"    {i.prefix}_{n} = {v},{comment(d)}" for n, v, d in i.values]
            out += [f"}} libxl_{i.name};",
                    f"extern const libxl_enum_string_table libxl_{i.name}_string_table[];",
                    f"const char *libxl_{i.name}_to_string(libxl_{i.name} e);",
                    f"int libxl_{i.name}_from_string(const char *s, libxl_{i.name} *e);", ""]
            continue
        out += [f"/** {i.doc} */", f"typedef struct libxl_{i.name} {{"]
        unions = [f for f in i.fields if f.key]
        for f in i.fields:
            if f.key:
                if f is unions[0]:
                    out.append(f"    union {{ /* {f.key} tells which */")
                out.append(f"        libxl_{f.base} {f.value};")
                if f is unions[-1]:
                    out.append(f"    }} {f.name};")
            elif f.count:
                out += [f"    int {f.count};", f"    {declare(f.base, '*' + f.name)};{comment(f.doc)}"]
            else:
                out.append(f"    {declare(f.base, f.name)};{comment(f.doc)}")
        out += [f"}} libxl_{i.name};", f"void libxl_{i.name}_init(libxl_{i.name} *p);",
                f"void libxl_{i.name}_dispose(libxl_{i.name} *p);",
                f"void libxl_{i.name}_copy(libxl_ctx *ctx, libxl_{i.name} *dst, const libxl_{i.name} *src);",
                f"char *libxl_{i.name}_to_json(libxl_ctx *ctx, libxl_{i.name} *p);",
                f"int libxl_{i.name}_from_json(libxl_ctx *ctx, libxl_{i.name} *p, const char *s);"]
        if unions:
            key = unions[0].key
            keytype = next(f for f in i.fields if f.name == key).base
            out.append(f"void libxl_{i.name}_init_{key}(libxl_{i.name} *p, libxl_{keytype} {key});")
        out.append("")
    return "\n".join(out + ["#endif"])


def json_header(items):
    out = ["/* SPDX-License-Identifier: GPL-2.0-only */",
           "/* JSON generators of libxl's types, made by gentypes.py. Included by libxl_json.h. */",
           "#ifndef LIBXL_TYPES_JSON_H", "#define LIBXL_TYPES_JSON_H", ""]
    for i in items:
        arg = f"libxl_{i.name} p" if isinstance(i, Enum) else f"libxl_{i.name} *p"
        out.append(f"yajl_gen_status libxl_{i.name}_gen_json(yajl_gen hand, {arg});")
    return "\n".join(out + ["", "#endif"])


def source_enum(e):
    rows = "".join(f"    {{\"{n.lower()}\", {v}}},\n" for n, v, _ in e.values)
    return (f"const libxl_enum_string_table libxl_{e.name}_string_table[] = {{\n{rows}    {{NULL, 0}},\n}};\n"
            f"const char *libxl_{e.name}_to_string(libxl_{e.name} e)\n{{\n"
            f"    return libxl__enum_to_string(libxl_{e.name}_string_table, e);\n}}\n"
            f"int libxl_{e.name}_from_string(const char *s, libxl_{e.name} *e)\n{{\n    int v;\n"
            f"    int rc = libxl__enum_from_string(libxl_{e.name}_string_table, s, &v);\n\n"
            f"    if (!rc)\n        *e = v;\n    return rc;\n}}\n"
            f"yajl_gen_status libxl_{e.name}_gen_json(yajl_gen hand, libxl_{e.name} p)\n{{\n"
            f"    return libxl__enum_gen_json(hand, libxl_{e.name}_string_table, p);\n}}\n")


def source_field(s, f, names):
    st = f"libxl_{s.name}"
    sub = names.get(f.base)
    path = f"{f.name}.{f.value}" if f.key else f.name
    element = f"*((({st} *)0)->{path})" if f.count else f"(({st} *)0)->{path}"
    row = [f'.name = "{f.key + "." + f.value if f.key else f.name}"',
           f".offset = offsetof({st}, {path})", f".size = sizeof({element})"]
    if isinstance(sub, Struct):
        row += [".kind = T_STRUCT", f".sub = &libxl__{sub.name}_type"]
    elif isinstance(sub, Enum):
        row += [".kind = T_ENUM", f".values = libxl_{sub.name}_string_table"]
    else:
        row.append(".kind = T_" + BUILTIN[f.base][1])
    if f.count:
        row += [".array = true", f".count_offset = offsetof({st}, {f.count})"]
    if f.key:
        keytype = names[next(x for x in s.fields if x.name == f.key).base]
        row += [".keyed = true", f".key_offset = offsetof({st}, {f.key})",
                f".key_value = {keytype.prefix}_{f.value.upper()}"]
    if f.default:
        row.append(f".def = (int64_t)({f.default.replace('~0', '~0ull')})")
    return "    {" + ", ".join(row) + "},\n"


def reachable(root, names):
    """Names of the structures that a structure consists of, and its own."""
    seen, wanted = set(), [root]
    while wanted:
        name = wanted.pop()
        if name not in seen:
            seen.add(name)
            wanted += [f.base for f in names[name].fields if isinstance(names.get(f.base), Struct)]
    return seen


def source_struct(s, names):
    t, d = f"libxl_{s.name}", f"&libxl__{s.name}_type"
    rows = "".join(source_field(s, f, names) for f in s.fields)
    sparse = "true" if s.name in reachable("domain_config", names) else "false"
    text = (f"static const struct type_field {s.name}_fields[] = {{\n{rows}}};\n"
            f"const struct libxl_type libxl__{s.name}_type = {{\"{s.name}\", sizeof({t}), {s.name}_fields,\n"
            f"    sizeof({s.name}_fields) / sizeof({s.name}_fields[0]), {sparse}}};\n"
            f"void {t}_init({t} *p)\n{{\n    libxl__type_init({d}, p);\n}}\n"
            f"void {t}_dispose({t} *p)\n{{\n    libxl__type_dispose({d}, p);\n}}\n"
            f"void {t}_copy(libxl_ctx *ctx, {t} *dst, const {t} *src)\n{{\n"
            f"    libxl__type_copy({d}, dst, src);\n}}\n"
            f"char *{t}_to_json(libxl_ctx *ctx, {t} *p)\n{{\n    return libxl__type_to_json({d}, p);\n}}\n"
            f"int {t}_from_json(libxl_ctx *ctx, {t} *p, const char *s)\n{{\n"
            f"    return libxl__type_from_json(ctx, {d}, p, s);\n}}\n"
            f"yajl_gen_status {t}_gen_json(yajl_gen hand, {t} *p)\n{{\n"
            f"    return libxl__type_gen_json(hand, {d}, p);\n}}\n")
    unions = [f for f in s.fields if f.key]
    if unions:
        key = unions[0].key
        keytype = next(f for f in s.fields if f.name == key).base
        text += (f"void {t}_init_{key}({t} *p, libxl_{keytype} {key})\n{{\n    p->{key} = {key};\n"
                 f"    libxl__type_init_union({d}, p);\n}}\n")
    return text


def source(items):
    names = by_name(items)
    out = ["/* SPDX-License-Identifier: GPL-2.0-only */",
           "/* Descriptions of libxl's types, made by gentypes.py, and their functions over util/type.c. */",
           '#include "libxl_json.h"', '#include "util/type.h"', ""]
    for i in items:
        out.append(source_enum(i) if isinstance(i, Enum) else source_struct(i, names))
    return "\n".join(out)


def schema_of(f, names):
    sub = names.get(f.base)
    if isinstance(sub, Struct):
        s = {"$ref": "#/$defs/" + sub.name}
    elif isinstance(sub, Enum):
        s = {"enum": [n.lower() for n, _, _ in sub.values]}
    else:
        s = BUILTIN[f.base][2]
    s = dict(s or {})
    if f.count:
        s = {"type": "array", "items": s}
    if f.doc:
        s["description"] = f.doc
    return s


def schema(items):
    """A JSON schema of libxl_domain_config and what it consists of."""
    names, wanted, defs = by_name(items), ["domain_config"], {}
    while wanted:
        s = names[wanted.pop()]
        if s.name in defs:
            continue
        props = {}
        for f in s.fields:
            props[f"{f.key}.{f.value}" if f.key else f.name] = schema_of(f, names)
            if isinstance(names.get(f.base), Struct):
                wanted.append(f.base)
        defs[s.name] = {"description": s.doc, "type": "object", "properties": props,
                        "additionalProperties": False}
    root = defs.pop("domain_config")
    return json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema",
                       "title": "libxl_domain_config", **root,
                       "$defs": dict(sorted(defs.items()))}, indent=1)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    make = {"header": header, "json-header": json_header, "source": source, "schema": schema}
    print(make[sys.argv[2]](parse(sys.argv[1])))
