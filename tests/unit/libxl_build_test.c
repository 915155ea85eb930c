/* SPDX-License-Identifier: GPL-2.0-only */
/* The PVH builder on a fake memory: kernels of every packing, memory maps, ACPI tables, start info,
 * first vCPU, CPUID. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <lz4.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include "build/acpi.h"
#include "build/boot_info.h"
#include "build/cpuid.h"
#include "build/kernel.h"
#include "public/arch-x86/hvm/start_info.h"
#include "public/hvm/save.h"

/* ---- a guest of 16 MiB ---- */

struct fake {
    struct guest_memory mem;
    uint8_t *bytes;
};
enum { FAKE_SIZE = 16 << 20 };

static int fake_write(struct guest_memory *mem, uint64_t address, const void *data, size_t len)
{
    if (address > FAKE_SIZE || len > FAKE_SIZE - address) {
        errno = EFAULT;
        return -1;
    }
    memcpy(((struct fake *)mem)->bytes + address, data, len);
    return 0;
}

static int fake_zero(struct guest_memory *mem, uint64_t address, size_t len)
{
    if (address > FAKE_SIZE || len > FAKE_SIZE - address)
        return -1;
    memset(((struct fake *)mem)->bytes + address, 0, len);
    return 0;
}

static struct fake *fake_new(void)
{
    struct fake *f = calloc(1, sizeof(*f));

    f->mem = (struct guest_memory){FAKE_SIZE, fake_write, fake_zero};
    f->bytes = malloc(FAKE_SIZE);
    memset(f->bytes, 0xa5, FAKE_SIZE);
    return f;
}

static void fake_free(struct fake *f)
{
    free(f->bytes);
    free(f);
}

/* ---- a small ELF kernel ---- */

struct tiny_elf {
    Elf64_Ehdr h;
    Elf64_Phdr p[2];
    struct {
        Elf64_Nhdr n;
        char name[4];
        uint32_t entry;
    } note;
    char text[4096];
};

static struct tiny_elf tiny(void)
{
    struct tiny_elf e = {
        .h = {.e_type = ET_EXEC,
              .e_machine = EM_X86_64,
              .e_phoff = offsetof(struct tiny_elf, p),
              .e_phentsize = sizeof(Elf64_Phdr),
              .e_phnum = 2},
        .p = {{.p_type = PT_LOAD,
               .p_offset = offsetof(struct tiny_elf, text),
               .p_paddr = 0x100000,
               .p_filesz = sizeof(e.text),
               .p_memsz = sizeof(e.text) + 100},
              {.p_type = PT_NOTE,
               .p_offset = offsetof(struct tiny_elf, note),
               .p_filesz = sizeof(e.note)}},
        .note = {{4, 4, 18}, "Xen", 0x100040},
    };

    memcpy(e.h.e_ident, ELFMAG, SELFMAG);
    e.h.e_ident[EI_CLASS] = ELFCLASS64;
    e.h.e_ident[EI_DATA] = ELFDATA2LSB;
    for (size_t i = 0; i < sizeof(e.text); i++)
        e.text[i] = i * 7;
    return e;
}

static void test_elf(void **state)
{
    struct tiny_elf e = tiny();
    struct kernel_image image;
    struct fake *f = fake_new();

    assert_null(kernel_parse(&e, sizeof(e), &image));
    assert_int_equal(image.entry, 0x100040);
    assert_int_equal(image.start, 0x100000);
    assert_int_equal(image.end, 0x100000 + sizeof(e.text) + 100);
    assert_int_equal(kernel_load(&image, &f->mem), 0);
    assert_memory_equal(f->bytes + 0x100000, e.text, sizeof(e.text));
    assert_int_equal(f->bytes[0x100000 + sizeof(e.text) + 99], 0);
    assert_int_equal(f->bytes[0x100000 + sizeof(e.text) + 100], 0xa5);
    kernel_image_dispose(&image);
    fake_free(f);
}

static void refuse(const struct tiny_elf *e, size_t size, const char *part)
{
    struct kernel_image image;
    void *copy = malloc(size ? size : 1); /* so that ASan sees reads beyond the end */
    const char *problem;

    memcpy(copy, e, size);
    problem = kernel_parse(copy, size, &image);
    assert_non_null(problem);
    if (!strstr(problem, part)) {
        print_error("%s\n", problem);
        fail();
    }
    free(copy);
}

static void test_bad_elf(void **state)
{
    struct tiny_elf e = tiny();

    refuse(&e, 20, "cut off");
    refuse(&e, offsetof(struct tiny_elf, text) + sizeof(e.text) - 1, "outside of the file");
    refuse(&e, 0, "neither");
    e.h.e_phoff = UINT64_MAX - 5;
    refuse(&e, sizeof(e), "program headers");
    e = tiny();
    e.h.e_machine = EM_ARM;
    refuse(&e, sizeof(e), "another machine");
    e = tiny();
    e.p[0].p_offset = UINT64_MAX;
    refuse(&e, sizeof(e), "outside of the file");
    e = tiny();
    e.p[0].p_paddr = 0xffffff00;
    refuse(&e, sizeof(e), "below 4 GiB");
    e = tiny();
    e.p[0].p_memsz = 3;
    refuse(&e, sizeof(e), "below 4 GiB");
    e = tiny();
    e.note.n.n_type = 17;
    refuse(&e, sizeof(e), "no PVH entry");
    e = tiny();
    e.note.n.n_namesz = 0xffffffff;
    refuse(&e, sizeof(e), "no PVH entry");
    e = tiny();
    e.note.entry = 0x50;
    refuse(&e, sizeof(e), "outside of its segments");
    e = tiny();
    e.p[0].p_type = PT_NULL;
    refuse(&e, sizeof(e), "nothing to load");
}

/* ---- bzImages ---- */

static uint8_t *bzimage(const void *payload, size_t len, size_t *size)
{
    const uint32_t offset = 64, length = len;
    uint8_t *b = calloc(1, *size = 1024 + offset + len);

    b[0x1f1] = 1;
    b[0x1fe] = 0x55;
    b[0x1ff] = 0xaa;
    memcpy(b + 0x202, "HdrS", 4);
    b[0x206] = 0x0f;
    b[0x207] = 2;
    memcpy(b + 0x248, &offset, 4);
    memcpy(b + 0x24c, &length, 4);
    memcpy(b + 1024 + offset, payload, len);
    return b;
}

static size_t pack_gzip(const void *in, size_t len, uint8_t *out, size_t room)
{
    z_stream z = {.next_in = (uint8_t *)in, .avail_in = len, .next_out = out, .avail_out = room};

    deflateInit2(&z, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    return z.total_out;
}

static size_t pack_xz(const void *in, size_t len, uint8_t *out, size_t room)
{
    size_t n = 0;

    assert_int_equal(lzma_easy_buffer_encode(1, LZMA_CHECK_CRC32, NULL, in, len, out, &n, room),
                     LZMA_OK);
    memset(out + n, 0x11, 4); /* the size that Linux appends */
    return n + 4;
}

static size_t pack_zstd(const void *in, size_t len, uint8_t *out, size_t room)
{
    size_t n = ZSTD_compress(out, room, in, len, 3);

    memset(out + n, 0x11, 4);
    return n + 4;
}

static size_t pack_lz4(const void *in, size_t len, uint8_t *out, size_t room)
{
    const uint32_t magic = 0x184c2102;
    uint32_t n = LZ4_compress_default(in, (char *)out + 8, len, room - 8), size = len;

    memcpy(out, &magic, 4);
    memcpy(out + 4, &n, 4);
    memcpy(out + 8 + n, &size, 4);
    return 8 + n + 4;
}

static size_t pack_not(const void *in, size_t len, uint8_t *out, size_t room)
{
    memcpy(out, in, len);
    return len;
}

static void test_bzimages(void **state)
{
    static const struct {
        const char *name;
        size_t (*pack)(const void *in, size_t len, uint8_t *out, size_t room);
    } packings[] = {{"gzip", pack_gzip},
                    {"xz", pack_xz},
                    {"zstd", pack_zstd},
                    {"lz4", pack_lz4},
                    {"not packed", pack_not}};
    struct tiny_elf e = tiny();
    uint8_t packed[16384];

    for (size_t i = 0; i < sizeof(packings) / sizeof(packings[0]); i++) {
        size_t size, len = packings[i].pack(&e, sizeof(e), packed, sizeof(packed));
        uint8_t *b = bzimage(packed, len, &size);
        struct kernel_image image;

        assert_null(kernel_parse(b, size, &image));
        assert_string_equal(image.packing, packings[i].name);
        assert_int_equal(image.entry, 0x100040);
        assert_memory_equal(image.segments[0].data, e.text, sizeof(e.text));
        kernel_image_dispose(&image);
        /* Cut off: the payload does not lie in the file. */
        assert_non_null(strstr(kernel_parse(b, size - 1, &image), "cut off"));
        /* Damaged data must be refused or at least not crash. */
        memset(b + 1024 + 64 + len / 2, 0, len / 4);
        if (!kernel_parse(b, size, &image))
            kernel_image_dispose(&image);
        free(b);
    }
}

static void test_bad_bzimages(void **state)
{
    size_t size;
    uint8_t *b = bzimage("BZh91AY&SY", 10, &size);
    struct kernel_image image;

    assert_non_null(strstr(kernel_parse(b, size, &image), "bzip2"));
    b[1024 + 64] = 'x';
    assert_non_null(strstr(kernel_parse(b, size, &image), "no known packing"));
    b[0x206] = 7;
    assert_non_null(strstr(kernel_parse(b, size, &image), "2.08"));
    b[0x202] = 'h';
    assert_non_null(strstr(kernel_parse(b, size, &image), "neither"));
    free(b);
}

/* ---- memory ---- */

static uint64_t ram(const struct layout *l)
{
    uint64_t sum = 0;

    for (unsigned int i = 0; i < l->nr_regions; i++) {
        if (i)
            assert_true(l->map[i].start >= l->map[i - 1].start + l->map[i - 1].size);
        if (l->map[i].type == XEN_HVM_MEMMAP_TYPE_RAM)
            sum += l->map[i].size;
    }
    return sum;
}

static void test_layout(void **state)
{
    static const uint64_t sizes[] = {4096,    262144,  3145728, 3145732,
                                     4194304, 8388608, 1 << 30, UINT64_C(1) << 35};
    struct layout l;

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        assert_true(layout_make(&l, sizes[i], 3));
        /* All but the part that a PC hides below 1 MiB. */
        assert_true(ram(&l) == (sizes[i] << 10) - 0x60000);
        assert_true(l.pages == sizes[i] >> 2);
        assert_true(l.low_end <= LAYOUT_LOW_MAX);
        assert_true(l.low_end + (l.high_end - LAYOUT_HIGH_START) == sizes[i] << 10);
    }
    assert_false(layout_make(&l, 4095, 1));
    assert_false(layout_make(&l, UINT64_C(1) << 37, 1));
}

static void test_extents(void **state)
{
    assert_int_equal(layout_extent_order(0, 262144, 18), 18);
    assert_int_equal(layout_extent_order(0, 262143, 18), 9);
    assert_int_equal(layout_extent_order(512, 262144, 18), 9);
    assert_int_equal(layout_extent_order(0, 262144, 9), 9);
    assert_int_equal(layout_extent_order(0, 511, 18), 0);
    assert_int_equal(layout_extent_order(1, 4096, 18), 0);
}

/* ---- ACPI ---- */

static void check_sum(const uint8_t *p, size_t len)
{
    uint8_t sum = 0;

    while (len--)
        sum += *p++;
    assert_int_equal(sum, 0);
}

static uint32_t get32(const uint8_t *p)
{
    uint32_t v;

    memcpy(&v, p, 4);
    return v;
}

static const uint8_t *table(const uint8_t *tables, uint32_t base, uint64_t address, size_t end,
                            const char *signature)
{
    const uint8_t *t = tables + (address - base);

    assert_true(address >= base && address - base + 36 <= end);
    assert_memory_equal(t, signature, 4);
    assert_true(address - base + get32(t + 4) <= end);
    check_sum(t, get32(t + 4));
    return t;
}

static void test_acpi(void **state)
{
    static const unsigned int counts[] = {1, 2, 127, 128, 200};

    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        unsigned int vcpus = counts[i], entries = 0;
        size_t size = acpi_size(vcpus), end;
        uint8_t *t = malloc(size);
        const uint8_t *xsdt, *fadt, *madt, *p;

        end = acpi_make(t, 0x10000, vcpus);
        assert_true(end <= size);
        assert_memory_equal(t, "RSD PTR ", 8);
        check_sum(t, 20);
        check_sum(t, 36);
        xsdt = table(t, 0x10000, get32(t + 24), end, "XSDT");
        assert_int_equal(get32(xsdt + 4), 36 + 16);
        fadt = table(t, 0x10000, get32(xsdt + 36), end, "FACP");
        assert_true(get32(fadt + 112) & 1 << 20); /* hardware reduced */
        table(t, 0x10000, get32(fadt + 40), end, "DSDT");
        madt = table(t, 0x10000, get32(xsdt + 44), end, "APIC");
        for (p = madt + 44; p < madt + get32(madt + 4); p += p[1]) {
            assert_true((p[0] == 0 && p[1] == 8) || (p[0] == 9 && p[1] == 16));
            assert_int_equal(p[0] ? get32(p + 4) : p[3], vcpu_apic_id(entries));
            entries++;
        }
        assert_int_equal(entries, vcpus);
        free(t);
    }
}

/* ---- boot information ---- */

static void test_start_info(void **state)
{
    struct fake *f = fake_new();
    struct layout l;
    struct boot_info info = {.initrd = 0x200000,
                             .initrd_size = 77,
                             .cmdline = "console=hvc0",
                             .rsdp = 0xfef00000,
                             .layout = &l};
    struct hvm_start_info s;
    struct hvm_modlist_entry m;
    struct hvm_memmap_table_entry e;

    layout_make(&l, FAKE_SIZE >> 10, 1);
    assert_int_equal(boot_info_write(&info, &f->mem, 0x300000), 0);
    memcpy(&s, f->bytes + 0x300000, sizeof(s));
    assert_int_equal(s.magic, XEN_HVM_START_MAGIC_VALUE);
    assert_int_equal(s.version, 1);
    assert_int_equal(s.nr_modules, 1);
    assert_int_equal(s.rsdp_paddr, 0xfef00000);
    assert_string_equal((char *)f->bytes + s.cmdline_paddr, "console=hvc0");
    memcpy(&m, f->bytes + s.modlist_paddr, sizeof(m));
    assert_int_equal(m.paddr, 0x200000);
    assert_int_equal(m.size, 77);
    assert_int_equal(s.memmap_entries, l.nr_regions);
    memcpy(&e, f->bytes + s.memmap_paddr, sizeof(e));
    assert_int_equal(e.addr, 0);
    assert_int_equal(e.size, 0xa0000);
    assert_true(s.cmdline_paddr + 13 <= 0x300000 + boot_info_size(&info));
    assert_int_equal(boot_info_write(&info, &f->mem, FAKE_SIZE - 4), -1);
    fake_free(f);
}

static uint8_t *record(uint8_t *p, uint16_t type, uint16_t instance, uint32_t len, uint8_t fill)
{
    struct hvm_save_descriptor d = {type, instance, len};

    memcpy(p, &d, sizeof(d));
    memset(p + sizeof(d), fill, len);
    return p + sizeof(d) + len;
}

static void test_vcpu_context(void **state)
{
    uint8_t *given = calloc(1, 8192), out[2048], *end = given;
    struct hvm_save_descriptor d;
    struct hvm_hw_cpu c;
    size_t n;

    end = record(end, HVM_SAVE_CODE(HEADER), 0, HVM_SAVE_LENGTH(HEADER), 0x3c);
    end = record(end, HVM_SAVE_CODE(CPU), 0, HVM_SAVE_LENGTH(CPU), 0);
    end = record(end, HVM_SAVE_CODE(MTRR), 1, HVM_SAVE_LENGTH(MTRR), 9);
    end = record(end, HVM_SAVE_CODE(MTRR), 0, HVM_SAVE_LENGTH(MTRR), 8);
    end = record(end, HVM_SAVE_CODE(END), 0, 0, 0);
    n = vcpu_context(given, end - given, 0x1000850, 0x4a00000, out, sizeof(out));
    assert_int_equal(n, 4 * 8 + HVM_SAVE_LENGTH(HEADER) + HVM_SAVE_LENGTH(CPU) +
                            HVM_SAVE_LENGTH(MTRR));
    memcpy(&d, out + 8 + HVM_SAVE_LENGTH(HEADER), sizeof(d));
    assert_int_equal(d.typecode, HVM_SAVE_CODE(CPU));
    memcpy(&c, out + 16 + HVM_SAVE_LENGTH(HEADER), sizeof(c));
    assert_int_equal(c.rip, 0x1000850);
    assert_int_equal(c.rbx, 0x4a00000);
    assert_int_equal(c.cr0 & 0x80000001, 1); /* protected, not paged */
    assert_int_equal(c.cs_limit, 0xffffffff);
    assert_int_equal(out[24 + HVM_SAVE_LENGTH(HEADER) + HVM_SAVE_LENGTH(CPU)], 8);
    /* Nothing usable given, or no room. */
    assert_int_equal(vcpu_context(given, 20, 0, 0, out, sizeof(out)), 0);
    assert_int_equal(vcpu_context(given, end - given, 0, 0, out, n - 1), 0);
    free(given);
}

/* ---- CPUID ---- */

static void test_cpuid(void **state)
{
    xen_cpuid_leaf_t l[] = {
        {.leaf = 1, .subleaf = 0xffffffff, .b = 0x00010800, .c = 0, .d = 0},
        {.leaf = 7, .subleaf = 0, .b = 0x20},
        {.leaf = 0x80000008, .subleaf = 0xffffffff, .c = 0x3007},
    };
    char *wrong;

    cpuid_topology(l, 3, 3);
    assert_int_equal(l[0].b >> 16 & 0xff, 6);
    assert_true(l[0].d & 1u << 28);
    assert_int_equal(l[2].c, 0x3005);
    assert_null(cpuid_apply("host,avx2=0,rdrand=1,sse=k", l, 3));
    assert_int_equal(l[1].b, 0);
    assert_int_equal(l[0].c, 1u << 30);
    wrong = cpuid_apply("host,avx9=0", NULL, 0);
    assert_non_null(strstr(wrong, "avx9"));
    free(wrong);
    wrong = cpuid_apply("avx2=7", NULL, 0);
    assert_non_null(wrong);
    free(wrong);
    wrong = cpuid_apply("avx2", NULL, 0);
    assert_non_null(wrong);
    free(wrong);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_elf),          cmocka_unit_test(test_bad_elf),
        cmocka_unit_test(test_bzimages),     cmocka_unit_test(test_bad_bzimages),
        cmocka_unit_test(test_layout),       cmocka_unit_test(test_extents),
        cmocka_unit_test(test_acpi),         cmocka_unit_test(test_start_info),
        cmocka_unit_test(test_vcpu_context), cmocka_unit_test(test_cpuid),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
