xen-y += common/param.o common/symbols.o common/spinlock.o common/softirq.o common/tasklet.o
xen-y += common/keys_domain.o common/timer.o common/timer_heap.o common/keyhandler.o
xen-y += common/memory/buddy.o common/memory/page_alloc.o common/memory/xmalloc.o
