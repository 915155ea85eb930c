/* SPDX-License-Identifier: GPL-2.0-only */
/* The short forms of xl.cfg: disks ("phy:/dev/vg/root,xvda,w"), network cards
 * ("mac=...,bridge=..."), CPU lists ("0-3,^2"). */
#include <ctype.h>
#include <libxl_utils.h>
#include <stdlib.h>

#include "util/cfg.h"
#include "util/mem.h"
#include "util/type.h"

static int wrong(char **problem, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static int wrong(char **problem, const char *fmt, ...)
{
    va_list al;

    va_start(al, fmt);
    *problem = libxl__vsprintf(fmt, al);
    va_end(al);
    return ERROR_INVAL;
}

/* The text with white space around it cut off, malloc. */
static char *trimmed(const char *s, size_t len)
{
    while (len && isspace((unsigned char)*s))
        s++, len--;
    while (len && isspace((unsigned char)s[len - 1]))
        len--;
    return libxl__strndup(s, len);
}

static void set(char **field, const char *value)
{
    free(*field);
    *field = libxl__strdup(value);
}

static int number(const char *key, const char *value, long min, long max, long *out, char **problem)
{
    char *end;

    *out = strtol(value, &end, 0);
    if (!*value || *end || *out < min || *out > max)
        return wrong(problem, "%s=%s: should be a number from %ld to %ld", key, value, min, max);
    return 0;
}

/* ---- disks ---- */

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
        return wrong(d->problem, "access \"%s\" is none of r, ro, w, rw", v);
    d->access_given = true;
    return 0;
}

static int disk_devtype(struct disk_spec *d, const char *v)
{
    if (!strcmp(v, "cdrom"))
        d->disk->is_cdrom = d->disk->removable = 1;
    else if (strcmp(v, "disk"))
        return wrong(d->problem, "devtype \"%s\" is neither disk nor cdrom", v);
    return 0;
}

/* "xvda", or the old "hdc:cdrom". */
static int disk_vdev(struct disk_spec *d, const char *v)
{
    const char *colon = strchr(v, ':');
    char *name = colon ? libxl__strndup(v, colon - v) : libxl__strdup(v);
    int rc = 0;

    if (libxl_device_disk_vdev_to_devid(name) < 0)
        rc = wrong(d->problem, "vdev \"%s\" is no disk's name (xvda, hdb, sdc1 ...)", name);
    else
        set(&d->disk->vdev, name);
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
            return wrong(d->problem, "format \"%s\" is none of raw, qcow, qcow2, vhd, qed", v);
        d->disk->format = f;
    }
    return 0;
}

static int disk_backendtype(struct disk_spec *d, const char *v)
{
    return libxl_disk_backend_from_string(v, &d->disk->backend)
               ? wrong(d->problem, "backendtype \"%s\" is none of phy, tap, qdisk, standalone", v)
               : 0;
}

static int disk_specification(struct disk_spec *d, const char *v)
{
    return libxl_disk_specification_from_string(v, &d->disk->specification)
               ? wrong(d->problem, "specification \"%s\" is neither xen nor virtio", v)
               : 0;
}

static int disk_backend(struct disk_spec *d, const char *v)
{
    set(&d->disk->backend_domname, v);
    return 0;
}

static int disk_script(struct disk_spec *d, const char *v)
{
    set(&d->disk->script, v);
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
    return wrong(d->problem,
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
        set(&d->disk->pdev_path, w);
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
        part = trimmed(p, len);
        equals = strchr(part, '=');
        if (equals && !strncmp(part, "target=", 7)) {
            set(&disk->pdev_path, equals + 1);
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
        rc = wrong(problem, "\"%s\" names no vdev (for instance xvda)", spec);
    if (!rc && !d.access_given)
        disk->readwrite = !disk->is_cdrom;
    if (!rc && disk->is_cdrom && !disk->pdev_path)
        disk->format = LIBXL_DISK_FORMAT_EMPTY;
    return rc;
}

/* ---- network cards ---- */

/* "10Mb/s", "250KB/s@20ms": bits (b) or bytes (B) per second, and the interval of accounting. */
static int nic_rate(libxl_device_nic *nic, const char *v, char **problem)
{
    char unit[4] = "", period[4] = "";
    unsigned long long n, bytes;
    unsigned int interval = 50;
    int fields = sscanf(v, "%llu%3[KMGBb]/s@%u%3[mus]", &n, unit, &interval, period), shift = 0;
    size_t len = strlen(unit);

    if (fields < 2 || !len || (unit[len - 1] != 'b' && unit[len - 1] != 'B') || len > 2)
        return wrong(problem, "rate=%s: should be like 10Mb/s or 250KB/s@20ms", v);
    if (len == 2)
        shift = unit[0] == 'K' ? 1 : unit[0] == 'M' ? 2 : 3;
    bytes = n;
    while (shift--)
        bytes *= 1000;
    if (unit[len - 1] == 'b')
        bytes /= 8;
    nic->rate_interval_usecs = !strcmp(period, "us")  ? interval
                               : !strcmp(period, "s") ? interval * 1000000
                                                      : interval * 1000;
    nic->rate_bytes_per_interval = bytes * nic->rate_interval_usecs / 1000000;
    return 0;
}

static int nic_mac(libxl_device_nic *nic, const char *v, char **problem)
{
    uint8_t *m = nic->mac;
    int end = 0;

    if (sscanf(v, LIBXL_MAC_FMT "%n", m, m + 1, m + 2, m + 3, m + 4, m + 5, &end) != 6 || v[end])
        return wrong(problem, "mac=%s: should be like 00:16:3e:12:34:56", v);
    return 0;
}

static int nic_type(libxl_device_nic *nic, const char *v, char **problem)
{
    if (!strcmp(v, "vif"))
        nic->nictype = LIBXL_NIC_TYPE_VIF;
    else if (!strcmp(v, "ioemu"))
        nic->nictype = LIBXL_NIC_TYPE_VIF_IOEMU;
    else
        return wrong(problem, "type=%s: should be vif or ioemu", v);
    return 0;
}

static int nic_pair(libxl_device_nic *nic, const char *key, const char *v, char **problem)
{
    const struct {
        const char *key;
        char **field;
    } texts[] = {
        {"bridge", &nic->bridge},
        {"script", &nic->script},
        {"ip", &nic->ip},
        {"model", &nic->model},
        {"vifname", &nic->ifname},
        {"backend", &nic->backend_domname},
        {"gatewaydev", &nic->gatewaydev},
        {"netdev", &nic->gatewaydev},
    };
    long n;

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (!strcmp(texts[i].key, key)) {
            set(texts[i].field, v);
            return 0;
        }
    if (!strcmp(key, "mac"))
        return nic_mac(nic, v, problem);
    if (!strcmp(key, "type"))
        return nic_type(nic, v, problem);
    if (!strcmp(key, "rate"))
        return nic_rate(nic, v, problem);
    if (!strcmp(key, "devid") || !strcmp(key, "mtu") || !strcmp(key, "trusted")) {
        int rc = number(key, v, *key == 'm' ? 68 : 0,
                        *key == 'd'   ? 255
                        : *key == 'm' ? 65535
                                      : 1,
                        &n, problem);

        if (!rc && *key == 'd')
            nic->devid = n;
        else if (!rc && *key == 'm')
            nic->mtu = n;
        else if (!rc)
            libxl_defbool_set(&nic->trusted, n);
        return rc;
    }
    return wrong(problem,
                 "a network card has no \"%s\": mac, bridge, script, ip, model, vifname, type, "
                 "rate, devid, mtu, backend, gatewaydev, trusted",
                 key);
}

int libxl_nic_parse(const char *spec, libxl_device_nic *nic, char **problem)
{
    const char *p = spec;
    int rc = 0;

    *problem = NULL;
    while (!rc && *p) {
        size_t len = strcspn(p, ",");
        char *part = trimmed(p, len), *equals = strchr(part, '=');

        if (equals) {
            *equals = 0;
            rc = nic_pair(nic, part, equals + 1, problem);
        } else if (*part) {
            rc = wrong(problem, "\"%s\" should be key=value", part);
        }
        free(part);
        p += len + (p[len] == ',');
    }
    return rc;
}

/* ---- CPU lists ---- */

struct cpulist {
    libxl_ctx *ctx;
    int nr_cpus;
    libxl_bitmap *map;
    char **problem;
};

static void grow(libxl_bitmap *map, int bits)
{
    uint32_t size = (bits + 7) / 8;

    if (size <= map->size)
        return;
    map->map = libxl__realloc(map->map, size);
    memset(map->map + map->size, 0, size - map->size);
    map->size = size;
}

static int set_range(struct cpulist *l, long from, long to, bool nodes, bool exclude)
{
    if (nodes) {
        libxl_bitmap cpus;

        if (!l->ctx || libxl_cpu_bitmap_alloc(l->ctx, &cpus, 0))
            return wrong(l->problem, "nodes: can be resolved on the host only");
        for (long node = from; node <= to; node++) {
            int cpu;

            if (libxl_node_to_cpumap(l->ctx, node, &cpus))
                break;
            grow(l->map, cpus.size * 8);
            libxl_for_each_set_bit(cpu, cpus) exclude ? libxl_bitmap_reset(l->map, cpu)
                                                      : libxl_bitmap_set(l->map, cpu);
        }
        libxl_bitmap_dispose(&cpus);
        return 0;
    }
    if (!exclude)
        grow(l->map, to + 1);
    for (long cpu = from; cpu <= to; cpu++)
        exclude ? libxl_bitmap_reset(l->map, cpu) : libxl_bitmap_set(l->map, cpu);
    return 0;
}

static int take_range(struct cpulist *l, const char *part)
{
    const char *p = part;
    bool exclude = *p == '^', nodes = false;
    long from, to;
    char *end;

    p += exclude;
    if (!strcmp(p, "all"))
        return set_range(l, 0, l->nr_cpus - 1, false, exclude);
    if (!strncmp(p, "nodes:", 6) || !strncmp(p, "node:", 5)) {
        nodes = true;
        p = strchr(p, ':') + 1;
        if (*p == '^' && !exclude) {
            exclude = true;
            p++;
        }
    }
    from = to = strtol(p, &end, 10);
    if (end != p && *end == '-') {
        p = end + 1;
        to = strtol(p, &end, 10);
    }
    if (end == p || *end || from < 0 || to < from || to > 65535)
        return wrong(l->problem,
                     "\"%s\" should be a number, a range (0-3), ^ and what to leave "
                     "out, all, or nodes:N",
                     part);
    return set_range(l, from, to, nodes, exclude);
}

int libxl_cpulist_parse(libxl_ctx *ctx, const char *spec, int nr_cpus, libxl_bitmap *map,
                        char **problem)
{
    struct cpulist l = {ctx, nr_cpus, map, problem};
    const char *p = spec;
    int rc = 0;

    *problem = NULL;
    libxl_bitmap_init(map);
    grow(map, nr_cpus);
    while (!rc && *p) {
        size_t len = strcspn(p, ",");
        char *part = trimmed(p, len);

        /* A list that begins by leaving out means all others. */
        if (p == spec && *part == '^')
            set_range(&l, 0, nr_cpus - 1, false, false);
        rc = take_range(&l, part);
        free(part);
        p += len + (p[len] == ',');
    }
    if (!rc && libxl_bitmap_is_empty(map))
        rc = wrong(problem, "\"%s\" names no CPU", spec);
    if (rc)
        libxl_bitmap_dispose(map);
    return rc;
}
