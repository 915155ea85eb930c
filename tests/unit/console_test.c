/* SPDX-License-Identifier: GPL-2.0-only */
/* xenconsoled's pure parts: a guest's rings with hostile indices, the output queue, rotating logs.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "bytes.h"
#include "logfile.h"
#include "ring.h"

static struct xencons_interface page;

static void guest_says(const char *text)
{
    for (; *text; text++)
        page.out[page.out_prod++ & (sizeof(page.out) - 1)] = *text;
}

static void ring_moves_bytes_both_ways(void **state)
{
    struct console_ring ring;
    char buf[64];

    memset(&page, 0, sizeof(page));
    console_ring_attach(&ring, &page);
    guest_says("hello");
    assert_int_equal(console_ring_read(&ring, buf, 3), 3);
    assert_memory_equal(buf, "hel", 3);
    assert_int_equal(page.out_cons, 3);
    assert_int_equal(console_ring_read(&ring, buf, sizeof(buf)), 2);
    assert_memory_equal(buf, "lo", 2);
    assert_int_equal(console_ring_read(&ring, buf, sizeof(buf)), 0);

    assert_int_equal(console_ring_write(&ring, "ls\n", 3), 3);
    assert_int_equal(page.in_prod, 3);
    assert_memory_equal(page.in, "ls\n", 3);
    assert_int_equal(console_ring_space(&ring), sizeof(page.in) - 3);
    assert_int_equal(ring.violations, 0);
}

static void ring_wraps_and_fills(void **state)
{
    struct console_ring ring;
    char big[sizeof(page.in) + 10], buf[sizeof(page.out)];
    size_t i;

    memset(&page, 0, sizeof(page));
    /* Both positions near the end of their 32 bits as well as of the ring. */
    page.out_cons = page.out_prod = UINT32_MAX - 3;
    page.in_cons = page.in_prod = UINT32_MAX - 3;
    console_ring_attach(&ring, &page);
    guest_says("0123456789");
    assert_int_equal(console_ring_read(&ring, buf, sizeof(buf)), 10);
    assert_memory_equal(buf, "0123456789", 10);
    assert_int_equal(page.out_cons, 6);

    for (i = 0; i < sizeof(big); i++)
        big[i] = (char)i;
    assert_int_equal(console_ring_write(&ring, big, sizeof(big)), sizeof(page.in));
    assert_int_equal(console_ring_space(&ring), 0);
    assert_int_equal(console_ring_write(&ring, big, 1), 0);
    assert_int_equal(page.in[sizeof(page.in) - 4], big[0]);
    assert_int_equal(page.in[0], big[4]);
    page.in_cons += 7;
    assert_int_equal(console_ring_space(&ring), 7);
}

static void ring_survives_a_hostile_guest(void **state)
{
    struct console_ring ring;
    char buf[sizeof(page.out)];

    memset(&page, 0, sizeof(page));
    console_ring_attach(&ring, &page);
    page.out_prod = sizeof(page.out) + 1;
    assert_int_equal(console_ring_read(&ring, buf, sizeof(buf)), 0);
    assert_int_equal(ring.violations, 1);
    /* From there on it may talk again. */
    guest_says("ok");
    assert_int_equal(console_ring_read(&ring, buf, sizeof(buf)), 2);
    assert_memory_equal(buf, "ok", 2);
    /* Our own index is not believed when the guest changes it. */
    page.out_cons = 0;
    assert_int_equal(console_ring_read(&ring, buf, sizeof(buf)), 0);
    assert_int_equal(ring.violations, 1);
    page.out_prod = ring.out_cons - 1;
    assert_int_equal(console_ring_read(&ring, buf, sizeof(buf)), 0);
    assert_int_equal(ring.violations, 2);

    page.in_cons = 5; /* ahead of what we produced */
    assert_int_equal(console_ring_space(&ring), 0);
    assert_int_equal(console_ring_write(&ring, "x", 1), 0);
    page.in_prod = 77;
    page.in_cons = 0;
    assert_int_equal(console_ring_write(&ring, "x", 1), 1);
    assert_int_equal(page.in_prod, 1);
}

static void bytes_drop_the_oldest(void **state)
{
    struct bytes q = {.max = 10};

    bytes_put(&q, "abcdef", 6);
    bytes_put(&q, "ghijkl", 6);
    assert_int_equal(q.len, 10);
    assert_memory_equal(bytes_peek(&q), "cdefghijkl", 10);
    assert_int_equal(q.dropped, 2);
    bytes_consume(&q, 4);
    bytes_put(&q, "mn", 2);
    assert_memory_equal(bytes_peek(&q), "ghijklmn", 8);
    bytes_put(&q, "0123456789ABCDEF", 16);
    assert_memory_equal(bytes_peek(&q), "6789ABCDEF", 10);
    assert_int_equal(q.dropped, 2 + 6 + 8);
    bytes_free(&q);
}

static void bytes_grow_to_the_limit(void **state)
{
    struct bytes q = {.max = 100000};
    size_t i;

    for (i = 0; i < 150000; i++) {
        char c = (char)(i % 251);

        bytes_put(&q, &c, 1);
    }
    assert_int_equal(q.len, 100000);
    for (i = 0; i < 100000; i++)
        assert_int_equal(bytes_peek(&q)[i], (char)((i + 50000) % 251));
    bytes_free(&q);
}

static char dir[] = "/tmp/console_test.XXXXXX";

static void read_file(const char *name, char *text, size_t size)
{
    char path[128];
    FILE *f;
    size_t n;

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    f = fopen(path, "r");
    if (!f) {
        snprintf(text, size, "(none)");
        return;
    }
    n = fread(text, 1, size - 1, f);
    text[n] = '\0';
    fclose(f);
}

static void expect_file(const char *name, const char *expected)
{
    char text[256];

    read_file(name, text, sizeof(text));
    assert_string_equal(text, expected);
}

static void log_rotates_between_lines(void **state)
{
    struct logfile_policy policy = {.dir = dir, .max_bytes = 10, .keep = 2};
    struct logfile *log = logfile_new(&policy, "a.log");

    assert_non_null(log);
    assert_int_equal(logfile_write(log, "one\ntwo\n", 8, 0), 0);
    assert_int_equal(logfile_write(log, "thr", 3, 0), 0);
    expect_file("a.log", "thr");
    expect_file("a.log.1", "one\ntwo\n");
    assert_int_equal(logfile_write(log, "ee, longer\n", 11, 0), 0);
    expect_file("a.log", "three, longer\n");
    assert_int_equal(logfile_write(log, "four\n", 5, 0), 0);
    expect_file("a.log.1", "three, longer\n");
    expect_file("a.log.2", "one\ntwo\n");
    assert_int_equal(logfile_write(log, "fivefive\n", 9, 0), 0);
    expect_file("a.log.1", "four\n");
    expect_file("a.log.2", "three, longer\n");
    expect_file("a.log.3", "(none)");
    logfile_free(log);
}

static void log_bounds_a_line_without_end(void **state)
{
    struct logfile_policy policy = {.dir = dir, .max_bytes = 100, .keep = 1};
    struct logfile *log = logfile_new(&policy, "b.log");
    char path[128];
    struct stat st;
    int i;

    for (i = 0; i < 1000; i++)
        assert_int_equal(logfile_write(log, "no newline", 10, 0), 0);
    snprintf(path, sizeof(path), "%s/b.log", dir);
    assert_int_equal(stat(path, &st), 0);
    assert_true(st.st_size <= 200);
    logfile_free(log);
}

static void log_stamps_lines(void **state)
{
    struct logfile_policy policy = {.dir = dir, .timestamps = true};
    struct logfile *log = logfile_new(&policy, "c.log");

    logfile_write(log, "x\ny", 3, 0);
    logfile_write(log, "z\n", 2, 61);
    logfile_write(log, "w\n", 2, 61);
    expect_file("c.log", "[1970-01-01 00:00:00] x\n[1970-01-01 00:00:00] yz\n"
                         "[1970-01-01 00:01:01] w\n");
    logfile_free(log);
}

static void log_reopens_and_follows_no_link(void **state)
{
    struct logfile_policy policy = {.dir = dir};
    struct logfile *log = logfile_new(&policy, "d.log");
    char from[128], to[128];

    logfile_write(log, "before\n", 7, 0);
    snprintf(from, sizeof(from), "%s/d.log", dir);
    snprintf(to, sizeof(to), "%s/d.old", dir);
    assert_int_equal(rename(from, to), 0);
    logfile_reopen(log);
    logfile_write(log, "after\n", 6, 0);
    expect_file("d.log", "after\n");
    expect_file("d.old", "before\n");

    assert_int_equal(unlink(from), 0);
    assert_int_equal(symlink(to, from), 0);
    logfile_reopen(log);
    assert_int_equal(logfile_write(log, "linked\n", 7, 0), -1);
    expect_file("d.old", "before\n");
    logfile_free(log);
}

static void log_names_are_tame(void **state)
{
    char name[32];

    logfile_safe_name(name, sizeof(name), "guest-", "web");
    assert_string_equal(name, "guest-web.log");
    logfile_safe_name(name, sizeof(name), "", "../../etc/passwd");
    assert_string_equal(name, "_._.._etc_passwd.log");
    logfile_safe_name(name, sizeof(name), "guest-", "a\nb\033c");
    assert_string_equal(name, "guest-a_b_c.log");
    logfile_safe_name(name, sizeof(name), "guest-", "a name that is far too long for the buffer");
    assert_true(strlen(name) < sizeof(name));
    assert_string_equal(name + strlen(name) - 4, ".log");
}

static int make_dir(void **state)
{
    setenv("TZ", "UTC", 1);
    return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
    DIR *d = opendir(dir);
    struct dirent *e;
    char path[512];

    while (d && (e = readdir(d))) {
        snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
        unlink(path);
    }
    if (d)
        closedir(d);
    return rmdir(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ring_moves_bytes_both_ways),
        cmocka_unit_test(ring_wraps_and_fills),
        cmocka_unit_test(ring_survives_a_hostile_guest),
        cmocka_unit_test(bytes_drop_the_oldest),
        cmocka_unit_test(bytes_grow_to_the_limit),
        cmocka_unit_test(log_rotates_between_lines),
        cmocka_unit_test(log_bounds_a_line_without_end),
        cmocka_unit_test(log_stamps_lines),
        cmocka_unit_test(log_reopens_and_follows_no_link),
        cmocka_unit_test(log_names_are_tame),
    };

    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
