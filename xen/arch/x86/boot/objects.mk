xen-y += arch/x86/boot/head.o arch/x86/boot/multiboot.o arch/x86/boot/e820.o arch/x86/boot/setup.o
