xen-y += common/policy/cpu_features.o
xen-y += common/policy/cpu_policy.o
xen-y += common/policy/cpu_policy_serial.o
xen-y += common/policy/guest_cpuid.o
