/* SPDX-License-Identifier: GPL-2.0-only */
/* xl top: what domains use, again and again; on a terminal, as lines (--batch) or as JSON. */
#include "../xl.h"
#include <curses.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* One domain at one moment. */
struct sample {
    uint32_t domid;
    char *name;
    uint64_t cpu_ns, mem_kb, max_kb;
    unsigned int vcpus;
    char state[7];
    double cpu_percent; /* of one CPU, since the sample before */
};
struct snapshot {
    struct sample *s;
    int n;
    struct timespec when;
    uint64_t free_kb, total_kb;
    unsigned int cpus;
};

static void free_snapshot(struct snapshot *t)
{
    for (int i = 0; i < t->n; i++)
        free(t->s[i].name);
    free(t->s);
    memset(t, 0, sizeof(*t));
}

static double seconds_between(const struct timespec *a, const struct timespec *b)
{
    return (b->tv_sec - a->tv_sec) + (b->tv_nsec - a->tv_nsec) / 1e9;
}

static void set_state(struct sample *s, const libxl_dominfo *d)
{
    const bool on[] = {d->running,
                       d->blocked,
                       d->paused,
                       d->shutdown,
                       d->shutdown && d->shutdown_reason == LIBXL_SHUTDOWN_REASON_CRASH,
                       d->dying};

    for (int i = 0; i < 6; i++)
        s->state[i] = on[i] ? "rbpscd"[i] : '-';
}

static int take(struct snapshot *t, const struct snapshot *before)
{
    libxl_physinfo phys;
    libxl_dominfo *list;
    int n;

    memset(t, 0, sizeof(*t));
    libxl_physinfo_init(&phys);
    list = libxl_list_domain(ctx, &n);
    if (!list || libxl_get_physinfo(ctx, &phys))
        return 1;
    clock_gettime(CLOCK_MONOTONIC, &t->when);
    t->s = calloc(n ?: 1, sizeof(*t->s));
    t->n = t->s ? n : 0;
    t->free_kb = phys.free_pages * 4;
    t->total_kb = phys.total_pages * 4;
    t->cpus = phys.nr_cpus;
    for (int i = 0; i < t->n; i++) {
        struct sample *s = &t->s[i];

        s->domid = list[i].domid;
        s->name = domain_name(s->domid);
        s->cpu_ns = list[i].cpu_time;
        s->mem_kb = list[i].current_memkb;
        s->max_kb = list[i].max_memkb;
        s->vcpus = list[i].vcpu_online;
        set_state(s, &list[i]);
        for (int k = 0; k < before->n; k++)
            if (before->s[k].domid == s->domid && s->cpu_ns >= before->s[k].cpu_ns)
                s->cpu_percent = (s->cpu_ns - before->s[k].cpu_ns) / 1e7 /
                                 seconds_between(&before->when, &t->when);
    }
    libxl_dominfo_list_free(list, n);
    libxl_physinfo_dispose(&phys);
    return 0;
}

static int by_cpu(const void *a, const void *b)
{
    const struct sample *x = a, *y = b;

    return x->cpu_percent < y->cpu_percent   ? 1
           : x->cpu_percent > y->cpu_percent ? -1
                                             : (int)x->domid - (int)y->domid;
}

static void format_line(const struct snapshot *t, const struct sample *s, char *buf, size_t size)
{
    snprintf(buf, size, "%-20.20s %5u %s %9.0f %6.1f %10llu %6.1f %5u", s->name, s->domid, s->state,
             s->cpu_ns / 1e9, s->cpu_percent, (unsigned long long)s->mem_kb,
             t->total_kb ? 100.0 * s->mem_kb / t->total_kb : 0, s->vcpus);
}

static const char header[] =
    "NAME                   ID STATE    CPU(s) CPU(%)     MEM(k) MEM(%) VCPUS";

static void show_json(struct json_out *j, const struct snapshot *t)
{
    json_open_object(j, NULL);
    json_uint(j, "cpus", t->cpus);
    json_uint(j, "total_memory_kb", t->total_kb);
    json_uint(j, "free_memory_kb", t->free_kb);
    json_open_array(j, "domains");
    for (int i = 0; i < t->n; i++) {
        json_open_object(j, NULL);
        json_string(j, "name", t->s[i].name);
        json_uint(j, "domid", t->s[i].domid);
        json_string(j, "state", t->s[i].state);
        json_double(j, "cpu_seconds", t->s[i].cpu_ns / 1e9);
        json_double(j, "cpu_percent", t->s[i].cpu_percent);
        json_uint(j, "memory_kb", t->s[i].mem_kb);
        json_uint(j, "max_memory_kb", t->s[i].max_kb);
        json_uint(j, "vcpus", t->s[i].vcpus);
        json_close_object(j);
    }
    json_close_array(j);
    json_close_object(j);
}

static void show_lines(const struct snapshot *t)
{
    char line[160];

    printf("%u domains, %u CPUs, memory: %llu MiB total, %llu MiB free\n%s\n", t->n, t->cpus,
           (unsigned long long)t->total_kb >> 10, (unsigned long long)t->free_kb >> 10, header);
    for (int i = 0; i < t->n; i++) {
        format_line(t, &t->s[i], line, sizeof(line));
        puts(line);
    }
    putchar('\n');
    fflush(stdout);
}

static void show_screen(const struct snapshot *t)
{
    char line[160];

    erase();
    mvprintw(
        0, 0, "xl top - %u domains, %u CPUs, memory: %llu MiB total, %llu MiB free   (q quits)",
        t->n, t->cpus, (unsigned long long)t->total_kb >> 10, (unsigned long long)t->free_kb >> 10);
    attron(A_REVERSE);
    mvprintw(2, 0, "%-*s", COLS - 1, header);
    attroff(A_REVERSE);
    for (int i = 0; i < t->n && i + 3 < LINES; i++) {
        format_line(t, &t->s[i], line, sizeof(line));
        mvaddnstr(3 + i, 0, line, COLS - 1);
    }
    refresh();
}

/* Sleeps; on a screen a key ends it early. Returns false when the user wants to leave. */
static bool wait_a_while(bool screen, double delay)
{
    if (!screen) {
        usleep(delay * 1e6);
        return true;
    }
    timeout(delay * 1000);
    switch (getch()) {
    case 'q':
    case 'Q':
    case 27:
        return false;
    }
    return true;
}

int main_top(int argc, char **argv)
{
    static const struct cmd_option options[] = {
        {'d', "delay", "SECONDS", "time between two looks (default 3)"},
        {'i', "iterations", "N", "look N times and end"},
        {'b', "batch", NULL, "lines instead of a screen"},
        {'j', "json", NULL, "as JSON: an array of looks (one unless -i says more)"},
        {0},
    };
    static const struct cmd cmd = {"xl top", "[OPTIONS]", "Watches what domains use.", options};
    struct snapshot before = {0}, now;
    struct json_out *j = NULL;
    const char *value;
    long iterations = 0;
    double delay = 3;
    bool batch = false, screen;
    int opt, rc = 0;

    while ((opt = cmd_next(&cmd, argc, argv, &value)) != CMD_END) {
        char *end;

        switch (opt) {
        case 'd':
            delay = strtod(value, &end);
            if (*end || end == value || !(delay >= 0.1 && delay <= 3600))
                cmd_fail(&cmd, "'%s' is no delay: 0.1 to 3600 seconds", value);
            break;
        case 'i':
            iterations = cmd_number(&cmd, "iterations", value, 1, 1000000000);
            break;
        case 'b':
            batch = true;
            break;
        case 'j':
            j = j ?: json_out_new();
            break;
        }
    }
    if (j) {
        iterations = iterations ?: 1;
        json_open_array(j, NULL);
    }
    screen = !batch && !j && isatty(1) && newterm(NULL, stdout, stdin); /* else lines */
    if (screen) {
        cbreak();
        noecho();
        curs_set(0);
    }
    for (long i = 0; !iterations || i < iterations; i++) {
        if (i && !wait_a_while(screen, delay))
            break;
        rc = take(&now, &before);
        if (rc)
            break;
        qsort(now.s, now.n, sizeof(*now.s), by_cpu);
        if (j)
            show_json(j, &now);
        else if (screen)
            show_screen(&now);
        else
            show_lines(&now);
        free_snapshot(&before);
        before = now;
    }
    free_snapshot(&before);
    if (screen)
        endwin();
    if (j) {
        json_close_array(j);
        return finish_json(j) || rc;
    }
    return rc;
}
