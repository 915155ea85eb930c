/* SPDX-License-Identifier: GPL-2.0-only */
/* What the device elements of libvirt's domain XML mean: each device becomes one "key=value,..."
 * string. */
#include "reader.h"
#include <stdlib.h>
#include <string.h>

static void spec_add(struct reader *r, const char *key, const char *value)
{
    size_t n = strlen(r->dev.spec);

    if (!value)
        return;
    if (strchr(value, ',') && strcmp(key, "target")) {
        libxl_cfg_fault_at(r->cfg, r->line, "<%s>: '%s' may not contain a comma",
                           (const char *)r->node->name, value);
        return;
    }
    if (snprintf(r->dev.spec + n, sizeof(r->dev.spec) - n, "%s%s=%s", n ? "," : "", key, value) >=
        (int)(sizeof(r->dev.spec) - n)) {
        r->dev.spec[n] = '\0';
        libxl_cfg_fault_at(r->cfg, r->line, "<%s>: '%s' is too long", (const char *)r->node->name,
                           value);
    }
}

static void device_begin(struct reader *r)
{
    memset(&r->dev, 0, sizeof(r->dev));
}

void device_disk_begin(struct reader *r)
{
    const char *device = xml_attribute(r, "device") ?: "disk",
               *type = xml_attribute(r, "type") ?: "file";

    device_begin(r);
    r->dev.cdrom = !strcmp(device, "cdrom");
    if (!r->dev.cdrom && strcmp(device, "disk"))
        xml_left_out(r, device);
    if (strcmp(type, "file") && strcmp(type, "block"))
        xml_left_out(r, type);
}

void device_disk_driver(struct reader *r)
{
    const char *name = xml_attribute(r, "name");

    spec_add(r, "format", xml_attribute(r, "type"));
    if (name && !strcmp(name, "qemu"))
        r->dev.backend_type = "qdisk";
    else if (name && (!strcmp(name, "phy") || !strcmp(name, "tap")))
        r->dev.backend_type = name;
    else if (name && strcmp(name, "file"))
        xml_left_out(r, name);
    spec_add(r, "backendtype", r->dev.backend_type);
}

void device_disk_source(struct reader *r)
{
    r->dev.target = xml_attribute(r, "file") ?: xml_attribute(r, "dev");
}

void device_disk_target(struct reader *r)
{
    spec_add(r, "vdev", xml_attribute(r, "dev"));
}

void device_disk_readonly(struct reader *r)
{
    r->dev.readonly = true;
}

void device_backend_domain(struct reader *r)
{
    spec_add(r, "backend", xml_attribute(r, "name"));
}

void device_disk_end(struct reader *r)
{
    if (r->dev.cdrom)
        spec_add(r, "devtype", "cdrom");
    spec_add(r, "access", r->dev.readonly || r->dev.cdrom ? "ro" : "rw");
    spec_add(r, "target", r->dev.target); /* last: it may contain commas */
    xml_put_in_list(r, "disk", r->dev.spec);
}

void device_interface_begin(struct reader *r)
{
    const char *type = xml_attribute(r, "type") ?: "";

    device_begin(r);
    if (strcmp(type, "bridge") && strcmp(type, "ethernet"))
        xml_left_out(r, type);
}

/* Attributes of a network card's parts that are one key each. */
void device_interface_part(struct reader *r)
{
    static const struct {
        const char *element, *attribute, *key;
    } parts[] = {{"mac", "address", "mac"},    {"source", "bridge", "bridge"},
                 {"script", "path", "script"}, {"ip", "address", "ip"},
                 {"target", "dev", "vifname"}, {"mtu", "size", "mtu"}};

    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        if (!strcmp(parts[i].element, (const char *)r->node->name))
            spec_add(r, parts[i].key, xml_attribute(r, parts[i].attribute));
}

void device_interface_model(struct reader *r)
{
    if (xml_attribute_is(r, "type", "netfront"))
        spec_add(r, "type", "vif");
    else
        spec_add(r, "model", xml_attribute(r, "type"));
}

void device_interface_outbound(struct reader *r)
{
    const char *average = xml_attribute(r, "average");
    char rate[40];

    r->dev.bandwidth_kib = average ? xml_number(r, average, 1LL << 40) : -1;
    snprintf(rate, sizeof(rate), "%lldKB/s", r->dev.bandwidth_kib);
    if (r->dev.bandwidth_kib > 0)
        spec_add(r, "rate", rate);
}

void device_interface_end(struct reader *r)
{
    xml_put_in_list(r, "vif", r->dev.spec);
}

void device_serial(struct reader *r)
{
    const char *type = xml_attribute(r, "type");

    if (type && !strcmp(type, "pty"))
        xml_put_in_list(r, "serial", "pty");
    else
        xml_left_out(r, type);
}

/* The main console is there without being asked for. */
void device_console(struct reader *r)
{
    if (!xml_attribute_is(r, "type", "pty"))
        xml_left_out(r, xml_attribute(r, "type"));
}

void device_graphics(struct reader *r)
{
    const char *type = xml_attribute(r, "type") ?: "", *port = xml_attribute(r, "port");
    const char *listen = xml_attribute(r, "listen"), *password = xml_attribute(r, "passwd");
    const char *keymap = xml_attribute(r, "keymap");

    if (!strcmp(type, "sdl")) {
        xml_put_int(r, "sdl", 1);
        return;
    }
    if (strcmp(type, "vnc")) {
        xml_left_out(r, type);
        return;
    }
    xml_put_int(r, "vnc", 1);
    if (listen)
        xml_put(r, "vnclisten", listen);
    if (password)
        xml_put(r, "vncpasswd", password);
    if (keymap)
        xml_put(r, "keymap", keymap);
    if (port && atoi(port) >= 5900) {
        xml_put_int(r, "vncdisplay", xml_number(r, port, 65535) - 5900);
        xml_put_int(r, "vncunused", xml_attribute_is(r, "autoport", "yes"));
    }
}

void device_video_model(struct reader *r)
{
    const char *type = xml_attribute(r, "type") ?: "";

    if (!strcmp(type, "vga"))
        xml_put(r, "vga", "stdvga");
    else if (!strcmp(type, "cirrus") || !strcmp(type, "qxl") || !strcmp(type, "none"))
        xml_put(r, "vga", type);
    else if (strcmp(type, "xen"))
        xml_left_out(r, type);
}

void device_host_device(struct reader *r)
{
    device_begin(r);
    if (!xml_attribute_is(r, "type", "pci"))
        xml_left_out(r, xml_attribute(r, "type"));
}

void device_host_device_address(struct reader *r)
{
    const char *parts[] = {xml_attribute(r, "domain"), xml_attribute(r, "bus"),
                           xml_attribute(r, "slot"), xml_attribute(r, "function")};
    char text[64];

    for (int i = 0; i < 4; i++)
        r->dev.pci[i] = parts[i] ? strtoul(parts[i], NULL, 0) : 0;
    snprintf(text, sizeof(text), "%04x:%02x:%02x.%x", r->dev.pci[0], r->dev.pci[1], r->dev.pci[2],
             r->dev.pci[3]);
    xml_put_in_list(r, "pci", text);
}
