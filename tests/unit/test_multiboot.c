/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What boot loaders hand over, in both formats; and that no length or count in it makes the parser
 * read outside of what it was given (memory ends at an unmapped page).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <cmocka.h>

#include <xen/lib.h>
#include <xen/mm.h>
#include <asm/boot.h>

#define MB1_MAGIC 0x2badb002
#define MB2_MAGIC 0x36d76289
#define AREA      0x100000UL /* machine address of the mapped piece */
#define AREA_SIZE 0x10000UL
static u8 *area;
static jmp_buf panicked;

char _end[1];
paddr_t virt_to_maddr(const void *va)
{
    return 0x300000;
}
void printk(const char *fmt, ...)
{
}
void panic(const char *fmt, ...)
{
    longjmp(panicked, 1);
}
size_t strlcpy(char *d, const char *s, size_t size)
{
    size_t n = strlen(s);

    if (size) {
        memcpy(d, s, n < size ? n : size - 1);
        d[n < size ? n : size - 1] = '\0';
    }
    return n;
}

static int setup(void **state)
{
    memset(&boot_info, 0, sizeof(boot_info));
    memset(&e820, 0, sizeof(e820));
    if (!area)
        area = mmap((void *)(DIRECTMAP_VIRT_START + AREA), AREA_SIZE, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    assert_ptr_equal(area, (void *)(DIRECTMAP_VIRT_START + AREA));
    memset(area, 0, AREA_SIZE);
    return 0;
}

static void put32(u8 *p, u32 v)
{
    memcpy(p, &v, 4);
}

static void put64(u8 *p, u64 v)
{
    memcpy(p, &v, 8);
}

static void test_mb1(void **state)
{
    u8 *mmap_entry = area + 0x200, *mods = area + 0x300;

    put32(area, 1 << 2 | 1 << 3 | 1 << 6);
    put32(area + 16, AREA + 0x400);
    strcpy((char *)area + 0x400, "/boot/xen.gz com1=115200 noreboot");
    put32(area + 20, 2);
    put32(area + 24, AREA + 0x300);
    put32(mods, 0x800000);
    put32(mods + 4, 0x900123);
    put32(mods + 8, AREA + 0x500);
    strcpy((char *)area + 0x500, "console=hvc0");
    put32(mods + 16, 0x900000); /* a module without length is left out */
    put32(mods + 20, 0x900000);
    put32(area + 44, 48);
    put32(area + 48, AREA + 0x200);
    for (unsigned int i = 0; i < 2; i++) {
        put32(mmap_entry + 24 * i, 20);
        put64(mmap_entry + 24 * i + 4, 0x100000UL * i);
        put64(mmap_entry + 24 * i + 12, 0x10000);
        put32(mmap_entry + 24 * i + 20, 1 + i);
    }
    multiboot_parse(MB1_MAGIC, AREA);
    assert_string_equal(boot_info.cmdline, "com1=115200 noreboot");
    assert_int_equal(boot_info.nr_modules, 1);
    assert_int_equal(boot_info.module[0].size, 0x100123);
    assert_string_equal(boot_info.module[0].cmdline, "console=hvc0");
    assert_int_equal(e820.nr, 2);
    assert_int_equal(e820.range[1].type, E820_RESERVED);
}

static u8 *tag(u8 *p, u32 type, u32 size)
{
    put32(p, type);
    put32(p + 4, size);
    return p + ROUNDUP(size, 8);
}

static size_t build_mb2(u8 *base)
{
    u8 *p = base + 8, *t;

    t = p;
    p = tag(t, 1, 8 + 11);
    strcpy((char *)t + 8, "loglvl=all");
    t = p;
    p = tag(t, 3, 16 + 6);
    put32(t + 8, 0x400000);
    put32(t + 12, 0x500000);
    strcpy((char *)t + 16, "quiet");
    t = p;
    p = tag(t, 6, 16 + 24);
    put32(t + 8, 24);
    put64(t + 16, 0x100000);
    put64(t + 24, 0x7f00000);
    put32(t + 32, 1);
    t = p;
    p = tag(t, 14, 8 + 20);
    memcpy(t + 8, "RSD PTR 1", 9);
    t = p;
    p = tag(t, 15, 8 + 36);
    memcpy(t + 8, "RSD PTR 2", 9);
    t = p;
    p = tag(t, 12, 16);
    put64(t + 8, 0x7fe0000);
    p = tag(p, 0, 8);
    put32(base, p - base);
    return p - base;
}

static void test_mb2(void **state)
{
    build_mb2(area);
    multiboot_parse(MB2_MAGIC, AREA);
    assert_string_equal(boot_info.cmdline, "loglvl=all");
    assert_int_equal(boot_info.nr_modules, 1);
    assert_int_equal(boot_info.module[0].start, 0x400000);
    assert_string_equal(boot_info.module[0].cmdline, "quiet");
    assert_int_equal(e820.nr, 1);
    assert_memory_equal(boot_info.rsdp_copy, "RSD PTR 2", 9); /* the newer one wins */
    assert_int_equal(boot_info.efi_system_table, 0x7fe0000);
}

static void test_no_map_panics(void **state)
{
    put32(area, 16);
    put32(area + 8, 0);
    put32(area + 12, 8);
    if (setjmp(panicked) == 0) {
        multiboot_parse(MB2_MAGIC, AREA);
        fail_msg("a boot without a memory map went on");
    }
    if (setjmp(panicked) == 0) {
        multiboot_parse(0x1234, AREA);
        fail_msg("a loader that is none was believed");
    }
}

/* Damaged copies at the very end of the mapped piece: a read behind it would be a fault. */
static void test_mb2_damaged(void **state)
{
    srand(11);
    for (unsigned int round = 0; round < 20000; round++) {
        u8 copy[512] = {0};
        size_t n = build_mb2(copy);
        u8 *at = area + AREA_SIZE - n;

        for (unsigned int i = 0; i < 1U + rand() % 4; i++)
            copy[8 + rand() % (n - 8)] = rand();
        memcpy(at, copy, n);
        memset(&boot_info, 0, sizeof(boot_info));
        e820.nr = 0;
        if (setjmp(panicked) == 0)
            multiboot_parse(MB2_MAGIC, AREA + AREA_SIZE - n);
        assert_true(boot_info.nr_modules <= MAX_BOOT_MODULES);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_mb1, setup),
        cmocka_unit_test_setup(test_mb2, setup),
        cmocka_unit_test_setup(test_no_map_panics, setup),
        cmocka_unit_test_setup(test_mb2_damaged, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
