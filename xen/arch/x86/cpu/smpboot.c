/* SPDX-License-Identifier: GPL-2.0-only */
/* Starting the other CPUs by INIT and SIPI (Intel SDM vol. 3, 8.4), one after the other. */
#include <xen/atomic.h>
#include <xen/errno.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/numa.h>
#include <xen/param.h>
#include <xen/sched.h>
#include <xen/smp.h>
#include <xen/time.h>
#include <asm/apic.h>
#include <asm/boot.h>
#include <asm/cpu.h>
#include <asm/host_mm.h>
#include <asm/host_time.h>
#include <asm/msr.h>
#include <asm/percpu_area.h>
#include <asm/stacks.h>
#include <asm/traps.h>

extern const char trampoline_start[], trampoline_end[];
extern u64 ap_start_cr3, ap_start_percpu;
extern u32 ap_start_efer;

u32 cpu_apic_id[NR_CPUS] = {[0 ... NR_CPUS - 1] = BAD_APIC_ID};
static u32 acpi_ids[NR_CPUS];
static u8 *stacks_of[NR_CPUS];
static struct {
    u32 core, socket;
} topology[NR_CPUS];
static unsigned int opt_maxcpus = NR_CPUS;
integer_param("maxcpus", opt_maxcpus);
static unsigned int too_many;
paddr_t trampoline_page;
static volatile unsigned int callin; /* CPU number + 1 of the one that came up */

void __init cpu_register(u32 apic_id, u32 acpi_id)
{
    unsigned int cpu = 0;

    if (apic_id != boot_apic_id()) {
        for (unsigned int i = 1; i < nr_cpu_ids; i++)
            if (cpu_apic_id[i] == apic_id)
                return; /* in the MADT as LAPIC and as x2APIC */
        if (nr_cpu_ids >= min(opt_maxcpus, (unsigned int)NR_CPUS)) {
            too_many++;
            return;
        }
        cpu = nr_cpu_ids++;
    }
    cpu_apic_id[cpu] = apic_id;
    acpi_ids[cpu] = acpi_id;
    cpumask_set(&cpu_possible_map, cpu);
    cpumask_set(&cpu_present_map, cpu);
}

unsigned int apic_id_to_cpu(u32 apic_id)
{
    for (unsigned int i = 0; i < nr_cpu_ids; i++)
        if (cpu_apic_id[i] == apic_id)
            return i;
    return NR_CPUS;
}

u32 cpu_acpi_id(unsigned int cpu)
{
    return acpi_ids[cpu];
}

unsigned int cpu_to_core(unsigned int cpu)
{
    return topology[cpu].core;
}

unsigned int cpu_to_socket(unsigned int cpu)
{
    return topology[cpu].socket;
}

unsigned int cpu_to_node(unsigned int cpu)
{
    return nr_nodes > 1 ? apic_id_to_node(cpu_apic_id[cpu]) : 0;
}

/* APIC id = socket : core : thread; widths from leaf 0xb, or from AMD's and Intel's older leaves.
 */
static void read_topology(unsigned int cpu)
{
    u32 a, b, c, d, id = cpu_apic_id[cpu];
    unsigned int thread_bits = 0, package_bits = 0, logical;

    if (boot_cpu_info.max_leaf >= 0xb) {
        cpuid_count(0xb, 0, &a, &b, &c, &d);
        if (b) {
            thread_bits = a & 31;
            cpuid_count(0xb, 1, &a, &b, &c, &d);
            package_bits = max(a & 31, thread_bits);
        }
    }
    if (!package_bits) {
        cpuid(1, &a, &b, &c, &d);
        logical = (d & (1U << 28)) ? (b >> 16) & 255 : 1;
        while ((1U << package_bits) < logical)
            package_bits++;
        if (boot_cpu_info.amd && boot_cpu_info.max_ext_leaf >= 0x8000001e) {
            cpuid(0x8000001e, &a, &b, &c, &d);
            while ((1U << thread_bits) < ((b >> 8) & 255) + 1)
                thread_bits++;
        }
    }
    topology[cpu].socket = id >> package_bits;
    topology[cpu].core = (id & ((1U << package_bits) - 1)) >> thread_bits;
}

static void cpu_up_common(unsigned int cpu)
{
    read_topology(cpu);
    cpumask_set(&cpu_online_map, cpu);
}

void start_secondary(void) __noreturn;
void start_secondary(void)
{
    unsigned int cpu = smp_processor_id();

    cpu_init_features();
    traps_init_cpu(stacks_of[cpu]);
    apic_init_cpu();
    apic_timer_init_cpu();
    smp_mb();
    callin = cpu + 1;
    tsc_sync_check(false);
    cpu_up_common(cpu);
    start_secondary_cpu();
}

static int kick(unsigned int cpu)
{
    u32 id = cpu_apic_id[cpu];

    apic_send_init(id);
    udelay(10000);
    for (unsigned int sipi = 0; sipi < 2; sipi++) {
        apic_send_sipi(id, trampoline_page >> PAGE_SHIFT);
        for (unsigned int us = 0; us < (sipi ? 2000000 : 10000); us += 50) {
            if (callin == cpu + 1)
                return 0;
            udelay(50);
        }
    }
    return -EIO;
}

int cpu_up(unsigned int cpu)
{
    struct pcpu_anchor *a;

    if (cpu >= nr_cpu_ids || cpu_apic_id[cpu] == BAD_APIC_ID)
        return -ENODEV;
    if (cpu_online(cpu))
        return -EEXIST;
    if (!trampoline_page)
        return -ENOMEM;
    if (!x2apic_mode && cpu_apic_id[cpu] > 254) {
        printk(XENLOG_WARNING "CPU%u: its APIC id %u needs x2APIC mode\n", cpu, cpu_apic_id[cpu]);
        return -ENODEV;
    }
    if (percpu_alloc(cpu))
        return -ENOMEM;
    if (!stacks_of[cpu] && !(stacks_of[cpu] = alloc_cpu_stacks()))
        return -ENOMEM;
    if (!per_cpu(curr_vcpu, cpu) && sched_cpu_prepare(cpu))
        return -ENOMEM;
    a = percpu_anchor(cpu);
    a->stack_top = stack_top(stacks_of[cpu], IST_NONE);
    ap_start_percpu = (u64)a;
    callin = 0;
    smp_mb();
    if (kick(cpu)) {
        printk(XENLOG_ERR "CPU%u (APIC id %u) does not start\n", cpu, cpu_apic_id[cpu]);
        return -EIO;
    }
    tsc_sync_check(true);
    while (!cpu_online(cpu)) {
        barrier();
        cpu_relax();
    }
    return 0;
}

/* CPUs stay up until the machine goes down: vCPUs and timers would have to be moved off. */
int cpu_down(unsigned int cpu)
{
    return -EOPNOTSUPP;
}

/* The highest page of RAM below 640 KiB, past what the BIOS keeps at the bottom. */
static void __init find_trampoline_page(void)
{
    for (paddr_t pa = 0x9f000; pa >= 0x1000 && !trampoline_page; pa -= PAGE_SIZE)
        if (e820_all_type(&e820, pa, pa + PAGE_SIZE, E820_RAM))
            trampoline_page = pa;
}

void __init smp_prepare(void)
{
    void *low;

    if (too_many)
        printk(XENLOG_INFO "SMP: %u CPUs are left out (maxcpus=%u)\n", too_many,
               min(opt_maxcpus, (unsigned int)NR_CPUS));
    stacks_of[0] = boot_stacks;
    cpu_up_common(0);
    find_trampoline_page();
    if (!trampoline_page) {
        printk(XENLOG_WARNING "SMP: no memory below 640 KiB: only one CPU is used\n");
        return;
    }
    low = maddr_to_virt(trampoline_page);
    memcpy(low, trampoline_start, trampoline_end - trampoline_start);
    ap_start_cr3 = virt_to_maddr(host_l4);
    ap_start_efer = EFER_LME | (rdmsr(MSR_EFER) & EFER_NXE);
}

void __init smp_boot_cpus(void)
{
    unsigned int cpu;

    for_each_cpu(cpu, &cpu_possible_map) if (cpu) cpu_up(cpu);
    printk(XENLOG_INFO "SMP: %u CPUs are up\n", cpumask_weight(&cpu_online_map));
}
