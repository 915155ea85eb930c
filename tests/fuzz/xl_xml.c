/* SPDX-License-Identifier: GPL-2.0-only */
/* libvirt's domain XML as `xl config-convert` reads it; what was understood is written and read
 * again. */
#include "xml/xml.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FILE *nowhere = fopen("/dev/null", "we");
    libxl_cfg *cfg = xml_read_text("fuzz", (const char *)data, size, nowhere);
    libxl_domain_config config;

    libxl_domain_config_init(&config);
    if (cfg && !libxl_cfg_to_domain_config(cfg, &config))
        free(xml_write(&config, "fuzz", nowhere));
    libxl_domain_config_dispose(&config);
    libxl_cfg_free(cfg);
    fclose(nowhere);
    return 0;
}
