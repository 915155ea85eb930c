# The control domain under systemd: units, folders, modules, and xen-init-dom0.
ifneq ($(wildcard tools/xenstore/include/xenstore.h),)
CFLAGS-tools/systemd := -I tools/xenstore/include
$(eval $(call program,sbin,xen-init-dom0,$(O)/tools/systemd/xen-init-dom0.o,$(util) $(libcraton) $(libxenstore)))
endif

systemd-units := proc-xen.mount xenstored.service xen-init-dom0.service xenconsoled.service xendomains.service
systemd-made := $(addprefix $(O)/tools/systemd/,$(systemd-units) tmpfiles.conf craton-domains)
# @dir@ in a template is where this build will be installed.
substitute = sed -e 's|@sbindir@|$(sbindir)|g; s|@bindir@|$(bindir)|g; s|@sysconfdir@|$(sysconfdir)|g' \
  -e 's|@localstatedir@|$(localstatedir)|g; s|@libexecdir@|$(craton_libexecdir)|g; s|@version@|$(VERSION)|g'
$(systemd-made): $(O)/%: %.in config.mk
	@mkdir -p $(@D)
	$(Q)$(substitute) $< > $@ && chmod $(if $(filter %domains,$@),755,644) $@
tools: $(systemd-made)

.PHONY: install-systemd
install-tools: install-systemd
install-systemd: $(systemd-made)
	$(INSTALL) -d $(DESTDIR)$(systemdsystemunitdir)
	$(INSTALL) -m 644 $(addprefix $(O)/tools/systemd/,$(systemd-units)) $(DESTDIR)$(systemdsystemunitdir)
	$(INSTALL) -D -m 644 tools/systemd/modules-load.conf $(DESTDIR)$(prefix)/lib/modules-load.d/craton.conf
	$(INSTALL) -D -m 644 $(O)/tools/systemd/tmpfiles.conf $(DESTDIR)$(prefix)/lib/tmpfiles.d/craton.conf
	$(INSTALL) -D -m 755 $(O)/tools/systemd/craton-domains $(DESTDIR)$(craton_libexecdir)/craton-domains
	$(INSTALL) -d $(DESTDIR)$(sysconfdir)/xen/auto
