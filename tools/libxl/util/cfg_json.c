/* SPDX-License-Identifier: GPL-2.0-only */
/* JSON text to a configuration tree that knows its lines, and back. yajl parses; after each token
 * it knows how many bytes it has consumed, from which the line follows. */
#include <errno.h>
#include <stdlib.h>
#include <yajl/yajl_gen.h>
#include <yajl/yajl_parse.h>

#include "util/cfg.h"
#include "util/mem.h"

#define MAX_DEPTH 64

struct reader {
    libxl_cfg *cfg;
    yajl_handle hand;
    const char *text;
    size_t counted; /* bytes whose newlines are in line */
    unsigned int line;
    libxl_cfg_node *stack[MAX_DEPTH];
    int depth; /* open containers; 0 before the top map */
    const char *key;
    bool failed; /* a fault was recorded that ends the parse */
};

static unsigned int line_now(struct reader *r)
{
    size_t now = yajl_get_bytes_consumed(r->hand);

    for (; r->counted < now; r->counted++)
        r->line += r->text[r->counted] == '\n';
    return r->line;
}

static libxl_cfg_node *add(struct reader *r, libxl_cfg_kind kind)
{
    unsigned int line = line_now(r);
    libxl_cfg_node *n;

    if (!r->depth) {
        libxl_cfg_fault_at(r->cfg, line, "the file must be one { ... } object");
        r->failed = true;
        return NULL;
    }
    n = libxl_cfg_add(r->cfg, r->stack[r->depth - 1], r->key, kind, line);
    r->key = NULL;
    return n;
}

static int on_null(void *arg)
{
    return add(arg, LIBXL_CFG_NULL) != NULL;
}

static int on_bool(void *arg, int b)
{
    libxl_cfg_node *n = add(arg, LIBXL_CFG_BOOL);

    if (n)
        n->b = b;
    return n != NULL;
}

static int on_number(void *arg, const char *text, size_t len)
{
    struct reader *r = arg;
    libxl_cfg_node *n = add(r, LIBXL_CFG_INT);
    char number[32], *end;

    if (!n)
        return 0;
    snprintf(number, sizeof(number), "%.*s", (int)len, text);
    errno = 0;
    /* Numbers above 2^63 (a field of 64 bits) keep their bits. */
    n->i = number[0] == '-' ? strtoll(number, &end, 10) : (int64_t)strtoull(number, &end, 10);
    if (*end || errno || len >= sizeof(number))
        libxl_cfg_fault(r->cfg, n, "%.*s is not a whole number of at most 64 bits", (int)len, text);
    return 1;
}

static int on_string(void *arg, const unsigned char *text, size_t len)
{
    struct reader *r = arg;
    libxl_cfg_node *n = add(r, LIBXL_CFG_STRING);

    if (!n)
        return 0;
    n->s = libxl_cfg_strndup(r->cfg, (const char *)text, len);
    if (strlen(n->s) != len)
        libxl_cfg_fault(r->cfg, n, "a string may not contain \\u0000");
    return 1;
}

static int push(struct reader *r, libxl_cfg_node *n)
{
    if (!n)
        return 0;
    if (r->depth == MAX_DEPTH) {
        libxl_cfg_fault(r->cfg, n, "nested too deeply");
        r->failed = true;
        return 0;
    }
    r->stack[r->depth++] = n;
    return 1;
}

static int on_map(void *arg)
{
    struct reader *r = arg;

    return push(r, r->depth ? add(r, LIBXL_CFG_MAP) : r->cfg->root);
}

static int on_key(void *arg, const unsigned char *key, size_t len)
{
    struct reader *r = arg;

    r->key = libxl_cfg_strndup(r->cfg, (const char *)key, len);
    return 1;
}

static int on_list(void *arg)
{
    return push(arg, add(arg, LIBXL_CFG_LIST));
}

static int on_end(void *arg)
{
    ((struct reader *)arg)->depth--;
    return 1;
}

static const yajl_callbacks callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_bool,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_map,
    .yajl_map_key = on_key,
    .yajl_end_map = on_end,
    .yajl_start_array = on_list,
    .yajl_end_array = on_end,
};

/* Only the first line of yajl's message: the rest is an excerpt, which the line number replaces. */
static void syntax_fault(struct reader *r)
{
    unsigned char *message = yajl_get_error(r->hand, 0, NULL, 0);

    if (message) {
        char *end = strchr((char *)message, '\n');

        if (end)
            *end = 0;
    }
    libxl_cfg_fault_at(r->cfg, line_now(r), "not valid JSON: %s", message ? (char *)message : "");
    if (message)
        yajl_free_error(r->hand, message);
}

libxl_cfg *libxl_cfg_parse_json(const char *file, const char *text, size_t len)
{
    struct reader r = {.cfg = libxl_cfg_new(file), .text = text, .line = 1};
    yajl_status status;

    r.hand = yajl_alloc(&callbacks, NULL, &r);
    if (!r.hand) {
        libxl_cfg_free(r.cfg);
        return NULL;
    }
    yajl_config(r.hand, yajl_allow_comments, 1);
    status = yajl_parse(r.hand, (const unsigned char *)text, len);
    if (status == yajl_status_ok)
        status = yajl_complete_parse(r.hand);
    if (status != yajl_status_ok && !r.failed)
        syntax_fault(&r);
    yajl_free(r.hand);
    return r.cfg;
}

static void write_node(yajl_gen g, const libxl_cfg_node *n)
{
    if (n->key)
        yajl_gen_string(g, (const unsigned char *)n->key, strlen(n->key));
    switch (n->kind) {
    case LIBXL_CFG_NULL:
        yajl_gen_null(g);
        break;
    case LIBXL_CFG_BOOL:
        yajl_gen_bool(g, n->b);
        break;
    case LIBXL_CFG_INT:
        yajl_gen_integer(g, n->i);
        break;
    case LIBXL_CFG_STRING:
        yajl_gen_string(g, (const unsigned char *)n->s, strlen(n->s));
        break;
    case LIBXL_CFG_LIST:
        yajl_gen_array_open(g);
        for (n = n->first; n; n = n->next)
            write_node(g, n);
        yajl_gen_array_close(g);
        break;
    case LIBXL_CFG_MAP:
        yajl_gen_map_open(g);
        for (n = n->first; n; n = n->next)
            write_node(g, n);
        yajl_gen_map_close(g);
        break;
    }
}

char *libxl_cfg_to_json(const libxl_cfg *cfg)
{
    yajl_gen g = yajl_gen_alloc(NULL);
    const unsigned char *text;
    char *copy = NULL;
    size_t len;

    if (!g)
        return NULL;
    yajl_gen_config(g, yajl_gen_beautify, 1);
    write_node(g, cfg->root);
    if (yajl_gen_get_buf(g, &text, &len) == yajl_gen_status_ok)
        copy = libxl__strndup((const char *)text, len);
    yajl_gen_free(g);
    return copy;
}
