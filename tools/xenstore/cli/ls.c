/* SPDX-License-Identifier: GPL-2.0-only */
/* xenstore-ls: the tree, for people or as JSON. */
#include "cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define PERMS_COLUMN 60

struct entry {
    char *path, *value;
    const char *name;
    unsigned int len, num_perms;
    struct xs_permissions *perms;
};

/* -1 on error; 1 if the node disappeared meanwhile (errno says how). */
static int load(const struct context *c, struct entry *e)
{
    e->value = xs_read(c->xs, c->t, e->path, &e->len);
    if (e->value && (c->opt->perms || c->opt->json))
        e->perms = xs_get_permissions(c->xs, c->t, e->path, &e->num_perms);
    if (!e->value || ((c->opt->perms || c->opt->json) && !e->perms))
        return errno == ENOENT || errno == EACCES ? 1 : -1;
    return 0;
}

static void unload(struct entry *e)
{
    free(e->path);
    free(e->value);
    free(e->perms);
}

static char *child_path(const char *parent, const char *name)
{
    char *path;

    if (asprintf(&path, "%s/%s", strcmp(parent, "/") ? parent : "", name) < 0)
        abort();
    return path;
}

/* Columns of the terminal; 0 when nothing is to be cut. */
static unsigned int columns(void)
{
    struct winsize size;

    if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size))
        return 0;
    return size.ws_col;
}

static void show_text(const struct context *c, const struct entry *e, unsigned int indent)
{
    char *line = NULL;
    size_t len;
    FILE *out = open_memstream(&line, &len);
    unsigned int width = c->opt->full ? 0 : columns();

    if (!out)
        abort();
    if (c->opt->full)
        fprintf(out, "%s = \"", e->path);
    else
        fprintf(out, "%*s%s = \"", (int)indent, "", e->name);
    print_value(out, e->value, e->len);
    fputc('"', out);
    fclose(out);
    if (width > 8 && len > width) {
        memcpy(line + width - 4, "...", 4); /* on a terminal, one line per node */
        len = width - 1;
    }
    fwrite(line, 1, len, c->out);
    free(line);
    if (c->opt->perms && !c->opt->full) {
        fputc(' ', c->out);
        for (len++; len < PERMS_COLUMN; len++)
            fputc(len & 1 ? '.' : ' ', c->out);
        fputs("  ", c->out);
    } else if (c->opt->perms) {
        fputs("   ", c->out);
    }
    if (c->opt->perms)
        print_perms(c->out, e->perms, e->num_perms);
    fputc('\n', c->out);
}

static int walk_text(const struct context *c, const char *path, unsigned int indent)
{
    unsigned int num;
    char **names = xs_directory(c->xs, c->t, path, &num);
    int status = 0;

    if (!names)
        return errno == ENOENT || errno == EACCES ? 0 : failed(NULL, path);
    for (unsigned int i = 0; i < num && !status; i++) {
        struct entry e = {.path = child_path(path, names[i]), .name = names[i]};
        int loaded = load(c, &e);

        if (loaded < 0) {
            status = failed(NULL, e.path);
        } else if (loaded == 1 && errno == EACCES) {
            fprintf(c->out, "%*s%s:  (no access)\n", (int)indent, "",
                    c->opt->full ? e.path : e.name);
        } else if (!loaded) {
            show_text(c, &e, indent);
            status = walk_text(c, e.path, indent + 1);
        }
        unload(&e);
    }
    free(names);
    return status;
}

static int walk_json(const struct context *c, const char *path)
{
    struct entry e = {.path = strdup(path)};
    unsigned int num = 0;
    char **names;
    int status = load(c, &e) ? failed(NULL, path) : 0;

    names = status ? NULL : xs_directory(c->xs, c->t, path, &num);
    if (!status) {
        fputs("{\"value\":", c->out);
        print_json_string(c->out, e.value, e.len);
        fputs(",\"permissions\":", c->out);
        print_json_perms(c->out, e.perms, e.num_perms);
        fputs(",\"children\":{", c->out);
    }
    for (unsigned int i = 0; names && i < num && !status; i++) {
        char *child = child_path(path, names[i]);

        if (i)
            fputc(',', c->out);
        print_json_string(c->out, names[i], strlen(names[i]));
        fputc(':', c->out);
        status = walk_json(c, child);
        free(child);
    }
    if (!status)
        fputs("}}", c->out);
    free(names);
    unload(&e);
    return status;
}

int command_ls(struct context *c)
{
    static char *root[] = {"/"};
    char **paths = c->count ? c->args : root;
    int count = c->count ? c->count : 1, status = 0;

    if (c->opt->json)
        fputc('{', c->out);
    for (int i = 0; i < count && !status; i++) {
        unsigned int num;
        char **names = xs_directory(c->xs, c->t, paths[i], &num);

        if (!names)
            return failed(NULL, paths[i]);
        free(names);
        if (!c->opt->json) {
            status = walk_text(c, paths[i], 0);
            continue;
        }
        if (i)
            fputc(',', c->out);
        print_json_string(c->out, paths[i], strlen(paths[i]));
        fputc(':', c->out);
        status = walk_json(c, paths[i]);
    }
    if (c->opt->json)
        fputs("}\n", c->out);
    return status;
}
