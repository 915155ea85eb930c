/* SPDX-License-Identifier: GPL-2.0-only */
/* start_xen(): the boot recipe. The order is the point: each step says what it needs from before.
 */
#include <xen/acpi.h>
#include <xen/console.h>
#include <xen/dom0.h>
#include <xen/irq.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/numa.h>
#include <xen/param.h>
#include <xen/sched.h>
#include <xen/shutdown.h>
#include <xen/smp.h>
#include <xen/softirq.h>
#include <xen/time.h>
#include <asm/apic.h>
#include <asm/boot.h>
#include <asm/cpu.h>
#include <asm/host_mm.h>
#include <asm/host_time.h>
#include <asm/hvm/hvm.h>
#include <asm/traps.h>
#include <asm/watchdog.h>
#include <generated/compile.h>

static u64 opt_mem;
size_param("mem", opt_mem);

static void __init banner(void)
{
    printk("Craton %s, a Xen 4.17-compatible hypervisor (%s)\n", CRATON_VERSION, CRATON_CHANGESET);
    printk("Built with %s\n", CRATON_COMPILER);
    printk("Loader: %s\n", boot_info.loader);
    printk("Command line: %s\n", boot_info.cmdline);
    printk("Memory map:\n");
    e820_print(&e820);
    for (unsigned int i = 0; i < boot_info.nr_modules; i++)
        printk("Module %u: %zu bytes at %lx: %s\n", i, boot_info.module[i].size,
               boot_info.module[i].start, boot_info.module[i].cmdline);
}

static void __init register_keys(void)
{
    keyhandlers_init();
    domain_keys_init();
    register_keyhandler('m', heap_dump, "free memory");
    register_keyhandler('i', gsi_dump, "device interrupts");
}

static bool can_virtualise;

static int virtualisation_on(void)
{
    unsigned long flags = local_irq_save();
    int rc = hvm_cpu_up();

    local_irq_restore(flags);
    return rc;
}

void __init start_xen(u32 magic, u32 mbi)
{
    /* What needs nothing: copy the loader's data, then speak. */
    percpu_init_boot();
    traps_init();
    multiboot_parse(magic, mbi);
    cmdline_parse(boot_info.cmdline);
    console_init();
    banner();
    e820_sanitize(&e820);
    if (opt_mem)
        e820_limit(&e820, opt_mem);

    /* Memory: our own tables, then firmware's tables (mapped), then nodes, then the heap. */
    host_mm_init();
    cpu_init_features();
    acpi_init();
    numa_init();
    bootmem_to_heap();
    dom0_reserve_early(); /* the kernel's place, before anyone else takes it */
    printk("Memory: %lu MiB of RAM, %lu MiB free\n", total_pages >> 8, avail_domheap_pages() >> 8);

    /* Interrupts and time. The APIC's timer is measured with the TSC, that with the platform's. */
    madt_init();
    acpi_power_init();
    pic_disable();
    apic_init();
    gsi_init();
    ioapic_init();
    time_init();
    apic_timer_init();
    wallclock_init();
    timer_subsys_init();
    tasklet_subsys_init();
    smp_call_init();
    local_irq_enable();
    console_init_late();
    register_keys();
    watchdog_init();

    /* Virtualisation on this CPU, which the others follow; the scheduler has an idle vCPU for each.
     */
    can_virtualise = !hvm_detect() && !virtualisation_on();
    sched_init();
    smp_prepare();
    smp_boot_cpus();
    host_mm_check();

    if (can_virtualise)
        create_dom0();
    vcpu_loop();
}

void start_secondary_cpu(void)
{
    if (can_virtualise && virtualisation_on())
        printk(XENLOG_ERR "CPU%u cannot run domains\n", smp_processor_id());
    watchdog_init_cpu();
    local_irq_enable();
    vcpu_loop();
}
