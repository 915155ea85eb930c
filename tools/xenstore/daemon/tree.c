/* SPDX-License-Identifier: GPL-2.0-only */
/* The persistent tree: treaps of children below treaps of children. */
#include "tree.h"
#include "account.h"
#include "path.h"

#include <stdlib.h>
#include <string.h>

/* -- data: name, value and permissions, shared between copies of a node -- */

static struct node_data *data_new(const char *name, size_t name_len, const void *value,
                                  uint32_t value_len, struct perms *perms, uint64_t gen)
{
    struct node_data *data = xalloc(sizeof(*data) + name_len + value_len + 2);

    data->ref = 1;
    data->name_len = (uint16_t)name_len;
    data->value_len = value_len;
    data->gen = gen;
    data->perms = perms_ref(perms);
    memcpy(data->bytes, name, name_len);
    data->bytes[name_len] = '\0';
    if (value_len)
        memcpy(data->bytes + name_len + 1, value, value_len);
    data->bytes[name_len + 1 + value_len] = '\0';
    return data;
}

static void data_unref(struct node_data *data)
{
    if (--data->ref)
        return;
    perms_unref(data->perms);
    free(data);
}

/* What a node counts for in its owner's memory. */
static size_t data_size(const struct node_data *data)
{
    return sizeof(struct node) + sizeof(*data) + data->name_len + data->value_len + 2;
}

/* -- nodes -- */

struct node *node_ref(struct node *node)
{
    if (node)
        node->ref++;
    return node;
}

void node_unref(struct node *node)
{
    while (node && --node->ref == 0) {
        struct node *right = node->right;

        node_unref(node->left);
        node_unref(node->children);
        data_unref(node->data);
        free(node);
        node = right; /* no recursion for one of the three: shorter stacks */
    }
}

/*
 * Makes *link safe to modify: if somebody else holds the node too, *link becomes a copy of it.
 * Only valid when the memory of *link itself is ours, so it is called from the root downwards.
 */
static struct node *node_own(struct node **link)
{
    struct node *node = *link, *copy;

    if (!node || node->ref == 1)
        return node;
    copy = xalloc(sizeof(*copy));
    *copy = *node;
    copy->ref = 1;
    node_ref(copy->left);
    node_ref(copy->right);
    node_ref(copy->children);
    copy->data->ref++;
    node->ref--;
    *link = copy;
    return copy;
}

static struct node *node_new(const char *name, size_t name_len, struct perms *perms, uint64_t gen)
{
    struct node *node = xzalloc(sizeof(*node));

    node->ref = 1;
    node->priority = (uint32_t)hash_end(hash_add(hash_start(), name, name_len));
    node->data = data_new(name, name_len, NULL, 0, perms, gen);
    node->list_gen = node->tree_gen = gen;
    node->list_bytes = (uint32_t)name_len + 1;
    return node;
}

/* -- the treap of children -- */

/* Numbers (device and domain ids) sort by value and before words; a total order. */
static bool is_number(const char *s, size_t len)
{
    if (!len || (s[0] == '0' && len > 1))
        return false;
    for (size_t i = 0; i < len; i++)
        if (s[i] < '0' || s[i] > '9')
            return false;
    return true;
}

static int name_compare(const char *a, size_t a_len, const char *b, size_t b_len)
{
    bool a_num = is_number(a, a_len), b_num = is_number(b, b_len);
    int diff;

    if (a_num != b_num)
        return a_num ? -1 : 1;
    if (a_num && a_len != b_len)
        return a_len < b_len ? -1 : 1;
    diff = memcmp(a, b, a_len < b_len ? a_len : b_len);
    return diff ? diff : (a_len > b_len) - (a_len < b_len);
}

static int compare_to(const char *name, size_t len, const struct node *node)
{
    return name_compare(name, len, node->data->bytes, node->data->name_len);
}

static void sum_up(struct node *node)
{
    node->list_bytes = node->data->name_len + 1u + (node->left ? node->left->list_bytes : 0) +
                       (node->right ? node->right->list_bytes : 0);
}

/* Splits the treap @node (a reference we own) into names below and above @name. */
static void split(struct node *node, const char *name, size_t len, struct node **below,
                  struct node **above)
{
    if (!node) {
        *below = *above = NULL;
        return;
    }
    node_own(&node);
    if (compare_to(name, len, node) < 0) {
        split(node->left, name, len, below, &node->left);
        *above = node;
    } else {
        split(node->right, name, len, &node->right, above);
        *below = node;
    }
    sum_up(node);
}

/* Joins two treaps we own, all names of @a being below those of @b. */
static struct node *join(struct node *a, struct node *b)
{
    if (!a || !b)
        return a ? a : b;
    if (a->priority >= b->priority) {
        node_own(&a);
        a->right = join(a->right, b);
        sum_up(a);
        return a;
    }
    node_own(&b);
    b->left = join(a, b->left);
    sum_up(b);
    return b;
}

static const struct node *find(const struct node *node, const char *name, size_t len)
{
    while (node) {
        int diff = compare_to(name, len, node);

        if (!diff)
            break;
        node = diff < 0 ? node->left : node->right;
    }
    return node;
}

/* The child's link with everything on the way made ours; the child must exist. */
static struct node *find_own(struct node **link, const char *name, size_t len)
{
    struct node *node;

    while ((node = node_own(link))) {
        int diff = compare_to(name, len, node);

        if (!diff)
            break;
        link = diff < 0 ? &node->left : &node->right;
    }
    return node;
}

static void insert(struct node **link, struct node *fresh)
{
    const char *name = node_name(fresh);
    size_t len = fresh->data->name_len;
    struct node *node;

    while ((node = *link) && node->priority >= fresh->priority) {
        node = node_own(link);
        node->list_bytes += (uint32_t)len + 1;
        link = compare_to(name, len, node) < 0 ? &node->left : &node->right;
    }
    split(*link, name, len, &fresh->left, &fresh->right);
    sum_up(fresh);
    *link = fresh;
}

/* Takes the existing child @name out of the treap. */
static struct node *extract(struct node **link, const char *name, size_t len)
{
    struct node *node;

    for (;;) {
        int diff;

        node = node_own(link);
        diff = compare_to(name, len, node);
        if (!diff)
            break;
        node->list_bytes -= (uint32_t)len + 1;
        link = diff < 0 ? &node->left : &node->right;
    }
    *link = join(node->left, node->right);
    node->left = node->right = NULL;
    sum_up(node);
    return node;
}

/* -- the tree -- */

void tree_init(struct tree *tree, struct account *account)
{
    static const struct perm root_perm = {.domid = 0, .flags = 0};
    struct perms *perms = perms_new(&root_perm, 1);

    tree->root = node_new("", 0, perms, 1);
    tree->account = account;
    account_node(account, perms, data_size(tree->root->data), 1);
    perms_unref(perms);
}

void tree_free(struct tree *tree)
{
    node_unref(tree->root);
    tree->root = NULL;
}

const struct node *tree_nearest(const struct node *root, const char *path, unsigned int *missing)
{
    const struct node *node = root;
    const char *name;
    size_t len;

    *missing = 0;
    while ((name = path_next(&path, &len))) {
        const struct node *child = *missing ? NULL : find(node->children, name, len);

        if (child)
            node = child;
        else
            ++*missing;
    }
    return node;
}

const struct node *tree_lookup(const struct node *root, const char *path)
{
    const struct node *node = root;
    const char *name;
    size_t len;

    while (node && (name = path_next(&path, &len)))
        node = find(node->children, name, len);
    return node;
}

/*
 * Goes down to @path with everything on the way made ours and stamped; creates what is missing.
 * *created tells whether the last node is new.
 */
static struct node *reach(struct tree *tree, const char *path, struct perms *perms, uint64_t gen,
                          bool *created)
{
    struct node *node = node_own(&tree->root);
    const char *name;
    size_t len;

    *created = false;
    node->tree_gen = gen;
    while ((name = path_next(&path, &len))) {
        struct node *child = *created ? NULL : find_own(&node->children, name, len);

        if (!child) {
            child = node_new(name, len, perms, gen);
            account_node(tree->account, perms, data_size(child->data), 1);
            insert(&node->children, child);
            node->list_gen = gen;
            *created = true;
        }
        child->tree_gen = gen;
        node = child;
    }
    return node;
}

static void replace_data(struct tree *tree, struct node *node, const void *value, uint32_t len,
                         struct perms *perms, uint64_t gen)
{
    struct node_data *old = node->data;

    node->data = data_new(old->bytes, old->name_len, value, len, perms, gen);
    account_node(tree->account, node->data->perms, data_size(node->data), 1);
    account_node(tree->account, old->perms, data_size(old), -1);
    data_unref(old);
}

void tree_write(struct tree *tree, const char *path, const void *value, uint32_t len,
                struct perms *perms, uint64_t gen)
{
    bool created;
    struct node *node = reach(tree, path, perms, gen, &created);

    if (!created || len)
        replace_data(tree, node, value, len, node->data->perms, gen);
}

void tree_mkdir(struct tree *tree, const char *path, struct perms *perms, uint64_t gen)
{
    bool created;

    if (!tree_lookup(tree->root, path))
        reach(tree, path, perms, gen, &created);
}

void tree_set_perms(struct tree *tree, const char *path, struct perms *perms, uint64_t gen)
{
    bool created;
    struct node *node = reach(tree, path, perms, gen, &created);

    replace_data(tree, node, node_value(node), node->data->value_len, perms, gen);
}

static void uncount(struct account *account, const struct node *node)
{
    for (; node; node = node->right) {
        uncount(account, node->left);
        uncount(account, node->children);
        account_node(account, node->data->perms, data_size(node->data), -1);
    }
}

struct node *tree_remove(struct tree *tree, const char *path, uint64_t gen)
{
    struct node *node, *gone;
    const char *name, *next;
    size_t len, next_len;

    if (!tree_lookup(tree->root, path) || !(name = path_next(&path, &len)))
        return NULL;
    node = node_own(&tree->root);
    node->tree_gen = gen;
    while ((next = path_next(&path, &next_len))) {
        node = find_own(&node->children, name, len);
        node->tree_gen = gen;
        name = next;
        len = next_len;
    }
    node->list_gen = gen;
    gone = extract(&node->children, name, len);
    if (tree->account)
        uncount(tree->account, gone);
    return gone;
}

uint32_t node_list_bytes(const struct node *node)
{
    return node->children ? node->children->list_bytes : 0;
}

struct lister {
    size_t skip, limit;
    struct buf *out;
};

static bool list_names(const struct node *node, struct lister *l)
{
    for (; node; node = node->right) {
        size_t len = node->data->name_len + 1u;

        if (l->skip && l->skip >= node->list_bytes) {
            l->skip -= node->list_bytes;
            return true;
        }
        if (!list_names(node->left, l))
            return false;
        if (l->skip >= len) {
            l->skip -= len;
            continue;
        }
        if (l->out->len + len - l->skip > l->limit)
            return false;
        buf_add(l->out, node_name(node) + l->skip, len - l->skip);
        l->skip = 0;
    }
    return true;
}

bool node_list(const struct node *node, uint32_t offset, size_t limit, struct buf *out)
{
    struct lister l = {.skip = offset, .limit = out->len + limit, .out = out};

    return list_names(node->children, &l);
}

static bool walk_siblings(const struct node *node, char *path, node_visit visit, void *arg)
{
    size_t len = strlen(path);

    for (; node; node = node->right) {
        bool go_on;

        if (!walk_siblings(node->left, path, visit, arg))
            return false;
        if (len + node->data->name_len + 2 > PATH_BUF)
            return false;
        path[len] = '/';
        memcpy(path + len + (len > 1 ? 1 : 0), node_name(node), node->data->name_len + 1u);
        go_on = node_walk(node, path, visit, arg);
        path[len] = '\0';
        if (!go_on)
            return false;
    }
    return true;
}

bool node_walk(const struct node *node, char *path, node_visit visit, void *arg)
{
    return visit(arg, path, node) && walk_siblings(node->children, path, visit, arg);
}

bool node_walk_children(const struct node *node, char *path, node_visit visit, void *arg)
{
    return walk_siblings(node->children, path, visit, arg);
}

struct checker {
    uint64_t count;
    const struct node *last;
    const char *fault;
};

static void check_siblings(const struct node *node, struct checker *c)
{
    uint32_t bytes;

    if (!node || c->fault)
        return;
    bytes = node->data->name_len + 1u + (node->left ? node->left->list_bytes : 0) +
            (node->right ? node->right->list_bytes : 0);
    if (bytes != node->list_bytes)
        c->fault = "sum of name lengths is wrong";
    else if ((node->left && node->left->priority > node->priority) ||
             (node->right && node->right->priority > node->priority))
        c->fault = "priorities are out of order";
    else if (!node->data->name_len || memchr(node_name(node), '/', node->data->name_len))
        c->fault = "a node has an illegal name";
    check_siblings(node->left, c);
    if (c->last && compare_to(node_name(node), node->data->name_len, c->last) <= 0)
        c->fault = "names are out of order";
    c->last = node;
    c->count++;
    check_siblings(node->right, c);
}

static void check_children(const struct node *node, struct checker *c)
{
    for (; node && !c->fault; node = node->right) {
        check_children(node->left, c);
        c->last = NULL;
        check_siblings(node->children, c);
        check_children(node->children, c);
    }
}

const char *tree_check(const struct node *root, uint64_t *count)
{
    struct checker c = {.count = 1};

    check_siblings(root->children, &c);
    check_children(root->children, &c);
    *count = c.count;
    return c.fault;
}
