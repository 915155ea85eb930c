/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Permissions of a node: an immutable, reference-counted list. The first entry names the owner and
 * what every domain without an entry of its own may do. Nodes share lists, because children
 * inherit them from their parent.
 */
#ifndef XENSTORED_PERMS_H
#define XENSTORED_PERMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PERM_READ  1u
#define PERM_WRITE 2u
#define PERM_OWNER 4u
#define PERM_ALL   (PERM_READ | PERM_WRITE | PERM_OWNER)

struct perm {
    uint32_t domid;
    uint32_t flags; /* PERM_READ, PERM_WRITE */
};

struct perms {
    unsigned int ref;
    unsigned int count; /* at least 1 */
    struct perm entry[];
};

/* Who asks: a domain, and the domain it acts for (SET_TARGET), or DOMID_NONE. */
#define DOMID_NONE 0xffffffffu
struct caller {
    uint32_t domid;
    uint32_t target;
    bool privileged; /* the control domain: sees and changes everything */
};

/* New list with one reference; @count >= 1. Never fails (aborts when memory is exhausted). */
struct perms *perms_new(const struct perm *entries, unsigned int count);
struct perms *perms_ref(struct perms *perms);
void perms_unref(struct perms *perms);

/* What @who may do with a node of these permissions: a mask of PERM_*. */
unsigned int perms_access(const struct perms *perms, const struct caller *who);

/* The list a node created by @who below a node with @parent gets (new reference). */
struct perms *perms_inherit(struct perms *parent, const struct caller *who);

/* Without the entries of a dead domain: NULL if it is not mentioned (entry 0 is never dropped). */
struct perms *perms_without(const struct perms *perms, uint32_t domid);

/*
 * One entry from its text form ("r5"), and back (12 bytes are enough).
 * perm_parse: false if malformed or the domain id does not fit.
 */
bool perm_parse(const char *text, struct perm *perm);
int perm_format(const struct perm *perm, char *out, size_t size);

bool perms_equal(const struct perms *a, const struct perms *b);

#endif
