xen-y += arch/x86/trap/entry.o arch/x86/trap/traps.o arch/x86/trap/ex_table.o arch/x86/trap/panic.o
