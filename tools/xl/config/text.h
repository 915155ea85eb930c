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
    unsigned int depth; /* of lists within lists */
    const char
        *override;   /* a setting from the command line, which replaces earlier ones; or NULL */
    bool first_line; /* lines count (a file); otherwise nodes have line 0 (command line) */
};
enum { TEXT_MAX_DEPTH = 32 };
struct text_lex {
    unsigned int depth; /* of brackets */
};

int text_parse_string(struct text_parse *p, const char *text, size_t len);
/* After a mistake: the next line begins a setting. */
void text_recover(struct text_parse *p, void *scanner);
void text_begin_setting(struct text_parse *p, const char *name);
void text_end_setting(struct text_parse *p);

#endif
