/* SPDX-License-Identifier: GPL-2.0-only */
/* A configuration tree in xl.cfg's syntax. */
#include "config.h"
#include <ctype.h>

static void print_string(const char *s, FILE *out)
{
    fputc('"', out);
    for (; *s; s++) {
        if (*s == '"' || *s == '\\')
            fprintf(out, "\\%c", *s);
        else if (*s == '\n')
            fputs("\\n", out);
        else if (*s == '\r')
            fputs("\\r", out);
        else
            fputc(*s, out);
    }
    fputc('"', out);
}

static void print_value(const libxl_cfg_node *n, FILE *out)
{
    bool first = true;

    switch (n->kind) {
    case LIBXL_CFG_NULL:
        fputs("\"\"", out);
        break;
    case LIBXL_CFG_BOOL:
        fputs(n->b ? "1" : "0", out);
        break;
    case LIBXL_CFG_INT:
        fprintf(out, "%lld", (long long)n->i);
        break;
    case LIBXL_CFG_STRING:
        print_string(n->s, out);
        break;
    case LIBXL_CFG_LIST:
        fputs("[ ", out);
        for (const libxl_cfg_node *c = n->first; c; c = c->next, first = false) {
            if (!first)
                fputs(", ", out);
            print_value(c, out);
        }
        fputs(" ]", out);
        break;
    case LIBXL_CFG_MAP: /* config_for_text leaves none */
        break;
    }
}

void config_print_text(libxl_cfg *cfg, FILE *out)
{
    for (const libxl_cfg_node *n = libxl_cfg_root(cfg)->first; n; n = n->next) {
        fprintf(out, "%s = ", n->key);
        print_value(n, out);
        fputc('\n', out);
    }
}
