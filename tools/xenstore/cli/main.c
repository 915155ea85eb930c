/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One program for all xenstore commands. Its name selects the command ("xenstore-read"), or its
 * first argument ("xenstore read").
 */
#include "cli.h"

#include <errno.h>
#include <getopt.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>

#ifndef XENSTORE_VERSION
#define XENSTORE_VERSION "unknown"
#endif

struct command {
    const char *name;
    int (*run)(struct context *c);
    const char *options, *arguments, *purpose;
    int min, max; /* arguments; max -1: any number */
    bool transaction;
};

static const struct command commands[] = {
    {"read", command_read, "pRj", "KEY...", "prints values", 1, -1, true},
    {"write", command_write, "R", "KEY VALUE...", "sets values, creating what is missing", 2, -1,
     true},
    {"list", command_list, "pj", "KEY...", "prints the names of children", 1, -1, true},
    {"ls", command_ls, "fpj", "[KEY...]", "prints trees with values", 0, -1, false},
    {"rm", command_rm, "t", "KEY...", "removes nodes and all below", 1, -1, true},
    {"chmod", command_chmod, "ru", "KEY PERMISSION...", "sets permissions (n0 r5 ...)", 2, -1,
     true},
    {"exists", command_exists, "pj", "KEY...", "exit status tells whether all exist", 1, -1, true},
    {"watch", command_watch, "ndj", "KEY...", "prints the paths of changes as they happen", 1, -1,
     false},
    {"control", command_control, "j", "COMMAND [ARGUMENT...]",
     "sends a command to the daemon (\"help\" lists them)", 1, 7, false},
};
#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static const struct {
    char letter;
    const char *text;
} option_help[] = {
    {'f', "-f              whole paths"},
    {'p', "-p              print the path first; ls: permissions too"},
    {'R', "-R              values as they are, without escapes"},
    {'t', "-t              remove parents too that become empty"},
    {'r', "-r              children too"},
    {'u', "-u              parents too"},
    {'n', "-n NUMBER       end after so many events"},
    {'d', "-d LEVELS       only changes so many levels below (0: the key itself)"},
    {'j', "-j, --json      print JSON"},
};

const char *program = "xenstore";

int failed(const char *what, const char *path)
{
    int err = errno;

    fprintf(stderr, "%s: %s%s%s%s%s\n", program, path ? path : "", path ? ": " : "",
            what ? what : "", what ? ": " : "", strerror(err));
    errno = err; /* the caller looks whether to repeat */
    return -1;
}

static void show_usage(FILE *out, const struct command *command)
{
    if (!command) {
        fprintf(out, "Usage: xenstore COMMAND [OPTION]... [ARGUMENT]...\n\n");
        for (size_t i = 0; i < COMMANDS; i++)
            fprintf(out, "  %-8s %-22s %s\n", commands[i].name, commands[i].arguments,
                    commands[i].purpose);
        fprintf(out, "\nEach is also installed as xenstore-COMMAND, and shows its options with "
                     "--help.\n");
        return;
    }
    fprintf(out, "Usage: %s [OPTION]... %s\n%s\n\n", program, command->arguments, command->purpose);
    for (size_t i = 0; i < sizeof(option_help) / sizeof(option_help[0]); i++)
        if (strchr(command->options, option_help[i].letter))
            fprintf(out, "  %s\n", option_help[i].text);
    fprintf(out, "  -s              use the daemon's socket only\n"
                 "  -h, --help      show this text\n"
                 "      --version   show the version\n");
}

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (!strcmp(commands[i].name, name))
            return &commands[i];
    return NULL;
}

static long number(const char *text, const char *what)
{
    char *end;
    long value = strtol(text, &end, 10);

    if (end == text || *end || value < 0) {
        fprintf(stderr, "%s: %s: %s must be a number\n", program, text, what);
        exit(2);
    }
    return value;
}

static void set_option(struct options *opt, const struct command *command, int letter)
{
    switch (letter) {
    case 'f':
        opt->full = true;
        break;
    case 'p':
        opt->perms = opt->prefix = true;
        break;
    case 'R':
        opt->raw = true;
        break;
    case 't':
        opt->tidy = true;
        break;
    case 'r':
        opt->recursive = true;
        break;
    case 'u':
        opt->upwards = true;
        break;
    case 'n':
        opt->count = number(optarg, "the number of events");
        break;
    case 'd':
        opt->depth = number(optarg, "the number of levels");
        break;
    default:
        opt->json = true;
        break;
    }
}

static unsigned long parse_options(int argc, char **argv, const struct command *command,
                                   struct options *opt)
{
    static const struct option long_options[] = {
        {"json", no_argument, NULL, 'j'},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'},
        {NULL, 0, NULL, 0},
    };
    unsigned long flags = 0;
    char letters[32] = "+sh";
    int letter;

    for (const char *l = command->options; *l; l++) {
        strncat(letters, l, 1);
        if (*l == 'n' || *l == 'd')
            strcat(letters, ":");
    }
    while ((letter = getopt_long(argc, argv, letters, long_options, NULL)) != -1) {
        if (letter == 'h' || letter == 'V') {
            if (letter == 'h')
                show_usage(stdout, command);
            else
                puts("xenstore " XENSTORE_VERSION);
            exit(0);
        } else if (letter == '?' || (letter == 'j' && !strchr(command->options, 'j'))) {
            show_usage(stderr, command);
            exit(2);
        } else if (letter == 's') {
            flags = XS_OPEN_SOCKETONLY;
        } else {
            set_option(opt, command, letter);
        }
    }
    return flags;
}

/* Runs the command in a transaction, again and again until it does not collide. */
static int run_in_transaction(const struct command *command, struct context *c)
{
    for (;;) {
        char *text = NULL;
        size_t len = 0;
        int status;
        bool again;

        c->out = open_memstream(&text, &len);
        c->t = xs_transaction_start(c->xs);
        if (!c->out || !c->t)
            return failed("cannot start a transaction", NULL);
        status = command->run(c);
        fclose(c->out);
        again = !xs_transaction_end(c->xs, c->t, status < 0) && status >= 0;
        if (again && errno != EAGAIN) {
            free(text);
            return failed("cannot finish the transaction", NULL);
        }
        if (!again)
            fwrite(text, 1, len, stdout);
        free(text);
        if (!again)
            return status;
    }
}

int main(int argc, char **argv)
{
    static char name[64];
    struct options opt = {.count = -1, .depth = -1};
    struct context c = {.opt = &opt, .out = stdout};
    const char *base = basename(argv[0]);
    const struct command *command;
    unsigned long flags;
    int status;

    if (!strncmp(base, "xenstore-", 9)) {
        command = find_command(base + 9);
    } else {
        command = argc > 1 ? find_command(argv[1]) : NULL;
        argc--;
        argv++;
    }
    if (!command) {
        bool asked = argc > 0 && argv[0] && (!strcmp(argv[0], "--help") || !strcmp(argv[0], "-h"));

        if (argc > 0 && argv[0] && !asked && argv[0][0] != '-')
            fprintf(stderr, "xenstore: %s: no such command\n", argv[0]);
        show_usage(asked ? stdout : stderr, NULL);
        return asked ? 0 : 2;
    }
    snprintf(name, sizeof(name), "xenstore-%s", command->name);
    program = name;
    flags = parse_options(argc, argv, command, &opt);
    c.count = argc - optind;
    c.args = argv + optind;
    if (c.count < command->min || (command->max >= 0 && c.count > command->max)) {
        show_usage(stderr, command);
        return 2;
    }
    c.xs = xs_open(flags);
    if (!c.xs) {
        failed("cannot connect to xenstored (does it run?)", xs_daemon_socket());
        return 1;
    }
    status = command->transaction ? run_in_transaction(command, &c) : command->run(&c);
    xs_close(c.xs);
    if (fflush(stdout))
        status = failed("cannot write the output", NULL);
    return status ? 1 : 0;
}
