xen-y += arch/x86/boot/head.o
xen-y += arch/x86/boot/setup.o
