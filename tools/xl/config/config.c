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

static void parse_text(libxl_cfg *cfg, const char *text, size_t len, bool override)
{
    struct text_parse p = {.cfg = cfg, .at = libxl_cfg_root(cfg), .override = override, .first_line = !override};

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
    if (memchr(text, '\0', len))
        libxl_cfg_fault_at(cfg, 1, "this is no text file");
    else
        parse_text(cfg, text, len, false);
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

void config_override(libxl_cfg *cfg, const char *setting)
{
    /* A bare word after "=" is a string: name=web needs no quotes on a command line. */
    const char *eq = strchr(setting, '=');
    const char *v = eq ? eq + 1 + strspn(eq + 1, " \t") : NULL;

    if (v && *v && !strchr("\"'[", *v) && !strpbrk(v, ";\n") && v[strspn(v, "-+0123456789xXabcdefABCDEF")]) {
        char *key = strndup(setting, eq - setting);

        libxl_cfg_remove(libxl_cfg_root(cfg), key);
        libxl_cfg_add_string(cfg, libxl_cfg_root(cfg), key, v, 0);
        free(key);
        return;
    }
    parse_text(cfg, setting, strlen(setting), true);
}

int config_read(const char *file, char **overrides, int nr_overrides, libxl_domain_config *d_config)
{
    libxl_cfg *cfg = file ? config_load(file) : libxl_cfg_new("<command line>");
    int rc;

    if (!cfg)
        return -1;
    for (int i = 0; i < nr_overrides; i++)
        config_override(cfg, overrides[i]);
    rc = libxl_cfg_to_domain_config(cfg, d_config);
    if (rc || libxl_cfg_fault_count(cfg)) {
        libxl_cfg_print_faults(cfg, stderr);
        rc = -1;
    }
    libxl_cfg_free(cfg);
    return rc;
}
