/* SPDX-License-Identifier: GPL-2.0-only */
/* What the elements of libvirt's domain XML mean in xl.cfg's vocabulary. */
#include "reader.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static void put(struct reader *r, const char *key, const char *value)
{
    libxl_cfg_add_string(r->cfg, libxl_cfg_root(r->cfg), key, value, r->line);
}

static void put_int(struct reader *r, const char *key, long long value)
{
    libxl_cfg_add_int(r->cfg, libxl_cfg_root(r->cfg), key, value, r->line);
}

static void put_in_list(struct reader *r, const char *key, const char *value)
{
    libxl_cfg_node *list = libxl_cfg_get(libxl_cfg_root(r->cfg), key);

    if (!list)
        list = libxl_cfg_add(r->cfg, libxl_cfg_root(r->cfg), key, LIBXL_CFG_LIST, r->line);
    libxl_cfg_add_string(r->cfg, list, NULL, value, r->line);
}

/* A whole number, or a fault and -1. */
static long long number(struct reader *r, const char *text, long long max)
{
    char *end;
    long long n = strtoll(text, &end, 10);

    if (end != text && !*end && n >= 0 && n <= max)
        return n;
    libxl_cfg_fault_at(r->cfg, r->line, "<%s>: '%s' is no number from 0 to %lld",
                       (const char *)r->node->name, text, max);
    return -1;
}

static void left_out(struct reader *r, const char *what)
{
    if (what)
        xml_warn(r, "'%s' has no counterpart here and is left out", what);
}

/* ---- the domain as a whole ---- */

static void domain(struct reader *r)
{
    const char *type = xml_attribute(r, "type");

    if (type && strcmp(type, "xen"))
        xml_warn(r, "was made for '%s'; check what comes out", type);
}

/* Elements whose text is the value of one key. */
static void text_key(struct reader *r)
{
    static const struct {
        const char *element, *key;
    } keys[] = {
        {"name", "name"},
        {"uuid", "uuid"},
        {"kernel", "kernel"},
        {"initrd", "ramdisk"},
        {"cmdline", "cmdline"},
        {"bootloader", "bootloader"},
        {"on_poweroff", "on_poweroff"},
        {"on_reboot", "on_reboot"},
        {"on_crash", "on_crash"},
        {"emulator", "device_model_override"},
    };

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        if (!strcmp(keys[i].element, (const char *)r->node->name) && *xml_text(r))
            put(r, keys[i].key, xml_text(r));
}

static void os_type(struct reader *r)
{
    const char *type = xml_text(r), *machine = xml_attribute(r, "machine") ?: "";

    if (!strcmp(type, "xenpvh") || !strcmp(machine, "xenpvh"))
        put(r, "type", "pvh");
    else if (!strcmp(type, "hvm"))
        put(r, "type", "hvm");
    else if (!strcmp(type, "linux") || !strcmp(type, "xen"))
        put(r, "type", "pv");
    else
        libxl_cfg_fault_at(r->cfg, r->line, "<type>: '%s' should be xenpvh, hvm or linux", type);
}

static void os_loader(struct reader *r)
{
    const char *loader = xml_text(r);

    if (xml_attribute_is(r, "type", "pflash") || strstr(loader, "ovmf") || strstr(loader, "OVMF"))
        put(r, "bios", "ovmf");
    else if (!strstr(loader, "hvmloader"))
        put(r, "firmware_override", loader);
}

static void os_boot(struct reader *r)
{
    const char *dev = xml_attribute(r, "dev") ?: "";
    size_t n = strlen(r->boot);
    char c = !strcmp(dev, "hd")        ? 'c'
             : !strcmp(dev, "cdrom")   ? 'd'
             : !strcmp(dev, "network") ? 'n'
                                       : 0;

    if (!c || n + 1 >= sizeof(r->boot))
        left_out(r, dev);
    else
        r->boot[n] = c;
}

static void split_words(struct reader *r, const char *key)
{
    char *words = strdup(xml_text(r)), *save = NULL;

    for (char *w = words ? strtok_r(words, " \t\n", &save) : NULL; w;
         w = strtok_r(NULL, " \t\n", &save))
        put_in_list(r, key, w);
    free(words);
}

static void bootloader_args(struct reader *r)
{
    split_words(r, "bootloader_args");
}

/* ---- memory and CPUs ---- */

static long long kib(struct reader *r)
{
    static const struct {
        const char *unit;
        double kib;
    } units[] = {{"KiB", 1},
                 {"k", 1},
                 {"K", 1},
                 {"b", 1. / 1024},
                 {"bytes", 1. / 1024},
                 {"KB", 1000. / 1024},
                 {"M", 1024},
                 {"MiB", 1024},
                 {"MB", 1e6 / 1024},
                 {"G", 1 << 20},
                 {"GiB", 1 << 20},
                 {"GB", 1e9 / 1024},
                 {"T", 1 << 30},
                 {"TiB", 1 << 30},
                 {"TB", 1e12 / 1024}};
    const char *unit = xml_attribute(r, "unit") ?: "KiB";
    long long n = number(r, xml_text(r), 1LL << 50);

    for (size_t i = 0; n >= 0 && i < sizeof(units) / sizeof(units[0]); i++)
        if (!strcmp(units[i].unit, unit))
            return (long long)(n * units[i].kib);
    if (n >= 0)
        libxl_cfg_fault_at(r->cfg, r->line, "<%s>: there is no unit '%s'",
                           (const char *)r->node->name, unit);
    return 0;
}

static void memory(struct reader *r)
{
    r->memory_kib = kib(r);
    r->memory_line = r->line;
}

static void current_memory(struct reader *r)
{
    r->current_kib = kib(r);
    r->memory_line = r->line;
}

static void vcpu(struct reader *r)
{
    const char *current = xml_attribute(r, "current");

    r->vcpus = number(r, xml_text(r), MAX_PINS);
    r->current_vcpus = current ? number(r, current, MAX_PINS) : 0;
    r->cpuset = xml_attribute(r, "cpuset");
    r->pins_line = r->line;
}

static void vcpupin(struct reader *r)
{
    const char *which = xml_attribute(r, "vcpu"), *cpus = xml_attribute(r, "cpuset");
    long long n = which && cpus ? number(r, which, MAX_PINS - 1) : -1;

    if (n >= 0)
        r->pins[n] = cpus;
    r->pins_line = r->line;
}

static void shares(struct reader *r)
{
    long long n = number(r, xml_text(r), 65535);

    if (n >= 0)
        put_int(r, "cpu_weight", n);
}

/* ---- features and clock ---- */

static void feature(struct reader *r)
{
    bool on = !xml_attribute_is(r, "state", "off");

    put_int(r, (const char *)r->node->name, on);
}

static void clock_offset(struct reader *r)
{
    const char *offset = xml_attribute(r, "offset") ?: "utc",
               *adjustment = xml_attribute(r, "adjustment");

    if (!strcmp(offset, "localtime"))
        put_int(r, "localtime", 1);
    else if (strcmp(offset, "utc") && strcmp(offset, "variable"))
        left_out(r, offset);
    if (adjustment && strcmp(adjustment, "reset"))
        put_int(r, "rtc_timeoffset", number(r, adjustment, INT32_MAX));
}

static void clock_timer(struct reader *r)
{
    static const struct {
        const char *libvirt, *here;
    } modes[] = {
        {"native", "native"}, {"emulate", "always_emulate"}, {"paravirt", "native_paravirt"}};
    const char *name = xml_attribute(r, "name") ?: "", *mode = xml_attribute(r, "mode");

    if (!strcmp(name, "hpet")) {
        put_int(r, "hpet", !xml_attribute_is(r, "present", "no"));
        return;
    }
    for (size_t i = 0; mode && !strcmp(name, "tsc") && i < sizeof(modes) / sizeof(modes[0]); i++)
        if (!strcmp(modes[i].libvirt, mode)) {
            put(r, "tsc_mode", modes[i].here);
            return;
        }
    left_out(r, name);
}

/* ---- devices ---- */

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

static void disk_begin(struct reader *r)
{
    const char *device = xml_attribute(r, "device") ?: "disk",
               *type = xml_attribute(r, "type") ?: "file";

    device_begin(r);
    r->dev.cdrom = !strcmp(device, "cdrom");
    if (!r->dev.cdrom && strcmp(device, "disk"))
        left_out(r, device);
    if (strcmp(type, "file") && strcmp(type, "block"))
        left_out(r, type);
}

static void disk_driver(struct reader *r)
{
    const char *name = xml_attribute(r, "name");

    spec_add(r, "format", xml_attribute(r, "type"));
    if (name && !strcmp(name, "qemu"))
        r->dev.backend_type = "qdisk";
    else if (name && (!strcmp(name, "phy") || !strcmp(name, "tap")))
        r->dev.backend_type = name;
    else if (name && strcmp(name, "file"))
        left_out(r, name);
    spec_add(r, "backendtype", r->dev.backend_type);
}

static void disk_source(struct reader *r)
{
    r->dev.target = xml_attribute(r, "file") ?: xml_attribute(r, "dev");
}

static void disk_target(struct reader *r)
{
    spec_add(r, "vdev", xml_attribute(r, "dev"));
}

static void disk_readonly(struct reader *r)
{
    r->dev.readonly = true;
}

static void backend_domain(struct reader *r)
{
    spec_add(r, "backend", xml_attribute(r, "name"));
}

static void disk_end(struct reader *r)
{
    if (r->dev.cdrom)
        spec_add(r, "devtype", "cdrom");
    spec_add(r, "access", r->dev.readonly || r->dev.cdrom ? "ro" : "rw");
    spec_add(r, "target", r->dev.target); /* last: it may contain commas */
    put_in_list(r, "disk", r->dev.spec);
}

static void interface_begin(struct reader *r)
{
    const char *type = xml_attribute(r, "type") ?: "";

    device_begin(r);
    if (strcmp(type, "bridge") && strcmp(type, "ethernet"))
        left_out(r, type);
}

/* Attributes of a network card's parts that are one key each. */
static void interface_part(struct reader *r)
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

static void interface_model(struct reader *r)
{
    if (xml_attribute_is(r, "type", "netfront"))
        spec_add(r, "type", "vif");
    else
        spec_add(r, "model", xml_attribute(r, "type"));
}

static void interface_outbound(struct reader *r)
{
    const char *average = xml_attribute(r, "average");
    char rate[40];

    r->dev.bandwidth_kib = average ? number(r, average, 1LL << 40) : -1;
    snprintf(rate, sizeof(rate), "%lldKB/s", r->dev.bandwidth_kib);
    if (r->dev.bandwidth_kib > 0)
        spec_add(r, "rate", rate);
}

static void interface_end(struct reader *r)
{
    put_in_list(r, "vif", r->dev.spec);
}

static void serial(struct reader *r)
{
    const char *type = xml_attribute(r, "type");

    if (type && !strcmp(type, "pty"))
        put_in_list(r, "serial", "pty");
    else
        left_out(r, type);
}

/* The main console is there without being asked for. */
static void console(struct reader *r)
{
    if (!xml_attribute_is(r, "type", "pty"))
        left_out(r, xml_attribute(r, "type"));
}

static void graphics(struct reader *r)
{
    const char *type = xml_attribute(r, "type") ?: "", *port = xml_attribute(r, "port");
    const char *listen = xml_attribute(r, "listen"), *password = xml_attribute(r, "passwd");
    const char *keymap = xml_attribute(r, "keymap");

    if (!strcmp(type, "sdl")) {
        put_int(r, "sdl", 1);
        return;
    }
    if (strcmp(type, "vnc")) {
        left_out(r, type);
        return;
    }
    put_int(r, "vnc", 1);
    if (listen)
        put(r, "vnclisten", listen);
    if (password)
        put(r, "vncpasswd", password);
    if (keymap)
        put(r, "keymap", keymap);
    if (port && atoi(port) >= 5900) {
        put_int(r, "vncdisplay", number(r, port, 65535) - 5900);
        put_int(r, "vncunused", xml_attribute_is(r, "autoport", "yes"));
    }
}

static void video_model(struct reader *r)
{
    const char *type = xml_attribute(r, "type") ?: "";

    if (!strcmp(type, "vga"))
        put(r, "vga", "stdvga");
    else if (!strcmp(type, "cirrus") || !strcmp(type, "qxl") || !strcmp(type, "none"))
        put(r, "vga", type);
    else if (strcmp(type, "xen"))
        left_out(r, type);
}

static void host_device(struct reader *r)
{
    device_begin(r);
    if (!xml_attribute_is(r, "type", "pci"))
        left_out(r, xml_attribute(r, "type"));
}

static void host_device_address(struct reader *r)
{
    const char *parts[] = {xml_attribute(r, "domain"), xml_attribute(r, "bus"),
                           xml_attribute(r, "slot"), xml_attribute(r, "function")};
    char text[64];

    for (int i = 0; i < 4; i++)
        r->dev.pci[i] = parts[i] ? strtoul(parts[i], NULL, 0) : 0;
    snprintf(text, sizeof(text), "%04x:%02x:%02x.%x", r->dev.pci[0], r->dev.pci[1], r->dev.pci[2],
             r->dev.pci[3]);
    put_in_list(r, "pci", text);
}

static void security_label(struct reader *r)
{
    if (*xml_text(r))
        put(r, "seclabel", xml_text(r));
}

/* Containers and what says nothing new have no function. */
const struct element xml_elements[] = {
    {"domain", "type id", domain, NULL},
    {"domain/name", "", text_key, NULL},
    {"domain/uuid", "", text_key, NULL},
    {"domain/memory", "unit", memory, NULL},
    {"domain/currentMemory", "unit", current_memory, NULL},
    {"domain/vcpu", "placement current cpuset", vcpu, NULL},
    {"domain/cputune", "", NULL, NULL},
    {"domain/cputune/shares", "", shares, NULL},
    {"domain/cputune/vcpupin", "vcpu cpuset", vcpupin, NULL},
    {"domain/bootloader", "", text_key, NULL},
    {"domain/bootloader_args", "", bootloader_args, NULL},
    {"domain/os", "", NULL, NULL},
    {"domain/os/type", "arch machine", os_type, NULL},
    {"domain/os/loader", "type readonly", os_loader, NULL},
    {"domain/os/kernel", "", text_key, NULL},
    {"domain/os/initrd", "", text_key, NULL},
    {"domain/os/cmdline", "", text_key, NULL},
    {"domain/os/boot", "dev", os_boot, NULL},
    {"domain/features", "", NULL, NULL},
    {"domain/features/acpi", "", feature, NULL},
    {"domain/features/apic", "", feature, NULL},
    {"domain/features/pae", "", NULL, NULL},
    {"domain/features/hap", "state", feature, NULL},
    {"domain/features/viridian", "", feature, NULL},
    {"domain/clock", "offset adjustment basis", clock_offset, NULL},
    {"domain/clock/timer", "name mode present", clock_timer, NULL},
    {"domain/on_poweroff", "", text_key, NULL},
    {"domain/on_reboot", "", text_key, NULL},
    {"domain/on_crash", "", text_key, NULL},
    {"domain/seclabel", "type model relabel", NULL, NULL},
    {"domain/seclabel/label", "", security_label, NULL},
    {"domain/devices", "", NULL, NULL},
    {"domain/devices/emulator", "", text_key, NULL},
    {"domain/devices/disk", "type device", disk_begin, disk_end},
    {"domain/devices/disk/driver", "name type", disk_driver, NULL},
    {"domain/devices/disk/source", "file dev", disk_source, NULL},
    {"domain/devices/disk/target", "dev bus", disk_target, NULL},
    {"domain/devices/disk/readonly", "", disk_readonly, NULL},
    {"domain/devices/disk/backenddomain", "name", backend_domain, NULL},
    {"domain/devices/disk/address", "type controller bus target unit", NULL, NULL},
    {"domain/devices/interface", "type", interface_begin, interface_end},
    {"domain/devices/interface/mac", "address", interface_part, NULL},
    {"domain/devices/interface/source", "bridge", interface_part, NULL},
    {"domain/devices/interface/script", "path", interface_part, NULL},
    {"domain/devices/interface/ip", "address family", interface_part, NULL},
    {"domain/devices/interface/target", "dev", interface_part, NULL},
    {"domain/devices/interface/mtu", "size", interface_part, NULL},
    {"domain/devices/interface/model", "type", interface_model, NULL},
    {"domain/devices/interface/bandwidth", "", NULL, NULL},
    {"domain/devices/interface/bandwidth/outbound", "average", interface_outbound, NULL},
    {"domain/devices/interface/backenddomain", "name", backend_domain, NULL},
    {"domain/devices/serial", "type", serial, NULL},
    {"domain/devices/serial/target", "type port", NULL, NULL},
    {"domain/devices/console", "type tty", console, NULL},
    {"domain/devices/console/target", "type port", NULL, NULL},
    {"domain/devices/graphics", "type port autoport listen passwd keymap", graphics, NULL},
    {"domain/devices/graphics/listen", "type address", NULL, NULL},
    {"domain/devices/input", "type bus", NULL, NULL},
    {"domain/devices/video", "", NULL, NULL},
    {"domain/devices/video/model", "type vram heads primary", video_model, NULL},
    {"domain/devices/hostdev", "mode type managed", host_device, NULL},
    {"domain/devices/hostdev/source", "", NULL, NULL},
    {"domain/devices/hostdev/source/address", "domain bus slot function", host_device_address,
     NULL},
    {"domain/devices/memballoon", "model", NULL, NULL},
    {NULL, NULL, NULL, NULL},
};

/* ---- the end ---- */

static void put_mib(struct reader *r, const char *key, long long value)
{
    if (value % 1024)
        fprintf(r->warnings, "%s:%u: %lld KiB are made whole MiB\n", r->file, r->memory_line,
                value);
    r->line = r->memory_line;
    put_int(r, key, (value + 1023) / 1024);
}

static void finish_cpus(struct reader *r)
{
    const char *first = NULL;

    if (r->vcpus > 0 && r->current_vcpus > 0 && r->current_vcpus != r->vcpus) {
        put_int(r, "vcpus", r->current_vcpus);
        put_int(r, "maxvcpus", r->vcpus);
    } else if (r->vcpus > 0) {
        put_int(r, "vcpus", r->vcpus);
    }
    for (int i = MAX_PINS; i--;)
        first = r->pins[i] ?: first;
    r->line = r->pins_line;
    if (!first && r->cpuset)
        put(r, "cpus", r->cpuset);
    for (int i = 0; first && i < r->vcpus; i++) {
        if (!r->pins[i] && !r->cpuset) {
            fprintf(r->warnings,
                    "%s:%u: <vcpupin>: vCPU %d has none, but others have; it gets '%s'\n", r->file,
                    r->line, i, first);
            r->pins[i] = first;
        }
        if (r->pins[i] || r->cpuset)
            put_in_list(r, "cpus", r->pins[i] ?: r->cpuset);
    }
}

void xml_finish(struct reader *r)
{
    if (r->memory_kib && r->current_kib && r->current_kib != r->memory_kib) {
        put_mib(r, "memory", r->current_kib);
        put_mib(r, "maxmem", r->memory_kib);
    } else if (r->memory_kib || r->current_kib) {
        put_mib(r, "memory", r->memory_kib ?: r->current_kib);
    }
    finish_cpus(r);
    if (*r->boot)
        put(r, "boot", r->boot);
}
