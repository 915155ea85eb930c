/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Configuration files as `xl create` reads them: text or JSON, and after a 0x1e byte a setting from
 * the command line. A file without faults must say the same once it has been printed and read
 * again.
 */
#include "config/config.h"
#include <stdlib.h>
#include <string.h>

static char *configuration(libxl_cfg *cfg)
{
    libxl_domain_config config;
    char *json = NULL;

    libxl_domain_config_init(&config);
    if (!libxl_cfg_to_domain_config(cfg, &config))
        json = libxl_domain_config_to_json(NULL, &config);
    libxl_domain_config_dispose(&config);
    return json;
}

static void print_and_read_again(libxl_cfg *cfg, const char *expected)
{
    char *text = NULL, *got;
    size_t len;
    FILE *f = open_memstream(&text, &len);
    libxl_cfg *translated = config_for_text(cfg), *back;

    /* Some fields of devices have no word in xl.cfg: then something is said to be lost. */
    if (translated && libxl_cfg_fault_count(translated)) {
        libxl_cfg_free(translated);
        fclose(f);
        free(text);
        return;
    }
    config_print_text(translated ?: cfg, f);
    libxl_cfg_free(translated);
    fclose(f);
    back = config_parse("printed", text, len);
    got = configuration(back);
    if (!got || strcmp(expected, got)) {
        fprintf(stderr, "printed:\n%s\nwas:\n%s\nbecame:\n%s\n", text, expected, got ?: "faults");
        libxl_cfg_print_faults(back, stderr);
        abort();
    }
    free(got);
    libxl_cfg_free(back);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *split = memchr(data, 0x1e, size);
    size_t len = split ? (size_t)(split - data) : size;
    libxl_cfg *cfg = config_parse("fuzz", (const char *)data, len);
    char *json;

    if (split && !config_is_native(cfg)) {
        char *setting = strndup((const char *)split + 1, size - len - 1);

        config_override(cfg, setting);
        free(setting);
    }
    json = configuration(cfg);
    /* Translating from libxl's own vocabulary fills in defaults, so nothing is compared there. */
    if (json && !config_is_native(cfg))
        print_and_read_again(cfg, json);
    free(json);
    libxl_cfg_free(cfg);
    return 0;
}
