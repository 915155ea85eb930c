xen-y += drivers/acpi/tables.o drivers/acpi/madt.o drivers/acpi/numa.o drivers/acpi/power.o
