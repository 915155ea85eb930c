# libxl: types are generated from types.idl before anything that includes them is compiled.
libxl := tools/libxl
libxl-gen := $(O)/tools/libxl
LIBXL_CFLAGS := -I $(libxl)/include -I $(libxl-gen) -I $(libxl)

$(libxl-gen)/libxl_types.h: GEN := header
$(libxl-gen)/libxl_types_json.h: GEN := json-header
$(libxl-gen)/types_table.c: GEN := source
libxl-generated := $(addprefix $(libxl-gen)/,libxl_types.h libxl_types_json.h types_table.c)
$(libxl-generated): $(libxl)/types.idl $(libxl)/gentypes.py
	@mkdir -p $(@D)
	@echo "  GEN   $@"
	$(Q)$(PYTHON) $(libxl)/gentypes.py $(libxl)/types.idl $(GEN) > $@
tools: $(libxl-generated)

libxl-headers := $(wildcard $(libxl)/include/*.h) $(libxl-gen)/libxl_types.h $(libxl-gen)/libxl_types_json.h
install-tools: install-libxl-headers
install-libxl-headers: $(libxl-headers)
	$(INSTALL) -d $(DESTDIR)$(includedir)
	$(INSTALL) -m 644 $(libxl-headers) $(DESTDIR)$(includedir)
