xen-y += arch/x86/cpu/cpu.o arch/x86/cpu/percpu.o arch/x86/cpu/smp.o arch/x86/cpu/smpboot.o
xen-y += arch/x86/cpu/trampoline.o arch/x86/cpu/shutdown.o arch/x86/cpu/watchdog.o
