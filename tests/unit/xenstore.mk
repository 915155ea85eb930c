# Unit tests of tools/xenstore. The daemon's sources are tested as they are, with a fake hypervisor.
comma := ,
xs-test-flags := -I xen/include -I tools/xenstore/daemon -I tools/xenstore/include -I tests/unit \
                 -Wno-frame-larger-than
$(eval $(call unit-test,xenstore_tree_test,tests/unit/xenstore_tree_test.c,$(patsubst %,tools/xenstore/daemon/%.c,account path perms tree util),$(xs-test-flags)))
$(eval $(call unit-test,xenstore_store_test,tests/unit/xenstore_store_test.c,$(xs-pure-sources),$(xs-test-flags) -lz))
$(eval $(call unit-test,xenstore_ring_test,tests/unit/xenstore_ring_test.c,$(xs-pure-sources),$(xs-test-flags) \
  -Wl$(comma)--wrap=journal_append -Wl$(comma)--wrap=journal_wants_compaction -lz))
$(eval $(call unit-test,xenstore_journal_test,tests/unit/xenstore_journal_test.c,$(xs-pure-sources),$(xs-test-flags) -lz))
# The whole daemon: everything but domain_xen.c, which the fake backend replaces, and the library.
xs-test-daemon := $(patsubst %,tools/xenstore/daemon/%.c,$(filter-out domain_xen,$(xs-daemon))) \
                  $(wildcard tools/xenstore/lib/*.c) tests/unit/xenstore_fake_backend.c
$(eval $(call unit-test,xenstore_daemon_test,tests/unit/xenstore_daemon_test.c,$(xs-test-daemon),$(xs-test-flags) -pthread -lz))
