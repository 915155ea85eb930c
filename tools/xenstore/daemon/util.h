/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Small helpers of the daemon: allocation that cannot fail, growing byte buffers, number parsing,
 * hashing and intrusive lists. No state but the hash seed.
 */
#ifndef XENSTORED_UTIL_H
#define XENSTORED_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Memory for the store itself is bounded by quotas; when the host has none left the daemon stops
 * with a message. Its journal lets the next start continue where this one ended.
 */
void *xalloc(size_t size);
void *xzalloc(size_t size);
void *xrealloc(void *old, size_t size);
char *xstrdup(const char *text);

/* Unsigned decimal number, whole string, at most @max. */
bool parse_number(const char *text, unsigned long max, unsigned long *out);

/* Seeded hash of a byte string, one byte at a time (so that prefixes of a path come for free). */
void hash_seed(uint64_t seed);
uint64_t hash_start(void);
uint64_t hash_add(uint64_t hash, const char *bytes, size_t len);
uint64_t hash_end(uint64_t hash);

/* Growing byte buffer. */
struct buf {
    char *data;
    size_t len, cap;
};
void buf_reserve(struct buf *buf, size_t more);
void buf_add(struct buf *buf, const void *bytes, size_t len);
void buf_u8(struct buf *buf, uint8_t v);
void buf_u32(struct buf *buf, uint32_t v);
void buf_u64(struct buf *buf, uint64_t v);
void buf_blob(struct buf *buf, const void *bytes, size_t len); /* u32 length + bytes */
void buf_str(struct buf *buf, const char *text);               /* blob with its NUL */
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_free(struct buf *buf);

/* Reader of what buf_* wrote; once something is missing, ok is false and all results are 0. */
struct reader {
    const char *data;
    size_t len, pos;
    bool ok;
};
uint8_t read_u8(struct reader *r);
uint32_t read_u32(struct reader *r);
uint64_t read_u64(struct reader *r);
const char *read_blob(struct reader *r, uint32_t *len);
const char *read_str(struct reader *r); /* "" if malformed */

/* Circular intrusive list. */
struct list {
    struct list *next, *prev;
};
#define container_of(ptr, type, member) ((type *)((char *)(ptr)-offsetof(type, member)))
#define list_for_each_entry(pos, head, type, member)                                   \
    for (type *pos = container_of((head)->next, type, member); &pos->member != (head); \
         pos = container_of(pos->member.next, type, member))
#define list_for_each_entry_safe(pos, tmp, head, type, member)     \
    for (type *pos = container_of((head)->next, type, member),     \
              *tmp = container_of(pos->member.next, type, member); \
         &pos->member != (head); pos = tmp, tmp = container_of(tmp->member.next, type, member))

static inline void list_init(struct list *head)
{
    head->next = head->prev = head;
}

static inline bool list_empty(const struct list *head)
{
    return head->next == head;
}

static inline void list_add_tail(struct list *entry, struct list *head)
{
    entry->prev = head->prev;
    entry->next = head;
    head->prev->next = entry;
    head->prev = entry;
}

static inline void list_del(struct list *entry)
{
    entry->prev->next = entry->next;
    entry->next->prev = entry->prev;
    list_init(entry);
}

#endif
