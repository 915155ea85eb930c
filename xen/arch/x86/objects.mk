xen-y += arch/x86/domain.o
