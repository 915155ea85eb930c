/* SPDX-License-Identifier: GPL-2.0-only */
/* Configuration files of xl: the text syntax, faults with their lines, settings on the command
 * line, and that text, JSON and libvirt's XML give the same configuration. */
#include "config/config.h"
#include "xml/xml.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static libxl_cfg *parse(const char *text)
{
    libxl_cfg *cfg = config_parse("test.cfg", text, strlen(text));

    assert_non_null(cfg);
    return cfg;
}

static const libxl_cfg_node *get(libxl_cfg *cfg, const char *key)
{
    const libxl_cfg_node *n = libxl_cfg_get(libxl_cfg_root(cfg), key);

    if (!n)
        fail_msg("there is no %s", key);
    return n;
}

static void string_is(const char *text, const char *value)
{
    libxl_cfg *cfg = parse(text);

    assert_int_equal(libxl_cfg_fault_count(cfg), 0);
    assert_int_equal(get(cfg, "k")->kind, LIBXL_CFG_STRING);
    assert_string_equal(get(cfg, "k")->s, value);
    libxl_cfg_free(cfg);
}

static void number_is(const char *text, long long value)
{
    libxl_cfg *cfg = parse(text);

    assert_int_equal(libxl_cfg_fault_count(cfg), 0);
    assert_int_equal(get(cfg, "k")->kind, LIBXL_CFG_INT);
    assert_int_equal(get(cfg, "k")->i, value);
    libxl_cfg_free(cfg);
}

/* All faults as xl prints them must be this text. */
static void expect_faults_of(libxl_cfg *cfg, const char *faults)
{
    char *text = NULL;
    size_t len;
    FILE *f = open_memstream(&text, &len);

    libxl_cfg_print_faults(cfg, f);
    fclose(f);
    assert_string_equal(text, faults);
    free(text);
}

static void expect_faults(const char *text, const char *faults)
{
    libxl_cfg *cfg = parse(text);
    libxl_domain_config c;

    libxl_domain_config_init(&c);
    assert_int_not_equal(libxl_cfg_to_domain_config(cfg, &c), 0);
    expect_faults_of(cfg, faults);
    libxl_domain_config_dispose(&c);
    libxl_cfg_free(cfg);
}

/* The configuration as libxl's own JSON, malloc. */
static char *configuration(libxl_cfg *cfg)
{
    libxl_domain_config c;
    char *json;

    libxl_domain_config_init(&c);
    if (libxl_cfg_to_domain_config(cfg, &c)) {
        libxl_cfg_print_faults(cfg, stderr);
        fail_msg("the configuration has faults");
    }
    json = libxl_domain_config_to_json(NULL, &c);
    libxl_domain_config_dispose(&c);
    assert_non_null(json);
    return json;
}

static void expect_same(libxl_cfg *a, libxl_cfg *b)
{
    char *x = configuration(a), *y = configuration(b);

    assert_string_equal(x, y);
    free(x);
    free(y);
}

static void test_strings(void **state)
{
    string_is("k = 'a'", "a");
    string_is("k=\"a b\"\n", "a b");
    string_is("k = 'say \"hi\"' # a comment 'x'", "say \"hi\"");
    string_is("k = \"tab\\t quote\\\" back\\\\ other\\q\"", "tab\t quote\" back\\ other\\q");
    string_is("k = 'one \\\ntwo'", "one two");
    string_is("k = '# no comment'", "# no comment");
    string_is("k = ''", "");
    string_is("\r\n k = 'dos' \r\n", "dos");
}

static void test_numbers(void **state)
{
    number_is("k = 42", 42);
    number_is("k = -7", -7);
    number_is("k = 0x1f", 31);
    number_is("k = 010", 8);
    number_is("k = 0", 0);
    number_is("k = 9223372036854775807", INT64_MAX);
}

static void test_lists(void **state)
{
    libxl_cfg *cfg =
        parse("a = 1; disk = [ 'one', # first\n\n   'two',\n 3, [ 4 ],\n]\nb = []\nc = 2");
    const libxl_cfg_node *n = get(cfg, "disk");

    assert_int_equal(libxl_cfg_fault_count(cfg), 0);
    assert_int_equal(n->kind, LIBXL_CFG_LIST);
    n = n->first;
    assert_string_equal(n->s, "one");
    assert_int_equal(n->line, 1);
    n = n->next;
    assert_string_equal(n->s, "two");
    assert_int_equal(n->line, 3);
    n = n->next;
    assert_int_equal(n->i, 3);
    n = n->next;
    assert_int_equal(n->kind, LIBXL_CFG_LIST);
    assert_int_equal(n->first->i, 4);
    assert_null(n->next);
    assert_null(get(cfg, "b")->first);
    assert_int_equal(get(cfg, "c")->line, 7);
    libxl_cfg_free(cfg);
}

static void test_syntax_faults(void **state)
{
    expect_faults("name = 'a'\nmemory = 12x\n", "test.cfg:2: memory: unexpected a word that starts "
                                                "like a number but is none; expected a string "
                                                "or a number or '['\n");
    expect_faults("name = 'a\nvcpus = 2\n", "test.cfg:1: name: unexpected a string without its "
                                            "end; expected a string or a number or '['\n");
    expect_faults("name 'a'\n", "test.cfg:1: unexpected a string; expected '='\n");
    expect_faults("\n\nname = 'a' vcpus = 2\n",
                  "test.cfg:3: unexpected a key; expected end of file or end of line or ';'\n");
    expect_faults("disk = [ 'a'\n\nname = 'b'\n",
                  "test.cfg:3: disk: unexpected a key; expected ']' or ','\n");
    expect_faults(
        "vcpus = 08\n",
        "test.cfg:1: vcpus: unexpected a word that starts like a number but is none; expected "
        "a string or a number or '['\n");
    expect_faults("k = 99999999999999999999", "test.cfg:1: k: unexpected a word that starts like a "
                                              "number but is none; expected a string or a "
                                              "number or '['\n");
}

/* One mistake does not hide the next. */
static void test_all_faults_are_named(void **state)
{
    expect_faults("name = web\nmemory = 256\nvcpus = [ 1,\n2 3 ]\nkernel == 'k'\n",
                  "test.cfg:1: name: unexpected a key; expected a string or a number or '['\n"
                  "test.cfg:4: vcpus: unexpected a number; expected ']' or ','\n"
                  "test.cfg:5: kernel: unexpected '='; expected a string or a number or '['\n");
    expect_faults(
        "name = 'a'\nmemroy = 256\nmemory = 'lots'\n\ndisk = [ 'phy:/dev/x,xvda',\n'phy:/dev/y' ]\n"
        "on_crash = 'explode'\nname = 'b'\n",
        "test.cfg:8: name: given a second time; the first is in line 1\n");
    expect_faults(
        "name = 'a'\nmemroy = 256\nmemory = 'lots'\n\ndisk = [ 'phy:/dev/x,xvda',\n'phy:/dev/y' ]\n"
        "on_crash = 'explode'\n",
        "test.cfg:2: memroy: no such key; did you mean memory?\n"
        "test.cfg:3: memory: is a string, but should be a number\n"
        "test.cfg:6: disk[1]: \"phy:/dev/y\" names no vdev (for instance xvda)\n"
        "test.cfg:7: on_crash: should be one of destroy, restart, rename-restart, preserve, "
        "coredump-destroy, coredump-restart, soft-reset\n");
}

static void test_no_text(void **state)
{
    libxl_cfg *cfg = config_parse("test.cfg", "a\0b", 3);

    expect_faults_of(cfg, "test.cfg:1: this is no text file\n");
    libxl_cfg_free(cfg);
}

static void test_xml_is_recognised(void **state)
{
    expect_faults(
        " <domain/>",
        "test.cfg:1: this looks like XML; `xl config-convert` makes a configuration of it\n");
}

static void test_deep_nesting_is_refused(void **state)
{
    char text[4096] = "k = ";
    libxl_cfg *cfg;

    memset(text + 4, '[', 4000);
    cfg = parse(text);
    assert_true(libxl_cfg_fault_count(cfg) > 0);
    libxl_cfg_free(cfg);
}

static void override(const char *file, const char *setting, const char *key, libxl_cfg_kind kind,
                     const char *value)
{
    libxl_cfg *cfg = parse(file);
    const libxl_cfg_node *n;

    config_override(cfg, setting);
    expect_faults_of(cfg, "");
    n = get(cfg, key);
    assert_int_equal(n->kind, kind);
    if (kind == LIBXL_CFG_STRING)
        assert_string_equal(n->s, value);
    if (kind == LIBXL_CFG_INT)
        assert_int_equal(n->i, atoll(value));
    libxl_cfg_free(cfg);
}

static void test_settings_on_the_command_line(void **state)
{
    override("name = 'a'", "name=web1", "name", LIBXL_CFG_STRING, "web1");
    override("name = 'a'", "name=0abc", "name", LIBXL_CFG_STRING, "0abc");
    override("name = 'a'", "name=cafe", "name", LIBXL_CFG_STRING, "cafe");
    override("name = 'a'", "name=123", "name", LIBXL_CFG_STRING, "123");
    override("name = 'a'", "name = \"q\"", "name", LIBXL_CFG_STRING, "q");
    override("memory = 256", "memory=512", "memory", LIBXL_CFG_INT, "512");
    override("memory = 256", "memory = 512", "memory", LIBXL_CFG_INT, "512");
    override("memory = 256", "memory=512; vcpus=3", "vcpus", LIBXL_CFG_INT, "3");
    override("", "extra=console=hvc0 root=/dev/xvda", "extra", LIBXL_CFG_STRING,
             "console=hvc0 root=/dev/xvda");
    override("disk = ['a']\n", "disk=['phy:/dev/x,xvda,w']", "disk", LIBXL_CFG_LIST, NULL);
    override("{ \"name\": \"a\", \"memory\": 256 }", "memory=512", "memory", LIBXL_CFG_INT, "512");
    override("root = 'x'; extra = 'y'", "cmdline=z", "cmdline", LIBXL_CFG_STRING, "z");
}

static void test_wrong_settings_are_named(void **state)
{
    libxl_cfg *cfg = parse("name = 'a'");

    config_override(cfg, "vcpus=[1");
    expect_faults_of(cfg,
                     "test.cfg: setting 'vcpus=[1': unexpected end of file; expected ']' or ','\n");
    libxl_cfg_free(cfg);
}

static const char rich_text[] =
    "name = 'web'\nuuid = '4f98fc17-e4f4-4cf2-8de0-d82aba6ff6e0'\ntype = 'pvh'\n"
    "memory = 0x100\nmaxmem = 512\nvcpus = 2; maxvcpus = 4\n"
    "kernel = '/boot/vmlinuz'; ramdisk = '/boot/initrd'\ncmdline = 'root=/dev/xvda ro'\n"
    "cpus = [ '0-1', '0-1', '2', '3' ]\ncpu_weight = 512\n"
    "on_crash = 'rename-restart'; on_poweroff = 'preserve'\n"
    "disk = [ 'format=raw,vdev=xvda,access=rw,backendtype=phy,target=/dev/vg/web',\n"
    "         'format=qcow2,vdev=xvdb,access=ro,backendtype=qdisk,target=/i/a,b.img' ]\n"
    "vif = [ 'mac=00:16:3e:12:34:56,bridge=xenbr0,script=vif-bridge,rate=1000KB/s' ]\n"
    "tsc_mode = 'native'\nlocaltime = 1\n";
static const char rich_json[] =
    "{ \"name\": \"web\", \"uuid\": \"4f98fc17-e4f4-4cf2-8de0-d82aba6ff6e0\", \"type\": \"pvh\", "
    "\"memory\": 256,\n"
    "\"maxmem\": 512, \"vcpus\": 2, \"maxvcpus\": 4, \"kernel\": \"/boot/vmlinuz\", \"ramdisk\": "
    "\"/boot/initrd\",\n"
    "\"cmdline\": \"root=/dev/xvda ro\", \"cpus\": [\"0-1\", \"0-1\", \"2\", \"3\"], "
    "\"cpu_weight\": 512,\n"
    "\"on_crash\": \"rename-restart\", \"on_poweroff\": \"preserve\",\n"
    "\"disk\": [\"format=raw,vdev=xvda,access=rw,backendtype=phy,target=/dev/vg/web\",\n"
    "\"format=qcow2,vdev=xvdb,access=ro,backendtype=qdisk,target=/i/a,b.img\"],\n"
    "\"vif\": [\"mac=00:16:3e:12:34:56,bridge=xenbr0,script=vif-bridge,rate=1000KB/s\"],\n"
    "\"tsc_mode\": \"native\", \"localtime\": true }";

static void test_text_and_json_agree(void **state)
{
    libxl_cfg *text = parse(rich_text), *json = parse(rich_json);

    expect_same(text, json);
    libxl_cfg_free(text);
    libxl_cfg_free(json);
}

static libxl_cfg *through_text(libxl_cfg *cfg)
{
    char *text = NULL;
    size_t len;
    FILE *f = open_memstream(&text, &len);
    libxl_cfg *back;

    config_print_text(cfg, f);
    fclose(f);
    back = config_parse("test.cfg", text, len);
    free(text);
    return back;
}

static void test_devices_as_objects(void **state)
{
    libxl_cfg *cfg = parse(
                  "{ \"name\": \"m\", \"memory\": 64, \"disk\": [ { \"pdev_path\": \"/a,b\",\n"
                  "\"vdev\": \"xvda\", \"format\": \"raw\", \"readwrite\": 1 } ] }"),
              *text = config_for_text(cfg), *back;

    assert_non_null(text);
    expect_faults_of(text, "");
    back = through_text(text);
    expect_same(cfg, back);
    assert_null(config_for_text(back));
    libxl_cfg_free(cfg);
    libxl_cfg_free(text);
    libxl_cfg_free(back);
}

static libxl_cfg *through_json(libxl_cfg *cfg)
{
    char *text = libxl_cfg_to_json(cfg);
    libxl_cfg *back = config_parse("test.json", text, strlen(text));

    free(text);
    return back;
}

/* Warnings go to *warnings (malloc). */
static libxl_cfg *through_xml(libxl_cfg *cfg, char **warnings)
{
    libxl_domain_config c;
    size_t len;
    FILE *f = open_memstream(warnings, &len);
    libxl_cfg *back;
    char *xml;

    libxl_domain_config_init(&c);
    if (libxl_cfg_to_domain_config(cfg, &c))
        libxl_cfg_print_faults(cfg, f);
    xml = xml_write(&c, "test", f);
    assert_non_null(xml);
    back = xml_read_text("test.xml", xml, strlen(xml), f);
    assert_non_null(back);
    fclose(f);
    free(xml);
    libxl_domain_config_dispose(&c);
    return back;
}

static void test_round_trips(void **state)
{
    libxl_cfg *first = parse(rich_text), *json = through_json(first), *text = through_text(json),
              *xml, *again;
    char *warnings;

    expect_same(first, json);
    expect_same(first, text);
    xml = through_xml(text, &warnings);
    assert_string_equal(warnings, "");
    expect_same(first, xml);
    again = through_json(xml);
    expect_same(first, again);
    free(warnings);
    libxl_cfg_free(first);
    libxl_cfg_free(json);
    libxl_cfg_free(text);
    libxl_cfg_free(xml);
    libxl_cfg_free(again);
}

static void test_hvm_through_xml(void **state)
{
    libxl_cfg *cfg =
        parse("name = 'win'; type = 'hvm'; memory = 1024; vcpus = 2; boot = 'dc'; bios = 'ovmf'\n"
              "acpi = 1; apic = 1; hpet = 0; viridian = 1; serial = 'pty'; vga = 'stdvga'\n"
              "vnc = 1; vnclisten = '0.0.0.0'; vncdisplay = 3; vncunused = 0; keymap = 'de'\n"
              "disk = [ 'format=raw,vdev=hdc,access=ro,devtype=cdrom,target=/iso/a.iso' ]\n"
              "vif = [ 'model=e1000,bridge=br0' ]\npci = [ '0000:03:00.1' ]\n");
    libxl_cfg *back;
    char *warnings;

    back = through_xml(cfg, &warnings);
    assert_string_equal(warnings, "");
    expect_same(cfg, back);
    free(warnings);
    libxl_cfg_free(cfg);
    libxl_cfg_free(back);
}

static void test_xml_names_what_it_cannot_say(void **state)
{
    libxl_cfg *cfg = parse("name = 'a'\nmemory = 64\ncap = 50\n"), *back;
    char *warnings;

    back = through_xml(cfg, &warnings);
    assert_string_equal(warnings, "test: cap: libvirt's XML cannot say this, or not all of it\n");
    free(warnings);
    libxl_cfg_free(cfg);
    libxl_cfg_free(back);
}

static void read_xml(const char *xml, const char *expected_warnings, const char *expected_faults)
{
    char *warnings = NULL;
    size_t len;
    FILE *f = open_memstream(&warnings, &len);
    libxl_cfg *cfg = xml_read_text("test.xml", xml, strlen(xml), f);
    libxl_domain_config c;

    fclose(f);
    assert_string_equal(warnings, expected_warnings);
    free(warnings);
    if (!expected_faults) {
        assert_null(cfg);
        return;
    }
    libxl_domain_config_init(&c);
    libxl_cfg_to_domain_config(cfg, &c);
    expect_faults_of(cfg, expected_faults);
    libxl_domain_config_dispose(&c);
    libxl_cfg_free(cfg);
}

static void test_xml_warnings_and_faults(void **state)
{
    read_xml("<domain type='xen'>\n<name>a</name>\n<frob><x/></frob>\n<os speed='1'/>\n</domain>",
             "test.xml:3: <frob>: has no counterpart here and is left out\n"
             "test.xml:4: <os>: its speed has no counterpart here and is left out\n",
             "");
    read_xml("<domain type='xen'><name>a</name>\n<memory "
             "unit='furlong'>5</memory>\n<vcpu>many</vcpu></domain>",
             "",
             "test.xml:2: <memory>: there is no unit 'furlong'\n"
             "test.xml:3: <vcpu>: 'many' is no number from 0 to 4096\n");
    read_xml("<domain><name>a</name><devices>\n<disk type='file' device='floppy'>\n<source "
             "file='/f'/></disk>"
             "</devices></domain>",
             "test.xml:2: <disk>: 'floppy' has no counterpart here and is left out\n",
             "test.xml:2: disk[0]: \"access=rw,target=/f\" names no vdev (for instance xvda)\n");
    read_xml("<network/>", "test.xml:1: <network> should be libvirt's <domain>\n", NULL);
    read_xml("<domain type='xen'><name>a</name><memory unit='bytes'>1500000</memory></domain>",
             "test.xml:1: 1464 KiB are made whole MiB\n", "");
}

static void test_native_vocabulary(void **state)
{
    libxl_cfg
        *cfg = parse(
            "{ \"c_info\": { \"name\": \"g\", \"type\": \"pvh\" },\n"
            "\"b_info\": { \"kernel\": \"/k\", \"max_memkb\": 262144, \"target_memkb\": 262144,\n"
            "\"max_vcpus\": 1 } }"),
        *translated;

    assert_true(config_is_native(cfg));
    translated = config_to_xlcfg(cfg);
    assert_non_null(translated);
    expect_faults_of(translated, "");
    assert_false(config_is_native(translated));
    config_override(translated, "memory=300");
    assert_int_equal(get(translated, "memory")->i, 300);
    libxl_cfg_free(cfg);
    libxl_cfg_free(translated);
}

static bool has_key(const char *key)
{
    for (const libxl_cfg_key *k = libxl_cfg_keys(); k->key; k++)
        if (!strcmp(k->key, key))
            return true;
    return false;
}

/* xl.cfg(5) has every key with its type, and no other. */
static void test_manual_has_the_keys(void **state)
{
    FILE *f = fopen("docs/man/xl.cfg.5", "re");
    char line[256], key[64];
    int found = 0, keys = 0;

    assert_non_null(f);
    while (fgets(line, sizeof(line), f)) {
        if (sscanf(line, ".It Cm %63s Pq", key) != 1)
            continue;
        if (!has_key(key))
            fail_msg("xl.cfg(5) describes %s, which does not exist", key);
        found++;
    }
    fclose(f);
    while (libxl_cfg_keys()[keys].key)
        keys++;
    assert_int_equal(found, keys);
}

/* From a real file, with settings: what xl create does. */
static void test_read(void **state)
{
    char path[] = "/tmp/xl_config_test.XXXXXX",
         *settings[] = {(char *)"memory=300", (char *)"name=x1"};
    int fd = mkstemp(path);
    libxl_domain_config c;

    assert_true(fd >= 0);
    assert_int_equal(write(fd, "name='a'; memory=100\n", 21), 21);
    close(fd);
    libxl_domain_config_init(&c);
    assert_int_equal(config_read(path, settings, 2, &c), 0);
    assert_string_equal(c.c_info.name, "x1");
    assert_int_equal(c.b_info.target_memkb, 300 << 10);
    libxl_domain_config_dispose(&c);
    unlink(path);
    libxl_domain_config_init(&c);
    assert_int_equal(config_read("/nonexistent/file", NULL, 0, &c), -1);
    libxl_domain_config_dispose(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_strings),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_syntax_faults),
        cmocka_unit_test(test_all_faults_are_named),
        cmocka_unit_test(test_no_text),
        cmocka_unit_test(test_xml_is_recognised),
        cmocka_unit_test(test_deep_nesting_is_refused),
        cmocka_unit_test(test_settings_on_the_command_line),
        cmocka_unit_test(test_wrong_settings_are_named),
        cmocka_unit_test(test_text_and_json_agree),
        cmocka_unit_test(test_devices_as_objects),
        cmocka_unit_test(test_round_trips),
        cmocka_unit_test(test_hvm_through_xml),
        cmocka_unit_test(test_xml_names_what_it_cannot_say),
        cmocka_unit_test(test_xml_warnings_and_faults),
        cmocka_unit_test(test_native_vocabulary),
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_manual_has_the_keys),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
