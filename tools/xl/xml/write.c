/* SPDX-License-Identifier: GPL-2.0-only */
/* Writes a configuration as libvirt's domain XML, and finds out what got lost by reading it back.
 */
#include "xml.h"
#include <inttypes.h>
#include <libxl_utils.h>
#include <libxml/xmlwriter.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static void open_element(xmlTextWriter *w, const char *name)
{
    xmlTextWriterStartElement(w, (const xmlChar *)name);
}

static void close_element(xmlTextWriter *w)
{
    xmlTextWriterEndElement(w);
}

/* NULL: no such attribute. */
static void attribute(xmlTextWriter *w, const char *name, const char *value)
{
    if (value)
        xmlTextWriterWriteAttribute(w, (const xmlChar *)name, (const xmlChar *)value);
}

static void attribute_number(xmlTextWriter *w, const char *name, int64_t value)
{
    xmlTextWriterWriteFormatAttribute(w, (const xmlChar *)name, "%" PRId64, value);
}

static void text_element(xmlTextWriter *w, const char *name, const char *text)
{
    if (text)
        xmlTextWriterWriteElement(w, (const xmlChar *)name, (const xmlChar *)text);
}

static void number_element(xmlTextWriter *w, const char *name, int64_t value)
{
    xmlTextWriterWriteFormatElement(w, (const xmlChar *)name, "%" PRId64, value);
}

/* An element with attributes only: name, value, ..., NULL. */
static void element(xmlTextWriter *w, const char *name, ...)
{
    const char *key;
    va_list al;

    open_element(w, name);
    va_start(al, name);
    while ((key = va_arg(al, const char *)) != NULL)
        attribute(w, key, va_arg(al, const char *));
    va_end(al);
    close_element(w);
}

static bool is_set(libxl_defbool b)
{
    return !libxl_defbool_is_default(b);
}

static bool is_on(libxl_defbool b)
{
    return is_set(b) && libxl_defbool_val(b);
}

static void write_memory(xmlTextWriter *w, const libxl_domain_build_info *b)
{
    const struct {
        const char *name;
        uint64_t kib;
    } sizes[] = {{"memory", b->max_memkb != LIBXL_MEMKB_DEFAULT ? b->max_memkb : b->target_memkb},
                 {"currentMemory", b->target_memkb}};

    for (int i = 0; i < 2; i++) {
        if (sizes[i].kib == LIBXL_MEMKB_DEFAULT)
            continue;
        open_element(w, sizes[i].name);
        attribute(w, "unit", "KiB");
        xmlTextWriterWriteFormatString(w, "%" PRIu64, sizes[i].kib);
        close_element(w);
    }
}

/* "0-3,6", malloc. */
static char *cpu_list(const libxl_bitmap *map)
{
    char *text = NULL;
    size_t len;
    FILE *f = open_memstream(&text, &len);
    int bits = map->size * 8;

    for (int i = 0; f && i < bits; i++) {
        int last = i;

        if (!libxl_bitmap_test(map, i))
            continue;
        while (last + 1 < bits && libxl_bitmap_test(map, last + 1))
            last++;
        fprintf(f, last > i ? "%s%d-%d" : "%s%d", ftell(f) > 0 ? "," : "", i, last);
        fflush(f);
        i = last;
    }
    if (f)
        fclose(f);
    return text;
}

static void write_cpus(xmlTextWriter *w, const libxl_domain_build_info *b)
{
    int online = libxl_bitmap_count_set(&b->avail_vcpus);

    if (b->max_vcpus) {
        open_element(w, "vcpu");
        attribute(w, "placement", "static");
        if (online && online != b->max_vcpus)
            attribute_number(w, "current", online);
        xmlTextWriterWriteFormatString(w, "%d", b->max_vcpus);
        close_element(w);
    }
    if (b->sched_params.weight <= 0 && !b->num_vcpu_hard_affinity)
        return;
    open_element(w, "cputune");
    if (b->sched_params.weight > 0)
        number_element(w, "shares", b->sched_params.weight);
    for (int i = 0; i < b->num_vcpu_hard_affinity; i++) {
        char *list = cpu_list(&b->vcpu_hard_affinity[i]);

        open_element(w, "vcpupin");
        attribute_number(w, "vcpu", i);
        attribute(w, "cpuset", list);
        close_element(w);
        free(list);
    }
    close_element(w);
}

static void write_boot_order(xmlTextWriter *w, const char *order)
{
    for (; order && *order; order++)
        element(w, "boot", "dev", *order == 'd' ? "cdrom" : *order == 'n' ? "network" : "hd", NULL);
}

static void write_os(xmlTextWriter *w, const libxl_domain_config *c)
{
    const libxl_domain_build_info *b = &c->b_info;
    libxl_domain_type type = c->c_info.type;

    open_element(w, "os");
    open_element(w, "type");
    attribute(w, "arch", "x86_64");
    attribute(w, "machine",
              type == LIBXL_DOMAIN_TYPE_PVH   ? "xenpvh"
              : type == LIBXL_DOMAIN_TYPE_HVM ? "xenfv"
                                              : "xenpv");
    xmlTextWriterWriteString(w, (const xmlChar *)(type == LIBXL_DOMAIN_TYPE_PVH   ? "xenpvh"
                                                  : type == LIBXL_DOMAIN_TYPE_HVM ? "hvm"
                                                                                  : "linux"));
    close_element(w);
    if (type == LIBXL_DOMAIN_TYPE_HVM && b->u.hvm.bios == LIBXL_BIOS_TYPE_OVMF)
        element(w, "loader", "type", "pflash", "readonly", "yes", NULL);
    else if (type == LIBXL_DOMAIN_TYPE_HVM)
        text_element(w, "loader", b->u.hvm.system_firmware);
    text_element(w, "kernel", b->kernel);
    text_element(w, "initrd", b->ramdisk);
    text_element(w, "cmdline", b->cmdline);
    if (type == LIBXL_DOMAIN_TYPE_HVM)
        write_boot_order(w, b->u.hvm.boot);
    close_element(w);
}

static void write_features(xmlTextWriter *w, const libxl_domain_config *c)
{
    open_element(w, "features");
    if (is_on(c->b_info.acpi))
        element(w, "acpi", NULL);
    if (is_on(c->b_info.apic))
        element(w, "apic", NULL);
    if (is_set(c->c_info.hap))
        element(w, "hap", "state", is_on(c->c_info.hap) ? "on" : "off", NULL);
    if (c->c_info.type == LIBXL_DOMAIN_TYPE_HVM && is_on(c->b_info.u.hvm.viridian))
        element(w, "viridian", NULL);
    close_element(w);
}

static void write_clock(xmlTextWriter *w, const libxl_domain_config *c)
{
    static const char *const tsc[] = {[LIBXL_TSC_MODE_ALWAYS_EMULATE] = "emulate",
                                      [LIBXL_TSC_MODE_NATIVE] = "native",
                                      [LIBXL_TSC_MODE_NATIVE_PARAVIRT] = "paravirt"};
    const libxl_domain_build_info *b = &c->b_info;

    open_element(w, "clock");
    attribute(w, "offset",
              is_on(b->localtime) ? "localtime"
              : b->rtc_timeoffset ? "variable"
                                  : "utc");
    if (b->rtc_timeoffset)
        attribute_number(w, "adjustment", b->rtc_timeoffset);
    if (b->tsc_mode > 0 && (size_t)b->tsc_mode < sizeof(tsc) / sizeof(tsc[0]))
        element(w, "timer", "name", "tsc", "mode", tsc[b->tsc_mode], NULL);
    if (c->c_info.type == LIBXL_DOMAIN_TYPE_HVM && is_set(b->u.hvm.hpet))
        element(w, "timer", "name", "hpet", "present", is_on(b->u.hvm.hpet) ? "yes" : "no", NULL);
    close_element(w);
}

static const char *action_word(libxl_action_on_shutdown a)
{
    return a == LIBXL_ACTION_ON_SHUTDOWN_RESTART_RENAME ? "rename-restart"
                                                        : libxl_action_on_shutdown_to_string(a);
}

static const char *disk_driver(libxl_disk_backend backend)
{
    return backend == LIBXL_DISK_BACKEND_QDISK ? "qemu"
           : backend == LIBXL_DISK_BACKEND_PHY ? "phy"
           : backend == LIBXL_DISK_BACKEND_TAP ? "tap"
                                               : NULL;
}

static void write_disk(xmlTextWriter *w, const libxl_device_disk *d)
{
    bool block = d->backend == LIBXL_DISK_BACKEND_PHY ||
                 (d->pdev_path && !strncmp(d->pdev_path, "/dev/", 5));
    const char *bus = d->vdev && d->vdev[0] == 'h'   ? "ide"
                      : d->vdev && d->vdev[0] == 's' ? "scsi"
                                                     : "xen";
    const char *format =
        d->format == LIBXL_DISK_FORMAT_UNKNOWN || d->format == LIBXL_DISK_FORMAT_EMPTY
            ? NULL
            : libxl_disk_format_to_string(d->format);

    open_element(w, "disk");
    attribute(w, "type", block ? "block" : "file");
    attribute(w, "device", d->is_cdrom ? "cdrom" : "disk");
    if (disk_driver(d->backend) || format)
        element(w, "driver", "name", disk_driver(d->backend), "type", format, NULL);
    if (d->pdev_path)
        element(w, "source", block ? "dev" : "file", d->pdev_path, NULL);
    element(w, "target", "dev", d->vdev, "bus", bus, NULL);
    if (!d->readwrite)
        element(w, "readonly", NULL);
    if (d->backend_domname)
        element(w, "backenddomain", "name", d->backend_domname, NULL);
    close_element(w);
}

static void write_rate(xmlTextWriter *w, const libxl_device_nic *n)
{
    if (!n->rate_bytes_per_interval || !n->rate_interval_usecs)
        return;
    open_element(w, "bandwidth");
    open_element(w, "outbound");
    attribute_number(w, "average", n->rate_bytes_per_interval * 1000 / n->rate_interval_usecs);
    close_element(w);
    close_element(w);
}

static void write_nic(xmlTextWriter *w, const libxl_device_nic *n)
{
    static const libxl_mac none;
    char mac[LIBXL_MAC_FMTLEN + 1];

    open_element(w, "interface");
    attribute(w, "type", n->bridge ? "bridge" : "ethernet");
    snprintf(mac, sizeof(mac), LIBXL_MAC_FMT, LIBXL_MAC_BYTES(n->mac));
    if (memcmp(n->mac, none, sizeof(none)))
        element(w, "mac", "address", mac, NULL);
    if (n->bridge)
        element(w, "source", "bridge", n->bridge, NULL);
    if (n->script)
        element(w, "script", "path", n->script, NULL);
    if (n->ip)
        element(w, "ip", "address", n->ip, NULL);
    if (n->ifname)
        element(w, "target", "dev", n->ifname, NULL);
    if (n->nictype == LIBXL_NIC_TYPE_VIF)
        element(w, "model", "type", "netfront", NULL);
    else if (n->model)
        element(w, "model", "type", n->model, NULL);
    if (n->mtu) {
        open_element(w, "mtu");
        attribute_number(w, "size", n->mtu);
        close_element(w);
    }
    write_rate(w, n);
    if (n->backend_domname)
        element(w, "backenddomain", "name", n->backend_domname, NULL);
    close_element(w);
}

static void write_pci(xmlTextWriter *w, const libxl_device_pci *p)
{
    const struct {
        const char *name;
        unsigned int value;
    } parts[] = {{"domain", p->domain}, {"bus", p->bus}, {"slot", p->dev}, {"function", p->func}};

    open_element(w, "hostdev");
    attribute(w, "mode", "subsystem");
    attribute(w, "type", "pci");
    open_element(w, "source");
    open_element(w, "address");
    for (int i = 0; i < 4; i++)
        xmlTextWriterWriteFormatAttribute(w, (const xmlChar *)parts[i].name, "0x%x",
                                          parts[i].value);
    close_element(w);
    close_element(w);
    close_element(w);
}

static void write_display(xmlTextWriter *w, const libxl_domain_build_info *b)
{
    const libxl_vnc_info *vnc = &b->u.hvm.vnc;
    const char *const cards[] = {[LIBXL_VGA_INTERFACE_TYPE_CIRRUS] = "cirrus",
                                 [LIBXL_VGA_INTERFACE_TYPE_STD] = "vga",
                                 [LIBXL_VGA_INTERFACE_TYPE_NONE] = "none",
                                 [LIBXL_VGA_INTERFACE_TYPE_QXL] = "qxl"};
    libxl_vga_interface_type card = b->u.hvm.vga.kind;

    if (is_on(b->u.hvm.sdl.enable))
        element(w, "graphics", "type", "sdl", NULL);
    if (is_on(vnc->enable)) {
        open_element(w, "graphics");
        attribute(w, "type", "vnc");
        if (vnc->display || is_set(vnc->findunused)) {
            attribute_number(w, "port", 5900 + vnc->display);
            attribute(w, "autoport", is_on(vnc->findunused) ? "yes" : "no");
        }
        attribute(w, "listen", vnc->listen);
        attribute(w, "passwd", vnc->passwd);
        attribute(w, "keymap", b->u.hvm.keymap);
        close_element(w);
    }
    if ((size_t)card < sizeof(cards) / sizeof(cards[0]) && cards[card]) {
        open_element(w, "video");
        element(w, "model", "type", cards[card], NULL);
        close_element(w);
    }
}

static void write_devices(xmlTextWriter *w, const libxl_domain_config *c)
{
    open_element(w, "devices");
    text_element(w, "emulator", c->b_info.device_model);
    for (int i = 0; i < c->num_disks; i++)
        write_disk(w, &c->disks[i]);
    for (int i = 0; i < c->num_nics; i++)
        write_nic(w, &c->nics[i]);
    for (int i = 0; i < c->num_pcidevs; i++)
        write_pci(w, &c->pcidevs[i]);
    if (c->c_info.type == LIBXL_DOMAIN_TYPE_HVM) {
        char **serial = c->b_info.u.hvm.serial_list;

        for (; serial && *serial; serial++)
            if (!strcmp(*serial, "pty"))
                element(w, "serial", "type", "pty", NULL);
        write_display(w, &c->b_info);
    }
    open_element(w, "console");
    attribute(w, "type", "pty");
    element(w, "target", "type", "xen", "port", "0", NULL);
    close_element(w);
    close_element(w);
}

static void write_domain(xmlTextWriter *w, const libxl_domain_config *c)
{
    char uuid[LIBXL_UUID_FMTLEN + 1];

    open_element(w, "domain");
    attribute(w, "type", "xen");
    text_element(w, "name", c->c_info.name);
    snprintf(uuid, sizeof(uuid), LIBXL_UUID_FMT, LIBXL_UUID_BYTES(c->c_info.uuid));
    if (!libxl_uuid_is_nil(&c->c_info.uuid))
        text_element(w, "uuid", uuid);
    write_memory(w, &c->b_info);
    write_cpus(w, &c->b_info);
    text_element(w, "bootloader", c->b_info.bootloader);
    if (c->b_info.bootloader_args) {
        open_element(w, "bootloader_args");
        for (char **a = c->b_info.bootloader_args; *a; a++)
            xmlTextWriterWriteFormatString(w, "%s%s", a == c->b_info.bootloader_args ? "" : " ",
                                           *a);
        close_element(w);
    }
    write_os(w, c);
    write_features(w, c);
    write_clock(w, c);
    text_element(w, "on_poweroff", action_word(c->on_poweroff));
    text_element(w, "on_reboot", action_word(c->on_reboot));
    text_element(w, "on_crash", action_word(c->on_crash));
    write_devices(w, c);
    if (c->c_info.ssid_label) {
        open_element(w, "seclabel");
        attribute(w, "type", "static");
        text_element(w, "label", c->c_info.ssid_label);
        close_element(w);
    }
    close_element(w);
}

/* ---- what got lost ---- */

/* How a node reads in JSON or as text; only used to compare. */
static bool same(const libxl_cfg_node *a, const libxl_cfg_node *b)
{
    const libxl_cfg_node *x, *y;

    if (!a || !b || a->kind != b->kind)
        return false;
    switch (a->kind) {
    case LIBXL_CFG_STRING:
        return !strcmp(a->s, b->s);
    case LIBXL_CFG_INT:
        return a->i == b->i;
    case LIBXL_CFG_BOOL:
        return a->b == b->b;
    default:
        for (x = a->first, y = b->first; x && y; x = x->next, y = y->next)
            if (!same(x, y))
                return false;
        return !x && !y;
    }
}

static libxl_cfg *read_back(const char *xml, FILE *warnings)
{
    libxl_cfg *tree = xml_read_text("XML", xml, strlen(xml), warnings), *normal = NULL;
    libxl_domain_config c;

    libxl_domain_config_init(&c);
    if (tree && !libxl_cfg_to_domain_config(tree, &c))
        normal = libxl_cfg_from_domain_config(&c, "XML");
    else if (tree)
        libxl_cfg_print_faults(tree, warnings);
    libxl_domain_config_dispose(&c);
    libxl_cfg_free(tree);
    return normal;
}

static void report_losses(const libxl_domain_config *c, const char *xml, const char *file,
                          FILE *warnings)
{
    libxl_cfg *want = libxl_cfg_from_domain_config(c, file), *have = read_back(xml, warnings);

    if (want && have) {
        libxl_cfg_print_faults(want, warnings);
        for (const libxl_cfg_node *n = libxl_cfg_root(want)->first; n; n = n->next)
            if (!same(n, libxl_cfg_get(libxl_cfg_root(have), n->key)))
                fprintf(warnings, "%s: %s: libvirt's XML cannot say this, or not all of it\n", file,
                        n->key);
    }
    libxl_cfg_free(want);
    libxl_cfg_free(have);
}

char *xml_write(const libxl_domain_config *c, const char *file, FILE *warnings)
{
    xmlBuffer *buffer = xmlBufferCreate();
    xmlTextWriter *w = buffer ? xmlNewTextWriterMemory(buffer, 0) : NULL;
    char *xml = NULL;

    if (w) {
        xmlTextWriterSetIndent(w, 1);
        xmlTextWriterSetIndentString(w, (const xmlChar *)"  ");
        write_domain(w, c);
        xmlTextWriterEndDocument(w);
        xmlFreeTextWriter(w);
        xml = strdup((const char *)xmlBufferContent(buffer));
    }
    if (xml)
        report_losses(c, xml, file, warnings);
    if (buffer)
        xmlBufferFree(buffer);
    return xml;
}
