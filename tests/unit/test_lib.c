/* SPDX-License-Identifier: GPL-2.0-only */
/* The hypervisor's printf and number parsing (its names are changed by host.mk, beside the C
 * library's). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <xen/lib.h>

#define CHECK(want, ...)                                                     \
    do {                                                                     \
        char b[128];                                                         \
        assert_int_equal(snprintf(b, sizeof(b), __VA_ARGS__), strlen(want)); \
        assert_string_equal(b, want);                                        \
    } while (0)

static void test_format(void **state)
{
    char small[5];

    CHECK("0 -1 4294967295", "%d %d %u", 0, -1, ~0U);
    CHECK("-9223372036854775808", "%ld", (long)(1UL << 63));
    CHECK("00ff|  ff|ff  |0xff", "%04x|%4x|%-4x|%#x", 255, 255, 255, 255);
    CHECK("FFFF -128 255", "%X %hhd %hhu", 65535, (signed char)-128, (unsigned char)255);
    CHECK("+5 -05 005", "%+d %03d %.3d", 5, -5, 5);
    CHECK("ab|  ab|ab  |abc", "%.2s|%4s|%-4s|%s", "abc", "ab", "ab", "abc");
    CHECK("x%y", "%c%%%s", 'x', "y");
    CHECK("0000000000001000", "%p", (void *)0x1000);
    CHECK("12 34", "%zu %llu", (size_t)12, 34ULL);
    CHECK("  7", "%*d", 3, 7);
    assert_int_equal(snprintf(small, sizeof(small), "abcdefgh"), 8);
    assert_string_equal(small, "abcd");
    assert_int_equal(scnprintf(small, sizeof(small), "abcdefgh"), 4);
}

static void test_numbers(void **state)
{
    const char *end;

    assert_int_equal(simple_strtoul("0x1fz", &end, 0), 0x1f);
    assert_string_equal(end, "z");
    assert_int_equal(simple_strtoul("017", &end, 0), 15);
    assert_int_equal(simple_strtoul("ff", &end, 16), 255);
    assert_int_equal(simple_strtoul("-1", &end, 0), 0);
    assert_string_equal(end, "-1");
    assert_int_equal(parse_size("2G,rest", &end), 2UL << 30);
    assert_string_equal(end, ",rest");
    assert_int_equal(parse_size("640k", &end), 640 << 10);
    assert_int_equal(parse_size("7B", &end), 7);
    assert_int_equal(parse_size("5", &end), 5 << 10);
    assert_int_equal(parse_size("5,max:6", &end), 5 << 10);
    assert_int_equal(parse_size("3T", &end), 3UL << 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_format),
                                       cmocka_unit_test(test_numbers)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
