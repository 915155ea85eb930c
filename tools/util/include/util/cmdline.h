/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Command lines from a table: parsing, --help and --version, and messages that name what is wrong
 * and where to look. The table is also what a reader learns the options from.
 */
#ifndef UTIL_CMDLINE_H
#define UTIL_CMDLINE_H

#include <stdio.h>

struct cmd_option {
    int id;           /* returned by cmd_next; a printable character is the short option too */
    const char *name; /* long name without dashes */
    const char *arg;  /* name of its argument for --help, NULL: takes none */
    const char *help;
};

struct cmd {
    const char *name;                 /* of the program or command, for messages */
    const char *synopsis;             /* what follows the name in "Usage:" */
    const char *purpose;              /* a sentence */
    const struct cmd_option *options; /* ends with an entry whose name is NULL */
};

enum { CMD_END = -1 };
/* Above every character, for options with only a long name. */
#define CMD_LONG_ONLY 256

/*
 * The next option's id, or CMD_END; then optind is the first argument that is none. *value is its
 * argument or NULL. --help and -h print and exit 0, --version likewise; a mistake is named and
 * exits 2.
 */
int cmd_next(const struct cmd *cmd, int argc, char **argv, const char **value);
void cmd_help(const struct cmd *cmd, FILE *f);
/* Says what is wrong and how to get help; exits 2. */
void cmd_fail(const struct cmd *cmd, const char *format, ...)
    __attribute__((format(printf, 2, 3), noreturn));
/* A whole number from min to max in s, or cmd_fail naming what. */
long cmd_number(const struct cmd *cmd, const char *what, const char *s, long min, long max);

#endif
