$(eval $(call unit-test,test_cpu_policy,tests/unit/test_cpu_policy.c,$(wildcard xen/common/policy/*.c),-I xen/include -Wno-frame-larger-than))
$(eval $(call unit-test,test_compat,tests/unit/test_compat.c,xen/common/hypercall/compat.c,-I xen/include))
