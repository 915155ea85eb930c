xen-y += arch/x86/irq/apic.o arch/x86/irq/apic_timer.o arch/x86/irq/ioapic.o arch/x86/irq/gsi.o
