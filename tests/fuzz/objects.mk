include tests/fuzz/fuzz.mk
$(eval $(call fuzz-target,insn_decode,tests/fuzz/insn_decode.c $(wildcard xen/arch/x86/emulate/*.c),-I xen/include -lcapstone))
$(eval $(call fuzz-target,xenstore_wire,tests/fuzz/xenstore_wire.c $(xs-pure-sources),-I xen/include -I tools/xenstore/daemon -lz))

.PHONY: fuzz check-fuzz
fuzz: $(fuzz-targets:%=$(O)/tests/fuzz/%)
check-fuzz: fuzz
	@set -e; for t in $(fuzz-targets); do \
	  echo "== $$t"; $(O)/tests/fuzz/$$t -runs=0 tests/fuzz/corpus/$$t; done
