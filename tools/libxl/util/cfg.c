/* SPDX-License-Identifier: GPL-2.0-only */
/* The configuration tree: nodes in an arena, and the faults that were found in it. */
#include "util/cfg.h"

#include <stdlib.h>

#include "util/mem.h"

struct cfg_block {
    struct cfg_block *next;
    size_t used, size;
    char data[];
};

static void *arena_alloc(libxl_cfg *cfg, size_t size)
{
    struct cfg_block *b = cfg->blocks;

    size = (size + 15) & ~(size_t)15;
    if (!b || b->size - b->used < size) {
        size_t room = size > 4000 ? size : 4000;

        b = libxl__alloc(sizeof(*b) + room);
        b->size = room;
        b->next = cfg->blocks;
        cfg->blocks = b;
    }
    b->used += size;
    return b->data + b->used - size;
}

const char *libxl_cfg_strndup(libxl_cfg *cfg, const char *s, size_t len)
{
    char *copy = arena_alloc(cfg, len + 1);

    memcpy(copy, s, len);
    copy[len] = 0;
    return copy;
}

libxl_cfg *libxl_cfg_new(const char *file)
{
    libxl_cfg *cfg = libxl__alloc(sizeof(*cfg));

    cfg->file = libxl_cfg_strndup(cfg, file, strlen(file));
    cfg->root = arena_alloc(cfg, sizeof(*cfg->root));
    cfg->root->kind = LIBXL_CFG_MAP;
    return cfg;
}

void libxl_cfg_free(libxl_cfg *cfg)
{
    if (!cfg)
        return;
    for (struct cfg_block *b = cfg->blocks, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    free(cfg->faults);
    free(cfg);
}

const char *libxl_cfg_file(const libxl_cfg *cfg)
{
    return cfg->file;
}

libxl_cfg_node *libxl_cfg_root(libxl_cfg *cfg)
{
    return cfg->root;
}

libxl_cfg_node *libxl_cfg_get(const libxl_cfg_node *map, const char *key)
{
    if (!map || map->kind != LIBXL_CFG_MAP)
        return NULL;
    for (libxl_cfg_node *n = map->first; n; n = n->next)
        if (!strcmp(n->key, key))
            return n;
    return NULL;
}

libxl_cfg_node *libxl_cfg_add(libxl_cfg *cfg, libxl_cfg_node *parent, const char *key,
                              libxl_cfg_kind kind, unsigned int line)
{
    libxl_cfg_node *earlier = key ? libxl_cfg_get(parent, key) : NULL;
    libxl_cfg_node *n = arena_alloc(cfg, sizeof(*n));

    n->kind = kind;
    n->line = line;
    n->key = key ? libxl_cfg_strndup(cfg, key, strlen(key)) : NULL;
    n->parent = parent;
    if (parent->last)
        parent->last->next = n;
    else
        parent->first = n;
    parent->last = n;
    if (earlier && earlier->line)
        libxl_cfg_fault(cfg, n, "given a second time; the first is in line %u", earlier->line);
    else if (earlier)
        libxl_cfg_fault(cfg, n, "given a second time");
    return n;
}

libxl_cfg_node *libxl_cfg_add_string(libxl_cfg *cfg, libxl_cfg_node *parent, const char *key,
                                     const char *s, unsigned int line)
{
    libxl_cfg_node *n = libxl_cfg_add(cfg, parent, key, LIBXL_CFG_STRING, line);

    n->s = libxl_cfg_strndup(cfg, s, strlen(s));
    return n;
}

libxl_cfg_node *libxl_cfg_add_int(libxl_cfg *cfg, libxl_cfg_node *parent, const char *key,
                                  int64_t i, unsigned int line)
{
    libxl_cfg_node *n = libxl_cfg_add(cfg, parent, key, LIBXL_CFG_INT, line);

    n->i = i;
    return n;
}

libxl_cfg_node *libxl_cfg_add_bool(libxl_cfg *cfg, libxl_cfg_node *parent, const char *key, bool b,
                                   unsigned int line)
{
    libxl_cfg_node *n = libxl_cfg_add(cfg, parent, key, LIBXL_CFG_BOOL, line);

    n->b = b;
    return n;
}

void libxl_cfg_remove(libxl_cfg_node *map, const char *key)
{
    libxl_cfg_node *before = NULL;

    for (libxl_cfg_node *n = map->first; n; n = n->next) {
        if (strcmp(n->key, key)) {
            before = n;
            continue;
        }
        if (before)
            before->next = n->next;
        else
            map->first = n->next;
        if (map->last == n)
            map->last = before;
    }
}

const char *libxl__cfg_path(libxl_cfg *cfg, const libxl_cfg_node *node)
{
    const char *up, *path;
    char *text;

    if (!node || !node->parent)
        return "";
    up = libxl__cfg_path(cfg, node->parent);
    if (node->key) {
        text = libxl__sprintf("%s%s%s", up, *up ? "." : "", node->key);
    } else {
        int index = 0;

        for (const libxl_cfg_node *n = node->parent->first; n && n != node; n = n->next)
            index++;
        text = libxl__sprintf("%s[%d]", up, index);
    }
    path = libxl_cfg_strndup(cfg, text, strlen(text));
    free(text);
    return path;
}

const char *libxl__cfg_kind_name(libxl_cfg_kind kind)
{
    static const char *const names[] = {"nothing",  "true or false", "a number",
                                        "a string", "a list",        "a map"};

    return names[kind];
}

static void record(libxl_cfg *cfg, unsigned int line, const char *key, const char *fmt, va_list al)
{
    char *text = libxl__vsprintf(fmt, al);

    if (cfg->nr_faults == cfg->room) {
        cfg->room = cfg->room ? cfg->room * 2 : 8;
        cfg->faults = libxl__realloc(cfg->faults, cfg->room * sizeof(*cfg->faults));
    }
    cfg->faults[cfg->nr_faults++] =
        (libxl_cfg_fault_info){line, cfg->file, key, libxl_cfg_strndup(cfg, text, strlen(text))};
    free(text);
}

void libxl_cfg_fault(libxl_cfg *cfg, const libxl_cfg_node *at, const char *fmt, ...)
{
    va_list al;

    va_start(al, fmt);
    record(cfg, at ? at->line : 0, libxl__cfg_path(cfg, at), fmt, al);
    va_end(al);
}

void libxl_cfg_fault_at(libxl_cfg *cfg, unsigned int line, const char *fmt, ...)
{
    va_list al;

    va_start(al, fmt);
    record(cfg, line, "", fmt, al);
    va_end(al);
}

int libxl_cfg_fault_count(const libxl_cfg *cfg)
{
    return cfg->nr_faults;
}

const libxl_cfg_fault_info *libxl_cfg_fault_get(const libxl_cfg *cfg, int n)
{
    return n >= 0 && n < cfg->nr_faults ? &cfg->faults[n] : NULL;
}

static int by_line(const void *a, const void *b)
{
    const libxl_cfg_fault_info *x = *(const libxl_cfg_fault_info *const *)a;
    const libxl_cfg_fault_info *y = *(const libxl_cfg_fault_info *const *)b;

    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    return x < y ? -1 : x > y;
}

void libxl_cfg_print_faults(const libxl_cfg *cfg, FILE *out)
{
    int n = cfg->nr_faults;
    const libxl_cfg_fault_info **order = libxl__alloc(n * sizeof(*order));

    for (int i = 0; i < n; i++)
        order[i] = &cfg->faults[i];
    qsort(order, n, sizeof(*order), by_line);
    for (int i = 0; i < n; i++) {
        fprintf(out, "%s:", order[i]->file);
        if (order[i]->line)
            fprintf(out, "%u:", order[i]->line);
        fprintf(out, " %s%s%s\n", order[i]->key, *order[i]->key ? ": " : "", order[i]->problem);
    }
    free(order);
}

/* Levenshtein distance, both at most 31 characters. */
static int distance(const char *a, const char *b)
{
    int la = strlen(a), lb = strlen(b), row[32];

    if (la > 31 || lb > 31)
        return 99;
    for (int j = 0; j <= lb; j++)
        row[j] = j;
    for (int i = 1; i <= la; i++) {
        int diagonal = row[0];

        row[0] = i;
        for (int j = 1; j <= lb; j++) {
            int change = diagonal + (a[i - 1] != b[j - 1]);
            int best = row[j - 1] < row[j] ? row[j - 1] + 1 : row[j] + 1;

            diagonal = row[j];
            row[j] = change < best ? change : best;
        }
    }
    return row[lb];
}

const char *libxl__nearest(const char *key, const char *const *names)
{
    const char *best = NULL;
    int least = (int)strlen(key) / 3 + 1;

    for (; *names; names++) {
        int d = distance(key, *names);

        if (d <= least) {
            least = d - 1;
            best = *names;
        }
    }
    return best;
}
