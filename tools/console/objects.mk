# xenconsoled (sbin) and xenconsole, the client that `xl console` runs (libexec).
ifneq ($(wildcard tools/xenstore/include/xenstore.h),)
CFLAGS-tools/console := -I tools/xenstore/include
console-obj = $(patsubst %,$(O)/tools/console/%.o,$(1))
$(eval $(call program,sbin,xenconsoled,$(call console-obj,xenconsoled guest hvlog store ring bytes logfile),$(util) $(libcraton) $(libxenstore)))
$(eval $(call program,libexec,xenconsole,$(call console-obj,xenconsole),$(util) $(libxenstore)))
endif
