$(eval $(call unit-test,test_cpu_policy,tests/unit/test_cpu_policy.c,$(wildcard xen/common/policy/*.c),-I xen/include -Wno-frame-larger-than))
$(eval $(call unit-test,test_compat,tests/unit/test_compat.c,xen/common/hypercall/compat.c,-I xen/include))
hvm-pure := $(addprefix xen/arch/x86/hvm/,event_merge.c cr_checks.c params.c svm/decode.c svm/insn_decode.c)
$(eval $(call unit-test,test_hvm,tests/unit/test_hvm.c,$(hvm-pure) $(wildcard xen/common/policy/*.c),-I xen/include -Wno-frame-larger-than))
