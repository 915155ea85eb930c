/* SPDX-License-Identifier: GPL-2.0-only */
/* Permissions of nodes: lists, access decision, inheritance, text form. */
#include "perms.h"
#include "util.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct perms *perms_new(const struct perm *entries, unsigned int count)
{
    struct perms *perms = xalloc(sizeof(*perms) + count * sizeof(*entries));

    perms->ref = 1;
    perms->count = count;
    memcpy(perms->entry, entries, count * sizeof(*entries));
    return perms;
}

struct perms *perms_ref(struct perms *perms)
{
    perms->ref++;
    return perms;
}

void perms_unref(struct perms *perms)
{
    if (perms && --perms->ref == 0)
        free(perms);
}

static unsigned int access_of(const struct perms *perms, uint32_t domid)
{
    if (perms->entry[0].domid == domid)
        return PERM_ALL;
    for (unsigned int i = 1; i < perms->count; i++)
        if (perms->entry[i].domid == domid)
            return perms->entry[i].flags;
    return perms->entry[0].flags;
}

unsigned int perms_access(const struct perms *perms, const struct caller *who)
{
    unsigned int mask;

    if (who->privileged)
        return PERM_ALL;
    mask = access_of(perms, who->domid);
    if (who->target != DOMID_NONE)
        mask |= access_of(perms, who->target);
    return mask;
}

struct perms *perms_inherit(struct perms *parent, const struct caller *who)
{
    struct perms *perms;

    /* The control domain creates on behalf of a directory's owner; others own what they create. */
    if (who->privileged || parent->entry[0].domid == who->domid)
        return perms_ref(parent);
    perms = perms_new(parent->entry, parent->count);
    perms->entry[0].domid = who->domid;
    return perms;
}

struct perms *perms_without(const struct perms *perms, uint32_t domid)
{
    struct perms *out;
    unsigned int n = 1;

    for (unsigned int i = 1; i < perms->count; i++)
        n += perms->entry[i].domid != domid;
    if (n == perms->count)
        return NULL;
    out = perms_new(perms->entry, 1);
    out = xrealloc(out, sizeof(*out) + n * sizeof(struct perm));
    for (unsigned int i = 1; i < perms->count; i++)
        if (perms->entry[i].domid != domid)
            out->entry[out->count++] = perms->entry[i];
    return out;
}

/* Index = PERM_READ | PERM_WRITE mask. */
static const char perm_letters[] = {'n', 'r', 'w', 'b'};

bool perm_parse(const char *text, struct perm *perm)
{
    const char *letter = text[0] ? memchr(perm_letters, text[0], sizeof(perm_letters)) : NULL;
    unsigned long id;

    if (!letter || !parse_number(text + 1, 0xffff, &id))
        return false;
    perm->flags = (uint32_t)(letter - perm_letters);
    perm->domid = (uint32_t)id;
    return true;
}

int perm_format(const struct perm *perm, char *out, size_t size)
{
    return snprintf(out, size, "%c%u", perm_letters[perm->flags & 3], perm->domid);
}

bool perms_equal(const struct perms *a, const struct perms *b)
{
    return a->count == b->count && !memcmp(a->entry, b->entry, a->count * sizeof(a->entry[0]));
}
