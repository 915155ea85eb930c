/* SPDX-License-Identifier: GPL-2.0-only */
/* Devices of a configuration as libvirt's XML. */
#include "writer.h"
#include <stdio.h>
#include <string.h>

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

    xmlw_open_element(w, "disk");
    xmlw_attribute(w, "type", block ? "block" : "file");
    xmlw_attribute(w, "device", d->is_cdrom ? "cdrom" : "disk");
    if (disk_driver(d->backend) || format)
        xmlw_element(w, "driver", "name", disk_driver(d->backend), "type", format, NULL);
    if (d->pdev_path)
        xmlw_element(w, "source", block ? "dev" : "file", d->pdev_path, NULL);
    xmlw_element(w, "target", "dev", d->vdev, "bus", bus, NULL);
    if (!d->readwrite)
        xmlw_element(w, "readonly", NULL);
    if (d->backend_domname)
        xmlw_element(w, "backenddomain", "name", d->backend_domname, NULL);
    xmlw_close_element(w);
}

static void write_rate(xmlTextWriter *w, const libxl_device_nic *n)
{
    if (!n->rate_bytes_per_interval || !n->rate_interval_usecs)
        return;
    xmlw_open_element(w, "bandwidth");
    xmlw_open_element(w, "outbound");
    xmlw_attribute_number(w, "average", n->rate_bytes_per_interval * 1000 / n->rate_interval_usecs);
    xmlw_close_element(w);
    xmlw_close_element(w);
}

static void write_nic(xmlTextWriter *w, const libxl_device_nic *n)
{
    static const libxl_mac none;
    char mac[LIBXL_MAC_FMTLEN + 1];

    xmlw_open_element(w, "interface");
    xmlw_attribute(w, "type", n->bridge ? "bridge" : "ethernet");
    snprintf(mac, sizeof(mac), LIBXL_MAC_FMT, LIBXL_MAC_BYTES(n->mac));
    if (memcmp(n->mac, none, sizeof(none)))
        xmlw_element(w, "mac", "address", mac, NULL);
    if (n->bridge)
        xmlw_element(w, "source", "bridge", n->bridge, NULL);
    if (n->script)
        xmlw_element(w, "script", "path", n->script, NULL);
    if (n->ip)
        xmlw_element(w, "ip", "address", n->ip, NULL);
    if (n->ifname)
        xmlw_element(w, "target", "dev", n->ifname, NULL);
    if (n->nictype == LIBXL_NIC_TYPE_VIF)
        xmlw_element(w, "model", "type", "netfront", NULL);
    else if (n->model)
        xmlw_element(w, "model", "type", n->model, NULL);
    if (n->mtu) {
        xmlw_open_element(w, "mtu");
        xmlw_attribute_number(w, "size", n->mtu);
        xmlw_close_element(w);
    }
    write_rate(w, n);
    if (n->backend_domname)
        xmlw_element(w, "backenddomain", "name", n->backend_domname, NULL);
    xmlw_close_element(w);
}

static void write_pci(xmlTextWriter *w, const libxl_device_pci *p)
{
    const struct {
        const char *name;
        unsigned int value;
    } parts[] = {{"domain", p->domain}, {"bus", p->bus}, {"slot", p->dev}, {"function", p->func}};

    xmlw_open_element(w, "hostdev");
    xmlw_attribute(w, "mode", "subsystem");
    xmlw_attribute(w, "type", "pci");
    xmlw_open_element(w, "source");
    xmlw_open_element(w, "address");
    for (int i = 0; i < 4; i++)
        xmlTextWriterWriteFormatAttribute(w, (const xmlChar *)parts[i].name, "0x%x",
                                          parts[i].value);
    xmlw_close_element(w);
    xmlw_close_element(w);
    xmlw_close_element(w);
}

static void write_display(xmlTextWriter *w, const libxl_domain_build_info *b)
{
    const libxl_vnc_info *vnc = &b->u.hvm.vnc;
    const char *const cards[] = {[LIBXL_VGA_INTERFACE_TYPE_CIRRUS] = "cirrus",
                                 [LIBXL_VGA_INTERFACE_TYPE_STD] = "vga",
                                 [LIBXL_VGA_INTERFACE_TYPE_NONE] = "none",
                                 [LIBXL_VGA_INTERFACE_TYPE_QXL] = "qxl"};
    libxl_vga_interface_type card = b->u.hvm.vga.kind;

    if (defbool_is_on(b->u.hvm.sdl.enable))
        xmlw_element(w, "graphics", "type", "sdl", NULL);
    if (defbool_is_on(vnc->enable)) {
        xmlw_open_element(w, "graphics");
        xmlw_attribute(w, "type", "vnc");
        if (vnc->display || defbool_is_set(vnc->findunused)) {
            xmlw_attribute_number(w, "port", 5900 + vnc->display);
            xmlw_attribute(w, "autoport", defbool_is_on(vnc->findunused) ? "yes" : "no");
        }
        xmlw_attribute(w, "listen", vnc->listen);
        xmlw_attribute(w, "passwd", vnc->passwd);
        xmlw_attribute(w, "keymap", b->u.hvm.keymap);
        xmlw_close_element(w);
    }
    if ((size_t)card < sizeof(cards) / sizeof(cards[0]) && cards[card]) {
        xmlw_open_element(w, "video");
        xmlw_element(w, "model", "type", cards[card], NULL);
        xmlw_close_element(w);
    }
}

void xml_write_devices(xmlTextWriter *w, const libxl_domain_config *c)
{
    xmlw_open_element(w, "devices");
    xmlw_text_element(w, "emulator", c->b_info.device_model);
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
                xmlw_element(w, "serial", "type", "pty", NULL);
        write_display(w, &c->b_info);
    }
    xmlw_open_element(w, "console");
    xmlw_attribute(w, "type", "pty");
    xmlw_element(w, "target", "type", "xen", "port", "0", NULL);
    xmlw_close_element(w);
    xmlw_close_element(w);
}
