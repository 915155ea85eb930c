# Test kernels: each folder beside lib/ with a main.c becomes $(O)/tests/guest/NAME.elf, a PVH kernel.
# `make check-guest` runs them all as control domain (tests/guest/run).
GUEST_CFLAGS := -std=gnu11 -O2 -g -ffreestanding -fno-pic -mno-red-zone -mgeneral-regs-only -fno-stack-protector \
                -fcf-protection=none -fno-asynchronous-unwind-tables $(WARNINGS) -I xen/include
guest-names := $(patsubst tests/guest/%/main.c,%,$(sort $(wildcard tests/guest/*/main.c)))
guest-tests := $(guest-names:%=$(O)/tests/guest/%.elf)

$(O)/tests/guest/%.elf: tests/guest/%/main.c tests/guest/lib/guest.c tests/guest/lib/domu.c tests/guest/lib/domu_fuzz.c tests/guest/lib/start.S tests/guest/lib/guest.h tests/guest/lib/domu.h tests/guest/lib/guest.lds
	@mkdir -p $(@D)
	@echo "  GUEST $*"
	$(Q)$(CC) $(GUEST_CFLAGS) -static -nostdlib -Wl,-T,tests/guest/lib/guest.lds -Wl,--build-id=none -Wl,-z,noexecstack \
	  -Wl,--no-warn-rwx-segments -o $@ $(filter %.c %.S,$^)

.PHONY: guest-tests check-guest
guest-tests: $(guest-tests)
tests: guest-tests
check-guest: guest-tests $(O)/xen/xen.gz
	$(PYTHON) tests/guest/run --build $(O)
