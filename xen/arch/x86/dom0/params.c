/* SPDX-License-Identifier: GPL-2.0-only */
/* dom0_mem=: how much memory the control domain gets. Pure. */
#include <xen/dom0.h>
#include <xen/errno.h>
#include <xen/lib.h>

#define MIB (1UL << 20)

static bool take_size(const char **s, u64 *val)
{
    const char *end;
    *val = parse_size(*s, &end);
    if (end == *s || (*end && *end != ','))
        return false;
    *s = *end ? end + 1 : end;
    return true;
}

int dom0_mem_parse(const char *value, struct dom0_mem_option *opt)
{
    struct dom0_mem_option o = {.max = ~0UL};
    const char *s = value;
    while (*s) {
        bool ok;
        if (!strncmp(s, "min:", 4)) {
            s += 4;
            ok = take_size(&s, &o.min);
        } else if (!strncmp(s, "max:", 4)) {
            s += 4;
            ok = take_size(&s, &o.max);
        } else {
            o.negative = *s == '-';
            s += o.negative;
            ok = take_size(&s, &o.size);
        }
        if (!ok)
            return -EINVAL;
    }
    if (o.min > o.max)
        return -EINVAL;
    *opt = o;
    return 0;
}

/*
 * Without a wish: 1 GiB and a sixteenth, at most half of all and 8 GiB. Not more, because what the
 * domain balloons out stays reserved for it (its frames are machine frames) and helps no guest.
 */
static unsigned long default_pages(unsigned long available)
{
    unsigned long pages =
        min((1024 * MIB >> PAGE_SHIFT) + available / 16, 8192 * MIB >> PAGE_SHIFT);
    return min(pages, available / 2);
}

unsigned long dom0_mem_pages(const struct dom0_mem_option *opt, unsigned long available)
{
    unsigned long keep = min(available / 32, 64 * MIB >> PAGE_SHIFT);
    unsigned long size = opt->size >> PAGE_SHIFT, pages;
    if (opt->negative)
        pages = size < available ? available - size : 0;
    else
        pages = size ? size : default_pages(available);
    pages = max(pages, (unsigned long)(opt->min >> PAGE_SHIFT));
    pages = min(pages, (unsigned long)(opt->max >> PAGE_SHIFT));
    /* Whatever was asked for, the hypervisor needs something for its own tables. */
    return min(pages, available - keep);
}
