/* SPDX-License-Identifier: GPL-2.0-only */
/* Between the scanner, the grammar and their caller. */
#ifndef XL_CONFIG_TEXT_H
#define XL_CONFIG_TEXT_H

#include <libxl_cfg.h>
#include <stdlib.h>

struct text_parse {
    libxl_cfg *cfg;
    libxl_cfg_node *at; /* where values go */
    char *name;         /* of the setting being read; owned */
    const char *key;    /* the same, or NULL inside a list */
    bool override;      /* a setting replaces an earlier one */
    bool first_line;    /* lines count (a file); otherwise nodes have line 0 (command line) */
};
struct text_lex {
    unsigned int depth; /* of brackets */
};

int text_parse_string(struct text_parse *p, const char *text, size_t len);
void text_reset_depth(void *scanner);
void text_begin_setting(struct text_parse *p, const char *name);

#endif
