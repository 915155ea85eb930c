/* SPDX-License-Identifier: GPL-2.0-only */
/* IDT, per-CPU GDT and TSS, and where each exception or interrupt goes. Intel SDM vol. 3 ch. 6
 * and 7. */
#include <xen/atomic.h>
#include <xen/irq.h>
#include <xen/lib.h>
#include <xen/percpu.h>
#include <xen/smp.h>
#include <asm/apic.h>
#include <asm/config.h>
#include <asm/cpu.h>
#include <asm/ex_table.h>
#include <asm/irqflags.h>
#include <asm/msr.h>
#include <asm/stacks.h>
#include <asm/traps.h>

struct idt_gate {
    u16 offset_low, selector;
    u8 ist, type;
    u16 offset_mid;
    u32 offset_high, reserved;
} __packed;

struct tss {
    u32 reserved0;
    u64 rsp[3];
    u64 reserved1;
    u64 ist[7];
    u64 reserved2;
    u16 reserved3, io_bitmap;
} __packed;

struct table_register {
    u16 limit;
    u64 base;
} __packed;

extern const u8 trap_stubs[];
static struct idt_gate idt[256] __page_aligned;
static irq_vector_fn_t *vectors[256] __read_mostly;
static DEFINE_PER_CPU(struct tss, tss) __aligned(64);
static DEFINE_PER_CPU(u64, gdt[6]) __aligned(64);
static DEFINE_PER_CPU(unsigned int, irq_depth);

static const char *const names[32] = {
    "divide error",
    "debug",
    "NMI",
    "breakpoint",
    "overflow",
    "bound range",
    "invalid opcode",
    "no device",
    "double fault",
    "coprocessor overrun",
    "invalid TSS",
    "no segment",
    "stack segment",
    "general protection",
    "page fault",
    "reserved (15)",
    "x87",
    "alignment",
    "machine check",
    "SIMD",
    "virtualisation",
    "control protection",
};

bool in_irq(void)
{
    return this_cpu(irq_depth) != 0;
}

void set_irq_vector(u8 vector, irq_vector_fn_t *fn)
{
    vectors[vector] = fn;
}

void do_host_interrupt(u8 vector)
{
    irq_vector_fn_t *fn = vectors[vector];

    this_cpu(irq_depth)++;
    if (fn) {
        fn();
    } else if (!gsi_interrupt(vector)) {
        printk(XENLOG_GUEST XENLOG_WARNING "CPU%u: interrupt on unexpected vector %#x\n",
               smp_processor_id(), vector);
        apic_eoi();
    }
    this_cpu(irq_depth)--;
}

static volatile bool stopping;

static void __noreturn stop_this_cpu(void)
{
    local_irq_disable();
    cpumask_clear(&cpu_online_map, smp_processor_id());
    for (;;)
        __asm__ volatile("cli; hlt");
}

void smp_send_stop(void)
{
    stopping = true;
    smp_mb();
    if (cpumask_weight(&cpu_online_map) > 1)
        apic_send_nmi_others();
}

void do_host_nmi(void)
{
    if (stopping)
        stop_this_cpu();
    watchdog_nmi(NULL);
}

static void fatal(struct cpu_regs *regs)
{
    unsigned int vector = regs->entry_vector;

    printk("\nFatal exception %u (%s)\n", vector, names[vector] ? names[vector] : "reserved");
    if (vector == X86_TRAP_MC)
        show_machine_check();
    show_registers(regs);
    panic("Exception %u (%s), error code %#x, at %p\n", vector,
          names[vector] ? names[vector] : "reserved", regs->error_code, (void *)regs->rip);
}

void do_trap(struct cpu_regs *regs)
{
    unsigned int vector = regs->entry_vector & 0xff;
    unsigned long fixup;

    if (vector >= 32) {
        do_host_interrupt(vector);
        return;
    }
    switch (vector) {
    case X86_TRAP_NMI:
        if (stopping)
            stop_this_cpu();
        watchdog_nmi(regs);
        return;
    case X86_TRAP_DB:
    case X86_TRAP_BP: /* nothing of ours sets these: a stray one does no harm */
        printk(XENLOG_WARNING "Unexpected %s exception at %p\n", names[vector], (void *)regs->rip);
        return;
    case X86_TRAP_DF:
    case X86_TRAP_MC:
        break;
    default:
        fixup = search_ex_table(regs->rip);
        if (fixup) {
            regs->rip = fixup;
            return;
        }
    }
    fatal(regs);
}

static void set_gate(unsigned int vector, enum ist ist)
{
    u64 stub = (u64)trap_stubs + 16 * vector;

    idt[vector] = (struct idt_gate){
        .offset_low = stub,
        .selector = XEN_CS,
        .ist = ist,
        .type = 0x8e, /* present, ring 0, interrupt gate */
        .offset_mid = stub >> 16,
        .offset_high = stub >> 32,
    };
}

void traps_init_cpu(u8 *stacks)
{
    struct tss *t = &this_cpu(tss);
    u64 *g = this_cpu(gdt), base = (u64)t;
    struct table_register gdtr = {sizeof(per_cpu__gdt) - 1, (u64)g};
    struct table_register idtr = {sizeof(idt) - 1, (u64)idt};

    t->rsp[0] = stack_top(stacks, IST_NONE);
    for (unsigned int i = IST_MCE; i <= IST_NMI; i++)
        t->ist[i - 1] = stack_top(stacks, i);
    t->io_bitmap = sizeof(*t);
    g[0] = 0;
    g[1] = 0x00af9b000000ffff; /* code, 64 bit */
    g[2] = 0x00cf93000000ffff; /* data */
    g[3] = 0x00cf9b000000ffff; /* code, 32 bit */
    g[4] = (sizeof(*t) - 1) | (base & 0xffffff) << 16 | 0x89UL << 40 | (base >> 24 & 0xff) << 56;
    g[5] = base >> 32;
    __asm__ volatile("lgdt %0\n\t"
                     "lidt %1\n\t"
                     "ltr %w2"
                     :
                     : "m"(gdtr), "m"(idtr), "r"(XEN_TSS)
                     : "memory");
}

void __init traps_init(void)
{
    for (unsigned int v = 0; v < 256; v++)
        set_gate(v, v == X86_TRAP_NMI  ? IST_NMI
                    : v == X86_TRAP_DF ? IST_DF
                    : v == X86_TRAP_MC ? IST_MCE
                                       : IST_NONE);
    traps_init_cpu(boot_stacks);
}
