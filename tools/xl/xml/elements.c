/* SPDX-License-Identifier: GPL-2.0-only */
/* What the elements of libvirt's domain XML mean in xl.cfg's vocabulary. */
#include "reader.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void xml_put(struct reader *r, const char *key, const char *value)
{
    libxl_cfg_add_string(r->cfg, libxl_cfg_root(r->cfg), key, value, r->line);
}

void xml_put_int(struct reader *r, const char *key, long long value)
{
    libxl_cfg_add_int(r->cfg, libxl_cfg_root(r->cfg), key, value, r->line);
}

void xml_put_in_list(struct reader *r, const char *key, const char *value)
{
    libxl_cfg_node *list = libxl_cfg_get(libxl_cfg_root(r->cfg), key);

    if (!list)
        list = libxl_cfg_add(r->cfg, libxl_cfg_root(r->cfg), key, LIBXL_CFG_LIST, r->line);
    libxl_cfg_add_string(r->cfg, list, NULL, value, r->line);
}

/* A whole number, or a fault and -1. */
long long xml_number(struct reader *r, const char *text, long long max)
{
    char *end;
    long long n = strtoll(text, &end, 10);

    if (end != text && !*end && n >= 0 && n <= max)
        return n;
    libxl_cfg_fault_at(r->cfg, r->line, "<%s>: '%s' is no number from 0 to %lld",
                       (const char *)r->node->name, text, max);
    return -1;
}

void xml_left_out(struct reader *r, const char *what)
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
            xml_put(r, keys[i].key, xml_text(r));
}

static void os_type(struct reader *r)
{
    const char *type = xml_text(r), *machine = xml_attribute(r, "machine") ?: "";

    if (!strcmp(type, "xenpvh") || !strcmp(machine, "xenpvh"))
        xml_put(r, "type", "pvh");
    else if (!strcmp(type, "hvm"))
        xml_put(r, "type", "hvm");
    else if (!strcmp(type, "linux") || !strcmp(type, "xen"))
        xml_put(r, "type", "pv");
    else
        libxl_cfg_fault_at(r->cfg, r->line, "<type>: '%s' should be xenpvh, hvm or linux", type);
}

static void os_loader(struct reader *r)
{
    const char *loader = xml_text(r);

    if (xml_attribute_is(r, "type", "pflash") || strstr(loader, "ovmf") || strstr(loader, "OVMF"))
        xml_put(r, "bios", "ovmf");
    else if (!strstr(loader, "hvmloader"))
        xml_put(r, "firmware_override", loader);
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
        xml_left_out(r, dev);
    else
        r->boot[n] = c;
}

static void split_words(struct reader *r, const char *key)
{
    char *words = strdup(xml_text(r)), *save = NULL;

    for (char *w = words ? strtok_r(words, " \t\n", &save) : NULL; w;
         w = strtok_r(NULL, " \t\n", &save))
        xml_put_in_list(r, key, w);
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
    long long n = xml_number(r, xml_text(r), 1LL << 50);

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

    r->vcpus = xml_number(r, xml_text(r), MAX_PINS);
    r->current_vcpus = current ? xml_number(r, current, MAX_PINS) : 0;
    r->cpuset = xml_attribute(r, "cpuset");
    r->pins_line = r->line;
}

static void vcpupin(struct reader *r)
{
    const char *which = xml_attribute(r, "vcpu"), *cpus = xml_attribute(r, "cpuset");
    long long n = which && cpus ? xml_number(r, which, MAX_PINS - 1) : -1;

    if (n >= 0)
        r->pins[n] = cpus;
    r->pins_line = r->line;
}

static void shares(struct reader *r)
{
    long long n = xml_number(r, xml_text(r), 65535);

    if (n >= 0)
        xml_put_int(r, "cpu_weight", n);
}

/* ---- features and clock ---- */

static void feature(struct reader *r)
{
    bool on = !xml_attribute_is(r, "state", "off");

    xml_put_int(r, (const char *)r->node->name, on);
}

static void clock_offset(struct reader *r)
{
    const char *offset = xml_attribute(r, "offset") ?: "utc",
               *adjustment = xml_attribute(r, "adjustment");

    if (!strcmp(offset, "localtime"))
        xml_put_int(r, "localtime", 1);
    else if (strcmp(offset, "utc") && strcmp(offset, "variable"))
        xml_left_out(r, offset);
    if (adjustment && strcmp(adjustment, "reset"))
        xml_put_int(r, "rtc_timeoffset", xml_number(r, adjustment, INT32_MAX));
}

static void clock_timer(struct reader *r)
{
    static const struct {
        const char *libvirt, *here;
    } modes[] = {
        {"native", "native"}, {"emulate", "always_emulate"}, {"paravirt", "native_paravirt"}};
    const char *name = xml_attribute(r, "name") ?: "", *mode = xml_attribute(r, "mode");

    if (!strcmp(name, "hpet")) {
        xml_put_int(r, "hpet", !xml_attribute_is(r, "present", "no"));
        return;
    }
    for (size_t i = 0; mode && !strcmp(name, "tsc") && i < sizeof(modes) / sizeof(modes[0]); i++)
        if (!strcmp(modes[i].libvirt, mode)) {
            xml_put(r, "tsc_mode", modes[i].here);
            return;
        }
    xml_left_out(r, name);
}

static void security_label(struct reader *r)
{
    if (*xml_text(r))
        xml_put(r, "seclabel", xml_text(r));
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
    {"domain/devices/disk", "type device", device_disk_begin, device_disk_end},
    {"domain/devices/disk/driver", "name type", device_disk_driver, NULL},
    {"domain/devices/disk/source", "file dev", device_disk_source, NULL},
    {"domain/devices/disk/target", "dev bus", device_disk_target, NULL},
    {"domain/devices/disk/readonly", "", device_disk_readonly, NULL},
    {"domain/devices/disk/backenddomain", "name", device_backend_domain, NULL},
    {"domain/devices/disk/address", "type controller bus target unit", NULL, NULL},
    {"domain/devices/interface", "type", device_interface_begin, device_interface_end},
    {"domain/devices/interface/mac", "address", device_interface_part, NULL},
    {"domain/devices/interface/source", "bridge", device_interface_part, NULL},
    {"domain/devices/interface/script", "path", device_interface_part, NULL},
    {"domain/devices/interface/ip", "address family", device_interface_part, NULL},
    {"domain/devices/interface/target", "dev", device_interface_part, NULL},
    {"domain/devices/interface/mtu", "size", device_interface_part, NULL},
    {"domain/devices/interface/model", "type", device_interface_model, NULL},
    {"domain/devices/interface/bandwidth", "", NULL, NULL},
    {"domain/devices/interface/bandwidth/outbound", "average", device_interface_outbound, NULL},
    {"domain/devices/interface/backenddomain", "name", device_backend_domain, NULL},
    {"domain/devices/serial", "type", device_serial, NULL},
    {"domain/devices/serial/target", "type port", NULL, NULL},
    {"domain/devices/console", "type tty", device_console, NULL},
    {"domain/devices/console/target", "type port", NULL, NULL},
    {"domain/devices/graphics", "type port autoport listen passwd keymap", device_graphics, NULL},
    {"domain/devices/graphics/listen", "type address", NULL, NULL},
    {"domain/devices/input", "type bus", NULL, NULL},
    {"domain/devices/video", "", NULL, NULL},
    {"domain/devices/video/model", "type vram heads primary", device_video_model, NULL},
    {"domain/devices/hostdev", "mode type managed", device_host_device, NULL},
    {"domain/devices/hostdev/source", "", NULL, NULL},
    {"domain/devices/hostdev/source/address", "domain bus slot function",
     device_host_device_address, NULL},
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
    xml_put_int(r, key, (value + 1023) / 1024);
}

static void finish_cpus(struct reader *r)
{
    const char *first = NULL;

    if (r->vcpus > 0 && r->current_vcpus > 0 && r->current_vcpus != r->vcpus) {
        xml_put_int(r, "vcpus", r->current_vcpus);
        xml_put_int(r, "maxvcpus", r->vcpus);
    } else if (r->vcpus > 0) {
        xml_put_int(r, "vcpus", r->vcpus);
    }
    for (int i = MAX_PINS; i--;)
        first = r->pins[i] ?: first;
    r->line = r->pins_line;
    if (!first && r->cpuset)
        xml_put(r, "cpus", r->cpuset);
    for (int i = 0; first && i < r->vcpus; i++) {
        if (!r->pins[i] && !r->cpuset) {
            fprintf(r->warnings,
                    "%s:%u: <vcpupin>: vCPU %d has none, but others have; it gets '%s'\n", r->file,
                    r->line, i, first);
            r->pins[i] = first;
        }
        if (r->pins[i] || r->cpuset)
            xml_put_in_list(r, "cpus", r->pins[i] ?: r->cpuset);
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
        xml_put(r, "boot", r->boot);
}
