/* SPDX-License-Identifier: GPL-2.0-only */
/* The bottom of the failure ladder: say all that is known, then stay or reboot as asked. */
#include <xen/console.h>
#include <xen/lib.h>
#include <xen/percpu.h>
#include <xen/shutdown.h>
#include <xen/smp.h>
#include <xen/symbols.h>
#include <asm/boot.h>
#include <asm/config.h>
#include <asm/host_mm.h>
#include <asm/irqflags.h>
#include <asm/msr.h>
#include <asm/stacks.h>
#include <asm/traps.h>

static void show_address(unsigned long addr)
{
    unsigned long offset, size;
    const char *name = symbols_lookup(addr, &offset, &size);

    printk("   %p %s+%#lx/%#lx\n", (void *)addr, name ? name : "?", name ? offset : 0,
           name ? size : 0);
}

/* A frame pointer is believed while it lies on a stack page that is near the last one. */
void show_stack_trace(unsigned long rip, unsigned long rbp)
{
    unsigned long low = rbp;

    printk("Call trace:\n");
    show_address(rip);
    for (unsigned int i = 0; i < 24; i++) {
        const unsigned long *frame = (const unsigned long *)rbp;

        if (rbp & 7 || rbp < low || rbp - low > MAIN_STACK_PAGES * PAGE_SIZE ||
            rbp < XEN_VIRT_START || !host_page_mapped(rbp) || !host_page_mapped(rbp + 8) ||
            !frame[1])
            return;
        show_address(frame[1]);
        if (frame[0] <= rbp)
            return;
        rbp = frame[0];
    }
}

void show_registers(const struct cpu_regs *r)
{
    unsigned long offset = 0, size = 0;
    const char *name = symbols_lookup(r->rip, &offset, &size);

    printk("CPU:    %u\n", smp_processor_id());
    printk("RIP:    %04lx:[<%p>] %s+%#lx\n", (unsigned long)r->cs, (void *)r->rip,
           name ? name : "?", offset);
    printk("RFLAGS: %016lx   error code %#x\n", r->rflags, r->error_code);
    printk("rax: %016lx   rbx: %016lx   rcx: %016lx\n", r->rax, r->rbx, r->rcx);
    printk("rdx: %016lx   rsi: %016lx   rdi: %016lx\n", r->rdx, r->rsi, r->rdi);
    printk("rbp: %016lx   rsp: %016lx   r8:  %016lx\n", r->rbp, r->rsp, r->r8);
    printk("r9:  %016lx   r10: %016lx   r11: %016lx\n", r->r9, r->r10, r->r11);
    printk("r12: %016lx   r13: %016lx   r14: %016lx\n", r->r12, r->r13, r->r14);
    printk("r15: %016lx   cr0: %016lx   cr4: %016lx\n", r->r15, read_cr0(), read_cr4());
    printk("cr3: %016lx   cr2: %016lx\n", read_cr3(), read_cr2());
    show_stack_trace(r->rip, r->rbp);
}

static volatile int panicking_cpu = -1;

void panic(const char *fmt, ...)
{
    char text[256];
    va_list ap;

    local_irq_disable();
    if (panicking_cpu == (int)smp_processor_id()) /* a fault while we report one */
        machine_halt();
    panicking_cpu = smp_processor_id();
    console_start_sync();
    smp_send_stop();

    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    printk("\n****************************************\n");
    printk("Panic on CPU %u:\n", smp_processor_id());
    printk("%s", text);
    if (!strchr(text, '\n'))
        printk("\n");
    show_stack_trace((unsigned long)__builtin_return_address(0),
                     *(unsigned long *)__builtin_frame_address(0));
    printk("****************************************\n\n");
    if (opt_noreboot)
        printk("Staying as asked (noreboot)\n");
    else
        printk("Reboot in five seconds...\n");
    machine_restart(5000);
}

void bug(const char *what, const char *file, int line)
{
    panic("Hypervisor bug at %s:%d: %s\n", file, line, what);
}

void __stack_chk_fail(void);
void __stack_chk_fail(void)
{
    panic("Stack overrun detected in the function called from %p\n", __builtin_return_address(0));
}
