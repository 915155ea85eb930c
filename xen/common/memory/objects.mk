xen-y += common/memory/pages.o common/memory/physmap.o common/memory/memory_op.o
