xen-y += arch/x86/time/tsc.o arch/x86/time/calibrate.o arch/x86/time/wallclock.o
