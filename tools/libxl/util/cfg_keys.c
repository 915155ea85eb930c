/* SPDX-License-Identifier: GPL-2.0-only */
/* The keys of xl.cfg: most are one field, named by its path; the others have a function each way.
 */
#include <inttypes.h>
#include <libxl_utils.h>
#include <stdlib.h>

#include "util/cfg_keys.h"
#include "util/mem.h"

/* A number may be written as a string, as old files do. */
libxl_cfg_node cfg_as_number(const libxl_cfg_node *n)
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

void cfg_put_strings(libxl_cfg *cfg, const char *key, char *const *list)
{
    libxl_cfg_node *n;

    if (!list || !*list)
        return;
    n = libxl_cfg_add(cfg, cfg->root, key, LIBXL_CFG_LIST, 0);
    for (; *list; list++)
        libxl_cfg_add_string(cfg, n, NULL, *list, 0);
}

/* ---- keys that are more than a field ---- */

static bool positive(libxl_cfg *cfg, const libxl_cfg_node *n, int64_t max, int64_t *out)
{
    libxl_cfg_node number = cfg_as_number(n);

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
    if (vcpus && cfg_as_number(vcpus).kind == LIBXL_CFG_INT && cfg_as_number(vcpus).i > v)
        libxl_cfg_fault(cfg, n, "is less than vcpus (%" PRId64 ")", cfg_as_number(vcpus).i);
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
    number = cfg_as_number(n);
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

const struct cfg_key cfg_keys[] = {
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
    OTHER("disk", "list of disks", cfg_get_disks, cfg_put_disks, "disks"),
    OTHER("vif", "list of network cards", cfg_get_nics, cfg_put_nics, "network cards"),
    OTHER("pci", "list of PCI devices", cfg_get_pci, cfg_put_pci, "devices handed through"),
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
    OTHER("cpuid", "string or list of strings", cfg_get_cpuid, cfg_put_cpuid,
          "changes to CPU features"),
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
    {0},
};

const libxl_cfg_key *libxl_cfg_keys(void)
{
    static libxl_cfg_key list[sizeof(cfg_keys) / sizeof(cfg_keys[0])];

    /* Writing the same values twice from two threads does no harm. */
    for (int i = 0; cfg_keys[i].key; i++)
        list[i] = (libxl_cfg_key){cfg_keys[i].key, cfg_keys[i].type, cfg_keys[i].doc};
    return list;
}
