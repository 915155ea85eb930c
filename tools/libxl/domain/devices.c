/* SPDX-License-Identifier: GPL-2.0-only */
/* Devices of a domain that exists: add, remove, list. */
#include <errno.h>
#include <stdlib.h>

#include "device/device.h"
#include "domain/internal.h"
#include "event/state.h"
#include "util/mem.h"

struct change {
    uint32_t domid;
    libxl_device_disk *disk;
    libxl_device_nic *nic;
    struct disk_node node;
    bool orderly;
};

static int run_change(libxl_ctx *ctx, const libxl_asyncop_how *how, int (*op)(libxl_ctx *, void *),
                      struct change what)
{
    struct change *c = libxl__alloc(sizeof(*c));

    *c = what;
    return libxl__async(ctx, how, op, free, c);
}

static int failed(libxl_ctx *ctx, uint32_t domid, const char *what, int rc, char *why)
{
    LOG(ctx, ERROR, "cannot %s domain %u: %s", what, domid, why ? why : "unknown cause");
    free(why);
    return rc;
}

/* ---- disks ---- */

static int add_disk_body(struct store *s, void *arg)
{
    struct change *c = arg;

    if (store_exists(s, "/libxl/%u/device/vbd/%d", c->domid,
                     libxl_device_disk_vdev_to_devid(c->disk->vdev)))
        return ERROR_DEVICE_EXISTS;
    disk_write(s, c->domid, c->disk, &c->node);
    return 0;
}

static int add_disk(libxl_ctx *ctx, void *arg)
{
    struct change *c = arg;
    char *why = NULL;
    int rc = libxl__must_exist(ctx, c->domid);

    if (rc)
        return rc;
    why = disk_check(c->disk);
    if (why)
        return failed(ctx, c->domid, "add the disk to", ERROR_INVAL, why);
    rc = disk_open(c->disk, &c->node, &why);
    if (rc)
        return failed(ctx, c->domid, "add the disk to", rc, why);
    rc = store_transaction(ctx, add_disk_body, c, &why);
    if (rc == ERROR_DEVICE_EXISTS)
        why = libxl__sprintf("it has a disk %s already", c->disk->vdev);
    disk_node_release(&c->node, rc != 0);
    if (!rc) {
        struct device_id d = {"vbd", c->domid, libxl_device_disk_vdev_to_devid(c->disk->vdev)};

        rc = device_wait(ctx, &d, BUS_INIT_WAIT, BUS_CONNECTED, &why);
        if (rc)
            device_remove(ctx, &d, false);
    }
    return rc ? failed(ctx, c->domid, "add the disk to", rc, why) : 0;
}

static int remove_disk(libxl_ctx *ctx, void *arg)
{
    struct change *c = arg;
    struct device_id d = {"vbd", c->domid, libxl_device_disk_vdev_to_devid(c->disk->vdev)};

    return device_remove(ctx, &d, c->orderly);
}

int libxl_device_disk_add(libxl_ctx *ctx, uint32_t domid, libxl_device_disk *disk,
                          const libxl_asyncop_how *ao_how)
{
    return run_change(ctx, ao_how, add_disk, (struct change){.domid = domid, .disk = disk});
}

int libxl_device_disk_remove(libxl_ctx *ctx, uint32_t domid, libxl_device_disk *disk,
                             const libxl_asyncop_how *ao_how)
{
    return run_change(ctx, ao_how, remove_disk,
                      (struct change){.domid = domid, .disk = disk, .orderly = true});
}

int libxl_device_disk_destroy(libxl_ctx *ctx, uint32_t domid, libxl_device_disk *disk,
                              const libxl_asyncop_how *ao_how)
{
    return run_change(ctx, ao_how, remove_disk, (struct change){.domid = domid, .disk = disk});
}

/* What a back end's folder says; strings from malloc. */
static void read_disk(struct store *s, const char *back, libxl_device_disk *d)
{
    char *mode, *type;

    libxl_device_disk_init(d);
    d->pdev_path = store_read(s, "%s/params", back);
    d->vdev = store_read(s, "%s/dev", back);
    d->removable = store_read_number(s, "%s/removable", back) == 1;
    mode = store_read(s, "%s/mode", back);
    d->readwrite = mode && *mode == 'w';
    free(mode);
    type = store_read(s, "%s/device-type", back);
    d->is_cdrom = type && !strcmp(type, "cdrom");
    free(type);
    d->format = LIBXL_DISK_FORMAT_RAW;
    d->backend = LIBXL_DISK_BACKEND_PHY;
}

static void read_nic(struct store *s, const char *back, libxl_device_nic *n)
{
    char *mac;
    uint8_t *m = n->mac;

    libxl_device_nic_init(n);
    n->devid = store_read_number(s, "%s/handle", back);
    n->mtu = store_read_number(s, "%s/mtu", back);
    n->bridge = store_read(s, "%s/bridge", back);
    n->script = store_read(s, "%s/script", back);
    if (n->script && !*n->script) {
        free(n->script);
        n->script = NULL;
    }
    n->ip = store_read(s, "%s/ip", back);
    n->ifname = store_read(s, "%s/vifname", back);
    n->nictype = LIBXL_NIC_TYPE_VIF;
    mac = store_read(s, "%s/mac", back);
    if (!mac || sscanf(mac, LIBXL_MAC_FMT, m, m + 1, m + 2, m + 3, m + 4, m + 5) != 6)
        memset(n->mac, 0, sizeof(n->mac));
    free(mac);
}

/* Calls one() for each device of a kind. Returns their number, or -1. */
static int for_each(libxl_ctx *ctx, uint32_t domid, const char *kind,
                    void (*one)(struct store *s, const char *back, void *at), void **list,
                    size_t size)
{
    struct store s;
    unsigned int n;
    char **ids;
    int count = 0;

    if (store_open(&s, ctx))
        return -1;
    ids = store_list(&s, &n, "/libxl/%u/device/%s", domid, kind);
    *list = libxl__alloc(n * size);
    for (unsigned int i = 0; i < n; i++) {
        char *back = store_read(&s, "/libxl/%u/device/%s/%s/backend", domid, kind, ids[i]);

        if (back)
            one(&s, back, (char *)*list + count++ * size);
        free(back);
    }
    free(ids);
    store_close(&s);
    return count;
}

static void one_disk(struct store *s, const char *back, void *at)
{
    read_disk(s, back, at);
}

static void one_nic(struct store *s, const char *back, void *at)
{
    read_nic(s, back, at);
}

libxl_device_disk *libxl_device_disk_list(libxl_ctx *ctx, uint32_t domid, int *num)
{
    void *list = NULL;

    *num = for_each(ctx, domid, "vbd", one_disk, &list, sizeof(libxl_device_disk));
    return *num < 0 ? NULL : list;
}

void libxl_device_disk_list_free(libxl_device_disk *list, int num)
{
    for (int i = 0; i < num; i++)
        libxl_device_disk_dispose(&list[i]);
    free(list);
}

libxl_device_nic *libxl_device_nic_list(libxl_ctx *ctx, uint32_t domid, int *num)
{
    void *list = NULL;

    *num = for_each(ctx, domid, "vif", one_nic, &list, sizeof(libxl_device_nic));
    return *num < 0 ? NULL : list;
}

void libxl_device_nic_list_free(libxl_device_nic *list, int num)
{
    for (int i = 0; i < num; i++)
        libxl_device_nic_dispose(&list[i]);
    free(list);
}

int libxl_vdev_to_device_disk(libxl_ctx *ctx, uint32_t domid, const char *vdev,
                              libxl_device_disk *disk)
{
    int devid = libxl_device_disk_vdev_to_devid(vdev), rc = ERROR_NOTFOUND;
    struct store s;
    char *back;

    if (devid < 0)
        return ERROR_INVAL;
    if (store_open(&s, ctx))
        return ERROR_FAIL;
    back = store_read(&s, "/libxl/%u/device/vbd/%d/backend", domid, devid);
    if (back) {
        read_disk(&s, back, disk);
        rc = 0;
    }
    free(back);
    store_close(&s);
    return rc;
}

/* ---- network cards ---- */

static int add_nic_body(struct store *s, void *arg)
{
    struct change *c = arg;

    if (c->nic->devid < 0)
        for (c->nic->devid = 0;
             store_exists(s, "/libxl/%u/device/vif/%d", c->domid, c->nic->devid);)
            c->nic->devid++;
    else if (store_exists(s, "/libxl/%u/device/vif/%d", c->domid, c->nic->devid))
        return ERROR_DEVICE_EXISTS;
    nic_write(s, c->domid, c->nic);
    return 0;
}

static int add_nic(libxl_ctx *ctx, void *arg)
{
    struct change *c = arg;
    char *why = NULL;
    libxl_uuid uuid;
    bool any = c->nic->devid < 0;
    int rc = libxl__must_exist(ctx, c->domid);

    if (rc)
        return rc;
    /* A random address: the domain's own belong to the cards it was created with. */
    libxl_uuid_generate(&uuid);
    why = nic_check(c->nic, c->domid, 0, &uuid);
    if (why)
        return failed(ctx, c->domid, "add the network card to", ERROR_INVAL, why);
    if (any)
        c->nic->devid = -1;
    rc = store_transaction(ctx, add_nic_body, c, &why);
    if (rc == ERROR_DEVICE_EXISTS)
        why = libxl__sprintf("it has a card %d already", c->nic->devid);
    if (!rc) {
        struct device_id d = {"vif", c->domid, c->nic->devid};

        rc = nic_plug(ctx, c->domid, c->nic, &why);
        if (rc)
            device_remove(ctx, &d, false);
    }
    return rc ? failed(ctx, c->domid, "add the network card to", rc, why) : 0;
}

static int remove_nic(libxl_ctx *ctx, void *arg)
{
    struct change *c = arg;
    struct device_id d = {"vif", c->domid, c->nic->devid};

    return device_remove(ctx, &d, c->orderly);
}

int libxl_device_nic_add(libxl_ctx *ctx, uint32_t domid, libxl_device_nic *nic,
                         const libxl_asyncop_how *ao_how)
{
    return run_change(ctx, ao_how, add_nic, (struct change){.domid = domid, .nic = nic});
}

int libxl_device_nic_remove(libxl_ctx *ctx, uint32_t domid, libxl_device_nic *nic,
                            const libxl_asyncop_how *ao_how)
{
    return run_change(ctx, ao_how, remove_nic,
                      (struct change){.domid = domid, .nic = nic, .orderly = true});
}

int libxl_device_nic_destroy(libxl_ctx *ctx, uint32_t domid, libxl_device_nic *nic,
                             const libxl_asyncop_how *ao_how)
{
    return run_change(ctx, ao_how, remove_nic, (struct change){.domid = domid, .nic = nic});
}

/* Moves the card that matches out of the list. */
static int find_nic(libxl_ctx *ctx, uint32_t domid, int devid, const uint8_t *mac,
                    libxl_device_nic *nic)
{
    int n, rc = ERROR_NOTFOUND;
    libxl_device_nic *list = libxl_device_nic_list(ctx, domid, &n);

    for (int i = 0; list && i < n && rc; i++)
        if (mac ? !memcmp(list[i].mac, mac, 6) : list[i].devid == devid) {
            *nic = list[i];
            libxl_device_nic_init(&list[i]);
            rc = 0;
        }
    libxl_device_nic_list_free(list, list ? n : 0);
    return rc;
}

int libxl_mac_to_device_nic(libxl_ctx *ctx, uint32_t domid, const char *mac, libxl_device_nic *nic)
{
    uint8_t m[6];

    if (sscanf(mac, LIBXL_MAC_FMT, m, m + 1, m + 2, m + 3, m + 4, m + 5) != 6)
        return ERROR_INVAL;
    return find_nic(ctx, domid, -1, m, nic);
}

int libxl_devid_to_device_nic(libxl_ctx *ctx, uint32_t domid, int devid, libxl_device_nic *nic)
{
    return find_nic(ctx, domid, devid, NULL, nic);
}

/* ---- at run time ---- */

int libxl_device_disk_getinfo(libxl_ctx *ctx, uint32_t domid, const libxl_device_disk *disk,
                              libxl_diskinfo *d)
{
    int id = libxl_device_disk_vdev_to_devid(disk->vdev);
    struct store s;

    if (store_open(&s, ctx))
        return ERROR_FAIL;
    libxl_diskinfo_init(d);
    d->devid = id;
    d->backend = store_read(&s, "/libxl/%u/device/vbd/%d/backend", domid, id);
    d->frontend = store_read(&s, "/libxl/%u/device/vbd/%d/frontend", domid, id);
    d->backend_id = BACKEND_DOMID;
    d->frontend_id = domid;
    if (d->frontend) {
        d->state = store_read_number(&s, "%s/state", d->frontend);
        d->evtch = store_read_number(&s, "%s/event-channel", d->frontend);
        d->rref = store_read_number(&s, "%s/ring-ref", d->frontend);
    }
    store_close(&s);
    return d->backend ? 0 : ERROR_NOTFOUND;
}

int libxl_device_nic_getinfo(libxl_ctx *ctx, uint32_t domid, const libxl_device_nic *nic,
                             libxl_nicinfo *n)
{
    struct store s;

    if (store_open(&s, ctx))
        return ERROR_FAIL;
    libxl_nicinfo_init(n);
    n->devid = nic->devid;
    n->backend = store_read(&s, "/libxl/%u/device/vif/%d/backend", domid, nic->devid);
    n->frontend = store_read(&s, "/libxl/%u/device/vif/%d/frontend", domid, nic->devid);
    n->backend_id = BACKEND_DOMID;
    n->frontend_id = domid;
    if (n->frontend) {
        n->state = store_read_number(&s, "%s/state", n->frontend);
        n->evtch = store_read_number(&s, "%s/event-channel", n->frontend);
        n->rref_tx = store_read_number(&s, "%s/tx-ring-ref", n->frontend);
        n->rref_rx = store_read_number(&s, "%s/rx-ring-ref", n->frontend);
    }
    store_close(&s);
    return n->backend ? 0 : ERROR_NOTFOUND;
}
