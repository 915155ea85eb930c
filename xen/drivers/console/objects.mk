xen-y += drivers/console/ring.o drivers/console/console.o drivers/console/ns16550.o
xen-y += drivers/console/input.o drivers/console/loglevel.o
