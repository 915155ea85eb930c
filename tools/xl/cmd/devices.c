/* SPDX-License-Identifier: GPL-2.0-only */
/* Disks and network cards of running domains: block-* and network-*. */
#include "../xl.h"
#include <libxl_cfg.h>
#include <stdlib.h>
#include <string.h>

static const struct cmd_option no_options[] = {{0}};
static const struct cmd_option detach_options[] = {
    {'F', "force", NULL, "do not wait for the guest"}, {0}};
static const struct cmd_option json_option[] = {{'j', "json", NULL, "as JSON"}, {0}};

/* The settings of a device, which may come as several words. malloc. */
static char *join(int argc, char **argv, int from)
{
    size_t len = 1;
    char *text;

    for (int i = from; i < argc; i++)
        len += strlen(argv[i]) + 1;
    text = calloc(1, len);
    if (!text)
        die("out of memory");
    for (int i = from; i < argc; i++) {
        strcat(text, argv[i]);
        if (i + 1 < argc)
            strcat(text, ",");
    }
    return text;
}

int main_block_attach(int argc, char **argv)
{
    static const struct cmd cmd = {"xl block-attach", "DOMAIN DISK",
                                   "Gives a domain another disk; DISK as in a configuration file.",
                                   no_options};
    libxl_device_disk disk;
    char *spec, *problem = NULL;
    const char *value;
    int rc;

    while (cmd_next(&cmd, argc, argv, &value) != CMD_END)
        ;
    if (argc - optind < 2)
        cmd_fail(&cmd, "needs: %s", cmd.synopsis);
    spec = join(argc, argv, optind + 1);
    libxl_device_disk_init(&disk);
    if (libxl_disk_parse(spec, &disk, &problem))
        cmd_fail(&cmd, "disk '%s': %s", spec, problem ?: "not understood");
    rc = libxl_device_disk_add(ctx, find_domain(argv[optind]), &disk, NULL);
    libxl_device_disk_dispose(&disk);
    free(spec);
    return rc ? 1 : 0;
}

int main_block_detach(int argc, char **argv)
{
    static const struct cmd cmd = {"xl block-detach", "[--force] DOMAIN VDEV",
                                   "Takes a disk (xvda ...) from a domain.", detach_options};
    libxl_device_disk disk;
    const char *value;
    bool force = opt_force;
    uint32_t domid;
    int rc;

    while (cmd_next(&cmd, argc, argv, &value) != CMD_END)
        force = true;
    if (argc - optind != 2)
        cmd_fail(&cmd, "needs: %s", cmd.synopsis);
    domid = find_domain(argv[optind]);
    libxl_device_disk_init(&disk);
    if (libxl_vdev_to_device_disk(ctx, domid, argv[optind + 1], &disk))
        die("domain %u has no disk '%s'", domid, argv[optind + 1]);
    rc = force ? libxl_device_disk_destroy(ctx, domid, &disk, NULL)
               : libxl_device_disk_remove(ctx, domid, &disk, NULL);
    libxl_device_disk_dispose(&disk);
    return rc ? 1 : 0;
}

int main_block_list(int argc, char **argv)
{
    static const struct cmd cmd = {"xl block-list", "[--json] DOMAIN...", "Lists disks of domains.",
                                   json_option};
    struct json_out *j = NULL;
    const char *value;

    while (cmd_next(&cmd, argc, argv, &value) != CMD_END)
        j = j ?: json_out_new();
    if (optind == argc)
        cmd_fail(&cmd, "which domain?");
    if (j)
        json_open_array(j, NULL);
    else
        printf("%-5s %-8s %-5s %-6s %s\n", "Dom", "Vdev", "BE", "State", "BE-path");
    for (int i = optind; i < argc; i++) {
        uint32_t domid = find_domain(argv[i]);
        int n;
        libxl_device_disk *list = libxl_device_disk_list(ctx, domid, &n);

        for (int k = 0; list && k < n; k++) {
            libxl_diskinfo info;

            libxl_diskinfo_init(&info);
            if (libxl_device_disk_getinfo(ctx, domid, &list[k], &info))
                continue;
            if (j) {
                json_open_object(j, NULL);
                json_uint(j, "domid", domid);
                json_string(j, "vdev", list[k].vdev);
                json_string(j, "path", list[k].pdev_path);
                json_uint(j, "backend_domid", info.backend_id);
                json_int(j, "state", info.state);
                json_string(j, "backend", info.backend);
                json_close_object(j);
            } else {
                printf("%-5u %-8s %-5u %-6d %s\n", domid, list[k].vdev ?: "-", info.backend_id,
                       info.state, info.backend ?: "-");
            }
            libxl_diskinfo_dispose(&info);
        }
        libxl_device_disk_list_free(list, n);
    }
    if (!j)
        return 0;
    json_close_array(j);
    return finish_json(j);
}

int main_network_attach(int argc, char **argv)
{
    static const struct cmd cmd = {
        "xl network-attach", "DOMAIN [NIC]",
        "Gives a domain another network card; NIC as in a configuration file.", no_options};
    libxl_device_nic nic;
    char *spec, *problem = NULL;
    const char *value;
    int rc;

    while (cmd_next(&cmd, argc, argv, &value) != CMD_END)
        ;
    if (argc - optind < 1)
        cmd_fail(&cmd, "needs: %s", cmd.synopsis);
    spec = join(argc, argv, optind + 1);
    libxl_device_nic_init(&nic);
    if (libxl_nic_parse(spec, &nic, &problem))
        cmd_fail(&cmd, "network card '%s': %s", spec, problem ?: "not understood");
    rc = libxl_device_nic_add(ctx, find_domain(argv[optind]), &nic, NULL);
    libxl_device_nic_dispose(&nic);
    free(spec);
    return rc ? 1 : 0;
}

int main_network_detach(int argc, char **argv)
{
    static const struct cmd cmd = {"xl network-detach", "[--force] DOMAIN DEVID|MAC",
                                   "Takes a network card from a domain.", detach_options};
    libxl_device_nic nic;
    const char *value;
    bool force = opt_force;
    uint32_t domid;
    int rc;

    while (cmd_next(&cmd, argc, argv, &value) != CMD_END)
        force = true;
    if (argc - optind != 2)
        cmd_fail(&cmd, "needs: %s", cmd.synopsis);
    domid = find_domain(argv[optind]);
    libxl_device_nic_init(&nic);
    if (strchr(argv[optind + 1], ':'))
        rc = libxl_mac_to_device_nic(ctx, domid, argv[optind + 1], &nic);
    else
        rc = libxl_devid_to_device_nic(
            ctx, domid, cmd_number(&cmd, "device", argv[optind + 1], 0, 65535), &nic);
    if (rc)
        die("domain %u has no network card '%s'", domid, argv[optind + 1]);
    rc = force ? libxl_device_nic_destroy(ctx, domid, &nic, NULL)
               : libxl_device_nic_remove(ctx, domid, &nic, NULL);
    libxl_device_nic_dispose(&nic);
    return rc ? 1 : 0;
}

int main_network_list(int argc, char **argv)
{
    static const struct cmd cmd = {"xl network-list", "[--json] DOMAIN...",
                                   "Lists network cards of domains.", json_option};
    struct json_out *j = NULL;
    const char *value;

    while (cmd_next(&cmd, argc, argv, &value) != CMD_END)
        j = j ?: json_out_new();
    if (optind == argc)
        cmd_fail(&cmd, "which domain?");
    if (j)
        json_open_array(j, NULL);
    else
        printf("%-5s %-4s %-5s %-18s %-6s %s\n", "Dom", "Idx", "BE", "MAC", "State", "BE-path");
    for (int i = optind; i < argc; i++) {
        uint32_t domid = find_domain(argv[i]);
        int n;
        libxl_device_nic *list = libxl_device_nic_list(ctx, domid, &n);

        for (int k = 0; list && k < n; k++) {
            libxl_nicinfo info;

            libxl_nicinfo_init(&info);
            if (libxl_device_nic_getinfo(ctx, domid, &list[k], &info))
                continue;
            if (j) {
                json_open_object(j, NULL);
                json_uint(j, "domid", domid);
                json_int(j, "devid", list[k].devid);
                json_printf(j, "mac", LIBXL_MAC_FMT, LIBXL_MAC_BYTES(list[k].mac));
                json_string(j, "bridge", list[k].bridge);
                json_uint(j, "backend_domid", info.backend_id);
                json_int(j, "state", info.state);
                json_string(j, "backend", info.backend);
                json_close_object(j);
            } else {
                printf("%-5u %-4d %-5u " LIBXL_MAC_FMT "  %-6d %s\n", domid, list[k].devid,
                       info.backend_id, LIBXL_MAC_BYTES(list[k].mac), info.state,
                       info.backend ?: "-");
            }
            libxl_nicinfo_dispose(&info);
        }
        libxl_device_nic_list_free(list, n);
    }
    if (!j)
        return 0;
    json_close_array(j);
    return finish_json(j);
}
