/* SPDX-License-Identifier: GPL-2.0-only */
/* Step lists: a failure undoes what was done, in reverse, and says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <errno.h>
#include <string.h>

#include <cmocka.h>

#include "util/steps.h"

struct op {
    struct operation op;
    int fail_at, stuck_at;
    char trace[64];
};

static void note(void *arg, char c)
{
    struct op *o = arg;

    strncat(o->trace, &c, 1);
}

static int step(void *arg, int number)
{
    struct op *o = arg;

    note(o, 'a' + number);
    if (number != o->fail_at)
        return 0;
    errno = ENOSPC;
    step_fail_errno(o, ERROR_FAIL, "asking for %d", 7);
    return step_fail(o, ERROR_NOMEM, "a later cause does not replace the first");
}

#define STEP(n)                                           \
    static int run##n(void *op)                           \
    {                                                     \
        return step(op, n);                               \
    }                                                     \
    __attribute__((unused)) static int undo##n(void *op)  \
    {                                                     \
        note(op, 'A' + n);                                \
        return ((struct op *)op)->stuck_at == n ? -1 : 0; \
    }
STEP(0)
STEP(1)
STEP(2)
STEP(3)

static const struct step steps[] = {
    {"first", run0, undo0, "first thing gone"},
    {"second", run1, NULL, NULL},
    {"third", run2, undo2, "third thing gone"},
    {"fourth", run3, undo3, "fourth thing gone"},
    {0},
};

static void begin(void *op, const struct step *s)
{
    note(op, s ? s->name[0] : '.');
}

static int try(struct op *o, int fail_at)
{
    *o = (struct op){.op.what = "make it", .op.begin = begin, .fail_at = fail_at, .stuck_at = -1};
    return steps_run(steps, o);
}

static void test_success(void **state)
{
    struct op o;

    assert_int_equal(try(&o, -1), 0);
    assert_string_equal(o.trace, "fasbtcfd.");
}

static void test_undo_in_reverse(void **state)
{
    struct op o;

    assert_int_equal(try(&o, 3), ERROR_NOMEM);
    assert_string_equal(o.trace, "fasbtcfdCA");
    assert_string_equal(libxl_ctx_last_error(NULL),
                        "cannot make it: step 4, fourth: asking for 7: No space left on device; "
                        "undone: third thing gone, first thing gone");
}

/* What could not be undone is told apart. */
static void test_stuck(void **state)
{
    struct op o = {.op.what = "make it", .op.begin = begin, .fail_at = 3, .stuck_at = 2};

    assert_int_equal(steps_run(steps, &o), ERROR_NOMEM);
    assert_string_equal(o.trace, "fasbtcfdCA");
    assert_non_null(strstr(libxl_ctx_last_error(NULL),
                           "; undone: first thing gone; could not be undone: third"));
}

static void test_first_step(void **state)
{
    struct op o;

    assert_int_equal(try(&o, 0), ERROR_NOMEM);
    assert_string_equal(o.trace, "fa");
    assert_non_null(strstr(libxl_ctx_last_error(NULL), "step 1, first"));
    assert_non_null(strstr(libxl_ctx_last_error(NULL), "nothing to undo"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_success),
        cmocka_unit_test(test_undo_in_reverse),
        cmocka_unit_test(test_stuck),
        cmocka_unit_test(test_first_step),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
