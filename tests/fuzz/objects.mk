include tests/fuzz/fuzz.mk
$(eval $(call fuzz-target,insn_decode,tests/fuzz/insn_decode.c $(wildcard xen/arch/x86/emulate/*.c),-I xen/include -lcapstone))

.PHONY: fuzz check-fuzz
fuzz: $(fuzz-targets:%=$(O)/tests/fuzz/%)
check-fuzz: fuzz
	@set -e; for t in $(fuzz-targets); do \
	  echo "== $$t"; $(O)/tests/fuzz/$$t -runs=0 tests/fuzz/corpus/$$t; done
