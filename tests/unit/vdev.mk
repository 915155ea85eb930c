# Virtual devices, the emulator, and the making of the control domain.
unit-fakes := -I tests/unit/fakes -I xen/include
dom0-pure := $(addprefix xen/arch/x86/dom0/,acpi_tables.c decompress.c elf_stream.c kernel.c layout.c params.c start_info.c)
$(eval $(call unit-test,test_dom0,tests/unit/test_dom0.c,$(dom0-pure),$(unit-fakes) -llz4 -llzma -lz -lzstd))
$(eval $(call unit-test,test_emulate,tests/unit/test_emulate.c,$(wildcard xen/arch/x86/emulate/*.c),$(unit-fakes) -mno-red-zone))
vapic-files := $(addprefix xen/arch/x86/hvm/,vioapic.c vlapic.c vlapic_ipi.c vlapic_regs.c vlapic_timer.c)
$(eval $(call unit-test,test_vapic,tests/unit/test_vapic.c,$(vapic-files),$(unit-fakes)))
