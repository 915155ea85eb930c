.PHONY: check-install check-grub check-domains
check-install:
	$(Q)tests/install/test_install.sh
check-grub: $(O)/tools/grub/20_linux_craton
	$(Q)tests/install/test_grub.sh $<
check-domains: $(O)/tools/systemd/craton-domains
	$(Q)tests/install/test_domains.sh
.PHONY: check-docs
check-docs:
	$(Q)tests/install/test_docs.sh
