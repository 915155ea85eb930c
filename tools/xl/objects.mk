# xl (sbin). The grammar of xl.cfg is made by flex and bison into $(O)/tools/xl/config.
xl-gen := $(O)/tools/xl/config
CFLAGS-tools/xl := $(LIBXL_CFLAGS) $(YAJL_CFLAGS)
CFLAGS-tools/xl/cmd := $(LIBXL_CFLAGS) $(YAJL_CFLAGS) $(NCURSES_CFLAGS) \
                       -DXL_XML_PROGRAM='"$(craton_libexecdir)/xl-config-xml"'
CFLAGS-tools/xl/config := $(LIBXL_CFLAGS) -I $(xl-gen)
$(xl-gen)/parser.c: tools/xl/config/parser.y
	@mkdir -p $(@D)
	@echo "  GEN   $@"
	$(Q)$(BISON) -Wall -Werror --header=$(xl-gen)/parser.h -o $@ $<
$(xl-gen)/parser.h: $(xl-gen)/parser.c
$(xl-gen)/lexer.c: tools/xl/config/lexer.l $(xl-gen)/parser.h
	@echo "  GEN   $@"
	$(Q)$(FLEX) -o $@ $<
xl-config-generated := $(xl-gen)/parser.c $(xl-gen)/lexer.c
$(xl-config-generated:.c=.o): %.o: %.c | $(libxl-generated)
	@echo "  CC    $<"
	$(Q)$(CC) $(TOOLS_CFLAGS) $(LIBXL_CFLAGS) -I tools/xl/config -I $(xl-gen) -Wno-shadow -Wno-frame-larger-than -MMD -MP -c -o $@ $<
xl-config-objs := $(patsubst tools/%.c,$(O)/tools/%.o,$(wildcard tools/xl/config/*.c)) $(xl-config-generated:.c=.o)
xl-objs := $(patsubst tools/%.c,$(O)/tools/%.o,$(wildcard tools/xl/*.c tools/xl/cmd/*.c)) $(xl-config-objs)
$(xl-objs): | $(libxl-generated) $(xl-config-generated)
$(eval $(call program,sbin,xl,$(xl-objs),$(util) $(libxl-so) $(libcraton) $(libxenstore) $(YAJL_LIBS) $(NCURSES_LIBS)))

# xl-config-xml (libexec): libvirt's XML, apart from xl because libxml2 is big.
CFLAGS-tools/xl/xml := $(LIBXL_CFLAGS) $(XML2_CFLAGS)
xl-xml-objs := $(patsubst tools/%.c,$(O)/tools/%.o,$(wildcard tools/xl/xml/*.c)) $(xl-config-objs)
$(xl-xml-objs): | $(libxl-generated)
$(eval $(call program,libexec,xl-config-xml,$(xl-xml-objs),$(libxl-so) $(libcraton) $(libxenstore) $(XML2_LIBS)))

# What needs no hypervisor: tests/unit and tests/fuzz compile it as it is.
xl-test-sources := $(wildcard tools/xl/config/*.c) $(xl-config-generated) $(libxl-pure)
xl-xml-test-sources := $(filter-out %/main.c,$(wildcard tools/xl/xml/*.c))
xl-test-flags := -I tools/xl -I tools/xl/config -I $(xl-gen) $(libxl-test-flags) $(XML2_CFLAGS) -Wno-shadow
