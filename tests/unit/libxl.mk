# Unit tests of tools/libxl: util/ and build/ as they are, without hypervisor and xenstore.
libxl-tests := libxl_types_test libxl_cfg_test libxl_build_test libxl_steps_test
$(foreach t,$(libxl-tests),$(eval $(call unit-test,$(t),tests/unit/$(t).c,$(libxl-pure),$(libxl-test-flags) $(libxl-test-libs))))
$(libxl-tests:%=$(O)/tests/unit/%): | $(libxl-generated)
check-unit: check-schema
