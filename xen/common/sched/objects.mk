xen-y += common/sched/core.o common/sched/fair.o common/sched/sched_op.o
