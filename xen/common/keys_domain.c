/* SPDX-License-Identifier: GPL-2.0-only */
/* Debug keys that look at domains: what they hold, why they do not run, their event channels and
 * grants. */
#include <xen/console.h>
#include <xen/event.h>
#include <xen/grant_table.h>
#include <xen/lib.h>
#include <xen/sched.h>

static void dump_vcpu(const struct vcpu *v)
{
    printk(
        "    vCPU%u: CPU%u%s pause_flags=%lx pause_count=%d poll=%d upcall pending=%u masked=%u\n",
        v->vcpu_id, v->processor, v->is_running ? " running," : ",", v->pause_flags,
        atomic_read(&v->pause_count), v->poll_evtchn, v->vcpu_info->evtchn_upcall_pending,
        v->vcpu_info->evtchn_upcall_mask);
}

static void dump_domains(unsigned char key)
{
    struct domain *d = NULL;
    struct vcpu *v;

    printk("Domains (now %ld ns):\n", (long)NOW());
    while ((d = domain_iterate(d))) {
        printk("  d%d: refs=%d dying=%d pause_count=%d shut down=%d code=%d\n", d->domain_id,
               atomic_read(&d->refcnt), d->is_dying, atomic_read(&d->pause_count), d->is_shut_down,
               d->shutdown_code);
        printk("    pages=%u max=%u extra=%u claimed=%u p2m tables=%u\n", d->tot_pages,
               d->max_pages, d->extra_pages, d->outstanding_pages, d->arch.p2m.nr_pages);
        for_each_vcpu (d, v)
            dump_vcpu(v);
    }
}

static void dump_event_channels(unsigned char key)
{
    struct domain *d = NULL;

    while ((d = domain_iterate(d)))
        evtchn_dump(d);
}

static void dump_grant_tables(unsigned char key)
{
    struct domain *d = NULL;

    while ((d = domain_iterate(d)))
        gnttab_dump(d);
}

void domain_keys_init(void)
{
    register_keyhandler('q', dump_domains, "domains and their vCPUs");
    register_keyhandler('e', dump_event_channels, "event channels");
    register_keyhandler('g', dump_grant_tables, "grant tables");
}
