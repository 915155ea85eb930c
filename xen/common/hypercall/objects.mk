xen-y += common/hypercall/hypercall.o common/hypercall/version.o common/hypercall/console_io.o
xen-y += common/hypercall/compat.o
xen-y += common/hypercall/compat_guest.o
