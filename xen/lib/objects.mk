xen-y += lib/mem.o lib/string.o lib/number.o lib/printf.o
