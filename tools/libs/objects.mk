# libcraton: what every tool shares. Public headers are installed with those of the interface.
libcraton-headers := $(wildcard tools/libs/include/*.h)
libcraton-objs := $(patsubst %.c,$(O)/%.o,$(sort $(wildcard tools/libs/*.c)))
$(eval $(call library,libcraton,1,$(libcraton-objs),-pthread,hypercalls and foreign memory and event channels and grants))

.PHONY: install-libcraton-headers
install-tools: install-libcraton-headers
install-libcraton-headers:
	$(INSTALL) -d $(DESTDIR)$(craton_includedir)
	$(INSTALL) -m 644 $(libcraton-headers) $(DESTDIR)$(craton_includedir)
	cd xen/include/public && find . -name '*.h' -exec $(INSTALL) -D -m 644 {} \
	  $(DESTDIR)$(craton_includedir)/public/{} \;
