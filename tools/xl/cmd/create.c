/* SPDX-License-Identifier: GPL-2.0-only */
/* xl create: configuration, domain, console, monitor. */
#include "../xl.h"
#include "../config/config.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OPT_DEFCONFIG = CMD_LONG_ONLY, OPT_VNCVIEWER };

static const struct cmd_option create_options[] = {
    {'p', "paused", NULL, "leave the domain paused"},
    {'c', "console", NULL, "attach to its console"},
    {'n', "dryrun", NULL, "check the configuration and print it as JSON; create nothing"},
    {'q', "quiet", NULL, "say nothing"},
    {'d', "debug", NULL, "print the configuration as JSON first"},
    {'e', "no-monitor", NULL, "do not watch the domain: nobody acts when it ends"},
    {'F', "foreground", NULL, "watch the domain from this process"},
    {'f', "file", "FILE", "the configuration file (same as the first argument)"},
    {OPT_DEFCONFIG, "defconfig", "FILE", "same as --file"},
    {0},
};
static const struct cmd create_cmd = {
    "xl create",
    "[OPTIONS] [FILE] [KEY=VALUE ...]",
    "Creates a domain from a file in xl.cfg syntax or JSON (\"-\": standard input). KEY=VALUE "
    "settings\n"
    "replace what the file says.",
    create_options,
};

static int print_config(libxl_domain_config *d_config)
{
    char *json = libxl_domain_config_to_json(ctx, d_config);

    if (!json)
        return 1;
    puts(json);
    free(json);
    return 0;
}

int create_domain(libxl_domain_config *d_config, const struct create_options *o, uint32_t *domid)
{
    int rc = libxl_domain_create_new(ctx, d_config, domid, NULL, NULL);

    if (rc) {
        fprintf(stderr, "xl: domain '%s' was not created\n", d_config->c_info.name ?: "?");
        return rc;
    }
    if (!o->paused)
        rc = libxl_domain_unpause(ctx, *domid, NULL);
    if (rc) {
        fprintf(stderr, "xl: domain '%s' does not start: it is destroyed\n", d_config->c_info.name);
        libxl_domain_destroy(ctx, *domid, NULL);
    }
    return rc;
}

/* The console runs as a child, so that the monitor (or nothing) stays behind. */
static pid_t start_console(uint32_t domid)
{
    pid_t pid = fork();

    if (pid == 0) {
        libxl_postfork_child_noexec(ctx);
        ctx = NULL;
        open_context();
        libxl_primary_console_exec(ctx, domid, -1);
        _exit(126);
    }
    return pid;
}

static bool wants_monitor(const libxl_domain_config *c)
{
    return c->on_poweroff != LIBXL_ACTION_ON_SHUTDOWN_PRESERVE ||
           c->on_reboot != LIBXL_ACTION_ON_SHUTDOWN_PRESERVE ||
           c->on_crash != LIBXL_ACTION_ON_SHUTDOWN_PRESERVE ||
           c->on_watchdog != LIBXL_ACTION_ON_SHUTDOWN_PRESERVE;
}

static int run(const char *file, struct create_options *o, bool foreground)
{
    libxl_domain_config d_config;
    uint32_t domid = INVALID_DOMID;
    pid_t console = 0;
    int rc;

    libxl_domain_config_init(&d_config);
    if (config_read(file, o->overrides, o->nr_overrides, &d_config)) {
        libxl_domain_config_dispose(&d_config);
        return 1;
    }
    if (o->dryrun) {
        rc = libxl_domain_config_check(ctx, &d_config) ? 1 : print_config(&d_config);
        libxl_domain_config_dispose(&d_config);
        return rc;
    }
    if (o->debug)
        print_config(&d_config);
    if (!o->quiet)
        printf("Creating domain '%s' from %s\n", d_config.c_info.name ?: "?",
               file ?: "the command line");
    fflush(stdout);
    rc = create_domain(&d_config, o, &domid);
    if (!rc && o->console)
        console = start_console(domid);
    if (!rc && o->monitor && wants_monitor(&d_config)) {
        if (foreground || !daemonise(d_config.c_info.name))
            rc = monitor_domain(domid, &d_config, o);
    }
    if (console > 0)
        while (waitpid(console, NULL, 0) < 0 && errno == EINTR)
            ;
    libxl_domain_config_dispose(&d_config);
    return rc ? 1 : 0;
}

int main_create(int argc, char **argv)
{
    struct create_options o = {.monitor = true, .dryrun = opt_dryrun};
    const char *file = NULL, *value;
    bool foreground = false;
    int opt;

    while ((opt = cmd_next(&create_cmd, argc, argv, &value)) != CMD_END) {
        switch (opt) {
        case 'p':
            o.paused = true;
            break;
        case 'c':
            o.console = true;
            break;
        case 'n':
            o.dryrun = true;
            break;
        case 'q':
            o.quiet = true;
            break;
        case 'd':
            o.debug = true;
            break;
        case 'e':
            o.monitor = false;
            break;
        case 'F':
            foreground = true;
            break;
        case 'f':
        case OPT_DEFCONFIG:
            file = value;
            break;
        }
    }
    if (!file && optind < argc && !strchr(argv[optind], '='))
        file = argv[optind++];
    for (int i = optind; i < argc; i++)
        if (!strchr(argv[i], '='))
            cmd_fail(&create_cmd, "'%s' is no KEY=VALUE setting", argv[i]);
    if (!file && optind == argc)
        cmd_fail(&create_cmd, "which configuration file?");
    o.overrides = argv + optind;
    o.nr_overrides = argc - optind;
    o.defconfig = file;
    return run(file, &o, foreground);
}
