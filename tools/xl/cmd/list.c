/* SPDX-License-Identifier: GPL-2.0-only */
/* Commands that list domains: list, vm-list, domid, domname, uptime. */
#include "../xl.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* "r-----": running, blocked, paused, shutdown, crashed, dying. */
static void state_letters(const libxl_dominfo *d, char s[7])
{
    s[0] = d->running ? 'r' : '-';
    s[1] = d->blocked ? 'b' : '-';
    s[2] = d->paused ? 'p' : '-';
    s[3] = d->shutdown ? 's' : '-';
    s[4] = d->shutdown && d->shutdown_reason == LIBXL_SHUTDOWN_REASON_CRASH ? 'c' : '-';
    s[5] = d->dying ? 'd' : '-';
    s[6] = '\0';
}

struct list_options {
    bool verbose, longer, context, cpupool, numa, json;
};

static void list_json(struct json_out *j, const libxl_dominfo *d)
{
    char *name = domain_name(d->domid), state[7];

    state_letters(d, state);
    json_open_object(j, NULL);
    json_string(j, "name", name);
    json_uint(j, "domid", d->domid);
    json_printf(j, "uuid", LIBXL_UUID_FMT, LIBXL_UUID_BYTES(d->uuid));
    json_string(j, "type", libxl_domain_type_to_string(d->domain_type));
    json_uint(j, "memory_kb", d->current_memkb);
    json_uint(j, "max_memory_kb", d->max_memkb);
    json_uint(j, "vcpus", d->vcpu_online);
    json_string(j, "state", state);
    json_bool(j, "running", d->running);
    json_bool(j, "blocked", d->blocked);
    json_bool(j, "paused", d->paused);
    json_bool(j, "shutdown", d->shutdown);
    json_bool(j, "dying", d->dying);
    if (d->shutdown)
        json_string(j, "shutdown_reason", libxl_shutdown_reason_to_string(d->shutdown_reason));
    json_double(j, "cpu_seconds", seconds_of(d->cpu_time));
    json_uint(j, "cpupool", d->cpupool);
    json_close_object(j);
    free(name);
}

static void list_line(const libxl_dominfo *d, const struct list_options *o)
{
    char *name = domain_name(d->domid), state[7], *step = NULL;

    state_letters(d, state);
    printf("%-40s %5u %5lu %5u     %s  %8.1f", name, d->domid,
           (unsigned long)(d->current_memkb >> 10), d->vcpu_online, state, seconds_of(d->cpu_time));
    if (o->verbose) {
        printf(" " LIBXL_UUID_FMT, LIBXL_UUID_BYTES(d->uuid));
        printf(" %16s", d->shutdown ? libxl_shutdown_reason_to_string(d->shutdown_reason) : "-");
    }
    if (o->context)
        printf(" %16s", d->ssid_label ?: "-");
    if (o->cpupool) {
        char *pool = libxl_cpupoolid_to_name(ctx, d->cpupool);

        printf(" %16s", pool ?: "-");
        free(pool);
    }
    if (o->numa) {
        libxl_bitmap nodes;

        libxl_bitmap_init(&nodes);
        if (!libxl_node_bitmap_alloc(ctx, &nodes, 0) &&
            !libxl_domain_get_nodeaffinity(ctx, d->domid, &nodes)) {
            putchar(' ');
            if (libxl_bitmap_is_full(&nodes) || libxl_bitmap_is_empty(&nodes))
                fputs("any node", stdout);
            else
                print_bitmap(&nodes, nodes.size * 8, stdout);
        }
        libxl_bitmap_dispose(&nodes);
    }
    if (d->domid && libxl_domain_create_interrupted(ctx, d->domid, &step) == 1)
        printf("  (its create died at '%s': xl destroy %u)", step ?: "?", d->domid);
    free(step);
    putchar('\n');
    free(name);
}

/* Whole configurations, as JSON. */
static int list_long(const libxl_dominfo *list, int n)
{
    yajl_gen g = libxl_yajl_gen_alloc(NULL);

    yajl_gen_array_open(g);
    for (int i = 0; i < n; i++) {
        libxl_domain_config c;
        libxl_dominfo info = list[i];

        yajl_gen_map_open(g);
        yajl_gen_string(g, (const unsigned char *)"domid", 5);
        yajl_gen_integer(g, info.domid);
        libxl_domain_config_init(&c);
        if (info.domid && !libxl_retrieve_domain_configuration(ctx, info.domid, &c, NULL)) {
            yajl_gen_string(g, (const unsigned char *)"config", 6);
            libxl_domain_config_gen_json(g, &c);
        }
        yajl_gen_string(g, (const unsigned char *)"info", 4);
        libxl_dominfo_gen_json(g, &info);
        yajl_gen_map_close(g);
        libxl_domain_config_dispose(&c);
    }
    yajl_gen_array_close(g);
    return finish_yajl(g);
}

static int show_list(const libxl_dominfo *list, int n, const struct list_options *o)
{
    struct json_out *j;

    if (o->longer)
        return list_long(list, n);
    if (o->json) {
        j = json_out_new();
        json_open_array(j, NULL);
        for (int i = 0; i < n; i++)
            list_json(j, &list[i]);
        json_close_array(j);
        return finish_json(j);
    }
    printf("%-40s %5s %5s %5s %5s  %8s", "Name", "ID", "Mem", "VCPUs", "State", "Time(s)");
    if (o->verbose)
        printf("   %-35s %16s", "UUID", "Reason-Code");
    if (o->context)
        printf(" %16s", "Security Label");
    if (o->cpupool)
        printf(" %16s", "Cpupool");
    if (o->numa)
        printf(" NODE Affinity");
    putchar('\n');
    for (int i = 0; i < n; i++)
        list_line(&list[i], o);
    return 0;
}

int main_list(int argc, char **argv)
{
    static const struct cmd_option options[] = {
        {'l', "long", NULL, "whole configurations, as JSON"},
        {'v', "verbose", NULL, "also UUID and why it stopped"},
        {'Z', "context", NULL, "also the security label"},
        {'c', "cpupool", NULL, "also the CPU pool"},
        {'n', "numa", NULL, "also the NUMA nodes"},
        {'j', "json", NULL, "as JSON"},
        {0},
    };
    static const struct cmd cmd = {"xl list", "[OPTIONS] [DOMAIN...]", "Lists domains.", options};
    struct list_options o = {0};
    const char *value;
    int opt, n, rc = 0;

    while ((opt = cmd_next(&cmd, argc, argv, &value)) != CMD_END) {
        o.longer |= opt == 'l';
        o.verbose |= opt == 'v';
        o.context |= opt == 'Z';
        o.cpupool |= opt == 'c';
        o.numa |= opt == 'n';
        o.json |= opt == 'j';
    }
    if (optind == argc) {
        libxl_dominfo *list = libxl_list_domain(ctx, &n);

        if (!list)
            return 1;
        rc = show_list(list, n, &o);
        libxl_dominfo_list_free(list, n);
        return rc;
    }
    n = argc - optind;
    libxl_dominfo *some = calloc(n, sizeof(*some));
    for (int i = 0; i < n && some; i++) {
        libxl_dominfo_init(&some[i]);
        if (libxl_domain_info(ctx, &some[i], find_domain(argv[optind + i])))
            rc = 1;
    }
    if (!rc)
        rc = show_list(some, n, &o);
    for (int i = 0; i < n; i++)
        libxl_dominfo_dispose(&some[i]);
    free(some);
    return rc;
}

static const struct cmd_option json_option[] = {{'j', "json", NULL, "as JSON"}, {0}};

int main_vm_list(int argc, char **argv)
{
    static const struct cmd cmd = {"xl vm-list", "[--json]",
                                   "Lists virtual machines with their UUIDs.", json_option};
    struct json_out *j = NULL;
    const char *value;
    libxl_vminfo *list;
    int n;

    while (cmd_next(&cmd, argc, argv, &value) != CMD_END)
        j = j ?: json_out_new();
    list = libxl_list_vm(ctx, &n);
    if (!list)
        return 1;
    if (j)
        json_open_array(j, NULL);
    else
        printf("%-36s  %5s    %s\n", "UUID", "ID", "name");
    for (int i = 0; i < n; i++) {
        char *name = domain_name(list[i].domid);

        if (j) {
            json_open_object(j, NULL);
            json_printf(j, "uuid", LIBXL_UUID_FMT, LIBXL_UUID_BYTES(list[i].uuid));
            json_uint(j, "domid", list[i].domid);
            json_string(j, "name", name);
            json_close_object(j);
        } else {
            printf(LIBXL_UUID_FMT "  %5u    %s\n", LIBXL_UUID_BYTES(list[i].uuid), list[i].domid,
                   name);
        }
        free(name);
    }
    libxl_vminfo_list_free(list, n);
    if (!j)
        return 0;
    json_close_array(j);
    return finish_json(j);
}

static const char *one_argument(const struct cmd *cmd, int argc, char **argv, const char *what)
{
    const char *value;

    while (cmd_next(cmd, argc, argv, &value) != CMD_END)
        ;
    if (optind + 1 != argc)
        cmd_fail(cmd, "%s, please", what);
    return argv[optind];
}

int main_domid(int argc, char **argv)
{
    static const struct cmd_option none[] = {{0}};
    static const struct cmd cmd = {"xl domid", "NAME", "Prints the number of a domain.", none};
    const char *name = one_argument(&cmd, argc, argv, "a name");
    uint32_t domid;

    if (libxl_name_to_domid(ctx, name, &domid))
        die("there is no domain '%s'", name);
    printf("%u\n", domid);
    return 0;
}

int main_domname(int argc, char **argv)
{
    static const struct cmd_option none[] = {{0}};
    static const struct cmd cmd = {"xl domname", "NUMBER", "Prints the name of a domain.", none};
    long domid = cmd_number(&cmd, "domain", one_argument(&cmd, argc, argv, "a number"), 0, 65535);
    char *name = libxl_domid_to_name(ctx, domid);

    if (!name)
        die("there is no domain %ld", domid);
    puts(name);
    free(name);
    return 0;
}

/* Seconds since a domain began; the control domain began with the machine. */
static long uptime_of(uint32_t domid)
{
    double seconds = 0;
    uint32_t start;
    FILE *f;

    if (domid) {
        start = libxl_vm_get_start_time(ctx, domid);
        return start ? (long)(time(NULL) - start) : -1;
    }
    f = fopen("/proc/uptime", "re");
    if (!f || fscanf(f, "%lf", &seconds) != 1)
        seconds = -1;
    if (f)
        fclose(f);
    return seconds;
}

static void show_uptime(uint32_t domid, struct json_out *j, bool brief)
{
    char *name = domain_name(domid), text[64] = "unknown";
    long up = uptime_of(domid);

    if (up >= 86400)
        snprintf(text, sizeof(text), "%ld day%s, %2ld:%02ld:%02ld", up / 86400,
                 up >= 2 * 86400 ? "s" : "", up / 3600 % 24, up / 60 % 60, up % 60);
    else if (up >= 0)
        snprintf(text, sizeof(text), "%2ld:%02ld:%02ld", up / 3600, up / 60 % 60, up % 60);
    if (j) {
        json_open_object(j, NULL);
        json_string(j, "name", name);
        json_uint(j, "domid", domid);
        json_int(j, "uptime_seconds", up);
        json_close_object(j);
    } else if (brief) {
        puts(text);
    } else {
        printf("%-33s %4u %s\n", name, domid, text);
    }
    free(name);
}

int main_uptime(int argc, char **argv)
{
    static const struct cmd_option options[] = {
        {'s', "short", NULL, "only the times"}, {'j', "json", NULL, "as JSON"}, {0}};
    static const struct cmd cmd = {"xl uptime", "[OPTIONS] [DOMAIN...]",
                                   "Shows how long domains have been running.", options};
    struct json_out *j = NULL;
    bool brief = false;
    const char *value;
    int opt;

    while ((opt = cmd_next(&cmd, argc, argv, &value)) != CMD_END) {
        brief |= opt == 's';
        if (opt == 'j' && !j)
            j = json_out_new();
    }
    if (j)
        json_open_array(j, NULL);
    else if (!brief)
        printf("%-33s %4s %s\n", "Name", "ID", "Uptime");
    if (optind < argc) {
        for (int i = optind; i < argc; i++)
            show_uptime(find_domain(argv[i]), j, brief);
    } else {
        int n;
        libxl_dominfo *list = libxl_list_domain(ctx, &n);

        for (int i = 0; list && i < n; i++)
            show_uptime(list[i].domid, j, brief);
        libxl_dominfo_list_free(list, n);
    }
    if (!j)
        return 0;
    json_close_array(j);
    return finish_json(j);
}
