xen-y += arch/x86/control/domctl.o arch/x86/control/sysctl.o arch/x86/control/physdev.o arch/x86/control/platform.o
