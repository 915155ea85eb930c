/* SPDX-License-Identifier: GPL-2.0-only */
/* Circular doubly linked lists whose links live in the elements. */
#ifndef XEN_LIST_H
#define XEN_LIST_H

#include <xen/types.h>

struct list_head {
    struct list_head *next, *prev;
};

#define LIST_HEAD_INIT(name) \
    {                        \
        &(name), &(name)     \
    }
#define LIST_HEAD(name) struct list_head name = LIST_HEAD_INIT(name)

static inline void INIT_LIST_HEAD(struct list_head *l)
{
    l->next = l->prev = l;
}
static inline void list_insert_between(struct list_head *e, struct list_head *prev,
                                       struct list_head *next)
{
    e->prev = prev;
    e->next = next;
    prev->next = e;
    next->prev = e;
}
/* Puts @e first in @head. */
static inline void list_add(struct list_head *e, struct list_head *head)
{
    list_insert_between(e, head, head->next);
}
/* Puts @e last in @head (or just before the element @head). */
static inline void list_add_tail(struct list_head *e, struct list_head *head)
{
    list_insert_between(e, head->prev, head);
}
/* Takes @e out; its links stay dangling. */
static inline void list_del(struct list_head *e)
{
    e->prev->next = e->next;
    e->next->prev = e->prev;
}
static inline void list_del_init(struct list_head *e)
{
    list_del(e);
    INIT_LIST_HEAD(e);
}
static inline bool list_empty(const struct list_head *head)
{
    return head->next == head;
}
/* Moves all of @list to the front of @head and empties @list. */
static inline void list_splice_init(struct list_head *list, struct list_head *head)
{
    if (list_empty(list))
        return;
    list->next->prev = head;
    list->prev->next = head->next;
    head->next->prev = list->prev;
    head->next = list->next;
    INIT_LIST_HEAD(list);
}

#define list_entry(p, type, member)          container_of(p, type, member)
#define list_first_entry(head, type, member) list_entry((head)->next, type, member)
#define list_for_each_entry(pos, head, member)                                               \
    for ((pos) = list_entry((head)->next, typeof(*(pos)), member); &(pos)->member != (head); \
         (pos) = list_entry((pos)->member.next, typeof(*(pos)), member))
/* As above, and the loop's body may take @pos out. */
#define list_for_each_entry_safe(pos, tmp, head, member)                \
    for ((pos) = list_entry((head)->next, typeof(*(pos)), member),      \
        (tmp) = list_entry((pos)->member.next, typeof(*(pos)), member); \
         &(pos)->member != (head);                                      \
         (pos) = (tmp), (tmp) = list_entry((tmp)->member.next, typeof(*(tmp)), member))

#endif
