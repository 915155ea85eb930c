/* SPDX-License-Identifier: GPL-2.0-only */
/* The short form of disks: "phy:/dev/vg/root,xvda,w" or "vdev=xvda,target=...". */
#include <libxl_cfg.h>
#include <libxl_utils.h>
#include <stdlib.h>

#include "util/mem.h"
#include "util/spec.h"
#include "util/type.h"

struct disk_spec {
    libxl_device_disk *disk;
    char **problem;
    bool access_given;
};

static int disk_access(struct disk_spec *d, const char *v)
{
    if (!strcmp(v, "w") || !strcmp(v, "rw"))
        d->disk->readwrite = 1;
    else if (!strcmp(v, "r") || !strcmp(v, "ro"))
        d->disk->readwrite = 0;
    else
        return spec_wrong(d->problem, "access \"%s\" is none of r, ro, w, rw", v);
    d->access_given = true;
    return 0;
}

static int disk_devtype(struct disk_spec *d, const char *v)
{
    if (!strcmp(v, "cdrom"))
        d->disk->is_cdrom = d->disk->removable = 1;
    else if (strcmp(v, "disk"))
        return spec_wrong(d->problem, "devtype \"%s\" is neither disk nor cdrom", v);
    return 0;
}

/* "xvda", or the old "hdc:cdrom". */
static int disk_vdev(struct disk_spec *d, const char *v)
{
    const char *colon = strchr(v, ':');
    char *name = colon ? libxl__strndup(v, colon - v) : libxl__strdup(v);
    int rc = 0;

    if (libxl_device_disk_vdev_to_devid(name) < 0)
        rc = spec_wrong(d->problem, "vdev \"%s\" is no disk's name (xvda, hdb, sdc1 ...)", name);
    else
        spec_set(&d->disk->vdev, name);
    free(name);
    return !rc && colon ? disk_devtype(d, colon + 1) : rc;
}

static int disk_format(struct disk_spec *d, const char *v)
{
    int f;

    if (!*v)
        return 0;
    if (libxl_disk_format_from_string(v, &d->disk->format)) {
        f = !strcmp(v, "aio") ? LIBXL_DISK_FORMAT_RAW : 0;
        if (!f)
            return spec_wrong(d->problem, "format \"%s\" is none of raw, qcow, qcow2, vhd, qed", v);
        d->disk->format = f;
    }
    return 0;
}

static int disk_backendtype(struct disk_spec *d, const char *v)
{
    return libxl_disk_backend_from_string(v, &d->disk->backend)
               ? spec_wrong(d->problem, "backendtype \"%s\" is none of phy, tap, qdisk, standalone",
                            v)
               : 0;
}

static int disk_specification(struct disk_spec *d, const char *v)
{
    return libxl_disk_specification_from_string(v, &d->disk->specification)
               ? spec_wrong(d->problem, "specification \"%s\" is neither xen nor virtio", v)
               : 0;
}

static int disk_backend(struct disk_spec *d, const char *v)
{
    spec_set(&d->disk->backend_domname, v);
    return 0;
}

static int disk_script(struct disk_spec *d, const char *v)
{
    spec_set(&d->disk->script, v);
    return 0;
}

static const struct {
    const char *key;
    int (*take)(struct disk_spec *d, const char *value);
} disk_keys[] = {
    {"format", disk_format},
    {"vdev", disk_vdev},
    {"access", disk_access},
    {"devtype", disk_devtype},
    {"backend", disk_backend},
    {"backendtype", disk_backendtype},
    {"specification", disk_specification},
    {"script", disk_script},
};

static int disk_pair(struct disk_spec *d, const char *key, const char *value)
{
    for (size_t i = 0; i < sizeof(disk_keys) / sizeof(disk_keys[0]); i++)
        if (!strcmp(disk_keys[i].key, key))
            return disk_keys[i].take(d, value);
    return spec_wrong(d->problem,
                      "a disk has no \"%s\": format, vdev, access, devtype, backend, backendtype, "
                      "specification, script, target",
                      key);
}

/* Words without a key: first the target, then (format,) name and access in that order; a format
 * may be left out because none looks like a disk's name. */
static int disk_word(struct disk_spec *d, int position, const char *w)
{
    int any;

    if (!strcmp(w, "cdrom"))
        return disk_devtype(d, w);
    if (!strcmp(w, "discard") || !strcmp(w, "no-discard")) {
        libxl_defbool_set(&d->disk->discard_enable, *w == 'd');
        return 0;
    }
    if (!strcmp(w, "direct-io-safe")) {
        d->disk->direct_io_safe = true;
        return 0;
    }
    if (!position) {
        spec_set(&d->disk->pdev_path, w);
        return 0;
    }
    if (!*w)
        return 0;
    if (position == 1 && !d->disk->vdev &&
        !libxl__enum_from_string(libxl_disk_format_string_table, w, &any))
        return disk_format(d, w);
    return !d->disk->vdev ? disk_vdev(d, w) : disk_access(d, w);
}

/* Old prefixes that name format or back end. */
static const char *disk_prefix(struct disk_spec *d, const char *spec)
{
    static const struct {
        const char *prefix;
        libxl_disk_format format;
        libxl_disk_backend backend;
    } prefixes[] = {
        {"raw:", LIBXL_DISK_FORMAT_RAW, 0},
        {"phy:", LIBXL_DISK_FORMAT_RAW, LIBXL_DISK_BACKEND_PHY},
        {"file:", LIBXL_DISK_FORMAT_RAW, 0},
        {"aio:", LIBXL_DISK_FORMAT_RAW, 0},
        {"tap:", LIBXL_DISK_FORMAT_UNKNOWN, 0},
        {"qcow2:", LIBXL_DISK_FORMAT_QCOW2, 0},
        {"qcow:", LIBXL_DISK_FORMAT_QCOW, 0},
        {"vhd:", LIBXL_DISK_FORMAT_VHD, 0},
    };

    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        size_t len = strlen(prefixes[i].prefix);

        if (!strncmp(spec, prefixes[i].prefix, len)) {
            if (prefixes[i].format)
                d->disk->format = prefixes[i].format;
            if (prefixes[i].backend)
                d->disk->backend = prefixes[i].backend;
            return disk_prefix(d, spec + len);
        }
    }
    return spec;
}

int libxl_disk_parse(const char *spec, libxl_device_disk *disk, char **problem)
{
    struct disk_spec d = {.disk = disk, .problem = problem};
    int position = 0, rc = 0;
    const char *p;

    *problem = NULL;
    p = disk_prefix(&d, spec);
    while (!rc && *p) {
        size_t len = strcspn(p, ",");
        char *part, *equals;

        /* The target may contain commas: it takes all the rest. */
        if (!strncmp(p + strspn(p, " \t"), "target=", 7))
            len = strlen(p);
        part = spec_trimmed(p, len);
        equals = strchr(part, '=');
        if (equals && !strncmp(part, "target=", 7)) {
            spec_set(&disk->pdev_path, equals + 1);
        } else if (equals && equals > part && part[0] != '/') {
            *equals = 0;
            rc = disk_pair(&d, part, equals + 1);
        } else {
            rc = disk_word(&d, position++, part);
        }
        free(part);
        p += len + (p[len] == ',');
    }
    if (!rc && !disk->vdev)
        rc = spec_wrong(problem, "\"%s\" names no vdev (for instance xvda)", spec);
    if (!rc && !d.access_given)
        disk->readwrite = !disk->is_cdrom;
    if (!rc && disk->is_cdrom && !disk->pdev_path)
        disk->format = LIBXL_DISK_FORMAT_EMPTY;
    return rc;
}
