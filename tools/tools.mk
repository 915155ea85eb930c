# The toolstack. Parts are declared with these macros, names relative to the top folder:
#   $(eval $(call library,NAME,SOMAJOR,objects,libraries to link,pkg-config description))
#   $(eval $(call program,bin|sbin|libexec,NAME,objects,libraries to link))   (libexec: in its folder craton)
# An object foo.o is $(O)/FOLDER/foo.o, compiled from FOLDER/foo.c with the folder's CFLAGS-FOLDER.
comma := ,
TOOLS_CFLAGS := -std=gnu11 -D_GNU_SOURCE -O2 -g -fPIC -fstack-protector-strong -D_FORTIFY_SOURCE=2 \
                $(WARNINGS) -I xen/include -I tools/libs/include -I tools/util/include \
                -DCRATON_VERSION='"$(VERSION)"' -DCRATON_LIBEXECDIR='"$(libexecdir)/craton"' \
                -DCRATON_SYSCONFDIR='"$(sysconfdir)"' -DCRATON_LOCALSTATEDIR='"$(localstatedir)"'
# Where the loader does not look by itself the programs say where their libraries are.
rpath := $(if $(filter-out /usr/lib /usr/lib64 /usr/lib/$(shell uname -m)-linux-gnu,$(libdir)),-Wl$(comma)-rpath$(comma)$(libdir))
.PHONY: install-tools
tools:
install-tools:

# What other parts link to (defined here because parts are read in the order of their names):
# the libraries by their path, and the archive of helpers that every program may take in.
libcraton := $(O)/lib/libcraton.so
libxenstore := $(O)/lib/libxenstore.so
util := $(O)/tools/util/util.a
# Our headers live in a folder of their own, so that they can be installed beside Xen's.
craton_includedir = $(includedir)/craton
craton_libexecdir = $(libexecdir)/craton

$(O)/tools/%.o: tools/%.c
	@mkdir -p $(@D)
	@echo "  CC    $<"
	$(Q)$(CC) $(TOOLS_CFLAGS) $(CFLAGS-$(patsubst %/,%,$(dir $<))) -MMD -MP -c -o $@ $<

# library: 1 name (libfoo) 2 so major 3 objects 4 link flags and .so files built here 5 description
define library
tools-objs += $(3)
$(O)/lib/$(1).so: $(3) $(filter $(O)/%,$(4))
	@mkdir -p $$(@D)
	@echo "  LD    $$@"
	$(Q)$$(CC) -shared -Wl,-soname,$(1).so.$(2) -Wl,-z,defs -o $$@ $(3) $(4) -Wl,-rpath-link,$(O)/lib
	$(Q)ln -sf $(1).so $(O)/lib/$(1).so.$(2)
$(O)/lib/$(1).a: $(3)
	@mkdir -p $$(@D)
	$(Q)rm -f $$@ && ar rcs $$@ $(3)
tools: $(O)/lib/$(1).so $(O)/lib/$(1).a
install-tools: install-lib-$(1)
install-lib-$(1): $(O)/lib/$(1).so $(O)/lib/$(1).a
	$(INSTALL) -d $(DESTDIR)$(libdir)/pkgconfig
	$(INSTALL) -m 755 $(O)/lib/$(1).so $(DESTDIR)$(libdir)/$(1).so.$(2).0
	ln -sf $(1).so.$(2).0 $(DESTDIR)$(libdir)/$(1).so.$(2)
	ln -sf $(1).so.$(2) $(DESTDIR)$(libdir)/$(1).so
	$(INSTALL) -m 644 $(O)/lib/$(1).a $(DESTDIR)$(libdir)/$(1).a
	printf 'Name: %s\nDescription: %s\nVersion: %s\nLibs: -L%s -l%s\nCflags: -I%s\n' '$(1)' '$(5)' '$(VERSION)' \
	  '$(libdir)' '$(patsubst lib%,%,$(1))' '$(craton_includedir)' > $(DESTDIR)$(libdir)/pkgconfig/$(1).pc
endef

# program: 1 bin|sbin|libexec 2 name 3 objects 4 link flags and .so files built here
define program
tools-objs += $(3)
$(O)/$(1)/$(2): $(3) $(filter $(O)/%,$(4))
	@mkdir -p $$(@D)
	@echo "  LD    $$@"
	$(Q)$$(CC) -o $$@ $(3) $(4) -Wl,-rpath-link,$(O)/lib $(rpath)
tools: $(O)/$(1)/$(2)
install-tools: install-prog-$(2)
install-prog-$(2): $(O)/$(1)/$(2)
	$(INSTALL) -D -m 755 $$< $(DESTDIR)$(if $(filter libexec,$(1)),$(craton_libexecdir),$($(1)dir))/$(2)
endef

# Manual pages lie in docs/man as NAME.SECTION; completions in tools/completion by command.
man-pages := $(wildcard docs/man/*.[1-8])
completions := $(filter-out %.md %.mk,$(wildcard tools/completion/*))
.PHONY: install-man install-completions
install-tools: install-man install-completions
install-man:
	$(foreach page,$(man-pages),$(INSTALL) -D -m 644 $(page) $(DESTDIR)$(mandir)/man$(lastword $(subst ., ,$(page)))/$(notdir $(page)) &&) true
install-completions:
	$(INSTALL) -d $(DESTDIR)$(bashcompletiondir)
	$(INSTALL) -m 644 $(completions) $(DESTDIR)$(bashcompletiondir)

tools-objs :=
include $(sort $(wildcard tools/*/objects.mk))
-include $(tools-objs:.o=.d)
