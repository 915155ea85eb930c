/* SPDX-License-Identifier: GPL-2.0-only */
/* Local APIC of the host, xAPIC and x2APIC (Intel SDM vol. 3 ch. 11). Registers by xAPIC offset. */
#include <xen/acpi.h>
#include <xen/atomic.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/param.h>
#include <xen/smp.h>
#include <asm/apic.h>
#include <asm/apic_regs.h>
#include <asm/cpu.h>
#include <asm/irqflags.h>
#include <asm/msr.h>
#include <asm/traps.h>

bool x2apic_mode __read_mostly;
static bool opt_x2apic = true;
boolean_param("x2apic", opt_x2apic);
static volatile u32 *apic_page __read_mostly;

u32 apic_read(unsigned int reg)
{
    return x2apic_mode ? rdmsr(MSR_X2APIC_BASE + (reg >> 4)) : apic_page[reg / 4];
}

void apic_write(unsigned int reg, u32 v)
{
    if (x2apic_mode)
        wrmsr(MSR_X2APIC_BASE + (reg >> 4), v);
    else
        apic_page[reg / 4] = v;
}

void apic_eoi(void)
{
    apic_write(APIC_EOI, 0);
}

u32 apic_read_id(void)
{
    u32 id = apic_read(APIC_ID);

    return x2apic_mode ? id : id >> 24;
}

static void send_icr(u32 apic_id, u32 command)
{
    unsigned long flags;

    if (x2apic_mode) {
        smp_mb(); /* the write does not order earlier stores (SDM 11.12.3) */
        wrmsr(MSR_X2APIC_BASE + (APIC_ICR >> 4), ((u64)apic_id << 32) | command);
        return;
    }
    flags = local_irq_save();
    while (apic_page[APIC_ICR / 4] & ICR_BUSY)
        cpu_relax();
    apic_page[APIC_ICR2 / 4] = apic_id << 24;
    apic_page[APIC_ICR / 4] = command;
    local_irq_restore(flags);
}

void apic_send_ipi(unsigned int cpu, u8 vector)
{
    send_icr(cpu_apic_id[cpu], vector | ICR_ASSERT);
}

void apic_send_nmi_others(void)
{
    if (x2apic_mode || apic_page)
        send_icr(0, ICR_NMI | ICR_ASSERT | ICR_OTHERS);
}

void apic_send_init(u32 apic_id)
{
    send_icr(apic_id, ICR_INIT | ICR_ASSERT | ICR_LEVEL);
}

void apic_send_sipi(u32 apic_id, u8 page)
{
    send_icr(apic_id, ICR_STARTUP | ICR_ASSERT | page);
}

static void error_interrupt(void)
{
    apic_write(APIC_ESR, 0);
    printk(XENLOG_WARNING "CPU%u: APIC error %#x\n", smp_processor_id(), apic_read(APIC_ESR));
    apic_eoi();
}

static void spurious_interrupt(void)
{
    /* No EOI for these. */
}

u32 boot_apic_id(void)
{
    u32 a, b, c, d, max;

    cpuid(0, &max, &b, &c, &d);
    if (max >= 0xb) {
        cpuid_count(0xb, 0, &a, &b, &c, &d);
        if (b)
            return d;
    }
    cpuid(1, &a, &b, &c, &d);
    return b >> 24;
}

void __init apic_init(void)
{
    u32 a, b, c, d;

    cpuid(1, &a, &b, &c, &d);
    /* Firmware may have left it on; then there is no way back that keeps the ids. */
    x2apic_mode = (c & (1U << 21)) && (opt_x2apic || (rdmsr(MSR_APIC_BASE) & APIC_BASE_EXTD));
    if (!x2apic_mode) {
        apic_page = ioremap(madt_lapic_address, PAGE_SIZE);
        if (!apic_page)
            panic("Cannot map the local APIC\n");
    }
    set_irq_vector(VECTOR_APIC_ERROR, error_interrupt);
    set_irq_vector(VECTOR_APIC_SPURIOUS, spurious_interrupt);
    apic_init_cpu();
    printk(XENLOG_INFO "APIC: %s mode\n", x2apic_mode ? "x2APIC" : "xAPIC");
}

void apic_init_cpu(void)
{
    u64 base = rdmsr(MSR_APIC_BASE) | APIC_BASE_ENABLE;
    unsigned int max_lvt;

    wrmsr(MSR_APIC_BASE, base);
    if (x2apic_mode)
        wrmsr(MSR_APIC_BASE, base | APIC_BASE_EXTD);
    max_lvt = (apic_read(APIC_VERSION) >> 16) & 0xff;
    apic_write(APIC_TPR, 0);
    apic_write(APIC_LVTT, LVT_MASKED);
    apic_write(APIC_LVT0, LVT_MASKED);
    apic_write(APIC_LVT1, LVT_NMI); /* the machine's NMI line */
    if (max_lvt >= 4)
        apic_write(APIC_LVTPC, LVT_MASKED);
    if (max_lvt >= 5)
        apic_write(APIC_LVTTHMR, LVT_MASKED);
    if (!x2apic_mode) {
        apic_write(APIC_DFR, 0xffffffff);
        apic_write(APIC_LDR, 1U << 24);
    }
    apic_write(APIC_LVTERR, VECTOR_APIC_ERROR);
    apic_write(APIC_SPIV, SPIV_ENABLE | VECTOR_APIC_SPURIOUS);
    /* Interrupts that were in service when the last owner left. */
    for (unsigned int i = 0; i < 8; i++)
        for (u32 isr = apic_read(APIC_ISR + 16 * i), n = 0; isr && n < 32; isr &= isr - 1, n++)
            apic_eoi();
}

bool apic_perf_nmi(bool on)
{
    if (((apic_read(APIC_VERSION) >> 16) & 0xff) < 4)
        return false;
    apic_write(APIC_LVTPC, on ? LVT_NMI : LVT_MASKED);
    return true;
}
