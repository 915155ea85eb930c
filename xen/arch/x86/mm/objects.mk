xen-y += arch/x86/mm/p2m.o arch/x86/mm/guest_walk.o arch/x86/mm/guest_copy.o
