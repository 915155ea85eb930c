xen-y += common/control/domctl.o common/control/sysctl.o common/control/bitmap.o common/control/cpupool.o
