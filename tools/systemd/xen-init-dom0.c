/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * xen-init-dom0: once xenstored runs, enters what tools expect of the control domain: its id, its
 * name and the names of the CPU pools. Harmless to run again: what is there stays. See
 * xen-init-dom0(8).
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <util/cmdline.h>
#include <util/log.h>
#include <xenctrl.h>
#include <xenstore.h>

enum { OPT_NAME = CMD_LONG_ONLY };

static const struct cmd_option options[] = {
    {OPT_NAME, "name", "NAME", "name of the control domain [Domain-0]"},
    {0, NULL, NULL, NULL},
};

static const struct cmd command = {
    .name = "xen-init-dom0",
    .synopsis = "[OPTION]...",
    .purpose = "Enters the control domain and the CPU pools into xenstore.",
    .options = options,
};

/* Writes value at path unless something is there. */
static bool set_default(struct xs_handle *xs, const char *path, const char *value)
{
    unsigned int len;
    char *have = xs_read(xs, XBT_NULL, path, &len);

    if (have && len) {
        free(have);
        return true;
    }
    free(have);
    if (xs_write(xs, XBT_NULL, path, value, (unsigned int)strlen(value)))
        return true;
    log_error("cannot write %s: %s", path, strerror(errno));
    return false;
}

static bool name_pools(struct xs_handle *xs, xc_interface *xch)
{
    xc_cpupoolinfo_t *info;
    uint32_t id = 0;
    bool ok = true;

    while (ok && (info = xc_cpupool_getinfo(xch, id))) {
        char path[64], name[32];

        id = info->cpupool_id;
        xc_cpupool_infofree(xch, info);
        snprintf(path, sizeof(path), "/local/pool/%u/name", id);
        snprintf(name, sizeof(name), "Pool-%u", id);
        ok = set_default(xs, path, name);
        id++;
    }
    return ok;
}

int main(int argc, char **argv)
{
    const char *value, *name = "Domain-0";
    struct xs_handle *xs;
    xc_interface *xch;
    bool ok;
    int id;

    while ((id = cmd_next(&command, argc, argv, &value)) != CMD_END)
        if (id == OPT_NAME)
            name = value;
    if (optind < argc)
        cmd_fail(&command, "`%s': there are no arguments besides options", argv[optind]);
    log_open(command.name, LOG_LEVEL_INFO);
    xch = xc_interface_open(NULL, NULL, 0);
    if (!xch)
        return 1;
    xs = xs_open(0);
    if (!xs) {
        log_error("cannot connect to xenstored: %s", strerror(errno));
        xc_interface_close(xch);
        return 1;
    }
    ok = set_default(xs, "/local/domain/0/domid", "0") &&
         set_default(xs, "/local/domain/0/name", name) && name_pools(xs, xch);
    xs_close(xs);
    xc_interface_close(xch);
    return ok ? 0 : 1;
}
