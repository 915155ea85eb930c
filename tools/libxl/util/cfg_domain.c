/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * xl.cfg's vocabulary: what each key means for a libxl_domain_config, in one table. Most keys are
 * one field, named by its path; the others have a function each way.
 */
#include <inttypes.h>
#include <libxl_utils.h>
#include <stdlib.h>

#include "util/cfg.h"
#include "util/mem.h"
#include "util/type.h"

struct key {
    const char *key, *type, *doc;
    const char *path; /* of the field, if it is one */
    int64_t unit;     /* the field is in this many times smaller units (0: the same) */
    void (*get)(libxl_cfg *cfg, const libxl_cfg_node *n, libxl_domain_config *c);
    void (*put)(libxl_cfg *cfg, const char *key, const libxl_domain_config *c);
};

/* ---- fields by path ---- */

struct field_at {
    const struct type_field *field;
    char *base; /* of the structure that contains it */
};

static bool field_live(const struct type_field *f, const char *base)
{
    return !f->keyed || *(const int *)(base + f->key_offset) == f->key_value;
}

/* "b_info.type.hvm.boot": a union's member has a name with a dot in it. False: not in this kind of
 * domain. */
static bool resolve(const char *path, libxl_domain_config *c, struct field_at *at)
{
    const struct libxl_type *type = &libxl__domain_config_type;

    at->base = (char *)c;
    for (;;) {
        const struct type_field *found = NULL;
        size_t len = 0;

        for (size_t i = 0; i < type->nr_fields; i++) {
            const struct type_field *f = &type->fields[i];
            size_t n = strlen(f->name);

            if (!strncmp(path, f->name, n) && (!path[n] || path[n] == '.') && n > len) {
                found = f;
                len = n;
            }
        }
        if (!found || !field_live(found, at->base))
            return false;
        at->field = found;
        if (!path[len])
            return true;
        at->base += found->offset;
        type = found->sub;
        path += len + 1;
    }
}

/* A number may be written as a string, as old files do. */
static libxl_cfg_node as_number(const libxl_cfg_node *n)
{
    libxl_cfg_node copy = *n;
    char *end;

    if (n->kind == LIBXL_CFG_STRING && *n->s) {
        copy.i = strtoll(n->s, &end, 0);
        if (!*end)
            copy.kind = LIBXL_CFG_INT;
    } else if (n->kind == LIBXL_CFG_BOOL) {
        copy.kind = LIBXL_CFG_INT;
        copy.i = n->b;
    }
    return copy;
}

static void get_path(libxl_cfg *cfg, const libxl_cfg_node *n, const struct key *k,
                     libxl_domain_config *c)
{
    libxl_cfg_node number = as_number(n), list = *n, element = *n;
    struct field_at at;

    if (!resolve(k->path, c, &at)) {
        libxl_cfg_fault(cfg, n, "has no meaning for a %s guest",
                        libxl_domain_type_to_string(c->c_info.type));
        return;
    }
    if (at.field->kind == T_INT || at.field->kind == T_UINT || at.field->kind == T_BOOL) {
        if (k->unit && number.kind == LIBXL_CFG_INT) {
            if (number.i < 0 || number.i > INT64_MAX / k->unit) {
                libxl_cfg_fault(cfg, n, "%" PRId64 " is out of range", number.i);
                return;
            }
            number.i *= k->unit;
        }
        n = &number;
    } else if (at.field->kind == T_DEFBOOL) {
        n = &number;
    } else if (at.field->kind == T_ENUM && number.kind == LIBXL_CFG_INT) {
        /* Enumerations by number, as old files do. */
        const char *name = libxl__enum_to_string(at.field->values, number.i);

        if (name) {
            number.kind = LIBXL_CFG_STRING;
            number.s = name;
            n = &number;
        }
    } else if (at.field->kind == T_STRING_LIST && n->kind == LIBXL_CFG_STRING) {
        /* One string where a list may be. */
        list.kind = LIBXL_CFG_LIST;
        element.next = NULL;
        list.first = list.last = &element;
        n = &list;
    }
    libxl__field_from_node(cfg, at.field, at.base, n);
}

static void put_strings(libxl_cfg *cfg, const char *key, char *const *list)
{
    libxl_cfg_node *n;

    if (!list || !*list)
        return;
    n = libxl_cfg_add(cfg, cfg->root, key, LIBXL_CFG_LIST, 0);
    for (; *list; list++)
        libxl_cfg_add_string(cfg, n, NULL, *list, 0);
}

static void put_number(libxl_cfg *cfg, const struct key *k, const struct type_field *f,
                       const void *at)
{
    int64_t v = 0;

    memcpy(&v, at, f->size);
    if (!memcmp(at, &f->def, f->size))
        return;
    if (f->kind == T_INT && f->size == 4)
        v = (int32_t)v;
    libxl_cfg_add_int(cfg, cfg->root, k->key, k->unit ? v / k->unit : v, 0);
}

static void put_path(libxl_cfg *cfg, const struct key *k, const libxl_domain_config *c)
{
    struct field_at at;
    const void *p;
    char uuid[LIBXL_UUID_FMTLEN + 1];

    if (!resolve(k->path, (libxl_domain_config *)c, &at))
        return;
    p = at.base + at.field->offset;
    switch (at.field->kind) {
    case T_STRING:
        if (*(char *const *)p)
            libxl_cfg_add_string(cfg, cfg->root, k->key, *(char *const *)p, 0);
        break;
    case T_DEFBOOL:
        if (!libxl_defbool_is_default(*(const libxl_defbool *)p))
            libxl_cfg_add_int(cfg, cfg->root, k->key, libxl_defbool_val(*(const libxl_defbool *)p),
                              0);
        break;
    case T_INT:
    case T_UINT:
        put_number(cfg, k, at.field, p);
        break;
    case T_ENUM:
        if (*(const int *)p != (int)at.field->def &&
            libxl__enum_to_string(at.field->values, *(const int *)p))
            libxl_cfg_add_string(cfg, cfg->root, k->key,
                                 libxl__enum_to_string(at.field->values, *(const int *)p), 0);
        break;
    case T_STRING_LIST:
        put_strings(cfg, k->key, *(char **const *)p);
        break;
    case T_UUID:
        if (!libxl_uuid_is_nil(p)) {
            snprintf(uuid, sizeof(uuid), LIBXL_UUID_FMT, LIBXL_UUID_BYTES(*(const libxl_uuid *)p));
            libxl_cfg_add_string(cfg, cfg->root, k->key, uuid, 0);
        }
        break;
    default:
        break;
    }
}

/* ---- keys that are more than a field ---- */

static bool positive(libxl_cfg *cfg, const libxl_cfg_node *n, int64_t max, int64_t *out)
{
    libxl_cfg_node number = as_number(n);

    if (number.kind != LIBXL_CFG_INT || number.i < 1 || number.i > max) {
        libxl_cfg_fault(cfg, n, "should be a number from 1 to %" PRId64, max);
        return false;
    }
    *out = number.i;
    return true;
}

/* type was read before all else: see libxl_cfg_to_domain_config. */
static void get_type(libxl_cfg *cfg, const libxl_cfg_node *n, libxl_domain_config *c)
{
}

static void put_type(libxl_cfg *cfg, const char *key, const libxl_domain_config *c)
{
    if (c->c_info.type != LIBXL_DOMAIN_TYPE_INVALID)
        libxl_cfg_add_string(cfg, cfg->root, key, libxl_domain_type_to_string(c->c_info.type), 0);
}

static void get_vcpus(libxl_cfg *cfg, const libxl_cfg_node *n, libxl_domain_config *c)
{
    int64_t v;

    if (!positive(cfg, n, 4096, &v))
        return;
    if (c->b_info.max_vcpus < v && !libxl_cfg_get(cfg->root, "maxvcpus"))
        c->b_info.max_vcpus = v;
    libxl_bitmap_dispose(&c->b_info.avail_vcpus);
    libxl_bitmap_alloc(NULL, &c->b_info.avail_vcpus, v);
    for (int i = 0; i < v; i++)
        libxl_bitmap_set(&c->b_info.avail_vcpus, i);
}

static void put_vcpus(libxl_cfg *cfg, const char *key, const libxl_domain_config *c)
{
    int n = libxl_bitmap_count_set(&c->b_info.avail_vcpus);

    if (n || c->b_info.max_vcpus)
        libxl_cfg_add_int(cfg, cfg->root, key, n ? n : c->b_info.max_vcpus, 0);
}

static void get_maxvcpus(libxl_cfg *cfg, const libxl_cfg_node *n, libxl_domain_config *c)
{
    const libxl_cfg_node *vcpus = libxl_cfg_get(cfg->root, "vcpus");
    int64_t v;

    if (!positive(cfg, n, 4096, &v))
        return;
    c->b_info.max_vcpus = v;
    if (vcpus && as_number(vcpus).kind == LIBXL_CFG_INT && as_number(vcpus).i > v)
        libxl_cfg_fault(cfg, n, "is less than vcpus (%" PRId64 ")", as_number(vcpus).i);
}

static void put_maxvcpus(libxl_cfg *cfg, const char *key, const libxl_domain_config *c)
{
    int n = libxl_bitmap_count_set(&c->b_info.avail_vcpus);

    if (n && n != c->b_info.max_vcpus)
        libxl_cfg_add_int(cfg, cfg->root, key, c->b_info.max_vcpus, 0);
}

/* extra is appended to root=, or cmdline says all. */
static void get_extra(libxl_cfg *cfg, const libxl_cfg_node *n, libxl_domain_config *c)
{
    const libxl_cfg_node *root = libxl_cfg_get(cfg->root, "root");
    const libxl_cfg_node *extra = libxl_cfg_get(cfg->root, "extra");
    bool has_root = root && root->kind == LIBXL_CFG_STRING;
    bool has_extra = extra && extra->kind == LIBXL_CFG_STRING;

    if (n->kind != LIBXL_CFG_STRING) {
        libxl_cfg_fault(cfg, n, "should be a string");
        return;
    }
    if (libxl_cfg_get(cfg->root, "cmdline")) {
        libxl_cfg_fault(cfg, n, "is without effect, because cmdline is given too");
        return;
    }
    free(c->b_info.cmdline);
    c->b_info.cmdline = libxl__sprintf("%s%s%s%s", has_root ? "root=" : "", has_root ? root->s : "",
                                       has_root && has_extra ? " " : "", has_extra ? extra->s : "");
}

/* One list for all vCPUs, or one per vCPU. */
static void get_affinity(libxl_cfg *cfg, const libxl_cfg_node *n, libxl_bitmap **maps, int *count,
                         int vcpus)
{
    const libxl_cfg_node *e = n->kind == LIBXL_CFG_LIST ? n->first : n;
    int i = 0;

    if (n->kind == LIBXL_CFG_STRING && !strcmp(n->s, "all"))
        return;
    if (n->kind == LIBXL_CFG_LIST)
        for (vcpus = 0; e; e = e->next)
            vcpus++;
    *maps = libxl__alloc(vcpus * sizeof(**maps));
    *count = vcpus;
    for (e = n->kind == LIBXL_CFG_LIST ? n->first : n; i < vcpus; i++) {
        char number[24], *problem = NULL;
        const char *text = e->s;

        if (e->kind == LIBXL_CFG_INT) {
            snprintf(number, sizeof(number), "%" PRId64, e->i);
            text = number;
        }
        if (e->kind != LIBXL_CFG_STRING && e->kind != LIBXL_CFG_INT) {
            libxl_cfg_fault(cfg, e, "should be a list of CPUs such as \"0-3,^2\"");
            return;
        }
        if (libxl_cpulist_parse(NULL, text, 0, &(*maps)[i], &problem)) {
            libxl_cfg_fault(cfg, e, "%s", problem);
            free(problem);
            return;
        }
        if (n->kind == LIBXL_CFG_LIST)
            e = e->next;
    }
}

static int vcpus_of(libxl_cfg *cfg)
{
    const libxl_cfg_node *n = libxl_cfg_get(cfg->root, "maxvcpus");
    libxl_cfg_node number;

    if (!n)
        n = libxl_cfg_get(cfg->root, "vcpus");
    if (!n)
        return 1;
    number = as_number(n);
    return number.kind == LIBXL_CFG_INT && number.i > 0 && number.i <= 4096 ? (int)number.i : 1;
}

static void get_cpus(libxl_cfg *cfg, const libxl_cfg_node *n, libxl_domain_config *c)
{
    get_affinity(cfg, n, &c->b_info.vcpu_hard_affinity, &c->b_info.num_vcpu_hard_affinity,
                 vcpus_of(cfg));
}

static void get_cpus_soft(libxl_cfg *cfg, const libxl_cfg_node *n, libxl_domain_config *c)
{
    get_affinity(cfg, n, &c->b_info.vcpu_soft_affinity, &c->b_info.num_vcpu_soft_affinity,
                 vcpus_of(cfg));
}

/* "0-3,6" */
static char *cpulist_text(const libxl_bitmap *map)
{
    char *text = libxl__strdup(""), *more;

    for (int i = 0; i < (int)map->size * 8; i++) {
        int from = i;

        if (!libxl_bitmap_test(map, i))
            continue;
        while (libxl_bitmap_test(map, i + 1))
            i++;
        more = from == i ? libxl__sprintf("%s%s%d", text, *text ? "," : "", i)
                         : libxl__sprintf("%s%s%d-%d", text, *text ? "," : "", from, i);
        free(text);
        text = more;
    }
    return text;
}

static void put_affinity(libxl_cfg *cfg, const char *key, const libxl_bitmap *maps, int n)
{
    libxl_cfg_node *list = n ? libxl_cfg_add(cfg, cfg->root, key, LIBXL_CFG_LIST, 0) : NULL;

    for (int i = 0; i < n; i++) {
        char *text = cpulist_text(&maps[i]);

        libxl_cfg_add_string(cfg, list, NULL, text, 0);
        free(text);
    }
}

static void put_cpus(libxl_cfg *cfg, const char *key, const libxl_domain_config *c)
{
    put_affinity(cfg, key, c->b_info.vcpu_hard_affinity, c->b_info.num_vcpu_hard_affinity);
}

static void put_cpus_soft(libxl_cfg *cfg, const char *key, const libxl_domain_config *c)
{
    put_affinity(cfg, key, c->b_info.vcpu_soft_affinity, c->b_info.num_vcpu_soft_affinity);
}

/* xl.cfg writes some actions the other way round. */
static const struct {
    const char *word;
    libxl_action_on_shutdown action;
} actions[] = {
    {"destroy", LIBXL_ACTION_ON_SHUTDOWN_DESTROY},
    {"restart", LIBXL_ACTION_ON_SHUTDOWN_RESTART},
    {"rename-restart", LIBXL_ACTION_ON_SHUTDOWN_RESTART_RENAME},
    {"preserve", LIBXL_ACTION_ON_SHUTDOWN_PRESERVE},
    {"coredump-destroy", LIBXL_ACTION_ON_SHUTDOWN_COREDUMP_DESTROY},
    {"coredump-restart", LIBXL_ACTION_ON_SHUTDOWN_COREDUMP_RESTART},
    {"soft-reset", LIBXL_ACTION_ON_SHUTDOWN_SOFT_RESET},
};

static libxl_action_on_shutdown *action_of(libxl_domain_config *c, const char *key)
{
    return !strcmp(key, "on_poweroff")   ? &c->on_poweroff
           : !strcmp(key, "on_reboot")   ? &c->on_reboot
           : !strcmp(key, "on_watchdog") ? &c->on_watchdog
           : !strcmp(key, "on_crash")    ? &c->on_crash
                                         : &c->on_soft_reset;
}

static void get_action(libxl_cfg *cfg, const libxl_cfg_node *n, libxl_domain_config *c)
{
    libxl_action_on_shutdown *to = action_of(c, n->key);

    for (size_t i = 0; n->kind == LIBXL_CFG_STRING && i < sizeof(actions) / sizeof(actions[0]); i++)
        if (!strcmp(actions[i].word, n->s)) {
            *to = actions[i].action;
            return;
        }
    if (n->kind != LIBXL_CFG_STRING || libxl_action_on_shutdown_from_string(n->s, to))
        libxl_cfg_fault(cfg, n,
                        "should be one of destroy, restart, rename-restart, preserve, "
                        "coredump-destroy, coredump-restart, soft-reset");
}

static void put_action(libxl_cfg *cfg, const char *key, const libxl_domain_config *c)
{
    libxl_domain_config defaults;
    libxl_action_on_shutdown a = *action_of((libxl_domain_config *)c, key);

    libxl_domain_config_init(&defaults);
    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
        if (actions[i].action == a && a != *action_of(&defaults, key))
            libxl_cfg_add_string(cfg, cfg->root, key, actions[i].word, 0);
    libxl_domain_config_dispose(&defaults);
}

/* ---- devices: each a short form or a map of the structure's fields ---- */

static int list_length(libxl_cfg *cfg, const libxl_cfg_node *n)
{
    int count = 0;

    if (n->kind != LIBXL_CFG_LIST) {
        libxl_cfg_fault(cfg, n, "should be a list: [ '...', '...' ]");
        return 0;
    }
    for (const libxl_cfg_node *e = n->first; e; e = e->next)
        count++;
    return count;
}

extern const struct libxl_type libxl__device_disk_type, libxl__device_nic_type;

static void get_device(libxl_cfg *cfg, const libxl_cfg_node *e, const struct libxl_type *type,
                       void *device, int (*parse)(const char *spec, void *device, char **problem))
{
    char *problem = NULL;

    libxl__type_init(type, device);
    if (e->kind == LIBXL_CFG_MAP)
        libxl__type_from_node(cfg, type, device, e);
    else if (e->kind != LIBXL_CFG_STRING)
        libxl_cfg_fault(cfg, e, "should be a string or a map");
    else if (parse(e->s, device, &problem))
        libxl_cfg_fault(cfg, e, "%s", problem);
    free(problem);
}

static int parse_disk(const char *spec, void *device, char **problem)
{
    return libxl_disk_parse(spec, device, problem);
}

static int parse_nic(const char *spec, void *device, char **problem)
{
    return libxl_nic_parse(spec, device, problem);
}

static void get_disks(libxl_cfg *cfg, const libxl_cfg_node *n, libxl_domain_config *c)
{
    int count = list_length(cfg, n);

    c->disks = libxl__alloc(count * sizeof(*c->disks));
    for (const libxl_cfg_node *e = n->first; count && e; e = e->next)
        get_device(cfg, e, &libxl__device_disk_type, &c->disks[c->num_disks++], parse_disk);
}

static void get_nics(libxl_cfg *cfg, const libxl_cfg_node *n, libxl_domain_config *c)
{
    int count = list_length(cfg, n);

    c->nics = libxl__alloc(count * sizeof(*c->nics));
    for (const libxl_cfg_node *e = n->first; count && e; e = e->next)
        get_device(cfg, e, &libxl__device_nic_type, &c->nics[c->num_nics++], parse_nic);
}

/* The target comes last, because it may contain commas. */
static void put_disks(libxl_cfg *cfg, const char *key, const libxl_domain_config *c)
{
    libxl_cfg_node *list =
        c->num_disks ? libxl_cfg_add(cfg, cfg->root, key, LIBXL_CFG_LIST, 0) : NULL;

    for (int i = 0; i < c->num_disks; i++) {
        const libxl_device_disk *d = &c->disks[i];
        char *text = libxl__sprintf(
            "%s%s%svdev=%s,access=%s%s%s%s%s%s%s%s%s,target=%s", d->format ? "format=" : "",
            d->format ? libxl_disk_format_to_string(d->format) : "", d->format ? "," : "",
            d->vdev ? d->vdev : "", d->readwrite ? "rw" : "ro", d->is_cdrom ? ",devtype=cdrom" : "",
            d->backend ? ",backendtype=" : "",
            d->backend ? libxl_disk_backend_to_string(d->backend) : "", d->script ? ",script=" : "",
            d->script ? d->script : "", d->backend_domname ? ",backend=" : "",
            d->backend_domname ? d->backend_domname : "",
            libxl_defbool_is_default(d->discard_enable) ? ""
            : libxl_defbool_val(d->discard_enable)      ? ",discard"
                                                        : ",no-discard",
            d->pdev_path ? d->pdev_path : "");

        libxl_cfg_add_string(cfg, list, NULL, text, 0);
        free(text);
    }
}

static void put_nics(libxl_cfg *cfg, const char *key, const libxl_domain_config *c)
{
    static const libxl_mac none;
    libxl_cfg_node *list =
        c->num_nics ? libxl_cfg_add(cfg, cfg->root, key, LIBXL_CFG_LIST, 0) : NULL;

    for (int i = 0; i < c->num_nics; i++) {
        const libxl_device_nic *n = &c->nics[i];
        const struct {
            const char *key, *value;
        } parts[] = {{"bridge", n->bridge},
                     {"script", n->script},
                     {"ip", n->ip},
                     {"model", n->model},
                     {"vifname", n->ifname},
                     {"backend", n->backend_domname},
                     {"gatewaydev", n->gatewaydev},
                     {"type", n->nictype == LIBXL_NIC_TYPE_VIF         ? "vif"
                              : n->nictype == LIBXL_NIC_TYPE_VIF_IOEMU ? "ioemu"
                                                                       : NULL}};
        char text[1024] = "";
        size_t len = 0;

        if (memcmp(n->mac, none, sizeof(none)))
            len += snprintf(text, sizeof(text), "mac=" LIBXL_MAC_FMT, LIBXL_MAC_BYTES(n->mac));
        if (n->devid >= 0)
            len += snprintf(text + len, sizeof(text) - len, "%sdevid=%d", len ? "," : "", n->devid);
        if (n->mtu)
            len += snprintf(text + len, sizeof(text) - len, "%smtu=%d", len ? "," : "", n->mtu);
        if (n->rate_bytes_per_interval && n->rate_interval_usecs)
            len += snprintf(text + len, sizeof(text) - len, "%srate=%" PRIu64 "B/s@%uus",
                            len ? "," : "",
                            n->rate_bytes_per_interval * 1000000 / n->rate_interval_usecs,
                            n->rate_interval_usecs);
        for (size_t p = 0; p < sizeof(parts) / sizeof(parts[0]) && len < sizeof(text); p++)
            if (parts[p].value)
                len += snprintf(text + len, sizeof(text) - len, "%s%s=%s", len ? "," : "",
                                parts[p].key, parts[p].value);
        libxl_cfg_add_string(cfg, list, NULL, text, 0);
    }
}

/* "0000:00:1b.0" and options, which only make sense where devices can be handed through. */
static void get_pci(libxl_cfg *cfg, const libxl_cfg_node *n, libxl_domain_config *c)
{
    int count = list_length(cfg, n);

    c->pcidevs = libxl__alloc(count * sizeof(*c->pcidevs));
    for (const libxl_cfg_node *e = n->first; count && e; e = e->next) {
        libxl_device_pci *p = &c->pcidevs[c->num_pcidevs++];
        unsigned int domain = 0, bus, dev, func;

        libxl_device_pci_init(p);
        if (e->kind != LIBXL_CFG_STRING ||
            (sscanf(e->s, "%x:%x:%x.%x", &domain, &bus, &dev, &func) != 4 &&
             (domain = 0, sscanf(e->s, "%x:%x.%x", &bus, &dev, &func)) != 3) ||
            domain > 0xffff || bus > 255 || dev > 31 || func > 7) {
            libxl_cfg_fault(cfg, e, "should be a PCI device such as \"0000:03:00.0\"");
            continue;
        }
        p->domain = domain;
        p->bus = bus;
        p->dev = dev;
        p->func = func;
    }
}

static void put_pci(libxl_cfg *cfg, const char *key, const libxl_domain_config *c)
{
    libxl_cfg_node *list =
        c->num_pcidevs ? libxl_cfg_add(cfg, cfg->root, key, LIBXL_CFG_LIST, 0) : NULL;

    for (int i = 0; i < c->num_pcidevs; i++) {
        const libxl_device_pci *p = &c->pcidevs[i];
        char text[32];

        snprintf(text, sizeof(text), "%04x:%02x:%02x.%x", p->domain, p->bus, p->dev, p->func);
        libxl_cfg_add_string(cfg, list, NULL, text, 0);
    }
}

static void get_cpuid(libxl_cfg *cfg, const libxl_cfg_node *n, libxl_domain_config *c)
{
    const libxl_cfg_node *e = n->kind == LIBXL_CFG_LIST ? n->first : n;

    for (; e; e = n->kind == LIBXL_CFG_LIST ? e->next : NULL)
        if (e->kind != LIBXL_CFG_STRING || libxl_cpuid_parse_config(&c->b_info.cpuid, e->s))
            libxl_cfg_fault(cfg, e, "should be like \"host,avx2=0,...\" with known features");
}

static void put_cpuid(libxl_cfg *cfg, const char *key, const libxl_domain_config *c)
{
    put_strings(cfg, key, (char *const *)c->b_info.cpuid);
}

/* ---- the table ---- */

#define FIELD(key_, type_, path_, doc_)                        \
    {                                                          \
        .key = key_, .type = type_, .doc = doc_, .path = path_ \
    }
#define OTHER(key_, type_, get_, put_, doc_)                              \
    {                                                                     \
        .key = key_, .type = type_, .doc = doc_, .get = get_, .put = put_ \
    }
#define HVM "b_info.type.hvm."

static const struct key keys[] = {
    OTHER("type", "pvh|hvm|pv", get_type, put_type, "how the guest is virtualised"),
    OTHER("builder", "hvm|generic", get_type, NULL, "old way to say type"),
    FIELD("name", "string", "c_info.name", "the domain's name"),
    FIELD("uuid", "UUID", "c_info.uuid", "the domain's UUID; default: random"),
    {"memory", "MiB", "memory at the start", "b_info.target_memkb", 1024, NULL, NULL},
    {"maxmem", "MiB", "memory the guest may grow to", "b_info.max_memkb", 1024, NULL, NULL},
    OTHER("vcpus", "integer", get_vcpus, put_vcpus, "vCPUs online at the start"),
    OTHER("maxvcpus", "integer", get_maxvcpus, put_maxvcpus, "vCPUs the guest may use"),
    FIELD("kernel", "string", "b_info.kernel", "file of the kernel (ELF or bzImage)"),
    FIELD("ramdisk", "string", "b_info.ramdisk", "file of the initrd"),
    FIELD("cmdline", "string", "b_info.cmdline", "the kernel's command line"),
    OTHER("root", "string", get_extra, NULL, "root= of the kernel's command line"),
    OTHER("extra", "string", get_extra, NULL, "what follows it in the command line"),
    FIELD("bootloader", "string", "b_info.bootloader", "program that finds the kernel"),
    FIELD("bootloader_args", "list of strings", "b_info.bootloader_args", "its arguments"),
    OTHER("disk", "list of disks", get_disks, put_disks, "disks"),
    OTHER("vif", "list of network cards", get_nics, put_nics, "network cards"),
    OTHER("pci", "list of PCI devices", get_pci, put_pci, "devices handed through"),
    OTHER("on_poweroff", "action", get_action, put_action, "when the guest powers off"),
    OTHER("on_reboot", "action", get_action, put_action, "when the guest reboots"),
    OTHER("on_watchdog", "action", get_action, put_action, "when its watchdog fires"),
    OTHER("on_crash", "action", get_action, put_action, "when the guest crashes"),
    OTHER("on_soft_reset", "action", get_action, put_action, "when it asks for a soft reset"),
    OTHER("cpus", "CPU list(s)", get_cpus, put_cpus, "CPUs the vCPUs may run on"),
    OTHER("cpus_soft", "CPU list(s)", get_cpus_soft, put_cpus_soft, "CPUs they prefer"),
    FIELD("cpu_weight", "integer", "b_info.sched_params.weight", "share of the CPUs, 256 is usual"),
    FIELD("cap", "integer", "b_info.sched_params.cap", "at most this percentage of one CPU"),
    FIELD("pool", "string", "c_info.pool_name", "CPU pool"),
    FIELD("seclabel", "string", "c_info.ssid_label", "security label"),
    FIELD("hap", "boolean", "c_info.hap", "hardware assisted paging"),
    FIELD("driver_domain", "boolean", "c_info.driver_domain", "serves devices to others"),
    FIELD("passthrough", "default|disabled|enabled|sync_pt|share_pt", "c_info.passthrough",
          "may devices be handed through"),
    OTHER("cpuid", "string or list of strings", get_cpuid, put_cpuid, "changes to CPU features"),
    FIELD("acpi", "boolean", "b_info.acpi", "ACPI tables"),
    FIELD("apic", "boolean", "b_info.apic", "local APIC"),
    FIELD("nestedhvm", "boolean", "b_info.nested_hvm", "virtualisation inside of the guest"),
    FIELD("tsc_mode", "default|always_emulate|native|native_paravirt", "b_info.tsc_mode",
          "how the TSC behaves"),
    FIELD("timer_mode", "name", "b_info.timer_mode", "what happens to missed ticks"),
    FIELD("localtime", "boolean", "b_info.localtime", "clock in local time"),
    FIELD("rtc_timeoffset", "seconds", "b_info.rtc_timeoffset", "clock's offset"),
    FIELD("nomigrate", "boolean", "b_info.disable_migrate", "never to be migrated"),
    FIELD("max_grant_frames", "integer", "b_info.max_grant_frames", "pages of the grant table"),
    FIELD("max_maptrack_frames", "integer", "b_info.max_maptrack_frames",
          "pages for tracking mapped grants"),
    FIELD("max_grant_version", "integer", "b_info.max_grant_version", "1 or 2"),
    FIELD("max_event_channels", "integer", "b_info.event_channels", "highest event channel"),
    {"shadow_memory", "MiB", "memory for page tables", "b_info.shadow_memkb", 1024, NULL, NULL},
    FIELD("msr_relaxed", "boolean", "b_info.arch_x86.msr_relaxed", "unknown MSRs read as 0"),
    FIELD("altp2m", "disabled|mixed|external|limited", "b_info.altp2m", "views of memory"),
    FIELD("vmtrace_buf_kb", "KiB", "b_info.vmtrace_buf_kb", "trace buffer per vCPU"),
    FIELD("vpmu", "boolean", "b_info.vpmu", "performance counters"),
    FIELD("device_model_version", "qemu-xen", "b_info.device_model_version", "device model"),
    FIELD("device_model_override", "string", "b_info.device_model", "its program"),
    FIELD("device_model_args", "list of strings", "b_info.extra", "more arguments for it"),
    FIELD("pvshim", "boolean", "b_info.type.pvh.pvshim", "run a PV kernel inside PVH"),
    FIELD("bios", "seabios|ovmf", HVM "bios", "firmware"),
    FIELD("boot", "string", HVM "boot", "boot order: c disk, d CD, n network"),
    FIELD("firmware_override", "string", HVM "system_firmware", "firmware's file"),
    FIELD("hpet", "boolean", HVM "hpet", "HPET"),
    FIELD("serial", "string or list", HVM "serial_list", "serial ports"),
    FIELD("vnc", "boolean", HVM "vnc.enable", "VNC server"),
    FIELD("vnclisten", "string", HVM "vnc.listen", "its address"),
    FIELD("vncpasswd", "string", HVM "vnc.passwd", "its password"),
    FIELD("vncdisplay", "integer", HVM "vnc.display", "its number"),
    FIELD("vncunused", "boolean", HVM "vnc.findunused", "take the next free number"),
    FIELD("sdl", "boolean", HVM "sdl.enable", "local window"),
    FIELD("nographic", "boolean", HVM "nographic", "no display at all"),
    FIELD("vga", "stdvga|cirrus|none|qxl", HVM "vga.kind", "graphics card"),
    FIELD("usb", "boolean", HVM "usb", "USB controller"),
    FIELD("usbdevice", "string or list", HVM "usbdevice_list", "USB devices"),
    FIELD("xen_platform_pci", "boolean", HVM "xen_platform_pci", "Xen's platform device"),
    FIELD("viridian", "boolean", HVM "viridian", "Hyper-V compatible features"),
    FIELD("soundhw", "string", HVM "soundhw", "sound card"),
    FIELD("hdtype", "ide|ahci", HVM "hdtype", "disk controller"),
    FIELD("keymap", "string", HVM "keymap", "keyboard layout"),
};
enum { NR_KEYS = sizeof(keys) / sizeof(keys[0]) };

const libxl_cfg_key *libxl_cfg_keys(void)
{
    static libxl_cfg_key list[NR_KEYS + 1];

    /* Writing the same values twice from two threads does no harm. */
    for (int i = 0; i < NR_KEYS; i++)
        list[i] = (libxl_cfg_key){keys[i].key, keys[i].type, keys[i].doc};
    return list;
}

/* ---- tree to configuration ---- */

static void read_type(libxl_cfg *cfg, libxl_domain_config *c)
{
    const libxl_cfg_node *n = libxl_cfg_get(cfg->root, "type");
    const libxl_cfg_node *old = libxl_cfg_get(cfg->root, "builder");
    libxl_domain_type type = LIBXL_DOMAIN_TYPE_PVH;

    if (n && (n->kind != LIBXL_CFG_STRING || libxl_domain_type_from_string(n->s, &type) ||
              type == LIBXL_DOMAIN_TYPE_INVALID)) {
        libxl_cfg_fault(cfg, n, "should be pvh, hvm or pv");
        type = LIBXL_DOMAIN_TYPE_PVH;
    } else if (!n && old) {
        if (old->kind == LIBXL_CFG_STRING && !strcmp(old->s, "hvm"))
            type = LIBXL_DOMAIN_TYPE_HVM;
        else if (old->kind == LIBXL_CFG_STRING && !strcmp(old->s, "generic"))
            type = LIBXL_DOMAIN_TYPE_PV;
        else
            libxl_cfg_fault(cfg, old, "should be hvm or generic");
    }
    c->c_info.type = type;
    libxl_domain_build_info_init_type(&c->b_info, type);
}

static void unknown(libxl_cfg *cfg, const libxl_cfg_node *n)
{
    const char *names[NR_KEYS + 1], *near;

    for (int i = 0; i < NR_KEYS; i++)
        names[i] = keys[i].key;
    names[NR_KEYS] = NULL;
    near = libxl__nearest(n->key, names);
    if (near)
        libxl_cfg_fault(cfg, n, "no such key; did you mean %s?", near);
    else
        libxl_cfg_fault(cfg, n, "no such key");
}

int libxl_cfg_to_domain_config(libxl_cfg *cfg, libxl_domain_config *c)
{
    const libxl_cfg_node *n;

    if (cfg->nr_faults)
        return ERROR_INVAL;
    if (libxl_cfg_get(cfg->root, "c_info") || libxl_cfg_get(cfg->root, "b_info"))
        return libxl__type_from_node(cfg, &libxl__domain_config_type, c, cfg->root);
    read_type(cfg, c);
    for (n = cfg->root->first; n; n = n->next) {
        const struct key *k = NULL;

        for (int i = 0; i < NR_KEYS && !k; i++)
            if (!strcmp(keys[i].key, n->key))
                k = &keys[i];
        if (!k)
            unknown(cfg, n);
        else if (k->path)
            get_path(cfg, n, k, c);
        else
            k->get(cfg, n, c);
    }
    if (!libxl_cfg_get(cfg->root, "name"))
        libxl_cfg_fault(cfg, NULL, "name is missing");
    if (c->b_info.max_memkb == LIBXL_MEMKB_DEFAULT)
        c->b_info.max_memkb = c->b_info.target_memkb;
    n = libxl_cfg_get(cfg->root, "maxmem");
    if (n && c->b_info.target_memkb != LIBXL_MEMKB_DEFAULT &&
        c->b_info.max_memkb < c->b_info.target_memkb)
        libxl_cfg_fault(cfg, n, "is less than memory");
    return cfg->nr_faults ? ERROR_INVAL : 0;
}

/* ---- configuration to tree ---- */

/* Records as faults what the original says and the copy does not. */
static void compare(libxl_cfg *report, libxl_cfg *where, const libxl_cfg_node *want,
                    const libxl_cfg_node *have)
{
    const char *path = libxl__cfg_path(where, want);
    bool same = have && have->kind == want->kind;

    if (same && want->kind == LIBXL_CFG_MAP) {
        for (const libxl_cfg_node *n = want->first; n; n = n->next)
            compare(report, where, n, libxl_cfg_get(have, n->key));
        return;
    }
    if (same && want->kind == LIBXL_CFG_LIST) {
        const libxl_cfg_node *h = have->first;

        for (const libxl_cfg_node *n = want->first; n; n = n->next, h = h ? h->next : NULL)
            compare(report, where, n, h);
        return;
    }
    if (same)
        same = want->kind == LIBXL_CFG_STRING ? !strcmp(want->s, have->s)
               : want->kind == LIBXL_CFG_INT  ? want->i == have->i
               : want->kind == LIBXL_CFG_BOOL ? want->b == have->b
                                              : true;
    if (!same)
        libxl_cfg_fault_at(report, 0, "%s cannot be said in xl.cfg", path);
}

static void report_losses(libxl_cfg *cfg, const libxl_domain_config *c)
{
    libxl_domain_config copy;
    char *a, *b;
    libxl_cfg *want, *have;

    libxl_domain_config_init(&copy);
    libxl_cfg_to_domain_config(cfg, &copy);
    a = libxl__type_to_json(&libxl__domain_config_type, c);
    b = libxl__type_to_json(&libxl__domain_config_type, &copy);
    want = libxl_cfg_parse_json("", a, strlen(a));
    have = libxl_cfg_parse_json("", b, strlen(b));
    compare(cfg, want, want->root, have->root);
    libxl_cfg_free(want);
    libxl_cfg_free(have);
    free(a);
    free(b);
    libxl_domain_config_dispose(&copy);
}

libxl_cfg *libxl_cfg_from_domain_config(const libxl_domain_config *c, const char *file)
{
    libxl_cfg *cfg = libxl_cfg_new(file);

    for (int i = 0; i < NR_KEYS; i++) {
        const struct key *k = &keys[i];

        if (k->path)
            put_path(cfg, k, c);
        else if (k->put)
            k->put(cfg, k->key, c);
    }
    /* maxmem says something only where it differs. */
    if (c->b_info.max_memkb == c->b_info.target_memkb)
        libxl_cfg_remove(cfg->root, "maxmem");
    report_losses(cfg, c);
    return cfg;
}
