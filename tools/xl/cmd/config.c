/* SPDX-License-Identifier: GPL-2.0-only */
/* Commands about configuration files: config-validate, config-convert, config-update. */
#include "../xl.h"
#include "../config/config.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Checks one file; its faults go to the JSON list or to stdout. Returns how many there are. */
static int validate(const char *file, struct json_out *j)
{
    libxl_domain_config d_config;
    libxl_cfg *cfg = config_load(file);
    int n;

    if (!cfg)
        return 1;
    libxl_domain_config_init(&d_config);
    libxl_cfg_to_domain_config(cfg, &d_config);
    n = libxl_cfg_fault_count(cfg);
    for (int i = 0; j && i < n; i++) {
        const libxl_cfg_fault_info *f = libxl_cfg_fault_get(cfg, i);

        json_open_object(j, NULL);
        json_string(j, "file", f->file);
        json_uint(j, "line", f->line);
        json_string(j, "key", f->key);
        json_string(j, "problem", f->problem);
        json_close_object(j);
    }
    if (!j && n)
        libxl_cfg_print_faults(cfg, stdout);
    else if (!j)
        printf("%s: fine\n", file);
    libxl_domain_config_dispose(&d_config);
    libxl_cfg_free(cfg);
    return n;
}

int main_config_validate(int argc, char **argv)
{
    static const struct cmd_option options[] = {{'j', "json", NULL, "faults as JSON"}, {0}};
    static const struct cmd cmd = {
        "xl config-validate", "[--json] FILE...",
        "Checks configuration files; names file, line and key of each fault.", options};
    struct json_out *j = NULL;
    const char *value;
    int faults = 0;

    while (cmd_next(&cmd, argc, argv, &value) != CMD_END)
        j = j ?: json_out_new();
    if (optind == argc)
        cmd_fail(&cmd, "which file?");
    if (j)
        json_open_array(j, NULL);
    for (int i = optind; i < argc; i++)
        faults += validate(argv[i], j);
    if (j) {
        json_close_array(j);
        finish_json(j);
    }
    return faults ? 1 : 0;
}

/* libvirt's XML needs libxml2, which is big: a program of its own does it (tools/xl/xml). */
static int run_xml(const char *direction, const char *file)
{
    execl(XL_XML_PROGRAM, "xl-config-xml", direction, file, (char *)NULL);
    fprintf(stderr, "xl: cannot start %s: %s\n", XL_XML_PROGRAM, strerror(errno));
    return 1;
}

/* The first character that is no white space tells the format. */
static int first_character(const char *file)
{
    FILE *f = fopen(file, "re");
    int c;

    if (!f)
        return EOF;
    while ((c = fgetc(f)) == ' ' || c == '\n' || c == '\t' || c == '\r')
        ;
    fclose(f);
    return c;
}

/* As text or JSON to standard output. What xl.cfg cannot say of libxl's own vocabulary is named. */
static int convert(libxl_cfg *cfg, bool to_text)
{
    libxl_domain_config d_config;
    libxl_cfg *translated;
    int rc;

    libxl_domain_config_init(&d_config);
    rc = libxl_cfg_to_domain_config(cfg, &d_config);
    libxl_domain_config_dispose(&d_config);
    if (rc) {
        libxl_cfg_print_faults(cfg, stderr);
        return 1;
    }
    if (!to_text) {
        char *json = libxl_cfg_to_json(cfg);

        fputs(json ?: "", stdout);
        free(json);
        return fflush(stdout) ? 1 : 0;
    }
    translated = config_for_text(cfg);
    if (translated)
        libxl_cfg_print_faults(translated, stderr);
    config_print_text(translated ?: cfg, stdout);
    libxl_cfg_free(translated);
    return fflush(stdout) ? 1 : 0;
}

int main_config_convert(int argc, char **argv)
{
    static const struct cmd_option options[] = {
        {'t', "to", "cfg|json|xml", "what to make (default: json, or cfg from JSON)"}, {0}};
    static const struct cmd cmd = {
        "xl config-convert", "[--to cfg|json|xml] FILE",
        "Converts between xl.cfg, JSON and libvirt's domain XML. Writes to standard output.",
        options};
    const char *value, *to = NULL;
    libxl_cfg *cfg;
    int rc;

    while (cmd_next(&cmd, argc, argv, &value) != CMD_END)
        to = value;
    if (optind + 1 != argc)
        cmd_fail(&cmd, "which file?");
    if (to && strcmp(to, "cfg") && strcmp(to, "json") && strcmp(to, "xml"))
        cmd_fail(&cmd, "'%s' is no format: cfg, json or xml", to);
    if (first_character(argv[optind]) == '<')
        return run_xml(to && !strcmp(to, "cfg") ? "--from-xml-to-cfg" : "--from-xml", argv[optind]);
    if (to && !strcmp(to, "xml"))
        return run_xml("--to-xml", argv[optind]);
    cfg = config_load(argv[optind]);
    if (!cfg)
        return 1;
    if (!to)
        to = first_character(argv[optind]) == '{' ? "cfg" : "json";
    rc = convert(cfg, !strcmp(to, "cfg"));
    libxl_cfg_free(cfg);
    return rc;
}

int main_config_update(int argc, char **argv)
{
    static const struct cmd_option options[] = {{0}};
    static const struct cmd cmd = {
        "xl config-update", "DOMAIN FILE [KEY=VALUE ...]",
        "Replaces the stored configuration of a domain, which its next reboot uses.", options};
    libxl_domain_config d_config;
    const char *value;
    uint32_t domid;
    char *json;
    int rc = 1;

    while (cmd_next(&cmd, argc, argv, &value) != CMD_END)
        ;
    if (argc - optind < 2)
        cmd_fail(&cmd, "needs: %s", cmd.synopsis);
    domid = find_domain(argv[optind]);
    libxl_domain_config_init(&d_config);
    if (!config_read(argv[optind + 1], argv + optind + 2, argc - optind - 2, &d_config)) {
        json = libxl_domain_config_to_json(ctx, &d_config);
        if (json)
            rc = libxl_userdata_store(ctx, domid, "libxl-json", (const uint8_t *)json, strlen(json))
                     ? 1
                     : 0;
        free(json);
    }
    libxl_domain_config_dispose(&d_config);
    return rc;
}
