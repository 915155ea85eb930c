/* SPDX-License-Identifier: GPL-2.0-only */
/* Keys of xl.cfg that hold devices (short forms or maps of their fields) and CPU features. */
#include <inttypes.h>
#include <libxl_utils.h>
#include <stdlib.h>

#include "util/cfg_keys.h"
#include "util/mem.h"
#include "util/type.h"

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

void cfg_get_disks(libxl_cfg *cfg, const libxl_cfg_node *n, libxl_domain_config *c)
{
    int count = list_length(cfg, n);

    c->disks = libxl__alloc(count * sizeof(*c->disks));
    for (const libxl_cfg_node *e = n->first; count && e; e = e->next)
        get_device(cfg, e, &libxl__device_disk_type, &c->disks[c->num_disks++], parse_disk);
}

void cfg_get_nics(libxl_cfg *cfg, const libxl_cfg_node *n, libxl_domain_config *c)
{
    int count = list_length(cfg, n);

    c->nics = libxl__alloc(count * sizeof(*c->nics));
    for (const libxl_cfg_node *e = n->first; count && e; e = e->next)
        get_device(cfg, e, &libxl__device_nic_type, &c->nics[c->num_nics++], parse_nic);
}

/* The target comes last, because it may contain commas. */
void cfg_put_disks(libxl_cfg *cfg, const char *key, const libxl_domain_config *c)
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

void cfg_put_nics(libxl_cfg *cfg, const char *key, const libxl_domain_config *c)
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
void cfg_get_pci(libxl_cfg *cfg, const libxl_cfg_node *n, libxl_domain_config *c)
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

void cfg_put_pci(libxl_cfg *cfg, const char *key, const libxl_domain_config *c)
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

void cfg_get_cpuid(libxl_cfg *cfg, const libxl_cfg_node *n, libxl_domain_config *c)
{
    const libxl_cfg_node *e = n->kind == LIBXL_CFG_LIST ? n->first : n;

    for (; e; e = n->kind == LIBXL_CFG_LIST ? e->next : NULL)
        if (e->kind != LIBXL_CFG_STRING || libxl_cpuid_parse_config(&c->b_info.cpuid, e->s))
            libxl_cfg_fault(cfg, e, "should be like \"host,avx2=0,...\" with known features");
}

void cfg_put_cpuid(libxl_cfg *cfg, const char *key, const libxl_domain_config *c)
{
    cfg_put_strings(cfg, key, (char *const *)c->b_info.cpuid);
}
