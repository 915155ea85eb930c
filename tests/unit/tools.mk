# Unit tests of tools/libs, tools/util and tools/console.
tools-test-flags := -I xen/include -I tools/libs/include -I tools/util/include -I tools/libs -I tools/console \
                    -DCRATON_VERSION='"test"' -Wno-frame-larger-than
$(eval $(call unit-test,libs_test,tests/unit/libs_test.c,$(wildcard tools/libs/xc_*.c) tools/libs/toollog.c,$(tools-test-flags)))
$(eval $(call unit-test,util_test,tests/unit/util_test.c,$(wildcard tools/util/*.c),$(tools-test-flags) $(YAJL_LIBS)))
$(eval $(call unit-test,console_test,tests/unit/console_test.c,tools/console/ring.c tools/console/bytes.c tools/console/logfile.c,$(tools-test-flags)))
