/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tree of nodes as a persistent (copy-on-write) data structure.
 *
 * A snapshot of the whole store is one reference to its root: O(1). A change copies only the nodes
 * on the way from the root to the changed one, and not even those while nobody else holds a
 * snapshot. Children of a node form a treap ordered by name, so that each step down costs
 * O(log siblings), whatever the size of the store.
 *
 * Generations tell what changed between two snapshots: `gen` of the node itself (value or
 * permissions), `list_gen` of its list of children, `tree_gen` of anything at or below it.
 *
 * Pure: no system calls, no globals but the seed of the hash.
 */
#ifndef XENSTORED_TREE_H
#define XENSTORED_TREE_H

#include "perms.h"
#include "util.h"

struct node_data {
    unsigned int ref;
    uint32_t value_len;
    uint64_t gen;
    struct perms *perms;
    uint16_t name_len;
    char bytes[]; /* name, NUL, value, NUL */
};

struct node {
    unsigned int ref;
    uint32_t priority;         /* of the treap: seeded hash of the name */
    struct node *left, *right; /* siblings with smaller and larger names */
    struct node *children;     /* root of the children's treap */
    struct node_data *data;
    uint64_t list_gen, tree_gen;
    uint32_t list_bytes; /* sum of (name length + 1) over this treap part */
};

/* How many nodes, bytes and permission entries each domain has; see account.h. */
struct account;

/* One tree: a root reference and where its contents are counted (may be NULL). */
struct tree {
    struct node *root;
    struct account *account;
};

static inline const char *node_name(const struct node *node)
{
    return node->data->bytes;
}

static inline const char *node_value(const struct node *node)
{
    return node->data->bytes + node->data->name_len + 1;
}

/* A tree with nothing but "/", owned by domain 0 without access for others. */
void tree_init(struct tree *tree, struct account *account);
void tree_free(struct tree *tree);

struct node *node_ref(struct node *node);
void node_unref(struct node *node);

/* The node at a legal path, or NULL. Valid until the tree changes. */
const struct node *tree_lookup(const struct node *root, const char *path);

/* The deepest existing node on the way to @path; *missing counts the components below it. */
const struct node *tree_nearest(const struct node *root, const char *path, unsigned int *missing);

/*
 * Changes; each stamps what it touches with @gen (larger than every earlier one).
 * tree_write: sets the value at @path; missing nodes are created with @perms, parents empty.
 * tree_mkdir: as tree_write, but leaves an existing node alone.
 * tree_set_perms: the node must exist.
 * tree_remove: unlinks and returns the removed node (the caller unrefs it), NULL if absent.
 *              "/" cannot be removed.
 */
void tree_write(struct tree *tree, const char *path, const void *value, uint32_t len,
                struct perms *perms, uint64_t gen);
void tree_mkdir(struct tree *tree, const char *path, struct perms *perms, uint64_t gen);
void tree_set_perms(struct tree *tree, const char *path, struct perms *perms, uint64_t gen);
struct node *tree_remove(struct tree *tree, const char *path, uint64_t gen);

/* Bytes that the list of children takes, each name with its NUL. */
uint32_t node_list_bytes(const struct node *node);

/*
 * Appends children's names (each with NUL) starting with byte @offset of the whole list, whole
 * names only after the first, as long as @limit is not exceeded. True if the end was reached.
 */
bool node_list(const struct node *node, uint32_t offset, size_t limit, struct buf *out);

/*
 * Calls @visit for every node at and below @node, parents first, names in order, with its path
 * (@path: buffer of PATH_BUF bytes holding the path of @node). Stops when @visit returns false.
 */
typedef bool (*node_visit)(void *arg, const char *path, const struct node *node);
bool node_walk(const struct node *node, char *path, node_visit visit, void *arg);
/* The same without @node itself. */
bool node_walk_children(const struct node *node, char *path, node_visit visit, void *arg);

/*
 * Checks the structure: order, heap property, sums, names. NULL if sound, else what is wrong.
 * *count gets the number of nodes.
 */
const char *tree_check(const struct node *root, uint64_t *count);

#endif
