# $(eval $(call fuzz-target,NAME,test source and sources under test,extra flags)) builds
# $(O)/tests/fuzz/NAME with clang's libFuzzer under ASan and UBSan. `make check-fuzz` replays each
# corpus in tests/fuzz/corpus/NAME; to search for more, run the program itself on a directory.
FUZZ_CC ?= clang
FUZZ_CFLAGS := -std=gnu11 -D_GNU_SOURCE -DHOST_TEST -O1 -g -fsanitize=fuzzer,address,undefined \
               -fno-sanitize-recover=undefined -fno-omit-frame-pointer
fuzz-targets :=
define fuzz-target
fuzz-targets += $(1)
$(O)/tests/fuzz/$(1): $(2)
	@mkdir -p $$(@D)
	@echo "  FUZZ  $(1)"
	$(Q)$$(FUZZ_CC) $$(FUZZ_CFLAGS) -MMD -MP -MF $$@.d -o $$@ $(filter %.c %.a,$(2)) $(3)
-include $(O)/tests/fuzz/$(1).d
endef
