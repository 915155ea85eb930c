/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the event channel files share. A domain's ports stand in buckets that are allocated on
 * demand and stay until the domain is gone.
 * Locks: evtchn_domain.lock guards a domain's ports. Binding and closing an interdomain pair takes
 * both domains' locks (lower address first); so whoever holds one end's lock may use the other end.
 */
#ifndef XEN_EVTCHN_INTERNAL_H
#define XEN_EVTCHN_INTERNAL_H

#include <xen/event.h>
#include <xen/sched.h>

#define EVTCHNS_PER_BUCKET 64U
#define BUCKETS_PER_GROUP  64U
#define NR_GROUPS          (EVTCHN_FIFO_NR_CHANNELS / EVTCHNS_PER_BUCKET / BUCKETS_PER_GROUP)

enum evtchn_state {
    ECS_FREE,
    ECS_RESERVED, /* port 0 */
    ECS_UNBOUND,
    ECS_INTERDOMAIN,
    ECS_PIRQ,
    ECS_VIRQ,
    ECS_IPI,
};

struct evtchn {
    u8 state;
    u8 priority;
    bool pending; /* FIFO: set before the guest supplied the event word */
    u8 last_priority;
    u16 last_vcpu_id; /* FIFO: the queue it was linked on last */
    u16 notify_vcpu_id;
    u32 port;
    domid_t remote_domid; /* UNBOUND: who may bind */
    u16 virq;
    u32 remote_port;
    u32 pirq;
    struct domain *remote;                             /* INTERDOMAIN: holds a reference */
    void (*xen_fn)(struct vcpu *v, unsigned int port); /* the hypervisor's own end */
};

struct evtchn_fifo_queue {
    u32 *head; /* in the control block */
    u32 tail;
    u8 priority;
    spinlock_t lock;
};

struct evtchn_vcpu {
    struct evtchn_fifo_control_block *control_block;
    struct page_info *control_page;
    struct evtchn_fifo_queue queue[EVTCHN_FIFO_MAX_QUEUES];
};

struct evtchn_ops {
    void (*set_pending)(struct domain *d, struct evtchn *c);
    void (*clear_pending)(struct domain *d, struct evtchn *c);
    void (*unmask)(struct domain *d, struct evtchn *c);
    bool (*is_pending)(struct domain *d, const struct evtchn *c);
    bool (*is_masked)(struct domain *d, const struct evtchn *c);
    bool (*is_busy)(struct domain *d, const struct evtchn *c); /* still linked: not to be reused */
    void (*init_port)(struct domain *d, struct evtchn *c);
    int (*set_priority)(struct domain *d, struct evtchn *c, u32 priority);
};

#define EVTCHN_ARRAY_PAGES (EVTCHN_FIFO_NR_CHANNELS * 4 / PAGE_SIZE)
struct evtchn_domain {
    spinlock_t lock;
    struct evtchn **group[NR_GROUPS];
    unsigned int nr_allocated; /* ports below have a bucket */
    unsigned int max_port;     /* limit set at creation */
    unsigned int next_free;    /* hint */
    const struct evtchn_ops *ops;
    bool dying;
    u32 *event_array[EVTCHN_ARRAY_PAGES]; /* FIFO */
    struct page_info *event_page[EVTCHN_ARRAY_PAGES];
    unsigned int nr_event_pages;
};

extern const struct evtchn_ops evtchn_ops_2l, evtchn_ops_fifo;
unsigned int evtchn_2l_max_ports(const struct domain *d);
struct evtchn *evtchn_from_port(struct domain *d, unsigned int port); /* NULL: no such port */
int evtchn_fifo_init_control(struct evtchn_init_control *op);
int evtchn_fifo_expand_array(const struct evtchn_expand_array *op);
void evtchn_fifo_destroy(struct domain *d);
/* evtchn.c; evtchn lock held: a free port or -ENOSPC, -ENOMEM, -EINVAL; taking it; giving it back.
 */
int evtchn_get_free_port(struct domain *d);
void evtchn_use_port(struct domain *d, struct evtchn *c, u8 state, unsigned int vcpu);
void evtchn_release_port(struct domain *d, struct evtchn *c);
bool evtchn_virq_is_global(u32 virq);
void evtchn_release_virqs(struct domain *d); /* a dying handler of global VIRQs */
/* evtchn_bind.c */
long evtchn_alloc_unbound(struct evtchn_alloc_unbound *op);
long evtchn_bind_interdomain(struct evtchn_bind_interdomain *op);
long evtchn_bind_virq(struct evtchn_bind_virq *op);
long evtchn_bind_ipi(struct evtchn_bind_ipi *op);
long evtchn_close(struct evtchn_close *op);
long evtchn_reset(struct evtchn_reset *op);
int evtchn_close_port(struct domain *d, unsigned int port, bool guest);
/* Wakes vCPUs that poll for @port. */
void evtchn_check_pollers(struct domain *d, unsigned int port);

#endif
