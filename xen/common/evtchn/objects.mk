xen-y += common/evtchn/evtchn.o common/evtchn/evtchn_2l.o common/evtchn/evtchn_fifo.o
