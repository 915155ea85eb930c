# util.a: helpers that every program may take in; not installed. json_out.o needs $(YAJL_LIBS).
util-objs := $(patsubst %.c,$(O)/%.o,$(sort $(wildcard tools/util/*.c)))
tools-objs += $(util-objs)
$(util): $(util-objs)
	@mkdir -p $(@D)
	@echo "  AR    $@"
	$(Q)rm -f $@ && ar rcs $@ $^
tools: $(util)
