# The hypervisor's pure parts below domains: memory, timers, boot data, console, text.
host-inc := -I tests/unit/fakes -I xen/include
$(eval $(call unit-test,test_buddy,tests/unit/test_buddy.c,xen/common/memory/buddy.c,$(host-inc)))
$(eval $(call unit-test,test_timer_heap,tests/unit/test_timer_heap.c,xen/common/timer_heap.c,$(host-inc)))
$(eval $(call unit-test,test_boot_data,tests/unit/test_boot_data.c,xen/arch/x86/boot/e820.c xen/drivers/console/ring.c,$(host-inc)))
$(eval $(call unit-test,test_lib,tests/unit/test_lib.c,xen/lib/number.c xen/lib/printf.c,$(host-inc) -Dvsnprintf=xen_vsnprintf -Dsnprintf=xen_snprintf))
