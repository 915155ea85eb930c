xen-y += common/domain/domain.o common/domain/vcpu_op.o common/domain/watchdog.o common/domain/shutdown.o
