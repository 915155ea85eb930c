/* SPDX-License-Identifier: GPL-2.0-only */
/* xl.cfg's syntax: lines of KEY = VALUE, where a value is a string, a number or a list of values. */
%code requires {
#include "text.h"
}
%define api.pure full
%define api.prefix {xlcfg_}
%define parse.error custom
%define parse.lac full
%locations
%param { void *scanner }
%parse-param { struct text_parse *p }
%union {
    char *s;
    long long i;
    struct { char *s; long long i; int is_int; } atom;
}
%token <s> NAME "a key" STRING "a string"
%token <i> NUMBER "a number"
%token EOL "end of line" BAD "a character that does not belong here"
%token UNENDED "a string without its end" BADNUMBER "a word that starts like a number but is none"
%token END 0 "end of file"
%destructor { free($$); } <s>

%code {
int xlcfg_lex(XLCFG_STYPE *val, XLCFG_LTYPE *loc, void *scanner);
static void xlcfg_error(XLCFG_LTYPE *loc, void *scanner, struct text_parse *p, const char *msg)
{
    libxl_cfg_fault_at(p->cfg, p->first_line ? loc->first_line : 0, "%s", msg);
}
/* The node that a value just read belongs to. */
static void add_string(struct text_parse *p, char *s, int line)
{
    libxl_cfg_add_string(p->cfg, p->at, p->key, s, line);
    free(s);
}
static void open_list(struct text_parse *p, int line)
{
    p->at = libxl_cfg_add(p->cfg, p->at, p->key, LIBXL_CFG_LIST, line);
    p->key = NULL;
    if (++p->depth > TEXT_MAX_DEPTH)
        libxl_cfg_fault(p->cfg, p->at, "nested too deeply");
}
static void close_list(struct text_parse *p)
{
    p->at = p->at->parent;
    p->depth--;
}
#define LINE(loc) (p->first_line ? (loc).first_line : 0)
}

%%
file: lines | lines setting ;
lines: %empty | lines line ;
line: end
    | setting end
    | error EOL { yyerrok; text_recover(p, scanner); }
    ;
end: EOL | ';' ;
setting: NAME '=' { text_begin_setting(p, $1); } value { free($1); text_end_setting(p); } ;
value: STRING { add_string(p, $1, LINE(@1)); }
     | NUMBER { libxl_cfg_add_int(p->cfg, p->at, p->key, $1, LINE(@1)); }
     | '[' { open_list(p, LINE(@1)); if (p->depth > TEXT_MAX_DEPTH) YYABORT; } items ']' { close_list(p); }
     ;
items: %empty | list | list ',' ;
list: value | list ',' value ;
%%

static int yyreport_syntax_error(const yypcontext_t *ctx, void *scanner, struct text_parse *p)
{
    yysymbol_kind_t got = yypcontext_token(ctx), want[5];
    int n = yypcontext_expected_tokens(ctx, want, 4), len;
    char text[256];

    len = snprintf(text, sizeof(text), "%s%s", got == YYSYMBOL_YYEMPTY ? "mistake" : "unexpected ",
                   got == YYSYMBOL_YYEMPTY ? "" : yysymbol_name(got));
    for (int i = 0; i < n && len < (int)sizeof(text); i++)
        len += snprintf(text + len, sizeof(text) - len, "%s%s", i == 0 ? "; expected " : " or ",
                        yysymbol_name(want[i]));
    if (p->override)
        libxl_cfg_fault_at(p->cfg, 0, "setting '%s': %s", p->override, text);
    else
        libxl_cfg_fault_at(p->cfg, LINE(*yypcontext_location(ctx)), "%s%s%s", p->name ?: "", p->name ? ": " : "",
                           text);
    return 0;
}
