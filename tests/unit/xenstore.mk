# Unit tests of tools/xenstore. The daemon's sources are tested as they are, with a fake hypervisor.
xs-test-flags := -I xen/include -I tools/xenstore/daemon -I tools/xenstore/include -I tests/unit \
                 -Wno-frame-larger-than
xs-test-pure := $(patsubst %,tools/xenstore/daemon/%.c,$(xs-daemon-pure))
$(eval $(call unit-test,xenstore_tree_test,tests/unit/xenstore_tree_test.c,$(patsubst %,tools/xenstore/daemon/%.c,account path perms tree util),$(xs-test-flags)))
$(eval $(call unit-test,xenstore_store_test,tests/unit/xenstore_store_test.c,$(xs-test-pure),$(xs-test-flags) -lz))
$(eval $(call unit-test,xenstore_ring_test,tests/unit/xenstore_ring_test.c,$(xs-test-pure),$(xs-test-flags) -lz))
$(eval $(call unit-test,xenstore_journal_test,tests/unit/xenstore_journal_test.c,$(xs-test-pure),$(xs-test-flags) -lz))
