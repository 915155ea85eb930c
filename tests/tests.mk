# Tests. $(eval $(call unit-test,NAME,test sources,sources under test,extra flags)) builds
# $(O)/tests/unit/NAME with CMocka under ASan and UBSan; `make check-unit` runs them all.
UNIT_CFLAGS := -std=gnu11 -D_GNU_SOURCE -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined \
               -fno-omit-frame-pointer $(WARNINGS) -DHOST_TEST
unit-tests :=
define unit-test
unit-tests += $(O)/tests/unit/$(1)
$(O)/tests/unit/$(1): $(2) $(3)
	@mkdir -p $$(@D)
	@echo "  TEST  $(1)"
	$(Q)$$(CC) $$(UNIT_CFLAGS) -MMD -MP -MF $$@.d -o $$@ $(filter %.c %.a,$(2) $(3)) $(4) -lcmocka
-include $(O)/tests/unit/$(1).d
endef
# Each area may keep its unit tests in a file of its own: tests/unit/AREA.mk.
include $(sort $(wildcard tests/*/objects.mk tests/unit/*.mk))
tests: $(unit-tests)
.PHONY: check-unit
check-unit: $(unit-tests)
	@set -e; for t in $(unit-tests); do echo "== $$t"; $$t; done
