# The hypervisor's pure parts below domains: memory, timers, boot data, console, text.
host-inc := -I tests/unit/fakes -I xen/include
$(eval $(call unit-test,test_buddy,tests/unit/test_buddy.c,xen/common/memory/buddy.c,$(host-inc)))
$(eval $(call unit-test,test_timer_heap,tests/unit/test_timer_heap.c,xen/common/timer_heap.c,$(host-inc)))
$(eval $(call unit-test,test_boot_data,tests/unit/test_boot_data.c,xen/arch/x86/boot/e820.c xen/drivers/console/ring.c,$(host-inc)))
$(eval $(call unit-test,test_lib,tests/unit/test_lib.c,xen/lib/number.c xen/lib/printf.c,$(host-inc) -Dvsnprintf=xen_vsnprintf -Dsnprintf=xen_snprintf))
memory-inc := -I tests/unit/fakes_memory $(host-inc)
$(eval $(call unit-test,test_multiboot,tests/unit/test_multiboot.c,xen/arch/x86/boot/multiboot.c xen/arch/x86/boot/e820.c,$(memory-inc) -Dstrlcpy=xen_strlcpy))
$(eval $(call unit-test,test_acpi,tests/unit/test_acpi.c,$(addprefix xen/drivers/acpi/,tables.c madt.c numa.c),$(memory-inc)))
$(eval $(call unit-test,test_page_alloc,tests/unit/test_page_alloc.c,$(addprefix xen/common/memory/,buddy.c page_alloc.c xmalloc.c),$(memory-inc)))
