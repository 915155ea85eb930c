# Unit tests of tools/xl: its configuration files, with libvirt's XML.
$(eval $(call unit-test,xl_config_test,tests/unit/xl_config_test.c,$(xl-xml-test-sources) \
  $(xl-test-sources),$(xl-test-flags) $(libxl-test-libs) $(XML2_LIBS)))
$(O)/tests/unit/xl_config_test: | $(libxl-generated) $(xl-config-generated)
