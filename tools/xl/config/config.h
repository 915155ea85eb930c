/* SPDX-License-Identifier: GPL-2.0-only */
/* Configuration files of domains: xl.cfg text or JSON, by the same vocabulary, plus overrides. */
#ifndef XL_CONFIG_H
#define XL_CONFIG_H

#include <libxl_cfg.h>

/* Text or JSON, told apart by the first character. Faults are in the tree. */
libxl_cfg *config_parse(const char *file, const char *text, size_t len);
/* Reads a file ("-": standard input). NULL with a message when it cannot be read. */
libxl_cfg *config_load(const char *file);
/* "key=value" from the command line: replaces what the file says. */
void config_override(libxl_cfg *cfg, const char *setting);
/* File, overrides, tree to configuration. On faults all are printed, -1 is returned and
 * d_config must still be disposed of. */
int config_read(const char *file, char **overrides, int nr_overrides,
                libxl_domain_config *d_config);
/* Is it in libxl's own vocabulary (c_info, b_info ...)? */
bool config_is_native(libxl_cfg *cfg);
/* The same in xl.cfg's vocabulary; what that cannot say is recorded there as faults. NULL: cfg has
 * faults. */
libxl_cfg *config_to_xlcfg(libxl_cfg *cfg);
/* What must be printed instead of the tree, because text cannot say it as it is; NULL: the tree
 * itself will do. */
libxl_cfg *config_for_text(libxl_cfg *cfg);
/* The tree, after config_for_text, in xl.cfg's syntax, to a stream. */
void config_print_text(libxl_cfg *cfg, FILE *out);

#endif
