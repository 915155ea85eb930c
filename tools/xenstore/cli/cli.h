/* SPDX-License-Identifier: GPL-2.0-only */
/* What the xenstore commands share: options, output, errors. */
#ifndef XENSTORE_CLI_H
#define XENSTORE_CLI_H

#include <stdbool.h>
#include <stdio.h>

#include "xenstore.h"

struct options {
    bool full;      /* -f: whole paths */
    bool perms;     /* -p of ls: permissions too */
    bool prefix;    /* -p of others: print the path first */
    bool raw;       /* -R: values as they are */
    bool tidy;      /* -t: remove parents that became empty */
    bool recursive; /* -r */
    bool upwards;   /* -u */
    bool json;      /* --json */
    long count;     /* -n: events to wait for; -1: no end */
    long depth;     /* -d of watch: levels; -1: all */
};

/*
 * One command. It runs inside a transaction where that makes sense, and then must only write to
 * @out: a transaction that has to be repeated starts with empty output. 0 is success; -1 is a
 * failure with its message written already.
 */
struct context {
    struct xs_handle *xs;
    xs_transaction_t t;
    const struct options *opt;
    FILE *out;
    int count;
    char **args;
};

extern const char *program; /* for messages: "xenstore-read" */

/* "program: path: what: strerror(errno)" on standard error; returns -1. */
int failed(const char *what, const char *path);

int command_read(struct context *c);
int command_write(struct context *c);
int command_list(struct context *c);
int command_ls(struct context *c);
int command_rm(struct context *c);
int command_chmod(struct context *c);
int command_exists(struct context *c);
int command_watch(struct context *c);
int command_control(struct context *c);

/* text.c: values for people and back; JSON strings. */
void print_value(FILE *out, const char *value, unsigned int len);
/* Resolves backslash escapes in place; the length of the result. */
size_t unescape(char *text);
/* Bytes that are no UTF-8 come out as the characters U+0080..U+00FF. */
void print_json_string(FILE *out, const char *text, size_t len);
void print_perms(FILE *out, const struct xs_permissions *perms, unsigned int num);
void print_json_perms(FILE *out, const struct xs_permissions *perms, unsigned int num);

#endif
