/* SPDX-License-Identifier: GPL-2.0-only */
/* Short forms of CPU lists in xl.cfg ("0-3,^2"), and what all short forms share. */
#include "util/spec.h"

#include <ctype.h>
#include <libxl_cfg.h>
#include <libxl_utils.h>
#include <stdlib.h>

#include "util/mem.h"

int spec_wrong(char **problem, const char *fmt, ...)
{
    va_list al;

    va_start(al, fmt);
    *problem = libxl__vsprintf(fmt, al);
    va_end(al);
    return ERROR_INVAL;
}

/* The text with white space around it cut off, malloc. */
char *spec_trimmed(const char *s, size_t len)
{
    while (len && isspace((unsigned char)*s))
        s++, len--;
    while (len && isspace((unsigned char)s[len - 1]))
        len--;
    return libxl__strndup(s, len);
}

void spec_set(char **field, const char *value)
{
    free(*field);
    *field = libxl__strdup(value);
}

struct cpulist {
    libxl_ctx *ctx;
    int nr_cpus;
    libxl_bitmap *map;
    char **problem;
};

static void grow(libxl_bitmap *map, int bits)
{
    uint32_t size = (bits + 7) / 8;

    if (size <= map->size)
        return;
    map->map = libxl__realloc(map->map, size);
    memset(map->map + map->size, 0, size - map->size);
    map->size = size;
}

static int set_range(struct cpulist *l, long from, long to, bool nodes, bool exclude)
{
    if (nodes) {
        libxl_bitmap cpus;

        if (!l->ctx || libxl_cpu_bitmap_alloc(l->ctx, &cpus, 0))
            return spec_wrong(l->problem, "nodes: can be resolved on the host only");
        for (long node = from; node <= to; node++) {
            int cpu;

            if (libxl_node_to_cpumap(l->ctx, node, &cpus))
                break;
            grow(l->map, cpus.size * 8);
            libxl_for_each_set_bit(cpu, cpus) exclude ? libxl_bitmap_reset(l->map, cpu)
                                                      : libxl_bitmap_set(l->map, cpu);
        }
        libxl_bitmap_dispose(&cpus);
        return 0;
    }
    if (!exclude)
        grow(l->map, to + 1);
    for (long cpu = from; cpu <= to; cpu++)
        exclude ? libxl_bitmap_reset(l->map, cpu) : libxl_bitmap_set(l->map, cpu);
    return 0;
}

static int take_range(struct cpulist *l, const char *part)
{
    const char *p = part;
    bool exclude = *p == '^', nodes = false;
    long from, to;
    char *end;

    p += exclude;
    if (!strcmp(p, "all"))
        return set_range(l, 0, l->nr_cpus - 1, false, exclude);
    if (!strncmp(p, "nodes:", 6) || !strncmp(p, "node:", 5)) {
        nodes = true;
        p = strchr(p, ':') + 1;
        if (*p == '^' && !exclude) {
            exclude = true;
            p++;
        }
    }
    from = to = strtol(p, &end, 10);
    if (end != p && *end == '-') {
        p = end + 1;
        to = strtol(p, &end, 10);
    }
    if (end == p || *end || from < 0 || to < from || to > 65535)
        return spec_wrong(l->problem,
                          "\"%s\" should be a number, a range (0-3), ^ and what to leave "
                          "out, all, or nodes:N",
                          part);
    return set_range(l, from, to, nodes, exclude);
}

int libxl_cpulist_parse(libxl_ctx *ctx, const char *spec, int nr_cpus, libxl_bitmap *map,
                        char **problem)
{
    struct cpulist l = {ctx, nr_cpus, map, problem};
    const char *p = spec;
    int rc = 0;

    *problem = NULL;
    libxl_bitmap_init(map);
    grow(map, nr_cpus);
    while (!rc && *p) {
        size_t len = strcspn(p, ",");
        char *part = spec_trimmed(p, len);

        /* A list that begins by leaving out means all others. */
        if (p == spec && *part == '^')
            set_range(&l, 0, nr_cpus - 1, false, false);
        rc = take_range(&l, part);
        free(part);
        p += len + (p[len] == ',');
    }
    if (!rc && libxl_bitmap_is_empty(map))
        rc = spec_wrong(problem, "\"%s\" names no CPU", spec);
    if (rc)
        libxl_bitmap_dispose(map);
    return rc;
}
