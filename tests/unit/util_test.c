/* SPDX-License-Identifier: GPL-2.0-only */
/* tools/util: arenas, JSON output, command lines. */
#include <getopt.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "util/arena.h"
#include "util/cmdline.h"
#include "util/json_out.h"

static void arena_gives_aligned_zeroed_memory(void **state)
{
    struct arena *a = arena_new();
    size_t i, k;

    for (i = 0; i < 3000; i++) {
        size_t size = i * 7 % 5000;
        unsigned char *p = arena_alloc(a, size);

        assert_int_equal((uintptr_t)p % 16, 0);
        for (k = 0; k < size; k++)
            assert_int_equal(p[k], 0);
        memset(p, 0xaa, size); /* an overlap would show in a later block */
    }
    arena_free(a);
    arena_free(NULL);
}

static void arena_makes_strings(void **state)
{
    struct arena *a = arena_new();
    char *s = arena_strdup(a, "one");

    assert_string_equal(arena_printf(a, "%s-%d", s, 2), "one-2");
    assert_string_equal(arena_strndup(a, "abcdef", 3), "abc");
    assert_string_equal(arena_strndup(a, "ab", 30), "ab");
    assert_string_equal(s, "one");
    arena_free(a);
}

static void json_is_written(void **state)
{
    struct json_out *j = json_out_new();
    char *text = NULL;
    size_t len;
    FILE *f = open_memstream(&text, &len);

    json_open_object(j, NULL);
    json_string(j, "name", "a\"b\xff");
    json_string(j, "none", NULL);
    json_uint(j, "big", UINT64_MAX);
    json_int(j, "small", INT64_MIN);
    json_open_array(j, "list");
    json_bool(j, NULL, true);
    json_printf(j, NULL, "%d%%", 5);
    json_close_array(j);
    json_close_object(j);
    assert_int_equal(json_out_finish(j, f), 0);
    fclose(f);
    assert_non_null(strstr(text, "\"name\": \"a\\\"b?\""));
    assert_non_null(strstr(text, "\"none\": null"));
    assert_non_null(strstr(text, "\"big\": 18446744073709551615"));
    assert_non_null(strstr(text, "\"small\": -9223372036854775808"));
    assert_non_null(strstr(text, "\"5%\""));
    assert_int_equal(text[len - 1], '\n');
    free(text);
}

static const struct cmd_option options[] = {
    {'v', "verbose", NULL, "say more"},
    {'n', "number", "N", "a number"},
    {CMD_LONG_ONLY, "only-long", "X", "long"},
    {0, NULL, NULL, NULL},
};
static const struct cmd command = {"prog", "[OPTION]... ARG", "Does things.", options};

static void options_come_in_order(void **state)
{
    char *argv[] = {"prog", "-v", "-n", "5", "--only-long=x", "--number=7", "arg", NULL};
    const char *value;

    optind = 0;
    assert_int_equal(cmd_next(&command, 7, argv, &value), 'v');
    assert_int_equal(cmd_next(&command, 7, argv, &value), 'n');
    assert_string_equal(value, "5");
    assert_int_equal(cmd_next(&command, 7, argv, &value), CMD_LONG_ONLY);
    assert_string_equal(value, "x");
    assert_int_equal(cmd_next(&command, 7, argv, &value), 'n');
    assert_int_equal(cmd_number(&command, "--number", value, 0, 9), 7);
    assert_int_equal(cmd_next(&command, 7, argv, &value), CMD_END);
    assert_string_equal(argv[optind], "arg");
}

/* Runs the parser in a child; its exit status, output collected. */
static int exit_of(int argc, char **argv, char *text, size_t size)
{
    int out[2], status;
    ssize_t n, total = 0;
    pid_t pid;

    assert_int_equal(pipe(out), 0);
    pid = fork();
    if (!pid) {
        const char *value;
        int id;

        dup2(out[1], 1);
        dup2(out[1], 2);
        close(out[0]);
        optind = 0;
        while ((id = cmd_next(&command, argc, argv, &value)) != CMD_END)
            if (id == 'n')
                cmd_number(&command, "--number", value, 1, 9);
        fflush(stdout);
        _exit(77);
    }
    close(out[1]);
    while ((n = read(out[0], text + total, size - 1 - (size_t)total)) > 0)
        total += n;
    text[total] = '\0';
    close(out[0]);
    waitpid(pid, &status, 0);
    return WEXITSTATUS(status);
}

static void mistakes_are_named(void **state)
{
    char text[2048];
    char *unknown[] = {"prog", "--what", NULL};
    char *missing[] = {"prog", "--number", NULL};
    char *word[] = {"prog", "-n", "five", NULL};
    char *range[] = {"prog", "-n", "10", NULL};
    char *help[] = {"prog", "--help", NULL};

    assert_int_equal(exit_of(2, unknown, text, sizeof(text)), 2);
    assert_non_null(strstr(text, "unknown option `--what'"));
    assert_int_equal(exit_of(2, missing, text, sizeof(text)), 2);
    assert_non_null(strstr(text, "`--number' needs an argument"));
    assert_int_equal(exit_of(3, word, text, sizeof(text)), 2);
    assert_non_null(strstr(text, "--number: `five' is not a number"));
    assert_int_equal(exit_of(3, range, text, sizeof(text)), 2);
    assert_non_null(strstr(text, "not between 1 and 9"));
    assert_int_equal(exit_of(2, help, text, sizeof(text)), 0);
    assert_non_null(strstr(text, "-n, --number=N"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena_gives_aligned_zeroed_memory),
        cmocka_unit_test(arena_makes_strings),
        cmocka_unit_test(json_is_written),
        cmocka_unit_test(options_come_in_order),
        cmocka_unit_test(mistakes_are_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
