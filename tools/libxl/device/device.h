/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Devices in xenstore. Each has a back end folder, a front end folder and an entry below
 * /libxl/DOMID/device/KIND/ID that names both: what is there is what has to be removed.
 */
#ifndef LIBXL_DEVICE_DEVICE_H
#define LIBXL_DEVICE_DEVICE_H

#include "device/store.h"

#define BACKEND_DOMID 0 /* back ends live in the control domain */

/* xenbus states, as public/io/xenbus.h numbers them. */
enum {
    BUS_INITIALISING = 1,
    BUS_INIT_WAIT = 2,
    BUS_CONNECTED = 4,
    BUS_CLOSING = 5,
    BUS_CLOSED = 6
};

/* Seconds to wait for a back end. */
#define BACKEND_TIMEOUT 10

struct device_id {
    const char *kind; /* "vbd", "vif", "console" */
    uint32_t domid;
    int id;
};

/* Writes the three places' common nodes in an open transaction. */
void device_begin(struct store *s, const struct device_id *d);
void device_backend_write(struct store *s, const struct device_id *d, const char *key,
                          const char *value);
void device_frontend_write(struct store *s, const struct device_id *d, const char *key,
                           const char *value);

/* Waits until the back end reaches one of the states from..to. 0; ERROR_TIMEDOUT; ERROR_FAIL with
 * *why the back end's own error. */
int device_wait(libxl_ctx *ctx, const struct device_id *d, int from, int to, char **why);

/* Makes one device go: orderly (asks the guest first) or at once. Frees loop devices. */
int device_remove(libxl_ctx *ctx, const struct device_id *d, bool orderly);
/* All devices of a domain, at once. 0, or ERROR_* after trying each. */
int device_remove_all(libxl_ctx *ctx, uint32_t domid);

/* ---- kinds ---- */

/* Fills defaults in and checks. NULL or what is wrong (malloc). */
char *disk_check(libxl_device_disk *disk);
char *nic_check(libxl_device_nic *nic, uint32_t domid, int index, const libxl_uuid *uuid);

/* A disk's block device: the path itself, or a loop device over an image file. */
struct disk_node {
    char *path;
    unsigned int major, minor;
    bool loop;
};
int disk_open(const libxl_device_disk *disk, struct disk_node *node, char **why);
/* Gives up a node that no device uses. */
void disk_node_release(struct disk_node *node, bool detach);

void disk_write(struct store *s, uint32_t domid, const libxl_device_disk *disk,
                const struct disk_node *node);
void nic_write(struct store *s, uint32_t domid, const libxl_device_nic *nic);
/* Once the back end has made the interface: puts it on its bridge (or runs the script). */
int nic_plug(libxl_ctx *ctx, uint32_t domid, const libxl_device_nic *nic, char **why);
/* The console's nodes; its back end is xenconsoled. */
void console_write(struct store *s, uint32_t domid, unsigned int port, uint64_t gfn);

#endif
