/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The command line. Options are declared where they are used (xen/param.h); a wrong or unknown one
 * is logged and skipped: a typing mistake must not keep a machine from booting.
 */
#include <xen/param.h>
#include <xen/errno.h>
#include <xen/lib.h>

extern const struct kernel_param __start_params[], __stop_params[];

char saved_cmdline[1024];

/* 1, 0, or -1: neither. */
static int parse_bool(const char *s)
{
    static const char *const yes[] = {"", "1", "on", "yes", "true", "enable"};
    static const char *const no[] = {"0", "off", "no", "false", "disable"};

    for (unsigned int i = 0; i < ARRAY_SIZE(yes); i++)
        if (!strcmp(s, yes[i]))
            return 1;
    for (unsigned int i = 0; i < ARRAY_SIZE(no); i++)
        if (!strcmp(s, no[i]))
            return 0;
    return -1;
}

static int set_param(const struct kernel_param *p, const char *value, bool negated)
{
    const char *end;
    int b;

    if (negated && p->type != PARAM_BOOL && p->type != PARAM_CUSTOM)
        return -EINVAL;
    switch (p->type) {
    case PARAM_BOOL:
        b = parse_bool(value);
        if (b < 0)
            return -EINVAL;
        *(bool *)p->var = b ^ negated;
        return 0;
    case PARAM_UINT: {
        unsigned long v = simple_strtoul(value, &end, 0);

        if (end == value || *end || v > 0xffffffffUL)
            return -EINVAL;
        *(unsigned int *)p->var = v;
        return 0;
    }
    case PARAM_SIZE: {
        u64 v = parse_size(value, &end);

        if (end == value || *end)
            return -EINVAL;
        *(u64 *)p->var = v;
        return 0;
    }
    case PARAM_STRING:
        return strlcpy(p->var, value, p->len) < p->len ? 0 : -EINVAL;
    case PARAM_CUSTOM:
        return ((int (*)(const char *))(uintptr_t)p->var)(negated ? "no" : value);
    }
    return -EINVAL;
}

static void __init parse_option(char *option)
{
    char *value = strchr(option, '=');
    bool negated = false, known = false;
    int rc = -ENOENT;

    if (value)
        *value++ = '\0';
    for (int pass = 0; pass < 2 && !known; pass++) {
        const char *name = option;

        if (pass == 1) {
            if (strncmp(option, "no-", 3) && strncmp(option, "no", 2))
                break;
            negated = true;
            name += option[2] == '-' ? 3 : 2;
        }
        for (const struct kernel_param *p = __start_params; p < __stop_params; p++) {
            if (strcmp(p->name, name))
                continue;
            known = true;
            rc = set_param(p, value ? value : "", negated);
        }
    }
    if (!known)
        printk(XENLOG_WARNING "Command line: unknown option \"%s\" skipped\n", option);
    else if (rc)
        printk(XENLOG_WARNING "Command line: wrong value \"%s\" of option \"%s\" skipped\n",
               value ? value : "", option);
}

void __init cmdline_parse(const char *cmdline)
{
    char option[256];

    strlcpy(saved_cmdline, cmdline, sizeof(saved_cmdline));
    while (*cmdline) {
        size_t n = 0;
        bool quoted = false;

        while (*cmdline == ' ' || *cmdline == '\t')
            cmdline++;
        for (; *cmdline && (quoted || (*cmdline != ' ' && *cmdline != '\t')); cmdline++) {
            if (*cmdline == '"') {
                quoted = !quoted;
                continue;
            }
            if (n + 1 < sizeof(option))
                option[n++] = *cmdline;
        }
        option[n] = '\0';
        if (!strcmp(option, "--"))
            return; /* the rest is the control domain's */
        if (n)
            parse_option(option);
    }
}
