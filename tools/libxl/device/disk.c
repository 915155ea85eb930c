/* SPDX-License-Identifier: GPL-2.0-only */
/* Disks served by the kernel's block back end, from block devices or (through a loop device) files.
 */
#include <errno.h>
#include <fcntl.h>
#include <libxl_utils.h>
#include <linux/loop.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "device/device.h"
#include "util/mem.h"

char *disk_check(libxl_device_disk *disk)
{
    if (!disk->vdev || libxl_device_disk_vdev_to_devid(disk->vdev) < 0)
        return libxl__sprintf("\"%s\" is no disk's name (xvda, hdb, sdc1 ...)",
                              disk->vdev ? disk->vdev : "");
    if (disk->backend_domid || disk->backend_domname)
        return libxl__sprintf("disk %s: only the control domain serves disks", disk->vdev);
    if (disk->specification == LIBXL_DISK_SPECIFICATION_VIRTIO)
        return libxl__sprintf("disk %s: virtio disks are not served", disk->vdev);
    if (disk->script)
        return libxl__sprintf("disk %s: block scripts are not run; give a block device or a raw "
                              "image",
                              disk->vdev);
    if (disk->format == LIBXL_DISK_FORMAT_UNKNOWN)
        disk->format = LIBXL_DISK_FORMAT_RAW;
    if (disk->format != LIBXL_DISK_FORMAT_RAW)
        return libxl__sprintf("disk %s: format %s needs QEMU, which a PVH guest does not have; "
                              "only raw works",
                              disk->vdev, libxl_disk_format_to_string(disk->format));
    if (disk->backend == LIBXL_DISK_BACKEND_UNKNOWN)
        disk->backend = LIBXL_DISK_BACKEND_PHY;
    if (disk->backend != LIBXL_DISK_BACKEND_PHY)
        return libxl__sprintf("disk %s: back end %s is not served; phy is", disk->vdev,
                              libxl_disk_backend_to_string(disk->backend));
    if (!disk->pdev_path || !*disk->pdev_path)
        return libxl__sprintf("disk %s has no target", disk->vdev);
    libxl_defbool_setdefault(&disk->discard_enable, disk->readwrite);
    libxl_defbool_setdefault(&disk->trusted, true);
    return NULL;
}

/* A free loop device over the open image. */
static int attach_loop(int image, bool readonly, struct disk_node *node, char **why)
{
    int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);

    for (int tries = 0; control >= 0 && tries < 8; tries++) {
        struct loop_config config = {
            .fd = image,
            .info.lo_flags = readonly ? LO_FLAGS_READ_ONLY : 0,
        };
        int n = ioctl(control, LOOP_CTL_GET_FREE), loop;

        if (n < 0)
            break;
        free(node->path);
        node->path = libxl__sprintf("/dev/loop%d", n);
        loop = open(node->path, (readonly ? O_RDONLY : O_RDWR) | O_CLOEXEC);
        if (loop < 0)
            break;
        if (!ioctl(loop, LOOP_CONFIGURE, &config)) {
            node->loop = true;
            close(loop);
            close(control);
            return 0;
        }
        close(loop);
        if (errno != EBUSY) /* somebody else took it meanwhile */
            break;
    }
    *why = libxl__sprintf("no loop device for it: %s", strerror(errno));
    if (control >= 0)
        close(control);
    return ERROR_FAIL;
}

int disk_open(const libxl_device_disk *disk, struct disk_node *node, char **why)
{
    int fd = open(disk->pdev_path, (disk->readwrite ? O_RDWR : O_RDONLY) | O_CLOEXEC);
    char *cause = NULL;
    struct stat st;
    int rc = 0;

    *node = (struct disk_node){0};
    if (fd < 0 || fstat(fd, &st)) {
        cause = libxl__strdup(strerror(errno));
        rc = ERROR_INVAL;
    } else if (S_ISREG(st.st_mode)) {
        rc = attach_loop(fd, !disk->readwrite, node, &cause);
    } else if (S_ISBLK(st.st_mode)) {
        node->path = libxl__strdup(disk->pdev_path);
    } else {
        cause = libxl__strdup("neither a block device nor a plain file");
        rc = ERROR_INVAL;
    }
    if (fd >= 0)
        close(fd);
    if (!rc && stat(node->path, &st)) {
        cause = libxl__strdup(strerror(errno));
        rc = ERROR_FAIL;
    }
    if (rc) {
        *why = libxl__sprintf("disk %s, %s: %s", disk->vdev, disk->pdev_path, cause);
        disk_node_release(node, true);
    } else {
        node->major = major(st.st_rdev);
        node->minor = minor(st.st_rdev);
    }
    free(cause);
    return rc;
}

void disk_node_release(struct disk_node *node, bool detach)
{
    int fd;

    if (detach && node->loop && (fd = open(node->path, O_RDONLY | O_CLOEXEC)) >= 0) {
        ioctl(fd, LOOP_CLR_FD, 0);
        close(fd);
    }
    free(node->path);
    *node = (struct disk_node){0};
}

void disk_write(struct store *s, uint32_t domid, const libxl_device_disk *disk,
                const struct disk_node *node)
{
    struct device_id d = {"vbd", domid, libxl_device_disk_vdev_to_devid(disk->vdev)};
    char numbers[32], id[16];
    const struct {
        const char *key, *value;
    } back[] = {
        {"params", disk->pdev_path},
        {"physical-device", numbers},
        {"physical-device-path", node->path},
        {"hotplug-status", "connected"},
        {"removable", disk->removable ? "1" : "0"},
        {"bootable", "1"},
        {"dev", disk->vdev},
        {"type", "phy"},
        {"mode", disk->readwrite ? "w" : "r"},
        {"device-type", disk->is_cdrom ? "cdrom" : "disk"},
        {"discard-enable", libxl_defbool_val(disk->discard_enable) ? "1" : "0"},
    };

    snprintf(numbers, sizeof(numbers), "%x:%x", node->major, node->minor);
    snprintf(id, sizeof(id), "%d", d.id);
    device_begin(s, &d);
    for (size_t i = 0; i < sizeof(back) / sizeof(back[0]); i++)
        device_backend_write(s, &d, back[i].key, back[i].value);
    if (node->loop)
        store_write(s, node->path, "/libxl/%u/device/vbd/%d/loop", domid, d.id);
    device_frontend_write(s, &d, "virtual-device", id);
    device_frontend_write(s, &d, "device-type", disk->is_cdrom ? "cdrom" : "disk");
    device_frontend_write(s, &d, "trusted", libxl_defbool_val(disk->trusted) ? "1" : "0");
}
