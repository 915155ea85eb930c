/* SPDX-License-Identifier: GPL-2.0-only */
/* Names of disks in a guest to the numbers of their devices. */
#include <libxl_utils.h>
#include <stdlib.h>

/* Virtual block device numbers: public/io/blkif.h. Letters count a, b, ... z, aa, ab ...;
 * *p ends up behind them. -1: none. */
static int letters(const char **p)
{
    int n = -1;

    for (; **p >= 'a' && **p <= 'z' && n < 1 << 20; (*p)++)
        n = (n + 1) * 26 + (**p - 'a');
    return n;
}

static const struct family {
    const char *prefix;
    int max_disk, max_partition;
} families[] = {
    {"xvd", 1 << 20, 255},
    {"hd", 3, 63},
    {"sd", 15, 15},
};

static int family_number(const struct family *f, int disk, int partition)
{
    static const int ide_major[] = {3, 3, 22, 22};

    if (!strcmp(f->prefix, "hd"))
        return ide_major[disk] << 8 | (disk & 1) << 6 | partition;
    if (!strcmp(f->prefix, "sd"))
        return 8 << 8 | disk << 4 | partition;
    if (disk < 16 && partition < 16)
        return 202 << 8 | disk << 4 | partition;
    return 1 << 28 | disk << 8 | partition;
}

int libxl_device_disk_vdev_to_devid(const char *vdev)
{
    for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
        const struct family *f = &families[i];
        const char *p = vdev + strlen(f->prefix);
        int disk, partition = 0;
        char *end;

        if (strncmp(vdev, f->prefix, strlen(f->prefix)))
            continue;
        disk = letters(&p);
        if (*p) {
            partition = strtol(p, &end, 10);
            if (*p < '1' || *p > '9' || *end)
                return -1;
        }
        if (disk < 0 || disk > f->max_disk || partition < 0 || partition > f->max_partition)
            return -1;
        return family_number(f, disk, partition);
    }
    return -1;
}
