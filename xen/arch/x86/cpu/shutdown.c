/* SPDX-License-Identifier: GPL-2.0-only */
/* Restart, halt, power off. */
#include <xen/lib.h>
#include <xen/errno.h>
#include <xen/param.h>
#include <xen/shutdown.h>
#include <xen/smp.h>
#include <xen/time.h>
#include <asm/irqflags.h>
#include <asm/msr.h>

bool opt_noreboot;
boolean_param("noreboot", opt_noreboot);

/* reboot=: which ways to reset are tried, in this order. */
static char opt_reboot[16] = "acpi";
static int __init parse_reboot(const char *s)
{
    if (!strcmp(s, "no")) {
        opt_noreboot = true;
        return 0;
    }
    if (strcmp(s, "acpi") && strcmp(s, "kbd") && strcmp(s, "pci") && strcmp(s, "triple"))
        return -EINVAL;
    strlcpy(opt_reboot, s, sizeof(opt_reboot));
    return 0;
}
custom_param("reboot", parse_reboot);

static void reset_kbd(void)
{
    for (unsigned int i = 0; i < 65536 && (inb(0x64) & 2); i++)
        cpu_relax();
    outb(0xfe, 0x64);
}

static void reset_pci(void)
{
    u8 v = inb(0xcf9) & ~6;

    outb(v | 2, 0xcf9);
    outb(v | 6, 0xcf9);
}

static void reset_triple_fault(void)
{
    struct {
        u16 limit;
        u64 base;
    } __packed none = {0, 0};

    __asm__ volatile("lidt %0; int3" ::"m"(none));
}

static const struct {
    const char *name;
    void (*fn)(void);
} ways[] = {
    {"acpi", acpi_reset}, {"pci", reset_pci}, {"kbd", reset_kbd}, {"triple", reset_triple_fault}};

static void wait_ms(unsigned int ms)
{
    if (cpu_khz)
        udelay(ms * 1000);
}

void machine_halt(void)
{
    local_irq_disable();
    smp_send_stop();
    for (;;)
        __asm__ volatile("cli; hlt");
}

void machine_restart(unsigned int delay_ms)
{
    bool wanted = false;

    local_irq_disable();
    if (delay_ms && opt_noreboot)
        machine_halt();
    smp_send_stop();
    wait_ms(delay_ms);
    for (unsigned int i = 0; i < ARRAY_SIZE(ways); i++) {
        wanted |= !strcmp(opt_reboot, ways[i].name);
        if (!wanted)
            continue;
        ways[i].fn();
        wait_ms(100);
    }
    reset_triple_fault();
    machine_halt();
}

void machine_poweroff(void)
{
    local_irq_disable();
    smp_send_stop();
    acpi_poweroff();
    wait_ms(500);
    printk("The machine does not power off by itself: it is safe to do so now\n");
    machine_halt();
}
