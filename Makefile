# Craton's build: one make, no recursion. Every folder lists its parts in an objects.mk:
#   xen/**/objects.mk      xen-y += common/evtchn/evtchn.o      (relative to xen/)
#   tools/*/objects.mk     $(eval $(call library,...)) / $(eval $(call program,...))  (tools/tools.mk)
#   tests/*/objects.mk     $(eval $(call unit-test,...))        (tests/tests.mk)
# Results go to $(O); a second compiler builds beside the first: make O=build-clang CC=clang
O ?= build

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
Q := $(if $(V),,@)

ifeq ($(wildcard config.mk),)
ifneq ($(filter-out clean distclean,$(or $(MAKECMDGOALS),all)),)
$(error config.mk is missing: run ./configure first)
endif
endif
-include config.mk

WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wframe-larger-than=4096 \
            -Wno-unused-parameter -Wno-missing-field-initializers
ifeq ($(debug),yes)
WARNINGS += -Werror
endif

.PHONY: all xen tools tests clean distclean install dist
all: xen tools

include xen/xen.mk
include tools/tools.mk
include tests/tests.mk

install: install-xen install-tools

clean:
	$(Q)rm -rf $(O)

distclean: clean
	$(Q)rm -rf config.mk config.log config.status autom4te.cache build build-*

dist:
	$(Q)mkdir -p dist
	$(Q)git archive --prefix=craton-$(VERSION)/ -o dist/craton-$(VERSION).tar.gz HEAD
	@echo "dist/craton-$(VERSION).tar.gz"
