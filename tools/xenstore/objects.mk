# xenstore: the daemon, its client library and the commands.
xs := tools/xenstore
xs-daemon-pure := account conn control domain domain_none journal log nodes path perms quota record \
                  request ring store transaction tree util watch
xs-pure-sources := $(patsubst %,$(xs)/daemon/%.c,$(xs-daemon-pure)) # for tests
xs-daemon := $(xs-daemon-pure) domain_xen main notify socket
CFLAGS-$(xs)/daemon := -DXENSTORED_VERSION='"$(VERSION)"'
CFLAGS-$(xs)/cli := -DXENSTORE_VERSION='"$(VERSION)"' -I $(xs)/include
CFLAGS-$(xs)/lib := -I $(xs)/include

$(eval $(call library,libxenstore,1,$(patsubst %,$(O)/$(xs)/lib/%.o,connection open reconnect xenstore),-pthread,client of xenstored))
$(eval $(call program,sbin,xenstored,$(patsubst %,$(O)/$(xs)/daemon/%.o,$(xs-daemon)),$(O)/lib/libcraton.so -lz))
$(eval $(call program,bin,xenstore,$(patsubst %,$(O)/$(xs)/cli/%.o,commands ls main text),$(O)/lib/libxenstore.so))

# The commands are names of one program.
xs-commands := $(addprefix xenstore-,chmod control exists list ls read rm watch write)
tools: $(addprefix $(O)/bin/,$(xs-commands))
$(addprefix $(O)/bin/,$(xs-commands)): $(O)/bin/xenstore
	$(Q)ln -sf xenstore $@

.PHONY: install-xenstore
install-tools: install-xenstore
install-xenstore: install-prog-xenstore
	$(INSTALL) -D -m 644 $(xs)/include/xenstore.h $(DESTDIR)$(craton_includedir)/xenstore.h
	for c in $(xs-commands); do ln -sf xenstore $(DESTDIR)$(bindir)/$$c; done
	$(INSTALL) -D -m 644 $(xs)/bash-completion $(DESTDIR)$(datadir)/bash-completion/completions/xenstore
	for c in $(xs-commands); do ln -sf xenstore $(DESTDIR)$(datadir)/bash-completion/completions/$$c; done
	$(INSTALL) -D -m 644 docs/man/xenstored.8 $(DESTDIR)$(mandir)/man8/xenstored.8
	for m in xenstore $(xs-commands); do \
	  $(INSTALL) -D -m 644 docs/man/$$m.1 $(DESTDIR)$(mandir)/man1/$$m.1 || exit 1; done
