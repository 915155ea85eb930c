/* SPDX-License-Identifier: GPL-2.0-only */
/* xl: the command line to libxl. This file: global options, finding the command, shared helpers. */
#include "xl.h"
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

libxl_ctx *ctx;
xentoollog_logger_stdiostream *logger;
bool opt_dryrun, opt_force;
static xentoollog_level log_level = XTL_PROGRESS;

void die(const char *fmt, ...)
{
    va_list ap;

    fputs("xl: ", stderr);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    exit(1);
}

void open_context(void)
{
    if (ctx)
        libxl_ctx_free(ctx);
    ctx = NULL;
    if (!logger)
        logger = xtl_createlogger_stdiostream(stderr, log_level, 0);
    if (!logger)
        die("no memory for the log");
    if (libxl_ctx_alloc(&ctx, LIBXL_VERSION, 0, (xentoollog_logger *)logger))
        die("cannot talk to the hypervisor (are you in the control domain, and root?)");
}

static void close_context(void)
{
    if (ctx)
        libxl_ctx_free(ctx);
    ctx = NULL;
    if (logger)
        xtl_logger_destroy((xentoollog_logger *)logger);
    logger = NULL;
}

uint32_t find_domain(const char *name)
{
    uint32_t domid;

    if (libxl_domain_qualifier_to_domid(ctx, name, &domid))
        die("there is no domain '%s'", name);
    if (libxl_domain_info(ctx, NULL, domid))
        die("there is no domain %u", domid);
    return domid;
}

char *domain_name(uint32_t domid)
{
    char *name = libxl_domid_to_name(ctx, domid);

    if (!name && asprintf(&name, "(domain %u)", domid) < 0)
        die("out of memory");
    return name;
}

uint64_t parse_memory(const struct cmd *cmd, const char *s)
{
    static const struct {
        const char *suffix;
        unsigned int shift; /* of KiB */
    } units[] = {{"", 10},  {"k", 0},  {"K", 0},  {"m", 10}, {"M", 10},
                 {"g", 20}, {"G", 20}, {"t", 30}, {"T", 30}};
    char *end;
    unsigned long long n;

    errno = 0;
    n = strtoull(s, &end, 0);
    if (end == s || errno || *s == '-')
        cmd_fail(cmd, "'%s' is no amount of memory: a number of MiB, or a number with k, m, g or t",
                 s);
    if (*end && (end[1] == 'b' || end[1] == 'B') && !end[2])
        end = (char[]){*end, '\0'};
    for (unsigned int i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (strcmp(end, units[i].suffix))
            continue;
        if (n > (UINT64_MAX >> 1 >> units[i].shift))
            cmd_fail(cmd, "'%s' is too much memory", s);
        return n << units[i].shift;
    }
    cmd_fail(cmd, "'%s' is no amount of memory: unknown unit '%s'", s, end);
}

int finish_json(struct json_out *j)
{
    return json_out_finish(j, stdout) ? 1 : 0;
}

int finish_yajl(yajl_gen g)
{
    const unsigned char *text;
    size_t len;
    int rc = 1;

    if (yajl_gen_get_buf(g, &text, &len) == yajl_gen_status_ok) {
        fwrite(text, 1, len, stdout);
        if (!len || text[len - 1] != '\n')
            putchar('\n');
        rc = fflush(stdout) ? 1 : 0;
    }
    yajl_gen_free(g);
    return rc;
}

double seconds_of(uint64_t ns)
{
    return ns / 1e9;
}

void print_bitmap(const libxl_bitmap *map, int max, FILE *out)
{
    bool first = true;

    for (int i = 0; i < max; i++) {
        int last = i;

        if (!libxl_bitmap_cpu_valid(map, i) || !libxl_bitmap_test(map, i))
            continue;
        while (last + 1 < max && libxl_bitmap_cpu_valid(map, last + 1) &&
               libxl_bitmap_test(map, last + 1))
            last++;
        fprintf(out, last > i ? "%s%d-%d" : "%s%d", first ? "" : ",", i, last);
        first = false;
        i = last;
    }
    if (first)
        fputs("none", out);
}

char *bitmap_text(const libxl_bitmap *map, int max)
{
    char *text = NULL;
    size_t len;
    FILE *f;
    int set = 0;

    for (int i = 0; i < max; i++)
        set += libxl_bitmap_cpu_valid(map, i) && libxl_bitmap_test(map, i);
    if (set == max)
        return strdup("all");
    f = open_memstream(&text, &len);
    if (!f)
        die("out of memory");
    print_bitmap(map, max, f);
    fclose(f);
    return text;
}

static const struct xl_command *find_command(const char *name)
{
    const struct xl_command *found = NULL;
    int candidates = 0;

    for (const struct xl_command *c = xl_commands; c->name; c++) {
        if (!strcmp(c->name, name))
            return c;
        if (!strncmp(c->name, name, strlen(name))) {
            found = c;
            candidates++;
        }
    }
    return candidates == 1 ? found : NULL; /* an abbreviation that fits one */
}

static void usage(FILE *f)
{
    fputs("Usage: xl [-vfNt] COMMAND [ARGUMENTS]\n"
          "  -v  say more (again: even more)      -N  do not act, only show what would be done\n"
          "  -f  go on where xl would rather stop  -t  end progress lines with CR (for terminals)\n"
          "`xl help` lists the commands, `xl COMMAND --help` tells about one.\n",
          f);
}

int main(int argc, char **argv)
{
    const struct xl_command *c;
    int opt, rc;

    if (argc > 1 && !strcmp(argv[1], "--help")) {
        usage(stdout);
        return 0;
    }
    if (argc > 1 && !strcmp(argv[1], "--version")) {
        puts("xl (Craton) " CRATON_VERSION);
        return 0;
    }
    while ((opt = getopt(argc, argv, "+vfNth")) != -1) {
        switch (opt) {
        case 'v':
            if (log_level > 0)
                log_level--;
            break;
        case 'f':
            opt_force = true;
            break;
        case 'N':
            opt_dryrun = true;
            break;
        case 't':
            break;
        case 'h':
            usage(stdout);
            return 0;
        default:
            usage(stderr);
            return 2;
        }
    }
    if (optind == argc) {
        usage(stderr);
        return 2;
    }
    c = find_command(argv[optind]);
    if (!c) {
        fprintf(stderr, "xl: there is no command '%s'; `xl help` lists them\n", argv[optind]);
        return 2;
    }
    argc -= optind;
    argv += optind;
    optind = 0;
    /* --help works without a hypervisor, and so does what only looks at files. */
    if (!c->no_hypervisor && !(argc == 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))))
        open_context();
    rc = c->run(argc, argv);
    close_context();
    return rc;
}
