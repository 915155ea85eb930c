/* SPDX-License-Identifier: GPL-2.0-only */
/* Writes a configuration as libvirt's domain XML, and finds out what got lost by reading it back.
 */
#include "writer.h"
#include <inttypes.h>
#include <libxl_utils.h>
#include <stdlib.h>
#include <string.h>

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
        xmlw_open_element(w, sizes[i].name);
        xmlw_attribute(w, "unit", "KiB");
        xmlTextWriterWriteFormatString(w, "%" PRIu64, sizes[i].kib);
        xmlw_close_element(w);
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
        xmlw_open_element(w, "vcpu");
        xmlw_attribute(w, "placement", "static");
        if (online && online != b->max_vcpus)
            xmlw_attribute_number(w, "current", online);
        xmlTextWriterWriteFormatString(w, "%d", b->max_vcpus);
        xmlw_close_element(w);
    }
    if (b->sched_params.weight <= 0 && !b->num_vcpu_hard_affinity)
        return;
    xmlw_open_element(w, "cputune");
    if (b->sched_params.weight > 0)
        xmlw_number_element(w, "shares", b->sched_params.weight);
    for (int i = 0; i < b->num_vcpu_hard_affinity; i++) {
        char *list = cpu_list(&b->vcpu_hard_affinity[i]);

        xmlw_open_element(w, "vcpupin");
        xmlw_attribute_number(w, "vcpu", i);
        xmlw_attribute(w, "cpuset", list);
        xmlw_close_element(w);
        free(list);
    }
    xmlw_close_element(w);
}

static void write_boot_order(xmlTextWriter *w, const char *order)
{
    for (; order && *order; order++)
        xmlw_element(w, "boot", "dev",
                     *order == 'd'   ? "cdrom"
                     : *order == 'n' ? "network"
                                     : "hd",
                     NULL);
}

static void write_os(xmlTextWriter *w, const libxl_domain_config *c)
{
    const libxl_domain_build_info *b = &c->b_info;
    libxl_domain_type type = c->c_info.type;

    xmlw_open_element(w, "os");
    xmlw_open_element(w, "type");
    xmlw_attribute(w, "arch", "x86_64");
    xmlw_attribute(w, "machine",
                   type == LIBXL_DOMAIN_TYPE_PVH   ? "xenpvh"
                   : type == LIBXL_DOMAIN_TYPE_HVM ? "xenfv"
                                                   : "xenpv");
    xmlTextWriterWriteString(w, (const xmlChar *)(type == LIBXL_DOMAIN_TYPE_PVH   ? "xenpvh"
                                                  : type == LIBXL_DOMAIN_TYPE_HVM ? "hvm"
                                                                                  : "linux"));
    xmlw_close_element(w);
    if (type == LIBXL_DOMAIN_TYPE_HVM && b->u.hvm.bios == LIBXL_BIOS_TYPE_OVMF)
        xmlw_element(w, "loader", "type", "pflash", "readonly", "yes", NULL);
    else if (type == LIBXL_DOMAIN_TYPE_HVM)
        xmlw_text_element(w, "loader", b->u.hvm.system_firmware);
    xmlw_text_element(w, "kernel", b->kernel);
    xmlw_text_element(w, "initrd", b->ramdisk);
    xmlw_text_element(w, "cmdline", b->cmdline);
    if (type == LIBXL_DOMAIN_TYPE_HVM)
        write_boot_order(w, b->u.hvm.boot);
    xmlw_close_element(w);
}

static void write_features(xmlTextWriter *w, const libxl_domain_config *c)
{
    xmlw_open_element(w, "features");
    if (defbool_is_on(c->b_info.acpi))
        xmlw_element(w, "acpi", NULL);
    if (defbool_is_on(c->b_info.apic))
        xmlw_element(w, "apic", NULL);
    if (defbool_is_set(c->c_info.hap))
        xmlw_element(w, "hap", "state", defbool_is_on(c->c_info.hap) ? "on" : "off", NULL);
    if (c->c_info.type == LIBXL_DOMAIN_TYPE_HVM && defbool_is_on(c->b_info.u.hvm.viridian))
        xmlw_element(w, "viridian", NULL);
    xmlw_close_element(w);
}

static void write_clock(xmlTextWriter *w, const libxl_domain_config *c)
{
    static const char *const tsc[] = {[LIBXL_TSC_MODE_ALWAYS_EMULATE] = "emulate",
                                      [LIBXL_TSC_MODE_NATIVE] = "native",
                                      [LIBXL_TSC_MODE_NATIVE_PARAVIRT] = "paravirt"};
    const libxl_domain_build_info *b = &c->b_info;

    xmlw_open_element(w, "clock");
    xmlw_attribute(w, "offset",
                   defbool_is_on(b->localtime) ? "localtime"
                   : b->rtc_timeoffset         ? "variable"
                                               : "utc");
    if (b->rtc_timeoffset)
        xmlw_attribute_number(w, "adjustment", b->rtc_timeoffset);
    if (b->tsc_mode > 0 && (size_t)b->tsc_mode < sizeof(tsc) / sizeof(tsc[0]))
        xmlw_element(w, "timer", "name", "tsc", "mode", tsc[b->tsc_mode], NULL);
    if (c->c_info.type == LIBXL_DOMAIN_TYPE_HVM && defbool_is_set(b->u.hvm.hpet))
        xmlw_element(w, "timer", "name", "hpet", "present",
                     defbool_is_on(b->u.hvm.hpet) ? "yes" : "no", NULL);
    xmlw_close_element(w);
}

static const char *action_word(libxl_action_on_shutdown a)
{
    return a == LIBXL_ACTION_ON_SHUTDOWN_RESTART_RENAME ? "rename-restart"
                                                        : libxl_action_on_shutdown_to_string(a);
}

static void write_domain(xmlTextWriter *w, const libxl_domain_config *c)
{
    char uuid[LIBXL_UUID_FMTLEN + 1];

    xmlw_open_element(w, "domain");
    xmlw_attribute(w, "type", "xen");
    xmlw_text_element(w, "name", c->c_info.name);
    snprintf(uuid, sizeof(uuid), LIBXL_UUID_FMT, LIBXL_UUID_BYTES(c->c_info.uuid));
    if (!libxl_uuid_is_nil(&c->c_info.uuid))
        xmlw_text_element(w, "uuid", uuid);
    write_memory(w, &c->b_info);
    write_cpus(w, &c->b_info);
    xmlw_text_element(w, "bootloader", c->b_info.bootloader);
    if (c->b_info.bootloader_args) {
        xmlw_open_element(w, "bootloader_args");
        for (char **a = c->b_info.bootloader_args; *a; a++)
            xmlTextWriterWriteFormatString(w, "%s%s", a == c->b_info.bootloader_args ? "" : " ",
                                           *a);
        xmlw_close_element(w);
    }
    write_os(w, c);
    write_features(w, c);
    write_clock(w, c);
    xmlw_text_element(w, "on_poweroff", action_word(c->on_poweroff));
    xmlw_text_element(w, "on_reboot", action_word(c->on_reboot));
    xmlw_text_element(w, "on_crash", action_word(c->on_crash));
    xml_write_devices(w, c);
    if (c->c_info.ssid_label) {
        xmlw_open_element(w, "seclabel");
        xmlw_attribute(w, "type", "static");
        xmlw_text_element(w, "label", c->c_info.ssid_label);
        xmlw_close_element(w);
    }
    xmlw_close_element(w);
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
