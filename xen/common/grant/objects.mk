xen-y += common/grant/table.o common/grant/entry.o common/grant/maptrack.o common/grant/map.o
xen-y += common/grant/copy.o common/grant/grant_op.o
