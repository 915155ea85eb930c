/* SPDX-License-Identifier: GPL-2.0-only */
/* What CPU this is, and the control bits that every CPU gets. */
#include <xen/lib.h>
#include <xen/percpu.h>
#include <xen/smp.h>
#include <xen/softirq.h>
#include <asm/cpu.h>
#include <asm/idle.h>
#include <asm/host_mm.h>
#include <asm/irqflags.h>
#include <asm/msr.h>
#include <asm/regs.h>

struct cpu_info boot_cpu_info;

/* Statically linked libraries find their stack canary at %fs:40. */
static DEFINE_PER_CPU(u64, fs_block[8]) __aligned(64);

static void __init identify(void)
{
    struct cpu_info *i = &boot_cpu_info;
    u32 a, b, c, d;

    cpuid(0, &i->max_leaf, (u32 *)i->vendor, (u32 *)(i->vendor + 8), (u32 *)(i->vendor + 4));
    cpuid(0x80000000, &i->max_ext_leaf, &b, &c, &d);
    i->amd = !strcmp(i->vendor, "AuthenticAMD") || !strcmp(i->vendor, "HygonGenuine");
    i->intel = !strcmp(i->vendor, "GenuineIntel");
    cpuid(1, &a, &b, &c, &d);
    i->hypervisor = c >> 31;
    i->family = (a >> 8) & 15;
    if (i->family == 15)
        i->family += (a >> 20) & 255;
    i->model = ((a >> 4) & 15) | ((a >> 12) & 0xf0);
    i->stepping = a & 15;
    i->phys_bits = 36;
    if (i->max_ext_leaf >= 0x80000004)
        for (u32 n = 0; n < 3; n++)
            cpuid(0x80000002 + n, (u32 *)(i->brand + 16 * n), (u32 *)(i->brand + 16 * n + 4),
                  (u32 *)(i->brand + 16 * n + 8), (u32 *)(i->brand + 16 * n + 12));
    if (i->max_ext_leaf >= 0x80000008) {
        cpuid(0x80000008, &a, &b, &c, &d);
        i->phys_bits = a & 255;
    }
    printk(XENLOG_INFO "CPU: %s, %s family %#x model %#x stepping %u%s\n", i->brand, i->vendor,
           i->family, i->model, i->stepping, i->hypervisor ? ", itself in a virtual machine" : "");
}

/* Errors that the CPU cannot correct raise #MC, which ends in a panic that tells the banks. */
static void enable_machine_checks(void)
{
    u32 a, b, c, d;
    u64 cap;

    cpuid(1, &a, &b, &c, &d);
    if (!(d & (1U << 7)) || !(d & (1U << 14))) /* MCE, MCA */
        return;
    if (rdmsr_safe(MSR_MCG_CAP, &cap)) /* announced but absent on an emulated machine */
        return;
    if (cap & (1U << 8))
        wrmsr_safe(MSR_MCG_CTL, ~0UL);
    for (u32 bank = 0; bank < (cap & 0xff); bank++) {
        wrmsr_safe(MSR_MC0_CTL + 4 * bank, ~0UL);
        wrmsr_safe(MSR_MC0_CTL + 4 * bank + 1, 0);
    }
    write_cr4(read_cr4() | CR4_MCE);
}

void show_machine_check(void)
{
    u64 banks = rdmsr(MSR_MCG_CAP) & 0xff, status, addr;

    printk("Machine check: MCG_STATUS %#lx\n", rdmsr(MSR_MCG_STATUS));
    for (u32 bank = 0; bank < banks; bank++) {
        if (rdmsr_safe(MSR_MC0_CTL + 4 * bank + 1, &status) || !(status >> 63))
            continue;
        if (!(status >> 58 & 1) || rdmsr_safe(MSR_MC0_CTL + 4 * bank + 2, &addr))
            addr = 0;
        printk("  bank %u: status %016lx address %016lx\n", bank, status, addr);
    }
}

void cpu_init_features(void)
{
    u64 *fs = this_cpu(fs_block);

    if (smp_processor_id() == 0)
        identify();
    host_mm_load();
    /* SSE works (init code's libraries), and guests' FPU state can be switched. */
    write_cr0((read_cr0() & ~(CR0_EM | CR0_TS | CR0_CD | CR0_NW)) | CR0_MP | CR0_NE);
    write_cr4(read_cr4() | CR4_OSFXSR | CR4_OSXMMEXCPT);
    enable_machine_checks();
    __asm__ volatile("fninit");
    fs[5] = rdtsc() << 8;
    wrmsr(MSR_FS_BASE, (u64)fs);
}

void arch_idle(void)
{
    local_irq_disable();
    if (softirq_pending())
        local_irq_enable();
    else
        __asm__ volatile("sti; hlt" ::: "memory"); /* no interrupt can come between the two */
}
