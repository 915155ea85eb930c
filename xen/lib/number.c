/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers from text. */
#include <xen/lib.h>

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'Z')
        return c - 'A' + 10;
    return 99;
}

unsigned long simple_strtoul(const char *s, const char **end, unsigned int base)
{
    unsigned long v = 0;

    if (base == 0) {
        base = 10;
        if (s[0] == '0') {
            base = 8;
            if ((s[1] == 'x' || s[1] == 'X') && digit_value(s[2]) < 16) {
                base = 16;
                s += 2;
            }
        }
    } else if (base == 16 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X')) {
        s += 2;
    }
    for (; digit_value(*s) < (int)base; s++)
        v = v * base + digit_value(*s);
    if (end)
        *end = s;
    return v;
}

u64 parse_size(const char *s, const char **end)
{
    const char *p;
    u64 v = simple_strtoul(s, &p, 0);

    if (p != s) {
        static const char units[] = "KMGT";
        char c = *p >= 'a' ? *p - 'a' + 'A' : *p;
        const char *u = c ? strchr(units, c) : NULL;

        if (u) {
            v <<= 10 * (u - units + 1);
            p++;
        } else if (c == 'B') {
            p++;
        } else {
            v <<= 10; /* as on Xen: without a unit it is KiB */
        }
    }
    if (end)
        *end = p;
    return v;
}
