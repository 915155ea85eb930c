# Domains, memory, grants, events, the scheduler: xen/common and arch/x86/mm on a fake machine.
fake-inc := -I tests/unit/fakes/domain -I tests/unit/fakes -I xen/include -Wno-missing-prototypes
fake-xen := tests/unit/fakes/domain/fake.c
compat-xen := xen/common/hypercall/compat.c xen/common/hypercall/compat_guest.c
$(eval $(call unit-test,test_grant,tests/unit/test_grant.c,$(wildcard xen/common/grant/*.c) $(compat-xen) $(fake-xen),$(fake-inc)))
$(eval $(call unit-test,test_evtchn,tests/unit/test_evtchn.c,$(wildcard xen/common/evtchn/*.c) $(fake-xen),$(fake-inc)))
p2m-xen := xen/arch/x86/mm/p2m.c xen/arch/x86/hvm/svm/npt.c
memory-xen := $(addprefix xen/common/memory/,pages.c physmap.c memory_op.c)
$(eval $(call unit-test,test_memory,tests/unit/test_memory.c,$(memory-xen) $(p2m-xen) $(wildcard xen/common/grant/*.c) $(compat-xen) $(fake-xen),$(fake-inc)))
$(eval $(call unit-test,test_p2m,tests/unit/test_p2m.c,$(p2m-xen) $(fake-xen),$(fake-inc)))
$(eval $(call unit-test,test_guest_walk,tests/unit/test_guest_walk.c,xen/arch/x86/mm/guest_walk.c xen/arch/x86/mm/guest_copy.c $(fake-xen),$(fake-inc)))
$(eval $(call unit-test,test_sched,tests/unit/test_sched.c,xen/common/sched/core.c xen/common/sched/fair.c xen/common/sched/fair_queue.c $(fake-xen),$(fake-inc) -Wno-missing-noreturn))
$(eval $(call unit-test,test_hypercall,tests/unit/test_hypercall.c,xen/common/hypercall/hypercall.c $(compat-xen) $(fake-xen),$(fake-inc)))
domain-xen := $(addprefix xen/common/domain/,domain.c vcpu_op.c watchdog.c) $(wildcard xen/common/sched/*.c xen/common/evtchn/*.c xen/common/grant/*.c)
$(eval $(call unit-test,test_domain,tests/unit/test_domain.c,$(domain-xen) $(memory-xen) $(p2m-xen) $(compat-xen) $(fake-xen) tests/unit/fakes/domain/fake_arch.c,$(fake-inc)))
