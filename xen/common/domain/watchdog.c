/* SPDX-License-Identifier: GPL-2.0-only */
/* SCHEDOP_watchdog: a domain that does not pet its watchdog in time is shut down with that reason.
 */
#include <xen/domain.h>
#include <xen/errno.h>
#include <xen/lib.h>
#include <public/sched.h>

static void watchdog_fired(void *data)
{
    struct domain *d = data;

    if (d->is_shutting_down || d->is_dying)
        return;
    printk(XENLOG_WARNING "d%u: watchdog timer expired\n", d->domain_id);
    domain_shutdown(d, SHUTDOWN_watchdog);
}

long domain_watchdog(struct domain *d, u32 id, u32 timeout)
{
    long rc = 0;

    if (id > ARRAY_SIZE(d->watchdog_timer))
        return -EINVAL;
    domain_lock(d);
    if (id == 0) { /* a new one; zero time-out makes no sense then */
        for (id = 0; id < ARRAY_SIZE(d->watchdog_timer) && (d->watchdog_inuse_map & BIT(id)); id++)
            ;
        if (!timeout || id == ARRAY_SIZE(d->watchdog_timer)) {
            rc = timeout ? -ENOSPC : -EINVAL;
        } else {
            d->watchdog_inuse_map |= BIT(id);
            set_timer(&d->watchdog_timer[id], NOW() + SECONDS(timeout));
            rc = id + 1;
        }
    } else if (!(d->watchdog_inuse_map & BIT(id - 1))) {
        rc = -EINVAL;
    } else if (!timeout) {
        stop_timer(&d->watchdog_timer[id - 1]);
        d->watchdog_inuse_map &= ~BIT(id - 1);
    } else {
        set_timer(&d->watchdog_timer[id - 1], NOW() + SECONDS(timeout));
    }
    domain_unlock(d);
    return rc;
}

int watchdog_domain_init(struct domain *d)
{
    for (unsigned int i = 0; i < ARRAY_SIZE(d->watchdog_timer); i++)
        init_timer(&d->watchdog_timer[i], watchdog_fired, d, 0);
    return 0;
}

void watchdog_domain_destroy(struct domain *d)
{
    for (unsigned int i = 0; i < ARRAY_SIZE(d->watchdog_timer); i++)
        kill_timer(&d->watchdog_timer[i]);
}
