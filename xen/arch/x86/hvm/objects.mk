xen-y += arch/x86/hvm/mmio.o
xen-y += arch/x86/hvm/vioapic.o
xen-y += arch/x86/hvm/vlapic.o
xen-y += arch/x86/hvm/vlapic_ipi.o
xen-y += arch/x86/hvm/vlapic_regs.o
xen-y += arch/x86/hvm/vlapic_timer.o
