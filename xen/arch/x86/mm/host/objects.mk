xen-y += arch/x86/mm/host/paging.o arch/x86/mm/host/bootmem.o arch/x86/mm/host/init.o
xen-y += arch/x86/mm/host/vmap.o arch/x86/mm/host/clear.o
