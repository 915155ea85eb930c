include tests/fuzz/fuzz.mk
$(eval $(call fuzz-target,insn_decode,tests/fuzz/insn_decode.c $(wildcard xen/arch/x86/emulate/*.c),-I xen/include -lcapstone))
$(eval $(call fuzz-target,kernel_loader,tests/fuzz/kernel_loader.c $(addprefix xen/arch/x86/dom0/,decompress.c elf_stream.c kernel.c),-I xen/include -llz4 -llzma -lz -lzstd))
$(eval $(call fuzz-target,xenstore_wire,tests/fuzz/xenstore_wire.c $(xs-pure-sources),-I xen/include -I tools/xenstore/daemon -lz))
$(eval $(call fuzz-target,kernel_image,tests/fuzz/kernel_image.c $(addprefix tools/libxl/build/,kernel.c elf.c unpack.c),-I tools/libxl -I xen/include $(ZLIB_LIBS) $(LZMA_LIBS) $(ZSTD_LIBS) $(LZ4_LIBS)))
$(eval $(call fuzz-target,libxl_config,tests/fuzz/libxl_config.c $(libxl-pure),$(libxl-test-flags) $(libxl-test-libs)))
$(O)/tests/fuzz/libxl_config: | $(libxl-generated)
hypercall-fuzz := tests/fuzz/hypercall_decode.c tests/unit/fakes/domain/fake.c tests/unit/fakes/domain/fake_arch.c $(wildcard xen/common/grant/*.c xen/common/evtchn/*.c xen/common/control/*.c xen/common/sched/*.c) \
  $(addprefix xen/common/,memory/pages.c memory/physmap.c memory/memory_op.c domain/domain.c domain/vcpu_op.c domain/watchdog.c) \
  $(addprefix xen/common/hypercall/,compat.c compat_guest.c hypercall.c) xen/arch/x86/mm/p2m.c xen/arch/x86/hvm/svm/npt.c
$(eval $(call fuzz-target,hypercall_decode,$(hypercall-fuzz),-I tests/unit/fakes/domain -I tests/unit/fakes -I xen/include -lcmocka))
$(eval $(call fuzz-target,xl_config,tests/fuzz/xl_config.c $(xl-test-sources),$(xl-test-flags) $(libxl-test-libs)))
$(eval $(call fuzz-target,xl_xml,tests/fuzz/xl_xml.c $(xl-xml-test-sources) $(xl-test-sources),$(xl-test-flags) $(libxl-test-libs) $(XML2_LIBS)))
$(O)/tests/fuzz/xl_config $(O)/tests/fuzz/xl_xml: | $(libxl-generated) $(xl-config-generated)

.PHONY: fuzz check-fuzz
fuzz: $(fuzz-targets:%=$(O)/tests/fuzz/%)
check-fuzz: fuzz
	@set -e; for t in $(fuzz-targets); do \
	  echo "== $$t"; $(O)/tests/fuzz/$$t -runs=0 tests/fuzz/corpus/$$t; done
