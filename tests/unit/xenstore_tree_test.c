/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * xenstored's tree: compared with a simple model over many random changes, with snapshots taken in
 * between that must not change; order and parts of lists; cost independent of the number of nodes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "account.h"
#include "path.h"
#include "tree.h"

/* -- the model: a sorted list of paths -- */

#define MODEL_MAX 4096
struct model {
    char *path[MODEL_MAX];
    char *value[MODEL_MAX];
    int count;
};

static int model_find(const struct model *m, const char *path)
{
    for (int i = 0; i < m->count; i++)
        if (!strcmp(m->path[i], path))
            return i;
    return -1;
}

static void model_write(struct model *m, const char *path, const char *value)
{
    char parent[PATH_BUF];
    int i = model_find(m, path);

    if (i < 0) {
        strcpy(parent, path);
        if (path_to_parent(parent) && model_find(m, parent) < 0)
            model_write(m, parent, "");
        i = m->count++;
        m->path[i] = xstrdup(path);
    } else {
        free(m->value[i]);
    }
    m->value[i] = xstrdup(value);
}

static void model_remove(struct model *m, const char *path)
{
    for (int i = 0; i < m->count;) {
        if (!path_below(path, m->path[i])) {
            i++;
            continue;
        }
        free(m->path[i]);
        free(m->value[i]);
        m->count--;
        m->path[i] = m->path[m->count];
        m->value[i] = m->value[m->count];
    }
}

static bool same_node(void *arg, const char *path, const struct node *node)
{
    const struct model *m = arg;
    int i = model_find(m, path);

    assert_true(i >= 0);
    assert_string_equal(node_value(node), m->value[i]);
    return true;
}

static void assert_same(const struct node *root, struct model *m)
{
    char path[PATH_BUF] = "/";
    uint64_t count;

    assert_null(tree_check(root, &count));
    assert_int_equal(count, m->count);
    assert_true(node_walk(root, path, same_node, m));
}

static void model_copy(struct model *to, const struct model *from)
{
    to->count = from->count;
    for (int i = 0; i < from->count; i++) {
        to->path[i] = xstrdup(from->path[i]);
        to->value[i] = xstrdup(from->value[i]);
    }
}

static void random_path(char *out)
{
    int depth = 1 + rand() % 4;

    out[0] = '\0';
    for (int i = 0; i < depth; i++)
        sprintf(out + strlen(out), "/%c%d", "abn"[rand() % 3], rand() % (i ? 4 : 12));
}

static struct perms *owned_by(uint32_t domid)
{
    struct perm p = {.domid = domid};

    return perms_new(&p, 1);
}

static void random_changes(void **state)
{
    static struct model model, snapshots[4];
    struct node *kept[4] = {0};
    struct account account = {0};
    struct tree tree;
    struct perms *perms = owned_by(3);
    uint64_t gen = 1;

    srand(42);
    tree_init(&tree, &account);
    model_write(&model, "/", "");
    for (int i = 0; i < 6000; i++) {
        char path[PATH_BUF], value[16];

        random_path(path);
        sprintf(value, "%d", i);
        if (rand() % 3) {
            tree_write(&tree, path, value, (uint32_t)strlen(value), perms, ++gen);
            model_write(&model, path, value);
        } else {
            struct node *gone = tree_remove(&tree, path, ++gen);

            assert_int_equal(!!gone, model_find(&model, path) >= 0);
            node_unref(gone);
            model_remove(&model, path);
        }
        if (i % 500 == 0) {
            int slot = rand() % 4;

            if (kept[slot])
                assert_same(kept[slot], &snapshots[slot]);
            node_unref(kept[slot]);
            model_remove(&snapshots[slot], "/");
            kept[slot] = node_ref(tree.root);
            model_copy(&snapshots[slot], &model);
            assert_same(tree.root, &model);
            assert_int_equal(account.nodes, model.count);
            assert_int_equal(account_get(&account, 3)->nodes, model.count - 1);
        }
    }
    assert_same(tree.root, &model);
    for (int i = 0; i < 4; i++) {
        if (kept[i])
            assert_same(kept[i], &snapshots[i]);
        node_unref(kept[i]);
        model_remove(&snapshots[i], "/");
    }
    model_remove(&model, "/");
    perms_unref(perms);
    tree_free(&tree);
    account_free(&account);
}

static void generations(void **state)
{
    struct tree tree;
    struct perms *perms = owned_by(0);
    const struct node *a;

    tree_init(&tree, NULL);
    tree_write(&tree, "/a/b", "1", 1, perms, 10);
    a = tree_lookup(tree.root, "/a");
    assert_int_equal(a->data->gen, 10);
    tree_write(&tree, "/a/b", "2", 1, perms, 11); /* below: neither the node nor its list */
    a = tree_lookup(tree.root, "/a");
    assert_int_equal(a->data->gen, 10);
    assert_int_equal(a->list_gen, 10);
    assert_int_equal(a->tree_gen, 11);
    tree_mkdir(&tree, "/a/c", perms, 12); /* a new child: the list */
    a = tree_lookup(tree.root, "/a");
    assert_int_equal(a->data->gen, 10);
    assert_int_equal(a->list_gen, 12);
    tree_set_perms(&tree, "/a", perms, 13); /* the node */
    a = tree_lookup(tree.root, "/a");
    assert_int_equal(a->data->gen, 13);
    assert_int_equal(a->list_gen, 12);
    assert_null(tree_remove(&tree, "/", 14));
    assert_null(tree_remove(&tree, "/nope/x", 14));
    perms_unref(perms);
    tree_free(&tree);
}

static void lists(void **state)
{
    static const char expected[] = "0\0"
                                   "1\0"
                                   "2\0"
                                   "10\0"
                                   "100\0"
                                   "00\0"
                                   "a\0"
                                   "a-b\0"
                                   "ab";
    static const char *const names[] = {"10", "a-b", "2", "100", "a", "0", "ab", "1", "00"};
    struct perms *perms = owned_by(0);
    struct buf out = {0};
    struct tree tree;
    char path[64];

    tree_init(&tree, NULL);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        sprintf(path, "/%s", names[i]);
        tree_mkdir(&tree, path, perms, i + 2);
    }
    assert_int_equal(node_list_bytes(tree.root), sizeof(expected));
    /* From every offset, with every limit: always a whole-name prefix of the rest. */
    for (uint32_t offset = 0; offset <= sizeof(expected) + 2; offset++) {
        for (size_t limit = 0; limit <= sizeof(expected); limit++) {
            bool end;
            size_t rest = offset < sizeof(expected) ? sizeof(expected) - offset : 0;

            out.len = 0;
            end = node_list(tree.root, offset, limit, &out);
            assert_true(out.len <= limit);
            assert_int_equal(end, limit >= rest);
            if (out.len) {
                assert_memory_equal(out.data, expected + offset, out.len);
                assert_int_equal(out.data[out.len - 1], '\0');
            }
        }
    }
    buf_free(&out);
    perms_unref(perms);
    tree_free(&tree);
}

static void paths(void **state)
{
    char out[PATH_BUF], long_path[PATH_ABS_MAX + 3];

    assert_true(path_valid("/"));
    assert_true(path_valid("/a-b_c@D/9"));
    for (const char **p =
             (const char *[]){"", "a", "//", "/a/", "/a//b", "/a b", "/a.b", "/\xff", "/a\n", NULL};
         *p; p++)
        assert_false(path_valid(*p));
    memset(long_path, 'x', sizeof(long_path));
    long_path[0] = '/';
    long_path[PATH_ABS_MAX] = '\0';
    assert_true(path_valid(long_path));
    long_path[PATH_ABS_MAX] = 'x';
    long_path[PATH_ABS_MAX + 1] = '\0';
    assert_false(path_valid(long_path));
    assert_false(path_canonical(out, 5, long_path));
    long_path[PATH_REL_MAX + 2] = '\0';
    assert_false(path_canonical(out, 5, long_path + 1));
    long_path[PATH_REL_MAX + 1] = '\0';
    assert_true(path_canonical(out, 65535, long_path + 1));
    assert_true(path_canonical(out, 7, "x/y"));
    assert_string_equal(out, "/local/domain/7/x/y");
    assert_false(path_canonical(out, 7, ""));
    assert_false(path_canonical(out, 7, "@x"));
    assert_true(path_below("/", "/a"));
    assert_true(path_below("/a", "/a"));
    assert_true(path_below("/a", "/a/b"));
    assert_false(path_below("/a", "/ab"));
}

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Time for writes spread over a directory of @n nodes, with a snapshot held all the time. */
static double cost(unsigned int n)
{
    struct perms *perms = owned_by(0);
    struct tree tree;
    uint64_t gen = 1;
    char path[64];
    double begin;

    tree_init(&tree, NULL);
    for (unsigned int i = 0; i < n; i++) {
        sprintf(path, "/dir/%u/state", i * 7919 % n);
        tree_write(&tree, path, "1", 1, perms, ++gen);
    }
    begin = seconds();
    for (unsigned int i = 0; i < 20000; i++) {
        struct node *snapshot = node_ref(tree.root);

        sprintf(path, "/dir/%u/state", i * 7919 % n);
        tree_write(&tree, path, "2", 1, perms, ++gen);
        node_unref(snapshot);
    }
    begin = seconds() - begin;
    perms_unref(perms);
    tree_free(&tree);
    return begin;
}

static void cost_does_not_grow(void **state)
{
    double small = cost(1000), large = cost(100000);

    printf("20000 writes with a snapshot: %.0f ms among 1000 nodes, %.0f ms among 100000\n",
           small * 1e3, large * 1e3);
    /* The tree of siblings is 1.7 times as deep; caches cost something. Linear would be 100. */
    assert_true(large < small * 8);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_changes),
        cmocka_unit_test(generations),
        cmocka_unit_test(lists),
        cmocka_unit_test(paths),
        cmocka_unit_test(cost_does_not_grow),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
