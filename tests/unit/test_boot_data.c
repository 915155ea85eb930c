/* SPDX-License-Identifier: GPL-2.0-only */
/* Firmware's memory map made regular, and the log ring. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <xen/lib.h>
#include <xen/mm.h>
#include <asm/boot.h>
#include "../../xen/drivers/console/console_priv.h"

void printk(const char *fmt, ...)
{
}

static void test_e820_overlap(void **state)
{
    struct e820_map m = {0};

    e820_add(&m, 0x100000, 0x700000, E820_RAM);
    e820_add(&m, 0, 0xa0000, E820_RAM);
    e820_add(&m, 0x300000, 0x1000, E820_RESERVED);
    e820_add(&m, 0x200000, 0x200000, E820_RAM); /* again */
    e820_sanitize(&m);
    assert_int_equal(m.nr, 4);
    assert_int_equal(m.range[0].addr, 0);
    assert_int_equal(m.range[1].size, 0x200000);
    assert_int_equal(m.range[2].type, E820_RESERVED);
    assert_int_equal(m.range[3].addr, 0x301000);
    assert_int_equal(m.range[3].addr + m.range[3].size, 0x800000);
    assert_true(e820_all_type(&m, 0x100000, 0x300000, E820_RAM));
    assert_false(e820_all_type(&m, 0x100000, 0x300001, E820_RAM));
}

static void test_e820_wrap_and_unknown(void **state)
{
    struct e820_map m = {0};

    e820_add(&m, ~0UL - 10, 100, E820_RAM); /* wraps: dropped */
    e820_add(&m, 0x1000, 0, E820_RAM);      /* empty: dropped */
    e820_add(&m, 0x1000, 0x1000, 7);        /* unknown kinds are reserved */
    assert_int_equal(m.nr, 1);
    assert_int_equal(m.range[0].type, E820_RESERVED);
    for (unsigned int i = 0; i < 500; i++) /* more than there is room for */
        e820_add(&m, 0x10000 * i, 0x1000, E820_RAM);
    assert_int_equal(m.nr, ARRAY_SIZE(m.range));
    e820_sanitize(&m);
}

static void test_e820_long(void **state)
{
    struct e820_map m = {0};

    for (unsigned int i = 0; i < 1000; i++) /* more entries than places, but all neighbours */
        e820_add(&m, 0x1000 * i, 0x1000, i < 900 ? E820_RAM : E820_RESERVED);
    e820_sanitize(&m);
    assert_int_equal(m.nr, 2);
    assert_int_equal(m.range[0].size, 900 * 0x1000);
}

/* Every byte's type in the result is the worst that the input gave it. */
static void test_e820_random(void **state)
{
    static const u32 order[] = {0, E820_RAM, E820_ACPI, E820_NVS, E820_RESERVED, E820_UNUSABLE};

    srand(7);
    for (unsigned int round = 0; round < 300; round++) {
        struct e820_map m = {0};
        u8 model[64] = {0};

        for (unsigned int i = 0; i < 10; i++) {
            unsigned int rank = 1 + rand() % 5, at = rand() % 60, n = rand() % 20;

            e820_add(&m, at, n, order[rank]);
            for (unsigned int b = at; b < at + n && b < 64; b++)
                model[b] = max(model[b], (u8)rank);
        }
        e820_sanitize(&m);
        for (unsigned int i = 1; i < m.nr; i++)
            assert_true(m.range[i - 1].addr + m.range[i - 1].size <= m.range[i].addr);
        for (unsigned int b = 0; b < 64; b++) {
            u32 type = 0;

            for (unsigned int i = 0; i < m.nr; i++)
                if (b >= m.range[i].addr && b < m.range[i].addr + m.range[i].size)
                    type = m.range[i].type;
            assert_int_equal(type, order[model[b]]);
        }
    }
}

static void test_e820_limit(void **state)
{
    struct e820_map m = {0};

    e820_add(&m, 0, 0x8000, E820_RAM);
    e820_add(&m, 0x8000, 0x8000, E820_RESERVED);
    e820_add(&m, 0x10000, 0x100000, E820_RAM);
    e820_add(&m, 0x200000, 0x100000, E820_RAM);
    e820_limit(&m, 0x9000);
    assert_int_equal(m.nr, 3);
    assert_int_equal(m.range[2].size, 0x1000);
}

static void test_ring(void **state)
{
    char storage[16], out[32];
    struct log_ring r = {storage, sizeof(storage), 0, 0};
    u32 index = 0;

    log_ring_put(&r, "abcdef", 6);
    assert_int_equal(log_ring_read(&r, out, sizeof(out), &index, false, false), 6);
    assert_memory_equal(out, "abcdef", 6);
    assert_int_equal(log_ring_read(&r, out, sizeof(out), &index, true, false), 0);
    log_ring_put(&r, "0123456789XYZ", 13); /* pushes the oldest three out */
    assert_int_equal(log_ring_read(&r, out, sizeof(out), &index, true, false), 13);
    assert_memory_equal(out, "0123456789XYZ", 13);
    assert_int_equal(log_ring_read(&r, out, sizeof(out), &index, false, false), 16);
    assert_memory_equal(out, "def0123456789XYZ", 16);
    index = 0x7fffffff; /* nonsense: from the oldest on */
    assert_int_equal(log_ring_read(&r, out, 4, &index, true, true), 4);
    assert_memory_equal(out, "def0", 4);
    assert_int_equal(log_ring_read(&r, out, sizeof(out), &index, false, false), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_e820_overlap), cmocka_unit_test(test_e820_wrap_and_unknown),
        cmocka_unit_test(test_e820_random),  cmocka_unit_test(test_e820_limit),
        cmocka_unit_test(test_e820_long),    cmocka_unit_test(test_ring),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
