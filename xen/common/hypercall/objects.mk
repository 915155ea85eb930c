xen-y += common/hypercall/compat.o
xen-y += common/hypercall/compat_guest.o
