/* SPDX-License-Identifier: GPL-2.0-only */
/* Commands about the host: info, dmesg, debug-keys, cpupool-list; and console. */
#include "../xl.h"
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

/* One thing that `xl info` shows, as a text line or a JSON member. */
struct info_out {
    struct json_out *j;
};

static void show_text(struct info_out *o, const char *key, const char *value)
{
    if (o->j)
        json_string(o->j, key, value ?: "");
    else
        printf("%-23s: %s\n", key, value ?: "");
}

static void show_number(struct info_out *o, const char *key, uint64_t value)
{
    if (o->j)
        json_uint(o->j, key, value);
    else
        printf("%-23s: %llu\n", key, (unsigned long long)value);
}

static void info_kernel(struct info_out *o)
{
    struct utsname u;

    if (uname(&u))
        return;
    show_text(o, "host", u.nodename);
    show_text(o, "release", u.release);
    show_text(o, "version", u.version);
    show_text(o, "machine", u.machine);
}

static void info_caps(struct info_out *o, const libxl_physinfo *p)
{
    static const char *const names[] = {
        "hvm",     "pv",   "hvm_directio", "hap",      "shadow", "iommu_hap_pt_share",
        "vmtrace", "vpmu", "gnttab-v1",    "gnttab-v2"};
    const bool have[] = {p->cap_hvm,      p->cap_pv,     p->cap_hvm_directio,
                         p->cap_hap,      p->cap_shadow, p->cap_iommu_hap_pt_share,
                         p->cap_vmtrace,  p->cap_vpmu,   p->cap_gnttab_v1,
                         p->cap_gnttab_v2};
    char text[256] = "", hw[128];
    size_t n = 0;

    for (unsigned int i = 0; i < sizeof(have) / sizeof(have[0]); i++)
        if (have[i])
            n += snprintf(text + n, sizeof(text) - n, "%s%s", n ? " " : "", names[i]);
    snprintf(hw, sizeof(hw), "%08x:%08x:%08x:%08x:%08x:%08x:%08x:%08x", p->hw_cap[0], p->hw_cap[1],
             p->hw_cap[2], p->hw_cap[3], p->hw_cap[4], p->hw_cap[5], p->hw_cap[6], p->hw_cap[7]);
    show_text(o, "hw_caps", hw);
    show_text(o, "virt_caps", text);
}

static int info_physical(struct info_out *o)
{
    const libxl_version_info *v = libxl_get_version_info(ctx);
    libxl_physinfo p;
    unsigned int mib;

    libxl_physinfo_init(&p);
    if (!v || libxl_get_physinfo(ctx, &p))
        return 1;
    mib = (1u << 20) / v->pagesize;
    show_number(o, "nr_cpus", p.nr_cpus);
    show_number(o, "max_cpu_id", p.max_cpu_id);
    show_number(o, "nr_nodes", p.nr_nodes);
    show_number(o, "cores_per_socket", p.cores_per_socket);
    show_number(o, "threads_per_core", p.threads_per_core);
    if (o->j)
        json_double(o->j, "cpu_mhz", p.cpu_khz / 1000.0);
    else
        printf("%-23s: %u.%03u\n", "cpu_mhz", p.cpu_khz / 1000, p.cpu_khz % 1000);
    info_caps(o, &p);
    show_number(o, "total_memory", p.total_pages / mib);
    show_number(o, "free_memory", (p.free_pages - p.outstanding_pages) / mib);
    show_number(o, "free_pages", p.free_pages);
    show_number(o, "sharing_freed_memory", p.sharing_freed_pages / mib);
    show_number(o, "sharing_used_memory", p.sharing_used_frames / mib);
    show_number(o, "outstanding_claims", p.outstanding_pages / mib);
    libxl_physinfo_dispose(&p);
    return 0;
}

static int info_version(struct info_out *o)
{
    const libxl_version_info *v = libxl_get_version_info(ctx);
    char text[128];

    if (!v)
        return 1;
    show_number(o, "xen_major", v->xen_version_major);
    show_number(o, "xen_minor", v->xen_version_minor);
    show_text(o, "xen_extra", v->xen_version_extra);
    snprintf(text, sizeof(text), "%d.%d%s", v->xen_version_major, v->xen_version_minor,
             v->xen_version_extra ?: "");
    show_text(o, "xen_version", text);
    show_text(o, "xen_caps", v->capabilities);
    show_text(o, "xen_scheduler", libxl_scheduler_to_string(libxl_get_scheduler(ctx)));
    show_number(o, "xen_pagesize", v->pagesize);
    snprintf(text, sizeof(text), "virt_start=0x%llx", (unsigned long long)v->virt_start);
    show_text(o, "platform_params", text);
    show_text(o, "xen_changeset", v->changeset);
    show_text(o, "xen_commandline", v->commandline);
    show_text(o, "cc_compiler", v->compiler);
    show_text(o, "cc_compile_by", v->compile_by);
    show_text(o, "cc_compile_domain", v->compile_domain);
    show_text(o, "cc_compile_date", v->compile_date);
    show_text(o, "build_id", v->build_id);
    return 0;
}

static int info_topology(struct info_out *o)
{
    int n, nodes;
    libxl_cputopology *cpu = libxl_get_cpu_topology(ctx, &n);
    libxl_numainfo *numa = libxl_get_numainfo(ctx, &nodes);

    if (!cpu || !numa)
        return 1;
    if (o->j)
        json_open_array(o->j, "cpu_topology");
    else
        printf("cpu_topology           :\ncpu:    core    socket     node\n");
    for (int i = 0; i < n; i++) {
        if (cpu[i].core == LIBXL_CPUTOPOLOGY_INVALID_ENTRY)
            continue;
        if (o->j) {
            json_open_object(o->j, NULL);
            json_int(o->j, "cpu", i);
            json_uint(o->j, "core", cpu[i].core);
            json_uint(o->j, "socket", cpu[i].socket);
            json_uint(o->j, "node", cpu[i].node);
            json_close_object(o->j);
        } else {
            printf("%3d:    %4u     %4u     %4u\n", i, cpu[i].core, cpu[i].socket, cpu[i].node);
        }
    }
    if (o->j) {
        json_close_array(o->j);
        json_open_array(o->j, "numa_info");
    } else {
        printf("numa_info              :\nnode:    memsize    memfree    distances\n");
    }
    for (int i = 0; i < nodes; i++) {
        if (o->j) {
            json_open_object(o->j, NULL);
            json_int(o->j, "node", i);
            json_uint(o->j, "size_mib", numa[i].size >> 20);
            json_uint(o->j, "free_mib", numa[i].free >> 20);
            json_open_array(o->j, "distances");
            for (int k = 0; k < numa[i].num_dists; k++)
                json_uint(o->j, NULL, numa[i].dists[k]);
            json_close_array(o->j);
            json_close_object(o->j);
            continue;
        }
        printf("%4d:    %6llu     %6llu      ", i, (unsigned long long)(numa[i].size >> 20),
               (unsigned long long)(numa[i].free >> 20));
        for (int k = 0; k < numa[i].num_dists; k++)
            printf(k ? ",%u" : "%u", numa[i].dists[k]);
        putchar('\n');
    }
    if (o->j)
        json_close_array(o->j);
    libxl_cputopology_list_free(cpu, n);
    libxl_numainfo_list_free(numa, nodes);
    return 0;
}

int main_info(int argc, char **argv)
{
    static const struct cmd_option options[] = {
        {'n', "numa", NULL, "also CPU topology and NUMA nodes"},
        {'j', "json", NULL, "as JSON"},
        {0}};
    static const struct cmd cmd = {"xl info", "[OPTIONS]",
                                   "Shows the host: hypervisor, CPUs, memory.", options};
    struct info_out o = {NULL};
    bool numa = false;
    const char *value;
    int opt, rc;

    while ((opt = cmd_next(&cmd, argc, argv, &value)) != CMD_END) {
        numa |= opt == 'n';
        if (opt == 'j' && !o.j)
            o.j = json_out_new();
    }
    if (o.j)
        json_open_object(o.j, NULL);
    info_kernel(&o);
    rc = info_physical(&o);
    if (!rc && numa)
        rc = info_topology(&o);
    if (!rc)
        rc = info_version(&o);
    if (!o.j)
        return rc;
    json_close_object(o.j);
    return finish_json(o.j) || rc;
}

int main_dmesg(int argc, char **argv)
{
    static const struct cmd_option options[] = {{'c', "clear", NULL, "and empty the log"},
                                                {'j', "json", NULL, "as JSON: an array of lines"},
                                                {0}};
    static const struct cmd cmd = {"xl dmesg", "[OPTIONS]", "Shows the hypervisor's log.", options};
    libxl_xen_console_reader *reader;
    struct json_out *j = NULL;
    bool clear = false;
    const char *value;
    char *line;
    int opt, rc;

    while ((opt = cmd_next(&cmd, argc, argv, &value)) != CMD_END) {
        clear |= opt == 'c';
        if (opt == 'j' && !j)
            j = json_out_new();
    }
    reader = libxl_xen_console_read_start(ctx, clear);
    if (!reader)
        return 1;
    if (j)
        json_open_array(j, NULL);
    while ((rc = libxl_xen_console_read_line(ctx, reader, &line)) > 0) {
        if (j) {
            line[strcspn(line, "\r\n")] = '\0';
            json_string(j, NULL, line);
        } else {
            fputs(line, stdout);
        }
    }
    libxl_xen_console_read_finish(ctx, reader);
    if (j) {
        json_close_array(j);
        return finish_json(j) || rc < 0;
    }
    return rc < 0;
}

int main_debug_keys(int argc, char **argv)
{
    static const struct cmd_option options[] = {{0}};
    static const struct cmd cmd = {
        "xl debug-keys", "KEYS",
        "Sends debug keys to the hypervisor, which answers in its log (xl dmesg). h: help.",
        options};
    const char *value;

    while (cmd_next(&cmd, argc, argv, &value) != CMD_END)
        ;
    if (optind + 1 != argc)
        cmd_fail(&cmd, "which keys?");
    return libxl_send_debug_keys(ctx, argv[optind]) ? 1 : 0;
}

int main_cpupool_list(int argc, char **argv)
{
    static const struct cmd_option options[] = {{'j', "json", NULL, "as JSON"}, {0}};
    static const struct cmd cmd = {"xl cpupool-list", "[--json]", "Lists CPU pools.", options};
    struct json_out *j = NULL;
    libxl_cpupoolinfo *list;
    const char *value;
    int n;

    while (cmd_next(&cmd, argc, argv, &value) != CMD_END)
        j = j ?: json_out_new();
    list = libxl_list_cpupool(ctx, &n);
    if (!list)
        return 1;
    if (j)
        json_open_array(j, NULL);
    else
        printf("%-20s %4s  %-10s %s\n", "Name", "CPUs", "Scheduler", "Domains");
    for (int i = 0; i < n; i++) {
        int cpus = libxl_bitmap_count_set(&list[i].cpumap);

        if (j) {
            json_open_object(j, NULL);
            json_string(j, "name", list[i].pool_name);
            json_uint(j, "id", list[i].poolid);
            json_int(j, "cpus", cpus);
            json_string(j, "scheduler", libxl_scheduler_to_string(list[i].sched));
            json_uint(j, "domains", list[i].n_dom);
            json_close_object(j);
        } else {
            printf("%-20s %4d  %-10s %u\n", list[i].pool_name ?: "-", cpus,
                   libxl_scheduler_to_string(list[i].sched), list[i].n_dom);
        }
    }
    libxl_cpupoolinfo_list_free(list, n);
    if (!j)
        return 0;
    json_close_array(j);
    return finish_json(j);
}

int main_console(int argc, char **argv)
{
    static const struct cmd_option options[] = {
        {'t', "type", "pv|serial", "which kind (default: the domain's main console)"},
        {'n', "num", "N", "which of that kind (default 0)"},
        {0},
    };
    static const struct cmd cmd = {"xl console", "[OPTIONS] DOMAIN",
                                   "Attaches to a domain's console; ^] leaves.", options};
    libxl_console_type type = LIBXL_CONSOLE_TYPE_UNKNOWN;
    const char *value;
    uint32_t domid;
    int opt, num = 0;

    while ((opt = cmd_next(&cmd, argc, argv, &value)) != CMD_END) {
        if (opt == 'n')
            num = cmd_number(&cmd, "console", value, 0, 255);
        else if (libxl_console_type_from_string(value, &type))
            cmd_fail(&cmd, "'%s' is no console type: pv or serial", value);
    }
    if (optind + 1 != argc)
        cmd_fail(&cmd, "which domain?");
    domid = find_domain(argv[optind]);
    if (type == LIBXL_CONSOLE_TYPE_UNKNOWN && !num)
        libxl_primary_console_exec(ctx, domid, -1);
    else
        libxl_console_exec(ctx, domid, num,
                           type == LIBXL_CONSOLE_TYPE_UNKNOWN ? LIBXL_CONSOLE_TYPE_PV : type, -1);
    return 1;
}
