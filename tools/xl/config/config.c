/* SPDX-License-Identifier: GPL-2.0-only */
/* From a file (or standard input) and overrides to a domain's configuration. */
#include "config.h"
#include "text.h"
#include <ctype.h>
#include <errno.h>
#include <libxl_utils.h>
#include <string.h>
#include <unistd.h>

void text_begin_setting(struct text_parse *p, const char *name)
{
    free(p->name);
    p->name = strdup(name);
    p->key = p->name;
    p->at = libxl_cfg_root(p->cfg);
    if (p->override)
        libxl_cfg_remove(p->at, name);
}

void text_end_setting(struct text_parse *p)
{
    free(p->name);
    p->name = NULL;
    p->key = NULL;
}

static void parse_text(libxl_cfg *cfg, const char *text, size_t len, const char *override)
{
    struct text_parse p = {
        .cfg = cfg, .at = libxl_cfg_root(cfg), .override = override, .first_line = !override};

    text_parse_string(&p, text, len);
}

libxl_cfg *config_parse(const char *file, const char *text, size_t len)
{
    libxl_cfg *cfg;
    size_t i = 0;

    while (i < len && isspace((unsigned char)text[i]))
        i++;
    if (i < len && text[i] == '{')
        return libxl_cfg_parse_json(file, text, len);
    cfg = libxl_cfg_new(file);
    if (!cfg)
        return NULL;
    if (i < len && text[i] == '<')
        libxl_cfg_fault_at(cfg, 1,
                           "this looks like XML; `xl config-convert` makes a configuration of it");
    else if (memchr(text, '\0', len))
        libxl_cfg_fault_at(cfg, 1, "this is no text file");
    else
        parse_text(cfg, text, len, NULL);
    return cfg;
}

/* All of a stream, malloc. */
static char *read_all(FILE *f, size_t *len)
{
    char *text = NULL;
    size_t room = 0, n = 0, got;

    do {
        if (n + 4096 > room) {
            char *more = realloc(text, room = room * 2 + 8192);

            if (!more) {
                free(text);
                return NULL;
            }
            text = more;
        }
        got = fread(text + n, 1, room - n - 1, f);
        n += got;
    } while (got);
    text[n] = '\0';
    *len = n;
    return text;
}

libxl_cfg *config_load(const char *file)
{
    bool is_stdin = !strcmp(file, "-");
    FILE *f = is_stdin ? stdin : fopen(file, "re");
    libxl_cfg *cfg = NULL;
    size_t len;
    char *text;

    if (!f) {
        fprintf(stderr, "%s: %s\n", file, strerror(errno));
        return NULL;
    }
    text = read_all(f, &len);
    if (!text || ferror(f))
        fprintf(stderr, "%s: cannot be read: %s\n", file, strerror(errno));
    else
        cfg = config_parse(is_stdin ? "<standard input>" : file, text, len);
    free(text);
    if (!is_stdin)
        fclose(f);
    return cfg;
}

/* Is the key's value a text, so that even 123 is one? */
static bool is_text_key(const char *key)
{
    for (const libxl_cfg_key *k = libxl_cfg_keys(); k->key; k++)
        if (!strcmp(k->key, key))
            return !strcmp(k->type, "string") || !strcmp(k->type, "UUID");
    return false;
}

static bool is_number(const char *s)
{
    char *end;

    strtoll(s, &end, 0);
    return end != s && !end[strspn(end, " \t")];
}

/* What a setting replaces under another name. */
static void remove_rivals(libxl_cfg *cfg, const char *key)
{
    static const struct {
        const char *key, *rival;
    } rivals[] = {{"cmdline", "root"}, {"cmdline", "extra"}, {"type", "builder"}};

    for (size_t i = 0; i < sizeof(rivals) / sizeof(rivals[0]); i++)
        if (!strcmp(rivals[i].key, key))
            libxl_cfg_remove(libxl_cfg_root(cfg), rivals[i].rival);
}

void config_override(libxl_cfg *cfg, const char *setting)
{
    /* A bare word after "=" is a string: name=web needs no quotes on a command line. */
    const char *start = setting + strspn(setting, " \t");
    size_t len = strcspn(start, "= \t");
    const char *v = strchr(start, '=');
    char *key = strndup(start, len);

    if (!key)
        return;
    v = v ? v + 1 + strspn(v + 1, " \t") : "";
    remove_rivals(cfg, key);
    if (*v && !strchr("\"'[", *v) && !strpbrk(v, ";\n") && (is_text_key(key) || !is_number(v))) {
        libxl_cfg_remove(libxl_cfg_root(cfg), key);
        libxl_cfg_add_string(cfg, libxl_cfg_root(cfg), key, v, 0);
    } else {
        parse_text(cfg, setting, strlen(setting), setting);
    }
    free(key);
}

bool config_is_native(libxl_cfg *cfg)
{
    return libxl_cfg_get(libxl_cfg_root(cfg), "c_info") ||
           libxl_cfg_get(libxl_cfg_root(cfg), "b_info");
}

/* Devices as objects of their fields have no place in text. */
static bool has_map(const libxl_cfg_node *n)
{
    for (const libxl_cfg_node *c = n->first; c; c = c->next)
        if (c->kind == LIBXL_CFG_MAP || has_map(c))
            return true;
    return false;
}

libxl_cfg *config_for_text(libxl_cfg *cfg)
{
    return has_map(libxl_cfg_root(cfg)) ? config_to_xlcfg(cfg) : NULL;
}

libxl_cfg *config_to_xlcfg(libxl_cfg *cfg)
{
    libxl_domain_config d_config;
    libxl_cfg *translated = NULL;

    libxl_domain_config_init(&d_config);
    if (!libxl_cfg_to_domain_config(cfg, &d_config))
        translated = libxl_cfg_from_domain_config(&d_config, libxl_cfg_file(cfg));
    libxl_domain_config_dispose(&d_config);
    return translated;
}

static bool sets(const char *setting, const char *key)
{
    size_t len = strcspn(key, ".[");

    setting += strspn(setting, " \t");
    return !strncmp(setting, key, len) && strchr("= \t", setting[len]);
}

/* Faults of what came from the command line say so instead of naming the file. */
static void print_faults(const libxl_cfg *cfg, char **overrides, int nr_overrides, FILE *out)
{
    int n = libxl_cfg_fault_count(cfg);

    if (!nr_overrides) {
        libxl_cfg_print_faults(cfg, out);
        return;
    }
    for (int i = 0; i < n; i++) {
        const libxl_cfg_fault_info *f = libxl_cfg_fault_get(cfg, i);
        bool mine = !strncmp(f->problem, "setting '", 9);

        for (int k = 0; k < nr_overrides && !f->line && *f->key; k++)
            mine |= sets(overrides[k], f->key);
        fprintf(out, "%s:", mine ? "command line" : f->file);
        if (f->line)
            fprintf(out, "%u:", f->line);
        fprintf(out, " %s%s%s\n", f->key, *f->key ? ": " : "", f->problem);
    }
}

/* A file in libxl's own vocabulary is translated before a setting in xl.cfg's can change it. */
static libxl_cfg *load_for_overrides(const char *file, int nr_overrides)
{
    libxl_cfg *cfg = file ? config_load(file) : libxl_cfg_new("command line"), *translated;

    if (!cfg || !nr_overrides || !config_is_native(cfg))
        return cfg;
    translated = config_to_xlcfg(cfg);
    if (!translated)
        return cfg; /* with its faults */
    libxl_cfg_free(cfg);
    return translated;
}

int config_read(const char *file, char **overrides, int nr_overrides, libxl_domain_config *d_config)
{
    libxl_cfg *cfg = load_for_overrides(file, nr_overrides);
    int rc;

    if (!cfg)
        return -1;
    for (int i = 0; i < nr_overrides && !config_is_native(cfg); i++)
        config_override(cfg, overrides[i]);
    rc = libxl_cfg_to_domain_config(cfg, d_config);
    if (rc || libxl_cfg_fault_count(cfg)) {
        print_faults(cfg, overrides, nr_overrides, stderr);
        rc = -1;
    }
    libxl_cfg_free(cfg);
    return rc;
}
