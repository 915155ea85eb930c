# The GRUB script that makes Craton's boot entries, and its settings.
$(O)/tools/grub/20_linux_craton: tools/grub/20_linux_craton.in config.mk
	@mkdir -p $(@D)
	$(Q)sed -e 's|@datadir@|$(datadir)|g' $< > $@ && chmod +x $@
tools: $(O)/tools/grub/20_linux_craton

.PHONY: install-grub
install-tools: install-grub
install-grub: $(O)/tools/grub/20_linux_craton
	$(INSTALL) -D -m 755 $(O)/tools/grub/20_linux_craton $(DESTDIR)$(sysconfdir)/grub.d/20_linux_craton
	$(INSTALL) -D -m 644 tools/grub/craton.cfg $(DESTDIR)$(sysconfdir)/default/grub.d/craton.cfg
