/* SPDX-License-Identifier: GPL-2.0-only */
/* Debug key 'v': where the vCPUs are, and how often guests stopped for what, on each CPU. */
#include <xen/console.h>
#include <xen/cpumask.h>
#include <xen/lib.h>
#include <xen/percpu.h>
#include "hvm_priv.h"

DEFINE_PER_CPU(struct exit_counts, exit_counts);

static const char *const names[NR_EXIT_KINDS] = {
    [EXIT_UNKNOWN] = "unknown",
    [EXIT_NONE] = "nothing",
    [EXIT_EXCEPTION] = "exception",
    [EXIT_INTERRUPT] = "interrupt",
    [EXIT_NMI] = "NMI",
    [EXIT_IRQ_WINDOW] = "interrupt window",
    [EXIT_CPUID] = "CPUID",
    [EXIT_HLT] = "HLT",
    [EXIT_PAUSE] = "PAUSE",
    [EXIT_IO] = "port",
    [EXIT_MSR] = "MSR",
    [EXIT_CR] = "control register",
    [EXIT_DR] = "debug register",
    [EXIT_HYPERCALL] = "hypercall",
    [EXIT_XSETBV] = "XSETBV",
    [EXIT_WBINVD] = "WBINVD",
    [EXIT_INVD] = "INVD",
    [EXIT_RDTSC] = "RDTSC",
    [EXIT_RDPMC] = "RDPMC",
    [EXIT_MONITOR] = "MONITOR/MWAIT",
    [EXIT_NESTED_FAULT] = "stage-2 fault",
    [EXIT_TASK_SWITCH] = "task switch",
    [EXIT_TRIPLE_FAULT] = "triple fault",
    [EXIT_UD_INSN] = "forbidden instruction",
    [EXIT_ENTRY_FAILED] = "refused entry",
};

static void dump_exits(unsigned char key)
{
    unsigned int cpu;

    for_each_online_cpu (cpu) {
        const struct exit_counts *c = &per_cpu(exit_counts, cpu);

        printk("CPU%u exits:", cpu);
        for (unsigned int i = 0; i < NR_EXIT_KINDS; i++)
            if (c->kind[i])
                printk(" %s %lu", names[i], c->kind[i]);
        printk("\n");
    }
}

static void dump_vcpus(unsigned char key)
{
    struct domain *d = NULL;
    struct vcpu *v;

    dump_exits(key);
    while ((d = domain_iterate(d)))
        for_each_vcpu (d, v) {
            printk("d%dv%u: CPU%u%s, pause flags %lx, upcall vector %u pending %u\n", d->domain_id,
                   v->vcpu_id, v->processor, v->is_running ? ", running" : "", v->pause_flags,
                   v->arch.hvm.evtchn_upcall_vector, v->vcpu_info->evtchn_upcall_pending);
            /* What runs has newer registers in its CPU; these are of its last exit. */
            hvm_vendor->dump(v);
        }
}

void hvm_stats_init(void)
{
    register_keyhandler('v', dump_vcpus, "vCPU state and counts of exits");
    register_keyhandler('x', dump_exits, "counts of exits");
}
