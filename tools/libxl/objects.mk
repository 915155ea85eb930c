# libxl: types are generated from types.idl before anything that includes them is compiled.
# Users (xl): compile with $(LIBXL_CFLAGS), let objects depend on | $(libxl-generated), link $(libxl-so).
libxl := tools/libxl
libxl-gen := $(O)/tools/libxl
libxl-so := $(O)/lib/libxl.so
LIBXL_CFLAGS := -I $(libxl)/include -I $(libxl-gen)
libxl-inside := $(LIBXL_CFLAGS) -I $(libxl) -I tools/xenstore/include $(YAJL_CFLAGS) $(UUID_CFLAGS)

$(libxl-gen)/libxl_types.h: GEN := header
$(libxl-gen)/libxl_types_json.h: GEN := json-header
$(libxl-gen)/types_table.c: GEN := source
libxl-generated := $(addprefix $(libxl-gen)/,libxl_types.h libxl_types_json.h types_table.c)
$(libxl-generated): $(libxl)/types.idl $(libxl)/gentypes.py
	@mkdir -p $(@D)
	@echo "  GEN   $@"
	$(Q)$(PYTHON) $(libxl)/gentypes.py $(libxl)/types.idl $(GEN) > $@
tools: $(libxl-generated)

libxl-dirs := util build device domain event
$(foreach d,$(libxl-dirs),$(eval CFLAGS-$(libxl)/$(d) := $(libxl-inside)))
CFLAGS-$(libxl)/domain += -DCONSOLE_CLIENT='"$(craton_libexecdir)/xenconsole"' \
                          -DXEN_LIB_DIR='"$(localstatedir)/lib/xen"' -DXEN_LOG_DIR='"$(localstatedir)/log/xen"'

libxl-src := $(sort $(foreach d,$(libxl-dirs),$(wildcard $(libxl)/$(d)/*.c)))
libxl-objs := $(libxl-src:%.c=$(O)/%.o) $(libxl-gen)/types_table.o
$(libxl-objs): | $(libxl-generated)
$(libxl-gen)/types_table.o: $(libxl-gen)/types_table.c
	@echo "  CC    $<"
	$(Q)$(CC) $(TOOLS_CFLAGS) $(libxl-inside) -MMD -MP -c -o $@ $<
$(eval $(call library,libxl,1,$(libxl-objs),$(libcraton) $(libxenstore) $(YAJL_LIBS) $(UUID_LIBS) \
  $(ZLIB_LIBS) $(LZMA_LIBS) $(ZSTD_LIBS) $(LZ4_LIBS) -pthread,builds and drives domains))

# What needs neither hypervisor nor xenstore: tests/unit and tests/fuzz compile it as it is.
libxl-test-flags := $(libxl-inside) -I xen/include -I tools/libs/include -Wno-frame-larger-than
libxl-pure-build := $(filter-out $(libxl)/build/guest.c,$(wildcard $(libxl)/build/*.c))
libxl-pure := $(wildcard $(libxl)/util/*.c) $(libxl-pure-build) $(libxl-gen)/types_table.c \
              tools/libs/toollog.c tests/unit/libxl_stubs.c
libxl-test-libs := $(YAJL_LIBS) $(UUID_LIBS) $(ZLIB_LIBS) $(LZMA_LIBS) $(ZSTD_LIBS) $(LZ4_LIBS)

# The schema of libxl's own JSON is documentation that must stay true.
libxl-schema := docs/json-schema/domain_config.json
.PHONY: update-schema check-schema
update-schema: $(libxl)/types.idl
	@mkdir -p $(dir $(libxl-schema))
	$(Q)$(PYTHON) $(libxl)/gentypes.py $< schema > $(libxl-schema)
check-schema: $(libxl)/types.idl
	$(Q)$(PYTHON) $(libxl)/gentypes.py $< schema | cmp - $(libxl-schema) || \
	  { echo "$(libxl-schema) is out of date: make update-schema"; exit 1; }

libxl-headers := $(wildcard $(libxl)/include/*.h) $(libxl-gen)/libxl_types.h $(libxl-gen)/libxl_types_json.h
.PHONY: install-libxl-headers
install-tools: install-libxl-headers
install-libxl-headers: $(libxl-headers)
	$(INSTALL) -d $(DESTDIR)$(craton_includedir)
	$(INSTALL) -m 644 $(libxl-headers) $(DESTDIR)$(craton_includedir)
