/* SPDX-License-Identifier: GPL-2.0-only */
/* Command lines from a table, over getopt_long. */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "util/cmdline.h"

#define MAX_OPTIONS 48
/* Ids of the options that every command has. */
#define ID_HELP    0x10000
#define ID_VERSION 0x10001

void cmd_help(const struct cmd *cmd, FILE *f)
{
    const struct cmd_option *o;

    fprintf(f, "Usage: %s %s\n%s\n\n", cmd->name, cmd->synopsis, cmd->purpose);
    for (o = cmd->options; o->name; o++) {
        char left[64];

        if (o->id < CMD_LONG_ONLY)
            snprintf(left, sizeof(left), "-%c, --%s%s%s", o->id, o->name, o->arg ? "=" : "",
                     o->arg ? o->arg : "");
        else
            snprintf(left, sizeof(left), "    --%s%s%s", o->name, o->arg ? "=" : "",
                     o->arg ? o->arg : "");
        fprintf(f, "  %-30s %s\n", left, o->help);
    }
    fprintf(f, "  %-30s %s\n", "-h, --help", "this text");
    fprintf(f, "  %-30s %s\n", "    --version", "the version");
}

void cmd_fail(const struct cmd *cmd, const char *format, ...)
{
    va_list al;

    fprintf(stderr, "%s: ", cmd->name);
    va_start(al, format);
    vfprintf(stderr, format, al);
    va_end(al);
    fprintf(stderr, "\nTry `%s --help'.\n", cmd->name);
    exit(2);
}

long cmd_number(const struct cmd *cmd, const char *what, const char *s, long min, long max)
{
    char *end;
    long n;

    errno = 0;
    n = strtol(s, &end, 0);
    if (end == s || *end)
        cmd_fail(cmd, "%s: `%s' is not a number", what, s);
    if (errno || n < min || n > max)
        cmd_fail(cmd, "%s: %s is not between %ld and %ld", what, s, min, max);
    return n;
}

int cmd_next(const struct cmd *cmd, int argc, char **argv, const char **value)
{
    struct option longs[MAX_OPTIONS + 3];
    char shorts[2 * MAX_OPTIONS + 4] = ":h";
    size_t n = 0, len = strlen(shorts);
    const struct cmd_option *o;
    int id;

    for (o = cmd->options; o->name && n < MAX_OPTIONS; o++) {
        longs[n++] =
            (struct option){o->name, o->arg ? required_argument : no_argument, NULL, o->id};
        if (o->id < CMD_LONG_ONLY) {
            shorts[len++] = (char)o->id;
            if (o->arg)
                shorts[len++] = ':';
        }
    }
    shorts[len] = '\0';
    longs[n++] = (struct option){"help", no_argument, NULL, ID_HELP};
    longs[n++] = (struct option){"version", no_argument, NULL, ID_VERSION};
    longs[n] = (struct option){0};

    opterr = 0;
    id = getopt_long(argc, argv, shorts, longs, NULL);
    *value = optarg;
    if (id == 'h' || id == ID_HELP) {
        cmd_help(cmd, stdout);
        exit(0);
    }
    if (id == ID_VERSION) {
        printf("%s (Craton) %s\n", cmd->name, CRATON_VERSION);
        exit(0);
    }
    if (id == ':')
        cmd_fail(cmd, "option `%s' needs an argument", argv[optind - 1]);
    if (id == '?')
        cmd_fail(cmd, "unknown option `%s'", argv[optind - 1]);
    return id;
}
