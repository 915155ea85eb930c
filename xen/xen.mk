# The hypervisor: $(O)/xen/xen-syms (unstripped ELF) and $(O)/xen/xen.gz (what GRUB loads).
# Each folder's objects.mk adds its objects, named relative to xen/:  xen-y += common/timer.o
# Static archives that are linked in (decompressors) go to xen-libs as file names.
XEN_CFLAGS := -std=gnu11 -O2 -g -ffreestanding -nostdinc -isystem $(shell $(CC) -print-file-name=include) \
              -include xen/include/xen/compiler.h -I xen/include -I $(O)/xen/include -D__XEN__ \
              -fPIE -mno-red-zone -mgeneral-regs-only -fno-asynchronous-unwind-tables -fno-omit-frame-pointer \
              -fno-optimize-sibling-calls -fno-strict-aliasing -fno-common -fcf-protection=none \
              -fstack-protector-strong -mstack-protector-guard=tls -mstack-protector-guard-reg=gs \
              -mstack-protector-guard-offset=40 $(WARNINGS)
ifneq ($(debug),yes)
XEN_CFLAGS += -DNDEBUG
endif
XEN_AFLAGS := -D__ASSEMBLY__ -D__XEN__ -nostdinc -I xen/include -I $(O)/xen/include -g
LD ?= ld
OBJCOPY ?= objcopy
NM ?= nm

xen-y :=
xen-libs :=
include $(sort $(shell find xen -name objects.mk))
xen-objs := $(xen-y:%=$(O)/xen/%)
xen-generated := $(O)/xen/include/generated/asm_offsets.h $(O)/xen/include/generated/compile.h

.PHONY: xen install-xen
xen: $(O)/xen/xen.gz

$(O)/xen/%.o: xen/%.c | $(xen-generated)
	@mkdir -p $(@D)
	@echo "  CC    $<"
	$(Q)$(CC) $(XEN_CFLAGS) $(CFLAGS-$(patsubst %/,%,$(dir $<))) $(CFLAGS-$<) -MMD -MP -c -o $@ $<

$(O)/xen/%.o: xen/%.S | $(xen-generated)
	@mkdir -p $(@D)
	@echo "  AS    $<"
	$(Q)$(CC) $(XEN_AFLAGS) -MMD -MP -c -o $@ $<

# Offsets of C structures for assembly: the compiler writes them as text into its output.
$(O)/xen/asm_offsets.s: xen/arch/x86/asm_offsets.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(XEN_CFLAGS) -MMD -MP -MT $@ -MF $(O)/xen/asm_offsets.d -S -g0 -o $@ $<
$(O)/xen/include/generated/asm_offsets.h: $(O)/xen/asm_offsets.s
	@mkdir -p $(@D)
	$(Q)sed -n 's/^.*==>\(#define [A-Za-z0-9_]*\) [$$]*\(-*[0-9]*\).*$$/\1 \2/p' $< > $@
-include $(O)/xen/asm_offsets.d

# Written anew only when it says something new.
.PHONY: FORCE
$(O)/xen/include/generated/compile.h: FORCE
	@mkdir -p $(@D)
	$(Q)printf '#define CRATON_VERSION "%s"\n#define CRATON_COMPILER "%s"\n#define CRATON_COMPILE_DATE "%s"\n#define CRATON_CHANGESET "%s"\n' \
	  '$(VERSION)' "$$($(CC) --version | head -n 1)" "$$(git log -1 --format=%cd 2>/dev/null || echo unknown)" \
	  "$$(git log -1 --format=%h 2>/dev/null || echo unknown)" > $@.new
	$(Q)cmp -s $@.new $@ && rm $@.new || mv $@.new $@

$(O)/xen/xen.lds: xen/arch/x86/boot/xen.lds.S xen/include/asm/config.h
	@mkdir -p $(@D)
	$(Q)$(CC) -E -P -x assembler-with-cpp $(XEN_AFLAGS) -o $@ $<

# Linked twice: the names of the first link become the second one's symbol table. It lies behind
# the text, so that no address in it changes.
xen-link = $(LD) -nostdlib -static -z noexecstack --no-warn-rwx-segments --no-relax --build-id=sha1 -T $(O)/xen/xen.lds \
           -o $(1) $(xen-objs) $(2) --start-group $(xen-libs) --end-group
$(O)/xen/symbols.S: $(xen-objs) $(xen-libs) $(O)/xen/xen.lds xen/tools/symbols.py
	@echo "  LD    $(O)/xen/xen-syms"
	$(Q)$(call xen-link,$(O)/xen/xen-syms.1,)
	$(Q)$(NM) -n $(O)/xen/xen-syms.1 | $(PYTHON) xen/tools/symbols.py > $@
$(O)/xen/xen-syms: $(O)/xen/symbols.S
	$(Q)$(CC) $(XEN_AFLAGS) -c -o $(O)/xen/symbols.o $<
	$(Q)$(call xen-link,$@,$(O)/xen/symbols.o)
$(O)/xen/xen: $(O)/xen/xen-syms
	$(Q)$(OBJCOPY) -O binary -S $< $@
$(O)/xen/xen.gz: $(O)/xen/xen
	@echo "  GZIP  $@"
	$(Q)gzip -n -9 < $< > $@

install-xen: $(O)/xen/xen.gz
	$(INSTALL) -D -m 644 $(O)/xen/xen.gz $(DESTDIR)/boot/xen-4.17-craton-$(VERSION).gz
	ln -sf xen-4.17-craton-$(VERSION).gz $(DESTDIR)/boot/xen.gz
	$(INSTALL) -D -m 644 $(O)/xen/xen-syms $(DESTDIR)/usr/lib/debug/boot/xen-syms-4.17-craton-$(VERSION)
	ln -sf xen-syms-4.17-craton-$(VERSION) $(DESTDIR)/usr/lib/debug/boot/xen-syms

-include $(xen-objs:.o=.d)
