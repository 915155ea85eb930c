/* SPDX-License-Identifier: GPL-2.0-only */
/* Commands about the life of domains: destroy, shutdown, reboot, pause, unpause, rename, trigger,
 * sysrq. */
#include "../xl.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct cmd_option no_options[] = {{0}};

/* The single domain argument of commands without options. */
static const char *only_domain(const struct cmd *cmd, int argc, char **argv)
{
    const char *value;

    while (cmd_next(cmd, argc, argv, &value) != CMD_END)
        ;
    if (optind + 1 != argc)
        cmd_fail(cmd, optind == argc ? "which domain?" : "one domain at a time");
    return argv[optind];
}

int main_destroy(int argc, char **argv)
{
    static const struct cmd_option options[] = {{'f', "force", NULL, "also the control domain"},
                                                {0}};
    static const struct cmd cmd = {"xl destroy", "DOMAIN...",
                                   "Ends domains at once and removes all that belongs to them, "
                                   "also what a create that died left.",
                                   options};
    const char *value;
    bool force = opt_force;
    int rc = 0;

    while (cmd_next(&cmd, argc, argv, &value) != CMD_END)
        force = true;
    if (optind == argc)
        cmd_fail(&cmd, "which domain?");
    for (int i = optind; i < argc; i++) {
        uint32_t domid;
        char *step = NULL;

        if (libxl_domain_qualifier_to_domid(ctx, argv[i], &domid)) {
            fprintf(stderr, "xl: there is no domain '%s'\n", argv[i]);
            rc = 1;
            continue;
        }
        if (domid == 0 && !force)
            die("the control domain cannot be destroyed; --force if you mean it");
        if (libxl_domain_create_interrupted(ctx, domid, &step) == 1)
            printf("The create of domain %u died at step '%s'; its remains are removed\n", domid,
                   step ?: "?");
        free(step);
        if (libxl_domain_destroy(ctx, domid, NULL))
            rc = 1;
    }
    return rc;
}

static const struct cmd_option stop_options[] = {
    {'a', "all", NULL, "all guests"},
    {'w', "wait", NULL, "wait until they have stopped"},
    {'F', "force", NULL, "destroy those that do not listen"},
    {0},
};

static int stop_one(uint32_t domid, int (*op)(libxl_ctx *, uint32_t, const libxl_asyncop_how *),
                    bool force)
{
    int rc = op(ctx, domid, NULL);

    if (rc == ERROR_NOPARAVIRT && force)
        return libxl_domain_destroy(ctx, domid, NULL);
    return rc;
}

static void wait_until_stopped(const uint32_t *domids, int n)
{
    for (int i = 0; i < n; i++) {
        libxl_evgen_domain_death *death;

        if (libxl_evenable_domain_death(ctx, domids[i], 0, &death))
            continue;
        for (;;) {
            libxl_event *event;
            bool mine;

            if (libxl_event_wait(ctx, &event, LIBXL_EVENTMASK_ALL, NULL, NULL))
                break;
            mine = event->domid == domids[i];
            libxl_event_free(ctx, event);
            if (mine)
                break;
        }
        libxl_evdisable_domain_death(ctx, death);
    }
}

static int stop(const struct cmd *cmd, int argc, char **argv,
                int (*op)(libxl_ctx *, uint32_t, const libxl_asyncop_how *))
{
    bool all = false, wait = false, force = false;
    uint32_t *domids;
    const char *value;
    int opt, n = 0, rc = 0;

    while ((opt = cmd_next(cmd, argc, argv, &value)) != CMD_END) {
        all |= opt == 'a';
        wait |= opt == 'w';
        force |= opt == 'F';
    }
    if (!all && optind == argc)
        cmd_fail(cmd, "which domain?");
    if (all) {
        int nr;
        libxl_dominfo *list = libxl_list_domain(ctx, &nr);

        domids = calloc(nr + 1, sizeof(*domids));
        for (int i = 0; list && domids && i < nr; i++)
            if (list[i].domid != 0)
                domids[n++] = list[i].domid;
        libxl_dominfo_list_free(list, nr);
    } else {
        domids = calloc(argc, sizeof(*domids));
        for (int i = optind; domids && i < argc; i++)
            domids[n++] = find_domain(argv[i]);
    }
    for (int i = 0; i < n; i++)
        if (stop_one(domids[i], op, force))
            rc = 1;
    if (wait && !rc)
        wait_until_stopped(domids, n);
    free(domids);
    return rc;
}

int main_shutdown(int argc, char **argv)
{
    static const struct cmd cmd = {"xl shutdown", "[OPTIONS] [DOMAIN...]",
                                   "Asks domains to power off.", stop_options};

    return stop(&cmd, argc, argv, libxl_domain_shutdown);
}

int main_reboot(int argc, char **argv)
{
    static const struct cmd cmd = {"xl reboot", "[OPTIONS] [DOMAIN...]", "Asks domains to reboot.",
                                   stop_options};

    return stop(&cmd, argc, argv, libxl_domain_reboot);
}

int main_pause(int argc, char **argv)
{
    static const struct cmd cmd = {"xl pause", "DOMAIN",
                                   "Stops a domain's vCPUs until `xl unpause`.", no_options};

    return libxl_domain_pause(ctx, find_domain(only_domain(&cmd, argc, argv)), NULL) ? 1 : 0;
}

int main_unpause(int argc, char **argv)
{
    static const struct cmd cmd = {"xl unpause", "DOMAIN", "Lets a paused domain go on.",
                                   no_options};

    return libxl_domain_unpause(ctx, find_domain(only_domain(&cmd, argc, argv)), NULL) ? 1 : 0;
}

int main_rename(int argc, char **argv)
{
    static const struct cmd cmd = {"xl rename", "DOMAIN NAME", "Gives a domain another name.",
                                   no_options};
    const char *value;

    while (cmd_next(&cmd, argc, argv, &value) != CMD_END)
        ;
    if (optind + 2 != argc)
        cmd_fail(&cmd, "a domain and its new name, please");
    return libxl_domain_rename(ctx, find_domain(argv[optind]), NULL, argv[optind + 1]) ? 1 : 0;
}

int main_trigger(int argc, char **argv)
{
    static const struct cmd cmd = {"xl trigger",
                                   "DOMAIN nmi|reset|init|power|sleep|s3resume [VCPU]",
                                   "Sends a trigger to a domain.", no_options};
    libxl_trigger trigger;
    const char *value;
    long vcpu = 0;

    while (cmd_next(&cmd, argc, argv, &value) != CMD_END)
        ;
    if (argc - optind < 2 || argc - optind > 3)
        cmd_fail(&cmd, "a domain and a trigger, please");
    if (libxl_trigger_from_string(argv[optind + 1], &trigger))
        cmd_fail(&cmd, "'%s' is no trigger", argv[optind + 1]);
    if (argc - optind == 3)
        vcpu = cmd_number(&cmd, "vCPU", argv[optind + 2], 0, 4095);
    return libxl_send_trigger(ctx, find_domain(argv[optind]), trigger, vcpu, NULL) ? 1 : 0;
}

int main_sysrq(int argc, char **argv)
{
    static const struct cmd cmd = {"xl sysrq", "DOMAIN LETTER",
                                   "Sends a magic SysRq key to a Linux domain.", no_options};
    const char *value;

    while (cmd_next(&cmd, argc, argv, &value) != CMD_END)
        ;
    if (optind + 2 != argc || strlen(argv[optind + 1]) != 1)
        cmd_fail(&cmd, "a domain and one letter, please");
    return libxl_send_sysrq(ctx, find_domain(argv[optind]), argv[optind + 1][0]) ? 1 : 0;
}
