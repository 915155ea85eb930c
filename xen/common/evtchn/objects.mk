xen-y += common/evtchn/evtchn.o common/evtchn/evtchn_2l.o common/evtchn/evtchn_fifo.o common/evtchn/evtchn_bind.o common/evtchn/evtchn_op.o
