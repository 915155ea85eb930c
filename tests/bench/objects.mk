# Benchmarks that run on this host; `run` measures whole systems.
$(O)/tests/bench/xenstore_ops: tests/bench/xenstore_ops.c $(O)/lib/libxenstore.so
	@mkdir -p $(@D)
	@echo "  BENCH $@"
	$(Q)$(CC) $(TOOLS_CFLAGS) -I tools/xenstore/include -o $@ $< $(O)/lib/libxenstore.so

.PHONY: bench-xenstore
bench-xenstore: $(O)/tests/bench/xenstore_ops $(O)/sbin/xenstored
	$(Q)LD_LIBRARY_PATH=$(O)/lib $(O)/tests/bench/xenstore_ops $(O)/sbin/xenstored
