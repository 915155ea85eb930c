xen-y += common/sched/core.o common/sched/fair.o common/sched/fair_queue.o common/sched/sched_op.o
