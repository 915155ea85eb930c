/* SPDX-License-Identifier: GPL-2.0-only */
/* Event channels: 2-level and FIFO. */
#ifndef XEN_EVENT_H
#define XEN_EVENT_H

#include <xen/types.h>
#include <public/xen.h>
#include <public/event_channel.h>

struct domain;
struct vcpu;

int evtchn_init(struct domain *d, unsigned int max_port); /* 0 or -ENOMEM */
int evtchn_init_vcpu(struct vcpu *v);
void evtchn_destroy(struct domain *d);       /* closes all; part of destruction */
void evtchn_destroy_final(struct domain *d); /* frees memory */
/* Sends on a local port of the current (or the given) domain. 0 or -errno. */
int evtchn_send(struct domain *ld, unsigned int lport);
/* VIRQs: per-vCPU ones (timer, debug) and global ones. Any context. */
void send_guest_vcpu_virq(struct vcpu *v, u32 virq);
void send_guest_global_virq(struct domain *d, u32 virq);
/* To whichever domain handles the global VIRQ (the control domain by default). */
void send_global_virq(u32 virq);
int set_global_virq_handler(struct domain *d, u32 virq);
/* A port of @d that the hypervisor itself consumes or signals (ioreq servers, vm_event). */
int alloc_unbound_xen_event_channel(struct domain *ld, unsigned int lvcpu, domid_t remote,
                                    void (*fn)(struct vcpu *v, unsigned int port));
void free_xen_event_channel(struct domain *d, unsigned int port);
void notify_via_xen_event_channel(struct domain *ld, unsigned int lport);
/* For SCHEDOP_poll: is the port pending? */
bool evtchn_port_is_pending(struct domain *d, unsigned int port);
bool evtchn_port_is_valid(struct domain *d, unsigned int port);
/* Is an upcall due: evtchn_upcall_pending set and not masked. */
bool local_events_need_delivery(struct vcpu *v);
void evtchn_dump(struct domain *d); /* debug key 'e' */

/* Sets evtchn_upcall_pending of @v and wakes/kicks it. */
void vcpu_mark_events_pending(struct vcpu *v);
/* arch: upcall pending was set; make the vCPU notice. */
void arch_evtchn_kick(struct vcpu *v);

#endif
