/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * xl-config-xml: `xl config-convert` between libvirt's domain XML and the other formats. A program
 * of its own, so that xl itself need not load libxml2 and all that comes with it.
 */
#include "xml.h"
#include "../config/config.h"
#include <stdlib.h>
#include <string.h>

/* Checks the tree as xl create would. */
static int check(libxl_cfg *cfg)
{
    libxl_domain_config d_config;
    int rc;

    libxl_domain_config_init(&d_config);
    rc = libxl_cfg_to_domain_config(cfg, &d_config);
    libxl_domain_config_dispose(&d_config);
    if (rc)
        libxl_cfg_print_faults(cfg, stderr);
    return rc ? 1 : 0;
}

static int from_xml(const char *file, bool to_text)
{
    libxl_cfg *cfg = xml_read(file, stderr);
    char *json;
    int rc;

    if (!cfg)
        return 1;
    rc = check(cfg);
    if (!rc && to_text) {
        config_print_text(cfg, stdout);
    } else if (!rc) {
        json = libxl_cfg_to_json(cfg);
        fputs(json ?: "", stdout);
        free(json);
    }
    libxl_cfg_free(cfg);
    return rc || fflush(stdout) ? 1 : 0;
}

static int to_xml(const char *file)
{
    libxl_cfg *cfg = config_load(file);
    libxl_domain_config d_config;
    char *xml = NULL;

    if (!cfg)
        return 1;
    libxl_domain_config_init(&d_config);
    if (libxl_cfg_to_domain_config(cfg, &d_config))
        libxl_cfg_print_faults(cfg, stderr);
    else
        xml = xml_write(&d_config, file, stderr);
    if (xml)
        fputs(xml, stdout);
    free(xml);
    libxl_domain_config_dispose(&d_config);
    libxl_cfg_free(cfg);
    return xml && !fflush(stdout) ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc == 3 && !strcmp(argv[1], "--from-xml"))
        return from_xml(argv[2], false);
    if (argc == 3 && !strcmp(argv[1], "--from-xml-to-cfg"))
        return from_xml(argv[2], true);
    if (argc == 3 && !strcmp(argv[1], "--to-xml"))
        return to_xml(argv[2]);
    fputs("Usage: xl-config-xml --from-xml|--from-xml-to-cfg|--to-xml FILE\n"
          "Part of `xl config-convert`, which is the command for people.\n",
          stderr);
    return 2;
}
