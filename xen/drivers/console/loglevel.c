/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * loglvl= and guest_loglvl=: LEVEL[/RATE_LIMITED_LEVEL]. Messages below the first level are
 * printed, those between the first and the second at a limited rate.
 */
#include <xen/errno.h>
#include <xen/lib.h>
#include <xen/param.h>
#include <xen/time.h>
#include "console_priv.h"

struct threshold {
    int always, limited; /* messages of levels below these */
};
static struct threshold host = {3, 3};  /* up to info */
static struct threshold guest = {0, 2}; /* up to warning, limited */

static int parse_level(const char *s, const char **end)
{
    static const char *const names[] = {"none", "error", "warning", "info", "debug"};

    for (unsigned int i = 0; i < ARRAY_SIZE(names); i++)
        if (!strncmp(s, names[i], strlen(names[i]))) {
            *end = s + strlen(names[i]);
            return i;
        }
    if (!strncmp(s, "all", 3)) {
        *end = s + 3;
        return ARRAY_SIZE(names) - 1;
    }
    return -1;
}

static int parse_thresholds(const char *s, struct threshold *t)
{
    int always, limited;

    always = limited = parse_level(s, &s);
    if (always >= 0 && *s == '/')
        limited = parse_level(s + 1, &s);
    if (always < 0 || limited < 0 || *s)
        return -EINVAL;
    *t = (struct threshold){always, max(always, limited)};
    return 0;
}

static int __init parse_loglvl(const char *s)
{
    return parse_thresholds(s, &host);
}
custom_param("loglvl", parse_loglvl);

static int __init parse_guest_loglvl(const char *s)
{
    return parse_thresholds(s, &guest);
}
custom_param("guest_loglvl", parse_guest_loglvl);

/* A bucket of 20 messages that fills at 4 a second. Races between CPUs only blur the rate. */
static bool rate_allows(unsigned int *suppressed)
{
    static s_time_t last;
    static unsigned int tokens = 20, missed;
    s_time_t now = NOW();
    s_time_t periods = (now - last) / MILLISECS(250);

    if (periods > 0) {
        tokens = min((s_time_t)20, tokens + periods);
        last = now;
    }
    if (!tokens) {
        missed++;
        return false;
    }
    tokens--;
    *suppressed = missed;
    missed = 0;
    return true;
}

bool loglevel_wants(const char **msg, bool *is_guest)
{
    const char *p = *msg;
    const struct threshold *t;
    unsigned int suppressed = 0;
    int level = -1; /* without a mark: printed whatever the threshold */

    *is_guest = false;
    for (; p[0] == '<' && p[1] && p[2] == '>'; p += 3) {
        if (p[1] == 'G')
            *is_guest = true;
        else if (p[1] >= '0' && p[1] <= '3')
            level = p[1] - '0';
        else
            break;
    }
    *msg = p;
    t = *is_guest ? &guest : &host;
    if (*is_guest && level < 0)
        level = 1;
    if (level < t->always)
        return true;
    if (level >= t->limited || !rate_allows(&suppressed))
        return false;
    if (suppressed)
        printk("(%u similar messages suppressed)\n", suppressed);
    return true;
}
