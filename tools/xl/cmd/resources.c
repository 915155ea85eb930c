/* SPDX-License-Identifier: GPL-2.0-only */
/* Commands about CPUs and memory of domains: vcpu-list, vcpu-set, vcpu-pin, mem-set, mem-max,
 * sched-credit2. */
#include "../xl.h"
#include <libxl_cfg.h>
#include <stdlib.h>
#include <string.h>

static void show_vcpu(struct json_out *j, uint32_t domid, const char *name, const libxl_vcpuinfo *v,
                      int nr_cpus)
{
    char *hard = bitmap_text(&v->cpumap, nr_cpus), *soft = bitmap_text(&v->cpumap_soft, nr_cpus);

    if (j) {
        json_open_object(j, NULL);
        json_string(j, "domain", name);
        json_uint(j, "domid", domid);
        json_uint(j, "vcpu", v->vcpuid);
        if (v->online)
            json_uint(j, "cpu", v->cpu);
        else
            json_null(j, "cpu");
        json_string(j, "state",
                    !v->online   ? "offline"
                    : v->running ? "running"
                    : v->blocked ? "blocked"
                                 : "runnable");
        json_double(j, "cpu_seconds", seconds_of(v->vcpu_time));
        json_string(j, "hard_affinity", hard);
        json_string(j, "soft_affinity", soft);
        json_close_object(j);
    } else {
        printf("%-32s %5u %5u", name, domid, v->vcpuid);
        if (v->online)
            printf(" %4u   %c%c-", v->cpu, v->running ? 'r' : '-', v->blocked ? 'b' : '-');
        else
            printf(" %4s   --p", "-");
        printf("  %8.1f  %s / %s\n", seconds_of(v->vcpu_time), hard, soft);
    }
    free(hard);
    free(soft);
}

static void show_vcpus(struct json_out *j, uint32_t domid)
{
    int n, nr_cpus;
    libxl_vcpuinfo *list = libxl_list_vcpu(ctx, domid, &n, &nr_cpus);
    char *name = domain_name(domid);

    for (int i = 0; list && i < n; i++)
        show_vcpu(j, domid, name, &list[i], nr_cpus);
    if (list)
        libxl_vcpuinfo_list_free(list, n);
    free(name);
}

int main_vcpu_list(int argc, char **argv)
{
    static const struct cmd_option options[] = {{'j', "json", NULL, "as JSON"}, {0}};
    static const struct cmd cmd = {"xl vcpu-list", "[--json] [DOMAIN...]", "Lists vCPUs.", options};
    struct json_out *j = NULL;
    const char *value;

    while (cmd_next(&cmd, argc, argv, &value) != CMD_END)
        j = j ?: json_out_new();
    if (j)
        json_open_array(j, NULL);
    else
        printf("%-32s %5s %5s %4s %5s  %8s %s\n", "Name", "ID", "VCPU", "CPU", "State", "Time(s)",
               "Affinity (Hard / Soft)");
    if (optind < argc) {
        for (int i = optind; i < argc; i++)
            show_vcpus(j, find_domain(argv[i]));
    } else {
        int n;
        libxl_dominfo *list = libxl_list_domain(ctx, &n);

        for (int i = 0; list && i < n; i++)
            show_vcpus(j, list[i].domid);
        libxl_dominfo_list_free(list, n);
    }
    if (!j)
        return 0;
    json_close_array(j);
    return finish_json(j);
}

/* "DOMAIN VALUE" of commands without options. */
static void two_arguments(const struct cmd *cmd, int argc, char **argv)
{
    const char *value;

    while (cmd_next(cmd, argc, argv, &value) != CMD_END)
        ;
    if (optind + 2 != argc)
        cmd_fail(cmd, "needs: %s", cmd->synopsis);
}

static const struct cmd_option no_options[] = {{0}};

int main_vcpu_set(int argc, char **argv)
{
    static const struct cmd cmd = {"xl vcpu-set", "DOMAIN NUMBER",
                                   "Asks a domain to use that many vCPUs.", no_options};
    libxl_dominfo info;
    libxl_bitmap map;
    uint32_t domid;
    long want;
    int rc;

    two_arguments(&cmd, argc, argv);
    domid = find_domain(argv[optind]);
    want = cmd_number(&cmd, "number of vCPUs", argv[optind + 1], 1, 4096);
    libxl_dominfo_init(&info);
    if (libxl_domain_info(ctx, &info, domid))
        return 1;
    if (want > (long)info.vcpu_max_id + 1)
        die("the domain has %u vCPUs at most", info.vcpu_max_id + 1);
    libxl_bitmap_init(&map);
    if (libxl_bitmap_alloc(ctx, &map, info.vcpu_max_id + 1))
        return 1;
    for (long i = 0; i < want; i++)
        libxl_bitmap_set(&map, i);
    rc = libxl_set_vcpuonline(ctx, domid, &map, NULL);
    libxl_bitmap_dispose(&map);
    libxl_dominfo_dispose(&info);
    return rc ? 1 : 0;
}

static long vcpus_of(uint32_t domid)
{
    libxl_dominfo info;
    long n;

    libxl_dominfo_init(&info);
    if (libxl_domain_info(ctx, &info, domid))
        die("domain %u is gone", domid);
    n = (long)info.vcpu_max_id + 1;
    libxl_dominfo_dispose(&info);
    return n;
}

/* A CPU that is not there would only be refused without its number. */
static void check_cpus(const struct cmd *cmd, const char *spec, const libxl_bitmap *map)
{
    int max = libxl_get_max_cpus(ctx), cpu;

    libxl_for_each_set_bit(cpu, *map)
    {
        if (cpu < max)
            return;
    }
    cmd_fail(cmd, "CPUs '%s': the host has only %d CPUs from 0 on", spec, max);
}

/* "-" leaves an affinity as it is: NULL. */
static libxl_bitmap *parse_affinity(const struct cmd *cmd, const char *spec, libxl_bitmap *map)
{
    char *problem = NULL;

    libxl_bitmap_init(map);
    if (!strcmp(spec, "-"))
        return NULL;
    if (libxl_cpulist_parse(ctx, spec, libxl_get_max_cpus(ctx), map, &problem))
        cmd_fail(cmd, "CPUs '%s': %s", spec, problem ?: "not understood");
    check_cpus(cmd, spec, map);
    return map;
}

int main_vcpu_pin(int argc, char **argv)
{
    static const struct cmd cmd = {"xl vcpu-pin", "DOMAIN VCPU|all HARD|- [SOFT|-]",
                                   "Sets which CPUs a vCPU may (hard) and should (soft) use: "
                                   "0-3,^2, all, nodes:1; - leaves it.",
                                   no_options};
    libxl_bitmap hard_map, soft_map, *hard, *soft;
    const char *value;
    uint32_t domid;
    long nr_vcpus;
    int rc;

    while (cmd_next(&cmd, argc, argv, &value) != CMD_END)
        ;
    if (argc - optind < 3 || argc - optind > 4)
        cmd_fail(&cmd, "needs: %s", cmd.synopsis);
    domid = find_domain(argv[optind]);
    nr_vcpus = vcpus_of(domid);
    hard = parse_affinity(&cmd, argv[optind + 2], &hard_map);
    soft = parse_affinity(&cmd, argc - optind == 4 ? argv[optind + 3] : "-", &soft_map);
    if (!hard && !soft)
        cmd_fail(&cmd, "nothing to set");
    if (!strcmp(argv[optind + 1], "all")) {
        rc = libxl_set_vcpuaffinity_all(ctx, domid, nr_vcpus, hard, soft);
    } else {
        long vcpu = cmd_number(&cmd, "vCPU", argv[optind + 1], 0, 4095);

        if (vcpu >= nr_vcpus)
            die("domain %u has no vCPU %ld, only %ld vCPUs from 0 on", domid, vcpu, nr_vcpus);
        rc = libxl_set_vcpuaffinity(ctx, domid, vcpu, hard, soft);
    }
    libxl_bitmap_dispose(&hard_map);
    libxl_bitmap_dispose(&soft_map);
    return rc ? 1 : 0;
}

int main_mem_set(int argc, char **argv)
{
    static const struct cmd cmd = {"xl mem-set", "DOMAIN SIZE",
                                   "Asks a domain to use that much memory (MiB without a unit).",
                                   no_options};

    two_arguments(&cmd, argc, argv);
    return libxl_set_memory_target(ctx, find_domain(argv[optind]),
                                   parse_memory(&cmd, argv[optind + 1]), 0, 1)
               ? 1
               : 0;
}

int main_mem_max(int argc, char **argv)
{
    static const struct cmd cmd = {"xl mem-max", "DOMAIN SIZE",
                                   "Sets the memory a domain may use at most (MiB without a unit).",
                                   no_options};

    two_arguments(&cmd, argc, argv);
    return libxl_domain_setmaxmem(ctx, find_domain(argv[optind]),
                                  parse_memory(&cmd, argv[optind + 1]))
               ? 1
               : 0;
}

static int show_sched(struct json_out *j, uint32_t domid)
{
    libxl_domain_sched_params p;
    char *name = domain_name(domid);
    int rc;

    libxl_domain_sched_params_init(&p);
    rc = libxl_domain_sched_params_get(ctx, domid, &p);
    if (!rc && j) {
        json_open_object(j, NULL);
        json_string(j, "name", name);
        json_uint(j, "domid", domid);
        json_int(j, "weight", p.weight);
        json_int(j, "cap", p.cap);
        json_close_object(j);
    } else if (!rc) {
        printf("%-33s %4u %6d %4d\n", name, domid, p.weight, p.cap);
    }
    libxl_domain_sched_params_dispose(&p);
    free(name);
    return rc;
}

int main_sched_credit2(int argc, char **argv)
{
    static const struct cmd_option options[] = {
        {'d', "domain", "DOMAIN", "this domain (default: all are shown)"},
        {'w', "weight", "N", "set its share of the CPUs, 1 to 65535 (256 is usual)"},
        {'c', "cap", "PERCENT", "set its limit in percent of one CPU; 0: none"},
        {'j', "json", NULL, "as JSON"},
        {0},
    };
    static const struct cmd cmd = {"xl sched-credit2", "[-d DOMAIN [-w WEIGHT] [-c CAP]] [--json]",
                                   "Shows or sets how domains share the CPUs.", options};
    const char *value, *domain = NULL;
    struct json_out *j = NULL;
    libxl_domain_sched_params p;
    int opt, n, rc = 0;
    bool set = false;

    libxl_domain_sched_params_init(&p);
    while ((opt = cmd_next(&cmd, argc, argv, &value)) != CMD_END) {
        switch (opt) {
        case 'd':
            domain = value;
            break;
        case 'w':
            p.weight = cmd_number(&cmd, "weight", value, 1, 65535);
            set = true;
            break;
        case 'c':
            p.cap = cmd_number(&cmd, "cap", value, 0, 65534);
            set = true;
            break;
        case 'j':
            j = j ?: json_out_new();
            break;
        }
    }
    if (set && !domain)
        cmd_fail(&cmd, "of which domain? (-d)");
    if (set) {
        p.sched = LIBXL_SCHEDULER_CREDIT2;
        return libxl_domain_sched_params_set(ctx, find_domain(domain), &p) ? 1 : 0;
    }
    if (j)
        json_open_array(j, NULL);
    else
        printf("%-33s %4s %6s %4s\n", "Name", "ID", "Weight", "Cap");
    if (domain) {
        rc = show_sched(j, find_domain(domain));
    } else {
        libxl_dominfo *list = libxl_list_domain(ctx, &n);

        for (int i = 0; list && i < n; i++)
            rc = show_sched(j, list[i].domid) ?: rc;
        libxl_dominfo_list_free(list, n);
    }
    if (j) {
        json_close_array(j);
        return finish_json(j) || rc;
    }
    return rc ? 1 : 0;
}
