/* SPDX-License-Identifier: GPL-2.0-only */
/* What the creation of a domain writes into xenstore: its home, and later its devices. */
#include <libxl_utils.h>
#include <stdlib.h>
#include <sys/time.h>
#include <unistd.h>

#include "domain/create.h"
#include "util/mem.h"

static bool name_taken(struct store *s, const char *name, uint32_t but)
{
    unsigned int n;
    char **domids = store_list(s, &n, "/local/domain");
    bool taken = false;

    for (unsigned int i = 0; i < n && !taken; i++) {
        char *other = store_read(s, "/local/domain/%s/name", domids[i]);

        taken = other && !strcmp(other, name) && strtoul(domids[i], NULL, 10) != but;
        free(other);
    }
    free(domids);
    return taken;
}

/* Folders the guest may write to; it announces and answers there. */
static const char *const guest_folders[] = {
    "device/suspend/event-channel",
    "control/shutdown",
    "control/feature-poweroff",
    "control/feature-reboot",
    "control/feature-suspend",
    "control/sysrq",
    "data",
    "drivers",
    "feature",
    "attr",
    "error",
};

static void write_pairs(struct store *s, uint32_t domid, const char *below, char *const *pairs)
{
    for (; pairs && pairs[0]; pairs += 2)
        store_write(s, pairs[1] ? pairs[1] : "", "/local/domain/%u%s/%s", domid, below, pairs[0]);
}

static void write_vm(struct store *s, struct create *c, const char *uuid)
{
    struct store_perm read_only = {0, c->domid};
    struct timeval now;
    char *start;

    gettimeofday(&now, NULL);
    start = libxl__sprintf("%lu.%02d", (unsigned long)now.tv_sec, (int)(now.tv_usec / 10000));
    store_rm(s, "/vm/%s", uuid);
    store_mkdir(s, read_only, "/vm/%s", uuid);
    store_write(s, c->config->c_info.name, "/vm/%s/name", uuid);
    store_write(s, uuid, "/vm/%s/uuid", uuid);
    store_write(s, start, "/vm/%s/start_time", uuid);
    free(start);
}

int create_home_body(struct store *s, void *arg)
{
    struct create *c = arg;
    const libxl_domain_build_info *b = &c->config->b_info;
    struct store_perm read_only = {0, c->domid}, guests = {c->domid, c->domid};
    char uuid[LIBXL_UUID_FMTLEN + 1], *vm;
    uint32_t d = c->domid;

    snprintf(uuid, sizeof(uuid), LIBXL_UUID_FMT, LIBXL_UUID_BYTES(c->config->c_info.uuid));
    if (name_taken(s, c->config->c_info.name, d))
        return step_fail(c, ERROR_INVAL, "another domain is called %s", c->config->c_info.name);
    /* What an earlier owner of this number left. */
    store_rm(s, "/local/domain/%u", d);
    store_rm(s, "/libxl/%u", d);

    store_mkdir(s, (struct store_perm){0, 0}, "/libxl/%u", d);
    store_write(s, "pvh", "/libxl/%u/type", d);
    store_write(s, "create its home in xenstore", "/libxl/%u/create/step", d);
    store_write_number(s, getpid(), "/libxl/%u/create/pid", d);
    write_vm(s, c, uuid);
    store_mkdir(s, read_only, "/local/domain/%u", d);
    vm = libxl__sprintf("/vm/%s", uuid);
    store_write(s, vm, "/local/domain/%u/vm", d);
    free(vm);
    store_write(s, c->config->c_info.name, "/local/domain/%u/name", d);
    store_write_number(s, d, "/local/domain/%u/domid", d);
    store_mkdir(s, read_only, "/local/domain/%u/cpu", d);
    for (int i = 0; i < b->max_vcpus; i++)
        store_write(s, libxl_bitmap_test(&b->avail_vcpus, i) ? "online" : "offline",
                    "/local/domain/%u/cpu/%d/availability", d, i);
    /* Linux takes static-max for what it was booted with, and measures the target by it; how much
     * it may grow to is for ourselves. */
    store_write_number(s, b->target_memkb, "/local/domain/%u/memory/static-max", d);
    store_write_number(s, b->max_memkb, "/libxl/%u/maxmem", d);
    store_write_number(s, b->target_memkb, "/local/domain/%u/memory/target", d);
    store_write_number(s, 0, "/local/domain/%u/memory/videoram", d);
    for (size_t i = 0; i < sizeof(guest_folders) / sizeof(guest_folders[0]); i++)
        store_mkdir(s, guests, "/local/domain/%u/%s", d, guest_folders[i]);
    store_write(s, "1", "/local/domain/%u/control/platform-feature-multiprocessor-suspend", d);
    store_write(s, "1", "/local/domain/%u/control/platform-feature-xs_reset_watches", d);
    write_pairs(s, d, "", c->config->c_info.xsdata);
    write_pairs(s, d, "/platform", c->config->c_info.platformdata);
    return 0;
}

int create_devices_body(struct store *s, void *arg)
{
    struct create *c = arg;
    struct store_perm read_only = {0, c->domid};

    store_mkdir(s, read_only, "/local/domain/%u/store", c->domid);
    store_write_number(s, c->guest.store_port, "/local/domain/%u/store/port", c->domid);
    store_write_number(s, SPECIAL_XENSTORE, "/local/domain/%u/store/ring-ref", c->domid);
    console_write(s, c->domid, c->guest.console_port, SPECIAL_CONSOLE);
    for (int i = 0; i < c->config->num_disks; i++)
        disk_write(s, c->domid, &c->config->disks[i], &c->disks[i]);
    for (int i = 0; i < c->config->num_nics; i++)
        nic_write(s, c->domid, &c->config->nics[i]);
    return 0;
}
