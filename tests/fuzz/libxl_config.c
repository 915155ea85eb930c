/* SPDX-License-Identifier: GPL-2.0-only */
/* Configuration files in JSON, in both vocabularies, and the short forms within them. What is
 * accepted must survive the way back to a tree. */
#include <libxl_cfg.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    libxl_cfg *cfg = libxl_cfg_parse_json("fuzz", (const char *)data, size), *back;
    libxl_domain_config config;

    libxl_domain_config_init(&config);
    if (!libxl_cfg_to_domain_config(cfg, &config)) {
        if (libxl_cfg_fault_count(cfg))
            abort();
        back = libxl_cfg_from_domain_config(&config, "back");
        free(libxl_cfg_to_json(back));
        libxl_cfg_free(back);
    }
    libxl_domain_config_dispose(&config);
    libxl_cfg_free(cfg);
    return 0;
}
