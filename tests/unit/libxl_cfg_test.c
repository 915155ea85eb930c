/* SPDX-License-Identifier: GPL-2.0-only */
/* xl.cfg's vocabulary: keys to configuration and back, short forms of disks, cards and CPU lists.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libxl_cfg.h>
#include <libxl_utils.h>

static libxl_cfg *read_json(const char *json, libxl_domain_config *c, int want)
{
    libxl_cfg *cfg = libxl_cfg_parse_json("guest.json", json, strlen(json));

    libxl_domain_config_init(c);
    if (libxl_cfg_to_domain_config(cfg, c) != want) {
        libxl_cfg_print_faults(cfg, stderr);
        fail();
    }
    return cfg;
}

static const char full[] =
    "{ \"name\": \"web\", \"type\": \"pvh\", \"kernel\": \"/boot/vmlinuz\", \"ramdisk\": \"/i\",\n"
    "  \"root\": \"/dev/xvda1\", \"extra\": \"quiet\", \"memory\": 512, \"maxmem\": \"1024\",\n"
    "  \"vcpus\": 2, \"maxvcpus\": 4, \"cpus\": \"0-2,^1\", \"cpu_weight\": 512,\n"
    "  \"disk\": [ \"phy:/dev/vg/root,xvda,w\", { \"vdev\": \"xvdb\", \"pdev_path\": \"/x\" } ],\n"
    "  \"vif\": [ \"mac=00:16:3e:01:02:03, bridge=br1\", \"\" ],\n"
    "  \"on_crash\": \"rename-restart\", \"acpi\": 1, \"hap\": true, \"cpuid\": \"host,avx2=0\",\n"
    "  \"uuid\": \"01234567-89ab-cdef-0123-456789abcdef\" }";

static void check_full(const libxl_domain_config *c)
{
    assert_string_equal(c->c_info.name, "web");
    assert_int_equal(c->c_info.type, LIBXL_DOMAIN_TYPE_PVH);
    assert_int_equal(c->b_info.type, LIBXL_DOMAIN_TYPE_PVH);
    assert_string_equal(c->b_info.cmdline, "root=/dev/xvda1 quiet");
    assert_int_equal(c->b_info.target_memkb, 512 * 1024);
    assert_int_equal(c->b_info.max_memkb, 1024 * 1024);
    assert_int_equal(c->b_info.max_vcpus, 4);
    assert_int_equal(libxl_bitmap_count_set(&c->b_info.avail_vcpus), 2);
    assert_int_equal(c->b_info.num_vcpu_hard_affinity, 4);
    assert_true(libxl_bitmap_test(&c->b_info.vcpu_hard_affinity[3], 2));
    assert_false(libxl_bitmap_test(&c->b_info.vcpu_hard_affinity[3], 1));
    assert_int_equal(c->b_info.sched_params.weight, 512);
    assert_int_equal(c->num_disks, 2);
    assert_string_equal(c->disks[0].pdev_path, "/dev/vg/root");
    assert_string_equal(c->disks[0].vdev, "xvda");
    assert_true(c->disks[0].readwrite);
    assert_int_equal(c->disks[0].backend, LIBXL_DISK_BACKEND_PHY);
    assert_string_equal(c->disks[1].vdev, "xvdb");
    assert_int_equal(c->num_nics, 2);
    assert_string_equal(c->nics[0].bridge, "br1");
    assert_int_equal(c->nics[0].mac[5], 3);
    assert_int_equal(c->on_crash, LIBXL_ACTION_ON_SHUTDOWN_RESTART_RENAME);
    assert_true(libxl_defbool_val(c->b_info.acpi));
    assert_true(libxl_defbool_val(c->c_info.hap));
    assert_int_equal(libxl_cpuid_policy_list_length(&c->b_info.cpuid), 1);
}

static void test_keys(void **state)
{
    libxl_domain_config c;
    libxl_cfg *cfg = read_json(full, &c, 0);

    check_full(&c);
    libxl_domain_config_dispose(&c);
    libxl_cfg_free(cfg);
}

/* Configuration to tree to configuration loses nothing that the vocabulary can say. */
static void test_back(void **state)
{
    libxl_domain_config c, d;
    libxl_cfg *cfg = read_json(full, &c, 0), *tree = libxl_cfg_from_domain_config(&c, "out");
    char *json = libxl_cfg_to_json(tree);

    if (libxl_cfg_fault_count(tree)) {
        libxl_cfg_print_faults(tree, stderr);
        fail();
    }
    libxl_cfg_free(cfg);
    cfg = read_json(json, &d, 0);
    check_full(&d);
    free(json);
    libxl_cfg_free(cfg);
    libxl_cfg_free(tree);
    libxl_domain_config_dispose(&c);
    libxl_domain_config_dispose(&d);
}

static void test_losses_are_told(void **state)
{
    libxl_domain_config c;
    libxl_cfg *cfg = read_json(full, &c, 0), *tree;

    libxl_cfg_free(cfg);
    c.num_p9s = 1;
    c.p9s = calloc(1, sizeof(*c.p9s));
    libxl_device_p9_init(&c.p9s[0]);
    tree = libxl_cfg_from_domain_config(&c, "out");
    assert_int_equal(libxl_cfg_fault_count(tree), 1);
    assert_non_null(strstr(libxl_cfg_fault_get(tree, 0)->problem, "p9s"));
    libxl_cfg_free(tree);
    libxl_domain_config_dispose(&c);
}

static void expect_fault(const char *json, unsigned int line, const char *key, const char *part)
{
    libxl_domain_config c;
    libxl_cfg *cfg = read_json(json, &c, ERROR_INVAL);
    const libxl_cfg_fault_info *f = libxl_cfg_fault_get(cfg, 0);

    assert_int_equal(f->line, line);
    assert_string_equal(f->key, key);
    if (!strstr(f->problem, part)) {
        print_error("%s\n", f->problem);
        fail();
    }
    libxl_domain_config_dispose(&c);
    libxl_cfg_free(cfg);
}

static void test_faults(void **state)
{
    expect_fault("{ \"name\": \"a\",\n\"memroy\": 5 }", 2, "memroy", "did you mean memory?");
    expect_fault("{ \"name\": \"a\",\n\"memory\": \"lots\" }", 2, "memory", "is a string");
    expect_fault("{ \"memory\": 5 }", 0, "", "name is missing");
    expect_fault("{ \"name\": \"a\", \"vcpus\": 0 }", 1, "vcpus", "from 1");
    expect_fault("{ \"name\": \"a\", \"vcpus\": 4, \"maxvcpus\": 2 }", 1, "maxvcpus", "less than");
    expect_fault("{ \"name\": \"a\", \"memory\": 4, \"maxmem\": 2 }", 1, "maxmem", "less than");
    expect_fault("{ \"name\": \"a\", \"disk\": [\n\"/x,xvda,q\" ] }", 2, "disk[0]", "access");
    expect_fault("{ \"name\": \"a\", \"disk\": \"/x\" }", 1, "disk", "list");
    expect_fault("{ \"name\": \"a\", \"vif\": [ \"mca=1\" ] }", 1, "vif[0]", "has no \"mca\"");
    expect_fault("{ \"name\": \"a\", \"vnc\": 1 }", 1, "vnc", "no meaning for a pvh guest");
    expect_fault("{ \"name\": \"a\", \"type\": \"xen\" }", 1, "type", "pvh, hvm or pv");
    expect_fault("{ \"name\": \"a\", \"cpus\": \"3-1\" }", 1, "cpus", "range");
    expect_fault("{ \"name\": \"a\", \"cpuid\": \"host,foo=1\" }", 1, "cpuid", "known features");
    expect_fault("{ \"name\": \"a\", \"on_crash\": \"dance\" }", 1, "on_crash", "preserve");
    expect_fault("{ \"name\": \"a\", \"memory\": 9007199254740993 }", 1, "memory", "out of range");
}

static void test_hvm_keys(void **state)
{
    libxl_domain_config c;
    libxl_cfg *cfg = read_json("{ \"name\": \"a\", \"vnc\": 1, \"boot\": \"dc\", \"builder\": "
                               "\"hvm\", \"serial\": \"pty\", \"bios\": \"ovmf\" }",
                               &c, 0);

    assert_true(libxl_defbool_val(c.b_info.u.hvm.vnc.enable));
    assert_string_equal(c.b_info.u.hvm.boot, "dc");
    assert_string_equal(c.b_info.u.hvm.serial_list[0], "pty");
    assert_int_equal(c.b_info.u.hvm.bios, LIBXL_BIOS_TYPE_OVMF);
    libxl_domain_config_dispose(&c);
    libxl_cfg_free(cfg);
}

static void test_disks(void **state)
{
    static const struct {
        const char *spec, *target, *vdev;
        int rw, cdrom, format, rc;
    } cases[] = {
        {"/dev/a,raw,xvda,rw", "/dev/a", "xvda", 1, 0, LIBXL_DISK_FORMAT_RAW, 0},
        {"/dev/a,,xvda", "/dev/a", "xvda", 1, 0, 0, 0},
        {"file:/a b.img,hda,r", "/a b.img", "hda", 0, 0, LIBXL_DISK_FORMAT_RAW, 0},
        {"phy:/dev/x,hdc:cdrom,r", "/dev/x", "hdc", 0, 1, LIBXL_DISK_FORMAT_RAW, 0},
        {"vdev=xvdb, access=ro, target=/a,b=c", "/a,b=c", "xvdb", 0, 0, 0, 0},
        {"/a=b.img,qcow2,xvda,w", "/a=b.img", "xvda", 1, 0, LIBXL_DISK_FORMAT_QCOW2, 0},
        {"vdev=hdc,cdrom", NULL, "hdc", 0, 1, LIBXL_DISK_FORMAT_EMPTY, 0},
        {"/dev/a", NULL, NULL, 0, 0, 0, ERROR_INVAL},
        {"/dev/a,xvd0", NULL, NULL, 0, 0, 0, ERROR_INVAL},
        {"/dev/a,xvda,w,extra", NULL, NULL, 0, 0, 0, ERROR_INVAL},
        {"vdev=xvda,colour=red", NULL, NULL, 0, 0, 0, ERROR_INVAL},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        libxl_device_disk d;
        char *problem;

        libxl_device_disk_init(&d);
        assert_int_equal(libxl_disk_parse(cases[i].spec, &d, &problem), cases[i].rc);
        assert_int_equal(problem != NULL, cases[i].rc != 0);
        if (!cases[i].rc) {
            if (cases[i].target)
                assert_string_equal(d.pdev_path, cases[i].target);
            assert_string_equal(d.vdev, cases[i].vdev);
            assert_int_equal(d.readwrite, cases[i].rw);
            assert_int_equal(d.is_cdrom, cases[i].cdrom);
            assert_int_equal(d.format, cases[i].format);
        }
        free(problem);
        libxl_device_disk_dispose(&d);
    }
}

static void test_vdevs(void **state)
{
    static const struct {
        const char *name;
        int id;
    } cases[] = {
        {"xvda", 51712},
        {"xvda1", 51713},
        {"xvdb", 51728},
        {"xvdp15", 51967},
        {"xvdq", 1 << 28 | 16 << 8},
        {"xvdaa1", 1 << 28 | 26 << 8 | 1},
        {"hda", 768},
        {"hdb1", 833},
        {"hdc", 5632},
        {"sda", 2048},
        {"sdb3", 2067},
        {"xvd", -1},
        {"xvda0", -1},
        {"hde", -1},
        {"vda", -1},
        {"sda16", -1},
        {"xvda1x", -1},
        {"", -1},
        {"xvdaaaaaaaaaaaaaaaa", -1},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(libxl_device_disk_vdev_to_devid(cases[i].name), cases[i].id);
}

static void test_nic_rate(void **state)
{
    libxl_device_nic n;
    char *problem;

    libxl_device_nic_init(&n);
    assert_int_equal(libxl_nic_parse("rate=10Mb/s@20ms,type=vif,mtu=9000", &n, &problem), 0);
    assert_int_equal(n.rate_interval_usecs, 20000);
    assert_int_equal(n.rate_bytes_per_interval, 25000);
    assert_int_equal(n.mtu, 9000);
    assert_int_equal(libxl_nic_parse("rate=fast", &n, &problem), ERROR_INVAL);
    free(problem);
    libxl_device_nic_dispose(&n);
}

static void test_cpulists(void **state)
{
    static const struct {
        const char *spec;
        int nr;
        const char *hex; /* NULL: refused */
    } cases[] = {
        {"0-3,^2", 8, "0x0b"},  {"^1", 4, "0x0d"},     {"all", 4, "0x0f"},   {"5", 0, "0x20"},
        {" 1 , 3 ", 8, "0x0a"}, {"all,^0", 4, "0x0e"}, {"", 4, NULL},        {"x", 4, NULL},
        {"1-", 4, NULL},        {"^0", 1, NULL},       {"nodes:0", 4, NULL}, {"70000", 4, NULL},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        libxl_bitmap map;
        char *problem, *hex;
        int rc = libxl_cpulist_parse(NULL, cases[i].spec, cases[i].nr, &map, &problem);

        assert_int_equal(rc, cases[i].hex ? 0 : ERROR_INVAL);
        if (!rc) {
            hex = libxl_bitmap_to_hex_string(NULL, &map);
            assert_string_equal(hex, cases[i].hex);
            free(hex);
            libxl_bitmap_dispose(&map);
        }
        free(problem);
    }
}

static void test_overrides(void **state)
{
    libxl_cfg *cfg = libxl_cfg_new("x");
    libxl_cfg_node *root = libxl_cfg_root(cfg);

    libxl_cfg_add_int(cfg, root, "memory", 5, 1);
    libxl_cfg_add_string(cfg, root, "name", "a", 2);
    libxl_cfg_remove(root, "name");
    libxl_cfg_remove(root, "nothing");
    libxl_cfg_add_string(cfg, root, "name", "b", 0);
    assert_int_equal(libxl_cfg_fault_count(cfg), 0);
    assert_string_equal(libxl_cfg_get(root, "name")->s, "b");
    libxl_cfg_remove(root, "memory");
    libxl_cfg_remove(root, "name");
    assert_null(root->first);
    assert_null(root->last);
    libxl_cfg_free(cfg);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_back),
        cmocka_unit_test(test_losses_are_told),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_hvm_keys),
        cmocka_unit_test(test_disks),
        cmocka_unit_test(test_vdevs),
        cmocka_unit_test(test_nic_rate),
        cmocka_unit_test(test_cpulists),
        cmocka_unit_test(test_overrides),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
