/* SPDX-License-Identifier: MIT */
/*
 * The shared ring of PV devices: one page (or more) with a power of two of slots, each first a
 * request from the front end and then, in its place, the response of the back end. Producer indices
 * are in the page, run freely and are masked for use; each side keeps its own copies and consumer
 * index out of the other's reach.
 *
 * The includer supplies the barriers xen_mb(), xen_rmb() and xen_wmb(), and memset(). Nothing here
 * limits what a peer writes: a back end checks with RING_REQUEST_PROD_OVERFLOW() and works on
 * copies (RING_COPY_REQUEST()).
 */
#ifndef CRATON_PUBLIC_IO_RING_H
#define CRATON_PUBLIC_IO_RING_H

#include "../xen.h"

typedef unsigned int RING_IDX;

/* The largest power of two that is at most @n (32 bits, not 0), as a constant expression. */
#define RING_SMEAR1_(n) ((n) | ((n) >> 1))
#define RING_SMEAR2_(n) (RING_SMEAR1_(n) | (RING_SMEAR1_(n) >> 2))
#define RING_SMEAR3_(n) (RING_SMEAR2_(n) | (RING_SMEAR2_(n) >> 4))
#define RING_SMEAR4_(n) (RING_SMEAR3_(n) | (RING_SMEAR3_(n) >> 8))
#define RING_SMEAR5_(n) (RING_SMEAR4_(n) | (RING_SMEAR4_(n) >> 16))
#define RING_POW2_(n)   (RING_SMEAR5_((unsigned int)(n)) - (RING_SMEAR5_((unsigned int)(n)) >> 1))

/* Slots in @size bytes of a ring: by the ring's name (constant), or by a pointer to its page. */
#define __CONST_RING_SIZE(name, size)                                     \
    RING_POW2_(((size) - __builtin_offsetof(struct name##_sring, ring)) / \
               sizeof(union name##_sring_entry))
#define __RING_SIZE(sring, size) \
    RING_POW2_(((size) - __builtin_offsetof(__typeof__(*(sring)), ring)) / sizeof((sring)->ring[0]))

/*
 * Defines the types of a ring that carries @req_t and @rsp_t: NAME_sring_t is the shared page,
 * NAME_front_ring_t and NAME_back_ring_t are the private halves of its two users.
 */
#define DEFINE_RING_TYPES(name, req_t, rsp_t)                              \
    union name##_sring_entry {                                             \
        req_t req;                                                         \
        rsp_t rsp;                                                         \
    };                                                                     \
    struct name##_sring {                                                  \
        RING_IDX req_prod, req_event;                                      \
        RING_IDX rsp_prod, rsp_event;                                      \
        union {                                                            \
            struct {                                                       \
                uint8_t smartpoll_active;                                  \
            } netif;                                                       \
            struct {                                                       \
                uint8_t msg;                                               \
            } tapif_user;                                                  \
            uint8_t pvt_pad[4];                                            \
        } pvt;                                                             \
        uint8_t __pad[44];                                                 \
        union name##_sring_entry ring[1]; /* really RING_SIZE() of them */ \
    };                                                                     \
    struct name##_front_ring {                                             \
        RING_IDX req_prod_pvt;                                             \
        RING_IDX rsp_cons;                                                 \
        unsigned int nr_ents;                                              \
        struct name##_sring *sring;                                        \
    };                                                                     \
    struct name##_back_ring {                                              \
        RING_IDX rsp_prod_pvt;                                             \
        RING_IDX req_cons;                                                 \
        unsigned int nr_ents;                                              \
        struct name##_sring *sring;                                        \
    };                                                                     \
    typedef struct name##_sring name##_sring_t;                            \
    typedef struct name##_front_ring name##_front_ring_t;                  \
    typedef struct name##_back_ring name##_back_ring_t

/* Front end: empties a new shared page. Each side asks to hear about the very first message. */
#define SHARED_RING_INIT(s)                                         \
    do {                                                            \
        memset((s), 0, __builtin_offsetof(__typeof__(*(s)), ring)); \
        (s)->req_event = (s)->rsp_event = 1;                        \
    } while (0)

/* Either end: takes up a page of @size bytes at index @i, 0 for a new one. */
#define FRONT_RING_ATTACH(r, s, i, size)         \
    do {                                         \
        (r)->sring = (s);                        \
        (r)->nr_ents = __RING_SIZE(s, size);     \
        (r)->req_prod_pvt = (r)->rsp_cons = (i); \
    } while (0)
#define BACK_RING_ATTACH(r, s, i, size)          \
    do {                                         \
        (r)->sring = (s);                        \
        (r)->nr_ents = __RING_SIZE(s, size);     \
        (r)->rsp_prod_pvt = (r)->req_cons = (i); \
    } while (0)
#define FRONT_RING_INIT(r, s, size) FRONT_RING_ATTACH(r, s, 0, size)
#define BACK_RING_INIT(r, s, size)  BACK_RING_ATTACH(r, s, 0, size)
#define XEN_FRONT_RING_INIT(r, s, size) \
    do {                                \
        SHARED_RING_INIT(s);            \
        FRONT_RING_INIT(r, s, size);    \
    } while (0)

/* Slots of the ring; those a front end may still fill; whether there is none left. */
#define RING_SIZE(r)          ((r)->nr_ents)
#define RING_FREE_REQUESTS(r) (RING_SIZE(r) - ((r)->req_prod_pvt - (r)->rsp_cons))
#define RING_FULL(r)          (RING_FREE_REQUESTS(r) == 0)

/* Messages waiting. For requests never more than the slots that hold no unanswered one. */
#define XEN_RING_NR_UNCONSUMED_RESPONSES(r) ((r)->sring->rsp_prod - (r)->rsp_cons)
#define XEN_RING_NR_UNCONSUMED_REQUESTS(r)                                            \
    ({                                                                                \
        unsigned int ring_new_ = (r)->sring->req_prod - (r)->req_cons;                \
        unsigned int ring_room_ = RING_SIZE(r) - ((r)->req_cons - (r)->rsp_prod_pvt); \
        ring_new_ < ring_room_ ? ring_new_ : ring_room_;                              \
    })
#define RING_HAS_UNCONSUMED_RESPONSES(r) (XEN_RING_NR_UNCONSUMED_RESPONSES(r) != 0)
#define RING_HAS_UNCONSUMED_REQUESTS(r)  (XEN_RING_NR_UNCONSUMED_REQUESTS(r) != 0)

/* A slot in the shared page, which the peer can change at any time. */
#define RING_GET_REQUEST(r, idx)  (&(r)->sring->ring[(idx) & (RING_SIZE(r) - 1)].req)
#define RING_GET_RESPONSE(r, idx) (&(r)->sring->ring[(idx) & (RING_SIZE(r) - 1)].rsp)

/* A private copy of a slot, read exactly once. */
#define RING_COPY_REQUEST(r, idx, req)                                \
    do {                                                              \
        *(req) = *(volatile __typeof__(req))RING_GET_REQUEST(r, idx); \
    } while (0)
#define RING_COPY_RESPONSE(r, idx, rsp)                                \
    do {                                                               \
        *(rsp) = *(volatile __typeof__(rsp))RING_GET_RESPONSE(r, idx); \
    } while (0)

/* Back end: stop before @cons, all slots hold unanswered requests; peer's @prod is impossible. */
#define RING_REQUEST_CONS_OVERFLOW(r, cons) (((cons) - (r)->rsp_prod_pvt) >= RING_SIZE(r))
#define RING_REQUEST_PROD_OVERFLOW(r, prod) (((prod) - (r)->rsp_prod_pvt) > RING_SIZE(r))

/* Front end: the back end's @prod is impossible. */
#define RING_RESPONSE_PROD_OVERFLOW(r, prod) (((prod) - (r)->rsp_cons) > RING_SIZE(r))

/* Shows the peer what was written into slots so far: content first, then the index. */
#define RING_PUSH_REQUESTS(r)                     \
    do {                                          \
        xen_wmb();                                \
        (r)->sring->req_prod = (r)->req_prod_pvt; \
    } while (0)
#define RING_PUSH_RESPONSES(r)                    \
    do {                                          \
        xen_wmb();                                \
        (r)->sring->rsp_prod = (r)->rsp_prod_pvt; \
    } while (0)

/*
 * The same, and says in @notify whether the peer asked to be woken: it sets req_event or rsp_event
 * to the index of the next message it wants to hear about, so it is woken if that index lies among
 * those just pushed. The full barrier pairs with the one in RING_FINAL_CHECK_FOR_*().
 */
#define RING_PUSH_NOTIFY_(r, prod, event, notify)                                                 \
    do {                                                                                          \
        RING_IDX ring_old_ = (r)->sring->prod;                                                    \
        RING_IDX ring_end_ = (r)->prod##_pvt;                                                     \
        xen_wmb();                                                                                \
        (r)->sring->prod = ring_end_;                                                             \
        xen_mb();                                                                                 \
        (notify) = (RING_IDX)(ring_end_ - (r)->sring->event) < (RING_IDX)(ring_end_ - ring_old_); \
    } while (0)
#define RING_PUSH_REQUESTS_AND_CHECK_NOTIFY(r, notify) \
    RING_PUSH_NOTIFY_(r, req_prod, req_event, notify)
#define RING_PUSH_RESPONSES_AND_CHECK_NOTIFY(r, notify) \
    RING_PUSH_NOTIFY_(r, rsp_prod, rsp_event, notify)

/* Before going to sleep: asks for a wake-up at the next message, then looks once more. */
#define RING_FINAL_CHECK_(r, work, WHAT, event, cons) \
    do {                                              \
        (work) = RING_HAS_UNCONSUMED_##WHAT(r);       \
        if (!(work)) {                                \
            (r)->sring->event = (r)->cons + 1;        \
            xen_mb();                                 \
            (work) = RING_HAS_UNCONSUMED_##WHAT(r);   \
        }                                             \
    } while (0)
#define RING_FINAL_CHECK_FOR_REQUESTS(r, work) \
    RING_FINAL_CHECK_(r, work, REQUESTS, req_event, req_cons)
#define RING_FINAL_CHECK_FOR_RESPONSES(r, work) \
    RING_FINAL_CHECK_(r, work, RESPONSES, rsp_event, rsp_cons)

#endif /* CRATON_PUBLIC_IO_RING_H */
