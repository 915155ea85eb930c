# The decompressors' own headers and code come with Debian's -dev packages.
CFLAGS-xen/arch/x86/dom0/decompress.c := -idirafter /usr/include -idirafter /usr/include/x86_64-linux-gnu
xen-y += arch/x86/dom0/acpi_tables.o
xen-y += arch/x86/dom0/build.o
xen-y += arch/x86/dom0/decompress.o
xen-y += arch/x86/dom0/elf_stream.o
xen-y += arch/x86/dom0/hwdom.o
xen-y += arch/x86/dom0/kernel.o
xen-y += arch/x86/dom0/layout.o
xen-y += arch/x86/dom0/libc_shim.o
xen-y += arch/x86/dom0/memory.o
xen-y += arch/x86/dom0/mmio.o
xen-y += arch/x86/dom0/params.o
xen-y += arch/x86/dom0/start_info.o
xen-libs += $(foreach l,lzma z zstd lz4,$(shell $(CC) -print-file-name=lib$(l).a))
